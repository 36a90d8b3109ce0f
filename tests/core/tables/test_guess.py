"""Proposed mappings: right on plain headers, modest on strange ones."""

import csv
import io

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from hatchline.core.tables.extract import extract
from hatchline.core.tables.guess import propose
from hatchline.core.tables.mapping import from_yaml
from hatchline.core.tables.reading import open_table
from hatchline.core.tables.rows import Row
from hatchline.journeys.imports import lifefields
from tests.core.tables.targets import INSTITUTIONS, ORGANISATIONS
from tests.core.tables.test_extract import most_list
from tests.realdata import real


def guess(data, fields=INSTITUTIONS):
    with open_table(data.encode() if isinstance(data, str) else data) as table:
        return propose(table.rows(), "institutions", fields)


def fields_of(proposal):
    return {one.header: one.field for one in proposal.columns if one.field}


def test_chinese_headers_with_units_below_a_title():
    text = (
        "某区孵化机构一览表,,,,,,\n填报时间,2015-01-05,,,,,\n序号,机构名称*,所在区县,孵化面积（亩）,成立时间,总收入（千元）,官方网址\n"
        "1,甲孵化器,朝阳区,12,2014年6月,300,www.a.cn\n2,乙孵化器,海淀区,8,2013,250,www.b.cn\n3,丙孵化器,朝阳区,5,2012年,100,www.c.cn\n"
    )
    found = guess(text)
    assert found.header.number == 3 and found.is_complete
    assert fields_of(found) == {
        "机构名称*": "name", "所在区县": "territory", "孵化面积（亩）": "area", "成立时间": "opened",
        "总收入（千元）": "income", "官方网址": "website",
    }  # fmt: skip
    assert {rule.field: rule.unit for rule in found.mapping.rules if rule.unit} == {"area": "亩", "income": "千元"}
    name = next(one for one in found.columns if one.field == "name")
    assert name.samples == ("甲孵化器", "乙孵化器", "丙孵化器") and name.confidence > 0.9 and name.why == "header"
    assert from_yaml(found.mapping.to_yaml(), INSTITUTIONS) == found.mapping


def test_english_headers_types_and_date_order():
    text = (
        "Organisation,Types,Lat,Lon,URL,Opened\nX,Company|Funder,51.5,-0.1,http://x.org,25/12/2014\n"
        "Y,Company,52.1,-1.2,http://y.org,03/04/2014\nZ,Funder,53.0,-2.0,http://z.org,04/05/2013\n"
    )
    found = guess(text, [*ORGANISATIONS, INSTITUTIONS[12]])
    assert fields_of(found) == {
        "Organisation": "name", "Types": "types", "Lat": "latitude", "Lon": "longitude", "URL": "website",
        "Opened": "opened",
    }  # fmt: skip
    split = next(rule for rule in found.mapping.rules if rule.field == "types").split
    assert "|" in split and ";" in split and "/" not in split  # "University / RTO" is one word
    assert found.mapping.source.date_order == "dmy"


def test_content_tells_where_headers_do_not():
    text = (
        "名称,col7,col8\n甲,121200004013590816,a@example.cn\n"
        "乙,91152201078377449P,b@example.cn\n丙,121200004013590816,c@example.cn\n"
    )
    found = guess(text)
    assert fields_of(found) == {"名称": "name", "col7": "operator_credit_code", "col8": "email"}
    assert {one.why for one in found.columns if one.header.startswith("col")} == {"content"}
    assert all(one.confidence < 0.7 for one in found.columns if one.header.startswith("col"))


def test_a_header_that_its_content_contradicts_is_doubted():
    found = guess("名称,纬度\n甲,朝阳\n乙,海淀\n丙,西城\n")
    (latitude,) = [one for one in found.columns if one.header == "纬度"]
    assert latitude.field == "" and latitude.others[0][0] == "latitude" and latitude.others[0][1] < 0.5


def test_other_languages_and_decimal_commas():
    text = (
        "Nom;Ville;Code postal;Latitude;Longitude;Site web\nPépinière Créatis;Paris;75001;48,86;2,34;www.creatis.fr\n"
        "Le Village;Lyon;69001;45,76;4,83;https://village.fr\nCoque;Lille;59000;50,63;3,06;coque.fr\n"
    )
    found = guess(text.encode("cp1252"), ORGANISATIONS)
    assert fields_of(found) == {
        "Nom": "name", "Ville": "territory", "Code postal": "postcode", "Latitude": "latitude",
        "Longitude": "longitude", "Site web": "website",
    }  # fmt: skip
    assert found.mapping.source.decimal_comma
    with open_table(text.encode("cp1252")) as table:
        first = next(iter(extract(table.rows(), found.mapping, ORGANISATIONS)))
    assert (str(first.values["latitude"]), first.status) == ("48.86", "ready")


def test_a_field_of_many_takes_several_columns():
    found = guess("名称,省份,所在区县\n甲,北京,朝阳区\n乙,北京,海淀区\n丙,天津,滨海新区\n")
    assert fields_of(found) == {"名称": "name", "省份": "territory", "所在区县": "territory"}


def test_the_official_layout_is_understood_without_help():
    found = guess(most_list())
    assert found.mapping.source.sub_headers is not None
    assert {rule.field: rule.carry for rule in found.mapping.rules} == {"name": "no", "territory": "merged"}
    with open_table(most_list()) as table:
        records = list(extract(table.rows(), found.mapping, INSTITUTIONS))
    assert [one.values["name"] for one in records if one.status == "ready"] == ["甲孵化器", "乙孵化器", "丙孵化器"]


def carries(data, fields=INSTITUTIONS):
    return {rule.field: rule.carry for rule in guess(data, fields).mapping.rules if rule.carry != "no"}


REGIONS = "地区,名称,类型\n北京,甲,孵化器\n,乙,孵化器\n,丙,众创空间\n天津,丁,孵化器\n,戊,孵化器\n上海,己,孵化器\n"


def test_labels_that_each_head_a_group_are_carried_down():
    assert carries(REGIONS) == {"territory": "blank"}
    assert carries(REGIONS + "合计,6家,\n") == {"territory": "blank"}


@pytest.mark.parametrize(
    "text",
    [
        "成立时间,名称\n2010,甲\n,乙\n,丙\n2012,丁\n,戊\n2013,己\n",  # years left of the names
        "面积,名称\n100,甲\n,乙\n,丙\n200,丁\n,戊\n",
        "名称,地区\n甲,北京\n乙,\n丙,\n丁,天津\n戊,\n",  # to the right: one cell left empty, not a group
        "地区,名称\n北京,甲\n,乙\n天津,丙\n,丁\n北京,戊\n,己\n",  # comes again: marks rows
        "地区,名称\n,甲\n北京,乙\n,丙\n天津,丁\n,戊\n",  # whose is the first?
        "地区,名称\n北京,甲\n天津,乙\n上海,丙\n,丁\n,戊\n,己\n",  # filled and then given up
    ],
)
def test_what_only_looks_empty_is_never_filled_by_a_guess(text):
    assert carries(text) == {}


def test_a_merged_number_may_be_a_sum_and_is_not_carried():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["地区", "名称", "场地面积", "成立时间"])
    for row, name in enumerate("甲乙丙丁", start=1):
        sheet.write(row, 1, name)
    sheet.merge_range(1, 0, 2, 0, "北京")
    sheet.merge_range(3, 0, 4, 0, "天津")
    sheet.merge_range(1, 2, 4, 2, 1200)
    sheet.merge_range(1, 3, 4, 3, 2010)
    book.close()
    assert carries(out.getvalue()) == {"territory": "merged"}


def test_no_blank_year_of_a_real_list_gets_a_year_by_guess():
    content = real("yc_2005_2014_startups.csv").read_bytes()
    found = guess(content, lifefields.venture_fields())
    assert fields_of(found)["Year Founded"] == "founded"
    assert all(rule.carry == "no" for rule in found.mapping.rules)
    stated = {row["Company"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"))) if row["Year Founded"]}
    with open_table(content) as table:
        records = list(extract(table.rows(), found.mapping, lifefields.venture_fields()))
    with_year = [one for one in records if "founded" in one.values]
    assert len(records) == 688 and 688 - len(with_year) == 537
    assert {one.values["name"] for one in with_year} <= stated
    assert not any(one.skipped or one.borrowed for one in records)


def test_two_line_headers_keep_both_names():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.merge_range(0, 0, 1, 0, "机构名称")
    sheet.merge_range(0, 1, 0, 2, "规模")
    sheet.write_row(1, 1, ["场地面积", "在孵企业数"])
    for row, cells in enumerate([["甲", 1200, 30], ["乙", 800, 12], ["丙", 500, 9]], start=2):
        sheet.write_row(row, 0, cells)
    book.close()
    found = guess(out.getvalue())
    assert found.header.number == 2
    assert fields_of(found) == {"机构名称": "name", "场地面积": "area", "在孵企业数": "tenants"}


def test_missing_required_fields_are_told():
    found = guess("颜色,形状\n红,圆\n绿,方\n蓝,长\n")
    assert found.missing == ("name",) and not found.is_complete


@pytest.mark.parametrize("rows", [[], [Row("s", 1, ())], [Row("s", 1, ("",))], [Row("s", 1, ("a",))]])
def test_hardly_any_rows(rows):
    assert propose(rows, "institutions", INSTITUTIONS).missing == ("name",)


@given(st.lists(st.lists(st.one_of(st.text(max_size=8), st.floats(), st.dates()), max_size=6), max_size=6))
def test_any_rows_give_a_proposal(table):
    found = propose(
        [Row("s", number, tuple(cells)) for number, cells in enumerate(table, 1)], "institutions", INSTITUTIONS
    )
    assert all(0 <= one.confidence <= 1 for one in found.columns)

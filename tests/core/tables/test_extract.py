"""From rows to records: each row gives one record that says what became of it."""

import io
import re
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from hatchline.core.tables.extract import extract
from hatchline.core.tables.mapping import from_yaml
from hatchline.core.tables.problems import Problem, UnableToExtract
from hatchline.core.tables.reading import open_table
from hatchline.core.tables.rows import Row
from tests.core.tables.targets import INSTITUTIONS


def run(data, columns, source="{}", more="", fields=INSTITUTIONS):
    """Records of a CSV text or of workbook bytes, under a mapping written short."""
    mapping = from_yaml(f"target: institutions\nsource: {source}\n{more}\ncolumns:\n{columns}", fields)
    with open_table(data.encode() if isinstance(data, str) else data) as table:
        found = extract(table.rows(), mapping, fields, excel_epoch=table.excel_epoch)
        return list(found), found


def values(data, columns, **options):
    return [dict(record.values) for record in run(data, columns, **options)[0]]


def problems(data, columns, **options):
    return [(one.column, one.row, one.code) for record in run(data, columns, **options)[0] for one in record.problems]


NAME = "- {column: name, field: name}\n"


def test_types_and_units():
    text = 'name,area,lat,url,n,yes,income\n甲,1.5,39°54′N,www.example.cn,"1,200",是,300\n'
    columns = NAME + (
        "- {column: area, field: area, unit: 亩}\n- {column: lat, field: latitude}\n- {column: url, field: website}\n"
        "- {column: n, field: tenants}\n- {column: yes, field: is_public}\n"
        "- {column: income, field: income, unit: 千元}\n"
    )
    (found,) = values(text, columns)
    assert found["area"] == 1000
    assert found["latitude"] == Decimal("39.9")
    assert found["website"] == "http://www.example.cn"
    assert found["tenants"] == 1200 and found["is_public"] is True
    assert found["income"].single.amount == 300_000


def test_a_unit_in_the_cell_beats_the_columns_and_a_forgotten_one_is_warned_of():
    columns = NAME + "- {column: 面积（亩）, field: area}\n"
    records, found = run("name,面积（亩）\n甲,1200㎡\n乙,2亩\n", columns)
    assert [one.code for one in found.problems] == ["table.unit_in_header"]
    assert records[0].values["area"] == 1200
    assert records[1].values["area"] == Decimal("1333.33")


def test_a_unit_over_the_table_is_warned_of_until_the_mapping_says_which():
    text = "2016年统计表,,\n金额单位：千元、人,,\nname,area,income\n甲,12,300\n"
    columns = NAME + "- {column: area, field: area}\n- {column: income, field: income%s}\n"
    _records, found = run(text, columns % "", source="{header_row: 3}")
    assert [(one.code, one.column, one.params["unit"]) for one in found.problems] == [("table.unit_above", "C", "千元")]
    _records, found = run(text, columns % ", unit: 元", source="{header_row: 3}")
    assert found.problems == ()


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("area", "-5", "number.negative"), ("area", "很大", "number.not_a_number"), ("area", "1,5",
        "number.separators"),
        ("tenants", "2.5", "number.not_whole"), ("latitude", "239.9", "coordinate.out_of_range"), ("kinds", "孵化圈",
        "choice.unknown"),
        ("opened", "3013", "date.year_out_of_range"), ("opened", "2014-02-30", "date.no_such_day"), ("opened",
        "03/04/2014", "date.order_unclear"),
        ("website", "没有网站哦", "url.not_an_address"), ("email", "a@b", "email.not_an_address"), ("phone",
        "call me", "phone.not_a_number"),
        ("operator_credit_code", "12345", "credit_code.length"), ("operator_credit_code", "91110105MA0OOOOO0X",
        "credit_code.characters"),
        ("operator_credit_code", "9.1110105E+17", "credit_code.lost_digits"), ("income", "5%", "money.not_money"),
        ("income", "300万, 200万", "money.several"), ("is_public", "也许", "bool.unclear"),
    ],
)  # fmt: skip
def test_bad_cells_reject_the_row_and_name_the_cell(column, value, code):
    records, _ = run(f'name,x\n甲,"{value}"\n', NAME + f"- {{column: x, field: {column}}}\n")
    (record,) = records
    assert record.status == "rejected"
    (problem,) = record.problems
    assert (problem.code, problem.row, problem.column, problem.header, problem.value) == (code, 2, "B", "x", value)
    for language in ("zh", "en"):
        assert problem.sentence(language) != code and "?" not in problem.sentence(language).replace("？", "")
        assert problem.advice(language) and problem.full(language)
    assert Problem.load(problem.dump()) == problem


def test_decimal_commas_are_read_where_the_mapping_says_so():
    columns = NAME + "- {column: lat, field: latitude}\n- {column: a, field: area}\n- {column: m, field: income}\n"
    text = "name;lat;a;m\n甲;48,86;1.200,5;1.500,25\n"
    (found,) = values(text, columns, source="{decimal_comma: true}")
    assert (str(found["latitude"]), str(found["area"])) == ("48.86", "1200.5")
    assert str(found["income"].single.amount) == "1500.25" and found["income"].text == "1.500,25"
    assert ("B", 2, "number.separators") in problems(text, columns)


def test_a_wrong_check_digit_only_warns():
    (record,), _ = run("name,x\n甲,121200004013590810\n", NAME + "- {column: x, field: operator_credit_code}\n")
    assert record.status == "ready" and record.values["operator_credit_code"] == "121200004013590810"
    assert [(one.severity, one.code) for one in record.problems] == [("warning", "credit_code.check_digit")]
    (record,), _ = run("name,x\n甲,121200004013590816\n", NAME + "- {column: x, field: operator_credit_code}\n")
    assert record.problems == ()


def test_unknown_and_blank_cells_state_nothing():
    columns = NAME + "- {column: a, field: area}\n- {column: m, field: income}\n- {column: d, field: opened}\n"
    first, second = values("name,a,m,d\n甲,,,\n乙,-,未披露,不详\n", columns)
    assert first == {"name": "甲"}
    assert second["income"].is_unknown and second["opened"].precision == "unknown"
    assert "area" not in second


def test_an_end_before_its_beginning():
    columns = NAME + "- {column: a, field: opened}\n- {column: b, field: closed}\n"
    assert problems("name,a,b\n甲,2014-06,2013\n乙,2014,2014-01-01\n丙,2014,\n", columns) == [
        ("C", 2, "date.before_start")
    ]


def test_required_fields_and_long_names():
    assert problems("name,x\n,1\n", NAME) == [("A", 2, "field.required")]
    assert problems(f"name,x\n{'孵' * 201},1\n", NAME) == [("A", 2, "text.too_long")]


def test_names_of_any_kind_stay_what_they_are():
    names = ["🚀" * 40, "Robert'); DROP TABLE institutions;--", "<script>alert(1)</script>", "=1+1", "Ａ１　园"]
    text = "name,x\n" + "".join(f'"{name}",\n' for name in names)
    assert [one["name"] for one in values(text, NAME)] == names


def test_value_tables_and_what_is_done_with_other_words():
    text = "name,k\n甲,Incubator\n乙,Company\n丙,Circus\n"
    rule = "- {{column: k, field: kinds, values: {{incubator: incubator, company: null}}, otherwise: {0}}}\n"
    assert [one.get("kinds") for one in values(text, NAME + rule.format("ignore"))] == [("incubator",), None, None]
    assert problems(text, NAME + rule.format("reject")) == [("B", 4, "value.not_in_table")]
    assert [one.get("kinds") for one in values(text, NAME + rule.format("{default: makerspace}"))] == [
        ("incubator",),
        None,
        ("makerspace",),
    ]
    assert problems(text, NAME + rule.format("keep")) == [("B", 4, "choice.unknown")]


def test_several_values_in_one_cell_and_several_columns_in_one_field():
    columns = (
        NAME
        + "- {column: k, field: kinds, split: ['、', '|']}\n- {column: p, field: territory}\n"
        + "- {column: c, field: territory}\n"
    )
    (found,) = values("name,k,p,c\n甲,孵化器、众创空间|孵化器,北京,朝阳区\n", columns)
    assert found["kinds"] == ("incubator", "makerspace")
    assert found["territory"] == ("北京", "朝阳区")


def test_one_column_into_two_fields_and_two_into_one():
    columns = (
        "- {columns: [a, b], join: '·', field: name}\n- {column: t, pattern: '^(?P<opened>.+?)至(?P<closed>.+)$'}\n"
    )
    records, _ = run("a,b,t\n甲,园,2014年6月至2016年\n乙,,随便\n", columns)
    assert records[0].values["name"] == "甲·园"
    assert (records[0].values["opened"].code, records[0].values["closed"].code) == ("2014-06", "2016")
    assert records[1].values["name"] == "乙" and [one.code for one in records[1].problems] == ["cell.pattern_no_match"]


def test_constants_defaults_filters_and_transforms():
    columns = (
        "- {column: name, field: name, "
        "transforms: [half_width, collapse_spaces, 'strip_suffix:有限公司|公司', upper]}\n"
        "- {column: c, field: operator, default: 自营}\n"
        "- {column: z, field: description, unknown: [略], when: [{column: c, is_blank: false}]}\n"
    )
    records, _ = run(
        "name,c,z\nａｂ　 园有限公司,,x\n乙,丙,略\n丁,戊,y\n",
        columns,
        more="constants: {country: cn}\nwhen: [{column: name, equals: 丁, not: true}]",
    )
    assert records[0].values == {"name": "AB 园", "operator": "自营", "country": "CN"}
    assert records[1].values == {"name": "乙", "operator": "丙", "country": "CN"}
    assert (records[2].status, records[2].skipped) == ("skipped", "when")


def test_missing_columns_offer_the_nearest():
    with pytest.raises(UnableToExtract) as caught:
        run("机构名,地区\n甲,x\n", "- {column: 机构名称, field: name}\n- {column: 地区, field: territory}\n")
    (problem,) = caught.value.problems
    assert (problem.code, problem.params["nearest"]) == ("table.no_such_column", "机构名")
    with pytest.raises(UnableToExtract):
        run("a,b\n1,2\n", NAME, source="{header_row: 9}")


def test_header_below_titles_letters_doubles_and_no_header():
    text = "2015年度名单,,\n单位：个,,\nName*,地区,地区\n甲,北京,朝阳\n"
    columns = "- {column: name, field: name}\n- {column: 地区#2, field: territory}\n"
    records, found = run(text, columns)
    assert found.header.number == 3 and [row.number for row in found.above] == [1, 2]
    assert records[0].values == {"name": "甲", "territory": ("朝阳",)}
    assert values("甲,北京\n", "- {column: '@A', field: name}\n", source="{header_row: 0}") == [{"name": "甲"}]


def test_cells_beyond_the_header_reject_the_row():
    assert problems("name,x\n甲,1,2\n乙,1,\n", NAME) == [("C", 2, "row.beyond_header")]


def most_list():
    """The layout of the official lists: a title, merged regions, sub-header rows, the header repeated, a note."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("附件")
    sheet.merge_range(0, 0, 0, 2, "2015年度国家级科技企业孵化器名单")
    for row, cells in {
        1: ["序号", "地区", "孵化器"], 2: ["北京市（2所）"], 3: [1, "", "甲孵化器"], 4: [2, "", "乙孵化器"],
        5: ["序号", "地区", "孵化器"],
        6: ["天津市（1所）"], 7: [3, "滨海新区", "丙孵化器"], 8: [], 9: ["注：排名不分先后"],
    }.items():  # fmt: skip
        for column, cell in enumerate(cells):
            if cell != "":
                sheet.write(row, column, cell)
    sheet.merge_range(3, 1, 4, 1, "海淀区")
    book.close()
    return out.getvalue()


MOST = (
    "- {column: 孵化器, field: name}\n- {column: 地区, field: territory, carry: merged}\n",
    "{sub_headers: {field: operator, number_column: 序号}, skip_rows: ['^注']}",
)


def test_official_lists():
    records, found = run(most_list(), MOST[0], source=MOST[1])
    assert found.header.number == 2
    assert [(record.number, record.status, record.skipped) for record in records] == [
        (3, "skipped", "sub_header"), (4, "ready", ""), (5, "ready", ""), (6, "skipped", "header_again"), (7,
        "skipped", "sub_header"),
        (8, "ready", ""), (9, "skipped", "blank"), (10, "skipped", "note"),
    ]  # fmt: skip
    taken = [record.values for record in records if record.status == "ready"]
    assert [(one["name"], one["territory"], one["operator"]) for one in taken] == [
        ("甲孵化器", ("海淀区",), "北京市"), ("乙孵化器", ("海淀区",), "北京市"), ("丙孵化器", ("滨海新区",), "天津市"),
    ]  # fmt: skip


def test_blank_cells_are_carried_only_where_told():
    text = "地区,name\n北京,甲\n,乙\n上海,丙\n"
    told = NAME + "- {column: 地区, field: territory, carry: blank}\n"
    assert [one.get("territory") for one in values(text, told)] == [
        ("北京",), ("北京",), ("上海",),
    ]  # fmt: skip
    assert "territory" not in values(text, NAME + "- {column: 地区, field: territory}\n")[1]


def test_a_filled_cell_is_told_from_a_borrowed_one():
    text = "地区,name\n北京,甲\n,乙\n"
    records, _ = run(text, NAME + "- {column: 地区, field: territory, carry: blank}\n")
    assert [record.borrowed for record in records] == [frozenset(), frozenset({"territory"})]


TOTALS = {
    "合计,6家,": "total", "合 计,,1200": "total", "总计：6家,,": "total", "6,合计,1200": "total", ",小计,300": "total",
    "北京市小计,2,300": "total", "Total,,1200": "total", "Sub-total,2,": "total", "合计（6家）,,": "total",
    "注：排名不分先后,,": "note", "填表人：张三,审核人：李四,2016.1.5": "", "填表人：张三,审核人：李四,": "note",
    "Note: as of 2016,,": "note", "Sum,甲有限公司,1200": "", "合计科技,乙,1200": "", "总计,甲有限公司,1200": "",
    "注意力科技,丙,10": "", "Total,,": "total", "小计科技,,": "", "6,小计科技,300": "", "合计情况,2,300": "total",
    "合计（万元）,,300": "total", "共计家,,": "total",
}  # fmt: skip


@pytest.mark.parametrize("line", TOTALS)
def test_totals_and_notes_are_no_records_and_say_so(line):
    text = f"地区,name,area\n北京,甲,10\n{line}\n"
    columns = NAME + "- {column: 地区, field: territory}\n- {column: area, field: area}\n"
    (_first, second), found = run(text, columns)
    assert second.skipped == TOTALS[line]
    assert found.skips[TOTALS[line]] == (1 if TOTALS[line] else 0)


@pytest.mark.parametrize(
    ("line", "reason"), [("Total,2011", ""), ("Sum,", ""), ("合计,", "total"), ("小计科技,", ""), ("合计家具,2011", "")]
)
def test_a_company_may_be_called_total(line, reason):
    columns = NAME + "- {column: founded, field: opened}\n"
    assert run(f"name,founded\n甲,2010\n{line}\n", columns)[0][1].skipped == reason


def test_problems_of_reading_count_only_where_the_mapping_looks():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["name", "area", "other"])
    sheet.write_row(1, 0, ["甲"])
    sheet.write_formula(1, 1, "=1+1", None, "")
    sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    book.close()
    columns = NAME + "- {column: area, field: area}\n"
    assert problems(out.getvalue(), columns) == [("B", 2, "cell.formula_without_value")]
    assert problems(out.getvalue(), NAME) == []


def test_dates_of_a_workbook_keep_their_meaning():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["name", "opened"])
    sheet.write(1, 0, "甲")
    sheet.write_datetime(1, 1, date(2014, 6, 5), book.add_format({"num_format": "d.m.yyyy"}))
    sheet.write_row(2, 0, ["乙", 41821])
    sheet.write_row(3, 0, ["丙", 2014])
    book.close()
    found = values(out.getvalue(), NAME + "- {column: opened, field: opened}\n")
    assert [one["opened"].code for one in found] == ["2014-06-05", "2014-07-01", "2014"]


CELLS = st.one_of(
    st.text(max_size=12),
    st.integers(),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.booleans(),
    st.times(),
    st.timedeltas(),
)
EVERYTHING = from_yaml(
    "target: x\ncolumns:\n" + "".join(f"- {{column: {one.name}, field: {one.name}}}\n" for one in INSTITUTIONS)
)


@given(st.lists(st.lists(CELLS, max_size=len(INSTITUTIONS)), max_size=4))
def test_any_cells_give_one_record_each(table):
    header = Row("s", 1, tuple(one.name for one in INSTITUTIONS))
    rows = [header, *(Row("s", number, tuple(cells)) for number, cells in enumerate(table, start=2))]
    found = extract(rows, EVERYTHING, INSTITUTIONS)
    records = list(found)
    assert [record.number for record in records] == [row.number for row in rows[1:]]
    assert sum(found.counts.values()) == len(table)
    for record in records:
        assert (record.status == "rejected") == bool(record.errors)
        assert all(problem.sentence("zh") != problem.code for problem in record.problems)


def test_what_a_clerk_is_told_to_do_names_no_word_of_the_mapping_language():
    columns = NAME + "- {column: k, field: kinds}\n- {column: d, field: opened}\n"
    (first, second), _ = run("name,k,d\n甲,马戏团,03/04/2014\n乙,孵化器,5/6/14\n", columns)
    told = [one for record in (first, second) for one in record.problems]
    assert {one.code for one in told} >= {"choice.unknown", "date.order_unclear"}
    for language in ("zh", "en"):
        said = " ".join(one.full(language) for one in told)
        assert not re.search(r"[a-z]_[a-z]", said), said
    choice = next(one for one in told if one.code == "choice.unknown")
    assert "孵化器" in choice.advice("zh") and "Incubator" in choice.advice("en")

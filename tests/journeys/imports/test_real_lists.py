"""Real lists all the way in, what became of every row printed (pytest -s), and the same rows in other clothes."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlwt
from openpyxl import Workbook

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.imports import queries as imports
from hatchline.apps.indicators import queries as plan
from hatchline.apps.institutions import queries as register
from hatchline.apps.ledger import queries as ledger
from hatchline.journeys import reference
from hatchline.journeys.imports import flow
from tests.core.tables.test_reading import ods
from tests.realdata import real

pytestmark = pytest.mark.django_db

NOW = datetime(2017, 7, 18, 1, tzinfo=UTC)
MAPPINGS = Path(__file__).parents[3] / "mappings"


@pytest.fixture
def divisions():
    for _what in reference.load(district="110105", now=NOW):
        pass


def take(content: bytes, *, target: str, mapping: str = "", name: str = "list.csv"):
    """The run, done; every row's outcome is printed, and none is lost."""
    run = flow.upload(io.BytesIO(content), name=name, target=target, by=None, now=NOW)
    text = (MAPPINGS / mapping).read_text(encoding="utf-8") if mapping else flow.look(run).proposal.mapping.to_yaml()
    run = flow.map_columns(run, text, by=None, now=NOW)
    run = flow.preview(run, only_good_rows=True, by=None, now=NOW)
    run = flow.start(run, only_good_rows=True, by=None, now=NOW, in_background=False)
    run = flow.take_in(run, now=NOW)
    assert run.status == "done", run.problem
    for row in flow.told_rows(run, is_preview=False):
        said = [each["zh"] for each in row["problems"]] + [
            f"{each['label']}（{'、'.join(reason['zh'] for reason in each['reasons'])}）" for each in row["candidates"]
        ]
        print(f"{name} {row['outcome']} {row['number']} {row['label']}: {'；'.join(said)}")
    print(name, run.counts, "skipped", run.preview["skipped"])
    with flow.extraction(run, flow.target_of(target)) as records:
        read = sum(1 for _record in records)
    assert sum(run.counts.values()) + run.preview["skipped"] == read
    assert imports.rows(run).count() == sum(run.counts.values())
    return run


def chinese() -> list[list[str]]:
    """The rows of the list of named institutions, header first."""
    text = real("cn_institutions_named.csv").read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_named_institutions_come_in_and_the_same_list_changes_nothing(divisions):
    content = real("cn_institutions_named.csv").read_bytes()
    run = take(content, target="institutions", mapping="cn_institutions_named.yaml")
    assert sum(run.counts.values()) == 37
    assert run.counts["created"] >= 36
    assert "rejected" not in run.counts
    assert register.institutions().count() == run.counts["created"]
    placed = [each for each in register.institutions() if each.territory_id]
    assert len(placed) == run.counts["created"]
    in_chaoyang = [each.name for each in placed if each.territory.code.startswith("110105")]
    assert len(in_chaoyang) == 6
    again = take(content, target="institutions", mapping="cn_institutions_named.yaml")
    assert set(again.counts) <= {"unchanged", "question"}
    assert again.counts["unchanged"] == run.counts["created"]
    entry = ledger.entry(run.entry_id)
    assert ledger.rows_of(entry).count() == run.counts["created"]


@pytest.mark.parametrize("registered_before", [False, True])
def test_recognitions_of_every_kind_and_level_count_towards_the_plan(divisions, registered_before):
    """Makerspaces taken into the national system are of national level; so is a university's park."""
    content = real("cn_institutions_named.csv").read_bytes()
    if registered_before:
        take(content, target="institutions", mapping="cn_institutions_named.yaml")
    take(content, target="titles", mapping="cn_institutions_named_titles.yaml")
    spaces = [row for row in chinese()[1:] if row[2].startswith("国家级(纳入") and row[4] == "朝阳区"]
    assert len(spaces) == 4
    for code in ("institutions-2017", "municipal-2017", "national-2017"):
        found = plan.reading(plan.target(code), NOW.date(), series=False)
        assert (found.value, found.at_most) == (5, 5), "four makerspaces and a university's park"


def test_british_organisations_come_in_and_the_same_list_changes_nothing():
    content = real("uk_waifinder_orgs.csv").read_bytes()
    run = take(content, target="organisations", mapping="uk_waifinder_orgs.yaml")
    assert sum(run.counts.values()) == 3280
    assert run.counts == run.preview["counts"], "a preview says what will be"
    assert run.counts["created"] > 3100
    before = bodies.organisations().count()
    assert before == run.counts["created"]
    several = sum(each.types.count() > 1 for each in bodies.organisations())
    assert several > 0
    again = take(content, target="organisations", mapping="uk_waifinder_orgs.yaml")
    assert bodies.organisations().count() == before
    assert set(again.counts) <= {"unchanged", "question", "rejected"}
    assert again.counts["unchanged"] >= run.counts["created"]
    assert again.counts.get("rejected", 0) == run.counts.get("rejected", 0)

    open_ones = {row.label for row in imports.rows(run, "question")}
    there = set(bodies.organisations().values_list("pk", flat=True))
    run = take(content, target="institutions", mapping="uk_waifinder_institutions.yaml")
    among = sum("Incubator / accelerator" in row["types"] for row in csv.DictReader(io.StringIO(content.decode())))
    assert sum(run.counts.values()) == among
    operators = {each.name for each in bodies.organisations().exclude(pk__in=there)}
    assert operators <= open_ones, "an operator that is a record already is not registered again"


def plain(rows: list[list[str]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def workbook(rows: list[list[str]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append([None if cell == "" else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def old_workbook(rows: list[list[str]]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("名单")
    for number, row in enumerate(rows):
        for index, cell in enumerate(row):
            sheet.write(number, index, int(cell) if cell.isdecimal() else cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def open_document(rows: list[list[str]]) -> bytes:
    return ods([{"cells": [(cell, {}) for cell in row]} for row in rows])


CHINESE_WORDS = {
    "name": "孵化器名称", "kind": "类型", "level": "级别", "region": "地区", "district": "区县", "year": "年度",
    "batch_or_doc": "备注", "operator_or_university": "运营主体名称", "inferred_cells": "说明",
}  # fmt: skip
ENGLISH_WORDS = {
    "name": "Institution name", "kind": "Type", "level": "Level", "region": "Region", "district": "District",
    "year": "Year", "batch_or_doc": "Note", "operator_or_university": "Operator", "inferred_cells": "Remarks",
}  # fmt: skip


def renamed(rows: list[list[str]], words: dict[str, str]) -> list[list[str]]:
    return [[words[name] for name in rows[0]], *rows[1:]]


def shuffled(rows: list[list[str]]) -> list[list[str]]:
    order = [7, 2, 5, 0, 3, 8, 1, 6, 4]
    return [[row[index] for index in order] for row in rows]


CLOTHES = {
    "utf8-bom.csv": lambda rows: plain(rows, "utf-8-sig"),
    "gb18030.csv": lambda rows: plain(renamed(rows, CHINESE_WORDS), "gb18030"),
    "semicolon.csv": lambda rows: plain(renamed(rows, ENGLISH_WORDS), delimiter=";"),
    "utf16.txt": lambda rows: plain(renamed(rows, CHINESE_WORDS), "utf-16", "\t"),
    "shuffled.csv": lambda rows: plain(shuffled(renamed(rows, CHINESE_WORDS))),
    "titled.xlsx": lambda rows: workbook([["2017 年孵化机构名单"], [], *renamed(rows, CHINESE_WORDS)]),
    "old.xls": lambda rows: old_workbook(renamed(rows, CHINESE_WORDS)),
    "open.ods": lambda rows: open_document(renamed(rows, CHINESE_WORDS)),
    "english.xlsx": lambda rows: workbook(shuffled(renamed(rows, ENGLISH_WORDS))),
}


@pytest.mark.parametrize("name", CLOTHES)
def test_a_guess_takes_the_same_rows_in_other_clothes(name):
    rows = chinese()
    run = take(CLOTHES[name](rows), target="institutions", name=name)
    assert sum(run.counts.values()) == 37
    assert run.counts.get("rejected", 0) == 0
    assert run.counts["created"] >= 36
    found = {each.name: each for each in register.institutions()}
    assert found["洪泰创新空间"].kinds.get().kind == "makerspace"
    assert Counter(len(each.kinds.all()) for each in found.values()) == {1: len(found)}


def test_the_official_layout_is_read_without_a_mapping(divisions):
    """序号 | 地区 (merged, or blank below the first) | 孵化器名称 | 运营主体名称 | 类型, with sub-headers between."""
    rows = chinese()
    body: dict[str, list[list[str]]] = {}
    for row in rows[1:]:
        body.setdefault(row[3], []).append(row)
    book = Workbook()
    sheet = book.active
    sheet.append(["国家级科技企业孵化器名单"])
    sheet.append(["序号", "地区", "孵化器名称", "运营主体名称", "类型"])
    number = 0
    for region, found in body.items():
        sheet.append([f"{region}（{len(found)}所）"])
        first = sheet.max_row + 1
        for row in found:
            number += 1
            sheet.append([number, region, row[0], row[7] or None, row[1]])
        if len(found) > 1:
            sheet.merge_cells(start_row=first, end_row=sheet.max_row, start_column=2, end_column=2)
    out = io.BytesIO()
    book.save(out)
    run = take(out.getvalue(), target="institutions", name="official.xlsx")
    assert sum(run.counts.values()) == 37
    assert run.counts.get("rejected", 0) == 0
    assert run.preview["skipped"] >= len(body)
    unplaced = [each.name for each in register.institutions() if each.territory_id is None]
    assert not unplaced

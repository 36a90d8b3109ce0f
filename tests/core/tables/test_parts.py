"""One row, several records: stages side by side, years side by side, several names in a cell."""

import io
from dataclasses import replace

import openpyxl
import pytest

from hatchline.core.tables.extract import extract
from hatchline.core.tables.fields import Field
from hatchline.core.tables.mapping import from_yaml
from hatchline.core.tables.problems import UnableToReadMapping
from hatchline.core.tables.reading import open_table
from hatchline.core.tables.writing import marked_workbook

FIELDS = (
    Field("key"),
    Field("name", required=True),
    Field("stage", "choice", required=True, choices={"nursery": ("苗圃",), "incubation": ("孵化",), "park": ("园区",)}),
    Field("starts", "date"),
    Field("ended", "date", not_before="starts"),
)
WIDE = """
target: stays
columns:
- {column: company, field: name}
parts:
- constants: {stage: nursery}
  columns: [{column: n_from, field: starts}, {column: n_to, field: ended}]
- constants: {stage: incubation}
  columns: [{column: i_from, field: starts}, {column: i_to, field: ended}]
"""
TABLE = """company,n_from,n_to,i_from,i_to
甲,2010,2011-03,2011-04,2013
乙,-,n/a,春 2012,
丙,2011,2010,2013,oops
丁,,,,
戊,不详,,,
"""


def read(text, mapping, fields=FIELDS):
    with open_table(text.encode()) as table:
        found = extract(table.rows(), from_yaml(mapping, fields), fields)
        return list(found), found


def told(records):
    return [(one.number, one.part, one.branch, one.status, one.values.get("stage")) for one in records]


def test_stages_side_by_side_give_a_record_each():
    records, found = read(TABLE, WIDE)
    assert told(records) == [
        (2, 0, "1", "ready", "nursery"),
        (2, 1, "2", "ready", "incubation"),
        (3, 0, "2", "ready", "incubation"),
        (4, 0, "1", "rejected", "nursery"),
        (4, 1, "2", "rejected", "incubation"),
        (5, 0, "", "skipped", None),
        (6, 0, "1", "ready", "nursery"),
    ]
    assert [str(each.values["starts"]) for each in records[:3]] == ["2010", "2011-04", "2012-spring"]
    assert found.counts == {"ready": 4, "rejected": 2, "skipped": 1} and found.skips == {"no_part": 1}
    assert records[5].skipped == "no_part"
    assert records[1].columns["starts"] == ("D", "i_from"), "a refusal names the column of its own part"
    assert [(one.column, one.code) for one in records[3].problems] == [("C", "date.before_start")]
    assert [(one.column, one.code) for one in records[4].problems] == [("E", "date.not_a_date")]


def test_a_bad_row_comes_back_once_with_the_problems_of_all_its_parts():
    mapping = from_yaml(WIDE, FIELDS)
    with open_table(TABLE.encode()) as table:
        found = extract(table.rows(), mapping, FIELDS)
        out = io.BytesIO()
        assert marked_workbook(out, found, found) == 1
    sheet = openpyxl.load_workbook(out).active
    rows = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0]]
    assert [row[0] for row in rows] == ["丙"]
    assert "n_to" in rows[0][5] and "i_to" in rows[0][5]


def test_a_cell_of_several_names_gives_a_record_for_each():
    mapping = """
target: stays
constants: {stage: park}
columns:
- {column: owners, field: name, transforms: [strip_brackets, strip]}
- {column: id, field: key}
parts:
- {column: owners, split: [；, ;]}
"""
    records, _found = read("id,owners\n1,张三（60%）； 李四\n2,无\n3,王五\n", mapping)
    assert [(one.number, one.status, one.values.get("name")) for one in records] == [
        (2, "ready", "张三"), (2, "ready", "李四"), (3, "skipped", None), (4, "ready", "王五"),
    ]  # fmt: skip
    assert [one.branch for one in records] == ["1:张三（60%）", "1:李四", "", "1:王五"]
    assert records[0].cells[1] == "张三（60%）； 李四", "the row stays as it was written"


def test_a_part_may_have_its_own_condition():
    mapping = WIDE.replace(
        "- constants: {stage: nursery}", "- constants: {stage: nursery}\n  when: [{column: n_to, is_blank: true}]"
    )
    records, _found = read("company,n_from,n_to,i_from,i_to\n甲,2010,2011,2012,\n乙,2010,,,\n", mapping)
    assert told(records) == [(2, 0, "2", "ready", "incubation"), (3, 0, "1", "ready", "nursery")]


def test_a_part_may_be_the_rest_of_the_rows():
    mapping = """
target: stays
constants: {stage: park}
columns: [{column: owners, field: name}]
parts:
- {column: owners, split: [；], when: [{column: owners, matches: ；}]}
- {when: [{column: owners, matches: ；, not: true}]}
"""
    records, _found = read("id,owners\n1,张三；李四\n2,王五\n", mapping)
    assert [one.values["name"] for one in records] == ["张三", "李四", "王五"]


def test_a_mapping_with_parts_is_written_as_it_was_read():
    mapping = from_yaml(
        WIDE.replace("  columns: [{column: i", "  when: [{column: i_to, is_blank: false}]\n  columns: [{column: i"),
        FIELDS,
    )
    again = from_yaml(mapping.to_yaml(), FIELDS)
    assert again == mapping and again.content_hash() == mapping.content_hash()
    assert replace(mapping, parts=()).content_hash() != mapping.content_hash()
    assert mapping.columns() == ("company", "n_from", "n_to", "i_from", "i_to")


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ("[]", "mapping.not_a_list"),
        ("[{constants: {stage: nursery}}]", "mapping.missing"),
        ("[{columns: [{column: a, field: starts}]}]", "mapping.required_field"),
        ("[{constants: {stage: orchard}, columns: [{column: a, field: starts}]}]", "mapping.not_allowed"),
        ("[{constants: {stage: park}, column: a}]", "mapping.missing"),
        ("[{constants: {stage: park}, column: a, split: ['']}]", "mapping.not_text"),
        ("[{constants: {stage: park}, colums: []}]", "mapping.unknown_key"),
        (
            "[{constants: {stage: park}, columns: [{column: a, field: starts}], when: [{column: b}]}]",
            "mapping.empty_condition",
        ),
    ],
)
def test_wrong_parts_are_told_with_their_line(parts, code):
    with pytest.raises(UnableToReadMapping) as caught:
        from_yaml(f"target: stays\ncolumns:\n- {{column: company, field: name}}\nparts: {parts}\n", FIELDS)
    found = {one.code: one for one in caught.value.problems}
    assert code in found and found[code].params["line"] == 4

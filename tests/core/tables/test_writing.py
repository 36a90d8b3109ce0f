"""Tables out, and the marked workbook's way back in."""

import io
from datetime import date
from decimal import Decimal

import openpyxl

from hatchline.core.tables.extract import extract
from hatchline.core.tables.mapping import from_yaml
from hatchline.core.tables.reading import open_table
from hatchline.core.tables.writing import marked_workbook, safe_text, sheet_name, write_csv, write_xlsx
from hatchline.core.values.dates import parse
from hatchline.core.values.money import parse as money
from tests.core.tables.targets import INSTITUTIONS
from tests.core.tables.test_extract import MOST, most_list

DANGEROUS = ["=1+1", "+86 10", "-x", "@SUM(A1)", "\tx", "  =1", "plain"]


def test_csv_never_runs_anything():
    out = io.BytesIO()
    count = write_csv(out, ["=head", "n", "d"], [[text, -5, date(2014, 6, 5)] for text in DANGEROUS])
    assert count == len(DANGEROUS)
    assert out.getvalue().startswith(b"\xef\xbb\xbf'=head,n,d\r\n")
    with open_table(out.getvalue()) as table:
        rows = [row.cells for row in table.rows()]
    assert rows[1] == ("'=1+1", "-5", "2014-06-05")
    assert all(row[0] == "plain" or row[0].startswith("'") for row in rows[1:])


def test_the_apostrophe_comes_off_again():
    mapping = from_yaml("target: x\ncolumns:\n- {column: name, field: name, transforms: [unquote]}\n")
    out = io.BytesIO()
    write_csv(out, ["name"], [["=1+1"], ["'quoted'"]])
    with open_table(out.getvalue()) as table:
        assert [one.values["name"] for one in extract(table.rows(), mapping, INSTITUTIONS)] == ["=1+1", "'quoted'"]
    assert safe_text("a=1") == "a=1"


def test_xlsx_writes_text_numbers_dates_and_many_values():
    out = io.BytesIO()
    rows = [
        [text, Decimal("1.5"), date(2014, 6, 5), parse("2014年6月"), ("甲", "乙"), money("300万元"), None, True]
        for text in DANGEROUS
    ]
    assert write_xlsx(out, list("abcdefgh"), rows, sheet="名单/2014") == len(DANGEROUS)
    sheet = openpyxl.load_workbook(out)["名单_2014"]
    assert [sheet.cell(row, 1).value for row in range(2, 9)] == DANGEROUS
    assert {sheet.cell(row, 1).data_type for row in range(2, 9)} == {"s"}
    assert [cell.value for cell in sheet[2]][1:6] == [1.5, sheet.cell(2, 3).value, "2014-06", "甲；乙", 3_000_000]


def test_sheet_names():
    assert sheet_name("a/b:c" + "x" * 40, ["A_B_C" + "X" * 26]).startswith("a_b_c") and sheet_name("") == "Sheet1"
    assert sheet_name("x", ["X"]) == "x_2"


def rejected(data, mapping):
    with open_table(data) as table:
        found = extract(table.rows(), mapping, INSTITUTIONS)
        out = io.BytesIO()
        count = marked_workbook(out, found, found, language="zh")
    return count, out.getvalue()


def test_rejected_rows_come_back_marked_and_are_taken_once_mended():
    text = "公开名单,,\nname,成立时间,area\n甲,2014-13,5\n乙,2014,6\n丙,2014-06,-7\n,2013,1\n"
    mapping = from_yaml(
        "target: x\nsource: {header_row: 2}\ncolumns:\n- {column: name, field: name}\n"
        "- {column: 成立时间, field: opened}\n- {column: area, field: area}\n"
    )
    count, data = rejected(text.encode(), mapping)
    assert count == 3
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.active
    assert [sheet.cell(row, 1).value for row in range(1, 6)] == ["公开名单", "name", "甲", "丙", None]
    assert sheet["B3"].fill.fgColor.rgb == "FFFBD9D3" and "没有 13 月" in sheet["B3"].comment.text
    assert sheet["A3"].comment is None and sheet["C4"].comment and sheet["A5"].comment
    assert "成立时间" in sheet["D3"].value and "负数" in sheet["D4"].value
    again, _ = rejected(data, mapping)
    assert again == 3  # unmended, the same rows are refused for the same reasons
    sheet["B3"], sheet["C4"], sheet["A5"] = "2014-12", 7, "丁"
    mended = io.BytesIO()
    book.save(mended)
    with open_table(mended.getvalue()) as table:
        records = list(extract(table.rows(), mapping, INSTITUTIONS))
    assert [(record.status, record.values["name"], record.values["opened"].code) for record in records] == [
        ("ready", "甲", "2014-12"), ("ready", "丙", "2014-06"), ("ready", "丁", "2013"),
    ]  # fmt: skip


def test_groups_and_carried_cells_survive_the_way():
    mapping = from_yaml(f"target: x\nsource: {MOST[1]}\ncolumns:\n{MOST[0]}- {{column: 序号, field: tenants}}\n")
    spoilt = openpyxl.load_workbook(io.BytesIO(most_list()))
    for cell in ("A5", "A8"):
        spoilt["附件"][cell] = "-4"
    spoilt["附件"]["C8"] = None
    out = io.BytesIO()
    spoilt.save(out)
    count, data = rejected(out.getvalue(), mapping)
    assert count == 2
    with open_table(data) as table:
        records = [one for one in extract(table.rows(), mapping, INSTITUTIONS) if one.status != "skipped"]
    assert [(one.status, one.values["operator"], one.values["territory"]) for one in records] == [
        ("rejected", "北京市", ("海淀区",)), ("rejected", "天津市", ("滨海新区",)),
    ]  # fmt: skip

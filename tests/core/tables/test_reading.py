"""Opening tables: any common encoding, delimiter and workbook; anything else is a problem with a reason."""

import io
import struct
import zipfile
from datetime import date

import openpyxl
import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdfTable
from odf.table import TableCell, TableRow
from odf.text import P

from hatchline.core.tables.limits import Limits
from hatchline.core.tables.problems import UnableToReadTable
from hatchline.core.tables.reading import open_table

CHINESE = '序号,地区,孵化器名称\n1,北京市,望京留学人员创业园\n2,上海市,"张江,企业孵化器"\n'
TRADITIONAL = "編號,地區,名稱\n1,臺北市,南港軟體育成中心\n2,新竹市,工業技術研究院創業園區\n"


def cells(source, **options):
    with open_table(source, **options) as table:
        return [row.cells for row in table.rows()]


def codes(source, **options):
    with pytest.raises(UnableToReadTable) as caught:
        cells(source, **options)
    assert all(problem.sentence("zh") != problem.code for problem in caught.value.problems)
    return [problem.code for problem in caught.value.problems]


def workbook(fill, **options):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    fill(book, book.add_worksheet("名单"))
    book.close()
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
def test_chinese_in_every_common_encoding(encoding):
    data = CHINESE.encode(encoding)
    assert cells(data)[1] == ("1", "北京市", "望京留学人员创业园")
    assert cells(data)[2] == ("2", "上海市", "张江,企业孵化器")


@pytest.mark.parametrize(
    ("text", "encoding", "cell"),
    [
        (TRADITIONAL, "big5", "南港軟體育成中心"),
        ("会社,住所,名\n1,東京都千代田区,インキュベーション施設\n", "cp932", "インキュベーション施設"),
        ("기관,주소,이름\n1,서울특별시 강남구,창업보육센터\n", "cp949", "창업보육센터"),
        ("a,b,c\n1,Orléans,Pépinière d’entreprises\n2,Besançon,Café\n", "cp1252", "Pépinière d’entreprises"),
        ("а,б,в\n1,Москва,Бизнес-инкубатор\n", "cp1251", "Бизнес-инкубатор"),
    ],
)
def test_other_scripts(text, encoding, cell):
    assert cells(text.encode(encoding))[1][2] == cell


def test_the_choice_is_told_and_can_be_overruled():
    with open_table(CHINESE.encode("gb18030")) as table:
        assert table.encoding.name == "gb18030" and table.encoding.confidence > 0.8 and not table.encoding.is_given
    with open_table(CHINESE.encode("gb18030"), encoding="GBK") as table:
        assert table.encoding.is_given
    wrong = open_table(CHINESE.encode("gb18030"), encoding="utf-8")
    assert [problem.code for problem in wrong.problems] == ["file.bad_bytes"]
    marked = [problem.code for row in wrong.rows() for _, problem in row.problems]
    assert set(marked) == {"cell.undecodable"}
    assert codes(b"a,b\n", encoding="klingon") == ["file.encoding_unknown"]
    assert codes(b"a,b\n", encoding="base64") == ["file.encoding_unknown"]


def test_one_bad_row_does_not_spoil_a_utf8_file():
    good = "".join(f"{number},北京市,孵化器\n" for number in range(50))
    with open_table(good.encode() + b"51,\xb1\xb1\xbe\xa9,x\n") as table:
        rows = list(table.rows())
    assert table.encoding.name == "utf-8" and table.encoding.has_bad_bytes
    assert [row.number for row in rows if row.problems] == [51]


@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_delimiters(mark):
    text = CHINESE.replace('"张江,企业孵化器"', "张江").replace(",", mark)
    assert cells(text.encode())[1] == ("1", "北京市", "望京留学人员创业园")


ONE_COLUMN = [
    "名称\n甲公司；乙公司\n丙公司；丁公司\n",
    "名称\n甲公司，做传感器\n乙公司，做芯片\n",
    "名称\n甲\n乙；丙\n丁；戊；己\n",
]


@pytest.mark.parametrize("text", ONE_COLUMN)
def test_marks_inside_the_cells_of_one_column_divide_no_table(text):
    assert [len(row) for row in cells(text.encode())] == [1] * text.count("\n")


@pytest.mark.parametrize("mark", "，；;")
def test_full_width_marks_divide_a_table_below_its_title_too(mark):
    text = "2014 年名单\n名称；孵化器；阶段\n甲；乙；丙\n丁；戊；己\n".replace("；", mark)
    assert cells(text.encode())[2] == ("甲", "乙", "丙")
    assert cells(text.partition("\n")[2].replace(f"{mark}丙", "").encode())[1][:2] == ("甲", "乙")


def test_quotes_line_breaks_and_row_numbers():
    text = 'a;b\n"x\ny";"say ""hi"""\n\nlast;1\n'
    with open_table(text.encode()) as table:
        rows = list(table.rows())
    assert rows[1].cells == ("x\ny", 'say "hi"')
    assert [row.number for row in rows] == [1, 2, 3, 4] and rows[2].is_blank
    assert rows[3].address(1) == "B4"


@pytest.mark.parametrize("ending", ["", "\n"])
def test_a_quote_that_never_closes_swallows_no_rows(ending):
    """Else the rows behind it would silently be one cell, and a record be made of them."""
    for before in (1, 5_000):  # found when it is opened, or while its rows are read
        rows = "A,1\n" * before
        with (
            pytest.raises(UnableToReadTable) as refused,
            open_table(f'name,place\n{rows}"B,2\nC,3\nD,4{ending}'.encode()) as table,
        ):
            list(table.rows())
        assert [(problem.code, problem.row) for problem in refused.value.problems] == [("file.quotes", before + 2)]
    assert cells(f'name,place\nA,"1\n2"{ending}'.encode())[1] == ("A", "1\n2")


def test_excels_own_separator_line():
    assert cells(b"sep=;\na;b\n1;2\n")[0] == ("a", "b")


def test_decimal_commas_do_not_make_columns():
    assert cells(b"name;area\nA;1,5\nB;2,5\nC;3,5\n")[1] == ("A", "1,5")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.empty"), (b"\xef\xbb\xbf", "file.empty"), (b"\xff\xfe", "file.empty"), (b"\n\n  \n", "file.empty"),
        (b"name,x\na\0b,1\n", "file.nul_bytes"), (b"%PDF-1.4 ...", "file.wrong_type"), (b"<html><table></table>",
        "file.wrong_type"),
        (b"\x89PNG\r\n\x1a\n", "file.wrong_type"), (b"PK\x03\x04 broken", "file.damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\1" * 3000, "file.damaged"), (bytes(range(1, 32)) * 40,
        "file.wrong_type"),
        (b"," * 10_000, "file.too_many_columns"), (b'a,b\n"' + b"x,y\n" * 100_000, "file.quotes"),
    ],
)  # fmt: skip
def test_bad_files_are_refused_with_a_reason(data, code):
    assert codes(data) == [code]


def test_limits():
    assert codes(b"a,b\n" * 20, limits=Limits(rows=10)) == ["file.too_many_rows"]
    assert codes(b"a,b\n" * 20, limits=Limits(file_bytes=10)) == ["file.too_large"]
    wide = workbook(lambda book, sheet: [sheet.write(0, column, "x") for column in range(10_000)])
    assert codes(wide) == ["file.too_many_columns"]
    far = workbook(lambda book, sheet: (sheet.write(0, 0, "x"), sheet.write(1_000_000, 900, "x")))
    assert codes(far)[0] in ("file.too_many_rows", "file.too_many_cells")
    with open_table(b"a\n" + b"x" * 200 + b"\n", limits=Limits(cell_characters=100)) as table:
        assert [problem.code for row in table.rows() for _, problem in row.problems] == ["cell.too_long"]


def test_a_file_that_is_not_there(tmp_path):
    assert codes(tmp_path / "nothing.csv") == ["file.not_opened"]


def test_xlsx_cells_merges_formulas_and_error_values():
    def fill(book, sheet):
        sheet.merge_range(1, 1, 3, 1, "北京市")
        sheet.write_formula(1, 2, "=1+1", None, 2)
        sheet.write_formula(2, 2, "=1+2", None, "")
        sheet.write_formula(3, 2, "=1/0", None, "#DIV/0!")
        sheet.write_datetime(1, 3, date(2014, 6, 5), book.add_format({"num_format": "yyyy-mm-dd"}))
        book.add_worksheet("其他").write(0, 0, "x")

    with open_table(workbook(fill)) as table:
        assert [(sheet.name, sheet.rows) for sheet in table.sheets] == [("名单", 4), ("其他", 1)]
        rows = list(table.rows())
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert rows[1].cells == ("", "北京市", 2.0, date(2014, 6, 5))
    assert rows[2].covered == {1: "北京市"} and rows[3].covered == {1: "北京市"}
    assert [(problem.code, problem.params["address"]) for row in rows for _, problem in row.problems] == [
        ("cell.formula_without_value", "C3"),
        ("cell.error_value", "C4"),
    ]


def test_formulas_written_without_results_by_other_programs():
    book = openpyxl.Workbook()
    book.active.append(["a", "=1+1"])
    out = io.BytesIO()
    book.save(out)
    with open_table(out.getvalue()) as table:
        assert [problem.params["address"] for row in table.rows() for _, problem in row.problems] == ["B1"]


def test_sheets_by_name_and_number():
    data = workbook(lambda book, sheet: (sheet.write(0, 0, "a"), book.add_worksheet("2015年名单").write(0, 0, "b")))
    assert cells(data, sheet="2015年名单") == [("b",)]
    assert cells(data, sheet=2) == [("b",)]
    with pytest.raises(UnableToReadTable) as caught:
        open_table(data, sheet="2014年名单")
    (problem,) = caught.value.problems
    assert problem.code == "file.no_such_sheet" and "2015年名单" in problem.sentence("zh")
    assert codes(data, sheet=9) == ["file.no_such_sheet"]


def test_hidden_and_empty_sheets_are_passed_over():
    def fill(book, sheet):
        hidden = book.add_worksheet("hidden")
        hidden.write(0, 0, "secret")
        hidden.hide()
        book.add_worksheet("shown").write(0, 0, "x")

    with open_table(workbook(fill)) as table:
        assert table.sheet == "shown"
        assert [sheet.is_hidden for sheet in table.sheets] == [False, True, False]
    assert codes(workbook(lambda book, sheet: None)) == ["file.empty"]


def test_workbooks_of_1904():
    def fill(book, sheet):
        sheet.write(0, 0, "x")
        sheet.write_datetime(0, 1, date(2014, 7, 1), book.add_format({"num_format": "yyyy-mm-dd"}))

    with open_table(workbook(fill, date_1904=True)) as table:
        assert table.excel_epoch == 1904
        assert next(table.rows()).cells == ("x", date(2014, 7, 1))


def test_xls():
    book = xlwt.Workbook()
    sheet = book.add_sheet("名单")
    for column, name in enumerate(["序号", "地区", "孵化器"]):
        sheet.write(0, column, name)
    sheet.write_merge(1, 2, 1, 1, "北京市")
    sheet.write(1, 0, 1)
    sheet.write(2, 0, 2)
    sheet.write(1, 2, "甲")
    sheet.write(2, 2, "乙")
    out = io.BytesIO()
    book.save(out)
    with open_table(out.getvalue()) as table:
        assert table.kind == "xls"
        rows = list(table.rows())
    assert rows[1].cells == (1.0, "北京市", "甲")
    assert rows[2].covered == {1: "北京市"}


def ods(rows):
    document = OpenDocumentSpreadsheet()
    table = OdfTable(name="名单")
    for row in rows:
        line = TableRow(**row.get("row", {}))
        for text, options in row["cells"]:
            cell = TableCell(valuetype="string", **options) if text is not None else TableCell(**options)
            if text is not None:
                cell.addElement(P(text=text))
            line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_ods():
    data = ods([{"cells": [("名称", {}), ("地区", {})]}, {"cells": [("甲孵化器", {}), ("北京市", {})]}])
    with open_table(data) as table:
        assert table.kind == "ods"
        assert [row.cells for row in table.rows()][1] == ("甲孵化器", "北京市")


def test_ods_repeats_are_counted_before_they_are_unrolled():
    bomb = ods([{"row": {"numberrowsrepeated": 900_000}, "cells": [("x", {"numbercolumnsrepeated": 900})]}])
    assert codes(bomb) == ["file.too_many_cells"]


def test_zip_bombs_are_not_opened():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (60 << 20))
    assert codes(out.getvalue()) == ["file.zip_bomb"]
    lying = bytearray(out.getvalue())
    place = lying.rindex(b"PK\x01\x02")
    struct.pack_into("<I", lying, place + 24, 1000)  # the directory claims 1,000 bytes
    assert codes(bytes(lying)) == ["file.zip_bomb"]


def test_other_zips_and_encrypted_workbooks():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert codes(out.getvalue()) == ["file.wrong_type"]
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1024 + "EncryptedPackage".encode("utf-16-le")
    assert codes(locked) == ["file.encrypted"]


def test_truncated_workbooks():
    whole = workbook(lambda book, sheet: [sheet.write(row, 0, f"孵化器{row}") for row in range(500)])
    for part in (10, 200, len(whole) // 2, len(whole) - 30):
        assert codes(whole[:part])[0] in ("file.damaged", "file.wrong_type")


def rows_or_a_problem(data):
    try:
        with open_table(data, limits=Limits(rows=2000, columns=200)) as table:
            for row in table.rows():
                assert len(row.cells) <= 200
    except UnableToReadTable as caught:
        assert caught.problems
        assert all(problem.sentence("en") != problem.code for problem in caught.problems)


@given(st.one_of(st.binary(max_size=3000), st.text(max_size=500).map(lambda text: text.encode("utf-8", "replace")),
                 st.binary(max_size=300).map(lambda tail: b"PK\x03\x04" + tail)))  # fmt: skip
@settings(deadline=None)
def test_any_bytes_give_rows_or_a_problem(data):
    rows_or_a_problem(data)


XLSX = workbook(lambda book, sheet: [sheet.write(row, 1, f"孵{row}") for row in range(20)])
ODS = ods([{"cells": [("a", {}), ("b", {})]}] * 3)


@given(st.sampled_from([XLSX, ODS]), st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=8))
@settings(deadline=None)
def test_spoilt_workbooks_give_rows_or_a_problem(data, changes):
    spoilt = bytearray(data)
    for place, byte in changes:
        spoilt[int(place * len(spoilt))] = byte
    rows_or_a_problem(bytes(spoilt))


def test_a_long_file_streams(tmp_path):
    """The rows come one by one: 20,000 × 40 cells are read in a few megabytes."""
    import tracemalloc

    path = tmp_path / "long.csv"
    line = ",".join(f"单元格{column}" for column in range(40)) + "\n"
    path.write_text(line * 20_000, encoding="gb18030")
    tracemalloc.start()
    with open_table(path) as table:
        count = sum(1 for _ in table.rows())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 16 << 20

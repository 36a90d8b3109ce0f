"""What a list shows, as a file: the same rows, columns, order and words."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from hatchline.core.tables.writing import safe_text
from hatchline.sites.lists.declaration import Column, List, Row

EXCEL_ROWS = 100_000  # more than this are offered as CSV, which streams
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class _Line:
    """A file that hands back what was written to it."""

    def write(self, text: str) -> str:
        return text


def _heading(column: Column) -> str:
    return f"{column.label}（{column.unit}）" if column.unit else str(column.label)


def safe(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula: text that begins like one gets an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, (int, float, Decimal)):
        return value
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if timezone.is_aware(value) else value.isoformat()
    return safe_text(str(value))


def csv_lines(columns: list[Column], rows: Iterable[Row]) -> Iterator[str]:
    """UTF-8 with a byte order mark, so that Excel reads Chinese."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow([_heading(column) for column in columns])
    for row in rows:
        yield writer.writerow([safe(column.exported(row)) for column in columns])


def workbook(columns: list[Column], rows: Iterable[Row], title: str) -> Any:
    """An open temporary file with the workbook; text stays text, numbers stay numbers."""
    import xlsxwriter

    handle = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(
        handle, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    )
    sheet = book.add_worksheet(title[:31].translate({ord(c): " " for c in "[]:*?/\\'"}) or "1")
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    for at, column in enumerate(columns):
        sheet.set_column(at, at, 32 if column.head else 16)
    sheet.freeze_panes(1, 1)
    for at, column in enumerate(columns):
        sheet.write_string(0, at, _heading(column), bold)
    for line, row in enumerate(rows, 1):
        for at, column in enumerate(columns):
            value = column.exported(row)
            if value is None or value == "":
                continue
            if isinstance(value, dt.date) and not isinstance(value, dt.datetime) and value.year >= 1900:
                sheet.write_datetime(line, at, dt.datetime.combine(value, dt.time()), day)
            elif isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
                sheet.write_number(line, at, value)
            else:
                text = value if isinstance(value, str) else str(safe(value))
                sheet.write_string(line, at, text[:32_767])
    book.close()
    handle.seek(0)
    return handle


def answer(declared: List, columns: list[Column], rows: Iterable[Row], form: str, today: dt.date) -> HttpResponseBase:
    """The file of a list as a download. ``form``: csv or xlsx."""
    return as_file(declared.file_name, declared.label, columns, rows, form, today)


def as_file(
    name: str, title: Any, columns: list[Column], rows: Iterable[Row], form: str, today: dt.date
) -> HttpResponseBase:
    """Any table as a download: ``name`` begins the file's name, ``title`` names the sheet."""
    name = f"{name}-{today:%Y%m%d}.{form}"
    if form == "csv":
        response: HttpResponseBase = StreamingHttpResponse(csv_lines(columns, rows), content_type=TYPES["csv"])
    else:
        response = FileResponse(workbook(columns, rows, str(title)), content_type=TYPES["xlsx"])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

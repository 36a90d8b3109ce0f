"""Files of facts for `evaluate` and `whatif`: CSV and Parquet in, results out."""

from __future__ import annotations

import csv
import importlib.util
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from hatchline import rulebook
from hatchline.config.language import said, spoken
from hatchline.core.rules.documents import Document
from hatchline.core.rules.library import NoDocument, no_document
from hatchline.core.rules.nodes import SUBJECTS
from hatchline.core.rules.populations import Population, UnreadableTable, from_tables
from hatchline.core.rules.texts import Text, nearest
from hatchline.core.tables.writing import write_xlsx

ENCODINGS = ("utf-8-sig", "gb18030")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
MOST_SHEET_ROWS = 1_048_575
UNKNOWN = "unknown"  # the group of those of whom no group is known
SUBJECT_FILE = {"institution": "--institutions", "venture": "--ventures"}


def document_named(name: str) -> Document:
    """The document of an id or number, or a usage error that offers the nearest."""
    try:
        return rulebook.library().get(name)
    except NoDocument as error:
        raise click.UsageError(error.said.get(spoken())) from None


def day_of(given: datetime | None, document: Document) -> date:
    """The day of evaluation: as given, or today; a day on which the document is not in force is told."""
    day = given.date() if given else datetime.now(UTC).date()
    if not document.holds_on(day):
        until = (document.until or "无截止日期", document.until or "further notice")
        note = said(f"提示：{document.name} 的施行期是 {document.in_force} 至 {until[0]}，{day} 不在其中",
                    f"note: {document.name} is in force {document.in_force} to {until[1]}, not on {day}")  # fmt: skip
        click.echo(note, err=True)
    return day


def standing_document(name: str) -> Document:
    """The document of an id or number as it stands in the district, its own and with confirmed figures."""
    from hatchline.apps.rulebooks import queries as rulebooks

    found = rulebooks.edition(name)
    if found is None:
        hint = nearest(name, list(rulebooks.editions().values_list("name", flat=True)))
        raise click.UsageError(no_document(name, hint).get(spoken()))
    return rulebooks.document(found)


def population_here(document: Document, day: date) -> Population:
    """Those of the district's own record who are there on a day: as on the pages, nobody who was closed by then."""
    from hatchline.journeys import gather

    return gather.there(document.subject, as_of=day, vocabulary=document.vocabulary)


def groups(
    document: Document, day: date, population: Population, by: str, here: bool, institutions: Path | None,
    ventures: Path | None,
) -> list[tuple[str, ...]]:  # fmt: skip
    """The groups of each subject, by a way of the district's own record or by a column of the subjects' file."""
    if not here:
        path = ventures if document.subject == "venture" else institutions
        table = read_table(path) if path else None
        if table is None or by not in table.column_names:
            hint = nearest(by, [str(name) for name in table.column_names] if table else [])
            lacks = Text(f"--by {by}：{SUBJECTS[document.subject].zh}的文件没有这一列",
                         f"--by {by}: the file of {document.subject}s has no such column")  # fmt: skip
            raise click.UsageError(lacks.hinted(hint).get(spoken()))
        return [(str("" if cell is None else cell).strip() or UNKNOWN,) for cell in table.column(by).to_pylist()]
    from hatchline.journeys import groups as standing

    if by not in standing.WAYS[document.subject]:
        ways = ", ".join(standing.WAYS[document.subject])
        raise click.UsageError(
            said(f"--by {by}：{SUBJECTS[document.subject].zh}可以按 {ways} 分组",
                 f"--by {by}: {document.subject}s are grouped by {ways}")
        )  # fmt: skip
    keys = [int(key) for key in population.keys]
    return [each.under(by) or (UNKNOWN,) for each in standing.standings(document.subject, keys, day)]


def facts_written(document: Document, population: Population, path: Path) -> list[Path]:
    """Write the facts as files that `--institutions` and `--ventures` read back; ventures stand in NAME-ventures."""
    if document.subject == "venture":
        write_table(path, _columns(document, population.keys, population.own))
        return [path]
    beside = path.with_name(f"{path.stem}-ventures{path.suffix}")
    owners = [
        str(key) for at, key in enumerate(population.keys)
        for _each in range(int(population.offsets[at]), int(population.offsets[at + 1]))
    ]  # fmt: skip
    write_table(path, _columns(document, population.keys, population.own))
    keys = population.member_keys or [str(at) for at in range(len(owners))]
    write_table(beside, {"institution": owners} | _columns(document, keys, population.members))
    return [path, beside]


def _columns(document: Document, keys: Any, columns: Any) -> dict[str, list[str]]:
    """Facts as text, exactly; an unknown one is empty."""
    from hatchline.core.rules.populations import missing

    found = {"key": [str(key) for key in keys]}
    for name, column in columns.items():
        fact, unknown = document.vocabulary.facts[name.partition("@")[0]], missing(column.dtype)
        found[name] = ["" if kept == unknown else _written(fact.decode(int(kept))) for kept in column]
    return found


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        whole = value.numerator / Decimal(value.denominator)
        return f"{value.numerator}" if value.denominator == 1 else f"{whole.normalize():f}"
    return str(value)


def read_table(path: Path) -> Any:
    """An Arrow table of a CSV or Parquet file; the cells of a CSV stay text, so that no figure is rounded."""
    try:
        import pyarrow as pa
        import pyarrow.csv
        import pyarrow.parquet
    except ImportError:
        raise click.ClickException(
            said("这条命令用 pyarrow 读表：请安装 hatchline[analytics]",
                 "this command reads tables with pyarrow: install hatchline[analytics]")
        ) from None  # fmt: skip
    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            return pyarrow.parquet.read_table(path)
        return _csv_table(path)
    except (OSError, pa.ArrowException) as error:
        raise click.ClickException(
            said(f"读不了 {path.name}：{error}", f"{path.name} cannot be read: {error}")
        ) from None


def _csv_table(path: Path) -> Any:
    import pyarrow as pa
    import pyarrow.csv

    text = _text(path)
    head = text.split("\n", 1)[0]
    mark = max(",;\t", key=head.count)
    names = [name.strip() for name in next(csv.reader([head.rstrip("\r")], delimiter=mark), [])]
    if not any(names):
        raise click.ClickException(
            said(f"{path.name}：第一行应当是各列的名称，却是空的",
                 f"{path.name}: the first line must name the columns; it is empty")
        )  # fmt: skip
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        name = sorted(twice)[0]
        raise click.ClickException(
            said(f"{path.name}：“{name}”列出现两次", f"{path.name}: the column {name!r} stands there twice")
        )

    def read(*, use_threads: bool) -> Any:
        return pyarrow.csv.read_csv(
            io.BytesIO(text.encode()),
            read_options=pyarrow.csv.ReadOptions(column_names=names, skip_rows=1, use_threads=use_threads),
            parse_options=pyarrow.csv.ParseOptions(delimiter=mark, newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )

    if not text[len(head) :].strip():
        return pa.table({name: pa.array([], pa.string()) for name in names})
    try:
        return read(use_threads=True)
    except pa.ArrowInvalid:
        return read(use_threads=False)  # slower, but says in which line the fault is


def _text(path: Path) -> str:
    raw = path.read_bytes()
    for encoding in ("utf-16",) if raw.startswith(UTF16_MARKS) else ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise click.ClickException(
        said(f"{path.name} 既不是 Parquet，也不是 UTF-8、UTF-16 或 GB18030 编码的 CSV",
             f"{path.name} is neither Parquet nor CSV in UTF-8, UTF-16 or GB18030")
    )  # fmt: skip


def population_of(
    document: Document, institutions: Path | None, ventures: Path | None, beside: str | None = None
) -> Population:
    """The subjects of a document from files; a click error tells every column and row that cannot be used.

    ``beside``: a column of the subjects' file that need not be a fact.
    """
    vocabulary = document.vocabulary

    def subjects(path: Path) -> Any:
        table = read_table(path)
        facts = {name for name in table.column_names if name.partition("@")[0] in vocabulary}
        strange = {"institution"} if document.subject == "venture" else set[str]()
        strange |= {beside} if beside and beside not in {*facts, "key"} else set()
        return table.drop_columns([name for name in strange if name in table.column_names])

    try:
        if document.subject == "venture":
            if ventures is None:
                raise _wanted(document)
            return from_tables(vocabulary, "venture", subjects(ventures))
        if institutions is None:
            raise _wanted(document)
        if ventures is None and document.asks_about_ventures:
            raise click.UsageError(
                said(f"{document.name} 要看企业的情况：请给出 --ventures（只有表头的文件表示一家也没有）",
                     f"{document.name} asks about ventures: give --ventures (a file with only its first line says that "
                     "there are none)")
            )  # fmt: skip
        return from_tables(
            vocabulary, "institution", subjects(institutions), read_table(ventures) if ventures else None
        )
    except UnreadableTable as error:
        raise click.ClickException("\n".join(each.get(spoken()) for each in error.faults)) from None


def _wanted(document: Document) -> click.UsageError:
    """The file of those whom the document judges is not given."""
    option = SUBJECT_FILE[document.subject]
    return click.UsageError(
        said(f"{document.name} 评价的是{SUBJECTS[document.subject].zh}：请给出 {option}",
             f"{document.name} judges {document.subject}s: give {option}")
    )  # fmt: skip


WRITTEN = (".csv", ".parquet", ".pq", ".xlsx")


def can_be_written(path: Path) -> None:
    """Tell a wrong ending or folder before the work is done, not after it."""
    if path.suffix.lower() not in WRITTEN:
        raise click.UsageError(
            said(f"{path.name}：文件名要以 .csv、.parquet 或 .xlsx 结尾",
                 f"{path.name}: write to a file ending in .csv, .parquet or .xlsx")
        )  # fmt: skip
    if path.suffix.lower() in (".parquet", ".pq") and importlib.util.find_spec("pyarrow") is None:
        raise click.UsageError(
            said(f"写 {path.name} 需要 pyarrow：请安装 hatchline[analytics]，或改写 .csv 或 .xlsx",
                 f"{path.name} needs pyarrow: install hatchline[analytics], or write to .csv or .xlsx")
        )  # fmt: skip
    if not path.absolute().parent.is_dir():
        raise click.UsageError(said(f"{path}：没有这个文件夹", f"{path}: there is no such folder"))


def write_table(path: Path, columns: dict[str, Any]) -> None:
    """Write CSV, Parquet or XLSX, by the file's ending; a click error when it cannot be written."""
    can_be_written(path)
    try:
        match path.suffix.lower():
            case ".parquet" | ".pq":
                _write_parquet(path, columns)
            case ".csv":
                with path.open("w", encoding="utf-8", newline="") as out:
                    writer = csv.writer(out, lineterminator="\n")
                    writer.writerow(columns)
                    writer.writerows(zip(*columns.values(), strict=True))
            case ".xlsx":
                _write_sheet(path, columns)
    except OSError as error:
        raise click.ClickException(said(f"写不了 {path}：{error}", f"{path} cannot be written: {error}")) from None


def _write_parquet(path: Path, columns: dict[str, Any]) -> None:
    import pyarrow as pa
    import pyarrow.parquet

    pyarrow.parquet.write_table(pa.table(columns), path)


def _write_sheet(path: Path, columns: dict[str, Any]) -> None:
    rows = list(zip(*columns.values(), strict=True))
    if len(rows) > MOST_SHEET_ROWS:
        raise click.ClickException(
            said(f"一张表放不下 {len(rows):,} 行：请写成 .csv 或 .parquet",
                 f"{len(rows):,} rows do not fit on a sheet: write to .csv or .parquet")
        )  # fmt: skip
    with path.open("wb") as out:
        write_xlsx(out, list(columns), rows)

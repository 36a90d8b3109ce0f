"""What a preview shows of a list: rows with the values that would be stored, and rows that are passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hatchline.core.tables.fields import Field
from hatchline.core.tables.records import Record
from hatchline.core.tables.rows import as_text
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.money import Amounts, Part
from hatchline.journeys.imports import engine

if TYPE_CHECKING:
    from hatchline.journeys.imports.engine import Planned
    from hatchline.journeys.imports.targets import Target

SAMPLES = 20  # rows of each outcome that a preview shows
LONGEST = 120  # characters of a value
PLAIN = frozenset({"blank", "no_part"})  # rows passed over of which nothing need be shown


def sample(each: Planned, record: Record, personal: frozenset[str], target: Target) -> dict[str, Any]:
    """A row as a preview keeps it: `values` by field (codes for choices), `borrowed` fields come from a row above.

    `changes` has what was and what comes of each field: codes of dates and choices, figures without a unit.
    """
    told = target.told(each.pk, each.changes) if each.changes and each.pk else {}
    changes = {name: [_plain(value, name in personal) for value in was_and_now] for name, was_and_now in told.items()}
    values = {name: _texts(value, name in personal) for name, value in record.values.items()}
    return {
        "sheet": each.sheet, "number": each.number, "part": each.part, "label": each.label, "problems": each.problems,
        "candidates": each.candidates, "changes": changes, "values": values,
        "borrowed": sorted(record.borrowed.intersection(values)),
    }  # fmt: skip


def live(records: Iterable[Record], passed: list[dict[str, Any]]) -> Iterator[Record]:
    """The rows that are records; the first of the others are noted in ``passed`` with what they say."""
    for record in records:
        if record.status != "skipped":
            yield record
        elif record.skipped not in PLAIN and len(passed) < SAMPLES:
            said = " ".join(filter(None, (as_text(cell).strip() for cell in record.cells)))
            passed.append(
                {"sheet": record.sheet, "number": record.number, "why": record.skipped, "text": _masked(said)}
            )


def shown(
    row: dict[str, Any], fields: Iterable[Field], language: str, dates: Callable[[Field, str], str]
) -> list[dict[str, Any]]:
    """The values of a kept sample in words: (label, text, is_borrowed) of each field it states.

    ``dates``: the code of a date in the words of the reader.
    """
    made = []
    for one in fields:
        texts = row.get("values", {}).get(one.name)
        if texts:
            open_end = "open end" if language == "en" else "至今"
            words = [open_end if text == ".." else _word(one, text, language, dates) for text in texts]
            label = (one.en if language == "en" else one.zh) or one.name
            text = (", " if language == "en" else "、").join(words)
            made.append({"label": label, "text": text, "is_borrowed": one.name in row.get("borrowed", ())})
    return made


def _word(field: Field, text: str, language: str, dates: Callable[[Field, str], str]) -> str:
    return dates(field, text) if field.type == "date" else field.word(text, language)


def _texts(value: Any, is_personal: bool) -> list[str]:
    found = value if isinstance(value, tuple | list | set | frozenset) else (value,)
    return [_masked(_text(each), whole=is_personal) for each in found]


def _plain(value: Any, is_personal: bool) -> str:
    if value is None or hasattr(value, "all"):  # not known, or rows of another table
        return ""
    if isinstance(value, PartialDate):
        return value.code or (".." if value.precision == "open" else value.text)
    if isinstance(value, Amounts):
        return "；".join(_texts(value, False))
    if isinstance(value, tuple | list | set | frozenset):
        parts = [each for each in value if not isinstance(each, tuple)] or [each[-1] for each in value]
        return "；".join(_texts(parts, is_personal))[:LONGEST]
    return _texts(value, is_personal)[0]


def _masked(text: str, *, whole: bool = False) -> str:
    return engine.masked_in(text, whole=whole)[:LONGEST]


def _text(value: Any) -> str:
    if isinstance(value, Amounts):
        return "；".join(_amount(part) for part in value.parts) if value.is_complete else value.text
    if isinstance(value, bool):
        return "√" if value else "×"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def _amount(part: Part) -> str:
    return f"{part.low.normalize():,f} {part.currency}" if part.low is not None else "?"

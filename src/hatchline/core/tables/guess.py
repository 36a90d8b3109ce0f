"""A first mapping, proposed from headers and samples; each column says how sure it is and why. People correct it."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hatchline.core.tables import footers, headers
from hatchline.core.tables.cells import Manner, plain, read
from hatchline.core.tables.extract import SubHeaderText
from hatchline.core.tables.fields import Field
from hatchline.core.tables.headers import Header
from hatchline.core.tables.headerwords import english_of
from hatchline.core.tables.mapping import Carry, Mapping, Rule, Source, SubHeaders
from hatchline.core.tables.rows import Row, as_text, is_blank, key_of, letter
from hatchline.core.tables.units import unit_above, unit_in, units_above
from hatchline.core.values.dates import Order
from hatchline.core.values.unreadable import Unreadable

Why = Literal["header", "near_header", "content", "none"]
_LOOK = 300
_SAMPLES = 5
_SEPARATORS = ("；", ";", "、", "|", "\n", "，", ",", "/")
_SERIAL = frozenset({"序号", "编号", "no", "no.", "#", "id", "num", "number", "serial", "serialno"})
_TELLING = ("credit_code", "email", "url")
_NUMBERS = ("decimal", "area", "latitude", "longitude", "money")
_LEAST = 0.5
# from … until: 2012年3月-2014年5月, 2012.3至今, 2014-05-01~2015-05-01; what gives no end is a beginning
PERIOD = (
    r"^(?P<{starts}>.*?\S)(?:\s*(?:[~～—–到]+|至(?!今)|-+(?=\s*(?:\d{{4}}|今|至今|现在|present|now)))\s*|\s-\s|(?=至今)|起?$)"
    r"(?P<{ended}>.*)$"
)
_PERIOD = re.compile(PERIOD.format(starts="starts", ended="ended").replace("|起?$)", ")"))


@dataclass(frozen=True)
class ColumnGuess:
    """One column: its field ("" when none is proposed), how sure (0–1), why, the next best fields, samples, and
    whether some of its cells are blank."""

    index: int
    letter: str
    header: str
    samples: tuple[str, ...]
    field: str
    confidence: float
    why: Why
    others: tuple[tuple[str, float], ...]
    has_blanks: bool = False


@dataclass(frozen=True)
class Proposal:
    """A mapping to start from. `is_complete` when every required field has a column."""

    mapping: Mapping
    header: Header
    columns: tuple[ColumnGuess, ...]
    missing: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return not self.missing


def propose(rows: Iterable[Row], target: str, fields: Sequence[Field], *, header_row: int | None = None) -> Proposal:
    """Look at the first rows and propose. `header_row` fixes the header; otherwise it is found below title rows."""
    sample = list(itertools.islice(rows, _LOOK))
    header = _header(sample, fields, header_row)
    body = [row for row in sample if row.number > header.number and not row.is_blank and not header.is_again(row)]
    subs = [row for row in body if _is_sub_header(row)]
    body = [row for row in body if row not in subs and not footers.why(row.cells, names=(), dates=())]
    columns = _assigned(header, body, fields)
    by_name = {one.name: one for one in fields}
    named = min((one.index for one in columns if one.field and by_name[one.field].required), default=0)
    orders = {order for order in (_order(body, one.index) for one in columns if one.field) if order}
    order: Order = orders.pop() if len(orders) == 1 else "ymd"
    units = units_above(row for row in sample if row.number < header.number)
    found = [one for one in columns if one.field]
    rules = tuple(_rule(one, by_name[one.field], header, body, units, named) for one in found)
    rules = tuple(
        _as_period(rule, _texts(body, one.index), by_name, rules) for rule, one in zip(rules, found, strict=True)
    )
    numbers = [one.index for one in columns if one.field and by_name[one.field].type in _NUMBERS]
    source = Source(
        header_row=header.number,
        date_order=order,
        sub_headers=_subs(subs, header),
        decimal_comma=any(_has_decimal_commas(_texts(body, index)) for index in numbers),
    )
    mapping = Mapping(target, rules, source)
    missing = {one.name for one in fields if one.required} - {one.field for one in columns}
    return Proposal(mapping, header, columns, tuple(one.name for one in fields if one.name in missing))


def _header(sample: Sequence[Row], fields: Sequence[Field], given: int | None) -> Header:
    if given is not None:
        row = next((row for row in sample if row.number == given), None)
        if row is not None and given:
            return headers.of_row(row)
        width = max((len(row.cells) for row in sample), default=0)
        return Header(sample[0].sheet if sample else "", 0, tuple(letter(index) for index in range(width)), width)
    names = {key_of(name) for one in fields for name in one.names}
    widest = max((_filled(row) for row in sample), default=0)
    best: tuple[float, Header] | None = None
    for row in sample[: headers.LOOK]:
        header = headers.of_row(row)
        keys = [key for key in header.keys if key]
        if not keys:
            continue
        known = sum(_without_unit(key) in names or key in names or english_of(key) in names for key in keys)
        texts = sum(not re.fullmatch(r"[\d.,%\-/年月日]+", key) for key in keys) / len(keys)
        distinct = len(set(keys)) / len(keys)
        score = known * 2 + texts + distinct + len(keys) / max(1, widest) * 2 - row.number * 0.02
        score -= 3 if len(keys) == 1 and widest > 1 else 0
        if best is None or score > best[0] + 0.001:
            best = (score, header)
    return best[1] if best else Header("", 0, ())


def _filled(row: Row) -> int:
    return sum(not is_blank(cell) for cell in row.cells)


def _without_unit(key: str) -> str:
    return re.sub(r"[（(\[【][^（()）\]】]*[)）\]】]", "", key)


def _is_sub_header(row: Row) -> bool:
    texts = {as_text(cell).strip() for cell in row.cells if not is_blank(cell)}
    return len(texts) == 1 and bool(SubHeaderText.match(next(iter(texts))))


def _subs(found: Sequence[Row], header: Header) -> SubHeaders | None:
    if not found:
        return None
    number = next((name for name in header.names if key_of(name) in _SERIAL), "")
    return SubHeaders(number_column=number)


def _assigned(header: Header, body: Sequence[Row], fields: Sequence[Field]) -> tuple[ColumnGuess, ...]:
    scores: list[tuple[float, int, int, Why]] = []
    texts = {index: _texts(body, index) for index in range(len(header.names))}
    for index, name in enumerate(header.names):
        if header.number and key_of(name) in _SERIAL and _is_counting(texts[index]):
            continue
        for place, one in enumerate(fields):
            score, why = _score(name if header.number else "", texts[index], one)
            if score >= 0.3:
                scores.append((score, index, place, why))
    scores.sort(key=lambda item: (-item[0], item[1], item[2]))
    taken_columns: dict[int, tuple[float, int, Why]] = {}
    taken_fields: set[int] = set()
    for score, index, place, why in scores:
        again = place in taken_fields and not (fields[place].many and why == "header")
        if index in taken_columns or again or score < _LEAST:
            continue
        taken_columns[index] = (score, place, why)
        taken_fields.add(place)
    guesses = []
    for index, name in enumerate(header.names):
        found = taken_columns.get(index)
        others = tuple(
            (fields[place].name, round(score, 2))
            for score, column, place, _ in scores
            if column == index and (not found or place != found[1])
        )[:3]
        samples = tuple(dict.fromkeys(texts[index]))[:_SAMPLES]
        field, sure, why = (fields[found[1]].name, round(found[0], 2), found[2]) if found else ("", 0.0, "none")
        has_blanks = any(is_blank(row.cell(index)) for row in body)
        guesses.append(ColumnGuess(index, letter(index), name, samples, field, sure, why, others, has_blanks))
    return tuple(guesses)


def _texts(body: Sequence[Row], index: int) -> list[str]:
    cells = (row.cell(index) for row in body)
    return [as_text(cell).strip()[:80] for cell in cells if not is_blank(cell)][:100]


def _is_counting(texts: Sequence[str]) -> bool:
    return bool(texts) and sum(text.isdecimal() for text in texts) >= 0.6 * len(texts)


def _score(name: str, texts: Sequence[str], one: Field) -> tuple[float, Why]:
    by_name, why = _by_name(name, one)
    fit = _fit(texts, one)
    if by_name:
        if fit is None:
            return by_name * 0.95, why
        doubt = 0.4 if len(texts) >= 3 else 0.7  # one or two bad cells do not unname a column
        return by_name * (0.9 + 0.1 * fit if fit >= 0.5 else doubt + fit * (1 - doubt)), why
    if fit is None or len(texts) < 3:
        return 0.0, "none"
    if one.type in _TELLING and fit >= 0.8:
        return 0.55 + 0.1 * fit, "content"
    if one.type == "choice" and fit >= 0.9 and len(one.choices) > 1 and not all(text.isdecimal() for text in texts):
        return 0.55, "content"
    return 0.0, "none"


def _by_name(name: str, one: Field) -> tuple[float, Why]:
    key = key_of(name)
    if not key:
        return 0.0, "none"
    bare = _without_unit(key)
    english = english_of(bare)
    inner = re.search(r"[（(\[【]([^（()）\]】]+)[)）\]】]", key)
    best = 0.0
    for place, word in enumerate(one.names):
        own = key_of(word)
        if not own:
            continue
        if key == own or bare == own:
            return 1.0 - 0.002 * place, "header"
        if english == own or (inner and inner[1] == own):
            best = max(best, 0.85 if english else 0.7)
        if len(own) >= 2 and (own in bare) and (not own.isascii() or len(own) >= 4):
            tail = 0.06 if bare.endswith(own) else 0.0  # 孵化器名称 ends with what it is
            best = max(best, 0.58 + 0.25 * len(own) / len(bare) + tail)
        elif len(bare) >= 2 and bare in own and (not bare.isascii() or len(bare) >= 4):
            best = max(best, 0.5 + 0.3 * len(bare) / len(own))
        else:
            ratio = difflib.SequenceMatcher(None, bare, own).ratio()
            if ratio >= 0.75:
                best = max(best, ratio * 0.8)
    return best, "near_header" if best else "none"


def _fit(texts: Sequence[str], one: Field) -> float | None:
    """Share of the samples that the field could take; None when nothing can be said (no samples, or plain text)."""
    if not texts or one.type in ("text", "country"):
        return None
    words = texts[:40]
    if one.type == "choice":
        return max(_choice_share(words, one, mark) for mark in ("", *_SEPARATORS))
    manner = Manner(order="dmy", pivot=2049, decimal_comma=_has_decimal_commas(words))
    good = 0
    for text in words:
        value = read(text, one, manner)
        if isinstance(value, Unreadable) and one.type in ("date",):
            value = read(text, one, replace(manner, order="mdy"))
        is_period = one.type == "date" and bool(_PERIOD.match(text))
        good += is_period or not isinstance(value, Unreadable)
    return good / len(words)


def _has_decimal_commas(texts: Sequence[str]) -> bool:
    """48,86 and 1,2345 can only be decimals; 1,200 says nothing."""
    return any(re.fullmatch(r"-?[\d.]*\d,(\d{1,2}|\d{4,})", text) for text in texts)


def _choice_share(texts: Sequence[str], one: Field, mark: str) -> float:
    parts = [part for text in texts for part in (text.split(mark) if mark else [text]) if part.strip()]
    return sum(not isinstance(read(part.strip(), one, Manner()), Unreadable) for part in parts) / max(1, len(parts))


def _order(body: Sequence[Row], index: int) -> Order | None:
    """What 03/04/2014 means in a column, when some of its dates can only be read one way."""
    seen: set[Order] = set()
    for text in _texts(body, index):
        match = re.match(r"^(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}\b", text)
        if match:
            if int(match[1]) > 12:
                seen.add("dmy")
            elif int(match[2]) > 12:
                seen.add("mdy")
    return seen.pop() if len(seen) == 1 else None


def _rule(
    guess: ColumnGuess, one: Field, header: Header, body: Sequence[Row], units: Sequence[str], named: int
) -> Rule:
    texts = _texts(body, guess.index)
    again = header.keys[: guess.index].count(key_of(guess.header)) if guess.header else 0
    name = f"@{guess.letter}" if not guess.header or not header.number else guess.header
    if again:
        name = f"{guess.header}#{again + 1}"
    split: tuple[str, ...] = ()
    if one.many:
        split = _split(texts, one)
    unit = unit_in(guess.header, one) or unit_above(units, one)
    usual = one.unit if one.type != "money" else "元"
    return Rule(
        columns=(name,), field=one.name, split=split, unit="" if plain(unit) == plain(usual) else unit,
        carry=_carry(guess.index, body, one, named),
        transforms=("strip", "collapse_spaces") if one.type == "text" else ("strip",),
    )  # fmt: skip


def _as_period(rule: Rule, texts: Sequence[str], by_name: dict[str, Field], rules: Sequence[Rule]) -> Rule:
    """A column of beginnings whose cells say until when too, where no other column does: one rule for both."""
    end = next((one for one in by_name.values() if one.type == "date" and one.not_before == rule.field), None)
    if end is None or any(one.field == end.name for one in rules):
        return rule
    if not texts or 2 * sum(bool(_PERIOD.match(text)) for text in texts) < len(texts):
        return rule
    return replace(rule, field="", pattern=PERIOD.format(starts=rule.field, ended=end.name))


def _split(texts: Sequence[str], one: Field) -> tuple[str, ...]:
    if one.type == "choice":  # each word is checked, so marks that the sample does not show may stand here too
        words = "".join(word for known in one.choices.values() for word in known)
        return tuple(mark for mark in _SEPARATORS[:-1] if mark not in words)
    present = [mark for mark in _SEPARATORS if any(mark in text for text in texts)]
    return tuple(mark for mark in present if mark in "；;、|\n")


def _carry(index: int, body: Sequence[Row], one: Field, named: int) -> Carry:
    """Only where the file shows it: merged cells of words, or labels left of the names, each heading a group once.

    A number or a date is never its neighbour's: a blank there is a value that nobody gave. Nor is what tells one row
    from another, nor a word that comes again further down (a status, say): that one marks rows, not groups.
    """
    if one.type not in ("text", "choice", "country", "bool") or one.name == "key":
        return "no"
    if any(index in row.covered and is_blank(row.cell(index)) for row in body):
        return "merged"
    if one.required or one.type == "bool" or index > 2 or index >= named or len(body) < 4:
        return "no"
    blank = [is_blank(row.cell(index)) for row in body]
    labels = [as_text(row.cell(index)).strip() for row, its in zip(body, blank, strict=True) if not its]
    heading = sum(not its and after for its, after in itertools.pairwise(blank))  # labels with blanks below
    is_grouping = 1 < len(labels) == len(set(labels)) and 2 * heading > len(labels) and heading > 1
    are_words = all(len(label) <= 30 and not re.search(r"\d", label) for label in labels)
    others = sum(_filled(row) >= 2 for row in body) / len(body)
    shown = not blank[0] and sum(blank) >= 0.4 * len(body) and others > 0.9
    return "blank" if shown and is_grouping and are_words else "no"

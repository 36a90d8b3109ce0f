"""Deciding row by row what becomes of a list, and committing it in chunks.

A row is known by its key in its list: the number the list gives, else what the target calls natural (credit code,
name); a key that comes again in the same list is numbered (#2). A known key whose content has not changed is
*unchanged*; one that has changed *updates* its record. An unknown key whose record is certain (same credit code) joins
it; one that only looks like a record, or like another row of the same list, is a *question*. All others are *created*.

A chunk, the records it became and the run's cursor are committed in one short transaction, so that other writers wait a
fraction of a second and a killed run goes on after its last chunk.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import translation

from hatchline.apps import columns
from hatchline.apps.imports import queries as imports
from hatchline.apps.imports.states import RowOutcome
from hatchline.core.tables.problems import Problem
from hatchline.core.tables.records import Record
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refusal
from hatchline.journeys.imports import rehearsal
from hatchline.journeys.imports.rehearsal import LANGUAGES
from hatchline.journeys.imports.targets import Remark, Target

CHUNK = 800
PERSONAL = re.compile(
    r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?![\dA-Za-z])|[\w.+-]+@[\w-]+\.[\w.]+"  # mobile, identity number, e-mail
)
NUMBERED = re.compile(r"#\d+$")
TAKEN_FOR = "taken_for"  # a remark which record a row speaks of, where it calls it otherwise
SHARED_WEBSITE = 3  # more rows than this with one website: a platform's, no sign of identity


@dataclass
class Planned:
    """What is to become of one row."""

    number: int
    sheet: str
    outcome: str
    label: str = ""
    key: str = ""
    content: str = ""
    is_kept: bool = False
    draft: Any = None
    pk: int | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)
    candidates: list[dict[str, Any]] = field(default_factory=list)
    part: int = 0


class Memory:
    """What earlier rows of this run said: how often each key came, and which signs of identity they gave."""

    def __init__(self, personal: frozenset[str] = frozenset()) -> None:
        self.personal = personal  # fields whose values may be a person's
        # 100,000 rows give 300,000 signs: hashes and numbers are kept, not texts
        self.keys: dict[int, int] = {}  # hash of a key → how often it came
        self.contents: dict[int, int] = {}  # hash of a key → first row with it, and the digest of its content below
        self.signs: dict[int, int | tuple[int, ...]] = {}  # hash of a sign → the row or rows that gave it
        self.labels: dict[int, str] = {}  # of rows in signs; only a preview tells them

    def numbered(self, key: str) -> str:
        """The key as this row has it: the second row with the same one is #2."""
        count = self.keys[hash(key)] = self.keys.get(hash(key), 0) + 1
        return key if count == 1 else f"{key}#{count}"

    def rows_with(self, sign: tuple[str, str]) -> tuple[int, ...]:
        """Rows that gave this sign, the first few."""
        found = self.signs.get(hash(sign), ())
        return found if isinstance(found, tuple) else (found,)

    def note(self, sign: tuple[str, str], number: int) -> None:
        """A row gives this sign."""
        before = self.rows_with(sign)
        self.signs[hash(sign)] = (*before[:SHARED_WEBSITE], number) if before else number


def chunks(records: Iterable[Record], size: int = CHUNK) -> Iterator[list[Record]]:
    """Records in groups."""
    group: list[Record] = []
    for record in records:
        group.append(record)
        if len(group) >= size:
            yield group
            group = []
    if group:
        yield group


def plan(
    records: list[Record], *, target: Target, source: str, memory: Memory, writes: bool, now: datetime
) -> list[Planned]:
    """Decide for a group of records. With ``writes`` the plan ends before a row that resembles one just above it.

    That row is then decided in the next group, when the row above is a record. Without, the plan is rehearsed. About a
    dozen queries a group.
    """
    planned = [_drafted(record, target, memory) for record in records]
    live = [each for each in planned if each.draft is not None]
    read = {(record.sheet, record.number, record.part): record for record in records}
    known = imports.known(target.name, source, [each.key for each in live])
    _settle_known(live, known, target)
    fresh = []
    for each in live:
        is_repeated = _settle_repeated(each, memory, is_known=each.key in known)
        if each.key not in known and not is_repeated:
            fresh.append(each)
    for each, found in zip(fresh, target.candidates([each.draft for each in fresh]), strict=True):
        _settle_fresh(each, found, target)
    _join_certain([each for each in fresh if each.pk is not None], target)
    _refuse_changes([each for each in live if each.outcome == RowOutcome.UPDATED], read, target, memory)
    planned = _compare_rows(planned, target, memory, writes)
    for each, said in () if writes else rehearsal.refused(planned, target, now):
        _reject(each, said, read, memory)
    return planned


def _drafted(record: Record, target: Target, memory: Memory) -> Planned:
    made = Planned(record.number, record.sheet, RowOutcome.REJECTED, part=record.part)
    made.problems = [told(problem, memory.personal) for problem in record.problems]
    made.label = str(record.values.get("name", ""))[:200]
    if record.status == "rejected":
        return made
    draft, remarks = target.draft(record.values)
    refusal = target.why_not(draft)
    more = _refused_or_remarked(record, target, memory, refusal, remarks)
    if refusal is not None:
        made.problems = more + made.problems
        return made
    made.problems += more
    made.draft = draft
    stated, branch = record.values.get("key"), record.branch and f"|{record.branch}"
    made.key = memory.numbered((f"={stated}{branch}" if stated else target.natural_key(draft))[:180])
    made.content = digest(target.said(record.values))
    return made


def why_rejected(record: Record, target: Target, memory: Memory) -> list[dict[str, Any]]:
    """Why a record that was read well cannot become one of ours; [] when it can."""
    draft, _remarks = target.draft(record.values)
    refusal = target.why_not(draft)
    return [] if refusal is None else _refused_or_remarked(record, target, memory, refusal, [])


def remember(record: Record, target: Target, memory: Memory) -> None:
    """Count a row that an earlier try committed, so that later rows with its key are numbered as they were."""
    each = _drafted(record, target, memory)
    if each.draft is not None:
        _settle_repeated(each, memory, is_known=True)


def _settle_known(live: list[Planned], known: dict[str, tuple[int | None, str]], target: Target) -> None:
    """Rows whose key this list had before."""
    changed: dict[int, Planned] = {}
    for each in live:
        if each.key not in known:
            continue
        pk, content = known[each.key]
        each.pk, each.outcome = pk, RowOutcome.UNCHANGED
        each.is_kept = content == each.content
        if pk is not None and content != each.content:
            changed[pk] = each
    for pk, changes in target.changes({pk: each.draft for pk, each in changed.items()}).items() if changed else ():
        changed[pk].outcome, changed[pk].changes = RowOutcome.UPDATED, changes
    still = {pk: each.draft for pk, each in changed.items() if each.outcome == RowOutcome.UNCHANGED}
    for pk, remark in target.unheard(still).items() if still else ():
        if all(each["code"] == TAKEN_FOR for each in changed[pk].problems):
            told = {"code": "remark", "severity": "warning", "field": remark.field, "column": "", "header": ""}
            changed[pk].problems.append(told | in_both(remark.message))


def _settle_repeated(each: Planned, memory: Memory, *, is_known: bool) -> bool:
    """Whether the row says the same as an earlier row with the same key."""
    content = int(each.content[:16], 16)
    first = memory.contents.setdefault(hash(_unnumbered(each.key)), each.number << 64 | content)
    if is_known or first >> 64 == each.number or first & (1 << 64) - 1 != content:
        return False
    each.outcome = RowOutcome.UNCHANGED
    each.problems.append(
        {
            "code": "same_row",
            "severity": "warning",
            "zh": f"与第 {first >> 64} 行相同。",
            "en": f"The same as row {first >> 64}.",
        }
    )
    return True


def _settle_fresh(each: Planned, found: list[Any], target: Target) -> None:
    certain = [candidate for candidate in found if candidate.is_certain]
    if len(certain) == 1:
        each.pk = certain[0].pk
    elif found:
        each.outcome = RowOutcome.QUESTION
        each.candidates = [
            {"id": candidate.pk, "label": candidate.name, "reasons": _reasons(candidate.reasons, target)}
            | {"codes": list(candidate.reasons)}
            | _days(candidate)
            for candidate in found[:5]
        ]
    else:
        each.outcome = RowOutcome.CREATED


def _join_certain(joined: list[Planned], target: Target) -> None:
    """Rows that certainly are records we have: updated where they say something new."""
    by_pk: dict[int, Planned] = {}
    for each in joined:
        each.outcome = RowOutcome.UNCHANGED
        by_pk[each.pk or 0] = each
    for pk, changes in target.changes({pk: each.draft for pk, each in by_pk.items()}).items() if by_pk else ():
        by_pk[pk].outcome, by_pk[pk].changes = RowOutcome.UPDATED, changes


def _refuse_changes(
    updated: list[Planned], read: dict[tuple[str, int, int], Record], target: Target, memory: Memory
) -> None:
    """Rows whose record may not be changed as they say: refused now, and not only when they are written."""
    changes = {each.pk or 0: each.changes for each in updated}
    if not changes or not target.why_not_changes(changes):
        return
    said: dict[str, dict[int, Refusal]] = {}
    for short, code in LANGUAGES:
        with translation.override(code):
            said[short] = target.why_not_changes(changes)
    for each in updated:
        refusal = said["zh"].get(each.pk or 0)
        if refusal is None:
            continue
        in_english = said["en"].get(each.pk or 0, refusal)
        _reject(each, {"zh": refusal, "en": in_english}, read, memory)


def _reject(each: Planned, said: dict[str, Refusal], read: dict[tuple[str, int, int], Record], memory: Memory) -> None:
    refusal = said.get("zh") or next(iter(said.values()))
    message = {short: str(said.get(short, refusal).message) for short, _code in LANGUAGES}
    hint = {short: str(said.get(short, refusal).hint) for short, _code in LANGUAGES}
    each.problems.insert(0, _refused(refusal, read[each.sheet, each.number, each.part], memory, message, hint))
    each.outcome, each.changes, each.draft, each.pk = RowOutcome.REJECTED, {}, None, None


def _compare_rows(planned: list[Planned], target: Target, memory: Memory, writes: bool) -> list[Planned]:
    """New rows that look like other new rows of the same list."""
    here: dict[tuple[str, str], int] = {}
    for index, each in enumerate(planned):
        if each.outcome != RowOutcome.CREATED:
            continue
        signs = list(target.signs(each.draft))
        if writes and any(sign in here and not _is_shared(sign, memory) for sign in signs):
            for later in planned[index:]:
                _forget(later, memory)
            return planned[:index]
        if not writes:
            _question_rows(each, signs, target, memory)
            if each.outcome != RowOutcome.CREATED:
                continue  # no record yet of its own, so no later row is compared with it
        for sign in signs:
            if not writes or sign[0] == "same_website":  # later groups find the others among the records
                memory.note(sign, each.number)
            here[sign] = each.number
        if not writes:
            memory.labels[each.number] = each.label
    return planned


def _is_shared(sign: tuple[str, str], memory: Memory) -> bool:
    return sign[0] == "same_website" and len(memory.rows_with(sign)) > SHARED_WEBSITE


def _question_rows(each: Planned, signs: list[tuple[str, str]], target: Target, memory: Memory) -> None:
    """In a preview nothing is a record yet: name the rows above instead."""
    found: dict[int, list[str]] = {}
    for sign in signs:
        for number in () if _is_shared(sign, memory) else memory.rows_with(sign):
            found.setdefault(number, []).append(sign[0])
    if found and (outcome := target.joined(each.draft)):
        each.outcome = outcome
    elif found:
        each.outcome = RowOutcome.QUESTION
        each.candidates = [
            {"row": number, "label": memory.labels.get(number, ""), "reasons": _reasons(tuple(reasons), target)}
            for number, reasons in found.items()
        ]


def forget(planned: list[Planned], memory: Memory) -> None:
    """Rows that were not committed after all and will be decided again."""
    for each in planned:
        _forget(each, memory)


def _forget(each: Planned, memory: Memory) -> None:
    """A row that will be decided again must not have been counted."""
    if each.key:
        key = hash(_unnumbered(each.key))
        memory.keys[key] -= 1
        if memory.contents.get(key, 0) >> 64 == each.number:
            del memory.contents[key]


def _unnumbered(key: str) -> str:
    return NUMBERED.sub("", key)


def _days(candidate: Any) -> dict[str, Any]:
    """From when until when it is on record, where records alike differ by that."""
    days = getattr(candidate, "days", "")
    return {"days": in_both(days)} if days else {}


def _reasons(reasons: tuple[str, ...], target: Target) -> list[dict[str, str]]:
    return [in_both(target.reason_label(reason)) for reason in dict.fromkeys(reasons)]


# words for reports, in both languages: whoever opens a report later may read the other one


def in_both(words: Any) -> dict[str, str]:
    """A lazy sentence in Chinese and English."""
    made = {}
    for short, code in LANGUAGES:
        with translation.override(code):
            made[short] = str(words)
    return made


def told(problem: Problem, personal: frozenset[str] = frozenset()) -> dict[str, Any]:
    """A problem of reading or extracting, as a report keeps it: without anybody's phone, address or number."""
    shown = masked_in(problem.value, whole=problem.field in personal)
    sentences = {"zh": problem.sentence("zh"), "en": problem.sentence("en")}
    if shown != problem.value:
        sentences = {language: said.replace(problem.value, shown) for language, said in sentences.items()}
    return {
        "code": problem.code,
        "severity": problem.severity,
        "field": problem.field,
        "column": problem.column,
        "header": problem.header,
        "value": shown[:200],
        **{language: masked_in(said) for language, said in sentences.items()},
        "hint_zh": problem.advice("zh"),
        "hint_en": problem.advice("en"),
    }


def masked_in(text: str, *, whole: bool = False) -> str:
    """The text with phones, e-mail addresses and identity numbers in it masked, or masked as a whole."""
    if whole:
        return columns.masked(text) if text else text
    return PERSONAL.sub(lambda found: columns.masked(found[0]), text)


def personal_fields(target: type[Target]) -> frozenset[str]:
    """Fields whose values may be a person's."""
    return frozenset(each.name for each in target.fields() if each.type in {"phone", "email"})


def _refused_or_remarked(
    record: Record, target: Target, memory: Memory, refusal: Refusal | None, remarks: list[Remark]
) -> list[dict[str, Any]]:
    """Why a row is refused, and what was remarked on it.

    A sentence with figures in it was put together in the language of the moment: the row is asked again in both.
    """
    words = [each.message for each in remarks] + ([refusal.message, refusal.hint] if refusal else [])
    said: dict[str, tuple[tuple[str, str], list[str]]] = {}
    if any(isinstance(each, str) and each for each in words):
        for short, code in LANGUAGES:
            with translation.override(code):
                draft, again = target.draft(record.values)
                why = target.why_not(draft)
                said[short] = (
                    (str(why.message), str(why.hint)) if why else ("", ""),
                    [str(each.message) for each in again],
                )
    made = []
    if refusal is not None:
        message = in_both(refusal.message) | {short: why[0] for short, (why, _again) in said.items() if why[0]}
        hint = in_both(refusal.hint) | {short: why[1] for short, (why, _again) in said.items() if why[0]}
        made.append(_refused(refusal, record, memory, message, hint))
    for at, remark in enumerate(remarks):
        its = {short: again[at] for short, (_why, again) in said.items() if len(again) == len(remarks)}
        made.append(_remarked(remark, record, in_both(remark.message) | its))
    return made


def _refused(
    refusal: Refusal, record: Record, memory: Memory, message: dict[str, str], hint: dict[str, str]
) -> dict[str, Any]:
    return {
        "code": refusal.code,
        "severity": "error",
        **_place(refusal.field, record),
        "value": masked_in(str(record.values.get(refusal.field, ""))[:200], whole=refusal.field in memory.personal),
        **message,
        "hint_zh": hint["zh"],
        "hint_en": hint["en"],
    }


def _remarked(remark: Remark, record: Record, words: dict[str, str]) -> dict[str, Any]:
    return {"code": remark.code, "severity": "warning", **_place(remark.field, record), **words}


def _place(field_name: str, record: Record) -> dict[str, str]:
    letter, header = record.columns.get(field_name, ("", ""))
    return {"field": field_name, "column": letter, "header": header}


def digest(values: Any) -> str:
    """A digest of a row's values that does not depend on the order of its columns."""
    return hashlib.sha256(_canonical(dict(values)).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """What JSON does not know; in a set the order of its values says nothing."""
    if isinstance(value, PartialDate):
        return value.dump()
    if isinstance(value, Decimal):
        return str(value.normalize())
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    return dict(value) if hasattr(value, "items") else str(value)


_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=_plain).encode

"""Lists of figures about ventures and institutions: a column a measure, or a measure and its value a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from hatchline.apps.columns.partial_dates import read
from hatchline.apps.institutions import queries as institutions_queries
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.observations import actions as observations
from hatchline.apps.observations import policy, queries
from hatchline.apps.observations.actions import Given
from hatchline.apps.observations.models import ValueType
from hatchline.apps.ventures import queries as ventures_queries
from hatchline.core.tables.fields import Field
from hatchline.core.values import money, names
from hatchline.core.values.names import CreditCode
from hatchline.core.values.refusal import Refusal
from hatchline.journeys.imports import measuredfields
from hatchline.journeys.imports.lives import business_day
from hatchline.journeys.imports.targets import Remark, Target

if TYPE_CHECKING:
    from hatchline.apps.observations.models import Measure

VENTURE, INSTITUTION = "ventures.venture", "institutions.institution"
NEAR = 3  # years before and after in which a sum is looked for to compare with
Span = tuple[date, date]
Key = tuple[str, int, Span]  # measure, subject, period


@dataclass(slots=True)
class Figures:
    """What one row says about one subject in one period: measure → value in the measure's own unit."""

    name: str
    subject: int
    span: Span
    values: dict[str, Any] = field(default_factory=dict)
    correction: str = ""
    sure: str = ""
    source: str = "list"
    problem: Refusal | None = None
    number: int = 0  # which row of those read so far it is

    def told(self) -> Iterator[tuple[str, Key]]:
        """Its measures, each with what tells its value from all others."""
        for code in self.values:
            yield code, (code, self.subject, self.span)


@dataclass(frozen=True)
class Doubt:
    """A figure on record beside which the row looks wrong, or the very figure it gives."""

    pk: int
    name: str
    reasons: tuple[str, ...]
    is_certain: bool
    days: str = ""


class Observations(Target):
    """Figures of subjects on record. A value that differs from the one on record supersedes it only when asked."""

    name = "observations"
    label = _("观测值")
    kind = "observations.observation"

    def __init__(self) -> None:
        self.measures: dict[str, Measure] = {each.code: each for each in queries.measures()}
        self.called = {word: each for each in self.measures.values() for word in (each.name, each.name_en, each.code)}
        self.by_name = ventures_queries.names_of_all()
        self.by_code = ventures_queries.codes_of_all()
        self.places: dict[str, list[int]] = {}
        self.today = business_day()
        self.seen: dict[
            Key, tuple[int, Decimal]
        ] = {}  # amounts of this list, each with the number of the row that gave it
        self.periods: dict[Span, int] = {}
        self.read = 0

    @classmethod
    def pages(cls, pks: Collection[int]) -> dict[int, tuple[str, int]]:
        shown = {"ventures.venture": "venture_figures", "institutions.institution": "institution_figures"}
        rows = queries.subjects_of(pks)
        return {pk: (shown[kind], subject) for pk, kind, subject in rows if kind in shown}

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        return measuredfields.observation_fields()

    def draft(self, values: Mapping[str, Any]) -> tuple[Figures, list[Remark]]:
        remarks: list[Remark] = []
        period = values["period"]
        first, before = period.earliest, period.before
        made = Figures(
            values["name"],
            0,
            (first or date.min, before or date.min),
            correction=values.get("correction", ""),
            sure=values.get("sure", ""),
            source=values.get("source") or "list",
            number=self.read,
        )
        self.read += 1
        if first is None or before is None:
            words = _("“%(text)s”说不清是哪一期。") % {"text": period.text}
            made.problem = Refusal("no_period", words, _("请写成 2016、2016Q2 或 2016-06。"), field="period")
            return made, remarks
        made.problem = self._wide(values, made, remarks) or self._long(values, made)
        if made.problem is None and not made.values:
            made.problem = Refusal("no_value", _("这一行没有数值。"), field="value")
        if made.problem is None:
            made.subject, made.problem = self._subject(made, values.get("credit_code", ""))
        if made.problem is None and self.why_not(made) is None:
            remarks += self._differing(made, is_wide=not values.get("measure"))
        for code, key in made.told() if made.problem is None else ():
            if self.measures[code].value_type == ValueType.MONEY:
                self.seen.setdefault(key, (made.number, Decimal(made.values[code])))
        return made, remarks

    def _differing(self, made: Figures, *, is_wide: bool) -> Iterator[Remark]:
        """Another value is on record and nobody says that the row corrects it."""
        if made.correction:
            return
        if made.span not in self.periods:
            self.periods |= queries.periods({made.span})
        there, _before = self._on_record([made], {made.span: self.periods.get(made.span, 0)}, {})
        for code, key in made.told():
            measure = self.measures[code]
            if key in there and there[key][1] != _kept(measure, made.values[code]):
                refusal = queries.differs(measure, there[key][1], made.values[code])
                yield Remark(code if is_wide else "value", refusal.message)

    def _wide(self, values: Mapping[str, Any], made: Figures, remarks: list[Remark]) -> Refusal | None:
        """A column a measure; an empty cell says nothing, and one that gives no definite sum leaves it unknown."""
        for one in measuredfields.measure_fields():
            given = values.get(one.name)
            if given is None:
                continue
            if one.name not in self.measures:
                return queries.no_such_measure(one.name)
            if one.type == "money":
                its = given.single
                if its is None and len(given.parts) < 2:
                    said = {"measure": self.measures[one.name].name, "text": given.text}
                    remarks.append(
                        Remark(one.name, _("“%(measure)s”写的“%(text)s”不是一个确定的金额，按不知道处理。") % said)
                    )
                    continue
                if its is None or its.currency != "CNY":
                    said = {"measure": self.measures[one.name].name, "text": given.text}
                    words = _("“%(measure)s”写的“%(text)s”不是一个确定的人民币金额。") % said
                    return Refusal("not_an_amount", words, field=one.name)
                given = its.amount
            made.values[one.name] = given
        return None

    def _long(self, values: Mapping[str, Any], made: Figures) -> Refusal | None:
        """Measure, value and unit in columns of their own."""
        word, text = values.get("measure", "").strip(), values.get("value", "").strip()
        if not word and not text:
            return None
        measure = self.called.get(word)
        if measure is None:
            return queries.no_such_measure(word)
        if not text:
            return Refusal("no_value", _("这一行没有数值。"), field="value")
        made.values[measure.code] = value = self._value(measure, text, values.get("unit", ""))
        return policy.why_not_value(measure, value)

    @staticmethod
    def _value(measure: Measure, text: str, unit: str) -> Any:
        """The value in the measure's own unit; the text as it is where it cannot be read as one."""
        if measure.value_type == ValueType.TEXT:
            return text
        if measure.value_type == ValueType.BOOLEAN:
            return {"是": True, "否": False, "yes": True, "no": False, "1": True, "0": False}.get(text.lower(), text)
        if measure.value_type == ValueType.MONEY:  # a unit in the cell itself goes before that of its column
            found = money.parse(text, unit=unit if unit in measuredfields.UNITS and unit else "元")
            its = found.single if isinstance(found, money.Amounts) else None
            return its.amount if its is not None and its.currency == "CNY" else text
        try:
            number = Decimal(text.replace(",", "").replace("，", "").replace(" ", ""))
        except InvalidOperation:
            return text
        if measure.value_type == ValueType.INTEGER and number == number.to_integral_value():
            return int(number)
        return number

    def _subject(self, made: Figures, code: str) -> tuple[int, Refusal | None]:
        kinds = {self.measures[each].subject_kind for each in made.values}
        if len(kinds) > 1:
            return 0, Refusal("two_kinds", _("一行里既有企业的指标，又有机构的指标，请分开。"), field="name")
        if kinds == {INSTITUTION}:
            return self._only(made.name, self._institutions(made.name), _("孵化机构"))
        read = names.credit_code(code) if code else None
        if isinstance(read, CreditCode) and read.code in self.by_code:
            return self.by_code[read.code], None
        return self._only(made.name, sorted(self.by_name.get(names.key(made.name), ())), _("创业主体"))

    def _institutions(self, name: str) -> list[int]:
        if name not in self.places:
            self.places[name] = [each.pk for each in institutions_queries.candidates([InstitutionDraft(name=name)])[0]]
        return self.places[name]

    @staticmethod
    def _only(name: str, found: Sequence[int], what: Any) -> tuple[int, Refusal | None]:
        if len(found) == 1:
            return found[0], None
        said = {"what": what, "name": name, "number": len(found)}
        if found:
            words = _("有 %(number)s 条%(what)s记录叫“%(name)s”。") % said
            return 0, Refusal("several_subjects", words, _("请加上统一社会信用代码。"), field="name")
        words = _("没有找到%(what)s“%(name)s”。") % said
        return 0, Refusal("no_such_subject", words, _("请先登记或导入它。"), field="name")

    def why_not(self, draft: Figures) -> Refusal | None:
        if draft.problem is not None:
            return draft.problem
        refusal = policy.why_not_period(*draft.span, self.today)
        for code, value in draft.values.items():
            refusal = refusal or policy.why_not_value(self.measures[code], value)
        return refusal

    def signs(self, draft: Figures) -> Iterator[tuple[str, str]]:
        for code, _key in draft.told():
            yield "same_figure", f"{code}|{draft.subject}|{draft.span[0]}|{draft.span[1]}"

    def candidates(self, drafts: Sequence[Figures]) -> list[list[Doubt]]:
        """The value on record, or that of a year near by where the figure looks as if it were in another unit."""
        there, _before = self._on_record(drafts, queries.periods({draft.span for draft in drafts}), {})
        near = self._near(drafts)
        found: list[list[Doubt]] = []
        for draft in drafts:
            doubts, same = list[Doubt](), list[Doubt]()
            for code, key in draft.told():
                measure = self.measures[code]
                value = _kept(measure, draft.values[code])
                pk, last, span = near.get(key, (0, None, draft.span))
                is_odd = last is not None and not draft.sure
                is_odd = is_odd and policy.why_doubtful(measure, value, last) is not None
                if key in there and not (draft.correction and is_odd and there[key][1] != value):
                    pk, kept = there[key]
                    fits = kept == value or bool(draft.correction)
                    said = f"{measure.name} {kept}"
                    (same if fits else doubts).append(Doubt(pk, said, ("differs",), fits))
                    continue
                if is_odd:
                    doubts.append(Doubt(pk, f"{measure.name} {last:f}", ("unit",), False, read(*span, "").code))
            found.append(doubts or same[:1])
        return found

    def _near(self, drafts: Sequence[Figures]) -> dict[Key, tuple[int, Any, Span]]:
        """Of each sum the one of the nearest other year, on record or in an earlier row (0): its key, value, period."""
        around = {draft.span: _years_around(draft.span) for draft in drafts}
        periods = queries.periods({span for spans in around.values() for span in spans})
        of = {code for draft in drafts for code in draft.values if self.measures[code].value_type == ValueType.MONEY}
        subjects = {draft.subject for draft in drafts}
        current = queries.current_values([self.measures[code] for code in sorted(of)], subjects, set(periods.values()))
        found: dict[Key, tuple[int, Any, Span]] = {}
        for draft in drafts:
            for code, key in draft.told() if of else ():
                for span in around[draft.span] if code in of else ():
                    pk, value = current.get((self.measures[code].pk, draft.subject, periods.get(span, 0)), (0, None))
                    row, its = self.seen.get((code, draft.subject, span), (draft.number, None))
                    value = its if value is None and row < draft.number else value
                    if value:
                        found[key] = pk, value, span
                        break
        return found

    def _on_record(
        self, drafts: Sequence[Figures], own: Mapping[Span, int], earlier: Mapping[Span, int]
    ) -> tuple[dict[Key, tuple[int, Any]], dict[Key, tuple[int, Any]]]:
        """Current values of the rows' own periods, and of those a year before, by the rows' keys."""
        wanted = {code for draft in drafts for code in draft.values}
        current = queries.current_values(
            [self.measures[code] for code in sorted(wanted)],
            {draft.subject for draft in drafts},
            {*own.values(), *earlier.values()},
        )
        there: dict[Key, tuple[int, Any]] = {}
        before: dict[Key, tuple[int, Any]] = {}
        for draft in drafts:
            for code, key in draft.told():
                measure = self.measures[code].pk
                if (found := current.get((measure, draft.subject, own.get(draft.span, 0)))) is not None:
                    there[key] = found
                if (last := current.get((measure, draft.subject, earlier.get(draft.span, 0)))) is not None:
                    before[key] = last
        return there, before

    def changes(self, pairs: Mapping[int, Figures]) -> dict[int, dict[str, Any]]:
        """What a row adds to its subject's period, and what it corrects where it says that it does."""
        drafts = list(pairs.values())
        there, _before = self._on_record(drafts, queries.periods({draft.span for draft in drafts}), {})
        made: dict[int, dict[str, Any]] = {}
        for pk, draft in pairs.items():
            fresh, corrected = [], {}
            for code, key in draft.told():
                if key not in there:
                    fresh.append(code)
                elif draft.correction and there[key][1] != _kept(self.measures[code], draft.values[code]):
                    corrected[code] = there[key][0]
            if fresh or corrected:
                made[pk] = {"figures": draft, "fresh": tuple(fresh), "corrected": corrected}
        return made

    def told(self, pk: int, changes: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
        """Its figures, each with the one on record that it corrects."""
        draft, corrected = changes["figures"], changes["corrected"]
        were = {code: _value_of(queries.observation(old)) for code, old in corrected.items()}
        said: dict[str, tuple[Any, Any]] = {code: (None, draft.values[code]) for code in changes["fresh"]}
        return said | {code: (were[code], draft.values[code]) for code in corrected}

    def why_not_changes(self, changes: Mapping[int, Mapping[str, Any]]) -> dict[int, Refusal]:
        """A row that corrects a sum to one that looks as if it were in another unit."""
        drafts = {pk: each["figures"] for pk, each in changes.items() if each["corrected"] and not each["figures"].sure}
        _there, before = self._on_record(
            list(drafts.values()), {}, queries.years_back({d.span: 0 for d in drafts.values()})
        )
        found: dict[int, Refusal] = {}
        for pk, draft in drafts.items():
            for code, key in draft.told():
                value, last = _kept(self.measures[code], draft.values[code]), before.get(key)
                doubt = policy.why_doubtful(self.measures[code], value, last[1]) if last is not None else None
                if doubt is not None and code in changes[pk]["corrected"]:
                    found.setdefault(pk, doubt)
        return found

    def register_many(self, drafts: Sequence[Figures], *, now: datetime) -> list[int]:
        """The first value of each row. A row that somebody answered to be right supersedes what is on record."""
        keys: list[int] = []
        for draft, taken in zip(drafts, self._record(drafts, now), strict=True):
            for at, (code, each) in enumerate(zip(draft.values, taken, strict=True)):
                if each.outcome == "question" and each.pk is not None and self.is_answering:
                    made = self._correct(each.pk, draft, code, now)
                    taken[at] = observations.Taken("recorded", made)
                elif each.outcome in {"question", "refused"}:  # recorded otherwise since the row was looked at
                    raise IntegrityError(str(each.refusal))
            first = taken[0].pk
            assert first is not None
            keys.append(first)
        return keys

    def _correct(self, pk: int, draft: Figures, code: str, now: datetime) -> int:
        old = queries.observation(pk)
        if old is None:
            raise IntegrityError(str(pk))
        reason = draft.correction or str(_("导入名单时经核对更正"))
        # who answered a question about the row has looked at it; a row that corrects was asked about its unit before
        sure = draft.sure or (reason if self.is_answering else "")
        made = observations.correct(
            old, value=draft.values[code], reason=reason, source=draft.source, by=self.by, now=now, sure=sure
        )
        return made.pk

    def _record(self, drafts: Sequence[Figures], now: datetime) -> list[list[observations.Taken]]:
        made: dict[int, list[observations.Taken]] = defaultdict(list)
        by_source: dict[str, list[int]] = defaultdict(list)
        for at, draft in enumerate(drafts):
            by_source[draft.source].append(at)
        for source, places in by_source.items():
            given = [
                (at, Given(code, drafts[at].subject, *drafts[at].span, value, drafts[at].sure or "list"))
                for at in places
                for code, value in drafts[at].values.items()
            ]
            said = observations.record_many(
                [each for _at, each in given], source=source, by=self.by, now=now, today=self.today
            )
            for (at, _given), taken in zip(given, said, strict=True):
                made[at].append(taken)
        return [made[at] for at in range(len(drafts))]

    def amend_many(self, changes: Iterable[tuple[int, Mapping[str, Any]]], *, now: datetime) -> int:
        """Record what is new of a subject's period; supersede what a row corrects, or what somebody said it does."""
        count = 0
        for _pk, changed in changes:
            draft: Figures = changed["figures"]
            fresh = {code: draft.values[code] for code in changed["fresh"]}
            if fresh:
                only = Figures(draft.name, draft.subject, draft.span, fresh, sure=draft.sure, source=draft.source)
                self._record([only], now)
            for code, pk in changed["corrected"].items():
                self._correct(pk, draft, code, now)
            count += 1
        return count

    def reason_label(self, reason: str) -> Any:
        if reason == "unit":
            return _("与相近年份相差约一千倍或一万倍，像是元、千元、万元混用；数没有错的，选“数没有错，照样登记”")
        if reason == "differs":
            return _("这一期已登记了另一个数；保留已登记的，或按名单改正，原数仍可查")
        return _("名单里还有一行写了同一期的同一个指标")

    def natural_key(self, draft: Figures) -> str:
        first, before = draft.span
        codes = ",".join(sorted(draft.values))
        return "|".join((names.key(draft.name), first.isoformat(), before.isoformat(), codes))


def _kept(measure: Measure, value: Any) -> Any:
    """The value as its column keeps it."""
    return next(iter(observations.columns_of(measure, value).values()))


def _value_of(row: Any) -> Any:
    """The one value that a row of the record has."""
    values = (row.number, row.amount, row.words, row.day) if row is not None else ()
    return next((each for each in values if each is not None), None)


def _years_around(span: Span) -> list[Span]:
    """The same period of three years before and after, the nearest first and the earlier before the later."""
    before, after = [span], [span]
    for _year in range(NEAR):
        before.append((queries.back(before[-1][0]), queries.back(before[-1][1])))
        after.append((queries.on(after[-1][0]), queries.on(after[-1][1])))
    return [each for pair in zip(before[1:], after[1:], strict=True) for each in pair]

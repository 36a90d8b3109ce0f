"""Lists of funding rounds: one sum raised a row, by a venture on record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures import policy, queries
from hatchline.apps.ventures.drafts import UNKNOWN, FundingDraft
from hatchline.apps.ventures.models import Round
from hatchline.core.tables.fields import Field
from hatchline.core.values import names
from hatchline.core.values.names import CreditCode
from hatchline.core.values.refusal import Refusal
from hatchline.journeys.imports import lifefields
from hatchline.journeys.imports.lives import business_day
from hatchline.journeys.imports.targets import Remark, Target

_CERTAIN = frozenset({"same_record", "disclosed"})
_REASONS = {
    "same_record": _("同一主体、同一轮次、同一时间、同一金额"),
    "disclosed": _("同一轮次、同一时间，原来没有披露金额"),
    "same_sum": _("同一金额，轮次或时间没有写或不同：是同一笔就选它，另一笔选“都不是，新增”"),
    "same_round": _("同一轮次或同一时间，金额不同：更正这一笔就选它，另一笔选“都不是，新增”"),
    "other_investors": _("同一轮次、同一时间、同一金额，投资方不同：是同一笔就选它，另一笔选“都不是，新增”"),
}
OWN_CURRENCY = re.compile(r"[A-Za-z$¥￥€£₹]|元|币|镑|卢比")  # a sum that says itself what it is in


@dataclass(slots=True)
class ListedFunding:
    """A sum of a list, and whose it is."""

    name: str
    venture: int
    funding: FundingDraft
    source: str = "list"
    problem: Refusal | None = None
    number: str = ""  # the list's own number of it

    @property
    def identity(self) -> tuple[Any, ...]:
        """What tells it from the venture's other sums; a sum that nobody disclosed by its words."""
        its = self.funding
        return self.venture, its.round, its.received.code, its.amount, its.currency, its.amount is None and its.text

    @property
    def row(self) -> tuple[str, str]:
        """What tells it from other rows of the list with this identity."""
        return self.number, self.funding.investors


@dataclass(frozen=True)
class OnRecord:
    """A sum on record that the row may speak of."""

    pk: int
    name: str
    reasons: tuple[str, ...]
    is_certain: bool


class Fundings(Target):
    """Sums raised by ventures on record, with round, day and investors. What is unknown stays unknown."""

    name = "fundings"
    label = _("融资名单")
    kind = "ventures.funding"
    page = ("venture", "venture")
    is_rehearsed_new = True

    def __init__(self) -> None:
        self.by_name, self.by_code = queries.names_of_all(), queries.codes_of_all()
        self.today = business_day()
        self.listed: dict[tuple[Any, ...], set[tuple[str, str]]] = {}  # identity → the rows so far that state it

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        return lifefields.funding_fields()

    def draft(self, values: Mapping[str, Any]) -> tuple[ListedFunding, list[Remark]]:
        remarks: list[Remark] = []
        venture, problem = self._venture(values)
        amount, currency, text = self._sum(values, remarks)
        received = values.get("received") or UNKNOWN
        made = FundingDraft(
            amount,
            currency,
            round=values.get("round") or Round.UNKNOWN.value,
            received=received,
            investors="、".join(values.get("investors", ())),
            text=text,
        )
        source, number = values.get("source") or "list", str(values.get("key") or "")
        listed = ListedFunding(values["name"], venture, made, source, problem, number)
        self.listed.setdefault(listed.identity, set()).add(listed.row)
        return listed, remarks

    def _sum(self, values: Mapping[str, Any], remarks: list[Remark]) -> tuple[Decimal | None, str, str]:
        """Amount, currency and the words. Several sums, a range or words in one cell are no amount, and are kept."""
        given, said = values.get("amount"), str(values.get("currency") or "").strip().upper()
        if given is None or not given.text.strip():
            return None, said or "CNY", ""
        text = given.text.strip()[:300]
        money = given.single
        currency = next((each.currency for each in given.parts if each.currency), "CNY")
        if said and not OWN_CURRENCY.search(given.text):
            currency = said
        elif said and said != currency:
            words = _("金额写的是 %(one)s，币种一列写的是 %(other)s，按金额记录。")
            remarks.append(Remark("currency", words % {"one": currency, "other": said}))
        if money is None and not given.is_unknown:
            words = _("“%(text)s”不是一个确定的金额，按未披露保存原文。")
            remarks.append(Remark("amount", words % {"text": given.text}))
        return (money.amount or None) if money is not None else None, currency, text

    def _venture(self, values: Mapping[str, Any]) -> tuple[int, Refusal | None]:
        read = names.credit_code(values["credit_code"]) if values.get("credit_code") else None
        if isinstance(read, CreditCode) and read.code in self.by_code:
            return self.by_code[read.code], None
        found = self.by_name.get(names.key(values["name"]), set())
        number = str(values.get("venture") or "").strip()
        if number.isascii() and number.isdigit() and len(number) < 19:
            known = queries.venture(queries.resolve(int(number)))
            if known is not None and (not found or known.pk in found):
                return known.pk, None
            words = _("登记号 %(number)s 不是“%(name)s”。") % {"number": number, "name": values["name"]}
            return 0, Refusal("other_venture", words, _("请核对登记号或名称。"), field="venture")
        if len(found) == 1:
            return next(iter(found)), None
        said = {"number": len(found), "name": values["name"]}
        if found:
            words = _("有 %(number)s 条创业主体记录叫“%(name)s”。") % said
            hint = _("请加上统一社会信用代码，或先合并重复的记录。")
            return 0, Refusal("several_ventures", words, hint, field="name")
        words = _("没有找到创业主体“%(name)s”。") % said
        return 0, Refusal("no_such_venture", words, _("请先登记或导入创业主体。"), field="name")

    def why_not(self, draft: ListedFunding) -> Refusal | None:
        return draft.problem or policy.why_not_funding(draft.funding, source=draft.source, today=self.today)

    def signs(self, draft: ListedFunding) -> Iterator[tuple[str, str]]:
        if not draft.number:  # a list that numbers its rows says that they are two
            yield "same_sum", repr(draft.identity)

    def candidates(self, drafts: Sequence[ListedFunding]) -> list[list[OnRecord]]:
        """The very sum; as questions the same sum of another round or day, and another sum of the same round and day.

        A sum on record that another row of the list states is that row's. Where only one of two sums of the same round
        and day was disclosed, and the list no longer has a row for the other, it is disclosed now.
        """
        there = queries.fundings_of({each.venture for each in drafts})
        taken: dict[int, ListedFunding] = {}
        found: list[list[OnRecord]] = []
        for draft in drafts:
            alike = []
            for row in there.get(draft.venture, ()):
                its = ListedFunding(draft.name, draft.venture, _drafted(row))
                reason = self._reason(draft, its)
                if reason == "disclosed" and row.pk in taken and taken[row.pk] is not draft:
                    continue
                if reason in _CERTAIN:
                    taken[row.pk] = draft
                    alike = [OnRecord(row.pk, _label(row), (reason,), True)]
                    break
                if reason:
                    alike.append(OnRecord(row.pk, _label(row), (reason,), False))
            found.append(alike)
        return found

    def _reason(self, draft: ListedFunding, its: ListedFunding) -> str:
        """Why the row may speak of a sum on record; "" where it does not."""
        mine, there = draft.funding, its.funding
        if its.identity == draft.identity:
            others = self.listed[draft.identity] - {draft.row}
            is_other = bool(mine.investors and there.investors and mine.investors != there.investors)
            return "other_investors" if is_other else "same_sum" if draft.number and others else "same_record"
        if its.identity in self.listed or not _may_be_one(mine, there):
            return ""
        if mine.amount is not None and (mine.amount, mine.currency) == (there.amount, there.currency):
            return "same_sum"
        is_same_round = mine.round == there.round != Round.UNKNOWN
        is_same_day = mine.received.is_known and mine.received.code == there.received.code
        if is_same_round and is_same_day and there.amount is None and mine.amount is not None:
            return "disclosed"
        return "same_round" if is_same_round or is_same_day else ""

    def changes(self, pairs: Mapping[int, ListedFunding]) -> dict[int, dict[str, Any]]:
        """What a row states and the record says otherwise; an empty cell changes nothing."""
        made: dict[int, dict[str, Any]] = {}
        for pk, row in queries.fundings_by_key(pairs).items():
            if row.venture_id != pairs[pk].venture:
                continue
            draft, there = pairs[pk].funding, _drafted(row)
            stated: dict[str, Any] = {}
            if draft.round != Round.UNKNOWN and draft.round != there.round:
                stated["round"] = draft.round
            if draft.received.is_known and draft.received.code != there.received.code:
                stated["received"] = draft.received
            if _says_more(draft, there):
                stated |= {"amount": draft.amount, "currency": draft.currency, "text": draft.text}
            if draft.investors and draft.investors != there.investors:
                stated["investors"] = draft.investors
            if stated:
                made[pk] = stated
        return made

    def unheard(self, pairs: Mapping[int, ListedFunding]) -> dict[int, Remark]:
        """Sums that the list gave another venture before, and those that it no longer knows."""
        moved = _("名单里的这一行改成了另一个创业主体，登记簿没有跟着改。请核对名称，或为这一笔换一个名单内编号。")
        less = _("登记簿里这一笔有确定的金额，名单里没有，金额没有改。")
        told = {}
        for pk, row in queries.fundings_by_key(pairs).items():
            if row.venture_id != pairs[pk].venture:
                told[pk] = Remark("name", moved)
            elif row.amount is not None and pairs[pk].funding.amount is None:
                told[pk] = Remark("amount", less)
        return told

    def told(self, pk: int, changes: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
        """A sum with its currency, which is one thing to a reader."""
        row = queries.fundings_by_key([pk])[pk]
        said = {name: each for name, each in super().told(pk, changes).items() if name not in {"currency", "text"}}
        if changes.get("amount") is not None:
            was = f"{row.amount} {row.currency}" if row.amount is not None else row.text
            said["amount"] = was, f"{changes['amount']} {changes['currency']}"
        return said

    def hold(self, drafts: Sequence[ListedFunding]) -> None:
        queries.hold(each.venture for each in drafts)

    def register_many(self, drafts: Sequence[ListedFunding], *, now: datetime) -> list[int]:
        return ventures.record_fundings([(each.venture, each.funding, each.source) for each in drafts])

    def amend_many(self, changes: Iterable[tuple[int, Mapping[str, Any]]], *, now: datetime) -> int:
        return ventures.amend_fundings(changes)

    def reason_label(self, reason: str) -> Any:
        return _REASONS[reason]

    def natural_key(self, draft: ListedFunding) -> str:
        its = draft.funding
        amount = f"{its.amount.normalize():f}{its.currency}" if its.amount is not None else its.text[:60]
        return "|".join((str(draft.venture), its.round, its.received.code or its.received.text, amount))


def _drafted(row: Any) -> FundingDraft:
    return FundingDraft(row.amount, row.currency, row.round, row.received, row.investors, row.text)


def _label(row: Any) -> str:
    """A sum on record in words short enough to choose by."""
    if row.amount is None:
        return f"{row.get_round_display()} ?"
    amount = f"{row.amount.normalize():,f}"
    money = f"¥{amount}" if row.currency == "CNY" else f"{amount} {row.currency}"
    return f"{row.get_round_display()} {money}"


def _says_more(draft: FundingDraft, there: FundingDraft) -> bool:
    """An amount other than the one on record, or other words where there is none; what is known stays known."""
    if draft.amount is None:
        return there.amount is None and bool(draft.text) and draft.text != there.text
    return (draft.amount, draft.currency) != (there.amount, there.currency)


def _may_be_one(one: FundingDraft, other: FundingDraft) -> bool:
    """Neither round nor day tells the two apart: where one does not know, they may be the same."""
    rounds = one.round == other.round or Round.UNKNOWN.value in (one.round, other.round)
    days = one.received, other.received
    apart = all(day.is_known for day in days) and (
        one.received.is_surely_before(other.received) or other.received.is_surely_before(one.received)
    )
    return rounds and not apart

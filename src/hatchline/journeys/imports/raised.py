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

OWN_CURRENCY = re.compile(r"[A-Za-z$¥￥€£₹]|元|币|镑|卢比")  # a sum that says itself what it is in


@dataclass(slots=True)
class ListedFunding:
    """A sum of a list, and whose it is."""

    name: str
    venture: int
    funding: FundingDraft
    source: str = "list"
    problem: Refusal | None = None

    @property
    def identity(self) -> tuple[Any, ...]:
        """What tells it from the venture's other sums; a sum that nobody disclosed by its words."""
        its = self.funding
        return self.venture, its.round, its.received.code, its.amount, its.currency, its.amount is None and its.text


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

    def __init__(self) -> None:
        self.by_name, self.by_code = queries.names_of_all(), queries.codes_of_all()
        self.today = business_day()

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
        return ListedFunding(values["name"], venture, made, values.get("source") or "list", problem), remarks

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
        return iter(())

    def candidates(self, drafts: Sequence[ListedFunding]) -> list[list[OnRecord]]:
        """The very sum; or, as a question, the same sum of the venture with another round or day."""
        there = queries.fundings_of({each.venture for each in drafts})
        found: list[list[OnRecord]] = []
        for draft in drafts:
            alike = []
            for row in there.get(draft.venture, ()):
                its = ListedFunding(draft.name, draft.venture, _drafted(row))
                if its.identity == draft.identity:
                    alike = [OnRecord(row.pk, str(row), ("same_record",), True)]
                    break
                same = draft.funding.amount is not None and draft.funding.amount == row.amount
                if same and draft.funding.currency == row.currency and _may_be_one(draft.funding, its.funding):
                    alike.append(OnRecord(row.pk, str(row), ("same_sum",), False))
            found.append(alike)
        return found

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
            if draft.text and (draft.amount, draft.currency) != (there.amount, there.currency):
                stated |= {"amount": draft.amount, "currency": draft.currency, "text": draft.text}
            if draft.investors and draft.investors != there.investors:
                stated["investors"] = draft.investors
            if stated:
                made[pk] = stated
        return made

    def unheard(self, pairs: Mapping[int, ListedFunding]) -> dict[int, Remark]:
        """Sums that the list gave another venture before."""
        moved = (pk for pk, row in queries.fundings_by_key(pairs).items() if row.venture_id != pairs[pk].venture)
        told = _("名单里的这一行改成了另一个创业主体，登记簿没有跟着改。请核对名称，或为这一笔换一个名单内编号。")
        return {pk: Remark("name", told) for pk in moved}

    def register_many(self, drafts: Sequence[ListedFunding], *, now: datetime) -> list[int]:
        return ventures.record_fundings([(each.venture, each.funding, each.source) for each in drafts])

    def amend_many(self, changes: Iterable[tuple[int, Mapping[str, Any]]], *, now: datetime) -> int:
        return ventures.amend_fundings(changes)

    def reason_label(self, reason: str) -> Any:
        if reason == "same_sum":
            return _("同一金额，轮次或时间没有写或不同：是同一笔就选它，另一笔选“是新的”")
        return _("同一主体、同一轮次、同一时间、同一金额")

    def natural_key(self, draft: ListedFunding) -> str:
        its = draft.funding
        return "|".join((str(draft.venture), its.round, its.received.code or its.received.text))


def _drafted(row: Any) -> FundingDraft:
    return FundingDraft(row.amount, row.currency, row.round, row.received, row.investors, row.text)


def _may_be_one(one: FundingDraft, other: FundingDraft) -> bool:
    """Neither round nor day tells the two apart: where one does not know, they may be the same."""
    rounds = one.round == other.round or Round.UNKNOWN.value in (one.round, other.round)
    days = one.received, other.received
    apart = all(day.is_known for day in days) and (
        one.received.is_surely_before(other.received) or other.received.is_surely_before(one.received)
    )
    return rounds and not apart

"""Lists of ventures: teams and companies, with what they raised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies import queries as bodies_queries
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures import policy
from hatchline.apps.ventures import queries as ventures_queries
from hatchline.apps.ventures.drafts import DATES, UNKNOWN, FundingDraft, VentureDraft
from hatchline.apps.ventures.models import Round
from hatchline.apps.ventures.states import Exit
from hatchline.apps.ventures.wording import REASONS
from hatchline.core.tables.fields import Field
from hatchline.core.values import names
from hatchline.core.values.datewords import NOTHING
from hatchline.core.values.names import CreditCode
from hatchline.core.values.refusal import Refusal, require
from hatchline.journeys.imports import lifefields
from hatchline.journeys.imports.targets import Remark, Target

DAY = timedelta(days=1)


def business_day() -> date:
    """The business date where one is set; else the day of the last thing done: bringing a list in is a move."""
    if settings.BUSINESS_DATE:
        return date.fromisoformat(str(settings.BUSINESS_DATE))
    moment = ledger.last_moment()
    return moment.astimezone(timezone.get_current_timezone()).date() if moment is not None else date(9998, 12, 31)


@dataclass(slots=True)
class ListedVenture(VentureDraft):
    """A venture of a list; its company, when that is no record yet, is known by its code."""

    credit_code: str = ""
    country: str = ""


def _disagree(found: Sequence[Any]) -> bool:
    """Whether one is the legal body that a row names, and another is called what it is called."""
    certain = [each for each in found if each.is_certain and "same_name" not in each.reasons]
    return len(certain) == 1 and any("same_name" in each.reasons for each in found)


class Ventures(Target):
    """Teams and companies. A row with a credit code is a company, and becomes a legal body too when it is none yet."""

    name = "ventures"
    label = _("创业主体名录")
    kind = "ventures.venture"
    page = ("venture", "pk")

    def __init__(self) -> None:
        self.today = business_day()
        self.fields_by_code: dict[str, int] | None = None
        self.bodies: dict[str, int | None] = {}

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        return lifefields.venture_fields()

    def draft(self, values: Mapping[str, Any]) -> tuple[ListedVenture, list[Remark]]:
        remarks: list[Remark] = []
        code = values.get("credit_code", "")
        founded, ceased, exited = (values.get(name) for name in ("founded", "ceased", "exited"))
        way = lifefields.EXITS.get(values.get("status", ""), "")
        kinds = (("former", "former_names"), ("alias", "aliases"))
        others = [(kind, each) for kind, field in kinds for each in values.get(field, ())]
        others += [("english", values["name_en"])] if values.get("name_en") else []
        return ListedVenture(
            name=values["name"],
            names=tuple(dict.fromkeys(others)),
            legal_person=self._body(code),
            credit_code=code,
            country=values.get("country", ""),
            founded=founded,
            incorporated=values.get("incorporated") or (founded if code else None),
            ceased=ceased,
            has_ceased=values.get("status") == "closed",
            exit=way or (Exit.UNSAID.value if exited is not None and exited.is_known else ""),
            exited=exited,
            field=self._field(values.get("field", ""), remarks),
            website=values.get("website", ""),
            summary=self._summary(values),
            fundings=tuple(self._fundings(values, remarks)),
            source="list",
        ), remarks

    def _summary(self, values: Mapping[str, Any]) -> str:
        """The description, and below it what has no column of its own: nothing of a row is lost."""
        lines = [values.get("description", "")]
        for field in ("industries", "batch", "address", "territory", "country"):
            value = values.get(field)
            text = ", ".join(value) if isinstance(value, tuple) else getattr(value, "text", value)
            if text:
                lines.append(f"{lifefields.label(field)}: {text}")
        return "\n".join(filter(None, lines))

    def _fundings(self, values: Mapping[str, Any], remarks: list[Remark]) -> Iterator[FundingDraft]:
        about = {
            "round": values.get("round") or Round.UNKNOWN.value,
            "received": values.get("raised_on") or UNKNOWN,
            "investors": values.get("investors", ""),
        }
        stated = [each for each in values.get("raised", ()) if each.text.strip().casefold() not in NOTHING]
        if not stated and any(values.get(field) for field in ("round", "raised_on", "investors")):
            yield FundingDraft(None, **about)
        for amounts in stated:
            for part in amounts.parts:
                if part.kind != "exact" and part.kind != "unknown":
                    remarks.append(
                        Remark("raised", _("“%(text)s”不是一个确定的金额，按未披露保存原文。") % {"text": amounts.text})
                    )
                amount = part.low if part.kind == "exact" and part.low else None
                yield FundingDraft(amount, part.currency or "CNY", **about, text=amounts.text[:300])

    def _field(self, text: str, remarks: list[Remark]) -> int | None:
        if not text:
            return None
        if self.fields_by_code is None:
            self.fields_by_code = bodies_queries.class_keys(lifefields.FIELDS_OF_TECHNOLOGY)
        found = self.fields_by_code.get(text.split()[0])
        if found is None:
            remarks.append(Remark("field", _("“%(code)s”不是技术领域代码，先空着。") % {"code": text}))
        return found

    def _body(self, code: str) -> int | None:
        """The legal body with this code, when it is a record."""
        if not code:
            return None
        if code not in self.bodies:
            found = bodies_queries.candidates([OrganisationDraft(name=code, credit_code=code)])[0]
            self.bodies[code] = next((each.pk for each in found if each.is_certain), None)
        return self.bodies[code]

    def why_not(self, draft: ListedVenture) -> Refusal | None:
        return policy.why_not_draft(draft, today=self.today)

    def signs(self, draft: ListedVenture) -> Iterator[tuple[str, str]]:
        read = names.credit_code(draft.credit_code) if draft.credit_code else None
        if isinstance(read, CreditCode):
            yield "same_legal_person", read.code
        for name in {names.key(draft.name), *(names.key(other) for _kind, other in draft.names)}:
            yield "same_name", name
        if host := names.host(draft.website):
            yield "same_website", host

    def candidates(self, drafts: Sequence[ListedVenture]) -> list[list[Any]]:
        """Those alike. Where one holds the code and another has the name, nobody can say which is meant: a question."""
        found = ventures_queries.candidates(drafts)
        return [[replace(each, is_certain=False) for each in its] if _disagree(its) else its for its in found]

    def changes(self, pairs: Mapping[int, ListedVenture]) -> dict[int, dict[str, Any]]:
        return ventures_queries.changes(pairs)

    def why_not_changes(self, changes: Mapping[int, Mapping[str, Any]]) -> dict[int, Refusal]:
        dated = {pk: each for pk, each in changes.items() if not set(each).isdisjoint(DATES)}
        rows = ventures_queries.ventures().filter(pk__in=list(dated)) if dated else ()
        asked = {row.pk: policy.why_not_as_listed(row, dated[row.pk]) for row in rows}
        return {pk: refusal for pk, refusal in asked.items() if refusal is not None}

    def register_many(self, drafts: Sequence[ListedVenture], *, now: datetime) -> list[int]:
        self.bodies = {code: pk for code, pk in self.bodies.items() if pk is not None}
        wanted = [each for each in drafts if each.credit_code and self._body(each.credit_code) is None]
        made = [
            OrganisationDraft(
                name=each.name, credit_code=each.credit_code, types=("company",), founded=each.incorporated,
                country=each.country, website=each.website,
            )
            for each in wanted
        ]  # fmt: skip
        for each, pk in zip(wanted, bodies.register_many(made, now=now), strict=True):
            self.bodies[each.credit_code] = pk
        for each in drafts:
            each.legal_person = self._body(each.credit_code)
        for each in drafts if self.is_answering else ():  # somebody answered that the row is a new one
            require(policy.why_not_held(each.legal_person))
        return ventures.register_many(drafts, now=now)

    def amend_many(self, changes: Iterable[tuple[int, Mapping[str, Any]]], *, now: datetime) -> int:
        return ventures.amend_many(changes, now=now, today=self.today)

    def forget(self) -> None:
        self.bodies.clear()

    def reason_label(self, reason: str) -> Any:
        return REASONS.get(reason, reason)

    def natural_key(self, draft: ListedVenture) -> str:
        return draft.credit_code or names.key(draft.name)

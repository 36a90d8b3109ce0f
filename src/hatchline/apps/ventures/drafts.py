"""What is known of a venture or a stay before it is a record: the fields a form, a list or the API may give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from hatchline.apps.columns.partial_dates import kept
from hatchline.apps.ventures.models import Round, Stay, Venture
from hatchline.apps.ventures.states import Basis, EndState, Status, StayStatus
from hatchline.core.chain import holding
from hatchline.core.chain.holding import Span
from hatchline.core.values import names
from hatchline.core.values.dates import PartialDate

DATES = ("founded", "incorporated", "ceased", "exited")
RELATED = ("names", "fundings")
UNKNOWN = PartialDate.unknown()


@dataclass(frozen=True, slots=True)
class FundingDraft:
    """One sum raised; ``amount`` in the main unit of ``currency``, None when it was not disclosed."""

    amount: Decimal | None
    currency: str = "CNY"
    round: str = Round.UNKNOWN.value
    received: PartialDate = UNKNOWN
    investors: str = ""
    text: str = ""


@dataclass(slots=True)
class VentureDraft:
    """Fields of a venture. ``legal_person``, ``field`` and ``industry`` are keys (pk); empty fields say nothing.

    ``names``: (NameKind value, name) besides the present one.
    """

    name: str
    names: tuple[tuple[str, str], ...] = ()
    legal_person: int | None = None
    founded: PartialDate | None = None
    incorporated: PartialDate | None = None
    ceased: PartialDate | None = None
    field: int | None = None
    industry: int | None = None
    website: str = ""
    summary: str = ""
    fundings: tuple[FundingDraft, ...] = ()
    exit: str = ""
    exited: PartialDate | None = None
    source: str = ""
    has_ceased: bool = False  # on a day that nobody knows

    def given(self) -> dict[str, Any]:
        """Its fields as changes; where it came from is no field of a venture."""
        return {name: getattr(self, name) for name in FIELDS}

    @property
    def first_status(self) -> str:
        """The status it is registered with."""
        is_over = self.has_ceased or (self.ceased is not None and self.ceased.is_known)
        return Status.CEASED.value if is_over else Status.ACTIVE.value


FIELDS: tuple[str, ...] = tuple(each.name for each in fields(VentureDraft) if each.name not in {"source", "has_ceased"})


def columns_of(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that these fields are kept in; fields in tables of their own are left out."""
    made: dict[str, Any] = {}
    for name, value in changes.items():
        if name in RELATED:
            continue
        if name in DATES:
            made |= kept(name, value)
        elif name == "name":
            made["name"] = value.strip()
            made["name_key"] = names.key(value)
        elif name == "website":
            made["website"] = value.strip()
            made["website_host"] = names.host(value)
        elif name in {"legal_person", "field", "industry"}:
            made[f"{name}_id"] = value
        elif name == "summary":
            made["summary"] = value.strip()
        elif name == "exit":
            made["exit"] = value
        else:
            raise TypeError(f"a venture has no field {name!r}; there are {FIELDS}")
    return made


def present(venture: Venture) -> dict[str, Any]:
    """A venture's own fields as a draft has them."""
    return {
        "name": venture.name,
        "legal_person": venture.legal_person_id,
        "founded": venture.founded,
        "incorporated": venture.incorporated,
        "ceased": venture.ceased,
        "field": venture.field_id,
        "industry": venture.industry_id,
        "website": venture.website,
        "summary": venture.summary,
        "exit": venture.exit,
        "exited": venture.exited,
    }


@dataclass(slots=True)
class StayDraft:
    """A stay before it is a record. ``ended`` is the first day it was no longer there; ``evidence`` the last day seen.

    ``status`` is what its source stands for: claimed by one side, or confirmed, and then by what (``basis``). An
    overlap makes it disputed.
    """

    venture: int
    institution: int
    stage: str
    starts: PartialDate
    source: str
    ended: PartialDate = UNKNOWN
    end_state: str = EndState.OPEN.value
    evidence: date | None = None
    outcome: str = ""
    reason: str = ""
    status: str = StayStatus.CONFIRMED.value
    counts: bool = True
    not_counting_reason: str = ""
    application: int | None = None
    basis: str = Basis.BOTH.value

    def surely(self) -> Span | None:
        """The days on which it surely holds."""
        return holding.surely(self.starts, self.ended, holding.EndState(self.end_state), self.evidence)

    def perhaps(self) -> Span:
        """The days on which it may hold."""
        return holding.perhaps(self.starts, self.ended, holding.EndState(self.end_state), self.evidence)

    def columns(self) -> dict[str, Any]:
        """Its columns but for the status."""
        sure = self.surely()
        return {
            "venture_id": self.venture,
            "institution_id": self.institution,
            "stage": self.stage,
            **kept("starts", self.starts),
            **kept("ended", self.ended),
            "end_state": self.end_state,
            "evidence_on": self.evidence,
            "outcome": self.outcome,
            "reason": self.reason.strip(),
            "basis": "" if self.status == StayStatus.CLAIMED else self.basis,
            "counts": self.counts,
            "not_counting_reason": self.not_counting_reason.strip(),
            "source": self.source.strip(),
            "held_from": sure.since if sure else None,
            "held_until": sure.until if sure else None,
            "application_id": self.application,
        }


def of(stay: Stay) -> StayDraft:
    """A stay as a draft, to be changed and written again."""
    return StayDraft(
        venture=stay.venture_id,
        institution=stay.institution_id,
        stage=stay.stage,
        starts=stay.starts,
        source=stay.source,
        ended=stay.ended,
        end_state=stay.end_state,
        evidence=stay.evidence_on,
        outcome=stay.outcome,
        reason=stay.reason,
        status=stay.status,
        counts=stay.counts,
        not_counting_reason=stay.not_counting_reason,
        application=stay.application_id,
        basis=stay.basis,
    )

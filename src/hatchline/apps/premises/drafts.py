"""What is known of premises, spaces, occupancies and idle property before they are records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from hatchline.apps.columns.partial_dates import kept
from hatchline.apps.premises.models import EndState, IdleProperty, Occupancy, Premises, SpaceKind, Tenure, Use
from hatchline.apps.premises.states import PremisesStatus
from hatchline.core.chain import holding
from hatchline.core.chain.holding import Span
from hatchline.core.values import names
from hatchline.core.values.dates import PartialDate

UNKNOWN = PartialDate.unknown()
HUNDREDTH = Decimal("0.01")


@dataclass(slots=True)
class PremisesDraft:
    """Fields of premises. ``institution``, ``owner``, ``territory`` are keys; areas in m²; empty fields say nothing."""

    name: str
    institution: int | None = None
    owner: int | None = None
    address: str = ""
    territory: int | None = None
    area: Decimal | None = None
    tenure: str = Tenure.UNKNOWN.value
    starts: PartialDate | None = None
    ended: PartialDate | None = None
    converted_from_idle: bool = False
    source: str = ""

    def given(self) -> dict[str, Any]:
        """Its fields as changes."""
        return {name: getattr(self, name) for name in FIELDS}

    @property
    def first_status(self) -> str:
        """The status it is registered with."""
        over = self.ended is not None and self.ended.is_known
        return PremisesStatus.VACATED.value if over else PremisesStatus.IN_USE.value


FIELDS: tuple[str, ...] = tuple(each.name for each in fields(PremisesDraft))
_KEYS = frozenset({"institution", "owner", "territory"})
_DATES = frozenset({"starts", "ended", "found"})


@dataclass(slots=True)
class SpaceDraft:
    """A room, a desk or an area of desks, from ``since`` on (None: from ever). ``area`` in m²; None: not known."""

    code: str
    area: Decimal | None = None
    use: str = Use.INCUBATION.value
    desks: int | None = None
    since: date | None = None
    kind: str = SpaceKind.ROOM.value
    floor: str = ""
    note: str = ""


@dataclass(slots=True)
class OccupancyDraft:
    """Who uses how much of a space. ``who_kind`` and ``who_id`` are both empty for common use.

    ``ended`` is the first day it was no longer used; ``evidence`` the last day it was seen used. ``space`` is a key.
    """

    space: int
    name: str
    starts: PartialDate
    source: str
    who_kind: str = ""
    who_id: int | None = None
    area: Decimal | None = None
    desks: int | None = None
    purpose: str = ""
    ended: PartialDate = UNKNOWN
    end_state: str = EndState.OPEN.value
    evidence: date | None = None

    def surely(self) -> Span | None:
        """The days on which it surely holds."""
        return holding.surely(self.starts, self.ended, holding.EndState(self.end_state), self.evidence)

    def columns(self) -> dict[str, Any]:
        """Its columns but for status and moment."""
        sure = self.surely()
        return {
            "space_id": self.space,
            "who_kind": self.who_kind,
            "who_id": self.who_id,
            "name": self.name.strip(),
            "area": self.area,
            "desks": self.desks,
            "purpose": self.purpose.strip(),
            **kept("starts", self.starts),
            **kept("ended", self.ended),
            "end_state": self.end_state,
            "evidence_on": self.evidence,
            "held_from": sure.since if sure else None,
            "held_until": sure.until if sure else None,
            "source": self.source.strip(),
        }


def of(occupancy: Occupancy) -> OccupancyDraft:
    """An occupancy as a draft, to be changed and written again."""
    return OccupancyDraft(
        space=occupancy.space_id,
        name=occupancy.name,
        starts=occupancy.starts,
        source=occupancy.source,
        who_kind=occupancy.who_kind,
        who_id=occupancy.who_id,
        area=occupancy.area,
        desks=occupancy.desks,
        purpose=occupancy.purpose,
        ended=occupancy.ended,
        end_state=occupancy.end_state,
        evidence=occupancy.evidence_on,
    )


@dataclass(slots=True)
class IdleDraft:
    """Fields of idle property; ``area`` in m²."""

    name: str
    source: str
    owner: int | None = None
    address: str = ""
    territory: int | None = None
    area: Decimal | None = None
    former_use: str = ""
    found: PartialDate | None = None
    note: str = ""

    def given(self) -> dict[str, Any]:
        """Its fields as changes."""
        return {name: getattr(self, name) for name in IDLE_FIELDS}


IDLE_FIELDS: tuple[str, ...] = tuple(each.name for each in fields(IdleDraft))


def columns_of(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that fields of premises or idle property are kept in."""
    made: dict[str, Any] = {}
    for name, value in changes.items():
        if name in _DATES:
            made |= kept(name, value)
        elif name in _KEYS:
            made[f"{name}_id"] = value
        elif name == "name":
            made |= {"name": value.strip(), "name_key": names.key(value)}
        elif name == "area":
            made[name] = None if value is None else Decimal(value).quantize(HUNDREDTH)
        else:
            made[name] = value.strip() if isinstance(value, str) else value
    return made


def present(row: Premises | IdleProperty) -> dict[str, Any]:
    """A record's fields as a draft has them."""
    wanted = FIELDS if isinstance(row, Premises) else IDLE_FIELDS
    return {name: getattr(row, f"{name}_id" if name in _KEYS else name) for name in wanted}

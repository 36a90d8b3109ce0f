"""Lists of premises and of their rooms; who uses which room is in roomuses.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.premises import actions, drafts, policy, queries
from hatchline.apps.premises.drafts import PremisesDraft, SpaceDraft
from hatchline.apps.premises.models import SpaceKind, Tenure, Use
from hatchline.core.tables.fields import Field
from hatchline.core.values import names
from hatchline.core.values.changes import differing, is_empty
from hatchline.core.values.refusal import Refusal
from hatchline.journeys.imports import roomfields
from hatchline.journeys.imports.lives import business_day
from hatchline.journeys.imports.standing import Finder
from hatchline.journeys.imports.targets import Places, Remark, Target

DAY = timedelta(days=1)

REASONS = {
    "same_name": _("名称相同"),
    "same_space": _("同一场地的同一编号"),
    "same_occupancy": _("同一房间、同一使用者、同一开始时间"),
}


@dataclass(frozen=True)
class Recorded:
    """What is on record already that a row speaks of."""

    pk: int
    name: str
    reasons: tuple[str, ...]
    is_certain: bool = True


class OfRooms(Target):
    """What the three share: the institution by name, and no signs of identity between rows."""

    is_rehearsed_new = True

    def __init__(self) -> None:
        self.finder = Finder()
        self.today = business_day()
        self.known_places: dict[int, dict[str, list[int]]] = {}

    def forget(self) -> None:
        self.known_places.clear()

    def _institution(self, name: str) -> tuple[int, Refusal | None]:
        pk, problem = self.finder.find(name, None)
        return pk, replace(problem, field="institution") if problem is not None else None

    def _places(self, institution: int) -> dict[str, list[int]]:
        """Key of the name → premises of an institution, looked up once."""
        if institution not in self.known_places:
            found = queries.places_named([institution])
            self.known_places[institution] = {key: pks for (_institution, key), pks in found.items()}
        return self.known_places[institution]

    def signs(self, draft: Any) -> Iterator[tuple[str, str]]:
        return iter(())

    def reason_label(self, reason: str) -> Any:
        return REASONS.get(reason, reason)


@dataclass(slots=True)
class ListedPremises(PremisesDraft):
    """Premises of a list."""

    problem: Refusal | None = None
    place: str = ""


class PremisesList(OfRooms):
    """Premises of institutions on record."""

    name = "premises"
    label = _("场地")
    kind = "premises.premises"
    page = ("premises", "pk")

    def __init__(self) -> None:
        super().__init__()
        self.territories = Places()
        self.owners: dict[str, int | None] = {}

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        return roomfields.premises_fields()

    def draft(self, values: Mapping[str, Any]) -> tuple[ListedPremises, list[Remark]]:
        territory, _elsewhere, remarks = self.territories.of(values)
        institution, problem = self._institution(values["institution"])
        owner = self._owner(values.get("owner", ""))
        if values.get("owner") and owner is None:
            said = _("登记簿里没有“%(name)s”这家单位，或不止一家，产权单位先空着。") % {"name": values["owner"]}
            remarks.append(Remark("owner", said))
        return ListedPremises(
            name=values["name"],
            institution=institution or None,
            owner=owner,
            address=values.get("address", ""),
            territory=territory,
            area=values.get("area") or None,
            tenure=values.get("tenure") or Tenure.UNKNOWN.value,
            starts=values.get("starts"),
            ended=values.get("ended"),
            converted_from_idle=bool(values.get("converted_from_idle")),
            source=values.get("source") or "list",
            problem=problem,
            place=values["institution"],
        ), remarks

    def _owner(self, name: str) -> int | None:
        if name and name not in self.owners:
            found = bodies.candidates([OrganisationDraft(name=name)])[0]
            self.owners[name] = found[0].pk if len(found) == 1 else None
        return self.owners.get(name)

    def why_not(self, draft: ListedPremises) -> Refusal | None:
        return draft.problem or policy.why_not_fields(draft.given())

    def candidates(self, made: Sequence[ListedPremises]) -> list[list[Any]]:
        return list(queries.candidates(made))

    def changes(self, pairs: Mapping[int, ListedPremises]) -> dict[int, dict[str, Any]]:
        """What the list says that differs; empty fields say nothing, a mark once set stays."""
        made = {}
        for row in queries.premises().filter(pk__in=list(pairs)):
            given = {name: value for name, value in pairs[row.pk].given().items() if not is_empty(value)}
            silent = {"source"} | ({"tenure"} if given.get("tenure") == Tenure.UNKNOWN else set())
            silent |= {"converted_from_idle"} if not given.get("converted_from_idle") else set()
            wanted = differing(
                drafts.present(row), {name: value for name, value in given.items() if name not in silent}
            )
            if wanted:
                made[row.pk] = wanted
        return made

    def register_many(self, made: Sequence[ListedPremises], *, now: datetime) -> list[int]:
        return actions.register_many(made, now=now)

    def amend_many(self, changes: Iterable[tuple[int, Mapping[str, Any]]], *, now: datetime) -> int:
        return actions.amend_many(changes, now=now)

    def natural_key(self, draft: ListedPremises) -> str:
        return f"{names.key(draft.place)}|{names.key(draft.name)}"


@dataclass(slots=True)
class ListedSpace(SpaceDraft):
    """A room of a list; its premises, where they are no record yet, are known by name."""

    name: str = ""
    institution: int = 0
    place: str = ""
    premises: int = 0
    building: str = ""
    problem: Refusal | None = None


class Spaces(OfRooms):
    """Rooms and desks of premises. Premises that are not on record yet are registered by name."""

    name = "spaces"
    label = _("房间")
    kind = "premises.space"
    page = ("space", "pk")

    def __init__(self) -> None:
        super().__init__()
        self.by_code: dict[int, dict[str, int]] = {}

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        return roomfields.space_fields()

    def draft(self, values: Mapping[str, Any]) -> tuple[ListedSpace, list[Remark]]:
        remarks: list[Remark] = []
        institution, problem = self._institution(values["institution"])
        building = values["premises"]
        found = self._places(institution).get(names.key(building), []) if institution else []
        if len(found) > 1:
            words = _("这家机构有 %(number)s 处场地叫“%(name)s”。") % {"number": len(found), "name": building}
            problem = problem or Refusal("several_premises", words, field="premises")
        since = values.get("since")
        if since is not None and since.exact is None:
            remarks.append(Remark("since", _("启用日期不精确，按一直都有记录。")))
        use = values.get("use", "")
        if not use:
            remarks.append(Remark("use", _("没有写用途，按“其他用途”记录，不计入孵化用房。")))
        return ListedSpace(
            code=values["name"].strip(),
            area=values.get("area") or None,
            use=use or Use.OTHER.value,
            desks=values.get("desks"),
            since=since.exact if since is not None else None,
            kind=values.get("kind") or SpaceKind.ROOM.value,
            floor=values.get("floor", ""),
            note=values.get("note", ""),
            name=values["name"],
            institution=institution,
            place=values["institution"],
            premises=found[0] if len(found) == 1 else 0,
            building=building,
            problem=problem,
        ), remarks

    def why_not(self, draft: ListedSpace) -> Refusal | None:
        return draft.problem or policy.why_not_space(draft)

    def candidates(self, made: Sequence[ListedSpace]) -> list[list[Any]]:
        known = queries.spaces_named({each.premises for each in made if each.premises})
        found = [known.get((each.premises, each.code)) for each in made]
        return [
            [Recorded(pk, draft.code, ("same_space",))] if pk is not None else []
            for draft, pk in zip(made, found, strict=True)
        ]

    def signs(self, draft: ListedSpace) -> Iterator[tuple[str, str]]:
        yield "same_space", self.natural_key(draft)

    def changes(self, pairs: Mapping[int, ListedSpace]) -> dict[int, dict[str, Any]]:
        """A room on record stays as it is: its size changes from a day on, which a person records."""
        return {}

    def register_many(self, made: Sequence[ListedSpace], *, now: datetime) -> list[int]:
        fresh: dict[tuple[int, str], PremisesDraft] = {}
        for each in made:
            key = names.key(each.building)
            if not each.premises and key not in self._places(each.institution):
                fresh.setdefault(
                    (each.institution, key),
                    PremisesDraft(each.building, each.institution, source="list"),
                )
        for (institution, key), pk in zip(fresh, actions.register_many(list(fresh.values()), now=now), strict=True):
            self.known_places[institution][key] = [pk]
        for each in made:
            each.premises = each.premises or self._places(each.institution)[names.key(each.building)][0]
        return actions.record_spaces([(each.premises, each) for each in made], now=now)

    def amend_many(self, changes: Iterable[tuple[int, Mapping[str, Any]]], *, now: datetime) -> int:
        return 0

    def natural_key(self, draft: ListedSpace) -> str:
        return "|".join((names.key(draft.place), names.key(draft.building), draft.code))

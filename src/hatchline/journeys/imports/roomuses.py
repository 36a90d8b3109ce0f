"""Lists of who uses which room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.premises import actions, policy, queries
from hatchline.apps.premises.drafts import UNKNOWN, OccupancyDraft
from hatchline.apps.premises.fitting import Limit, Taken
from hatchline.apps.premises.models import ORGANISATION, VENTURE, EndState
from hatchline.apps.ventures import queries as ventures
from hatchline.core.tables.fields import Field
from hatchline.core.values import names
from hatchline.core.values.names import CreditCode
from hatchline.core.values.refusal import Refusal
from hatchline.journeys.imports import roomfields
from hatchline.journeys.imports.rooms import OfRooms, Recorded
from hatchline.journeys.imports.targets import Remark

DAY = timedelta(days=1)


@dataclass(slots=True)
class ListedOccupancy(OccupancyDraft):
    """A use of a room by a list. ``problem``: why its row says nothing."""

    place: str = ""
    room: str = ""
    problem: Refusal | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells it from others on record: see queries.known_occupancies."""
        who = "" if self.who_id else names.key(self.name)
        return (self.space, self.who_kind, self.who_id, who, self.starts.earliest, self.starts.before)


class Occupancies(OfRooms):
    """Who uses which room. Rooms must be on record, and so must whoever uses them."""

    name = "occupancies"
    label = _("用房记录")
    kind = "premises.occupancy"
    page = ("space", "space")

    def __init__(self) -> None:
        super().__init__()
        self.by_name = ventures.names_of_all()
        self.by_code = ventures.codes_of_all()
        self.spaces: dict[int, dict[str, int]] = {}
        self.others: dict[tuple[str, str], int | None] = {}
        self.limits: dict[int, list[Limit]] = {}
        self.taken: dict[int, list[Taken]] = {}
        self.recorded: dict[tuple[Any, ...], Any] = {}
        self.placed: dict[int, dict[tuple[Any, ...], Taken]] = {}  # by rows above, in each space

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        return roomfields.occupancy_fields()

    def draft(self, values: Mapping[str, Any]) -> tuple[ListedOccupancy, list[Remark]]:
        remarks: list[Remark] = []
        space, problem = self._space(values)
        kind, who, nobody = self._who(values)
        ended, evidence = values.get("ended") or UNKNOWN, values.get("evidence")
        seen = evidence.before - DAY if evidence is not None and evidence.before is not None else None
        said = values.get("end_state", "")
        state = EndState.KNOWN if ended.is_known else EndState.OPEN if ended.precision == "open" else EndState.UNKNOWN
        if said and not ended.is_known:
            state = EndState(said)
        area = values.get("area")
        if area is not None and area == 0:
            area = None
            remarks.append(Remark("area", _("面积写的是 0，按不知道记录。")))
        return ListedOccupancy(
            space=space,
            name=values["name"],
            starts=values.get("starts") or UNKNOWN,
            source=values.get("source") or "list",
            who_kind=kind,
            who_id=who,
            area=area,
            desks=values.get("desks"),
            purpose=values.get("purpose", ""),
            ended=ended if state is EndState.KNOWN else UNKNOWN,
            end_state=state.value,
            evidence=seen,
            place=values["institution"],
            room=f"{values.get('premises', '')}|{values['space']}",
            problem=problem or nobody,
        ), remarks

    def _space(self, values: Mapping[str, Any]) -> tuple[int, Refusal | None]:
        institution, problem = self._institution(values["institution"])
        if problem is not None:
            return 0, problem
        places = self._places(institution)
        building = values.get("premises", "")
        wanted = places.get(names.key(building), []) if building else [pk for pks in places.values() for pk in pks]
        if not wanted:
            none = _("这家机构还没有登记场地。")
            said = _("这家机构没有登记场地“%(name)s”。") % {"name": building} if building else none
            return 0, Refusal("no_such_premises", said, _("请先登记或导入房间。"), field="premises")
        for pk in wanted:
            if pk not in self.spaces:
                self.spaces[pk] = {code: space for (_its, code), space in queries.spaces_named([pk]).items()}
        code = values["space"].strip()
        found = [self.spaces[pk][code] for pk in wanted if code in self.spaces[pk]]
        if len(found) == 1:
            return found[0], None
        if found:
            several = _("有 %(number)s 处场地都有编号“%(code)s”。") % {"code": code, "number": len(found)}
            return 0, Refusal("several_spaces", several, _("请加上场地名称一列。"), field="space")
        missing = _("场地里没有编号“%(code)s”。") % {"code": code}
        return 0, Refusal("no_such_space", missing, _("请先登记或导入房间。"), field="space")

    def _who(self, values: Mapping[str, Any]) -> tuple[str, int | None, Refusal | None]:
        """Kind and key of who uses it, or why nobody can be told."""
        said, name = values.get("who", ""), values["name"]
        if said == "common":
            return "", None, None
        read = names.credit_code(values["credit_code"]) if values.get("credit_code") else None
        code = read.code if isinstance(read, CreditCode) else ""
        if said != "organisation":
            if code in self.by_code:
                return VENTURE, self.by_code[code], None
            found = self.by_name.get(names.key(name), set())
            if len(found) == 1 and not code:
                return VENTURE, next(iter(found)), None
            if len(found) > 1:
                words = _("有 %(number)s 条创业主体记录叫“%(name)s”。") % {"number": len(found), "name": name}
                hint = _("请加上统一社会信用代码，或先合并重复的记录。")
                return "", None, Refusal("several_ventures", words, hint, field="name")
            if len(found) == 1:
                return VENTURE, next(iter(found)), None
        if said != "venture":
            if (name, code) not in self.others:
                others = bodies.candidates([OrganisationDraft(name=name, credit_code=code)])[0]
                sure = [each.pk for each in others if each.is_certain] or [each.pk for each in others]
                self.others[(name, code)] = sure[0] if len(sure) == 1 else None
            pk = self.others[(name, code)]
            if pk is not None:
                return ORGANISATION, pk, None
        words = _("没有找到使用者“%(name)s”。") % {"name": name}
        hint = _("请先登记这家企业、团队或单位；公共使用的，在“使用者类别”里写公共使用。")
        return "", None, Refusal("no_such_occupant", words, hint, field="name")

    def why_not(self, draft: ListedOccupancy) -> Refusal | None:
        """It contradicts itself, or with what is on record and the rows above the room would hold more than it can."""
        if refusal := draft.problem or policy.why_not_draft(draft, today=self.today):
            return refusal
        space = draft.space
        if space not in self.limits:
            self.limits[space] = queries.limits_of([space])[space]
            self.taken[space] = queries.taken_of([space])[space]
            self.recorded |= queries.known_occupancies([space])
            self.placed[space] = {}
        if draft.key in self.recorded:
            return None
        above = self.placed[space]
        others = [taken for key, taken in above.items() if key != draft.key]
        refusal = policy.why_not_fit(self.limits[space], [*self.taken[space], *others], draft)
        sure = draft.surely()
        if refusal is None and sure is not None and sure.since is not None:
            above[draft.key] = Taken(0, sure.since, sure.until, draft.area, draft.desks)
        return refusal

    def candidates(self, made: Sequence[ListedOccupancy]) -> list[list[Any]]:
        known = queries.known_occupancies({each.space for each in made})
        found = [known.get(each.key) for each in made]
        return [
            [Recorded(on_record.pk, draft.name, ("same_occupancy",))] if on_record is not None else []
            for draft, on_record in zip(made, found, strict=True)
        ]

    def signs(self, draft: ListedOccupancy) -> Iterator[tuple[str, str]]:
        yield "same_occupancy", "|".join(map(str, draft.key))

    def changes(self, pairs: Mapping[int, ListedOccupancy]) -> dict[int, dict[str, Any]]:
        """What the list adds: an end that was not known, a later day on which it was seen."""
        known = {each.pk: each for each in queries.known_occupancies({each.space for each in pairs.values()}).values()}
        made: dict[int, dict[str, Any]] = {}
        for pk, draft in pairs.items():
            on_record = known.get(pk)
            if on_record is None or on_record.end_state == EndState.KNOWN:
                continue
            if draft.end_state == EndState.KNOWN:
                made[pk] = {"ended": draft.ended, "end_state": draft.end_state}
            elif draft.evidence and (on_record.evidence_on is None or draft.evidence > on_record.evidence_on):
                made[pk] = {"evidence": draft.evidence}
        return made

    def register_many(self, made: Sequence[ListedOccupancy], *, now: datetime) -> list[int]:
        placed = actions.record_occupancies(made, now=now, today=self.today)
        for each in placed:
            if each.pk is None:  # somebody else took the room since it was looked at
                raise IntegrityError(str(each.refusal))
        return [each.pk for each in placed if each.pk is not None]

    def amend_many(self, changes: Iterable[tuple[int, Mapping[str, Any]]], *, now: datetime) -> int:
        return actions.amend_occupancies(changes, now=now)

    def natural_key(self, draft: ListedOccupancy) -> str:
        return "|".join((names.key(draft.place), draft.room, names.key(draft.name), draft.starts.code))

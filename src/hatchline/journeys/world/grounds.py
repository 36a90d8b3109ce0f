"""Premises of invented institutions: rooms and desks as their ventures needed them, who used which, idle property."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from heapq import heappop, heappush
from random import Random
from typing import TYPE_CHECKING, Any

from hatchline.apps.premises import actions as premises
from hatchline.apps.premises.drafts import IdleDraft, OccupancyDraft, PremisesDraft, SpaceDraft
from hatchline.core.values.dates import PartialDate
from hatchline.journeys.world.honours import Candidate
from hatchline.journeys.world.lifecycles import Visit
from hatchline.journeys.world.writing import SOURCE, Written

if TYPE_CHECKING:
    from hatchline.apps.bodies.models import Organisation, Territory

ROOM = {"incubation": (5.45, 0.6), "acceleration": (6.4, 0.5), "park": (6.9, 0.6)}  # logarithms of m²
DESK = Decimal(5)  # m² of one
OTHER_USES = (("public_service", 0.22), ("shared", 0.16), ("office", 0.09), ("other", 0.07))  # beside the rooms' area
UNRECORDED, LINGERS = 0.06, 0.012  # stays without an occupancy; occupancies nobody ended
NAMES = {"public_service": "公共服务大厅", "shared": "路演与会议区", "office": "运营办公室", "other": "配套用房"}
# Idle property: name, former use, m², how far it got
IDLE = (
    ("垡头旧焦化库房（演示）", "仓库", 8600, "found"),
    ("王四营建材市场二号楼（演示）", "市场", 12400, "found"),
    ("高碑店印刷车间（演示）", "厂房", 5300, "surveyed"),
    ("豆各庄粮库三号仓（演示）", "仓库", 4100, "surveyed"),
    ("酒仙桥电子管厂南楼（演示）", "厂房", 15800, "negotiating"),
    ("小红门乡镇企业楼（演示）", "办公", 3900, "negotiating"),
    ("东风农机厂装配车间（演示）", "厂房", 9700, "converting"),
    ("八里庄织布车间（演示）", "厂房", 11200, "converted"),
    ("南磨房旧宾馆（演示）", "宾馆", 6800, "dropped"),
)
STEPS = ("found", "surveyed", "negotiating", "converting", "converted")


@dataclass(slots=True)
class Room:
    """A room while it is being filled: its area, and the key it gets."""

    area: Decimal
    use: str
    since: date
    pk: int = 0


def build(
    there: Sequence[Candidate],
    written: Sequence[Written],
    streets: Sequence[Territory],
    owners: Sequence[Organisation],
    *,
    seed: int,
    now: datetime,
    today: date,
) -> int:
    """Premises with rooms for everybody who was there; how many occupancies were recorded."""
    by_place: dict[int, list[tuple[Visit, Written]]] = defaultdict(list)
    for venture in written:
        for visit, stay in zip(venture.life.visits, venture.stays, strict=True):
            if stay is not None:
                by_place[visit.place].append((visit, venture))
    drafts, plans = list[PremisesDraft](), list[tuple[list[SpaceDraft], list[tuple[int, OccupancyDraft]]]]()
    for each in there:
        draw = Random(seed * 97 + each.number)
        opened = each.opened or date(2009, 6, 1)
        rooms, uses = _rooms(by_place[each.number], opened, draw, today)
        drafts.append(_premises(each, rooms, opened, streets, owners, draw))
        plans.append((rooms, uses))
    keys = premises.register_many(drafts, now=now)
    spaces = [(pk, space) for pk, (rooms, _uses) in zip(keys, plans, strict=True) for space in rooms]
    found = iter(premises.record_spaces(spaces, now=now))
    occupancies: list[OccupancyDraft] = []
    for rooms, uses in plans:
        pks = [next(found) for _room in rooms]
        for at, draft in uses:
            draft.space = pks[at]
            occupancies.append(draft)
    placed = premises.record_occupancies(occupancies, now=now, today=today)
    return sum(each.pk is not None for each in placed)


def _rooms(
    visits: Sequence[tuple[Visit, Written]], opened: date, draw: Random, today: date
) -> tuple[list[SpaceDraft], list[tuple[int, OccupancyDraft]]]:
    """Rooms so that everybody had one, each let again once it is free; some stand empty. Teams share open desks."""
    rooms: list[SpaceDraft] = []
    uses: list[tuple[int, OccupancyDraft]] = []
    free: dict[str, list[tuple[date, int]]] = defaultdict(list)
    desks, teams = 0, list[tuple[Visit, Written, int]]()
    for visit, who in sorted(visits, key=lambda pair: (pair[0].starts, pair[1].pk)):
        if draw.random() < UNRECORDED:
            continue
        if visit.stage == "nursery":
            teams.append((visit, who, draw.randint(2, 5)))
            continue
        heap = free[visit.stage]
        if heap and heap[0][0] <= visit.starts:
            at = heappop(heap)[1]
        else:
            at = len(rooms)
            rooms.append(_room(at, visit.stage, opened, draw))
        ended = visit.ended
        if ended is not None and ended > today - timedelta(days=400) and draw.random() < LINGERS * 8:
            ended = None
        if ended is not None:
            heappush(heap, (ended, at))
        uses.append((at, _occupancy(who, visit, ended, rooms[at].area, None)))
    for stage in sorted(free):
        for _empty in range(max(1, len(rooms) // 12)):
            rooms.append(_room(len(rooms), stage, opened, draw))
    let = sum((each.area or Decimal(0) for each in rooms), Decimal(0))
    if teams:
        desks = _most(teams, today) + draw.randint(4, 20)
        rooms.append(SpaceDraft("开放工位 A 区", desks * DESK, "incubation", desks, opened, "open", "1 层"))
        at = len(rooms) - 1
        uses += [(at, _occupancy(who, visit, visit.ended, number * DESK, number)) for visit, who, number in teams]
    for use, share in OTHER_USES:
        area = Decimal(round(max(float(let), 600) * share * draw.uniform(0.8, 1.25)))
        rooms.append(SpaceDraft(NAMES[use], area, use, None, opened, "room", "1 层"))
    return rooms, uses


def _room(at: int, stage: str, opened: date, draw: Random) -> SpaceDraft:
    middle, spread = ROOM[stage]
    area = Decimal(max(18, round(draw.lognormvariate(middle, spread))))
    building, floor = "AB"[at // 120 % 2], at % 120 // 10 + 1
    return SpaceDraft(
        f"{building}{floor:02d}{at % 10 + 1:02d}-{at}", area, "incubation", None, opened, "room", f"{floor} 层"
    )


def _most(teams: Sequence[tuple[Visit, Written, int]], today: date) -> int:
    """The most desks in use on any day."""
    steps = [(visit.starts, number) for visit, _who, number in teams]
    steps += [
        (visit.ended, -number) for visit, _who, number in teams if visit.ended is not None and visit.ended <= today
    ]
    most = used = 0
    for _day, change in sorted(steps):
        used += change
        most = max(most, used)
    return most


def _occupancy(
    who: Written, visit: Visit, ended: date | None, area: Decimal | None, desks: int | None
) -> OccupancyDraft:
    return OccupancyDraft(
        0,
        who.name,
        PartialDate.of(visit.starts.isoformat()),
        SOURCE,
        who_kind="ventures.venture",
        who_id=who.pk,
        area=area,
        desks=desks,
        purpose="研发工位" if desks else "办公研发",
        ended=PartialDate.of(ended.isoformat()) if ended is not None else PartialDate.unknown(),
        end_state="known" if ended is not None else "open",
    )


def _premises(
    each: Candidate, rooms: Sequence[SpaceDraft], opened: date, streets: Sequence[Territory],
    owners: Sequence[Organisation], draw: Random,
) -> PremisesDraft:  # fmt: skip
    total = sum((room.area or Decimal(0) for room in rooms), Decimal(0))
    street = draw.choice(streets)
    is_owned = draw.random() < 0.35
    return PremisesDraft(
        f"演示园区 {each.number + 1} 号",
        each.key,
        owners[each.number].pk if is_owned and each.number < len(owners) else None,
        f"{street.path_name}演示路 {draw.randint(1, 180)} 号",
        street.pk,
        total * Decimal("1.06"),
        "owned" if is_owned else "leased",
        PartialDate.of(f"{opened:%Y-%m}"),
        None if is_owned else PartialDate.of(f"{2018 + draw.randrange(12)}-{opened:%m}"),
        each.number in {14, 16, 30},
        SOURCE,
    )


def idle(it: Any, streets: Sequence[Territory]) -> None:
    """Idle property, each as far on its way as it got. ``it``: Doings."""
    drafts = [
        IdleDraft(
            name,
            SOURCE,
            area=Decimal(area),
            former_use=former,
            territory=streets[number * 5 % len(streets)].pk,
            address=f"{streets[number * 5 % len(streets)].path_name}演示路 {number + 7} 号",
            found=PartialDate.of(f"{it.ago(500 - number * 20):%Y-%m}"),
        )
        for number, (name, former, area, _progress) in enumerate(IDLE)
    ]
    for number, draft in enumerate(drafts):
        progress, start = IDLE[number][3], 380 - number * 20
        property_ = premises.find(draft, **it.done(start))
        for verb, at in _way(progress):
            day = it.ago(start - at * 30)
            done = it.done(start - at * 30)
            if verb == "drop":
                premises.drop(property_, on=day, reason="产权纠纷未解决。（演示）", **done)
            elif verb == "convert":
                premises.convert(
                    property_, on=day, institution=it.institutions[min(14, len(it.institutions) - 1)], **done
                )
            else:
                getattr(premises, verb)(property_, on=day, **done)


def _way(progress: str) -> Iterator[tuple[str, int]]:
    verbs = ("", "survey", "negotiate", "start_converting", "convert")
    if progress == "dropped":
        yield "survey", 1
        yield "drop", 2
        return
    for at in range(1, STEPS.index(progress) + 1):
        yield verbs[at], at

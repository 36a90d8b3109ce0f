"""Putting invented lives on the record: companies, ventures, stays, in bulk and in chunks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby, islice
from random import Random

from django.utils import timezone

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures.drafts import UNKNOWN, FundingDraft, StayDraft, VentureDraft
from hatchline.apps.ventures.history import History
from hatchline.core.values.dates import PartialDate
from hatchline.journeys.world import invented, naming
from hatchline.journeys.world.lifecycles import Life, Visit

SOURCE = "演示数据（虚构）"
CHUNK = 2_000
FIRST_CODE = 2_000_000  # credit codes of ventures; the crowd of organisations has those below
EXITING = 0.09  # of those that graduated
FUNDS = ("种子基金", "天使会", "成长基金", "产业基金", "创业投资")


@dataclass(frozen=True, slots=True)
class Written:
    """A life on the record. ``stays``: the keys of its visits, in their order; None for one that was refused."""

    life: Life
    pk: int
    body: int | None
    stays: tuple[int | None, ...]
    places: tuple[int, ...]  # keys of the institutions of its visits
    name: str


@dataclass(frozen=True)
class Surroundings:
    """Keys of what lives refer to: institutions by place, sub-districts, technology fields, industries."""

    institutions: Sequence[int]
    streets: Sequence[int]
    fields: Sequence[int]
    industries: Sequence[int]


def write(
    lives: Iterable[Life], around: Surroundings, *, now: datetime, today: date, is_tidy: bool = False
) -> Iterator[list[Written]]:
    """Write lives, which come in the order of their arrival, chunk by chunk; a chunk ends with its year.

    Each is recorded a while after the last of it arrived, at ``now`` at the latest. ``is_tidy``: every date to the day,
    for measuring.
    """
    known = History()
    for _year, those in groupby(lives, lambda life: life.visits[0].starts.year):
        while part := list(islice(those, CHUNK)):
            moment = min(_soon_after(part[-1].visits[0].starts, today), now)
            yield write_some(part, around, known, now=moment, today=today, is_tidy=is_tidy)
            known.ventures.clear()
            known.stays.clear()


def write_some(
    lives: Sequence[Life], around: Surroundings, known: History, *, now: datetime, today: date, is_tidy: bool
) -> list[Written]:
    """Write these lives, in bulk. ``known``: what is known of institutions already."""
    companies = [life for life in lives if life.incorporated is not None]
    keys = bodies.register_many([_company(life, around) for life in companies], now=now)
    body = {life.number: pk for life, pk in zip(companies, keys, strict=True)}
    drafts = [_venture(life, body.get(life.number), around, today, is_tidy) for life in lives]
    pks = ventures.register_many(drafts, now=now)
    wanted = [
        (at, stay)
        for at, (life, pk) in enumerate(zip(lives, pks, strict=True))
        for stay in _stays(life, pk, around, is_tidy)
    ]
    moments = [max(now, _soon_after(visit.starts, today)) for life in lives for visit in life.visits]
    made = [stay for _at, stay in wanted]
    recorded = ventures.record_stays(made, now=now, today=today, known=known, moments=moments)
    stays: list[list[int | None]] = [[] for _life in lives]
    for (at, _stay), each in zip(wanted, recorded, strict=True):
        stays[at].append(each.pk)
    return [
        Written(
            life,
            pk,
            body.get(life.number),
            tuple(its),
            tuple(around.institutions[visit.place] for visit in life.visits),
            draft.name,
        )
        for life, pk, its, draft in zip(lives, pks, stays, drafts, strict=True)
    ]


def _soon_after(day: date, today: date) -> datetime:
    """When what began on a day was told of."""
    return timezone.make_aware(datetime.combine(min(day + timedelta(days=20), today), time(10)))


def _company(life: Life, around: Surroundings) -> OrganisationDraft:
    assert life.incorporated is not None
    draw = Random(life.number * 31 + 7)
    return OrganisationDraft(
        name=naming.venture(life.number),
        credit_code=invented.credit_code(FIRST_CODE + life.number),
        legal_form="limited",
        types=("company",),
        country="CN",
        territory=draw.choice(around.streets) if around.streets else None,
        address=f"演示路 {draw.randint(1, 400)} 号",
        founded=PartialDate.of(life.incorporated.isoformat()),
        industry=draw.choice(around.industries) if around.industries else None,
    )


def _venture(life: Life, body: int | None, around: Surroundings, today: date, is_tidy: bool) -> VentureDraft:
    draw = Random(life.number * 37 + 11)
    company, team = naming.venture(life.number), naming.team(life.number)
    was_team = body is not None and life.visits and life.visits[0].stage == "nursery"
    way, sold = _exit(life, today)
    return VentureDraft(
        name=company if body is not None else team,
        names=(("former", team),) if was_team else (),
        legal_person=body,
        founded=_written(life.founded, draw, 0.25, is_tidy),
        incorporated=_date(life.incorporated) if life.incorporated is not None else None,
        ceased=_date(life.ceased) if life.ceased is not None else None,
        field=draw.choice(around.fields) if around.fields and draw.random() < 0.93 else None,
        industry=draw.choice(around.industries) if around.industries and draw.random() < 0.8 else None,
        website=f"https://www.{naming.latin(life.number)}.example.cn" if draw.random() < 0.5 else "",
        summary=f"{naming.topic(life.number)}。（虚构）" if draw.random() < 0.7 else "",
        fundings=tuple(_fundings(life)) if body is not None else (),
        exit=way,
        exited=sold,
        source=SOURCE,
    )


def _exit(life: Life, today: date) -> tuple[str, PartialDate | None]:
    """How and when its owners sold: of some that graduated and go on, a few on a day that nobody wrote down."""
    draw = Random(life.number * 47 + 19)
    left = next((visit.ended for visit in life.visits if visit.outcome == "graduated"), None)
    if left is None or life.ceased is not None or draw.random() > EXITING:
        return "", None
    way = draw.choice(("acquired", "acquired", "acquired", "listed"))
    day = left + timedelta(days=draw.randrange(120, 900))
    if day > today:
        return "", None
    return way, PartialDate.of(f"{day:%Y-%m}") if draw.random() < 0.8 else None


def _fundings(life: Life) -> Iterator[FundingDraft]:
    """Rounds it raised; some were not disclosed."""
    draw = Random(life.number * 43 + 37)
    day = (life.incorporated or life.founded) + timedelta(days=draw.randrange(60, 500))
    amount = 10 ** draw.gauss(6.15, 0.4)
    for kind in ("angel", "a", "b"):
        until = life.ceased or life.visits[-1].ended or life.visits[-1].starts + timedelta(days=400)
        if day > until or draw.random() > (0.22 if kind == "angel" else 0.4):
            return
        known = Decimal(round(amount, -4)) if draw.random() < 0.85 and amount > 10_000 else None
        received = PartialDate.of(f"{day:%Y-%m}")
        yield FundingDraft(known, "CNY", kind, received, f"演示{draw.choice(FUNDS)}", "" if known else "未披露")
        day, amount = day + timedelta(days=draw.randrange(300, 800)), amount * draw.uniform(2.5, 6)


def _stays(life: Life, pk: int, around: Surroundings, is_tidy: bool) -> Iterator[StayDraft]:
    """Its visits as a district has them on paper: old ones with a month or a year, some without an end."""
    draw = Random(life.number * 41 + 13)
    for at, visit in enumerate(life.visits):
        before, after = (life.visits[near] if 0 <= near < len(life.visits) else None for near in (at - 1, at + 1))
        is_loose = not _touch(before, visit), not _touch(visit, after)
        starts = _written(visit.starts, draw, 0.06, is_tidy or not is_loose[0])
        year = visit.starts.year
        source = f"{SOURCE}：{year} 年入驻名册第 {life.number} 行，孵化协议 {year}-{life.number:05}，双方盖章"
        draft = StayDraft(pk, around.institutions[visit.place], visit.stage, starts, source)
        if visit.ended is not None:
            draft.ended = _written(visit.ended, draw, 0.06, is_tidy or not is_loose[1])
            draft.end_state, draft.outcome = "known", visit.outcome
            if visit.outcome == "left":
                draft.reason = draw.choice(naming.REASONS)
            if not is_tidy and visit.outcome in {"left", "closed"} and is_loose[1] and draw.random() < 0.06:
                draft.ended, draft.end_state, draft.outcome, draft.reason = UNKNOWN, "unknown", "", ""
                draft.evidence = max(visit.starts, visit.ended - timedelta(days=draw.randrange(1, 200)))
        yield draft


def _touch(one: Visit | None, other: Visit | None) -> bool:
    """Two stays at one stage, one after the other: an imprecise date would make them overlap."""
    return one is not None and other is not None and one.stage == other.stage


def _date(day: date) -> PartialDate:
    return PartialDate.of(day.isoformat())


def _written(day: date, draw: Random, share: float, is_exact: bool) -> PartialDate:
    """A day as somebody wrote it down: the older, the less of it; ``share`` of the later ones too."""
    chance = draw.random()
    if is_exact:
        return _date(day)
    if day.year < 2009:
        return PartialDate.of(f"{day.year}", f"{day.year}年") if chance < 0.3 else _date(day)
    if chance < share:
        return PartialDate.of(f"{day:%Y-%m}", f"{day.year}年{day.month}月")
    return _date(day)

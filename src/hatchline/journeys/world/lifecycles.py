"""How invented ventures live: arrivals by year, and what may befall them every month at every stage.

The district is what comes out of this process; no total is written anywhere. Rates were chosen so that the shape is
that of the published national averages (tenants and graduates per incubator, 2012–2017) and the size is what the plan
of the district implies. Every venture depends on the seed and its own number alone.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from random import Random

UNTIL = date(2017, 7, 18)
FULL = 44  # institutions of the whole district
# Ventures that come into the chain of the whole district, by year; the last is of a whole year.
ARRIVALS = {
    2003: 10, 2004: 75, 2005: 130, 2006: 165, 2007: 175, 2008: 180, 2009: 185, 2010: 190, 2011: 195, 2012: 200,
    2013: 225, 2014: 290, 2015: 420, 2016: 500, 2017: 585,
}  # fmt: skip
# Rates a year, by whole years at the stage: the last one holds from then on.
BECOMES = (0.44, 0.66, 0.62)  # a team in a nursery becomes a company in incubation
GIVES_UP = (0.24, 0.26, 0.30)
GRADUATES = (0.0, 0.06, 0.17, 0.24, 0.20, 0.13)
FAILS = (0.045, 0.09, 0.085, 0.07, 0.06, 0.05)
MOVES = 0.022  # to another institution at the same stage
GOES_ON = (0.10, 0.28, 0.30)  # from an accelerator to a park
SLOWS = 0.07
LEAVES_PARK = 0.03
FROM_NURSERY = 0.44  # of those who arrive; the others come as companies
# Of graduates, by the year from which it is so: to an accelerator, to a park; the others leave the district.
NEXT_PLACES = ((2015, 0.44, 0.31), (2013, 0.26, 0.26), (0, 0.07, 0.20))
COMES_BACK = 0.05  # of those who left incubation without graduating
STAGES = ("nursery", "incubation", "acceleration", "park")


@dataclass(frozen=True)
class Place:
    """An institution as ventures see it. ``weight``: how many it draws beside the others."""

    opens: date
    stages: tuple[str, ...]
    weight: float


@dataclass(slots=True)
class Visit:
    """A stay. ``ended`` is the first day it was no longer there; None while it goes on."""

    place: int
    stage: str
    starts: date
    ended: date | None = None
    outcome: str = ""


@dataclass(slots=True)
class Life:
    """A venture. ``draw`` goes on where its life stopped: names, figures and rights come from it."""

    number: int
    founded: date
    draw: Random
    incorporated: date | None = None
    ceased: date | None = None
    visits: list[Visit] = field(default_factory=list)


class Places:
    """Where one may go on a day at a stage; the larger draw more."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.places = places

    @cached_property
    def _by_stage(self) -> dict[str, list[int]]:
        ordered = sorted(range(len(self.places)), key=lambda at: (self.places[at].opens, at))
        return {stage: [at for at in ordered if stage in self.places[at].stages] for stage in STAGES}

    @cached_property
    def _sums(self) -> dict[str, tuple[list[date], list[float]]]:
        return {
            stage: ([self.places[at].opens for at in those], list(accumulate(self.places[at].weight for at in those)))
            for stage, those in self._by_stage.items()
        }

    def one(self, stage: str, day: date, draw: Random) -> int | None:
        """An open institution that offers the stage; None when there is none yet."""
        opened, sums = self._sums[stage]
        number = bisect(opened, day)
        if not number:
            return None
        return self._by_stage[stage][min(bisect(sums, draw.random() * sums[number - 1]), number - 1)]

    def offers(self, place: int, stage: str) -> bool:
        """Whether this institution has that stage."""
        return stage in self.places[place].stages


def arrivals(until: date = UNTIL) -> float:
    """How many ventures come into the chain of a whole district up to the day."""
    return sum(number * _share_over(year, until) for year, number in _by_year(until))


def _by_year(until: date) -> list[tuple[int, int]]:
    """Arrivals by year; after the last year written above they go on as in that one."""
    last = max(ARRIVALS)
    return [*ARRIVALS.items(), *((year, ARRIVALS[last]) for year in range(last + 1, until.year + 1))]


def _share_over(year: int, until: date) -> float:
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    return min(max((until - first) / (after - first), 0.0), 1.0)


def arrival(share: float, until: date = UNTIL) -> date:
    """The day by which this share of all had come."""
    left = share * arrivals(until)
    for year, number in _by_year(until):
        if left < number * _share_over(year, until):
            return min(date(year, 1, 1) + timedelta(days=int(365 * left / number)), until)
        left -= number * _share_over(year, until)
    return until


def live(
    number: int,
    of: int,
    *,
    seed: int,
    places: Places,
    until: date = UNTIL,
    moves: float = MOVES,
    known_as: int | None = None,
) -> Life:
    """The life of the venture with this number, one of ``of``, up to the day.

    ``moves``: rate a year at which a tenant goes to another institution. ``known_as``: another number for its name.
    """
    draw = Random(seed * 1_000_003 + number)
    day = arrival((number + draw.random()) / of, until)
    is_team = draw.random() < FROM_NURSERY
    stage = "nursery" if is_team else "incubation"
    place = places.one(stage, day, draw)
    if place is None:
        stage = "incubation" if is_team else "nursery"
        place = places.one(stage, day, draw)
    founded = day - timedelta(days=int(draw.expovariate(1 / (120 if stage == "nursery" else 420))) + 5)
    life = Life(number if known_as is None else known_as, founded, draw)
    if place is None:  # there is nowhere to go yet
        return life
    if stage == "incubation":
        life.incorporated = min(founded + timedelta(days=draw.randrange(0, 90)), day)
    life.visits.append(Visit(place, stage, day))
    while life.visits[-1].ended is None:
        if not _a_month(life, places, until, moves):
            break
    return life


def _a_month(life: Life, places: Places, until: date, moves: float) -> bool:
    """One more month of its present stay; False when that is where the story stops."""
    here, draw = life.visits[-1], life.draw
    begun, months = here.starts, 0
    if here.stage == "incubation":  # what it did before elsewhere counts
        begun = next(each.starts for each in life.visits if each.stage == "incubation")
    while True:
        months += 1
        day = here.starts + timedelta(days=int(30.4 * months) - draw.randrange(30))
        if day > until:
            return False
        years = (day - begun).days // 365
        chance, at = draw.random() * 12, 0.0
        for event, rate in _chances(here.stage, years, moves):
            at += rate
            if chance < at:
                _happens(life, event, max(day, here.starts + timedelta(days=20)), places, until)
                return here.ended is not None
    return False


def _chances(stage: str, years: int, moves: float) -> tuple[tuple[str, float], ...]:
    def at(rates: Sequence[float]) -> float:
        return rates[min(years, len(rates) - 1)]

    if stage == "nursery":
        return ("becomes", at(BECOMES)), ("gives_up", at(GIVES_UP))
    if stage == "incubation":
        return ("graduates", at(GRADUATES)), ("fails", at(FAILS)), ("moves", moves)
    if stage == "acceleration":
        return ("goes_on", at(GOES_ON)), ("fails", SLOWS)
    return (("fails", LEAVES_PARK),)


def _happens(life: Life, event: str, day: date, places: Places, until: date) -> None:
    """The present stay ends on the day, and perhaps another begins."""
    if day > until:
        return
    here, draw = life.visits[-1], life.draw
    if event in {"becomes", "moves", "goes_on"}:
        stage = {"becomes": "incubation", "moves": here.stage, "goes_on": "park"}[event]
        stays_there = event == "becomes" and places.offers(here.place, stage) and draw.random() < 0.6
        place = here.place if stays_there else places.one(stage, day, draw)
        if place is None or (event == "moves" and place == here.place):
            return
        here.ended, here.outcome = day, "moved"
        if life.incorporated is None:
            life.incorporated = day - timedelta(days=draw.randrange(0, min(60, max(1, (day - here.starts).days))))
        life.visits.append(Visit(place, stage, day))
        return
    here.ended = day
    if event == "graduates":
        here.outcome = "graduated"
        chance = draw.random()
        _since, to_accelerator, to_park = next(each for each in NEXT_PLACES if each[0] <= day.year)
        after = "acceleration" if chance < to_accelerator else "park" if chance < to_accelerator + to_park else ""
        place = places.one(after, day, draw) if after else None
        if place is not None:
            life.visits.append(Visit(place, after, day))
    elif event == "gives_up" or draw.random() < 0.55:
        here.outcome, life.ceased = "closed", day
    else:
        here.outcome = "left"
        back = day + timedelta(days=draw.randrange(90, 600))
        if here.stage == "incubation" and draw.random() < COMES_BACK and back < until:
            place = places.one("incubation", back, draw)
            if place is not None:
                life.visits.append(Visit(place, "incubation", back))

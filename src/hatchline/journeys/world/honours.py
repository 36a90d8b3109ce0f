"""Titles of invented institutions and ventures: which authority gave which, when, in rounds as authorities do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from hatchline.apps.titles.drafts import TitleDraft
from hatchline.core.values.dates import PartialDate
from hatchline.journeys.world.figures import RightPlan
from hatchline.journeys.world.lifecycles import Life

INSTITUTION, VENTURE, SOURCE = "institutions.institution", "ventures.venture", "演示数据（虚构）"
KINDS = {
    "incubator": "incubator", "university_park": "university_park", "returnee_park": "returnee_park",
    "accelerator": "accelerator", "small_business_base": "small_business_base", "innovative": "makerspace",
    "makerspace": "makerspace", "industrial_park": "industry_base",
}  # fmt: skip
# level: authority, days of its rounds (month, day), first year, years an institution has to have been open, pass rate
LEVELS = (
    ("national", "科学技术部火炬中心（演示）", ((12, 18),), 2009, 8, 0.50),
    ("municipal", "北京市科学技术委员会（演示）", ((6, 25),), 2010, 4, 0.27),
    ("district", "朝阳区科学技术委员会（演示）", ((5, 26), (11, 21)), 2014, 1, 0.36),
)
SHORT = {"national": "国", "municipal": "市", "district": "区"}
YEARS_VALID = 3
HIGH_TECH_A_YEAR, RENEWED = 0.07, 0.75


@dataclass(frozen=True)
class Candidate:
    """An institution that may be recognised. ``weight``: the larger are recognised sooner."""

    number: int
    key: int
    kind: str
    opened: date | None
    weight: float


def of_institutions(those: Iterable[Candidate], *, seed: int, today: date) -> Iterator[TitleDraft]:
    """What each was recognised as, at each level, up to the day. A level is not asked for before the one below it."""
    for each in those:
        kind = KINDS.get(each.kind)
        if kind is None or each.opened is None:
            continue
        draw = Random(seed * 67 + each.number)
        for level, authority, rounds, first, years, rate in LEVELS:
            day = _round(each, rounds, first, years, rate, draw, today)
            if day is not None:
                yield _title(each, kind, level, authority, day, draw)


def _round(
    each: Candidate, rounds: Sequence[tuple[int, int]], first: int, years: int, rate: float, draw: Random, today: date
) -> date | None:
    """The round in which it passed."""
    assert each.opened is not None
    for year in range(max(first, each.opened.year + years), today.year + 1):
        for month, day in rounds:
            held = date(year, month, day)
            ready = date(each.opened.year + years, each.opened.month, 1) <= held
            if held <= today and ready and draw.random() < rate * min(max(each.weight, 0.6), 1.6):
                return held
    return None


def _title(each: Candidate, kind: str, level: str, authority: str, day: date, draw: Random) -> TitleDraft:
    number = draw.randint(2, 60)
    return TitleDraft(
        INSTITUTION,
        each.key,
        kind,
        level,
        SOURCE,
        given=PartialDate.of(day.isoformat()),
        authority=authority,
        document=f"演示{SHORT[level]}科〔{day.year}〕{number}号（虚构）",
        number=f"YS-{day.year}-{SHORT[level]}-{each.number:04d}",
        batch=f"{day.year}年{'上半年' if day.month < 7 else '下半年'}",
    )


def of_venture(pk: int, life: Life, rights: Sequence[RightPlan], *, today: date) -> Iterator[TitleDraft]:
    """High-technology and small-technology company, by years in which it had a right and was a company long enough."""
    draw = Random(life.number * 71 + 29)
    if life.incorporated is None or not rights:
        return
    over = life.ceased or today
    first = max(date(life.incorporated.year + 1, 12, 1), rights[0].granted + timedelta(days=120))
    year, until = max(first.year, 2009), None
    while year <= min(over.year, today.year):
        day = date(year, 11, 24)
        if first <= day <= over and day <= today and (until is None or until <= day + timedelta(days=60)):
            if draw.random() < (HIGH_TECH_A_YEAR if until is None else RENEWED):
                until = date(year + YEARS_VALID, day.month, day.day)
                yield TitleDraft(
                    VENTURE,
                    pk,
                    "high_tech",
                    "national",
                    SOURCE,
                    given=PartialDate.of(day.isoformat()),
                    ends_before=until,
                    authority="北京市高新技术企业认定机构（演示）",
                    document=f"演示高企〔{year}〕{1 + life.number % 4}号（虚构）",
                    number=f"GR{year}11{life.number:06d}（虚构）",
                    batch=f"{year}年第{1 + life.number % 3}批",
                )
            elif until is not None:
                return
        year += 1
    yield from _others(pk, life, draw, over, today)


def _others(pk: int, life: Life, draw: Random, over: date, today: date) -> Iterator[TitleDraft]:
    """Titles that came late or go to few."""
    if draw.random() < 0.10 and over >= today:
        yield TitleDraft(
            VENTURE, pk, "tech_sme", "other", SOURCE, given=PartialDate.of("2017-06"), ends_before=date(2018, 4, 1),
            authority="北京市科技型中小企业评价工作机构（演示）", number=f"20171105YS{life.number:06d}（虚构）",
        )  # fmt: skip
    if any(each.stage == "acceleration" for each in life.visits) and draw.random() < 0.18:
        yield TitleDraft(
            VENTURE, pk, "gazelle", "municipal", SOURCE, given=PartialDate.of("2016", "2016年"),
            authority="演示园区管理委员会", batch="2016年度",
        )  # fmt: skip

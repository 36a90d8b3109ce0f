"""Three ventures whose founders have accounts, so that every desk has something on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.observations import actions as observations
from hatchline.apps.observations import queries as observed
from hatchline.apps.observations.actions import Given
from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures import queries
from hatchline.apps.ventures.drafts import FundingDraft, StayDraft, VentureDraft
from hatchline.core.values.dates import PartialDate
from hatchline.journeys import chain, steps
from hatchline.journeys.world import invented
from hatchline.journeys.world.doings import MAIN, Doings, moment
from hatchline.journeys.world.writing import SOURCE

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person
    from hatchline.apps.ventures.models import Venture

LABORATORY = 7  # the institution with the second desk
ACCELERATOR, NURSERY = 9, 25
DONE = dict[str, Any]


def tell(it: Doings, folk: Mapping[str, Person], body: int) -> None:
    """All three. ``body``: the company of the first. In a district too small for their institutions: none."""
    if len(it.institutions) <= ACCELERATOR:
        return
    _company(it, folk["founder"], body)
    _sensors(it, folk["yunshan"])
    _team(it, folk["team"])


def _on(text: str) -> PartialDate:
    return PartialDate.of(text)


def _at(day: date) -> DONE:
    return {"by": None, "now": moment(day), "today": day}


def _past(it: Doings, venture: Venture, *stays: tuple[str, str, str, str]) -> None:
    """Stays at the main institution: stage, from, until, outcome; an empty end goes on."""
    drafts = [
        StayDraft(
            venture.pk,
            it.institutions[MAIN],
            stage,
            _on(since),
            SOURCE,
            ended=_on(until) if until else PartialDate.unknown(),
            end_state="known" if until else "open",
            outcome=outcome,
        )
        for stage, since, until, outcome in stays
    ]
    ventures.record_stays(drafts, now=moment(it.ago(200)), today=it.today)


def _company(it: Doings, founder: Person, body: int) -> None:
    """Incubated, renamed, financed; asked whether it may be recommended to an accelerator; claimed by a neighbour."""
    company = bodies.organisation(body)
    name = company.name if company is not None else "北京青梧云算科技有限公司"
    draft = VentureDraft(
        name,
        names=(("former", "北京青梧智算科技有限公司"), ("alias", "青梧团队"), ("english", "Qingwu Cloud Computing")),
        legal_person=body,
        founded=_on("2014-09"),
        incorporated=_on("2015-04-09"),
        website="https://www.qingwu.example.cn",
        summary="面向中小企业的弹性算力平台。（虚构）",
        source=SOURCE,
    )
    venture = ventures.register(draft, founder=founder, **_at(it.ago(200)))
    _past(it, venture, ("nursery", "2014-09-15", "2015-04-20", "moved"), ("incubation", "2015-04-20", "", ""))
    _holds(it, venture, (("software", "2015-11-03"), ("software", "2016-05-18"), ("invention", "2017-03-22")))
    _raised(it, venture, (("angel", 1_500_000, "2015-08"), ("a", 9_000_000, "2017-01")))
    _reported(it, venture, {2015: (620_000, 9), 2016: (4_180_000, 21)})
    neighbour = StayDraft(venture.pk, it.institutions[4], "incubation", _on(it.ago(120).isoformat()), SOURCE)
    ventures.claim(neighbour, **it.done(9))
    stay = queries.stays_of(venture).filter(institution=it.institutions[MAIN], stage="incubation").get()
    asked = ("profile", "founders", "figures", "rights")
    steps.offer(stay, institution=it.institutions[ACCELERATOR], stage="acceleration", asked=asked, **it.done(4))


def _sensors(it: Doings, founder: Person) -> None:
    """A team that became a company in the same place, with a second desk elsewhere that does not count."""
    draft = VentureDraft("云杉传感团队", founded=_on("2014-08"), summary="MEMS 压力传感器。（虚构）", source=SOURCE)
    venture = ventures.register(draft, founder=founder, **_at(date(2014, 9, 8)))
    _past(it, venture, ("nursery", "2014-09-10", "2015-06-18", "moved"))
    chain.incorporate(
        venture,
        name="北京云杉传感技术有限公司",
        credit_code=invented.credit_code(4_000_001),
        on=_on("2015-06-18"),
        **_at(date(2015, 6, 29)),
    )
    _past(it, venture, ("incubation", "2015-06-18", "", ""))
    aside = StayDraft(venture.pk, it.institutions[LABORATORY], "incubation", _on("2016-09-01"), SOURCE)
    aside.ended, aside.end_state, aside.outcome = _on("2017-03-18"), "known", "left"
    aside.reason, aside.counts, aside.not_counting_reason = "联合实验结束", False, "联合实验工位，不计在孵"
    ventures.claim(aside, **it.done(100))
    _holds(it, venture, (("invention", "2017-05-26"), ("software", "2016-03-15"), ("software", "2016-03-16")))
    _raised(it, venture, (("angel", 1_200_000, "2015-09"), ("a", 6_000_000, "2016-12")))
    _reported(it, venture, {2015: (110_000, 7), 2016: (1_960_000, 16)})


def _team(it: Doings, founder: Person) -> None:
    """A team without a company: in a nursery where there is one, waiting for a place in incubation."""
    draft = VentureDraft(
        "秋叶护理机器人团队", founded=_on("2017-02"), summary="居家护理机器人。（虚构）", source=SOURCE
    )
    venture = ventures.register(draft, founder=founder, **it.done(90))
    ventures.record_founder(venture, name="江听雨", backgrounds=("student",), by=None, now=moment(it.ago(90)))
    place = it.institutions[NURSERY] if len(it.institutions) > NURSERY else it.institutions[MAIN]
    first = steps.apply(venture, institution=place, stage="nursery", note="三名成员，需要工位。", **it.done(88))
    steps.admit(first, starts=_on(it.ago(80).isoformat()), **it.done(80))
    if place != it.institutions[MAIN]:
        note = "样机已完成，准备注册公司。"
        steps.apply(venture, institution=it.institutions[MAIN], stage="incubation", note=note, **it.done(3))


def _holds(it: Doings, venture: Venture, rights: tuple[tuple[str, str], ...]) -> None:
    for number, (kind, granted) in enumerate(rights, 1):
        ventures.record_right(
            venture, kind=kind, title=f"演示成果 {number}", number=f"YS-{venture.pk}-{number}", granted=_on(granted),
            source=SOURCE, **it.done(40),
        )  # fmt: skip


def _raised(it: Doings, venture: Venture, rounds: tuple[tuple[str, int, str], ...]) -> None:
    for kind, amount, day in rounds:
        funding = FundingDraft(Decimal(amount), round=kind, received=_on(day), investors="演示种子基金")
        ventures.record_funding(venture, funding, source=SOURCE, **it.done(40))


def _reported(it: Doings, venture: Venture, years: Mapping[int, tuple[int, int]]) -> None:
    declared = {each.code for each in observed.measures("ventures.venture")}
    for year, (revenue, people) in years.items():
        if year >= it.today.year:
            continue
        values = {"revenue": Decimal(revenue), "employees": people, "rd_spending": Decimal(revenue // 4)}
        given = [
            Given(code, venture.pk, date(year, 1, 1), date(year + 1, 1, 1), value)
            for code, value in values.items()
            if code in declared
        ]
        told = moment(date(year + 1, 2, 24))
        observations.record_many(given, source=f"{SOURCE}：{year}年度统计", by=None, now=told, today=it.today)

"""What is known about invented ventures and institutions beside their stays: written in bulk, in the order given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from random import Random

from django.utils import timezone

from hatchline.apps.institutions import actions as institutions
from hatchline.apps.observations import actions as observations
from hatchline.apps.observations import queries as observed
from hatchline.apps.observations.actions import Given
from hatchline.apps.titles import actions as titles
from hatchline.apps.ventures.actions import details
from hatchline.apps.ventures.actions.details import FounderDraft, RightDraft
from hatchline.core.values.dates import PartialDate
from hatchline.journeys.world import figures, honours, naming, standing
from hatchline.journeys.world.figures import Report, RightPlan
from hatchline.journeys.world.honours import Candidate
from hatchline.journeys.world.lifecycles import Places
from hatchline.journeys.world.writing import Written

SOURCE = "演示数据（虚构）"
BACKGROUNDS = (
    ("student", 0.24), ("teacher", 0.08), ("researcher", 0.2), ("returnee", 0.17), ("executive", 0.2), ("serial", 0.16),
)  # fmt: skip
RIGHT_NAMES = {
    "software": "%s系统软件", "utility": "一种%s装置", "invention": "一种%s方法", "design": "%s设备（外观）",
    "ic_layout": "%s芯片布图",
}  # fmt: skip


def people_institutions(there: Sequence[Candidate], *, seed: int, today: date) -> None:
    """Staff, mentors, groups and titles of institutions. ``there``: in the order of their places."""
    opened = [each.opened or date(2009, 6, 1) for each in there]
    each_with = list(zip(there, opened, strict=True))
    institutions.record_staff_many(
        [
            draft
            for each, day in each_with
            for draft in standing.staff(each.number, each.key, day, each.weight, seed=seed, today=today)
        ]
    )
    institutions.record_mentors(
        [
            draft
            for each, day in each_with
            for draft in standing.mentors(each.number, each.key, day, each.weight, seed=seed, today=today)
        ]
    )
    institutions.link_branches(list(standing.branches([each.key for each in there], opened)))


def recognise(there: Sequence[Candidate], *, seed: int, now: datetime, today: date) -> int:
    """Titles of institutions; how many."""
    return len(titles.record_many(list(honours.of_institutions(there, seed=seed, today=today)), now=now))


def enrich(part: Sequence[Written], silent: frozenset[int], *, now: datetime, today: date) -> list[tuple[int, Report]]:
    """Founders, names, rights and titles of ventures; what they reported, to be recorded with all the others."""
    reports = [(each.pk, figures.report(each.life, today, silent)) for each in part]
    details.record_founders(draft for each in part for draft in _founders(each))
    details.date_names(
        (each.pk, each.life.incorporated) for each in part if each.body is not None and each.life.incorporated
    )
    details.record_rights(
        draft for each, (_pk, report) in zip(part, reports, strict=True) for draft in rights_of(each, report.rights)
    )
    titles.record_many(
        [
            title
            for each, (_pk, report) in zip(part, reports, strict=True)
            for title in honours.of_venture(each.pk, each.life, report.rights, today=today)
        ],
        now=now,
    )
    return reports


def observe(reports: Iterable[tuple[int, Report]], *, today: date) -> int:
    """Record figures period by period, each at the moment it came in; how many. Measures nobody declared are left."""
    declared = {measure.code for measure in observed.measures("ventures.venture")}
    recorded = 0
    for (told, starts, ends), some in figures.batches(reports).items():
        given = [
            Given(figure.measure, pk, starts, ends, figure.value) for pk, figure in some if figure.measure in declared
        ]
        if not given:
            continue
        moment = timezone.make_aware(datetime.combine(min(told, today), time(9)))
        words = (
            f"{starts.year}年度统计"
            if (ends - starts).days > 300
            else f"{starts.year}年第{starts.month // 3 + 1}季度快报"
        )
        taken = observations.record_many(given, source=f"{SOURCE}：{words}", by=None, now=moment, today=today)
        recorded += sum(each.outcome == "recorded" for each in taken)
    return recorded


def silent_places(there: Places, number: int = 3) -> frozenset[int]:
    """The institutions that have not handed in their last figures: small ones, as a rule."""
    by_size = sorted(range(len(there.places)), key=lambda at: there.places[at].weight)
    offering = [at for at in by_size if there.offers(at, "incubation")]
    return frozenset(offering[1 : 1 + number]) if len(offering) > 10 else frozenset()


def _founders(each: Written) -> Iterator[FounderDraft]:
    draw = Random(each.life.number * 83 + 31)
    if draw.random() < 0.06:  # nobody wrote them down
        return
    for at in range(draw.choices((1, 2, 3), (0.5, 0.33, 0.17))[0]):
        background = draw.choices([name for name, _share in BACKGROUNDS], [share for _name, share in BACKGROUNDS])
        yield FounderDraft(
            each.pk,
            naming.person(each.life.number * 3 + at * 5000 + 1),
            tuple(background) if draw.random() < 0.9 else (),
            each.life.founded,
        )


def rights_of(each: Written, rights: Sequence[RightPlan]) -> Iterator[RightDraft]:
    """Rights as drafts of the venture on record."""
    for at, right in enumerate(rights, 1):
        yield RightDraft(
            each.pk,
            right.kind,
            SOURCE,
            number=f"YS{right.granted:%Y%m}{each.life.number:06d}{at:02d}",
            title=RIGHT_NAMES[right.kind] % naming.topic(each.life.number),
            applied=PartialDate.of(right.applied.isoformat()),
            granted=PartialDate.of(right.granted.isoformat()),
            valid_until=right.valid_until,
        )

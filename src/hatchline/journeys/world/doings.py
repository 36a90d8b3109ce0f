"""What was done in the weeks before the business date, by every verb of the chain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from hatchline.apps.observations import actions as observations
from hatchline.apps.observations import queries as observed
from hatchline.apps.titles import actions as titles
from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures import queries
from hatchline.apps.ventures.drafts import StayDraft, VentureDraft
from hatchline.core.values.dates import PartialDate
from hatchline.journeys import chain, steps
from hatchline.journeys.world import invented, naming
from hatchline.journeys.world.lifecycles import Places
from hatchline.journeys.world.writing import SOURCE, Written

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person
    from hatchline.apps.ventures.models import Stay, Venture

MAIN = 3  # the institution whose manager and staff have accounts
DAY = timedelta(days=1)
REFUSALS = (
    "工位已满，请下一季度再申请。",
    "方向与本机构专长不符，建议联系对口的孵化机构。",
    "材料中没有创业计划，请补充后再申请。",
)
ASIDE = ("联合实验室工位，主体仍在原机构", "第二办公点，不重复计入")
REPLIES = (
    "合同仍在履行，企业在我处办公。",
    "企业只租用了我处的会议与测试工位，没有签孵化协议。",
    "已与企业核对，入驻日期以合同为准。",
)
DATA = ("profile", "founders", "figures", "rights")


def moment(day: date, hour: int = 10) -> datetime:
    """An hour of that day."""
    return timezone.make_aware(datetime.combine(day, time(hour, 12)))


@dataclass
class Doings:
    """Who may do it, and to whom: each venture is taken for one doing only."""

    written: Sequence[Written]
    places: Places
    institutions: Sequence[int]
    today: date
    draw: Random
    manager: Person

    def __post_init__(self) -> None:
        self.taken: set[int] = set()

    def pick(self, stage: str, number: int, *, at: int | None = None, before: date | None = None) -> list[Written]:
        """Ventures that are at this stage now (in this institution), there since before a day; fewer when few are."""
        found: list[Written] = []
        for each in self.written:
            last = each.life.visits[-1]
            if len(found) == number:
                break
            if each.pk in self.taken or last.ended is not None or last.stage != stage or each.stays[-1] is None:
                continue
            if (at is not None and last.place != at) or last.starts >= (before or self.today - timedelta(days=30)):
                continue
            found.append(each)
        self.taken.update(each.pk for each in found)
        return found

    def elsewhere(self, each: Written, stage: str) -> int | None:
        """The key of another institution that offers the stage."""
        for _try in range(8):
            place = self.places.one(stage, self.today, self.draw)
            if place is not None and self.institutions[place] not in each.places:
                return self.institutions[place]
        return None

    def venture(self, each: Written) -> Venture:
        """The record."""
        found = queries.venture(each.pk)
        assert found is not None
        return found

    def stay(self, each: Written) -> Stay:
        """Its present stay."""
        key = each.stays[-1]
        assert key is not None
        return queries.stays_of(self.venture(each)).get(pk=key)

    def done(self, days_ago: int) -> dict[str, Any]:
        """Who does it and when: the system, so many days before the business date."""
        day = self.today - timedelta(days=days_ago)
        return {"by": None, "now": moment(day), "today": day}

    def ago(self, days: int) -> date:
        """The day so many days before."""
        return self.today - timedelta(days=days)


def all_of_it(it: Doings, scale: float) -> None:
    """Everything, so many times as the size of the district makes likely (1 for 44 institutions)."""

    def times(number: int) -> int:
        return max(1, round(number * min(scale, 1.0)))

    applications(it, times)
    claims(it, times)
    handovers(it, times)
    questions(it, times)
    duplicates(it, times)
    changes(it, times)
    corrections(it, times)
    lost_titles(it)


def applications(it: Doings, times: Any) -> None:
    """Teams ask for a place: some wait, some were admitted, refused, or asked no more."""
    for number, each in enumerate(it.pick("nursery", times(30))):
        place = it.institutions[MAIN] if number % 3 == 0 and len(it.institutions) > MAIN else None
        place = place or it.elsewhere(each, "incubation")
        if place is None or (place in each.places[-1:] and each.life.visits[-1].stage == "incubation"):
            continue
        since = 2 + number % 40
        application = steps.apply(
            it.venture(each), institution=place, stage="incubation", note="希望进入孵化阶段。（演示）", **it.done(since)
        )
        later = it.done(max(1, since - 9))
        if number % 5 == 1 and since > 10:
            steps.refuse(application, reason=REFUSALS[number % len(REFUSALS)], **later)
        elif number % 5 == 2 and since > 10:
            stay = steps.admit(application, starts=_on(it.ago(since - 12 if since > 12 else 1)), **later)
            assert stay.pk
        elif number % 10 == 3:
            steps.recall(application, **later)


def claims(it: Doings, times: Any) -> None:
    """Stays that one side alone speaks of; stays that do not count; a stay disputed; one withdrawn."""
    for number, each in enumerate(it.pick("park", times(6))):
        _claim(it, each, "park", "claimed", 20 if number else 45)  # one that nobody answered for more than a month
    for number, each in enumerate(it.pick("incubation", times(9))):
        _claim(it, each, "incubation", "confirmed", 15, ASIDE[number % 2])
    for each in it.pick("acceleration", times(2)):
        steps.dispute(it.stay(each), reason="企业称合同已在上月终止。（演示）", **it.done(6))
    for each in it.pick("nursery", times(2)):
        ventures.withdraw(it.stay(each), reason="团队没有实际入驻。（演示）", **_timeless(it.done(12)))
    for number, each in enumerate(it.pick("nursery", times(3))):
        stay = ventures.set_aside(it.stay(each), reason="只参加训练营，没有工位。（演示）", **_timeless(it.done(11)))
        if number == 1:
            ventures.count(stay, **_timeless(it.done(7)))


def _claim(it: Doings, each: Written, stage: str, status: str, days_ago: int, aside: str = "") -> Stay | None:
    place = it.elsewhere(each, stage)
    if place is None:
        return None
    draft = StayDraft(each.pk, place, stage, _on(it.ago(days_ago + 60)), SOURCE, status=status)
    draft.counts, draft.not_counting_reason = not aside, aside
    return ventures.claim(draft, **it.done(days_ago))


def handovers(it: Doings, times: Any) -> None:
    """The next place: offered, agreed to, accepted, done, declined, stopped."""
    ends = ("offered", "offered", "consented", "consented", "accepted", "done", "done", "done", "declined", "stopped")
    old = it.ago(900)
    chosen = [*it.pick("incubation", times(5), at=MAIN, before=old), *it.pick("incubation", times(7), before=old)]
    for number, each in enumerate(chosen):
        place = it.elsewhere(each, "acceleration")
        if place is None:
            continue
        how = ends[number % len(ends)]
        stay = it.stay(each)
        if how == "done":
            stay = steps.graduate(stay, on=_on(it.ago(20)), **it.done(20))
        handover = steps.offer(stay, institution=place, stage="acceleration", asked=DATA, **it.done(18))
        if how == "declined":
            steps.decline(handover, reason="离客户太远。（演示）", **it.done(15))
        if how in {"consented", "accepted", "done", "stopped"}:
            steps.consent(handover, categories=DATA[: 2 + number % 3], **it.done(14))
        if how == "stopped":
            steps.stop(handover, **it.done(8))
        if how in {"accepted", "done"}:
            steps.accept(handover, **it.done(9))
        if how == "done":
            steps.complete(handover, on=it.ago(3), **it.done(2))


def questions(it: Doings, times: Any) -> None:
    """Two institutions claim one company: open, answered by one or both, overdue, settled."""
    resolutions = ("keep_first", "second_aside")
    chosen = [*it.pick("incubation", times(4), at=MAIN), *it.pick("incubation", times(10))]
    for number, each in enumerate(chosen):
        place = it.elsewhere(each, "incubation")
        if place is None:
            continue
        since = 24 if number % 5 == 4 else 10  # a reply is due after fifteen days
        draft = StayDraft(each.pk, place, "incubation", _on(it.ago(since + 75)), SOURCE)
        ventures.claim(draft, **it.done(since))
        question = queries.open_questions().filter(venture=each.pk).order_by("pk").last()
        if question is None:
            continue
        asked = list(question.asked.order_by("pk"))
        for at, one in enumerate(asked[: number % 3]):
            words = REPLIES[(number + at) % len(REPLIES)]
            ventures.reply(question, institution=one.institution_id, text=f"{words}（演示）", **_timeless(it.done(6)))
        if number % 6 == 2 and len(asked) == 2:
            ventures.settle(
                question, resolution=resolutions[number // 6 % 2], note="双方答复一致。（演示）", **it.done(3)
            )


def duplicates(it: Doings, times: Any) -> None:
    """One venture on record twice, as different people wrote it: asked about, merged, undone, not seen yet."""
    for number, each in enumerate(it.pick("incubation", times(8), before=it.ago(400))):
        name = naming.venture(each.life.number)
        variant = (
            name.replace("有限公司", "有限责任公司"),
            name.replace("北京", "北京 ", 1).replace("有限公司", "（有限公司）"),
            name.removesuffix("有限公司"),
        )[number % 3]
        draft = VentureDraft(variant, website=f"http://{naming.latin(each.life.number)}.example.cn/", source=SOURCE)
        twin = ventures.register(draft, **it.done(120))
        if number % 4 == 0:
            ventures.ask_duplicate(it.venture(each), twin, **it.done(5))
        elif number % 4 == 1:
            ventures.merge(it.venture(each), twin, reason="名称与网站相同。（演示）", **it.done(30))
        elif number % 4 == 2:
            made = ventures.merge(it.venture(each), twin, reason="名称相近。（演示）", **it.done(28))
            ventures.undo_merge(made, **_timeless(it.done(21)))


def changes(it: Doings, times: Any) -> None:
    """Teams become companies, companies change their name, some end."""
    for number, each in enumerate(it.pick("nursery", times(6))):
        chain.incorporate(
            it.venture(each),
            name=naming.venture(each.life.number),
            credit_code=invented.credit_code(3_000_000 + each.life.number),
            on=_on(it.ago(12 + number)),
            **it.done(8),
        )
    for number, each in enumerate(it.pick("incubation", times(8), before=it.ago(700))):
        if each.body is None:
            continue
        name = naming.venture(each.life.number).replace("北京", "北京新", 1)
        ventures.rename(it.venture(each), name=name, on=it.ago(30 + number * 9), **it.done(25))
    for each in it.pick("acceleration", times(1)):
        if each.body is not None:
            chain.change_legal_person(
                it.venture(each),
                name=f"{naming.venture(each.life.number).removesuffix('有限公司')}股份有限公司",
                credit_code=invented.credit_code(3_500_000 + each.life.number),
                on=it.ago(40),
                reason="整体改制。（演示）",
                **it.done(33),
            )
    for each in it.pick("nursery", times(3)):
        ventures.cease(it.venture(each), on=_on(it.ago(5)), reason="团队解散。（演示）", **it.done(4))


def corrections(it: Doings, times: Any) -> None:
    """Figures that were wrong and were put right: what was known before stays readable."""
    year = it.today.year - 1
    for each in it.pick("incubation", times(6), before=date(year, 1, 1)):
        period = {"starts_on": date(year, 1, 1), "ends_before": date(year + 1, 1, 1)}
        rows = observed.history("revenue", each.pk, **period)
        wrong = observed.observation(rows[-1].pk) if rows and rows[-1].value else None
        if wrong is not None:
            observations.correct(
                wrong,
                value=rows[-1].value * 2,
                reason="审计后调整。（演示）",
                source=f"{SOURCE}：审计报告",
                **_timeless(it.done(45)),
            )


def lost_titles(it: Doings) -> None:
    """A title taken back, one entered by mistake, one of which nobody wrote down the day."""
    common: dict[str, Any] = {"subject_kind": "institutions.institution", "source": SOURCE}
    words: dict[str, Any] = {"document": "演示〔2016〕99号（虚构）", "authority": "朝阳区科学技术委员会（演示）"}
    wanted: Iterable[tuple[int, str]] = ((25, "makerspace"), (16, "makerspace"), (2, "incubator"))
    for number, kind in wanted:
        if number >= len(it.institutions):
            continue
        given = PartialDate.unknown() if number == 2 else _on(it.ago(300))
        title = titles.record(
            subject_id=it.institutions[number], kind=kind, level="district", given=given, number=f"YS-{number}",
            **common, **words, **it.done(290),
        )  # fmt: skip
        if number == 25:
            titles.withdraw(title, on=it.ago(60), reason="连续两次考核不合格。（演示）", **it.done(58))
        elif number == 16:
            titles.strike(title, reason="录错了机构。（演示）", **_timeless(it.done(280)))


def _timeless(done: dict[str, Any]) -> dict[str, Any]:
    """For verbs that do not ask which day it is."""
    return {name: value for name, value in done.items() if name != "today"}


def _on(day: date) -> PartialDate:
    return PartialDate.of(day.isoformat())

"""Lists that come again with other days, and what a preview says of changes that a verb would refuse."""

from __future__ import annotations

from datetime import date

import pytest

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.imports import queries as imports
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.institutions.models import Mentor, Staff
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.people.models import Person, Tie
from hatchline.apps.titles.models import Title
from hatchline.apps.ventures import actions
from hatchline.apps.ventures.models import Question, Stay, Venture
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refused
from hatchline.journeys import tasks
from hatchline.journeys.imports import engine, flow, listedstays
from tests.journeys.imports.test_flow import NOW, bring, outcomes, take

pytestmark = pytest.mark.django_db
STAYS = "企业名称,孵化器,孵化阶段,入驻时间,离开时间,去向,统计时间\n"
TODAY = date(2017, 7, 18)


@pytest.fixture
def places(db):
    names = ("望京孵化器", "酒仙桥孵化器")
    return [institutions.register(InstitutionDraft(name=name), by=None, now=NOW) for name in names]


def brought(rows: str, head: str = STAYS, target: str = "stays"):
    """Taken in; what the preview said is what became of every row."""
    run = bring(head + rows, target=target)
    said = dict(run.preview["counts"])
    run = take(run)
    assert run.counts == said
    return run


@pytest.mark.parametrize("end", ["2015-01-01,迁出,", "至今,,", ",,"])
@pytest.mark.parametrize("stage", ["孵化", "加速"])
def test_a_list_with_corrected_days_asks_and_never_doubles(places, stage, end):
    row = "甲公司,望京孵化器,{},{},{}\n"
    brought(row.format(stage, "2014-01-01", end))
    run = brought(row.format(stage, "2014-03-01", end))
    assert run.counts == {"question": 1} and Stay.objects.count() == 1 and not Question.objects.exists()
    asked = imports.rows(run, "question").get()
    (candidate,) = asked.candidates
    assert "望京孵化器" in candidate["label"] and "更正" in candidate["reasons"][0]["zh"]
    assert candidate["days"]["en"].startswith("2014-01-01 –")
    flow.answer(asked, str(candidate["id"]), by=None, now=NOW)
    stay = Stay.objects.get()
    assert (stay.starts.code, stay.status) == ("2014-03-01", "confirmed")
    assert ledger.about(stay).get(event="ventures.stay.amended").details["was"]["starts"] == "2014-01-01"
    assert brought(row.format(stage, "2014-03-01", end)).counts == {"unchanged": 1}


def test_a_correction_with_its_reason_needs_no_number_and_one_answered_as_new_is_another_stay(places):
    brought("甲公司,望京孵化器,加速,2014-01-01,2015-01-01,迁出,\n")
    head = STAYS.replace("统计时间", "更正原因")
    assert brought("甲公司,望京孵化器,加速,2014-02-01,2015-01-01,迁出,查了合同\n", head).counts == {"updated": 1}
    assert Stay.objects.get().starts.code == "2014-02-01"
    run = brought("甲公司,望京孵化器,加速,2014-11-01,2015-06-01,迁出,\n")
    flow.answer(imports.rows(run, "question").get(), "new", by=None, now=NOW)
    assert Stay.objects.count() == 2


def test_who_comes_back_is_no_correction(places):
    rows = "甲公司,望京孵化器,孵化,2012-01-01,2013-01-01,迁出,\n甲公司,望京孵化器,孵化,2014-01-01,至今,,\n"
    assert brought(rows).counts == {"created": 2}
    assert brought(rows).counts == {"unchanged": 2}
    unsure = "乙公司,望京孵化器,孵化,2012,,,\n乙公司,望京孵化器,孵化,2014,,,\n"
    assert brought(unsure).counts == {"created": 2}, "a list that tells two stays tells two"
    assert brought(unsure + "乙公司,望京孵化器,孵化,2016,,,\n").counts == {"unchanged": 2, "created": 1}


def test_a_roster_without_beginnings_says_who_was_seen(places):
    brought("甲公司,望京孵化器,孵化,2014-01-01,,,2014-12-31\n乙公司,望京孵化器,孵化,2014-01-01,至今,,\n")
    head = "公司名称,孵化器,孵化阶段,统计时间\n"
    run = brought("甲公司,望京孵化器,孵化,2016-12-31\n乙公司,望京孵化器,孵化,2016-12-31\n", head)
    assert run.counts == {"updated": 1, "unchanged": 1} and Stay.objects.count() == 2
    assert Stay.objects.get(venture__name="甲公司").held_until == date(2017, 1, 1)


def test_an_end_on_the_first_day_is_told_and_one_before_it_is_refused_before_anything_is_written(places):
    row = "甲公司,望京孵化器,孵化,2014-01-01,{},{},\n"
    same = brought(row.format("2014-01-01", "迁出"))
    assert same.counts == {"created": 1} and "一天也不计入" in imports.rows(same).get().problems[0]["zh"]
    stay = Stay.objects.get()
    assert (stay.held_from, stay.status) == (None, "confirmed") and not Question.objects.exists()
    there = actions.claim(_drafted(places[1]), by=None, now=NOW, today=TODAY)
    with pytest.raises(Refused) as raised:
        actions.amend_stays(
            [(there.pk, {"ended": stay.ended, "end_state": "known", "outcome": "left"})], now=NOW, today=TODAY
        )
    assert raised.value.refusal.code == "ends_before_it_begins"
    head, text = "名单内编号," + STAYS, "1,丙公司,酒仙桥孵化器,孵化,{},{},,\n"
    brought(text.format("2015-01-01", ""), head)
    late = brought(text.format("2012-01-01", "2013-01-01"), head)
    (problem,) = imports.rows(late, "rejected").get().problems
    assert problem["code"] == "ends_before_it_begins"
    assert "早于入驻时间" in problem["zh"] and "earlier" in problem["en"].lower() + "earlier" * (
        "before" in problem["en"]
    )


def _drafted(place):
    from tests.apps.ventures.conftest import drafted, team

    return drafted(team("乙公司"), place, "2015-01-01")


def test_a_settled_question_is_asked_of_by_the_preview(places):
    """The later list would make two stays overlap about which was settled before: the verb says no, and so does it."""
    head = "名单内编号," + STAYS
    rows = "1,甲公司,望京孵化器,孵化,2014-01-01,,,2014-06-30\n2,甲公司,酒仙桥孵化器,孵化,2014年,,,2015-12-31\n"
    brought(rows, head)
    later = {"by": None, "now": NOW, "today": date(2018, 1, 1)}
    actions.settle(Question.objects.get(), resolution="both", note="没有重叠", **later)
    run = brought(rows.replace("2014-01-01,,,2014-06-30", "2014-01-01,2016-01-01,迁出,"), head)
    assert outcomes(run) == ["rejected", "unchanged"]
    assert imports.rows(run, "rejected").get().problems[0]["code"] == "settled_before"


def test_a_list_that_says_a_venture_is_dead_ends_it(places):
    head, text = "企业名称,状态\n", "甲公司,{}\n"
    brought(text.format("存续"), head, "ventures")
    brought("甲公司,望京孵化器,孵化,2014-01-01,至今,,\n")
    assert brought(text.format("Dead"), head, "ventures").counts == {"updated": 1}
    venture, stay = Venture.objects.get(), Stay.objects.get()
    assert (venture.status, venture.ceased.is_known) == ("ceased", False)
    assert (stay.end_state, stay.outcome, stay.ended.is_known) == ("known", "closed", False)
    assert brought(text.format("Dead"), head, "ventures").counts == {"unchanged": 1}


def test_previews_say_what_verbs_refuse_of_titles_teams_and_ties(places):
    """By a list's own number a row speaks of a record whose beginning it does not repeat."""
    bodies.register(OrganisationDraft(name="听雨公司"), by=None, now=NOW)
    lists = {
        "titles": ("名单内编号,名称,资质类别,级别,授予时间,有效期至\n", "1,望京孵化器,孵化器,国家级,{},{}\n"),
        "staff": ("名单内编号,孵化机构,姓名,岗位,入职时间,离职时间\n", "1,望京孵化器,李明,管理人员,{},{}\n"),
        "mentors": ("名单内编号,聘任机构,导师姓名,聘任时间,聘期至\n", "1,望京孵化器,王导师,{},{}\n"),
        "ties": ("名单内编号,单位,关系,姓名,开始时间,结束时间\n", "1,听雨公司,股东,赵股东,{},{}\n"),
    }
    for target, (head, text) in lists.items():
        assert brought(text.format("2015-01-01", ""), head, target).counts == {"created": 1}, target
        before = ledger.head()
        run = bring(head + text.format("", "2012-01-01"), target=target)
        assert run.preview["counts"] == {"rejected": 1}, (target, run.preview)
        (row,) = run.preview["samples"]["rejected"]
        assert row["problems"][0]["zh"] and row["problems"][0]["en"] != row["problems"][0]["zh"]
        kept = ledger.entries().filter(pk__gt=before).exclude(subject_kind__in=["imports.run", "files.file"])
        assert not kept.exists() and take(run).counts == {"rejected": 1}, "what was tried was taken back"
    assert [table.objects.filter(ends_before=None).count() for table in (Title, Staff, Mentor, Tie)] == [1] * 4
    assert Person.objects.count() == 1


def test_what_the_worker_writes_is_of_who_started_the_import(places):
    person = Person.objects.create(name="吴官员")
    row = "甲公司,望京孵化器,加速,{},2015-01-01,迁出,{}\n"
    brought(row.format("2014-01-01", ""))
    run = bring(STAYS.replace("统计时间", "更正原因") + row.format("2014-02-01", "查了合同"), target="stays")
    flow.start(run, only_good_rows=True, by=person, now=NOW)
    tasks.take_in(now=NOW, run=run.pk)
    stay = Stay.objects.get()
    assert ledger.about(stay).get(event="ventures.stay.amended").by_id == person.pk
    steps = {entry.event: entry.by_id for entry in ledger.about(imports.run(run.pk))}
    assert steps["imports.run.finished"] == steps["imports.run.started"] == person.pk
    assert ledger.about(imports.run(run.pk)).get(event="imports.run.uploaded").by_id is None


def test_a_house_list_with_its_own_words_finds_its_columns(places):
    run = bring(
        "企业名称,孵化器,孵化阶段,入驻时间,情况,台账日期\n甲公司,望京孵化器,孵化,2014-01-01,在孵,2016-12-31\n",
        target="stays",
    )
    assert set(run.preview["samples"]["created"][0]["values"]) >= {"end_state", "evidence"}


def test_a_question_tells_days_as_exactly_as_they_are_known():
    days = {"2014年春": ("2014 年春季", "spring 2014"), "2014": ("2014", "2014"), "2014-06": ("2014-06", "2014-06")}
    for written, (zh, en) in days.items():
        read = PartialDate.of("2014-spring") if "春" in written else PartialDate.of(written)
        said = engine.in_both(listedstays.in_words((read.earliest, read.before)))
        assert said == {"zh": zh, "en": en}

"""Facts gathered from the apps: what nobody recorded stays unknown, one subject and all of them tell the same."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hatchline import rulebook
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions import facts as institution_facts
from hatchline.apps.institutions.drafts import InstitutionDraft, MentorDraft, StaffDraft
from hatchline.apps.premises import facts as premises_facts
from hatchline.apps.rulebooks import actions as rulebooks
from hatchline.apps.titles import actions as titles
from hatchline.apps.titles import facts as title_facts
from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures import facts as venture_facts
from hatchline.apps.ventures.actions import details
from hatchline.apps.ventures.actions.details import RightDraft
from hatchline.apps.ventures.drafts import StayDraft, VentureDraft
from hatchline.core.values.dates import PartialDate, parse
from hatchline.core.values.fact import FactColumn
from hatchline.core.values.verdict import Verdict
from hatchline.journeys import gather, judge

pytestmark = pytest.mark.django_db
NOW, TODAY = dt.datetime(2017, 7, 18, 1, tzinfo=dt.UTC), dt.date(2017, 7, 18)


@pytest.fixture
def vocabulary():
    return rulebook.library().vocabulary


@pytest.fixture
def documents():
    words, texts = rulebook.sources()
    rulebooks.take_in(words[1], [text for _path, text in texts], now=NOW)


def place(name: str = "望京孵化器"):
    draft = InstitutionDraft(name=name, opened=parse("2012-05-01"), kinds=("incubator",), stages=("incubation",))
    return institutions.register(draft, by=None, now=NOW, today=TODAY)


def tenant(where, name: str, since: str = "2015-07-01", ended: str = "", outcome: str = "") -> int:
    draft = VentureDraft(name, founded=parse("2012"), incorporated=parse("2012-02-05"))
    pk = ventures.register_many([draft], now=NOW)[0]
    more = {"ended": parse(ended)} if ended else {}
    stay = StayDraft(
        venture=pk, institution=where.pk, stage="incubation", starts=parse(since), source="名册", status="confirmed",
        end_state="known" if ended else "open", outcome=outcome, evidence=TODAY, **more,
    )  # fmt: skip
    assert ventures.record_stays([stay], now=NOW, today=TODAY)[0].pk
    return pk


def right(pk: int, granted: str = "2016-03-01") -> None:
    details.record_rights([RightDraft(pk, "software", "名册", granted=PartialDate.of(granted))])


def test_of_an_institution_that_nobody_described_nothing_but_its_opening_is_known(vocabulary):
    found = gather.institution(place().pk, as_of=TODAY, vocabulary=vocabulary)
    known = {name for name, value in found.facts.items() if value is not None}
    assert known <= {"operating_since", "mentors"}
    assert "operating_since" in known
    assert found.members == ()


def test_people_count_once_any_are_recorded(vocabulary):
    where = place()
    institutions.record_staff(StaffDraft(where.pk, "manager", "名册", name="王五"), by=None, now=NOW)
    institutions.record_mentor(MentorDraft(where.pk, "名册", name="赵六"), by=None, now=NOW)
    found = gather.institution(where.pk, as_of=TODAY, vocabulary=vocabulary)
    assert (found.facts["staff"], found.facts["managers"], found.facts["mentors"]) == (1, 1, 1)
    assert found.facts.get("college_managers") is None  # nobody wrote the degree down
    assert found.sources["staff"].link == f"institutions.institution:{where.pk}#people"


def test_a_venture_without_recorded_rights_has_an_unknown_number_of_them(vocabulary):
    where = place()
    some, none = tenant(where, "听雨科技"), tenant(where, "听风科技")
    right(some)
    found = {each.key: each.facts for each in gather.institution(where.pk, as_of=TODAY, vocabulary=vocabulary).members}
    assert found[some]["valid_rights"] == 1
    assert found[none].get("valid_rights") is None
    assert found[some]["in_incubation"] == found[none]["in_incubation"] == 1


def test_the_day_decides_what_is_known(vocabulary):
    where = place()
    pk = tenant(where, "听雨科技", "2015-07-01", "2016-07-01", "graduated")
    right(pk, "2016-03-01")
    before = gather.institution(where.pk, as_of=dt.date(2015, 12, 31), vocabulary=vocabulary).members[0].facts
    after = gather.institution(where.pk, as_of=TODAY, vocabulary=vocabulary).members[0].facts
    assert (before["in_incubation"], before["graduated"], before["valid_rights"]) == (1, 0, 0)
    assert (after["in_incubation"], after["graduated"], after["valid_rights"]) == (0, 1, 1)
    assert gather.institution(where.pk, as_of=dt.date(2015, 1, 1), vocabulary=vocabulary).members == ()


def test_titles_tell_the_level_and_what_ventures_hold(vocabulary):
    where = place()
    pk = tenant(where, "听雨科技")
    for kind, subject, level, ends in (
        ("institutions.institution", where.pk, "national", None),
        ("ventures.venture", pk, "national", dt.date(2017, 1, 1)),
    ):
        titles.record(
            subject_kind=kind, subject_id=subject, kind="incubator" if ends is None else "high_tech", level=level,
            given=parse("2014-01-01"), ends_before=ends, source="公示", today=TODAY, by=None, now=NOW,
        )  # fmt: skip
    found = gather.institution(where.pk, as_of=TODAY, vocabulary=vocabulary)
    level = vocabulary.facts["title_level"]
    assert level.text(found.facts["title_level"]) == "国家级"
    assert found.members[0].facts["is_high_tech"] == 0  # it ended
    earlier = gather.institution(where.pk, as_of=dt.date(2016, 6, 30), vocabulary=vocabulary)
    assert earlier.members[0].facts["is_high_tech"] == 1


def test_one_subject_and_the_population_tell_the_same(vocabulary):
    first, second = place(), place("酒仙桥孵化器")
    right(tenant(first, "听雨科技"))
    tenant(first, "听风科技", "2015-07-01", "2016-07-01", "graduated")
    tenant(second, "听雪科技")
    for subject in ("institution", "venture"):
        everyone = gather.population(subject, as_of=TODAY, vocabulary=vocabulary)
        assert everyone.size == (2 if subject == "institution" else 3)
        for at, key in enumerate(everyone.keys):
            alone = getattr(gather, subject)(int(key), as_of=TODAY, vocabulary=vocabulary)
            own, members = everyone.subject(at)
            assert known(own) == known(alone.facts)
            theirs = sorted((known(each.facts) for each in alone.members), key=repr)
            assert sorted(map(known, members), key=repr) == theirs


def test_of_several_stays_the_one_begun_last_speaks_whichever_was_recorded_last(vocabulary):
    later, earlier = place("望京孵化器"), place("酒仙桥孵化器")
    pk = tenant(later, "甲", "2015-01-01", "2017-01-01", outcome="graduated")
    stay = StayDraft(
        venture=pk, institution=earlier.pk, stage="incubation", starts=parse("2013-01-01"), ended=parse("2014-01-01"),
        source="名册", status="confirmed", end_state="known", outcome="unknown", evidence=TODAY,
    )  # fmt: skip
    assert ventures.record_stays([stay], now=NOW, today=TODAY)[0].pk
    alone = gather.venture(pk, as_of=TODAY, vocabulary=vocabulary)
    among = gather.population("venture", as_of=TODAY, vocabulary=vocabulary)
    told = among.subject(list(among.keys).index(str(pk)))[0]
    assert known(told) == known(alone.facts)
    assert told["graduated"] == 1


def test_where_a_fact_of_a_venture_comes_from_is_told_when_it_is_asked(vocabulary):
    where = place()
    pk = tenant(where, "听雨科技")
    right(pk)
    member = gather.institution(where.pk, as_of=TODAY, vocabulary=vocabulary).members[0]
    assert set(member.sources) == {name for name, value in member.facts.items() if value is not None}
    source = member.sources["valid_rights"]
    assert (source.text, source.on, source.link) == ("知识产权登记", TODAY, f"ventures.venture:{pk}#rights")
    assert member.sources["entered_on"].text == "入驻记录"


@pytest.mark.parametrize(
    ("way", "day", "told", "as_of", "wanted"),
    [
        ("acquired", "2013-03", False, dt.date(2013, 3, 31), 1),
        ("listed", "2013-03", None, TODAY, 1),
        ("unsaid", "2013", False, TODAY, 1),  # either way it is one of the two
        ("acquired", "2017", False, TODAY, None),
        ("acquired", "", False, TODAY, None),
        ("acquired", "2017", True, TODAY, 1),
        ("acquired", "2018-01", False, TODAY, 0),
        ("acquired", "2018-01", None, TODAY, None),
        ("", "", False, TODAY, 0),
        ("", "", None, TODAY, None),
    ],
)
def test_an_exit_on_record_is_believed_before_what_was_reported(monkeypatch, vocabulary, way, day, told, as_of, wanted):
    exited = {"exited": parse(day)} if day else {}
    pk = ventures.register_many([VentureDraft("听雨科技", exit=way, **exited)], now=NOW)[0]
    reported = FactColumn("merged_or_listed", {} if told is None else {pk: told}, "年报")
    monkeypatch.setattr(gather.observation_facts, "about", lambda *args, **more: [reported])
    alone = gather.venture(pk, as_of=as_of, vocabulary=vocabulary)
    assert alone.facts.get("merged_or_listed") == wanted
    everyone = gather.population("venture", as_of=as_of, vocabulary=vocabulary)
    assert known(everyone.subject(0)[0]).get("merged_or_listed") == wanted
    if wanted and day.startswith("2013"):
        assert alone.sources["merged_or_listed"].text == "创业主体登记"


def known(facts) -> dict[str, int]:
    return dict(sorted((name, value) for name, value in facts.items() if value is not None))


def test_a_ladder_stands_on_the_editions_of_the_day(documents):
    where = place()
    rungs = {each.name: each for each in judge.ladder(gather.INSTITUTION, where.pk, as_of=TODAY)}
    assert rungs["national"].edition.name == "most-2010-680"
    assert rungs["tax"].edition.name == "mof-2016-89"
    later = {e.name: e for e in judge.ladder(gather.INSTITUTION, where.pk, as_of=dt.date(2020, 6, 30))}
    assert later["national"].edition.name == "most-2018-300"
    early = {e.name: e for e in judge.ladder(gather.INSTITUTION, where.pk, as_of=dt.date(2009, 6, 30))}
    assert (early["national"].edition, early["national"].coming.name) == (None, "most-2010-680")


def test_what_nobody_recorded_is_never_a_failure(documents):
    where = place()
    its = judge.judge(gather.INSTITUTION, where.pk, "most-2018-300", as_of=TODAY)
    assert its.explanation.get("N18-3a").verdict is Verdict.UNKNOWN
    assert its.explanation.get("N18-1b").verdict is Verdict.MET  # open since 2012
    with pytest.raises(judge.NotForThis):
        judge.judge(gather.INSTITUTION, where.pk, "graduation-2010", as_of=TODAY)


def test_what_is_not_wanted_costs_no_question(vocabulary):
    where = place()
    tenant(where, "望京甲")
    whole = gather.institution(where.pk, as_of=TODAY, vocabulary=vocabulary)
    asked = frozenset({"controlled_area", "in_incubation", "is_company"})
    with CaptureQueriesContext(connection) as counted:
        part = gather.institution(where.pk, as_of=TODAY, vocabulary=vocabulary, wanted=asked)
    assert len(counted) <= 12
    with CaptureQueriesContext(connection) as all_of_it:
        gather.institution(where.pk, as_of=TODAY, vocabulary=vocabulary)
    for n in range(3):
        right(tenant(where, f"望京{n}"))
    with CaptureQueriesContext(connection) as of_more:
        gather.institution(where.pk, as_of=TODAY, vocabulary=vocabulary)
    assert len(of_more) == len(all_of_it) <= 20
    assert part.facts == {k: v for k, v in whole.facts.items() if k in asked}
    assert [m.facts for m in part.members] == [{k: v for k, v in m.facts.items() if k in asked} for m in whole.members]


def test_apps_name_what_they_vouch_for(db):
    where = place()
    venture = tenant(where, "望京甲")
    said = {
        institution_facts.NAMES: institution_facts.about([where.pk], TODAY),
        premises_facts.OF_INSTITUTIONS: premises_facts.about_institutions([where.pk], TODAY),
        premises_facts.OF_OCCUPANTS: premises_facts.about_occupants(gather.VENTURE, [venture], TODAY),
        title_facts.OF_INSTITUTIONS: title_facts.about_institutions([where.pk], TODAY),
        tuple(title_facts.OF_VENTURES): title_facts.about_ventures([venture], TODAY),
        (
            *venture_facts.REGISTERED,
            *venture_facts.RIGHTS,
            *venture_facts.FUNDING,
            *venture_facts.SOLD,
        ): venture_facts.about([venture], TODAY),
    }
    for names, columns in said.items():
        assert sorted(names) == sorted(each.name for each in columns)

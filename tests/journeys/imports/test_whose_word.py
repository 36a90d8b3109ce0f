"""Whose word a list of stays is, what confirms a stay, and that no row of a list wins by its place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hatchline.apps.imports import queries as imports
from hatchline.apps.imports.models import Row
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.people.models import Person, Role
from hatchline.apps.ventures import actions
from hatchline.apps.ventures.models import Question, Stay, Venture
from hatchline.core.values.dates import PartialDate
from hatchline.journeys import steps
from hatchline.journeys.imports import engine, flow, whose
from tests.journeys.imports.test_flow import NOW, bring, take
from tests.journeys.imports.test_lives import STAYS

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
DONE = {"by": None, "now": NOW}
TOLD = {"by": None, "now": NOW, "today": TODAY, "role_kind": "official"}
FIRST = "甲公司,望京孵化器,孵化,2014-01-01,2015-12-31,迁出,\n"
SECOND = "甲公司,酒仙桥孵化器,孵化,2015-01-01,2016-12-31,迁出,\n"
THIRD = "甲公司,来广营孵化器,孵化,2015-06-01,2015-09-01,迁出,\n"


@pytest.fixture(autouse=True)
def places(db):
    for name in ("望京孵化器", "酒仙桥孵化器", "来广营孵化器"):
        institutions.register(InstitutionDraft(name=name), by=None, now=NOW)


def someone(kind: str) -> Person:
    who = Person.objects.create(name=f"{kind}甲")
    Role.objects.create(person=who, kind=kind, starts_on=TODAY - timedelta(days=30))
    return who


def started(text: str, kind: str, name: str = "名单.csv"):
    """The list as somebody of this role takes it in."""
    who = someone(kind)
    run = flow.preview(bring(text, target="stays", name=name), only_good_rows=True, by=who, now=NOW)
    run = flow.start(run, only_good_rows=True, by=who, now=NOW, in_background=False, role_kind=kind)
    return flow.take_in(run, now=NOW)


def stood() -> list[tuple[str, str]]:
    return list(Stay.objects.order_by("institution__pk").values_list("status", "basis"))


def test_a_list_of_the_district_confirms_and_says_by_what():
    run = started(STAYS + FIRST, "official")
    assert stood() == [("confirmed", "list")] and whose.is_of_district(run)
    assert str(Stay.objects.get().standing.label) == "按区里的名单"


def test_a_list_of_one_side_claims_until_the_other_side_or_the_district_says_the_same():
    run = started(STAYS + FIRST + SECOND, "centre")
    assert stood() == [("claimed", "")] * 2 and not whose.is_of_district(run) and not Question.objects.exists()
    first, second = Stay.objects.order_by("institution__pk")
    assert steps.why_not_confirm_own(first, "manager").code == "own_claim", "a list speaks for the institution"
    assert steps.why_not_confirm_own(first, "founder") is None
    steps.confirm(first, **TOLD | {"role_kind": "founder"})
    assert stood() == [("confirmed", "both"), ("claimed", "")]
    # the district's list says the same of the other, which overlaps with what is confirmed by now
    later = STAYS.replace("企业名称", "公司名称") + SECOND
    assert "重叠" in bring(later, target="stays").preview["samples"]["updated"][0]["problems"][0]["zh"]
    assert started(later, "official", "区.csv").counts == {"updated": 1}
    assert stood() == [("confirmed", "both"), ("disputed", "list")]
    question = Question.objects.get()
    assert (question.stay, question.other_stay) == (first, second)
    # one side's list that tells what is confirmed takes nothing back
    assert started(STAYS.replace("企业名称", "企业") + FIRST, "centre", "三.csv").counts == {"unchanged": 1}
    assert stood()[0] == ("confirmed", "both")


def test_the_district_s_list_confirms_a_claim():
    started(STAYS + FIRST, "centre")
    run = started(STAYS.replace("企业名称", "公司名称") + FIRST, "official", "区.csv")
    assert run.counts == {"updated": 1} and stood() == [("confirmed", "list")]


def test_a_row_may_say_that_both_sides_confirmed_or_that_one_alone_says_so():
    head = STAYS.replace("统计时间", "统计时间,确认情况")
    rows = FIRST.replace("迁出,", "迁出,,双方盖章") + SECOND.replace("迁出,", "迁出,,单方登记").replace("甲", "乙")
    started(head + rows, "official")
    assert stood() == [("confirmed", "both"), ("claimed", "")]
    Stay.objects.all().delete()
    run = started(head.replace("企业名称", "公司名称") + rows, "centre", "二.csv")
    assert stood() == [("claimed", "")] * 2
    (row,) = imports.told(run)
    assert "按单方登记" in row.problems[0]["zh"] and "what one side says" in row.problems[0]["en"]


@pytest.mark.parametrize("size", [800, 1], ids=["one chunk", "a row a chunk"])
@pytest.mark.parametrize("rows", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_of_overlapping_rows_of_one_list_none_wins_by_its_place(monkeypatch, rows, size):
    monkeypatch.setattr(engine.chunks, "__defaults__", (size,))
    listed = [(FIRST, SECOND, THIRD)[each] for each in rows]
    bringing = bring(STAYS + "".join(listed), target="stays")
    said = [row["problems"] for row in bringing.preview["samples"]["created"]]
    assert not said[0] and all("两条都按有争议保存" in each[0]["zh"] for each in said[1:])
    take(bringing)
    assert stood() == [("disputed", "list")] * 3
    pairs = {frozenset((each.stay.institution.name, each.other_stay.institution.name)) for each in asked_of_two()}
    assert len(pairs) == 3, "each of the three overlaps with both others"


def asked_of_two() -> list[Question]:
    found = list(Question.objects.all())
    for each in found:
        assert each.asked.count() == 2
    return found


def test_what_was_on_record_before_the_list_keeps_standing():
    take(bring(STAYS + FIRST, target="stays", name="旧.csv"))
    take(bring(STAYS.replace("企业名称", "公司名称") + SECOND, target="stays", name="新.csv"))
    assert [status for status, _basis in stood()] == ["confirmed", "disputed"]


def test_a_list_cut_off_between_two_rows_still_lets_neither_win(monkeypatch):
    monkeypatch.setattr(engine.chunks, "__defaults__", (1,))
    run = bring(STAYS + FIRST + SECOND, target="stays")
    run = flow.start(run, only_good_rows=True, by=None, now=NOW, in_background=False)

    def killed(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        flow.take_in(run, now=NOW, tick=killed)
    assert stood() == [("confirmed", "list")]
    run.refresh_from_db()
    flow.take_in(run, now=NOW)
    assert stood() == [("disputed", "list")] * 2


@pytest.mark.parametrize("resolution", ["keep_first", "keep_second", "second_aside"])
def test_settling_a_question_of_two_disputed_rows_confirms_what_is_kept(resolution):
    take(bring(STAYS + FIRST + SECOND, target="stays"))
    later = TOLD | {"today": TODAY + timedelta(days=16)}
    actions.settle(Question.objects.get(), resolution=resolution, note="看了协议", **later)
    expected = {
        "keep_first": [("confirmed", "ruled"), ("withdrawn", "list")],
        "keep_second": [("withdrawn", "list"), ("confirmed", "ruled")],
        "second_aside": [("confirmed", "ruled")] * 2,
    }
    assert stood() == expected[resolution]


ODD = THIRD.replace("2015-09-01", "2016-12-31")  # adjoins a stay at 来广营 that is on record


def asked_about_a_third() -> Row:
    """Two overlapping rows of one list, and a third, overlapping too, of which the import asks what it speaks of."""
    take(bring(STAYS + THIRD.replace("2015-06-01,2015-09-01", "2016-12-31,2017-03-01"), target="stays", name="旧.csv"))
    run = take(bring(STAYS.replace("企业名称", "公司名称") + FIRST + SECOND + ODD, target="stays", name="新.csv"))
    assert run.counts == {"created": 2, "question": 1} and stood()[:2] == [("disputed", "list")] * 2
    return imports.open_questions().get()


def test_an_answer_for_a_row_does_not_undo_what_the_authority_ruled_meanwhile():
    row = asked_about_a_third()
    later = TOLD | {"today": TODAY + timedelta(days=16)}
    actions.settle(Question.objects.get(), resolution="keep_first", note="看了协议", **later)
    flow.answer(row, "new", by=None, now=NOW)
    ruled, fresh = Stay.objects.filter(institution__name="望京孵化器").get(), Stay.objects.latest("pk")
    assert (ruled.status, ruled.basis) == ("confirmed", "ruled")
    assert (fresh.institution.name, fresh.status) == ("来广营孵化器", "disputed")
    question = Question.objects.get(status="open")
    assert (question.stay, question.other_stay, question.asked.count()) == (ruled, fresh, 2)


@pytest.mark.parametrize("how", ["both sides", "a later list"])
def test_an_answer_for_a_row_leaves_what_others_confirmed_since(how):
    head = STAYS.replace("统计时间", "统计时间,确认情况")
    take(bring(STAYS + THIRD.replace("2015-06-01,2015-09-01", "2016-12-31,2017-03-01"), target="stays", name="旧.csv"))
    listed = FIRST.replace("迁出,", "迁出,,单方登记") + ODD.replace("迁出,", "迁出,,")
    take(bring(head + listed, target="stays", name="新.csv"))
    if how == "both sides":
        steps.confirm(Stay.objects.get(institution__name="望京孵化器"), **TOLD | {"role_kind": "founder"})
    else:
        take(bring(STAYS.replace("企业名称", "公司名称") + FIRST, target="stays", name="后.csv"))
    flow.answer(imports.open_questions().get(), "new", by=None, now=NOW)
    basis = "both" if how == "both sides" else "list"
    assert stood()[0] == ("confirmed", basis) and Stay.objects.latest("pk").status == "disputed"


def test_an_answer_for_a_row_of_the_same_list_still_lets_neither_win():
    take(bring(STAYS + THIRD.replace("2015-06-01,2015-09-01", "2016-12-31,2017-03-01"), target="stays", name="旧.csv"))
    take(bring(STAYS.replace("企业名称", "公司名称") + FIRST + ODD, target="stays", name="新.csv"))
    assert stood()[0] == ("confirmed", "list")
    flow.answer(imports.open_questions().get(), "new", by=None, now=NOW)
    assert stood()[0] == ("disputed", "list") and Stay.objects.latest("pk").status == "disputed"


SEEN = "甲公司,望京孵化器,孵化,2014-01-01,,,2014-12-31\n", "甲公司,酒仙桥孵化器,孵化,2015-01-01,,,2015-06-30\n"
GONE = FIRST, SECOND.replace("2016-12-31", "2016-12-30")


@pytest.mark.parametrize("size", [800, 1], ids=["one chunk", "a row a chunk"])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("first", [(0, 1), (1, 0)])
def test_of_two_stays_on_record_that_a_list_makes_overlap_none_wins_by_its_place(monkeypatch, order, first, size):
    take(bring(STAYS + "".join(SEEN[each] for each in first), target="stays", name="旧.csv"))
    assert stood() == [("confirmed", "list")] * 2 and not Question.objects.exists()
    monkeypatch.setattr(engine.chunks, "__defaults__", (size,))
    run = take(bring(STAYS.replace("企业", "公司") + "".join(GONE[each] for each in order), target="stays"))
    assert run.counts == {"updated": 2} and stood() == [("disputed", "list")] * 2
    assert len(asked_of_two()) == 1


@pytest.mark.parametrize("size", [800, 1], ids=["one chunk", "a row a chunk"])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_a_new_stay_and_one_on_record_that_a_list_makes_overlap_none_wins_by_its_place(monkeypatch, order, size):
    take(bring(STAYS + SEEN[0], target="stays", name="旧.csv"))
    monkeypatch.setattr(engine.chunks, "__defaults__", (size,))
    run = take(bring(STAYS.replace("企业", "公司") + "".join(GONE[each] for each in order), target="stays"))
    assert run.counts == {"updated": 1, "created": 1} and stood() == [("disputed", "list")] * 2
    assert len(asked_of_two()) == 1


@pytest.mark.parametrize("ruled", [0, 1])
def test_of_two_stays_that_a_list_makes_overlap_what_is_ruled_stands(ruled):
    take(bring(STAYS + "".join(SEEN), target="stays", name="旧.csv"))
    stay = Stay.objects.order_by("institution__pk")[ruled]
    actions.dispute(stay, reason="不是", **DONE | {"role_kind": "official"})
    actions.uphold(stay, reason="看了协议", **DONE | {"role_kind": "official"})
    take(bring(STAYS.replace("企业", "公司") + "".join(GONE), target="stays"))
    assert stood()[ruled] == ("confirmed", "ruled") and stood()[1 - ruled] == ("disputed", "list")
    assert len(asked_of_two()) == 1


def test_of_a_graduation_and_an_incubation_after_it_that_a_list_tells_more_of_the_later_is_asked_about():
    later = SEEN[1].replace("2015-01-01", "2016-02-01").replace("2015-06-30", "2016-06-30")
    take(bring(STAYS + SEEN[0] + later, target="stays", name="旧.csv"))
    told = GONE[0].replace("迁出", "毕业") + GONE[1].replace("2015-01-01", "2016-02-01")
    run = take(bring(STAYS.replace("企业", "公司") + told, target="stays"))
    assert run.counts == {"updated": 2} and [status for status, _basis in stood()] == ["confirmed", "disputed"]
    assert Question.objects.get().kind == "contradiction"


@pytest.mark.parametrize("is_reversed", [False, True])
def test_of_a_graduation_and_an_incubation_after_it_the_later_is_asked_about_in_any_order(is_reversed):
    rows = [FIRST.replace("迁出", "毕业"), SECOND.replace("2015-01-01", "2016-01-01")]
    take(bring(STAYS + "".join(reversed(rows) if is_reversed else rows), target="stays"))
    assert [status for status, _basis in stood()] == ["confirmed", "disputed"]
    question = Question.objects.get()
    assert question.kind == "contradiction" and question.stay.outcome == "graduated"
    assert Venture.objects.count() == 1


def test_what_one_side_says_unsettles_no_row_above_it():
    head = STAYS.replace("统计时间", "统计时间,确认情况")
    rows = FIRST.replace("迁出,", "迁出,,双方盖章") + SECOND.replace("迁出,", "迁出,,单方登记")
    take(bring(head + rows, target="stays"))
    assert stood() == [("confirmed", "both"), ("disputed", "")]


def test_a_preview_refuses_a_new_venture_that_came_before_the_institution_opened():
    institutions.register(InstitutionDraft(name="东坝孵化器", opened=PartialDate.of("2015-06")), by=None, now=NOW)
    rows = "乙公司,东坝孵化器,孵化,2015年春,,,\n丙公司,东坝孵化器,孵化,2015-07-01,,,\n"
    run = bring(STAYS + rows, target="stays")
    assert run.preview["counts"] == {"rejected": 1, "created": 1}
    (said,) = run.preview["samples"]["rejected"][0]["problems"]
    assert said["code"] == "before_the_institution" and "2015-06" in said["zh"]
    assert take(run).counts == run.preview["counts"]


def test_a_row_that_calls_the_record_otherwise_says_which_one_it_was_taken_for():
    take(bring(STAYS + "北京青梧云算科技有限公司,望京孵化器,孵化,2014-01-01,2014-06-01,迁出,\n", target="stays"))
    rows = "北京青梧云算科技,望京孵化器,孵化,2015-01-01,,,\n北京青梧云算科技 有限公司,望京孵化器,孵化,2016-01-01,,,\n"
    run = bring(STAYS.replace("企业名称", "公司名称") + rows, target="stays")
    short, full = run.preview["samples"]["created"]
    assert "按登记簿里的“北京青梧云算科技有限公司”记入" in short["problems"][0]["zh"]
    assert "“北京青梧云算科技有限公司”" in short["problems"][0]["en"] and not full["problems"]
    take(run)
    assert [row.label for row in imports.told(run)] == ["北京青梧云算科技"]
    assert Venture.objects.filter(name__contains="青梧云算").count() == 1

"""Two records of one venture taken together: what only one of them knows is not lost, and undoing gives it back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hatchline.apps.ventures import actions
from hatchline.apps.ventures.models import Question
from tests.apps.ventures.conftest import DONE, TODAY, TOLD, drafted, place, stay, team

pytestmark = pytest.mark.django_db


def known(venture):
    venture.refresh_from_db()
    return venture.founded.code, venture.website, venture.website_host, venture.summary


def test_what_only_the_other_record_knows_goes_over_and_comes_back():
    kept = team("听雨科技", summary="语音识别")
    gone = team("听雨", founded="2012", website="https://tingyu.example.cn", summary="语音与语义")
    before, theirs = known(kept), known(gone)
    merge = actions.merge(kept, gone, reason="同一团队", **TOLD)
    assert known(kept) == ("2012", gone.website, gone.website_host, "语音识别")  # its own words stay
    actions.undo_merge(merge, **DONE)
    assert (known(kept), known(gone)) == (before, theirs)


def test_what_was_amended_since_the_merge_stays_when_it_is_undone():
    kept, gone = team("听雨科技"), team("听雨", summary="语音与语义", website="https://tingyu.example.cn")
    merge = actions.merge(kept, gone, reason="同一团队", **TOLD)
    kept.refresh_from_db()
    type(kept).objects.filter(pk=kept.pk).update(summary="语音识别芯片")
    actions.undo_merge(merge, **DONE)
    assert known(kept)[1:] == ("", "", "语音识别芯片")


def test_a_beginning_after_the_kept_record_s_end_is_not_taken_over():
    kept, gone = team("听雨科技", ceased="2013-05"), team("听雨", founded="2014", summary="语音")
    actions.merge(kept, gone, reason="同一团队", **TOLD)
    assert known(kept)[0] == "" and kept.summary == "语音"


@pytest.mark.parametrize("said_by", ["both", "one"])
@pytest.mark.parametrize("resolution", ["keep_first", "second_aside"])
def test_what_an_answer_took_from_a_stay_recorded_since_the_merge_comes_back_too(said_by, resolution):
    """The answer rested on its being of the same venture as the other stay: undone, it overlaps with nothing."""
    kept, gone = team("甲"), team("乙")
    stay(gone, place("望京孵化器"), "2014-01-01")
    merge = actions.merge(kept, gone, reason="同一网站", **TOLD)
    status = "confirmed" if said_by == "both" else "claimed"
    late = actions.claim(drafted(kept, place("酒仙桥孵化器"), "2015-01-01", status=status), **TOLD)
    assert late.status == "disputed"
    later = {**TOLD, "today": TODAY + timedelta(days=16)}
    actions.settle(Question.objects.get(), resolution=resolution, note="合同", **later)
    late.refresh_from_db()
    assert (late.status, late.counts) == (("withdrawn", True) if resolution == "keep_first" else ("confirmed", False))
    actions.undo_merge(merge, **DONE)
    late.refresh_from_db()
    ruled = "confirmed" if resolution == "second_aside" else status  # set aside, it was found to be true as well
    assert (late.status, late.counts, late.venture) == (ruled, True, kept)


def test_a_claim_that_waits_for_an_answer_is_a_claim_again_when_the_merge_is_undone():
    kept, gone = team("甲"), team("乙")
    stay(gone, place("望京孵化器"), "2014-01-01")
    merge = actions.merge(kept, gone, reason="同一网站", **TOLD)
    late = actions.claim(drafted(kept, place("酒仙桥孵化器"), "2015-01-01", status="claimed"), **TOLD)
    actions.undo_merge(merge, **DONE)
    late.refresh_from_db()
    assert (late.status, Question.objects.get().resolution) == ("claimed", "distinct")


def test_a_stay_recorded_since_the_merge_and_withdrawn_by_hand_stays_withdrawn():
    kept, gone = team("甲"), team("乙")
    stay(gone, place("望京孵化器"), "2014-01-01")
    merge = actions.merge(kept, gone, reason="同一网站", **TOLD)
    late = actions.claim(drafted(kept, place("酒仙桥孵化器"), "2015-01-01"), **TOLD)
    actions.withdraw(late, reason="从未入驻", **DONE)
    actions.undo_merge(merge, **DONE)
    late.refresh_from_db()
    assert late.status == "withdrawn"

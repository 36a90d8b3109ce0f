"""Two records of one venture taken together: what only one of them knows is not lost, and undoing gives it back."""

from __future__ import annotations

import pytest

from hatchline.apps.ventures import actions
from tests.apps.ventures.conftest import DONE, TOLD, team

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

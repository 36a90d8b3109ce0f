"""The console's first page: what waits is told whole, the most urgent first, on the day the district works on."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from hatchline.apps.messages.models import Message
from hatchline.apps.ventures.models import Question
from hatchline.journeys import reference, tasks
from hatchline.sites import standings
from tests.apps.ventures.conftest import NOW, TODAY, place, stay, team

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def july(settings):
    settings.BUSINESS_DATE = TODAY


def test_a_queue_that_is_cut_still_tells_how_many_wait_and_how_many_are_late(official):
    first, second = place("一号孵化器"), place("二号孵化器")
    for number in range(9):
        its = team(f"两家都登记的公司{number}", incorporated="2013")
        stay(its, first, "2014-01-01")
        stay(its, second, "2015-06-01")
    late = Question.objects.order_by("pk").last()
    Question.objects.filter(pk=late.pk).update(due_on=TODAY - timedelta(days=3))
    page = official.get("/console/").content.decode()
    assert "9 件，已逾期 1 件" in page and page.count('class="hl-queue-row"') == 6
    assert page.index(f'href="/console/questions/{late.pk}/"') < page.index(
        'class="hl-queue-row"'
    )  # the next one to do
    assert "看全部待答问题" in page
    tasks.tell_of_questions(now=NOW + timedelta(days=3650))  # told as of the pages' day, whatever the clock says
    (told,) = Message.objects.filter(kind="ventures.questions_overdue")
    assert told.params["count"] == 1


def test_the_title_names_every_target_that_is_expected_short(official, monkeypatch):
    assert list(reference.load(district="110105", now=NOW))
    short = [SimpleNamespace(name="在孵企业"), SimpleNamespace(name="毕业企业")]
    monkeypatch.setattr(standings, "falling_short", lambda lines: short)
    monkeypatch.setattr(standings, "summary", lambda lines: {"all": 5, "met": 1, "expected": 3, "foretold": 4})
    assert "；2 项预计达不到：在孵企业、毕业企业" in official.get("/console/").content.decode()
    assert "2 are expected to fall short" in official.get("/console/?lang=en").content.decode()


def test_nothing_that_waits_is_told_without_a_count(official):
    page = official.get("/console/").content.decode()
    assert "没有等您办理的事" in page and "0 件" not in page

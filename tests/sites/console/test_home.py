"""The console's first page: what waits is told whole, the most urgent first, on the day the district works on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hatchline.apps.ventures.models import Question
from tests.apps.ventures.conftest import TODAY, place, stay, team

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


def test_nothing_that_waits_is_told_without_a_count(official):
    page = official.get("/console/").content.decode()
    assert "没有等您办理的事" in page and "0 件" not in page

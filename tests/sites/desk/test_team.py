"""A manager keeps the own institution's team and sees its titles; nobody else's is there."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import StaffDraft
from hatchline.apps.institutions.models import Mentor, Staff
from hatchline.apps.titles import actions as titles
from hatchline.core.values.dates import parse
from tests.sites.desk.test_pages import foreign, operator, own, someone  # noqa: F401

pytestmark = pytest.mark.django_db
SENT = {"name": "林一一", "role": "manager", "source": "名册"}


def test_a_manager_keeps_staff_and_mentors(own, operator):  # noqa: F811
    _person, manager = someone("manager", operator)
    base = f"/desk/institutions/{own.pk}/"
    assert "没有登记从业人员" in manager.get(base + "team/").content.decode()
    made = manager.post(base + "staff/record/", SENT)
    assert made.status_code == 302 and made.url == base + "team/"
    assert (
        manager.post(base + "mentors/record/", {"name": "周一一", "field": "融资", "source": "聘书"}).status_code == 302
    )
    page = manager.get(base + "team/").content.decode()
    assert "林一一" in page and "周一一" in page
    one = Staff.objects.get()
    amended = {**SENT, "version": one.version, "post": "总监"}
    assert manager.post(f"/desk/staff/{one.pk}/amend/", amended).status_code == 302
    stale = manager.post(f"/desk/staff/{one.pk}/amend/", {**SENT, "version": one.version, "post": "经理"})
    assert stale.status_code == 409 and "别人已保存过" in stale.content.decode() and "经理" in stale.content.decode()
    assert manager.post(f"/desk/staff/{one.pk}/qualifications/", {"kind": "law"}).status_code == 302
    assert manager.post(f"/desk/mentors/{Mentor.objects.get().pk}/end/", {"on": "2999"}).status_code == 422


def test_what_is_wrong_is_said_and_what_was_typed_stays(own, operator):  # noqa: F811
    _person, manager = someone("manager", operator)
    answer = manager.post(f"/desk/institutions/{own.pk}/staff/record/", {**SENT, "starts": "前年", "post": "总监"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "读不懂这个日期" in page and "总监" in page and not Staff.objects.exists()


def test_staff_look_and_record_nothing(own, operator):  # noqa: F811
    _person, clerk = someone("staff", operator)
    base = f"/desk/institutions/{own.pk}/"
    assert clerk.get(base + "team/").status_code == 200
    assert clerk.get(base + "staff/record/").status_code == 403


def test_another_s_team_is_not_there(own, foreign, operator):  # noqa: F811
    _person, manager = someone("manager", operator)
    theirs = institutions.record_staff(
        StaffDraft(foreign.pk, "manager", "名册", name="别家的人"), by=None, now=timezone.now()
    )
    for address in (f"institutions/{foreign.pk}/team/", f"institutions/{foreign.pk}/staff/record/",
                    f"institutions/{foreign.pk}/titles/", f"staff/{theirs.pk}/amend/", f"staff/{theirs.pk}/end/",
                    f"staff/{theirs.pk}/qualifications/"):  # fmt: skip
        assert manager.get(f"/desk/{address}").status_code == 404, address


def test_own_titles_are_seen(own, operator):  # noqa: F811
    _person, manager = someone("manager", operator)
    titles.record(
        subject_kind="institutions.institution", subject_id=own.pk, kind="incubator", level="municipal",
        given=parse("2016-01-01"), source="公示", document="京科发〔2016〕1号", today=date(2017, 7, 18), by=None,
        now=timezone.now(),
    )  # fmt: skip
    page = manager.get(f"/desk/institutions/{own.pk}/titles/").content.decode()
    assert "京科发〔2016〕1号" in page and "市级" in page

"""Early warning: titles that end, stays that outlast the rule, holders that fail; told once to those concerned."""

from __future__ import annotations

import datetime as dt

import pytest

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.messages import queries as messages
from hatchline.apps.people.models import Person, Role
from hatchline.apps.titles import actions as titles
from hatchline.core.values.dates import parse
from hatchline.journeys import gather, tasks, warnings
from tests.journeys.test_gather import NOW, TODAY, documents, place, tenant

pytestmark = pytest.mark.django_db
__all__ = ["documents"]


def recognised(where, level="national", given="2014-08-01", ends=None):
    return titles.record(
        subject_kind=gather.INSTITUTION, subject_id=where.pk, kind="incubator", level=level, given=parse(given),
        ends_before=ends, source="公示", today=TODAY, by=None, now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ends", "days"),
    [("2017-07-19", 1), ("2018-07-18", 365), ("2018-07-19", None), ("2017-07-18", None), (None, None)],
)
def test_titles_that_end_within_a_year_are_told(documents, ends, days):
    recognised(place(), ends=dt.date.fromisoformat(ends) if ends else None)
    assert [each.days for each in warnings.ending(TODAY)] == ([days] if days else [])


def test_a_title_without_a_day_ends_when_its_document_says(documents):
    where = place()
    recognised(where, "district", "2015-02-01")  # the sample rule: three years
    recognised(where, "national", "2015-02-01")  # that of 2010 says nothing
    found = warnings.ending(TODAY)
    assert [(each.ends_on, each.by_rule) for each in found] == [(dt.date(2018, 2, 1), "示例：区级认定条件")]


def test_the_same_day_months_later():
    assert warnings.later(dt.date(2016, 1, 31), 1) == dt.date(2016, 2, 29)
    assert warnings.later(dt.date(2015, 12, 15), 42) == dt.date(2019, 6, 15)
    assert warnings.later(dt.date(2017, 7, 18), -42) == dt.date(2014, 1, 18)


def test_stays_near_and_past_the_longest_time_are_told(documents):
    where = place()
    tenant(where, "早已超过", "2013-06-01")
    tenant(where, "即将满", "2014-04-01")  # 42 months under the rule of 2010: 2017-10-01
    tenant(where, "还早", "2015-07-01")
    tenant(where, "已离开", "2013-06-01", "2016-06-01", "graduated")
    found = warnings.outlasting(TODAY)
    assert [(each.venture_name, each.days < 0) for each in found] == [("早已超过", True), ("即将满", False)]
    assert found[1].ends_on == dt.date(2017, 10, 1)
    assert warnings.outlasting(TODAY, [where.pk + 1]) == []
    assert warnings.outlasting(dt.date(2009, 1, 1)) == []  # no rule then


def test_only_sure_failures_of_holders_are_told(documents):
    holder, other = place(), place("酒仙桥孵化器")
    tenant(holder, "听雨科技")  # one tenant at most, where eighty are wanted
    recognised(holder)
    assert [(each.institution, each.level) for each in warnings.failing(TODAY)] == [(holder.pk, "national")]
    assert "N10-4" in warnings.failing(TODAY)[0].criteria
    assert warnings.failing(TODAY, [other.pk]) == []
    assert warnings.failing(dt.date(2014, 7, 1)) == []  # it held nothing yet


def test_the_manager_is_told_once_and_by_the_business_date(documents, settings):
    body = bodies.register(OrganisationDraft(name="望京运营"), by=None, now=NOW)
    draft = InstitutionDraft(name="望京孵化器", opened=parse("2012"), operator=body.pk, stages=("incubation",))
    where = institutions.register(draft, by=None, now=NOW, today=TODAY)
    person = Person.objects.create(name="王五")
    Role.objects.create(person=person, kind="manager", organisation=body, starts_on=dt.date(2014, 1, 1))
    recognised(where, ends=dt.date(2017, 12, 1))
    tenant(where, "早已超过", "2013-06-01")
    settings.BUSINESS_DATE = TODAY
    for _time in range(2):
        tasks.tell_of_warnings(now=NOW + dt.timedelta(days=3650))
    assert messages.of(person).count() == 2

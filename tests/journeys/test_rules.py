"""A document of the district on its way: who is told that it is offered, sent back, published, and in force."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.messages import queries as messages
from hatchline.apps.outbox.models import Job
from hatchline.apps.people.models import Person, Role
from hatchline.apps.rulebooks import actions as rulebooks
from hatchline.core.values.dates import parse
from hatchline.core.values.refusal import Refused
from hatchline.journeys import rules, tasks
from tests.journeys.test_gather import NOW, TODAY, documents, tenant

pytestmark = pytest.mark.django_db
__all__ = ["documents"]
LATER = NOW + dt.timedelta(hours=1)
TEXT = """
id: {name}
number: 朝科〔2017〕{number}号
title: {{zh: 只看在孵企业, en: Tenants alone}}
issuer: {{zh: 朝阳, en: Chaoyang}}
series: cy-own
subject: institution
in_force: {{from: {begins}, mark: recalled, zh: 朝阳, en: Chaoyang}}
parameters:
  min_tenants: {{value: {least} 家, article: 第一条, mark: recalled, zh: 在孵企业数, en: tenants}}
criteria:
  - id: E-1
    article: 第一条
    mark: read
    label: {{zh: 在孵企业数, en: tenants}}
    zh: "在孵企业不少于 {{min_tenants}}。"
    en: "Has at least {{min_tenants}} as tenants."
    requires: count(ventures where in_incubation) >= min_tenants
cases:
  - {{zh: 没有企业, en: none, as_of: 2017-12-30, facts: {{}}, ventures: {{}}, expect: {verdict}}}
"""
FIRST = TEXT.format(name="cy-1", number=1, begins="2017-08-01", least=1, verdict="not_met")
SECOND = TEXT.format(name="cy-2", number=2, begins="2017-09-01", least=0, verdict="met")


def person(name, kind, organisation=None):
    made = Person.objects.create(name=name)
    Role.objects.create(person=made, kind=kind, organisation=organisation, starts_on=dt.date(2014, 1, 1))
    return made


def house(name):
    operator = bodies.register(OrganisationDraft(name=f"{name}运营公司"), by=None, now=NOW)
    draft = InstitutionDraft(
        name=name, opened=parse("2012-05-01"), kinds=("incubator",), stages=("incubation",), operator=operator.pk
    )
    made = institutions.register(draft, by=None, now=NOW, today=TODAY)
    return made, person(f"{name}经理", "manager", operator)


@pytest.fixture
def officials(documents):
    return person("林", "official"), person("王", "administrator"), person("审计", "auditor")


def told(whom, unread=False):
    return [each.said_title for each in messages.of(whom, unread=unread).filter(kind="rules").order_by("pk")]


def published(text, lin, wang):
    draft = rulebooks.draft(text=text, reason="区级条件", by=lin, now=NOW)
    return rules.publish(draft, version=1, aware=True, by=wang, now=NOW, today=TODAY)


def test_what_is_offered_asks_the_others_and_what_is_sent_back_says_why(officials):
    lin, wang, auditor = officials
    draft = rulebooks.draft(text=FIRST, reason="区级条件。", by=lin, now=NOW)
    with pytest.raises(Refused, match="没有提请发布"):
        rules.send_back(draft, reason="太宽", by=wang, now=NOW)
    rules.offer(draft, version=1, by=lin, now=NOW, today=TODAY)
    [asked] = messages.of(wang)
    assert asked.said_title == "请审阅并发布“cy-1”" and asked.needs_answer and asked.settled_at is None
    assert asked.said_text == "林 起草：区级条件。请看过影响和内容，发布或写明理由退回。"
    assert asked.link == f"/console/rule-drafts/{draft.pk}/"
    assert told(lin) == told(auditor) == []
    with pytest.raises(Refused, match="已经提请发布"):
        rules.offer(draft, version=1, by=lin, now=NOW, today=TODAY)
    for by, reason, why in ((lin, "太宽", "不用退回"), (wang, " ", "退回理由"), (wang, "电 13912345678", "电话")):
        with pytest.raises(Refused, match=why):
            rules.send_back(draft, reason=reason, by=by, now=NOW)
    back = rules.send_back(draft, reason="至少要有 1 家的理由没有写", by=wang, now=LATER)
    assert (back.status, back.sent_back) == ("drafted", "至少要有 1 家的理由没有写")
    [why] = messages.of(lin)
    assert why.said_text == "王：至少要有 1 家的理由没有写"
    asked.refresh_from_db()
    assert asked.settled_at == LATER
    again = rules.amend(draft, text=FIRST, reason="区级条件，一家是底线", version=1, by=lin, now=LATER)
    assert again.sent_back == ""
    rules.offer(again, version=again.version, by=lin, now=LATER, today=TODAY)
    assert told(wang) == ["请审阅并发布“cy-1”"] * 2


def test_what_is_offered_again_unchanged_asks_again_and_is_sent_back_no_more(officials):
    lin, wang, _auditor = officials
    draft = rulebooks.draft(text=FIRST, reason="区级条件", by=lin, now=NOW)
    rules.offer(draft, version=1, by=lin, now=NOW, today=TODAY)
    rules.send_back(draft, reason="先等会", by=wang, now=LATER)
    again = rules.offer(draft, version=1, by=lin, now=LATER + dt.timedelta(hours=1), today=TODAY)
    again.refresh_from_db()
    assert (again.status, again.sent_back, again.version) == ("offered", "", 1)
    assert told(wang) == ["请审阅并发布“cy-1”"] * 2
    assert messages.of(wang).filter(settled_at=None, needs_answer=True).count() == 1
    assert "先等会" in [each.details.get("reason") for each in ledger.about(draft)]


def test_publishing_says_what_nobody_confirmed_and_tells_who_drafted(officials):
    lin, wang, _auditor = officials
    draft = rulebooks.draft(text=FIRST, reason="区级条件", by=lin, now=NOW)
    rules.offer(draft, version=1, by=lin, now=NOW, today=TODAY)
    with pytest.raises(Refused, match="有 1 项还没有核对原文") as caught:
        rules.publish(draft, version=1, by=wang, now=NOW, today=TODAY)
    assert caught.value.refusal.field == "aware"
    edition = rules.publish(draft, version=1, aware=True, by=wang, now=LATER, today=TODAY)
    assert told(lin) == ["“朝科〔2017〕1号”已发布，自 2017年8月1日 起施行"]
    assert all(each.settled_at == LATER for each in messages.of(wang))
    assert Job.objects.get(task="journeys.tell_of_edition").arguments == {"edition": edition.pk}
    rulebooks.confirm(edition, parameter="min_tenants", source="朝科〔2017〕1号第一条", by=wang, now=LATER)


def test_those_are_told_whose_verdict_changes_and_nobody_twice(officials):
    lin, wang, auditor = officials
    (empty, manager), (full, other) = house("望京孵化器"), house("酒仙桥孵化器")
    tenant(full, "听雪科技")
    assert rules.changes(published(FIRST, lin, wang), TODAY) == []  # the first of its rule takes over from none
    second = published(SECOND, lin, wang)
    assert rules.changes(second, TODAY) == [rules.Change(empty.pk, "not_met", "met")]
    for _again in range(2):
        tasks.tell_of_edition(now=LATER, edition=second.pk)
    assert told(manager) == ["“朝科〔2017〕2号”自 2017年9月1日 起施行，“望京孵化器”的结论会改变"]
    [news] = messages.of(manager)
    assert news.link == f"/desk/institutions/{empty.pk}/ladder/"
    assert news.said_text == "按今天掌握的事实，现行文件下未达标，新文件下达标。"
    with translation.override("en"):
        assert news.said_text.endswith("Not met under the document now in force, Met under the new one.")
    assert told(other) == told(auditor) == []
    before = len(told(lin))
    rules.tell_of_beginnings(now=LATER, today=dt.date(2017, 8, 31))
    assert len(told(manager)) == 1
    for day in (1, 2):
        rules.tell_of_beginnings(now=LATER, today=dt.date(2017, 9, day))
    assert told(manager)[1:] == ["“朝科〔2017〕2号”已自 2017年9月1日 起施行，“望京孵化器”的结论改变"]
    assert told(lin)[before:] == ["“朝科〔2017〕2号”今天起施行"] and told(wang) == told(lin)[before:]
    assert told(other) == []


def test_a_district_with_a_business_date_is_told_of_beginnings_by_that_date(officials, settings):
    lin, wang, _auditor = officials
    real = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)  # the clock goes on whatever day the district is shown on
    at_once = TEXT.format(name="cy-3", number=3, begins=TODAY.isoformat(), least=1, verdict="not_met")
    for text in (at_once, SECOND):
        draft = rulebooks.draft(text=text, reason="区级条件", by=lin, now=real)
        rules.publish(draft, version=1, aware=True, by=wang, now=real, today=TODAY)
    before = len(told(lin))
    for day, news in ((TODAY, []), (dt.date(2017, 9, 1), ["“朝科〔2017〕2号”今天起施行"])):
        settings.BUSINESS_DATE = day
        tasks.tell_of_beginnings(now=real)
        assert told(lin)[before:] == told(wang) == news  # what began as it was published was told of then

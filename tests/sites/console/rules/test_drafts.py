"""Documents in the console: read by those who look, drafted by one official, published by another."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hatchline.apps.rulebooks import actions, queries
from hatchline.journeys import reference
from tests.sites.console.conftest import NOW, institution, signed_in, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(db):
    return list(reference.load(district="110105", now=NOW))


def begun(client, **more):
    """A draft copied from the sample through the form."""
    fields = {
        "source": "sample-district", "name": "cy-own", "number": "朝科〔2099〕1号", "in_force": "2099-01-01",
        "reason": "区级认定",
    }  # fmt: skip
    query = more.pop("query", "")
    answer = client.post(f"/console/rule-drafts/new/{query}", fields | more)
    assert answer.status_code == 302, answer.content.decode()
    return queries.drafts().get(name=more.get("name", "cy-own"))


def test_the_auditor_reads_and_changes_nothing(loaded, auditor):
    draft = begun(signed_in("official"))
    for path in ("/console/rules/", "/console/rules/most-2018-300/", "/console/rules/most-2018-300/text/",
                 "/console/rules/most-2010-680/compare/?with=most-2018-300", "/console/rule-drafts/",
                 f"/console/rule-drafts/{draft.pk}/", f"/console/rule-drafts/{draft.pk}/text/"):  # fmt: skip
        assert auditor.get(path).status_code == 200, path
    page = auditor.get(f"/console/rule-drafts/{draft.pk}/").content.decode()
    assert "<textarea" not in page
    assert auditor.post(f"/console/rule-drafts/{draft.pk}/", {"text": "x"}).status_code in (403, 404)
    for path in ("new/", f"{draft.pk}/publish/", f"{draft.pk}/abandon/"):
        assert auditor.post(f"/console/rule-drafts/{path}").status_code == 403
    assert auditor.get("/console/rules/most-2018-300/confirm/min_area/").status_code == 403


def test_one_drafts_another_publishes_and_the_text_is_the_same(loaded, official):
    draft = begun(official)
    assert "起草人不能发布" in official.get(f"/console/rule-drafts/{draft.pk}/").content.decode()
    official.post(f"/console/rule-drafts/{draft.pk}/publish/", {"version": 1, "read": "1"})
    assert queries.edition("cy-own") is None
    answer = signed_in("administrator").post(f"/console/rule-drafts/{draft.pk}/publish/", {"version": 1, "read": "1"})
    assert answer.status_code == 302 and answer["Location"] == "/console/rules/cy-own/"
    kept = official.get("/console/rules/cy-own/text/").content.decode()
    assert kept == queries.drafts().get(pk=draft.pk).text and "2099-01-01" in kept


def test_nothing_is_published_before_the_publisher_says_that_it_was_read(loaded, official):
    draft = begun(official)
    publisher = signed_in("administrator")
    page = publisher.get(f"/console/rule-drafts/{draft.pk}/").content.decode()
    assert 'name="read"' in page and "自 2099-01-01 起施行" in page
    answer = publisher.post(f"/console/rule-drafts/{draft.pk}/publish/", {"version": 1}, follow=True)
    assert "还没有发布" in answer.content.decode() and queries.edition("cy-own") is None
    publisher.post(f"/console/rule-drafts/{draft.pk}/publish/", {"version": 1, "read": "1"})
    published = publisher.get("/console/rules/cy-own/").content.decode()
    assert "不是任何机关发布的文件" not in published


def test_a_fault_is_told_with_its_line_and_nothing_is_lost(loaded, official):
    draft = begun(official)
    broken = draft.text.replace("mentors >= min_mentors", "mentor >= min_mentors")
    line = next(at for at, each in enumerate(broken.splitlines(), 1) if "mentor >= " in each)
    fields = {"text": broken.replace("\n", "\r\n"), "reason": "改名", "version": 1}
    assert official.post(f"/console/rule-drafts/{draft.pk}/", fields).status_code == 302
    assert queries.drafts().get(pk=draft.pk).text == broken
    page = official.get(f"/console/rule-drafts/{draft.pk}/").content.decode()
    assert "没有这个名称" in page and f">{line}<" in page and "mentor &gt;= min_mentors" in page
    publisher = signed_in("administrator")
    publisher.post(f"/console/rule-drafts/{draft.pk}/publish/", {"version": 2, "read": "1"})
    assert queries.edition("cy-own") is None
    late = official.post(f"/console/rule-drafts/{draft.pk}/", {"text": "id: mine", "reason": "x", "version": 1})
    assert late.status_code == 422 and "id: mine" in late.content.decode()
    assert queries.drafts().get(pk=draft.pk).text == broken


EASY = """
id: cy-own
number: 朝科〔2099〕1号
title: {zh: 只看在孵企业, en: Tenants alone}
issuer: {zh: 示例, en: sample}
series: cy-own
subject: institution
in_force: {from: 2099-01-01, mark: sample, zh: 示例, en: sample}
parameters:
  min_tenants: {value: 0 家, article: 示例, mark: sample, zh: 在孵企业数, en: tenants}
criteria:
  - id: E-1
    article: 示例
    mark: sample
    label: {zh: 在孵企业数, en: tenants}
    zh: "在孵企业不少于 {min_tenants}。"
    en: "Has at least {min_tenants} as tenants."
    requires: count(ventures where in_incubation) >= min_tenants
cases:
  - {zh: 没有企业, en: none, as_of: 2099-06-30, facts: {}, ventures: {}, expect: {overall: met}}
"""


def test_who_is_won_and_lost_is_named_above_the_text(loaded, official):
    made = institution("望京孵化器", "2010", kinds=("incubator",), stages=("incubation",))
    draft = begun(official)
    fields = {"text": EASY, "reason": "放宽", "version": 1}
    assert official.post(f"/console/rule-drafts/{draft.pk}/", fields).status_code == 302
    path = f"/console/rule-drafts/{draft.pk}/"
    page = official.get(path + "?against=sample-district").content.decode()
    won, lost = page.index("<h3>新达标"), page.index("<h3>不再达标")
    assert won < page.index(f"/console/institutions/{made.pk}/", won) < lost < page.index("文件内容")
    text = EASY.replace("0 家", "1 家").replace("overall: met", "overall: not_met")
    official.post(path, {"text": text, "reason": "一家", "version": 2})
    page = official.get(path + "?against=sample-district").content.decode()
    assert f"/console/institutions/{made.pk}/" not in page[page.index("<h3>新达标") :]


def test_figures_of_a_scenario_come_along(loaded):
    account = somebody("official")
    from django.test import Client

    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    kept = actions.keep(
        name="降低面积", document="sample-district", settings={"min_area": "800", "min_tenants": "8 家"},
        by=account.person, now=NOW,
    )  # fmt: skip
    query = f"?from=sample-district&scenario={kept.pk}&min_mentors=2"
    assert "800" in client.get(f"/console/rule-drafts/new/{query}").content.decode()
    text = begun(client, query=query).text
    assert "value: 800 平方米" in text and "value: 8 家" in text and "min_mentors: {value: 2 人" in text
    other = signed_in("administrator").get(f"/console/rule-drafts/new/?from=sample-district&scenario={kept.pk}")
    assert other.status_code == 404


def test_a_figure_is_confirmed_with_its_source(loaded, official):
    path = "/console/rules/most-2010-680/confirm/min_area/"
    assert official.get(path).status_code == 200
    assert official.post(path, {"source": ""}).status_code == 422
    assert official.post(path, {"source": "国科发高〔2010〕680号第八条，科技部网站"}).status_code == 302
    assert "第八条，科技部网站" in official.get("/console/rules/most-2010-680/").content.decode()
    assert official.post(path, {"source": "again"}).status_code == 422
    assert official.get("/console/rules/most-2010-680/confirm/nothing/").status_code == 404


def test_a_condition_is_confirmed_with_its_source(loaded, official):
    page = official.get("/console/rules/most-2017-115/").content.decode()
    made = queries.document(queries.edition("most-2017-115"))
    name = next(name for name, each in made.criteria.items() if not each.mark.is_firm)
    path = f"/console/rules/most-2017-115/confirm/criterion:{name}/"
    assert path in page
    assert made.criteria[name].label.zh in official.get(path).content.decode()
    assert official.post(path, {"source": "国科发政〔2017〕115号，科技部网站"}).status_code == 302
    again = official.get("/console/rules/most-2017-115/").content.decode()
    assert path not in again and "国科发政〔2017〕115号，科技部网站" in again
    assert official.post(path, {"source": "again"}).status_code == 422
    for missing in ("criterion:nothing", "gaps:1"):
        assert official.get(f"/console/rules/most-2017-115/confirm/{missing}/").status_code == 404


def test_an_abandoned_draft_stays_readable(loaded, official):
    draft = begun(official)
    official.post(f"/console/rule-drafts/{draft.pk}/abandon/")
    page = official.get(f"/console/rule-drafts/{draft.pk}/").content.decode()
    assert "已放弃" in page and "<textarea" not in page


def test_the_list_asks_as_often_for_one_as_for_thirty(loaded, official):
    person = somebody("administrator").person
    text = queries.edition("sample-district").text

    def asked() -> int:
        official.get("/console/rule-drafts/")
        with CaptureQueriesContext(connection) as seen:
            official.get("/console/rule-drafts/")
        return len(seen)

    actions.draft(text=text, reason="r", by=person, now=NOW)
    few = asked()
    for number in range(29):
        actions.draft(text=text.replace("id: sample-district", f"id: d-{number}"), reason="r", by=person, now=NOW)
    assert asked() == few <= 15
    assert "d-28" in official.get("/console/rule-drafts/").content.decode()


def test_the_library_asks_no_more_for_all_documents(loaded, official, django_assert_max_num_queries):
    official.get("/console/rules/")
    with django_assert_max_num_queries(15):
        official.get("/console/rules/")


def test_the_search_leads_to_a_document(loaded, official):
    page = official.get("/console/search/?q=孵化器认定").content.decode()
    assert "/console/rules/most-2010-680/" in page

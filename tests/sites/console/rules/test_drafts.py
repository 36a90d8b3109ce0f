"""Documents in the console: read by those who look, drafted by one official, published by another."""

import re
from html.parser import HTMLParser

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
        "reason": "区级认定", "title": "朝阳区孵化机构认定办法", "title_en": "Recognition in Chaoyang",
    }  # fmt: skip
    query = more.pop("query", "")
    answer = client.post(f"/console/rule-drafts/new/{query}", fields | more)
    assert answer.status_code == 302, answer.content.decode()
    return queries.drafts().get(name=more.get("name", "cy-own"))


def test_an_id_that_cannot_be_one_is_told_in_our_words(loaded, official):
    answer = official.post("/console/rule-drafts/new/", {"source": "sample-district", "name": "朝阳 办法"})
    assert answer.status_code == 422
    assert "id 里只能有英文字母、数字、连字符和下划线" in answer.content.decode()


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
    official.post(f"/console/rule-drafts/{draft.pk}/publish/", {"version": 1, "read": "1", "aware": "1"})
    assert queries.edition("cy-own") is None
    answer = signed_in("administrator").post(
        f"/console/rule-drafts/{draft.pk}/publish/", {"version": 1, "read": "1", "aware": "1"}
    )
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
    publisher.post(f"/console/rule-drafts/{draft.pk}/publish/", {"version": 1, "read": "1", "aware": "1"})
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
    assert "没有叫“mentor”的事实、参数或定义" in page and "是不是想写 mentors" in page and "did you mean" not in page
    assert f">{line}<" in page and "mentor &gt;= min_mentors" in page
    publish = f"第 {line} 行，没有叫“mentor”的事实、参数或定义。"
    publisher = signed_in("administrator")
    assert publish in publisher.get(f"/console/rule-drafts/{draft.pk}/").content.decode()
    official.cookies["django_language"] = "en"
    english = official.get(f"/console/rule-drafts/{draft.pk}/").content.decode()
    assert "no fact, parameter or definition is called &#39;mentor&#39;" in english
    assert "did you mean mentors" in english and "没有叫" not in english
    publisher.post(f"/console/rule-drafts/{draft.pk}/publish/", {"version": 2, "read": "1", "aware": "1"})
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


class Fields(HTMLParser):
    """What the fields of a page's forms hold, as a browser would post them, and what their labels say."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.held: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self.name = self.label = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        its = dict(attrs)
        if tag == "label":
            self.label = its.get("for") or ""
        elif tag == "option":
            if "selected" in its:
                self.held[self.name] = its["value"]
        elif tag in ("input", "select", "textarea") and its.get("name"):
            self.name = its["name"]
            self.held[self.name] = its.get("value") or ""

    def handle_endtag(self, tag):
        self.label = "" if tag == "label" else self.label

    def handle_data(self, data):
        if self.label:
            self.labels[self.label.removeprefix("field-").removeprefix("id_")] = data.strip()


def fields_of(client, path: str) -> dict[str, str]:
    return Fields(client.get(path).content.decode()).held


def test_from_a_scenario_to_a_published_document_by_two_officials_without_yaml(loaded, official, settings):
    page = "/console/rule-drafts/new/?from=sample-district&min_area=900"
    fields = fields_of(official, page)
    assert fields["title"] == "区级孵化机构认定条件" and fields["title_en"] == "Recognition by a district"
    draft = begun(official, query="?from=sample-district&min_area=900", title="朝阳区孵化机构认定办法")
    shown = official.get(f"/console/rule-drafts/{draft.pk}/").content.decode()
    assert "案例“恰好达到”：D-1 应为“未达标”，算出来是“达标”" in shown
    case = re.search(rf"/console/rule-drafts/{draft.pk}/case/(\d+)/", shown)
    assert case and signed_in("auditor").get(case[0]).status_code == 403
    fields = fields_of(official, case[0])
    assert "算出来是“达标”" in official.get(case[0]).content.decode()
    wrong = official.post(case[0], fields | {"f0": "九百"})
    assert wrong.status_code == 422 and "“九百”不是数。写成如" in wrong.content.decode()
    assert 'value="九百"' in wrong.content.decode()
    assert official.post(case[0], fields | {"f0": "899.99 平方米"}).status_code == 302
    late = official.post(case[0], fields | {"f0": "1 平方米"})
    assert late.status_code == 422  # another has saved in between
    changed = queries.drafts().get(pk=draft.pk)
    assert changed.text == draft.text.replace("999.99 平方米", "899.99 平方米", 1)
    publisher = signed_in("administrator")
    post = {"version": changed.version, "read": "1", "aware": "1"}
    assert publisher.post(f"/console/rule-drafts/{draft.pk}/publish/", post)["Location"] == "/console/rules/cy-own/"
    made = queries.document(queries.edition("cy-own"))
    assert (made.title.zh, made.issuer.zh) == ("朝阳区孵化机构认定办法", settings.DISTRICT_NAME)
    assert not made.is_sample and {each.mark for each in made.parameters.values()} == {"recalled"}
    told = publisher.get("/console/rules/cy-own/").content.decode()
    assert "示例" not in made.title.zh and "/console/rules/cy-own/confirm/min_area/" in told
    # its own figures can be confirmed in it, so that a decision may rest on them
    publisher.post("/console/rules/cy-own/confirm/min_area/", {"source": "朝科〔2099〕1号第三条"})
    assert queries.document(queries.edition("cy-own")).parameters["min_area"].mark == "confirmed"


def test_the_verdict_a_case_expects_is_changed_in_the_browser(loaded, official):
    draft = begun(official, query="?from=sample-district&min_area=900")
    page = official.get(f"/console/rule-drafts/{draft.pk}/").content.decode()
    path = re.search(rf"/console/rule-drafts/{draft.pk}/case/(\d+)/", page)[0]
    publisher = signed_in("administrator")
    refused = publisher.get(page_of := f"/console/rule-drafts/{draft.pk}/").content.decode()
    posted = publisher.post(
        f"{page_of}publish/", {"version": 1, "read": "1", "aware": "1"}, follow=True
    ).content.decode()
    for told in (refused, posted):
        assert re.search("第 \\d+ 行，案例“恰好达到”：D-1 应为“未达标”，算出来是“达标”", told)
        assert "case_fails" not in told and "draft.yaml" not in told
    labels = Fields(official.get(path).content.decode()).labels
    assert "D-1 场地 应为" in labels.values()
    assert "可自主支配场地面积（平方米）" in official.get(path).content.decode()
    first = official.get(f"/console/rule-drafts/{draft.pk}/case/1/").content.decode()
    for told in ("企业数（家）", "使用面积（平方米）", "处于在孵阶段（经确认且计入）"):
        assert f"{told}，第 1 组企业" in first and "plain" not in first
    name = next(name for name, label in labels.items() if label.startswith("D-1"))
    assert official.post(path, fields_of(official, path) | {name: "met"}).status_code == 302
    after = official.get(f"/console/rule-drafts/{draft.pk}/").content.decode()
    assert "个案例全部通过" in after
    assert official.get(f"/console/rule-drafts/{draft.pk}/case/99/").status_code == 404
    again = official.post(path, fields_of(official, path))
    assert again.status_code == 422 and "没有改动" in again.content.decode()


def test_a_case_that_knows_a_fact_by_a_wrong_name_or_not_at_all_is_mended_in_the_browser(loaded, official):
    draft = begun(official)
    broken = draft.text.replace("{controlled_area: 999.99 平方米}", "{controled_area: 999.99 平方米}", 1)
    assert broken != draft.text
    here = f"/console/rule-drafts/{draft.pk}/"
    assert official.post(here, {"text": broken, "reason": "试", "version": 1}).status_code == 302
    told = official.get(here).content.decode()
    assert "controled_area：孵化机构没有叫“controled_area”的事实；是不是想写 controlled_area" in told
    number = next(at for at in range(1, 20) if "controled_area" in official.get(f"{here}case/{at}/").content.decode())
    path = f"{here}case/{number}/"
    assert "词汇表里没有 controled_area" in official.get(path).content.decode()
    fields = fields_of(official, path)
    verdict = next(name for name, value in fields.items() if value == "not_met")
    assert official.post(path, fields | {verdict: "unknown"}).status_code == 302  # the rest can be mended first
    held = queries.drafts().get(pk=draft.pk)
    assert held.text.count("controled_area") == 1 and "expect: {D-1: unknown" in held.text
    named = held.text.replace("controled_area", "controlled_area")
    assert official.post(here, {"text": named, "reason": "试", "version": held.version}).status_code == 302
    assert "应为“未知”，算出来是“未达标”" in official.get(here).content.decode()
    fields = fields_of(official, path)
    value = next(name for name, value in fields.items() if value == "999.99 平方米")
    assert official.post(path, fields | {value: ""}).status_code == 302  # empty: nobody knows
    assert "{controlled_area: null}" in queries.drafts().get(pk=draft.pk).text
    assert "算出来是“未达标”" not in official.get(here).content.decode()


def test_a_draft_is_offered_sent_back_and_published_by_one_who_knows_what_is_unconfirmed(loaded, official):
    draft = begun(official)
    here = f"/console/rule-drafts/{draft.pk}/"
    assert "提请发布" in official.get(here).content.decode()
    assert official.post(f"{here}offer/", {"version": 1}).status_code == 302
    shown = official.get(here).content.decode()
    assert "待发布" in shown and "/back/" not in shown
    publisher = signed_in("administrator")
    assert f"{here}back/" in publisher.get(here).content.decode()
    empty = publisher.post(f"{here}back/", {"reason": ""})
    assert empty.status_code == 422
    private = publisher.post(f"{here}back/", {"reason": "请打 13912345678"})
    assert private.status_code == 422 and "请打 13912345678" in private.content.decode()
    assert publisher.post(f"{here}back/", {"reason": "导师人数写错了"}).status_code == 302
    assert "导师人数写错了" in official.get(here).content.decode()
    assert publisher.get(f"{here}back/").status_code == 200  # says why it cannot be sent back again
    assert official.post(f"{here}offer/", {"version": 1}).status_code == 302
    page = publisher.get(here).content.decode()
    past = page.index('class="hl-past"')
    assert "导师人数写错了" not in page[:past] and "导师人数写错了" in page[past:]  # in its history alone
    section = page[page.index('id="unconfirmed"') : page.index('id="publish"')]
    assert section.count("凭记忆，待确认") == 12 and "1,000 平方米" in section and "D-2、D-3、D-5" in section
    assert 'name="aware"' in page
    refused = publisher.post(f"{here}publish/", {"version": 1, "read": "1"}, follow=True).content.decode()
    assert "项还没有核对原文，发布后只能用于预览和培训" in refused and queries.edition("cy-own") is None
    assert publisher.post(f"{here}publish/", {"version": 1, "read": "1", "aware": "1"}).status_code == 302
    assert queries.edition("cy-own") is not None

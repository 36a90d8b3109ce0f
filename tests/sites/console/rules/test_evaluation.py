"""One subject judged on a page; the ladder; judgements kept with their facts."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hatchline import rulebook
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.rulebooks import actions as changes
from hatchline.apps.rulebooks import queries as rulebooks
from hatchline.apps.titles import actions as titles
from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures import queries as known
from hatchline.core.rules.check import resolved
from hatchline.core.rules.explain import Explainer
from hatchline.core.rules.telling import told
from hatchline.core.rules.ways import nearest_way
from hatchline.core.values.dates import parse
from hatchline.journeys import gather, judge
from hatchline.sites import days
from hatchline.sites.console.ventures.profile import moment_of
from hatchline.sites.judged import rows
from tests.journeys.test_gather import NOW, TODAY, documents, place, right, tenant
from tests.sites.console.conftest import signed_in

pytestmark = pytest.mark.django_db
__all__ = ["documents"]


def text(answer) -> str:
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_the_page_tells_value_gap_source_and_the_way(official, documents):
    where = place()
    for number in range(3):
        right(tenant(where, f"听雨{number}"))
    shown = text(official.get(f"/console/institutions/{where.pk}/rules/sample-district/"))
    assert "望京孵化器符合《示例：区级孵化机构认定条件》吗？" in shown
    assert "5 项条件" in shown
    assert "待查明" in shown
    answer = official.get(f"/console/institutions/{where.pk}/rules/sample-district/").content.decode()
    assert f'href="/console/institutions/{where.pk}/members/?fact=' in answer


def test_what_a_criterion_counts_and_who_lacks_a_fact_are_the_rows_that_open(official, documents):
    where = place()
    for number in range(3):
        right(tenant(where, f"听雨{number}"))
    tenant(where, "观云科技")
    page = official.get(f"/console/institutions/{where.pk}/rules/sample-district/").content.decode()
    found = re.findall(r'<a [^>]*href="([^"]+/members/[^"]+)"[^>]*>\s*(?:其中最多 )?(\d+) 家', page)
    assert {number for _href, number in found} >= {"4", "1"}
    for href, number in found:
        opened = official.get(html.unescape(href)).content.decode()
        assert f"共 {number} 家" in opened, (href, number)
    lacking = next(html.unescape(href) for href, number in found if number == "1")
    names = official.get(lacking).content.decode()
    assert "观云科技" in names and "听雨" not in names
    assert official.get(f"/console/institutions/{where.pk}/members/?fact=nothing").status_code == 404
    assert "共 4 家" in official.get(f"/console/institutions/{where.pk}/members/").content.decode()


def test_a_link_of_a_past_day_stays_on_it(official, documents):
    where = place()
    tenant(where, "听雨科技")
    page = official.get(f"/console/institutions/{where.pk}/rules/sample-district/?as_of=2016-12-31").content.decode()
    links = re.findall(rf'href="(/console/institutions/{where.pk}/members/[^"]+)"', page)
    assert links and all("as_of=2016-12-31" in each for each in links)


def test_the_address_of_a_preview_opens_the_same_again(official, documents):
    """It holds the digest of the text and the moment of knowing: what is replaced or told later changes nothing."""
    where = place()
    path = f"/console/institutions/{where.pk}/rules/sample-district/"

    def again(page: str) -> str:
        return html.unescape(re.search(r'href="([^"]*hash=[^"]*)">这次预览的网址', page)[1])

    first = official.get(path)
    address = again(first.content.decode())
    was = rulebooks.edition("sample-district")
    assert was.digest in address and "known_at=" in address and "as_of=" in address
    assert "事实截至" in text(official.get(address))
    found = judge.judge(gather.INSTITUTION, where.pk, "sample-district", as_of=TODAY, known_at=NOW, digest=was.digest)
    changed = was.text.replace("min_mentors: {value: ", "min_mentors: {value: 1", 1)
    assert changed != was.text
    words = rulebooks.present_vocabulary_row().text
    changes.take_in(words, [changed], now=NOW)
    assert rulebooks.edition("sample-district").digest != was.digest
    then = official.get(address)
    assert again(then.content.decode()) == address and "已被替换" in then.content.decode()
    same = judge.judge(gather.INSTITUTION, where.pk, "sample-district", as_of=TODAY, known_at=NOW, digest=was.digest)
    assert told(same.explanation, same.way) == told(found.explanation, found.way)
    assert again(official.get(path).content.decode()) != address
    kept = official.post(f"{path}pin/?hash={was.digest}", {"purpose": "试算存档"}, follow=True)
    assert "不能固定" in text(kept) and not rulebooks.evaluations_of(gather.INSTITUTION, where.pk).exists()
    for wrong in ("0" * 64, "x"):
        assert official.get(f"{path}?hash={wrong}").status_code == 404
    other = rulebooks.edition("most-2010-680").digest
    assert official.get(f"{path}?hash={other}").status_code == 404


def test_a_moment_of_knowing_is_kept_to_the_moment(official, documents):
    asked = days.Asked(TODAY, TODAY, TODAY, NOW)
    assert asked.query == {"known_at": "2017-07-18T01:00:00Z"} and moment_of(asked) == NOW
    where = place()
    path = f"/console/institutions/{where.pk}/rules/sample-district/"
    page = html.unescape(official.get(f"{path}?known_at=2017-07-18T01:00:00Z").content.decode())
    assert "known_at=2017-07-18T01%3A00%3A00Z&hash=" in page
    assert "不是日期" in text(official.get(f"{path}?known_at=2017-07-18T01:00:00"))  # no offset: no moment


def test_a_document_not_in_force_says_so(official, documents):
    where = place()
    assert "不施行" in text(official.get(f"/console/institutions/{where.pk}/rules/most-2018-300/"))
    assert "不施行" not in text(official.get(f"/console/institutions/{where.pk}/rules/most-2010-680/"))


def test_only_subjects_and_documents_that_go_together(official, documents):
    where = place()
    pk = tenant(where, "听雨科技")
    assert official.get(f"/console/institutions/{where.pk}/rules/graduation-2010/").status_code == 404
    assert official.get(f"/console/ventures/{pk}/rules/sample-district/").status_code == 404
    assert official.get(f"/console/ventures/{pk}/rules/graduation-2010/").status_code == 200
    assert official.get("/console/institutions/999999/rules/sample-district/").status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_pages_ask_as_much_of_many_ventures_as_of_one(official, documents, number):
    where = place()
    for at in range(number):
        right(tenant(where, f"听雨{at}"))
    for path, most in (("rules/most-2018-300/", 47), ("ladder/", 58)):
        address = f"/console/institutions/{where.pk}/{path}"
        official.get(address)
        with CaptureQueriesContext(connection) as asked:
            official.get(address)
        assert len(asked) <= most, len(asked)


def test_the_ladder_tells_each_rung(official, documents):
    where = place()
    pk = tenant(where, "听雨科技")
    shown = text(official.get(f"/console/institutions/{where.pk}/ladder/"))
    for rung in ("区级", "市级", "国家级", "税收优惠"):
        assert rung in shown
    shown = text(official.get(f"/console/ventures/{pk}/ladder/"))
    for rung in ("毕业", "科技型中小企业", "高新技术企业"):
        assert rung in shown


def test_a_judgement_is_kept_with_its_facts_and_read_again(official, documents):
    where = place()
    tenant(where, "听雨科技")
    answer = official.post(f"/console/institutions/{where.pk}/rules/mof-2016-89/pin/", {"purpose": "2017 年申报"})
    assert answer.status_code == 302
    tenant(where, "后来的企业")
    shown = text(official.get(answer["Location"]))
    assert "2017 年申报" in shown
    assert "重算一致" in shown
    assert "2017 年申报" in text(official.get(f"/console/institutions/{where.pk}/ladder/"))
    assert ledger.entries().filter(event="rulebooks.evaluation.pinned").count() == 1


def test_nothing_is_kept_on_figures_nobody_checked(official, documents):
    where = place()
    for name, purpose in (("sample-district", "申报"), ("mof-2016-89", "")):
        official.post(f"/console/institutions/{where.pk}/rules/{name}/pin/", {"purpose": purpose})
    assert not rulebooks.evaluations_of(gather.INSTITUTION, where.pk).exists()
    assert "尚未核对原文" in text(official.get(f"/console/institutions/{where.pk}/rules/sample-district/"))


def test_an_auditor_looks_and_keeps_nothing(documents):
    where = place()
    auditor = signed_in("auditor")
    assert auditor.get(f"/console/institutions/{where.pk}/rules/mof-2016-89/").status_code == 200
    auditor.post(f"/console/institutions/{where.pk}/rules/mof-2016-89/pin/", {"purpose": "申报"})
    assert not rulebooks.evaluations_of(gather.INSTITUTION, where.pk).exists()


def part(value, threshold, op=">=", verdict="not_met", **more):
    def amount(number):
        return None if number is None else {"number": str(number), "zh": f"{number} 家", "en": f"{number} firms"}

    low, high = value if isinstance(value, tuple) else (value, value)
    return {
        "kind": "compare", "verdict": verdict, "text": {"zh": "", "en": ""}, "op": op, "threshold": amount(threshold),
        "low": amount(low), "high": amount(high), "is_known": low == high, "gap": None, **more,
    }  # fmt: skip


def test_a_value_is_never_rounded_onto_its_threshold():
    assert rows.value_of(part("9.9999", 10)) == ("9.9999", "家")
    assert rows.value_of(part("9.2661", 3)) == ("9.3", "家")
    assert rows.value_of(part((2, 4), 3, verdict="unknown")) == ("2–4", "家")
    assert rows.value_of(part((2, 10_000_000), 3, verdict="unknown")) == ("≥ 2", "家")
    assert rows.value_of(part((-182, 10_000_000), 3, verdict="unknown")) == (None, "")
    assert rows.value_of(part((-182, 9), 3, verdict="unknown")) == ("≤ 9", "家")
    assert rows.value_of(part((0, 10_000_000), 3, verdict="unknown")) == (None, "")


def test_a_step_that_is_not_reached_does_not_apply_and_is_no_failure():
    document = rulebook.library().get("hnte-2016-32")
    case = document.cases[0]
    spent = document.vocabulary.column("rd_spending@2015", "venture").encode("300 万元")
    facts = {**resolved(case)[0], "rd_spending@2015": spent}
    data = told(Explainer(document, case.as_of).explain(facts))
    group = next(each for each in rows.shown(data, document, pages={}).groups if "研发费用占" in each.sense)
    steps = [each for each in group.rows if "营业收入超过" in each.name]
    assert [(each.level, each.verdict, each.gap) for each in steps] == [("neutral", "不适用", "")] * 2
    assert [each.level for each in group.rows].count("bad") == 2  # 4 % and 5 % are asked for and missed


def test_a_gap_of_a_value_not_wholly_known_is_the_least():
    gap = {"number": "17", "zh": "17 家", "en": "17 firms"}
    assert rows.gap(part((11, 13), 30, gap=gap), []) == "至少还差 17 家"
    assert rows.gap(part(13, 30, gap=gap), []) == "还差 17 家"


def test_the_way_tells_how_few_it_takes_if_what_is_unknown_proves_in_favour():
    document = rulebook.library().get("bj-2015-support")
    facts, [tenant_, *_more] = resolved(document.cases[0])
    members = [tenant_] * 11 + [{**tenant_, "founded_on": None}] * 2
    explainer = Explainer(document, document.cases[0].as_of)
    way = nearest_way(explainer, explainer.explain(facts, members), facts, members)
    assert [each.text.zh for each in way.changes] == [
        "增加 19 家在孵企业（现有企业的未知事实都查明属实时，只需 17 家）"
    ]


def test_a_pin_and_a_live_judgement_show_the_same(documents):
    where = place()
    its = judge.judge(gather.INSTITUTION, where.pk, "sample-district", as_of=TODAY)
    shown = rows.shown(told(its.explanation, its.way), its.document, pages={})
    assert shown.met + shown.not_met + shown.unknown == len(its.document.criteria) - shown.left_out


def test_warnings_lead_to_what_is_about_to_fail(official, documents):
    where = place()
    tenant(where, "早已超过", "2013-06-01")
    titles.record(
        subject_kind=gather.INSTITUTION, subject_id=where.pk, kind="incubator", level="national", source="公示",
        given=parse("2014-08-01"), ends_before=dt.date(2017, 12, 1), today=TODAY, by=None, now=NOW,
    )  # fmt: skip
    shown = text(official.get("/console/warnings/"))
    assert "早已超过" in shown
    assert "2017-12-01" in shown
    assert "持证机构不再满足条件" in shown
    past = text(official.get("/console/warnings/?as_of=2014-01-01"))
    assert "没有孵化时限将满的企业" in past


def test_a_kind_of_warning_is_listed_whole_by_pages_and_as_a_file(official, documents):
    where = place()
    for number in range(30):
        tenant(where, f"早已超过{number:02}", "2013-06-01")
    first = text(official.get("/console/warnings/"))
    assert "全部 30 条" in first and first.count("早已超过") < 25
    one, two = (text(official.get(f"/console/warnings/?of=outlasting&page={page}")) for page in (1, 2))
    names = [f"早已超过{number:02}" for number in range(30)]
    assert [sum(name in page for name in names) for page in (one, two)] == [25, 5]
    assert "第 26–30，共 30 条" in two and "没有确定未达标的" in first and "没有确定未达标的" not in one
    assert "第 26–30，共 30 条" in text(official.get("/console/warnings/?of=outlasting&page=99"))
    answer = official.get("/console/warnings/?of=outlasting&export=csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 31 and "早已超过" in lines[1] and "2013-06-01" in lines[1]
    assert official.get("/console/warnings/?of=outlasting&export=xlsx").status_code == 200
    assert official.get("/console/warnings/?of=nothing").status_code == 200


def test_a_judgement_kept_of_a_record_that_was_merged_stays_true(official, documents):
    where = place()
    kept, gone = tenant(where, "听雨科技"), tenant(where, "听雨科技有限公司", "2013-01-01", "2014-01-01", "left")
    answer = official.post(f"/console/ventures/{gone}/rules/hnte-2016-32/pin/", {"purpose": "2017 年毕业"})
    assert answer.status_code == 302
    before = text(official.get(answer["Location"]))
    told_as = {"by": None, "now": NOW, "today": TODAY}
    merge = ventures.merge(known.venture(kept), known.venture(gone), reason="同一家", **told_as)
    after = text(official.get(answer["Location"]))
    assert "重算一致" in before and "重算一致" in after and "听雨科技有限公司" in after
    assert "2017 年毕业" in text(official.get(f"/console/ventures/{kept}/ladder/"))
    ventures.undo_merge(merge, by=None, now=NOW)
    assert "重算一致" in text(official.get(answer["Location"]))
    assert "2017 年毕业" not in text(official.get(f"/console/ventures/{kept}/ladder/"))

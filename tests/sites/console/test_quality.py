"""The data quality page, the lists under it, questions and possible duplicates."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.models import Institution
from hatchline.apps.observations import actions as observations
from hatchline.apps.observations import queries as observed
from hatchline.apps.search.models import Apart
from hatchline.apps.titles import actions as titles
from hatchline.apps.ventures import actions
from hatchline.apps.ventures import queries as ventures
from hatchline.apps.ventures.drafts import FundingDraft
from hatchline.apps.ventures.models import Merge, Question, Stay, Venture
from hatchline.core.values.dates import PartialDate
from hatchline.sites.console import quality_checks
from tests.apps.premises import conftest as rooms
from tests.apps.ventures.conftest import DONE, NOW, TODAY, TOLD, body, on, place, stay, team
from tests.sites.console.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def july(settings):
    settings.BUSINESS_DATE = TODAY


def text(client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def keys(check: str) -> list[int]:
    """The rows that a check finds on the tests' day."""

    class Asking:
        now, today, role = NOW, TODAY, type("Role", (), {"kind": "official", "pk": 1})()

    return sorted(quality_checks.BY_KEY[check].rows(Asking).values_list("pk", flat=True))


def test_overlaps_are_of_two_institutions_and_not_of_one_day_touching_another():
    nursery, first, second = place("苗圃"), place("一号孵化器"), place("二号孵化器")
    kept = team("两处团队")
    stay(kept, nursery, "2014-01-01", "2015-01-01", stage="nursery")
    later = stay(kept, first, "2014-06-01", "2016-01-01")
    touching = team("接着走的团队")
    stay(touching, nursery, "2014-01-01", "2015-01-01", stage="nursery")
    stay(touching, second, "2015-01-01")
    assert keys("overlaps") == [later.pk]


def test_a_gap_is_more_than_a_quarter_away_from_everywhere():
    first, second = place("一号孵化器"), place("二号孵化器")
    gone = team("消失过的团队")
    stay(gone, first, "2013-01-01", "2014-01-01")
    back = stay(gone, second, "2014-04-04")  # the 93rd day
    soon = team("很快回来的团队")
    stay(soon, first, "2013-01-01", "2014-01-01")
    stay(soon, second, "2014-04-03")  # the 92nd
    covered = team("中间在苗圃的团队")
    stay(covered, first, "2013-01-01", "2014-01-01")
    stay(covered, second, "2013-06-01", "2016-01-01", stage="nursery")
    stay(covered, second, "2015-01-01")
    unsure = team("不知何时离开的团队")
    stay(unsure, first, "2013-01-01", "?", evidence=on("2013-02-01").earliest)
    stay(unsure, second, "2016-01-01")
    assert keys("gaps") == [back.pk]


def test_a_handover_without_a_next_place():
    first, second = place("一号孵化器"), place("二号孵化器")
    lost, fine, fresh = team("移交后不见的团队"), team("移交成了的团队"), team("刚移交的团队")
    nowhere = stay(lost, first, "2014-01-01", "2015-01-01", outcome="moved")
    stay(fine, first, "2014-01-01", "2015-01-01", outcome="moved")
    stay(fine, second, "2015-02-01", stage="acceleration")
    stay(fresh, first, "2014-01-01", "2017-07-01", outcome="moved")
    assert keys("handed-nowhere") == [nowhere.pk]


def test_stays_that_go_on_in_an_institution_that_closed():
    closed, open_ = place("关门的孵化器"), place("开着的孵化器")
    left_over = stay(team("留在里面的"), closed, "2014-01-01")
    stay(team("早已离开的"), closed, "2014-01-01", "2015-01-01")
    stay(team("在别处的"), open_, "2014-01-01")
    assert keys("closed-institutions") == []
    institutions.close(closed, on=on("2016-12"), version=closed.version, **DONE)
    assert keys("closed-institutions") == [left_over.pk]


def test_what_is_not_known_is_named_and_not_counted_as_something():
    first = place("一号孵化器")
    no_day = stay(team("不知何时来"), first, "2014-01-01", stage="nursery")
    Stay.objects.filter(pk=no_day.pk).update(
        starts_on=None, starts_before=None, starts_text="", held_from=None, held_until=None
    )
    unsure = stay(team("不知走没走"), first, "2014-01-01", "?")
    known = team("什么都知道", founded="2013-05-01")
    stay(known, first, "2014-01-01")
    assert keys("no-beginning") == [no_day.pk] and keys("no-end") == [unsure.pk]
    assert known.pk not in keys("no-founding") and known.pk in keys("no-field")
    company = team("公司", legal_person=body("望京一号有限公司").pk)
    stay(company, first, "2014-01-01", stage="acceleration")
    assert keys("no-incorporation") == [company.pk] and keys("no-code") == [company.pk]


def test_companies_closed_in_the_register_and_ventures_nobody_wrote_of():
    first = place("一号孵化器")
    closed = body("注销的公司")
    venture = team("还在的主体", legal_person=closed.pk)
    assert keys("closed-companies") == []
    bodies.close(closed, on=on("2017-01"), version=closed.version, **DONE)
    assert keys("closed-companies") == [venture.pk]
    old = stay(team("没人管的"), first, "2014-01-01")
    stay(team("新近登记的"), first, "2014-01-01")
    before = NOW - timedelta(days=400)
    Stay.objects.filter(pk=old.pk).update(recorded_at=before)
    Venture.objects.filter(pk=old.venture_id).update(amended_at=before)
    assert keys("untouched") == [old.venture_id]
    observe("ventures.venture", old.venture_id, NOW - timedelta(days=370))
    assert keys("untouched") == [old.venture_id], "a figure of long ago is none"
    observe("ventures.venture", old.venture_id + 1_000, NOW - timedelta(days=9))
    assert keys("untouched") == [old.venture_id], "nor is one of somebody else"
    observe("ventures.venture", old.venture_id, NOW - timedelta(days=9))
    assert keys("untouched") == [], "who reported figures was not left alone"


def test_an_institution_that_reports_is_not_left_alone(official):
    silent, reporting = place("一号孵化器"), place("二号孵化器")
    Institution.objects.update(amended_at=NOW - timedelta(days=400))
    observe("institutions.institution", reporting.pk, NOW - timedelta(days=9))
    page = text(official, "/console/quality/untouched-institutions/")
    assert silent.name in page and reporting.name not in page


def observe(kind: str, subject: int, now) -> None:
    """A figure about somebody, recorded at a moment, of a period of its own."""
    told = {"by": None, "now": now}
    code = f"known_{kind.partition('.')[2]}"
    if observed.measure(code) is None:
        observations.declare(
            code=code, name="指标", name_en="Figure", subject_kind=kind, value_type="integer", time_kind="flow", **told
        )
    first = now.date() - timedelta(days=30)
    given = observations.Given(code, subject, first, first + timedelta(days=1), 5)
    observations.record(given, source="报表", today=now.date(), **told)


def test_undated_titles_lead_to_whom_they_belong(official):
    first = place("一号孵化器")
    titles.record(
        subject_kind="institutions.institution",
        subject_id=first.pk,
        kind="incubator",
        level="municipal",
        given=PartialDate.unknown(),
        source="名单",
        **TOLD,
    )
    page = text(official, "/console/quality/undated-titles/")
    assert "一号孵化器" in page and reverse("console:institution", args=[first.pk]) in page


def disputed() -> Question:
    first, second = place("一号孵化器"), place("二号孵化器")
    venture = team("两家都说是自己的")
    stay(venture, first, "2014-01-01")
    stay(venture, second, "2015-01-01")
    return Question.objects.get()


def test_every_list_opens_and_says_who_must_answer(official):
    question = disputed()
    page = text(official, "/console/quality/disputed/")
    assert "两家都说是自己的" in page
    assert "一号孵化器、二号孵化器" in page  # who has not replied
    assert reverse("console:question", args=[question.pk]) in page
    for check in quality_checks.CHECKS:
        shown = text(official, f"/console/quality/{check.key}/")
        assert str(check.label) in shown
        assert official.get(f"/console/quality/{check.key}/?export=csv").status_code == 200
    text(official, "/console/quality/no-such-check/", 404)


def test_the_counts_are_one_query_whatever_the_size(official, monkeypatch):
    monkeypatch.setattr(quality_checks, "SLOW", float("inf"))  # on a busy machine they would be kept, and not asked

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert official.get("/console/quality/").status_code == 200
        return len(asked)

    disputed()
    official.get("/console/quality/")
    team("又一家")
    before = cost()
    first = place("三号孵化器")
    for number in range(30):
        stay(team(f"第{number}个团队"), first, "2014-01-01")
    assert cost() == before
    page = text(official, "/console/quality/")
    assert "三号孵化器" in page and "有争议的入驻" in page


def test_slow_counts_are_kept_beyond_a_verb_and_quick_ones_are_not(official, monkeypatch):
    disputed()
    assert "三号" not in text(official, "/console/quality/")
    counted = []
    monkeypatch.setattr(
        quality_checks, "counted", lambda named, reckon=quality_checks.counted: counted.append(1) or reckon(named)
    )
    text(official, "/console/quality/")
    assert counted == []  # nothing happened since
    team("又一家")
    text(official, "/console/quality/")
    assert counted == [1]
    monkeypatch.setattr(quality_checks, "SLOW", -1.0)
    monkeypatch.setattr(quality_checks, "PATIENCE", 1e9)
    team("还有一家")
    text(official, "/console/quality/")
    assert counted == [1]


def test_every_institution_that_lacks_facts_is_listed_by_pages_and_as_a_file(official):
    for number in range(28):
        stay(team(f"第{number}个团队"), place(f"第{number:02}孵化器"), "2014-01-01")
    page = text(official, "/console/quality/")
    whole = reverse("console:quality_list", args=["unknown-facts"])
    assert f'href="{whole}"' in page and "全部 28 家" in page
    pages = [text(official, f"{whole}?page={at}") for at in (1, 2, 99)]
    assert [sum(f"第{number:02}孵化器" in each for number in range(28)) for each in pages] == [25, 3, 3]
    lines = b"".join(official.get(f"{whole}?export=csv").streaming_content).decode().splitlines()
    assert len(lines) == 29 and "孵化器" in lines[1]


def test_a_phone_is_told_how_each_finding_is_mended(official):
    disputed()
    page = text(official, "/console/quality/")
    mend = page.index("请被问到的机构答复")
    assert "hl-not-phone" not in page[page.rindex("<td", 0, mend) : mend]


@pytest.fixture(autouse=True)
def nothing_kept():
    quality_checks._kept.clear()
    yield
    quality_checks._kept.clear()


@pytest.mark.parametrize(
    "path", ["/console/quality/no-field/", "/console/quality/disputed/", "/console/questions/", "/console/duplicates/"]
)
def test_a_list_asks_as_often_with_thirty_rows_as_with_one(official, path):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert official.get(path).status_code == 200
        return len(asked)

    first, second = place("一号孵化器"), place("二号孵化器")

    def add(number: int) -> None:
        venture = team(f"重复{number}号")
        team(f"北京重复{number}号有限公司")
        stay(venture, first, "2014-01-01")
        stay(venture, second, "2015-01-01")

    add(0)
    official.get(path)
    add(1)
    before = cost()
    for number in range(2, 30):
        add(number)
    assert cost() == before


def test_an_auditor_looks_but_settles_nothing(auditor):
    question = disputed()
    page = text(auditor, f"/console/questions/{question.pk}/")
    assert "还没有答复" in page and "解决这个问题" not in page
    assert auditor.post(f"/console/questions/{question.pk}/settle/", {}).status_code == 403
    assert "还没有封存的审计记录" in text(auditor, "/console/quality/")
    assert "还没有封存的审计记录" not in text(signed_in("centre"), "/console/quality/")


def test_a_question_is_settled_once_its_day_has_passed(official, settings):
    question = disputed()
    path = f"/console/questions/{question.pk}/"
    assert "还没有答复，期限到" in text(official, path)
    answer = official.post(path + "settle/", {"resolution": "keep_first", "note": "查过合同"})
    assert answer.status_code == 422 and "查过合同" in answer.content.decode()
    question.refresh_from_db()
    assert question.status == "open"
    settings.BUSINESS_DATE = question.due_on + timedelta(days=1)
    assert official.post(path + "settle/", {"resolution": "keep_first", "note": ""}).status_code == 422
    answer = official.post(path + "settle/", {"resolution": "keep_first", "note": "查过合同"})
    assert answer.status_code == 302
    question.refresh_from_db()
    assert question.status == "settled"
    page = text(official, path)
    assert "保留原有记录" in page and "查过合同" in page
    assert text(official, "/console/questions/?tab=settled").count("两家都说是自己的") >= 1


def twins() -> tuple[Venture, Venture]:
    return team("北京听雨科技有限公司", website="https://tingyu.cn"), team("听雨科技（北京）有限公司")


def test_two_records_side_by_side_are_merged_and_parted_again(official):
    one, other = twins()
    first = place("一号孵化器")
    stay(other, first, "2014-01-01")
    sum_ = FundingDraft(Decimal(210_000), "USD", "angel")
    actions.record_funding(one, sum_, source="协议", by=None, now=NOW, today=TODAY)
    page = text(official, "/console/duplicates/")
    path = f"/console/duplicates/ventures/{one.pk}/{other.pk}/"
    assert path in page
    shown = text(official, path)
    assert "不一样" in shown and "一边未知" in shown and "一号孵化器" in shown
    assert re.search("天使轮 21 ?万 ?USD", shown) and "&lt;data" not in shown
    merge = f"/console/duplicates/{one.pk}/{other.pk}/merge/"
    empty = official.post(merge, {"keep": one.pk, "reason": " "})
    assert empty.status_code == 422 and not Merge.objects.exists()
    assert official.post(merge, {"keep": one.pk, "reason": "执照相同"}).status_code == 302
    made = Merge.objects.get()
    assert (made.kept_id, made.gone_id, made.reason) == (one.pk, other.pk, "执照相同")
    assert path not in text(official, "/console/duplicates/")
    assert "听雨科技（北京）有限公司" in text(official, "/console/duplicates/")  # among the merges, to be undone
    assert list(ventures.ventures().filter(name__contains="听雨")) == [one]
    text(official, path, 404)
    assert official.post(f"/console/merges/{made.pk}/undo/").status_code == 302
    assert ventures.resolve(other.pk) == other.pk and path in text(official, "/console/duplicates/")


def test_stays_that_would_overlap_are_shown_before_and_stop_the_merge(official):
    one, other = twins()
    stay(one, place("一号孵化器"), "2014-01-01")
    stay(other, place("二号孵化器"), "2015-01-01")
    page = text(official, f"/console/duplicates/ventures/{one.pk}/{other.pk}/")
    assert "合并以后，这些在孵时间会重叠" in page and "一号孵化器" in page and "二号孵化器" in page
    answer = official.post(f"/console/duplicates/{one.pk}/{other.pk}/merge/", {"keep": other.pk, "reason": "同一家"})
    assert answer.status_code == 422 and "同一家" in answer.content.decode() and not Merge.objects.exists()


@pytest.mark.parametrize("kind", ["ventures", "organisations", "institutions"])
def test_not_the_same_is_remembered_until_taken_back(official, kind):
    make = {"ventures": team, "organisations": body, "institutions": place}[kind]
    one, other = make("北京听雨科技有限公司"), make("听雨科技")
    path = f"/console/duplicates/{kind}/{one.pk}/{other.pk}/"
    page = f"/console/duplicates/?what={kind}"
    assert path in text(official, page) and "并排比较" in text(official, path)
    assert official.post(path + "apart/", {"note": ""}).status_code == 422 and not Apart.objects.exists()
    assert official.post(path + "apart/", {"note": "法定代表人不同"}).status_code == 302
    assert path not in text(official, page) and "法定代表人不同" in text(official, path)
    assert official.post(path + "reopen/").status_code == 302
    assert path in text(official, page)


def test_institutions_are_asked_about_two_records(official):
    one, other = twins()
    stay(one, place("一号孵化器"), "2014-01-01")
    assert official.post(f"/console/duplicates/{one.pk}/{other.pk}/ask/").status_code == 302
    question = Question.objects.get()
    page = text(official, f"/console/duplicates/ventures/{one.pk}/{other.pk}/")
    assert f"/console/questions/{question.pk}/" in page
    assert "一号孵化器" in text(official, f"/console/questions/{question.pk}/")


def test_whoever_may_not_merge_sees_no_button_and_is_refused(auditor):
    one, other = twins()
    page = text(auditor, f"/console/duplicates/ventures/{one.pk}/{other.pk}/")
    assert "合并会发生什么" in page and "/merge/" not in page
    for path in (f"{one.pk}/{other.pk}/merge/", f"ventures/{one.pk}/{other.pk}/apart/", f"{one.pk}/{other.pk}/ask/"):
        assert auditor.post(f"/console/duplicates/{path}", {}).status_code == 403
    actions.merge(one, other, reason="同一家", **TOLD)
    assert auditor.post(f"/console/merges/{Merge.objects.get().pk}/undo/").status_code == 403


def test_everything_the_role_may_see_is_found_by_kind(official):
    venture = team("北京听雨科技有限公司")
    first = place("听雨孵化器")
    stay(venture, first, "2014-01-01")
    titles.record(
        subject_kind="ventures.venture",
        subject_id=venture.pk,
        kind="high_tech",
        level="national",
        given=on("2016"),
        number="GR201611000123",
        source="名单",
        **TOLD,
    )
    page = text(official, "/console/search/?q=听雨")
    assert reverse("console:venture", args=[venture.pk]) in page and "听雨孵化器" in page
    assert "高新技术企业" in text(official, "/console/search/?q=GR2016110")
    assert "没有找到" in text(official, "/console/search/?q=观云")
    assert "听雨科技" not in text(signed_in("centre"), "/console/search/?q=某人")


def test_a_search_asks_as_often_with_many_matches_as_with_one(official):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert official.get("/console/search/?q=听雨").status_code == 200
        return len(asked)

    first = place("听雨孵化器")
    stay(team("听雨一号"), first, "2014-01-01")
    cost()
    before = cost()
    for number in range(15):
        stay(team(f"听雨{number}号团队"), first, "2014-01-01")
    assert cost() == before


def test_a_room_in_use_without_a_stay_leads_to_the_room(official):
    first, second = place("一号孵化器"), place("二号孵化器")
    here, elsewhere = team("既入驻又用房的团队"), team("只在别处入驻的团队")
    stay(here, first, "2014-01-01")
    stay(elsewhere, second, "2014-01-01")
    building = rooms.premises(first)
    used = [
        rooms.occupy(rooms.room(building, code), "2015-01-01", who=("ventures.venture", one.pk), name=one.name)
        for code, one in (("301", here), ("302", elsewhere))
    ]
    assert keys("rooms-without-a-stay") == [used[1].pk]
    page = text(official, "/console/quality/rooms-without-a-stay/")
    assert "只在别处入驻的团队" in page and "B 座 302" in page and "B 座 301" not in page


def test_on_a_fixed_business_date_a_year_is_counted_from_that_day(monkeypatch):
    fresh = stay(team("上月还有人管的"), place("一号孵化器"), "2014-01-01")

    class Later:
        now, today, role = NOW + timedelta(days=3000), TODAY, type("Role", (), {"kind": "official", "pk": 1})()

    assert quality_checks.moment(Later).date() <= TODAY + timedelta(days=1)
    assert fresh.venture_id not in quality_checks.BY_KEY["untouched"].rows(Later).values_list("pk", flat=True)

"""The console's pages: what they answer, and that nothing typed is lost."""

import pytest

from hatchline.apps.bodies.models import Organisation
from hatchline.apps.institutions.models import Institution
from hatchline.apps.ledger.models import Entry
from hatchline.apps.outbox.models import Job
from hatchline.apps.shelf.models import Draft
from tests.sites.console.conftest import NOW, institution, organisation, signed_in

pytestmark = pytest.mark.django_db
PAGES = ["/console/", "/console/targets/", "/console/institutions/", "/console/organisations/",
         "/console/search/?q=望京",
         "/console/ledger/", "/console/ledger/slip/", "/console/outbox/", "/console/organisations/register/",
         "/console/institutions/register/"]  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_with_nothing_there(official, path, language):
    assert (
        official.get(path, {"lang": language} if "?" not in path else {"q": "望京", "lang": language}).status_code
        == 200
    )


def test_register_amend_rename_close_reopen(official):
    made = official.post(
        "/console/organisations/register/", {"name": "望京启元", "country": "CN", "founded": "2014年春"}
    )
    row = Organisation.objects.get()
    assert made.status_code == 302 and made.url == f"/console/organisations/{row.pk}/"
    assert row.founded_text == "2014年春"
    base = f"/console/organisations/{row.pk}/"
    official.post(base + "amend/", {"version": row.version, "name": "望京启元", "address": "酒仙桥路"})
    row.refresh_from_db()
    assert row.address == "酒仙桥路"
    official.post(base + "rename/", {"version": row.version, "name": "启元科技", "on": "2016-05-01"})
    row.refresh_from_db()
    assert row.name == "启元科技" and "望京启元" in official.get(base).content.decode()
    official.post(base + "close/", {"version": row.version, "on": "2017-6"})
    row.refresh_from_db()
    assert row.status == "closed"
    assert official.get(base + "reopen/").status_code == 302
    row.refresh_from_db()
    assert row.status == "closed"  # a link alone changes nothing
    official.post(base + "reopen/")
    row.refresh_from_db()
    assert row.status == "active"
    events = list(
        Entry.objects.filter(subject_kind="bodies.organisation").order_by("pk").values_list("event", flat=True)
    )
    assert [event.rpartition(".")[2] for event in events] == ["registered", "amended", "renamed", "closed", "reopened"]


def test_mistakes_are_said_beside_the_field_and_on_top_and_what_was_typed_stays(official):
    answer = official.post(
        "/console/organisations/register/",
        {"name": "望京启元", "credit_code": "123", "founded": "前年", "territory": "没有这地方", "industry": "ZZ99"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and not Organisation.objects.exists()
    assert 'value="前年"' in page and page.count("读不懂这个日期") == 2 and page.count("没有找到这个地方") == 2
    assert 'href="#id_founded"' in page and "GB/T 4754 里没有代码 ZZ99" in page


def test_a_likely_duplicate_is_asked_about_before_it_is_made(official):
    organisation("望京启元科技有限公司")
    first = official.post("/console/organisations/register/", {"name": "望京启元科技"})
    assert first.status_code == 422 and "可能已经登记过" in first.content.decode()
    assert Organisation.objects.count() == 1
    official.post("/console/organisations/register/", {"name": "望京启元科技", "confirmed": "on"})
    assert Organisation.objects.count() == 2


def test_a_second_tab_does_not_overwrite_the_first(official):
    row = organisation("望京启元", address="旧址")
    base = f"/console/organisations/{row.pk}/amend/"
    official.post(base, {"version": row.version, "name": "望京启元", "address": "第一页写的"})
    answer = official.post(base, {"version": row.version, "name": "望京启元", "address": "第二页写的"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "第一页写的" in page and "第二页写的" in page
    row.refresh_from_db()
    assert row.address == "第一页写的" and f'name="version" value="{row.version}"' in page
    official.post(base, {"version": row.version, "name": "望京启元", "address": "第二页写的"})
    row.refresh_from_db()
    assert row.address == "第二页写的"


def test_a_draft_comes_back_and_goes_when_accepted(official):
    path = "/console/organisations/register/"
    assert (
        official.post(f"/console/drafts/?form={path}", {"name": "写到一半", "types": ["bank", "park"]}).status_code
        == 204
    )
    page = official.get(path).content.decode()
    assert 'value="写到一半"' in page and "上次没有交出的内容" in page
    other = signed_in("centre")
    assert "写到一半" not in other.get(path).content.decode()
    official.post(path, {"name": "写到一半"})
    assert not Draft.objects.exists()
    official.post(f"/console/drafts/?form={path}", {"name": "又一半"})
    official.get(path + "?discard=1")
    assert not Draft.objects.exists()


def test_an_institution_is_registered_closed_and_seen(official):
    operator = organisation("启元创业服务有限公司")
    official.post(
        "/console/institutions/register/",
        {
            "name": "望京孵化器",
            "kinds": ["incubator"],
            "stages": ["incubation"],
            "operator": operator.name,
            "opened": "2014",
            "status": "open",
        },
    )
    row = Institution.objects.get()
    assert row.operator == operator
    page = official.get(f"/console/institutions/{row.pk}/").content.decode()
    assert "望京孵化器" in page and "街道、地区" in page and operator.name in page
    assert "望京孵化器" in official.get(f"/console/organisations/{operator.pk}/").content.decode()
    official.post(f"/console/institutions/{row.pk}/close/", {"version": row.version, "on": "2017-06"})
    row.refresh_from_db()
    assert row.status == "closed"


def test_an_auditor_sees_why_a_button_does_nothing(auditor):
    row = organisation("望京启元")
    page = auditor.get(f"/console/organisations/{row.pk}/").content.decode()
    assert "hl-refused" in page and "您当前的角色不能做这件事" in page
    assert auditor.get(f"/console/organisations/{row.pk}/amend/").status_code == 403


@pytest.mark.parametrize("path", ["/console/organisations/999/", "/console/institutions/999/", "/console/targets/none/",
                                  "/console/outbox/999/", "/console/ledger/a.b/1/", "/console/ledger/slip/?day=x",
                                  "/console/ledger/slip/?day=3013-01-01"])  # fmt: skip
def test_what_is_not_there_is_404(official, path):
    assert official.get(path).status_code == 404


def test_the_ledger_tells_who_did_what_to_one_subject(official):
    official.post("/console/organisations/register/", {"name": "望京启元"})
    row = Organisation.objects.get()
    page = official.get(f"/console/ledger/bodies.organisation/{row.pk}/").content.decode()
    assert "登记单位" in page and "测试official" in page and "存续" in page
    slip = official.get("/console/ledger/slip/").content.decode()
    assert "审计凭条" in slip and "登记单位" in slip


def test_failed_work_can_be_done_again_by_an_administrator(official):
    job = Job.objects.create(
        task="messages.digest", status="failed", added_at=NOW, due_at=NOW, attempts=5, problem="连不上"
    )
    page = official.get(f"/console/outbox/{job.pk}/").content.decode()
    assert "连不上" in page and "只有系统管理员" in page
    assert official.post(f"/console/outbox/{job.pk}/settle/", {"what": "retry"}).status_code == 403
    administrator = signed_in("administrator")
    administrator.post(f"/console/outbox/{job.pk}/settle/", {"what": "retry"})
    job.refresh_from_db()
    assert job.status == "waiting" and job.attempts == 0
    assert Entry.objects.filter(event="outbox.job.retried").exists()


def test_the_top_search_finds_both_kinds(official):
    organisation("望京启元服务公司")
    institution("望京启元孵化器")
    page = official.get("/console/search/?q=wjqy").content.decode()
    assert "望京启元服务公司" in page and "望京启元孵化器" in page

"""The desk: what waits, what is mine, what I may correct, and the inbox; objects of others are not there."""

from __future__ import annotations

import io
import re
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.messages import actions as messages
from hatchline.apps.messages import queries as told
from hatchline.apps.people.models import Account, Person, Role
from hatchline.apps.people.roles import DESK, PLACES, RoleKind
from hatchline.apps.tokens.models import ApiToken

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
PDF += b"xref\n0 1\n0000000000 65535 f \ntrailer<</Size 1/Root 1 0 R>>\nstartxref\n98\n%%EOF\n"


@pytest.fixture
def operator():
    return bodies.register(OrganisationDraft(name="望京测试运营公司"), by=None, now=timezone.now())


@pytest.fixture
def own(operator):
    draft = InstitutionDraft(name="望京测试孵化器", operator=operator.pk, kinds=("incubator",))
    return institutions.register(draft, by=None, now=timezone.now())


@pytest.fixture
def foreign():
    return institutions.register(InstitutionDraft(name="别家孵化器"), by=None, now=timezone.now())


def someone(kind, organisation=None, name="王经理"):
    person = Person.objects.create(name=name)
    account = Account.objects.create_user(f"{kind}-{person.pk}", "a long enough password", person=person)
    Role.objects.create(person=person, kind=kind, organisation=organisation, starts_on=date(2011, 1, 1))
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return person, client


@pytest.mark.parametrize("kind", sorted(DESK))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_role_has_a_first_page_that_says_what_comes(kind, language, operator):
    place = operator if PLACES[kind][0] == "organisation" else None
    _person, client = someone(kind, place)
    page = client.get(f"/desk/?lang={language}").content.decode()
    assert ("今天没有等您办的事" if language == "zh-hans" else "Nothing waits for you today") in page
    assert client.get("/desk/institutions/").status_code == 200


def test_what_waits_stands_first_with_its_clock(operator, own):
    person, client = someone(RoleKind.MANAGER, operator)
    messages.send(to=person, kind="messages.test", text="请核对场地面积", needs_answer=True,
                  due_on=date(2017, 7, 20), subject=own, place=operator, now=timezone.now())  # fmt: skip
    page = client.get("/desk/").content.decode()
    assert "请核对场地面积" in page
    assert "剩 2 天" in page
    assert "望京测试孵化器" in page
    messages.settle(own, now=timezone.now())
    assert "现在没有等您办的事" in client.get("/desk/").content.decode()


def test_a_manager_corrects_what_is_theirs_and_nothing_else(operator, own, foreign):
    _person, client = someone(RoleKind.MANAGER, operator)
    assert client.get(f"/desk/institutions/{foreign.pk}/").status_code == 404
    assert client.get(f"/desk/institutions/{foreign.pk}/amend/").status_code == 404
    assert client.post(f"/desk/institutions/{foreign.pk}/files/").status_code == 404
    assert client.get(f"/desk/institutions/{2**70}/").status_code == 404
    sent = {"version": own.version, "specialism": "物联网", "phone": "010-12345678", "name": "偷偷改名"}
    assert client.post(f"/desk/institutions/{own.pk}/amend/", sent).status_code == 302
    own.refresh_from_db()
    assert (own.specialism, own.name) == ("物联网", "望京测试孵化器")


def test_a_second_tab_overwrites_nothing_unseen(operator, own):
    _person, client = someone(RoleKind.MANAGER, operator)
    url = f"/desk/institutions/{own.pk}/amend/"
    client.post(url, {"version": own.version, "specialism": "先保存的"})
    response = client.post(url, {"version": own.version, "specialism": "后保存的"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "先保存的" in page
    assert "后保存的" in page
    assert client.post(url, {"version": own.version + 1, "specialism": "后保存的"}).status_code == 302


def test_staff_look_and_do_not_amend(operator, own):
    _person, client = someone(RoleKind.STAFF, operator)
    assert client.get(f"/desk/institutions/{own.pk}/").status_code == 200
    assert client.get(f"/desk/institutions/{own.pk}/amend/").status_code == 403


def test_files_are_handed_in_and_only_those_concerned_get_them(operator, own, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    _person, client = someone(RoleKind.STAFF, operator)
    url = f"/desk/institutions/{own.pk}/files/"
    assert "请先选择一个文件" in client.post(url).content.decode()
    wrong = io.BytesIO(b"<script>alert(1)</script>")
    wrong.name = "plan.pdf"
    refused = client.post(url, {"file": wrong})
    assert refused.status_code == 422
    document = io.BytesIO(PDF)
    document.name = "营业执照.pdf"
    assert client.post(url, {"file": document}).status_code == 302
    page = client.get(f"/desk/institutions/{own.pk}/").content.decode()
    assert "营业执照.pdf" in page
    address = page.split('href="/files/')[1].split('"')[0]
    assert b"".join(client.get(f"/files/{address}").streaming_content) == PDF
    _other, stranger = someone(RoleKind.FOUNDER, name="旁人")
    assert stranger.get(f"/files/{address}").status_code == 404
    _official, official = someone(RoleKind.OFFICIAL, name="科员")
    assert official.get(f"/files/{address}").status_code == 200


def test_the_inbox_reads_marks_and_pages(operator):
    person, client = someone(RoleKind.MANAGER, operator)
    _other, stranger = someone(RoleKind.FOUNDER, name="旁人")
    now = timezone.now()
    sent = [messages.send(to=person, kind="messages.test", text=f"第 {n} 号消息", now=now) for n in range(30)]
    page = client.get("/desk/inbox/").content.decode()
    assert "第 29 号消息" in page
    assert "第 4 号消息" not in page
    older = client.get(f"/desk/inbox/?view=unread&before={sent[5].pk}").content.decode()
    assert "第 4 号消息" in older
    for before in ("x", "9" * 40, "-1", "%00", "²"):
        assert client.get(f"/desk/inbox/?before={before}").status_code == 200
    assert stranger.get(f"/desk/inbox/{sent[0].pk}/").status_code == 404
    assert client.get(f"/desk/inbox/{2**70}/").status_code == 404
    assert "第 0 号消息" in client.get(f"/desk/inbox/{sent[0].pk}/").content.decode()
    assert told.unread_count(person) == 29
    client.get("/desk/inbox/read/")
    assert told.unread_count(person) == 29
    client.post("/desk/inbox/read/")
    assert told.unread_count(person) == 0
    assert "没有未读消息" in client.get("/desk/inbox/?view=unread").content.decode()


def test_the_list_of_messages_asks_the_same_questions_for_one_and_for_many(operator):
    person, client = someone(RoleKind.MANAGER, operator)
    counts = []
    for _round in range(2):
        for _number in range(1 if not counts else 10):
            messages.send(to=person, kind="messages.test", text="一条", now=timezone.now())
        with CaptureQueriesContext(connection) as asked:
            client.get("/desk/inbox/?view=all")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_how_one_is_told_is_chosen_and_paused(operator):
    person, client = someone(RoleKind.MANAGER, operator)
    url = "/desk/inbox/preferences/"
    assert "还没有登记您的电子邮箱" in client.get(url).content.decode()
    sent = {"mode": "at_once", "language": "en", "quiet_from": "22:00", "quiet_until": "07:30"}
    assert client.post(url, sent).status_code == 302
    wanted = told.preference(person)
    assert (wanted.mode, wanted.quiet_until) == ("at_once", time(7, 30))
    half = client.post(url, {**sent, "quiet_until": ""})
    assert half.status_code == 422
    assert "免打扰时间要填开始和结束" in half.content.decode()
    assert client.post(url, {**sent, "quiet_from": "夜里"}).status_code == 422
    day = timezone.localdate() + timedelta(days=5)
    assert client.post("/desk/inbox/pause/", {"paused_until": day.isoformat()}).status_code == 302
    assert day.isoformat() in client.get(url).content.decode()
    assert client.post("/desk/inbox/pause/", {"paused_until": "2011-01-01"}).status_code == 422
    client.post("/desk/inbox/pause/", {"resume": "1"})
    assert told.preference(person).paused_until is None


def test_the_calendar_is_fetched_with_its_secret_alone(operator):
    person, client = someone(RoleKind.MANAGER, operator)
    messages.enter(person=person, title="验收会", on=date(2017, 7, 20), at=time(9), now=timezone.now())
    assert "验收会" in client.get("/desk/calendar/").content.decode()
    client.post("/desk/calendar/feed/")
    page = client.get("/desk/calendar/").content.decode()
    address = re.search(r"/desk/calendar/[\w-]{20,}\.ics", page)[0]
    response = Client().get(address)
    assert response.headers["Content-Type"].startswith("text/calendar")
    assert "验收会" in response.content.decode()
    assert ".ics" not in client.get("/desk/calendar/").content.decode()  # shown once
    assert Client().get("/desk/calendar/guess.ics").status_code == 404
    client.post("/desk/calendar/feed/", {"close": "1"})
    assert Client().get(address).status_code == 404


def test_tokens_are_made_shown_once_and_revoked(operator):
    person, client = someone(RoleKind.MANAGER, operator)
    role = person.roles.get()
    page = client.post("/accounts/tokens/", {"name": "报表程序", "role": role.pk, "days": "30"}).content.decode()
    secret = page.split("data-secret>")[1].split("<")[0]
    assert Client().get("/api/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    assert secret not in client.get("/accounts/tokens/").content.decode()
    token = ApiToken.objects.get()
    _other, stranger = someone(RoleKind.FOUNDER, name="旁人")
    assert stranger.post(f"/accounts/tokens/{token.pk}/revoke/").status_code == 404
    others_role = Role.objects.exclude(person=person).get()
    refused = client.post("/accounts/tokens/", {"name": "x", "role": others_role.pk, "days": "30"})
    assert refused.status_code == 422
    client.get(f"/accounts/tokens/{token.pk}/revoke/")
    assert Client().get("/api/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    client.post(f"/accounts/tokens/{token.pk}/revoke/")
    assert Client().get("/api/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 401

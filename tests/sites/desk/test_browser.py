"""The desk in a real browser: nothing runs over the edge of a phone, nothing is blocked, axe finds nothing."""

from __future__ import annotations

from datetime import date, time

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.messages import actions as messages
from hatchline.apps.people.models import Account, Person, Role
from hatchline.apps.people.roles import RoleKind
from hatchline.core.values.dates import PartialDate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def manager():
    now = timezone.now()
    operator = bodies.register(OrganisationDraft(name="望京测试运营公司"), by=None, now=now)
    own = institutions.register(
        InstitutionDraft(
            name="望京测试孵化器",
            operator=operator.pk,
            kinds=("incubator", "makerspace"),
            stages=("nursery", "incubation"),
            opened=PartialDate.of("2014-06"),
            specialism="物联网与传感器",
        ),
        by=None,
        now=now,
    )
    person = Person.objects.create(name="王经理")
    account = Account.objects.create_user("manager", "a long enough password", person=person)
    Role.objects.create(person=person, kind=RoleKind.MANAGER, organisation=operator, starts_on=date(2011, 1, 1))
    for text, due, waits in (
        ("请核对上半年在孵企业名单", date(2017, 7, 20), True),
        ("请补充消防验收材料", date(2017, 8, 11), True),
        ("名单导入已完成：新增 12 家，更新 3 家", None, False),
    ):
        messages.send(
            to=person,
            kind="messages.test",
            title=text,
            text="详情见链接页面，有疑问请答复本消息所附的联系人。",
            due_on=due,
            needs_answer=waits,
            subject=own,
            place=own,
            link="/desk/institutions/",
            now=now,
        )
    messages.enter(person=person, title="年度考核说明会", on=date(2017, 7, 26), at=time(14), ends_at=time(16),
                   place="望京街道会议室", now=now)  # fmt: skip
    return account, own, messages.send(to=person, kind="messages.test", text="证书已可下载", now=now)


def pages(own, message):
    return {
        "home": "/desk/",
        "institutions": "/desk/institutions/",
        "institution": f"/desk/institutions/{own.pk}/",
        "amend": f"/desk/institutions/{own.pk}/amend/",
        "inbox": "/desk/inbox/?view=all",
        "message": f"/desk/inbox/{message.pk}/",
        "preferences": "/desk/inbox/preferences/",
        "calendar": "/desk/calendar/",
        "tokens": "/accounts/tokens/",
        "api": "/api/docs/",
        "nothing waiting": "/desk/inbox/?view=unread&before=1",
    }


@pytest.mark.parametrize(("width", "theme", "english"), [(1280, "dark", False), (390, "light", True)])
def test_pages_fit_and_are_accessible(manager, open_page, sign_in, width, theme, english):
    account, own, message = manager
    page = open_page(width=width, theme=theme, english=english)
    sign_in(page, account)
    wrong = []
    for name, address in pages(own, message).items():
        page.goto(address)
        page.wait_for_load_state("networkidle")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append(f"{name} runs over the edge at {width}")
        found = Axe().run(page)
        wrong += [f"{name}: {each['id']} {each['nodes'][0]['html'][:120]}" for each in found.response["violations"]]
    assert not wrong, "\n".join(wrong)

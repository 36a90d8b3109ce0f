"""Pages of premises in a browser: axe finds nothing, nothing runs over the edge, light and dark, wide and narrow."""

from __future__ import annotations

import os
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe

from hatchline.apps.people.models import Account, Person, Role
from hatchline.apps.premises import actions
from hatchline.apps.premises.drafts import IdleDraft
from tests.apps.premises.conftest import TODAY, TOLD, occupy, on, place, premises, room

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shown(settings):
    """Addresses of pages with something on them, and an official to look at them."""
    settings.TODAY = TODAY
    person = Person.objects.create(name="林官员")
    Role.objects.create(person=person, kind="official", starts_on=on("2011-01-01").earliest)
    account = Account.objects.create(username="looks", person=person)
    building = premises(place("望京启元科技孵化器"), area=Decimal("12000"), tenure="leased", starts="2012-03")
    first = room(building, "301", "180", floor="3")
    occupy(first, "2015-03-01", "", "120", name="北京听雨科技有限公司", purpose="研发")
    occupy(first, "2016-02", "2017-03-01", "40", name="望京数据服务有限公司")
    room(building, "302", "95.5", floor="3")
    desks = room(building, "开放区 A", "260", kind="open", desks=48)
    occupy(desks, "2016", "", None, desks=12, name="听风团队")
    room(building, "路演厅", "320", use="public_service", floor="1")
    row = actions.find(IdleDraft("酒仙桥老厂房", "街道摸排", area=Decimal("3200"), former_use="厂房"), **TOLD)
    row = actions.survey(row, on=TODAY, note="结构完好，消防要改造", **TOLD)
    actions.find(IdleDraft("东坝旧仓库", "产权单位来函"), **TOLD)
    return account, {
        "premises": "/console/premises/",
        "page": f"/console/premises/{building.pk}/",
        "space": f"/console/spaces/{first.pk}/",
        "occupy": f"/console/spaces/{first.pk}/occupy/",
        "idle": "/console/idle/",
        "idle_page": f"/console/idle/{row.pk}/",
    }


@pytest.mark.parametrize(("width", "theme", "english"), [(1280, "light", False), (390, "dark", True)])
def test_pages_look_right(shown, open_page, sign_in, width, theme, english):
    account, addresses = shown
    page = open_page(width=width, theme=theme, english=english)
    sign_in(page, account)
    wrong = []
    for name, address in addresses.items():
        page.goto(address)
        page.wait_for_load_state("networkidle")
        if os.environ.get("PICTURES_OF_PAGES"):
            page.screenshot(path=f"{os.environ['PICTURES_OF_PAGES']}/{name}-{width}.png", full_page=True)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append(f"{name} runs over the edge at {width}")
        found = Axe().run(page)
        wrong += [f"{name}: {each['id']} {each['nodes'][0]['html'][:120]}" for each in found.response["violations"]]
    assert not wrong, "\n".join(wrong)

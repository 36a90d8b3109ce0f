"""Signing in, roles and who may change what, as people meet them in a browser."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from hatchline.apps.institutions.models import Institution
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.people import queries as people
from tests.e2e.conftest import INSTITUTIONS, PASSWORD

OWN, OTHER = "望京启元科技孵化器", "酒仙桥融芯孵化器"


def fill_in(page: Page, username: str, password: str = PASSWORD) -> None:
    page.fill("[name=login]", username)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")


def institution(name: str) -> Institution:
    return Institution.objects.get(name=name)


def test_the_form_lets_in_who_knows_the_password_and_locks_who_guesses(district, page):
    page.goto("/console/institutions/")
    assert "/accounts/login/" in page.url
    fill_in(page, "lin", "not the password")
    expect(page.locator("[role=alert], .hl-error-summary").first).to_be_visible()
    fill_in(page, "lin")
    page.wait_for_url("**/console/institutions/")

    page.context.clear_cookies()
    page.goto("/accounts/login/")
    for _guess in range(settings.AXES_FAILURE_LIMIT):
        fill_in(page, "fang", "a guess at it")
        page.wait_for_load_state()
    expect(page.locator("h1")).to_contain_text("账号暂时锁定")
    page.goto("/accounts/login/")
    fill_in(page, "fang")
    expect(page.locator("h1")).to_contain_text("账号暂时锁定")


def test_a_second_factor_is_asked_for(district, page):
    account = people.account_named("lin")
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(account, secret)
    RecoveryCodes.activate(account)
    page.goto("/accounts/login/")
    fill_in(page, "lin")
    page.wait_for_url("**/accounts/2fa/authenticate/**")
    page.goto("/console/")
    page.wait_for_url("**/accounts/2fa/authenticate/**")  # the password alone opens nothing
    page.fill("[name=code]", "000000")
    page.press("[name=code]", "Enter")
    expect(page.locator("main")).to_contain_text("验证码不对")
    page.fill("[name=code]", format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))
    page.press("[name=code]", "Enter")
    page.wait_for_url(lambda url: "/accounts/" not in url)
    assert Authenticator.objects.filter(user=account, last_used_at__isnull=False).exists()


def test_a_role_is_switched_in_one_click(page, enter):
    enter(page, "lin")
    page.goto("/console/institutions/")
    expect(page.locator("h1")).to_contain_text(str(INSTITUTIONS))
    page.click(".hl-top .hl-person")
    page.click("button[name=role]:has-text('电子城')")
    page.wait_for_load_state()
    page.goto("/console/institutions/")
    inside = page.locator("#list-table tbody tr")
    expect(page.locator(".hl-top .hl-person")).to_contain_text("电子城")
    names = inside.locator("a").all_inner_texts()
    assert 0 < len(names) < INSTITUTIONS and OTHER in names and "东郊大学科技园" not in names
    outside = institution("东郊大学科技园")
    assert page.goto(f"/console/institutions/{outside.pk}/").status == 404


def test_an_auditor_sees_all_and_changes_nothing(page, enter):
    enter(page, "auditor")
    page.goto("/console/institutions/")
    expect(page.locator("h1")).to_contain_text(str(INSTITUTIONS))
    assert page.locator("a:has-text('登记机构')").count() == 0
    found = institution(OWN)
    page.goto(f"/console/institutions/{found.pk}/")
    expect(page.locator("h1")).to_contain_text(OWN)
    # what may not be done says why instead of vanishing
    assert page.locator(f"a[href$='/console/institutions/{found.pk}/amend/']").count() == 0
    before = ledger.head()
    for path in (f"/console/institutions/{found.pk}/amend/", "/console/imports/upload/", "/console/people/register/"):
        assert page.goto(path).status in {403, 405}, path
    page.goto("/console/imports/")
    assert page.locator("input[type=file]").count() == 0
    page.goto("/console/ledger/")
    expect(page.locator("#list-table tbody tr").first).to_be_visible()
    assert ledger.head() == before


def test_a_manager_amends_the_own_institution_and_finds_no_other(page, enter):
    enter(page, "manager")
    own, other = institution(OWN), institution(OTHER)
    page.goto("/desk/institutions/")
    page.click(f"a:has-text('{OWN}')")
    page.click("a:has-text('修改')")
    page.fill("[name=specialism]", "传感与边缘计算")
    page.click("button:has-text('保存')")
    page.wait_for_url(f"**/desk/institutions/{own.pk}/")
    expect(page.locator("main")).to_contain_text("传感与边缘计算")
    assert page.goto(f"/desk/institutions/{other.pk}/").status == 404
    assert page.goto(f"/desk/institutions/{other.pk}/amend/").status == 404
    assert page.goto(f"/console/institutions/{own.pk}/").status == 403
    page.goto(f"/institutions/{own.pk}/")
    expect(page.locator("main")).to_contain_text("传感与边缘计算")


def test_a_stale_tab_sees_both_versions_and_loses_nothing(page, enter):
    enter(page, "lin")
    found = institution(OWN)
    second = page.context.new_page()
    for tab in (page, second):
        tab.goto(f"/console/institutions/{found.pk}/amend/")
    page.fill("[name=specialism]", "第一个窗口写的")
    page.click("button:has-text('保存')")
    page.wait_for_url(f"**/console/institutions/{found.pk}/")
    second.fill("[name=specialism]", "第二个窗口写的")
    second.fill("[name=phone]", "010-5550 1234")
    with second.expect_response(lambda answer: answer.request.method == "POST" and "amend" in answer.url) as caught:
        second.click("button:has-text('保存')")
    assert caught.value.status == 409
    expect(second.locator("#conflicts")).to_contain_text("第一个窗口写的")
    expect(second.locator("#conflicts")).to_contain_text("第二个窗口写的")
    expect(second.locator("[name=phone]")).to_have_value("010-5550 1234")
    found.refresh_from_db()
    assert found.specialism == "第一个窗口写的"
    second.click("button:has-text('保存')")
    second.wait_for_url(f"**/console/institutions/{found.pk}/")
    found.refresh_from_db()
    assert (found.specialism, found.phone) == ("第二个窗口写的", "010-5550 1234")


def test_a_sign_in_that_expires_while_typing_keeps_the_form(page, enter):
    enter(page, "lin")
    found = institution(OWN)
    page.goto(f"/console/institutions/{found.pk}/amend/")
    page.fill("[name=description]", "写到一半，登录过期了")
    Session.objects.all().delete()
    page.click("button:has-text('保存')")
    page.wait_for_selector("[name=password]")
    fill_in(page, "lin")
    page.wait_for_url(re.compile(r"/amend/"))
    expect(page.locator("[name=description]")).to_have_value("写到一半，登录过期了")
    page.click("button:has-text('保存')")
    page.wait_for_url(f"**/console/institutions/{found.pk}/")
    expect(page.locator("main")).to_contain_text("写到一半，登录过期了")


@pytest.mark.parametrize(
    ("username", "home"),
    [("admin", "/console/"), ("officer", "/console/"), ("centre", "/console/"), ("staff", "/desk/"),
     ("founder", "/desk/"), ("mentor", "/desk/"), ("expert", "/desk/"), ("investor", "/desk/"),
     ("provider", "/desk/"), ("laboratory", "/desk/"), ("auditor", "/console/")],
)  # fmt: skip
def test_everyone_lands_where_they_work(page, enter, username, home):
    enter(page, username)
    page.goto("/go/")
    page.wait_for_url(f"**{home}")
    expect(page.locator("h1")).to_be_visible()
    for link in page.eval_on_selector_all(".hl-nav-item", "all => all.map(each => each.getAttribute('href'))"):
        assert page.goto(link).status == 200, link

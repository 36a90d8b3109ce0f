"""In a real browser: under the content security policy, with what was typed kept over an expired sign-in."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from hatchline.apps.people import actions as people
from hatchline.apps.people import queries
from tests.sites.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


def enter(page, path: str = "/accounts/login/") -> None:
    page.goto(path)
    page.fill("[name=login]", "zhang")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def test_what_was_typed_survives_a_sign_in_that_expired(page, zhang):
    enter(page, "/accounts/login/?next=/accounts/profile/")
    page.fill("[name=value]", "13800138000")
    Session.objects.all().delete()
    page.click("form[action='/accounts/profile/contacts/'] .hl-form-foot button")
    page.wait_for_selector("[name=password]")
    assert "next=/accounts/profile/" in page.url
    page.fill("[name=login]", "zhang")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/accounts/profile/")
    expect(page.locator("[name=value]")).to_have_value("13800138000")
    page.click("form[action='/accounts/profile/contacts/'] .hl-form-foot button")
    page.wait_for_selector(".hl-masked")
    assert queries.contacts_of(zhang)[0].value == "13800138000"
    stored = page.evaluate("JSON.stringify(sessionStorage)")
    assert PASSWORD not in stored


def test_a_masked_value_is_shown_in_its_place(page, zhang):
    people.set_contact(zhang, kind="mobile", value="13800138000", by=None, now=zhang.account.created_at)
    enter(page, "/accounts/login/?next=/accounts/profile/")
    assert "13800138000" not in page.content()
    page.click(".hl-masked button")
    expect(page.locator(".hl-masked")).to_contain_text("13800138000")
    assert page.url.endswith("/accounts/profile/")


@pytest.mark.parametrize(("width", "theme", "english"), [(1280, "light", False), (390, "dark", True)])
def test_the_qr_code_is_drawn_and_pages_fit(open_page, zhang, width, theme, english):
    page = open_page(width=width, theme=theme, english=english)
    enter(page, "/accounts/login/?next=/accounts/2fa/totp/activate/")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_selector("img[src^='data:image/svg']")
    assert page.evaluate("document.querySelector('img').naturalWidth") > 0
    for path in ("/accounts/2fa/totp/activate/", "/accounts/profile/", "/accounts/sign-ins/", "/accounts/logout/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), path


def test_axe_finds_nothing_on_the_pages_of_people(page, zhang):
    from axe_playwright_python.sync_playwright import Axe

    people.set_contact(zhang, kind="mobile", value="13800138000", by=None, now=zhang.account.created_at)
    page.goto("/accounts/login/")
    found = {"/accounts/login/": Axe().run(page).response["violations"]}
    enter(page)
    for path in (
        "/accounts/profile/",
        "/accounts/sign-ins/",
        "/accounts/2fa/",
        "/console/people/",
        f"/console/people/{zhang.pk}/",
    ):
        page.goto(path)
        found[path] = Axe().run(page).response["violations"]
    wrong = [
        f"{path}: {each['id']} {[node['html'][:120] for node in each['nodes']][:3]}"
        for path, violations in found.items()
        for each in violations
    ]
    assert not wrong, wrong

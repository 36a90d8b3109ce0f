"""What all tests share: a real browser that fails on any violation of the content security policy or script error."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings as examples

from tests.ground import (  # noqa: F401
    guards_give_way,
    keys_are_there,
    nothing_is_remembered,
    the_language_is_the_first,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# The same made-up examples on every run, so that a run that passed passes again; HATCHLINE_TEST_FUZZ=1 draws new ones.
examples.register_profile("steady", derandomize=True, deadline=None)
examples.register_profile("fuzz", deadline=None)
examples.load_profile("fuzz" if os.environ.get("HATCHLINE_TEST_FUZZ") else "steady")

# Playwright's synchronous interface runs an event loop in this thread; the ORM must not refuse because of it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for a page is a browser test."""
    for item in items:
        if {"page", "browser", "open_page"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium, one for the whole run."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, (
        "no Chromium found: `make test` installs it where apt and root are there, else install the package chromium"
    )
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=[*CHROMIUM, "--no-first-run"])
        yield made
        made.close()


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """``open_page(width=1280, language="zh-CN", theme="light")``: a page whose faults fail the test when it ends."""
    faults: list[str] = []
    contexts = []

    def make(
        *, width: int = 1280, height: int = 900, theme: str = "light", english: bool = False, **options: Any
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": height}, color_scheme=theme, **options
        )
        if english:
            context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        page.on(
            "console",
            lambda message: (
                faults.append(message.text)
                if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text
                else None
            ),
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A page of 1280 pixels' width in Chinese."""
    return open_page()


@pytest.fixture
def sign_in(live_server: Any) -> Callable[..., None]:
    """``sign_in(page, account)``: a session for the account without going through the form."""
    from django.conf import settings
    from django.test import Client

    def enter(page: Page, account: Any) -> None:
        client = Client()
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])

    return enter

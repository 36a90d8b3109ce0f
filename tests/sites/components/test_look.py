"""The look in a real browser: no fault, nothing against the content policy, nothing axe objects to, nothing wider than
the screen; and the manners of the keyboard. Every page opened here also fails on a script error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

BUILT = Path(__file__).resolve().parents[3] / "src/hatchline/static/built/hatchline.css"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def front_end_is_built() -> None:
    assert BUILT.exists(), "the front end is not built: run `npm run build`"


def objections(page: Any) -> list[str]:
    """What axe finds, one line each."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("english", [False, True])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_gallery_is_without_fault(open_page: Callable[..., Any], width: int, theme: str, english: bool) -> None:
    page = open_page(width=width, theme=theme, english=english)
    page.goto("/gallery/")
    page.wait_for_selector("#chart-sankey svg")
    assert objections(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_every_chart_is_drawn_in_the_colours_of_the_tokens(open_page: Callable[..., Any]) -> None:
    page = open_page(theme="dark")
    page.goto("/gallery/")
    for kind in ("bar", "line", "pie", "funnel", "graph", "map", "sankey"):
        page.wait_for_selector(f"#chart-{kind} .hl-chart-room svg path", state="attached")
    accent = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--stage-4').trim()")
    assert page.locator(f"#chart-bar svg path[fill='{accent}']").count() >= 1


def test_the_theme_changes_at_once_and_stays(open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.goto("/gallery/")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator(".hl-top .hl-menu summary, .hl-portal-top .hl-menu summary").first.click()
    with page.expect_response("**/go/theme/"):
        page.locator("button[name=theme][value=dark]").first.click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_a_list_is_worked_by_keyboard(open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.goto("/gallery/")
    page.locator("h1").click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.matches('[data-list-search]')")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement === document.querySelectorAll('[data-list] tbody tr')[1]")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement === document.querySelectorAll('[data-list] tbody tr')[0]")
    page.keyboard.press(" ")
    assert page.locator("#gallery-table [data-pick]").first.is_checked()


def test_shift_click_picks_a_range(open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.goto("/gallery/")
    page.locator("[data-bulk-clear]").click()
    assert page.locator("[data-bulk]").is_hidden()
    boxes = page.locator("#gallery-table [data-pick]")
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    assert [boxes.nth(index).is_checked() for index in range(6)] == [False, True, True, True, True, False]
    assert page.locator("[data-bulk-count]").inner_text() == "4"


def test_a_tile_selects_its_rows(open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.goto("/gallery/")
    page.locator(".hl-tiles [data-code=t1]").click()
    assert page.locator("#gallery-table tr[data-code=t1]").get_attribute("aria-selected") == "true"
    assert page.locator(".hl-tiles [aria-current]").count() == 1


def test_the_drawer_opens_and_closes_by_keyboard(open_page: Callable[..., Any]) -> None:
    page = open_page(width=390)
    page.goto("/gallery/")
    opener = page.locator("[popovertarget=side]:visible").first
    assert page.locator("#side").is_hidden()
    opener.focus()
    page.keyboard.press("Enter")
    assert page.locator("#side").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#side").is_hidden()


def test_a_dialog_takes_the_focus_and_gives_it_back(open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.goto("/gallery/")
    opener = page.locator("[data-opens=gallery-dialog]")
    opener.click()
    assert page.evaluate("document.activeElement.closest('dialog')?.id") == "gallery-dialog"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.opens") == "gallery-dialog"


def test_what_was_typed_comes_back_after_the_page_was_left(open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.goto("/gallery/")
    page.evaluate("document.querySelectorAll('.hl-summary').forEach(node => node.remove())")
    page.locator("#id_sample_why").fill("写了一半")
    page.locator("#id_sample_password").fill("secret of mine")
    page.goto("/")
    # the gallery always shows an error summary, which rightly keeps drafts from overwriting a refused form
    kept = page.evaluate(
        "Object.entries(sessionStorage).filter(([key]) => key.startsWith('draft:')).map(pair => pair[1])"
    )
    assert any("写了一半" in text for text in kept)
    assert not any("secret of mine" in text for text in kept)


@pytest.fixture
def form_page(open_page: Callable[..., Any]) -> Any:
    """The gallery without its error summary, as a form looks before anything was refused."""
    page = open_page()

    def accepted(route: Any) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace('class="hl-summary', 'class="hl-note'))

    page.route("**/gallery/", accepted)
    page.goto("/gallery/")
    return page


def test_a_form_left_half_way_is_filled_again(form_page: Any) -> None:
    form_page.locator("#id_sample_why").fill("写了一半")
    form_page.locator("input[name=sample_stage][value=nursery]").check()
    form_page.locator("#id_sample_password").fill("secret of mine")
    form_page.goto("/")
    form_page.goto("/gallery/")
    assert form_page.locator("#id_sample_why").input_value() == "写了一半"
    assert form_page.locator("input[name=sample_stage][value=nursery]").is_checked()
    assert form_page.locator("#id_sample_password").input_value() == ""
    assert "已恢复" in form_page.locator("#toasts").inner_text()


def autosaving(page: Any, status: int) -> None:
    page.route("**/draft/", lambda route: route.fulfill(status=status, body=""))
    page.evaluate("document.querySelector('#id_people').form.dataset.autosave = '/draft/'")
    with page.expect_request("**/draft/"):
        page.locator("#id_people").fill("41")


def test_a_draft_says_when_it_was_saved(form_page: Any) -> None:
    autosaving(form_page, 204)
    form_page.wait_for_function(
        "/草稿已存 \\d\\d:\\d\\d:\\d\\d/.test(document.querySelector('[data-saved]').textContent)"
    )


def test_a_sign_in_that_expired_while_typing_loses_nothing(form_page: Any) -> None:
    autosaving(form_page, 401)
    link = form_page.locator("#toasts a")
    link.wait_for()
    assert link.get_attribute("href").endswith("?next=%2Fgallery%2F")
    assert form_page.locator("#id_people").input_value() == "41"
    assert "登录已过期" in form_page.locator("[data-saved]").first.inner_text()
    form_page.goto("/gallery/")
    assert form_page.locator("#id_people").input_value() == "41"


def test_without_scripts_the_page_still_works(open_page: Callable[..., Any]) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/gallery/")
    assert page.locator("h1").is_visible()
    page.locator("#list .hl-menu summary").first.click()
    assert page.locator("#list .hl-menu-panel").first.is_visible()
    page.locator("#chart-bar summary").click()
    assert page.locator("#chart-bar table").is_visible()


def test_paper_is_light_and_bare(open_page: Callable[..., Any]) -> None:
    page = open_page(theme="dark")
    page.goto("/gallery/")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(34, 32, 28)"
    assert page.locator(".hl-side").is_hidden()
    assert page.locator(".hl-title-actions").first.is_hidden()

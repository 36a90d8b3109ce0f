"""From a public list to a figure that opens, as an official does it in a browser."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.e2e.conftest import INSTITUTIONS

SAMPLE = Path(__file__).parents[1] / "data" / "tables" / "cn_institutions_named.csv"
ROWS = len(list(csv.DictReader(SAMPLE.open(encoding="utf-8-sig"))))


def download(page: Page, label: str) -> bytes:
    if not page.locator(f".hl-menu-item:has-text('{label}')").is_visible():
        page.click("summary:has-text('导出')")
    with page.expect_download() as caught:
        page.click(f".hl-menu-item:has-text('{label}')")
    return Path(caught.value.path()).read_bytes()


@pytest.fixture
def official(page, enter):
    enter(page, "lin")
    return page


def bring(page: Page, work, file: Path = SAMPLE, target: str = "institutions") -> None:
    """Upload, take the columns as proposed, preview, and have it taken in."""
    page.goto("/console/imports/")
    page.check(f"[name=target][value={target}]")
    page.set_input_files("[name=file]", file)
    page.click("button:has-text('上传并对应各列')")
    expect(page.locator("h1")).to_contain_text("列有去处")
    assert page.locator("select[name^=column_]").count() == 9
    page.click("button:has-text('预览每一行')")
    work()
    page.reload()
    expect(page.locator("h1")).to_contain_text("还没有写入")


def test_a_list_becomes_rows_and_the_target_opens_down_to_them(official, work):
    page = official
    page.goto("/console/")
    expect(page.locator(".hl-ledger tbody tr").first).to_contain_text(str(INSTITUTIONS))

    bring(page, work)
    page.locator("button:has-text('开始导入'), button:has-text('导入没有问题的')").click()
    work()
    page.reload()
    expect(page.locator("h1")).to_contain_text(f"{ROWS} 行已处理")
    page.locator("nav[aria-label='按结论筛选'] a:has-text('新增')").click()
    page.locator("td a, th a").filter(has_text="洪泰创新空间").click()
    expect(page.locator("h1")).to_contain_text("洪泰创新空间")

    bring(page, work, target="titles")  # what counts is who was recognised: the list says that, too
    page.locator("button:has-text('开始导入'), button:has-text('导入没有问题的')").click()
    page.wait_for_load_state("networkidle")
    work()
    page.goto(page.url)
    expect(page.locator("h1")).to_contain_text("行已处理")

    page.goto("/console/")
    first = page.locator(".hl-ledger tbody tr").first
    value = int(re.search(r"\d+", first.locator(".hl-ledger-value").inner_text())[0])
    assert value > INSTITUTIONS
    first.locator("a").first.click()
    expect(page.locator("h1")).to_contain_text(str(value))
    assert page.locator("#rows tbody tr").count() == value
    page.locator("#rows tbody a").filter(has_text="北京工业大学国家大学科技园").click()
    expect(page.locator("h1")).to_contain_text("北京工业大学国家大学科技园")

    page.context.clear_cookies()
    page.goto("/targets/institutions-2017/")
    expect(page.locator("h1")).to_contain_text(str(value))
    page.goto("/")
    expect(page.locator("main")).to_contain_text(str(value))


def test_a_second_time_nothing_changes_and_the_choice_of_columns_is_remembered(official, work):
    page = official
    for turn, words in enumerate(("新增", "无变化")):
        bring(page, work)
        page.locator("button:has-text('开始导入'), button:has-text('导入没有问题的')").click()
        work()
        page.reload()
        tabs = page.locator("nav[aria-label='按结论筛选']")
        expect(tabs.locator(f"a:has-text('{words}')")).to_have_count(1)
        assert tabs.locator("a:has-text('新增')").count() == (1 if turn == 0 else 0)
        if turn == 1:
            expect(tabs.locator(f"a:has-text('{words}')")).to_contain_text(str(ROWS))


def test_the_list_is_searched_filtered_sorted_saved_and_exported(official):
    page = official
    page.goto("/console/institutions/")
    page.fill("[data-list-search]", "wjqy")
    expect(page.locator("#list-table tbody tr")).to_have_count(1)
    expect(page.locator("#list-table tbody tr")).to_contain_text("望京启元科技孵化器")
    assert "q=wjqy" in page.url
    page.fill("[data-list-search]", "启元")
    expect(page.locator("#list-table tbody tr")).to_have_count(1)

    page.goto("/console/institutions/")
    page.click("summary:has-text('类型')")
    page.locator(".hl-menu[open] .hl-menu-item", has_text="加速器").click()
    page.wait_for_url("**kind=accelerator**")
    shown = page.locator("#list-table tbody tr").count()
    assert 0 < shown < INSTITUTIONS
    page.click("th a:has-text('开办')")
    page.wait_for_url("**sort=opened**")
    days = page.locator("#list-table tbody td:nth-of-type(5)").all_inner_texts()
    assert days == sorted(days)

    page.click("summary:has-text('存为视图')")
    page.fill("#view-name", "加速器按开办")
    page.press("#view-name", "Enter")
    expect(page.locator("main")).to_contain_text("只有您看得到")
    page.goto("/console/institutions/")
    page.click("a:has-text('加速器按开办')")
    page.wait_for_url("**view=**")
    assert page.locator("#list-table tbody tr").count() == shown

    rows = list(csv.reader(io.StringIO(download(page, "CSV").decode("utf-8-sig"))))
    assert len(rows) == shown + 1
    sheet = load_workbook(io.BytesIO(download(page, "Excel")), read_only=True).active
    names = [row[0].value for row in sheet.iter_rows(min_row=2)]
    assert set(names) == {row[0] for row in rows[1:]}


def test_the_list_is_walked_with_the_keyboard_alone(official):
    page = official
    page.goto("/console/institutions/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_contain_text("跳到")
    page.keyboard.press("Enter")
    reached = ""
    for _step in range(60):
        page.keyboard.press("Tab")
        reached = page.evaluate("document.activeElement.getAttribute('data-list-search') !== null ? 'search' : ''")
        if reached:
            break
    assert reached == "search"
    page.keyboard.type("dtjk")
    expect(page.locator("#list-table tbody tr")).to_have_count(1)
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('#list-table tbody') && document.activeElement.href"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/console/institutions/\d+/$"))
    expect(page.locator("h1")).to_contain_text("大屯健康医疗孵化器")


def test_the_slip_prints_on_one_sheet_width(official, work):
    page = official
    work()
    page.goto("/console/ledger/slip/")
    page.emulate_media(media="print")
    expect(page.locator("button:has-text('打印')")).not_to_be_visible()
    expect(page.locator("main, body").first).to_contain_text("封条")
    page.set_viewport_size({"width": 794, "height": 1123})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.pdf(format="A4").startswith(b"%PDF")

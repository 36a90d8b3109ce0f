"""The gallery shows every macro, in both languages, and nothing in it breaks the content security policy."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "src/hatchline/sites/components/templates/components"
PARTS = ("basics", "page", "forms", "lists", "figures", "charts")

pytestmark = pytest.mark.django_db


class Inline(HTMLParser):
    """Collects what the policy forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or "style" in names or any(name.startswith("on") for name in names):
            self.found.append(f"<{tag} {names}>")
        if tag == "script" and "src" not in names and names.get("type") != "application/json":
            self.found.append(f"<{tag} {names}>")


def gallery(language: str = "zh-hans") -> str:
    client = Client()
    client.cookies["django_language"] = language
    response = client.get("/gallery/")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_nothing_is_inline(language: str) -> None:
    checked = Inline()
    checked.feed(gallery(language))
    assert checked.found == []


def test_every_macro_is_shown() -> None:
    shown = (TEMPLATES / "gallery.jinja").read_text(encoding="utf-8")
    offered = set(re.findall(r"^\{% set (\w+) = ", (TEMPLATES / "ui.jinja").read_text(encoding="utf-8"), re.M))
    written = {
        name
        for part in PARTS
        for name in re.findall(r"\{%-? macro ([a-z]\w*)\(", (TEMPLATES / f"{part}.jinja").read_text(encoding="utf-8"))
    }
    functions = {"icon", "level_icon", "status", "chip", "cell"}  # parts.py
    assert offered == written | functions
    inside = {"attributes", "level_icon", "head_cell", "icon", "spark", "threshold", "bound", "skip_link", "forward"}
    assert {name for name in offered - inside if f"ui.{name}(" not in shown} == set()


def test_every_icon_is_in_the_sprite() -> None:
    listed = {
        line
        for line in (ROOT / "frontend/icons.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    }
    own = {path.stem for path in (ROOT / "frontend/icons").glob("*.svg")}
    used = set(re.findall(r"icons\.svg#([\w-]+)", gallery()))
    assert used and used - listed - own == set()


def test_in_english_only_invented_names_are_chinese() -> None:
    page = re.sub(r"<script.*?</script>", "", gallery("en"), flags=re.S)
    visible = re.sub(r"<[^>]+>", " ", page)
    chinese = set(re.findall(r"[\u4e00-\u9fff]{2,}", visible))
    words = {"提交", "未知", "达标", "目标", "差距", "页面", "搜索", "导出", "草稿", "语言", "日期", "列表"}
    assert chinese & words == set()
    assert "Unknown" in visible and "17.2" in visible


def test_unknown_is_never_zero() -> None:
    assert gallery().count("hl-unknown") >= 6


def test_the_page_says_which_language_it_is_in() -> None:
    assert '<html lang="zh-Hans"' in gallery()
    assert '<html lang="en"' in gallery("en")


def test_tokens_are_the_only_raw_colours() -> None:
    sheets = [path for path in (ROOT / "frontend/css").glob("*.css") if path.name != "tokens.css"]
    raw = {
        f"{path.name}: {found}"
        for path in sheets
        for found in re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", path.read_text(encoding="utf-8"))
    }
    assert len(sheets) > 8
    assert raw == set()

"""The parts of a list: everything given is escaped, and what is kept for speed never mixes languages or trust."""

from __future__ import annotations

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy
from markupsafe import Markup

from hatchline.sites.components import parts

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize("part", [parts.status, parts.chip, parts.cell])
def test_text_is_escaped_even_after_the_same_markup_was_drawn(part: object) -> None:
    assert HOSTILE in part(Markup(HOSTILE))  # type: ignore[operator]
    assert "<img" not in part(HOSTILE)  # type: ignore[operator]


def test_every_argument_of_a_cell_is_escaped() -> None:
    drawn = parts.cell(HOSTILE, href='"><img>', title='"><img>', head=True)
    assert "<img" not in drawn


def test_a_word_follows_the_language() -> None:
    word = gettext_lazy("未知")
    with translation.override("zh-hans"):
        assert "未知" in parts.status(word, "unknown")
    with translation.override("en"):
        assert "Unknown" in parts.status(word, "unknown")
    with translation.override("zh-hans"):
        assert "未知" in parts.status(word, "unknown")


def test_a_cell_without_a_value_is_unknown_and_zero_is_zero() -> None:
    assert "hl-unknown" in parts.cell(None)
    assert parts.cell(0, "number") == '<td class="hl-num">0</td>'
    assert parts.cell("") == "<td></td>"


def test_a_level_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError):
        parts.status("x", "splendid")


def test_an_icon_with_a_label_is_a_picture_and_without_is_decoration() -> None:
    assert 'role="img" aria-label="下载"' in parts.icon("download", 20, "下载")
    assert 'aria-hidden="true"' in parts.icon("download")

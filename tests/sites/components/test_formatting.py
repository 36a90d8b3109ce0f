"""Figures and dates in the words of a language; what is not known is never zero."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation
from markupsafe import Markup

from hatchline.core.values.dates import PartialDate
from hatchline.sites.components import formatting

ZH, EN = "zh-hans", "en"


def words(value: object) -> str:
    return Markup(value).striptags()


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (17_240_000_000, "172.4亿元", "17.2billion yuan"),
        (1_260_000, "126万元", "1.26million yuan"),
        (14_260, "14,260元", "14,260yuan"),
        (0, "0元", "0yuan"),
        (-17_240_000_000, "−172.4亿元", "−17.2billion yuan"),
        (Decimal("99999.5"), "99,999.5元", "99,999.5yuan"),
        (None, "未知", "Unknown"),
    ],
)
def test_money(value: object, chinese: str, english: str) -> None:
    assert words(formatting.money(value, language=ZH)) == chinese
    assert words(formatting.money(value, language=EN)) == english


def test_the_exact_value_is_kept_on_hover() -> None:
    assert 'title="17,240,000,000 元"' in formatting.money(17_240_000_000, language=ZH)
    assert "title" not in formatting.money(14_260, language=ZH)


@pytest.mark.parametrize(
    ("share", "shown"), [(0.538, "53.8%"), (Decimal("0.5005"), "50.1%"), (0, "0.0%"), (None, "未知")]
)
def test_percent(share: object, shown: str) -> None:
    assert words(formatting.percent(share, language=ZH)) == shown


@pytest.mark.parametrize(
    ("code", "table", "prose", "english"),
    [
        ("2017-06-30", "2017-06-30", "2017年6月30日", "30 June 2017"),
        ("2014-06", "2014-06", "2014年6月", "June 2014"),
        ("2014", "2014", "2014年", "2014"),
        ("2014-Q2", "2014 年二季度", "2014 年二季度", "Q2 2014"),
    ],
)
def test_dates_keep_their_precision(code: str, table: str, prose: str, english: str) -> None:
    value = PartialDate.of(code)
    assert words(formatting.date_table(value, language=ZH)) == table
    assert words(formatting.date_prose(value, language=ZH)) == prose
    assert words(formatting.date_prose(value, language=EN)) == english


def test_a_date_shows_what_was_written() -> None:
    assert 'title="原文：41821"' in formatting.date_table(PartialDate.of("2014-07-01", "41821"), language=ZH)


def test_a_date_that_is_not_known_is_unknown() -> None:
    for value in (None, "", PartialDate.unknown("不详")):
        assert words(formatting.date_table(value, language=ZH)) == "未知"


def test_plain_dates() -> None:
    day = dt.date(2017, 7, 1)
    assert words(formatting.date_prose(day, language=ZH)) == "2017年7月1日"
    assert words(formatting.day_month(day, language=ZH)) == "7月1日"
    assert words(formatting.day_month(day, language=EN)) == "1 Jul"
    assert words(formatting.span(day, None, language=ZH)) == "2017-07-01 至今"


@pytest.mark.parametrize(
    ("days", "shown", "level"),
    [(-1, "逾期 1 天", "bad"), (0, "今日到期", "bad"), (2, "剩 2 个工作日", "bad"), (3, "剩 3 个工作日", "warn"),
     (8, "剩 8 个工作日", "neutral"), (None, "无期限", "neutral")],
)  # fmt: skip
def test_the_clock(days: int | None, shown: str, level: str) -> None:
    assert formatting.remaining(days, language=ZH) == shown
    assert formatting.urgency(days) == level


def test_english_counts_days() -> None:
    assert formatting.remaining(1, language=EN) == "1 working day left"
    assert formatting.remaining(2, language=EN) == "2 working days left"


def test_the_leading_figure_is_marked_and_text_escaped() -> None:
    assert formatting.lead("**27** 家 <b>") == '<em class="hl-lead">27</em> 家 &lt;b&gt;'
    assert formatting.lead(Markup("还缺 !!1 项!!")) == '还缺 <em class="hl-lead hl-lead-bad">1 项</em>'


def test_data_in_a_script_block_cannot_leave_it() -> None:
    assert "</script>" not in formatting.data_json({"name": "</script><script>alert(1)</script>"})
    assert formatting.data_json([Decimal("1.5"), dt.date(2017, 6, 30)]) == '[1.5,"2017-06-30"]'


def test_masked() -> None:
    assert formatting.masked("13800138078") == "138••••••78"
    assert formatting.masked("abc") == "•••"
    assert formatting.masked(None) == ""


def test_listed() -> None:
    assert formatting.listed(["甲", "乙", "丙", "丁"], language=ZH) == "甲、乙、丙 等 4 项"
    assert formatting.listed(["a", "<b>"], language=EN) == "a, &lt;b&gt;"


def test_a_number_in_words_is_plain_text_with_its_unit_apart() -> None:
    assert formatting.in_words(1_500_000, "元", ZH) == "150 万元"
    assert formatting.in_words(1_500_000, "yuan", EN) == "1.5 million yuan"
    assert formatting.in_words(620, "元", ZH) == "620 元" and formatting.in_words(None, "元") == ""


def test_a_unit_without_a_word_stays_as_it_is() -> None:
    assert formatting.unit_words("人") == "人" and formatting.unit_words("m²") == "m²"
    with translation.override("en"):
        assert [formatting.unit_words(unit) for unit in ("人", "元", "件")] == ["people", "yuan", "items"]

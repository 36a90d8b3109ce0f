"""Words and numerals of dates in the languages that lists come in, brought into one spelling."""

from __future__ import annotations

import re
import unicodedata


def words(text: str) -> frozenset[str]:
    """A set of words written in one text, divided by white space; _ stands for a space inside a word."""
    return frozenset(word.replace("_", " ") for word in text.split())


UNKNOWN = words(
    """- -- --- — —— – / \\ . ? ？ ?? n/a #n/a na n.a. none null nil nan unknown tbd tbc tba undated (blank)
    not_available not_known not_stated not_given to_be_confirmed no_date n._d. n.d. 未知 不详 不祥 无 暂无 待定 待补 缺
    空 未填 未填写 不明 未提供 保密 未公布 未公开 未披露"""
)
NOTHING = words("- -- --- — —— – / \\ n/a #n/a na n.a. none null nil nan 无 暂无 (blank)")  # a cell that holds none
OPEN = words(
    """至今 现在 今 迄今 长期 永久 长期有效 在营 目前 present now current ongoing today open .. heute to_date
    to_present no_end until_now still_there 在孵 在孵中 仍在孵 仍在 在园 未退出 未毕业 未离开"""
)

_MONTH_NAMES = [
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "jan feb mar apr may june july aug sept oct nov dec",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "jan feb mär apr mai jun jul aug sep okt nov dez",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
]
MONTHS = {
    unicodedata.normalize("NFKC", name): number
    for line in _MONTH_NAMES
    for number, name in enumerate(line.split(), start=1)
}
SEASON_NAMES = {
    "spring": "spring", "summer": "summer", "autumn": "autumn", "fall": "autumn", "winter": "winter",
    "春": "spring", "夏": "summer", "秋": "autumn", "冬": "winter",
    "sp": "spring", "su": "summer", "au": "autumn", "fa": "autumn", "wi": "winter",
    "s": "summer", "f": "autumn", "w": "winter",
}  # fmt: skip

_DIGITS = {char: str(index) for index, char in enumerate("〇一二三四五六七八九")} | {"零": "0", "两": "2"}
_NUMERALS = re.compile("[〇零一二三四五六七八九十廿卅]+")
_LUNAR = re.compile(
    "农历|阴历|旧历|正月|腊月|闰.月|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年|民国|民國|令和|平成|昭和"
)
_WEEKDAY = re.compile(
    r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+(?=[\da-z])"
    r"|[,(]?\s*(?:星期|周|礼拜)[一二三四五六日天]\)?\s*$"
)
_TIME = re.compile(
    r"(?<=[\d日号])(?:t|\s+|(?<=[日号]))(?P<h>\d{1,2})[:时点](?P<m>\d{2})?分?(?::?(?P<s>\d{2})秒?(?:[.,]\d+)?)?\s*(?:am|pm|a\.m\.|p\.m\.)?"
    r"\s*(?:z|utc|gmt|cst|[+-]\d{2}:?\d{2})?(?:\[[a-z/_]+\])?$"
)
_DASHES = dict.fromkeys(map(ord, "–—−‐‑‒―﹣"), "-") | {ord("∼"): "~", ord("〜"): "~", ord("○"): "〇", ord("Ｏ"): "〇"}
_KOREAN = str.maketrans({"년": "年", "월": "月", "일": "日"})


def numeral(text: str) -> str:
    """Chinese numerals in digits: 二〇一四 → 2014, 十二 → 12, 二十五 → 25, 廿五 → 25."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    if "十" not in text:
        return "".join(_DIGITS[char] for char in text)
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return text
    return str(int(_DIGITS.get(tens, "1")) * 10 + int(_DIGITS.get(ones, "0")))


def tidy(written: str) -> str | None:
    """One spelling for matching: half-width, lower case, digits, no weekday, no time of day. None for lunar dates."""
    if _LUNAR.search(written):
        return None
    # dashes first: NFKC would leave some and open others
    text = unicodedata.normalize("NFKC", written.translate(_DASHES)).casefold().strip().strip("'`\"“”").strip()
    text = text.replace("元月", "1月").translate(_KOREAN)
    text = _WEEKDAY.sub("", text)
    text = _NUMERALS.sub(lambda match: numeral(match[0]), text)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([年月日号季]) ?", r"\1", text)
    clock = _TIME.search(text)
    if clock and int(clock["h"]) <= 24 and int(clock["m"] or 0) <= 59 and int(clock["s"] or 0) <= 60:
        text = text[: clock.start()]
    return text.strip(" ,;，。")

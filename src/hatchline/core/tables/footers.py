"""Rows below or between the records that are none: totals, notes, who filled the form in.

A company may be called Total, Sum or 小计科技. So a row is a total only where its label is such a word and every other
filled cell is a number. A word in Latin letters that stands in the column of names, and one that goes on with other
words, need a number beside them; what has a serial number before it is no total then.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date, time

from hatchline.core.tables.rows import Cell, as_text, is_blank
from hatchline.core.tables.transforms import half_width

_UNIT = r"[家个户名项条人间处件亩元]|万?平方米|[千万亿]元|m2"
_COUNT = rf"[:,]?\s*[(]?\s*共?\s*(?:[\d,.]+\s*[^\s\d()]{{0,3}}|{_UNIT})?\s*[)]?"
_TOTAL = r"^\S{0,8}?(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|总\s*和)"
_CHINESE = re.compile(rf"{_TOTAL}{_COUNT}$")
_LOOSE = re.compile(rf"{_TOTAL}[:,]?\s*[(]?[^\s\d()]{{1,3}}[)]?$")  # 合计情况 is a total only above its sums
_LATIN = re.compile(r"^(?:(?:grand|over-?all)\s+)?(?:sub-?\s?totals?|totals?|sum|in total)\s*:?$", re.I)
_NUMBER = re.compile(r"^[¥$€£]?\s*[-+(]?\s*[\d,.\s]*\d\s*[)]?\s*[^\s\d]{0,4}$|^[-—–/]+$")
_PEOPLE = "(?:填表|制表|填报|审核|统计|单位负责|负责|联系)人"
_FORMS = "(?:填表|填报|制表|统计|报送)(?:日期|时间|单位)"
_SOURCES = r"(?:数据|资料)?来\s*源"
_NOTE = re.compile(
    rf"^[*※(]?\s*(?:[备附]?\s*注|说\s*明|填[表报]说明|{_SOURCES}|制\s*表|审\s*核|{_PEOPLE}|{_FORMS}|(?:联系)?电话"
    r"|notes?|sources?|remarks?|prepared by)\s*[\d一二三四五六七八九]{0,2}\s*[)]?\s*[:、].*"
    r"|^[(]?以下(?:空白|无正文)[)]?$",
    re.I | re.S,
)


def why(cells: Sequence[Cell], *, names: Collection[int], dates: Collection[int]) -> str:
    """Why a row is no record: "total" or "note"; "" where it may be one.

    `names` and `dates` are the positions that the mapping reads names and dates from: no total has a date.
    """
    places = [place for place, cell in enumerate(cells) if not is_blank(cell)]
    if not places:
        return ""
    at, label = places[0], _text(cells[places[0]])
    is_numbered = at == 0 and len(places) > 1 and label.isdecimal()
    if is_numbered:  # a serial number before it
        at, label = places[1], _text(cells[places[1]])
    elif _NOTE.match(label):
        return "note" if all(_NOTE.match(_text(cells[place])) for place in places) else ""
    is_latin = bool(_LATIN.match(label))
    is_loose = not is_latin and not _CHINESE.match(label)
    if is_loose and (is_numbered or not _LOOSE.match(label)):
        return ""
    rest = [(place, said) for place in places if (said := _text(cells[place])) != label]  # a merged one is repeated
    if (is_loose or (is_latin and at in names)) and not any(place > at for place, _said in rest):
        return ""
    numbers = all(place not in dates and _is_number(cells[place], said) for place, said in rest)
    return "total" if numbers else ""


def _text(cell: Cell) -> str:
    return " ".join(half_width(as_text(cell)).split())


def _is_number(cell: Cell, said: str) -> bool:
    return not isinstance(cell, date | time) and len(said) <= 40 and bool(_NUMBER.match(said))

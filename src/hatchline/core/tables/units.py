"""Units of columns and what one of them is in the unit of a field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from hatchline.core.tables.fields import Field
from hatchline.core.tables.rows import Row
from hatchline.core.values.money import scale_of

_AREAS = {
    "m2": "1", "m²": "1", "平方米": "1", "平米": "1", "㎡": "1", "sqm": "1", "squaremetres": "1", "squaremeters": "1",
    "平方公尺": "1",
    "万平方米": "10000", "万平米": "10000", "万m2": "10000", "亩": "666.6666666667", "公顷": "10000", "ha": "10000",
    "hectares": "10000",
    "km2": "1000000", "平方公里": "1000000", "sqft": "0.09290304", "ft2": "0.09290304", "squarefeet": "0.09290304",
    "坪": "3.305785",
    "sf": "0.09290304", "acres": "4046.8564224", "acre": "4046.8564224",
}  # fmt: skip
_COUNTS = {
    "个": 1, "家": 1, "人": 1, "项": 1, "件": 1, "名": 1, "位": 1, "次": 1, "所": 1, "套": 1, "台": 1, "间": 1,
    "百": 100, "千": 1000, "万": 10000, "万人": 10000,
    "千人": 1000, "万家": 10000, "亿": 10**8, "k": 1000,
}  # fmt: skip


def tidy(unit: str) -> str:
    return re.sub(r"[\s.()（）]+", "", unicodedata.normalize("NFKC", unit)).casefold()


def scale_between(unit: str, field: Field) -> Decimal | None:
    """How many of the field's unit one `unit` is; None when the two do not go together."""
    if field.type == "money":
        scale = scale_of(unit)
        return None if scale is None else Decimal(scale)
    text = tidy(unit)
    if field.type == "area" or tidy(field.unit) in _AREAS:
        if text not in _AREAS:
            return None
        own = Decimal(_AREAS.get(tidy(field.unit), "1"))
        return Decimal(_AREAS[text]) / own
    if field.unit and tidy(field.unit) == text:
        return Decimal(1)
    if text in ("%", "％", "percent"):
        return Decimal("0.01") if not field.unit else Decimal(1) if tidy(field.unit) == "%" else None
    if field.type in ("integer", "decimal") and text in _COUNTS:
        return Decimal(_COUNTS[text])
    return None


_IN_HEADER = re.compile(
    r"[（(\[【](?P<unit>[^（()）\]】]{1,12})[)）\]】]\s*[*＊]?$|[,，/:：]\s*(?:单位[:：])?(?P<tail>[^,，/:：]{1,8})$"
)


_ABOVE = re.compile(r"(?:单位|units?)\s*[:：]\s*(?P<units>[^:：]{1,40})", re.I)


def units_above(rows: Iterable[Row]) -> tuple[str, ...]:
    """The units that the rows over a header name: “金额单位：千元、人” → 千元, 人."""
    said = (_ABOVE.search(cell) for row in rows for cell in row.cells if isinstance(cell, str))
    words = (word for match in said if match for word in re.split(r"[\s、,，;；/()（）]+", match["units"]))
    return tuple(dict.fromkeys(filter(None, words)))


def unit_above(units: Iterable[str], field: Field) -> str:
    """The first of these units that suits money or an area."""
    if field.type not in ("money", "area") and tidy(field.unit) not in _AREAS:
        return ""
    return next((unit for unit in units if scale_between(unit, field) is not None), "")


def unit_in(header: str, field: Field) -> str:
    """The unit a header names, if it suits the field: 面积（亩） → 亩."""
    match = _IN_HEADER.search(header.strip())
    unit = (match["unit"] or match["tail"] or "").removeprefix("单位:").removeprefix("单位：").strip() if match else ""
    return unit if unit and scale_between(unit, field) is not None else ""

"""From the text or value of a cell to the value of a field, or the reason why not."""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Literal

from hatchline.core.tables.fields import Field
from hatchline.core.tables.rows import Cell, as_text
from hatchline.core.tables.transforms import half_width
from hatchline.core.tables.units import scale_between
from hatchline.core.values import dates, money
from hatchline.core.values.datewords import UNKNOWN
from hatchline.core.values.unreadable import Unreadable

_TRUE = frozenset({"是", "有", "yes", "y", "true", "t", "1", "√", "✓", "✔", "对", "已", "○", "oui", "ja", "si", "sí"})
_FALSE = frozenset({"否", "无", "没有", "no", "n", "false", "f", "0", "×", "✗", "✘", "x", "未", "错", "non", "nein"})


@dataclass(frozen=True)
class Manner:
    """How a column is written: the order of dates, the unit, the currency, the workbook's epoch."""

    order: dates.Order = "ymd"
    epoch: Literal[1900, 1904] = 1900
    pivot: int | None = None
    year: int | None = None
    unit: str = ""
    currency: str = "CNY"
    decimal_comma: bool = False


@dataclass(frozen=True)
class Noted:
    """A value that was read, with something to be said about it (a warning)."""

    value: Any
    note: Unreadable


def read(cell: Cell, one: Field, manner: Manner) -> Any:
    """The value, None when the cell says that it is not known, Noted with a warning, or Unreadable."""
    return _READERS[one.type](cell, one, manner)


def _text(cell: Cell, one: Field, _: Manner) -> Any:
    text = as_text(cell)
    if not text.isprintable():
        text = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    if one.max_length is not None and len(text) > one.max_length:
        return Unreadable("text.too_long", {"length": len(text), "limit": one.max_length}, "hint.shorten")
    if text.strip() and not any(char.isalnum() or unicodedata.category(char)[0] == "S" for char in text):
        return None if text.strip().casefold() in UNKNOWN else Unreadable("text.no_letters", {"value": text[:40]})
    return text or None


def _choice(cell: Cell, one: Field, _: Manner) -> Any:
    text = as_text(cell)
    words = _words(one)
    found = words.get(plain(text))
    if found is not None:
        return found
    if text.strip().casefold() in UNKNOWN:
        return None
    near = difflib.get_close_matches(plain(text), words, n=1, cutoff=0.6)
    codes = list(one.choices)[:12]
    params = {
        "value": text[:60],
        "known": "、".join(one.word(code) for code in codes),
        "known_en": ", ".join(one.word(code, "en") for code in codes),
        "nearest": one.word(words[near[0]]) if near else "",
        "nearest_en": one.word(words[near[0]], "en") if near else "",
    }
    return Unreadable("choice.unknown", params, "hint.choice_nearest" if params["nearest"] else "hint.choice")


def _words(one: Field) -> Mapping[str, str]:
    kept = _WORDS.get(id(one.choices))
    if kept is None or kept[0] is not one.choices:  # another mapping may come to stand at the same address
        if len(_WORDS) > 64:
            _WORDS.clear()
        choices = one.choices
        found = {plain(word): code for code, words in reversed(list(choices.items())) for word in words}
        kept = _WORDS[id(choices)] = (choices, found | {plain(code): code for code in choices})
    return kept[1]


_WORDS: dict[int, tuple[Mapping[str, tuple[str, ...]], Mapping[str, str]]] = {}


def plain(text: str) -> str:
    """For comparing words: half-width, lower case, no spaces, underscores or hyphens."""
    return _plain(text) if len(text) > 40 else _plain_again(text)


def _plain(text: str) -> str:
    return re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", text)).casefold()


_plain_again = lru_cache(maxsize=8192)(_plain)  # the words of a column are few; long texts are not kept


_SWAPPED = str.maketrans(",.", ".,")
_DIGITS = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
_NUMBER = re.compile(
    r"^(?P<about>约|大约|近|about|approx\.?|ca\.?|~)?\s*(?P<number>[-+]?[\d.,' ]*\d)\s*(?P<unit>[^\d\s].*)?$", re.I
)


def number(cell: Cell, one: Field, manner: Manner) -> Decimal | Unreadable | None:
    """A number in the field's own unit. The unit in the cell counts before the column's."""
    factor = scale_between(manner.unit, one) if manner.unit else Decimal(1)
    if factor is None:
        return Unreadable("number.unit", {"unit": manner.unit[:40]})
    if isinstance(cell, bool):
        return Unreadable("number.not_a_number", {"value": as_text(cell)}, "hint.number")
    if isinstance(cell, int | float):
        if isinstance(cell, float) and not math.isfinite(cell):
            return Unreadable("number.not_a_number", {"value": str(cell)}, "hint.number")
        return Decimal(repr(cell)) * factor if isinstance(cell, float) else Decimal(cell) * factor
    text = half_width(as_text(cell)).strip().replace("−", "-")
    if not manner.decimal_comma and len(text) <= 60 and _DIGITS.fullmatch(text):
        return Decimal(text) * factor
    if text.casefold() in UNKNOWN:
        return None
    match = _NUMBER.match(text)
    if not match or len(text) > 60:
        return Unreadable("number.not_a_number", {"value": text[:60]}, "hint.number")
    if match["unit"]:
        own = scale_between(match["unit"], one)
        if own is None:
            return Unreadable("number.not_a_number", {"value": text[:60]}, "hint.number")
        factor = own
    digits = match["number"].replace("'", "").replace(" ", "")
    if manner.decimal_comma:
        digits = digits.translate(_SWAPPED)
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", digits):
        digits = digits.replace(",", "")
    elif re.fullmatch(r"[-+]?\d{1,3}(\.\d{3})*,\d+", digits) and not re.fullmatch(r"[-+]?\d{1,3},\d{3}", digits):
        if "." not in digits:
            return Unreadable("number.separators", {"value": text[:60]}, "hint.money_separators")
        digits = digits.replace(".", "").replace(",", ".")
    try:
        return Decimal(digits) * factor
    except InvalidOperation:
        return Unreadable("number.not_a_number", {"value": text[:60]}, "hint.number")


def _decimal(cell: Cell, one: Field, manner: Manner) -> Any:
    found = number(cell, one, manner)
    if found is None or isinstance(found, Unreadable):
        return found
    if one.minimum is not None and found < one.minimum:
        code = "number.negative" if one.minimum == 0 else "number.below"
        return Unreadable(code, {"value": as_text(cell)[:40], "minimum": str(one.minimum)}, "hint.check_number")
    if one.maximum is not None and found > one.maximum:
        return Unreadable(
            "number.above", {"value": as_text(cell)[:40], "maximum": str(one.maximum)}, "hint.check_number"
        )
    if one.type == "area":
        kept = round(found, 2)  # as it is stored: 1,076 sq ft must fit into a room of 1,076 sq ft
        return found if kept == found else kept
    if one.type == "integer":
        if found != found.to_integral_value():
            return Unreadable("number.not_whole", {"value": as_text(cell)[:40]}, "hint.check_number")
        return int(found)
    return found


_MINUTES = re.compile(
    r"""^(\d{1,3})[°度]\s*(?:(\d{1,2})['′分]\s*)?(?:(\d{1,2}(?:\.\d+)?)["″秒]\s*)?([NSEWnsew东西南北])?$"""
)
_DEGREES = (Manner(), Manner(decimal_comma=True))


def _degrees(cell: Cell, one: Field, manner: Manner) -> Any:
    """Decimal degrees, or 39°54′20″N."""
    text = as_text(cell).strip()
    limit = 90 if one.type == "latitude" else 180
    match = _MINUTES.match(text)
    if match:
        found: Any = Decimal(match[1]) + Decimal(match[2] or 0) / 60 + Decimal(match[3] or 0) / 3600
        found = round(-found if (match[4] or "").upper() in ("S", "W", "南", "西") and match[4] else found, 7)
    else:
        found = number(cell, one, _DEGREES[manner.decimal_comma])
    if isinstance(found, Decimal) and abs(found) > limit:
        return Unreadable("coordinate.out_of_range", {"value": text[:40], "limit": limit}, "hint.coordinates")
    return found


def _date(cell: Cell, _: Field, manner: Manner) -> Any:
    return dates.parse(cell, order=manner.order, excel_epoch=manner.epoch, year=manner.year, pivot=manner.pivot)


def _money(cell: Cell, one: Field, manner: Manner) -> Any:
    if manner.decimal_comma and isinstance(cell, str) and re.search(r"\d[.,]\d", cell):
        swapped = money.parse(cell.translate(_SWAPPED), unit=manner.unit or "元", currency=manner.currency)
        found = replace(swapped, text=cell) if isinstance(swapped, money.Amounts) else swapped
    else:
        found = money.parse(cell, unit=manner.unit or "元", currency=manner.currency)
    if one.keeps_text and isinstance(found, Unreadable) and isinstance(cell, str):
        kept = money.Amounts((money.Part("unknown", None, None, manner.currency),), cell)
        return Noted(kept, replace(found, hint="hint.money_kept"))
    if isinstance(found, money.Amounts):
        for part in found.parts:
            if one.minimum is not None and part.low is not None and part.low < one.minimum:
                return Unreadable(
                    "number.negative", {"value": as_text(cell)[:40], "minimum": str(one.minimum)}, "hint.check_number"
                )
        if len(found.parts) > 1 and not one.many:
            return Unreadable(
                "money.several", {"value": as_text(cell)[:60], "count": len(found.parts)}, "hint.money_several"
            )
    return found


def _bool(cell: Cell, _: Field, __: Manner) -> Any:
    if isinstance(cell, bool):
        return cell
    text = unicodedata.normalize("NFKC", as_text(cell)).strip().casefold()
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    return None if text in UNKNOWN else Unreadable("bool.unclear", {"value": text[:40]}, "hint.bool")


_HOST = r"(?:[^\s/:?#@\[\].]+\.)+(?!\d)[^\s/:?#@\[\].]{2,}|localhost|\d{1,3}(?:\.\d{1,3}){3}"
_URL = re.compile(rf"^(?:(https?)://)?({_HOST})(:\d{{1,5}})?([/?#]\S*)?$", re.I)


def _url(cell: Cell, _: Field, __: Manner) -> Any:
    text = half_width(as_text(cell)).strip().strip("<>").replace("http:\\\\", "http://")
    if text.casefold() in UNKNOWN:
        return None
    text = re.sub(r"^(https?)(?::/(?!/)|;//|//)", r"\1://", text, flags=re.I)
    match = _URL.match(text)
    if not match or len(text) > 2000:
        return Unreadable("url.not_an_address", {"value": text[:80]}, "hint.url")
    return text if match[1] else f"http://{text}"


def _email(cell: Cell, _: Field, __: Manner) -> Any:
    text = half_width(as_text(cell)).strip().removeprefix("mailto:").strip("<>; ,")
    if text.casefold() in UNKNOWN:
        return None
    if re.fullmatch(r"[^\s@,;<>\"]+@[^\s@,;<>\".]+(\.[^\s@,;<>\".]+)+", text) and len(text) <= 254:
        return text
    return Unreadable("email.not_an_address", {"value": text[:80]}, "hint.email")


def _phone(cell: Cell, _: Field, __: Manner) -> Any:
    text = half_width(as_text(cell)).strip()
    if text.casefold() in UNKNOWN:
        return None
    digits = sum(char.isdecimal() for char in text)
    if digits < 5 or digits > 60 or "E+" in text.upper():
        return Unreadable("phone.not_a_number", {"value": text[:60]}, "hint.phone")
    return text


_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_SET = frozenset(_USCC)
_WORTH = {char: worth for worth, char in enumerate(_USCC)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def _credit_code(cell: Cell, _: Field, __: Manner) -> Any:
    """A unified social credit code. Wrong form is refused; a wrong check digit is only noted: such codes are in use."""
    if isinstance(cell, float) and cell >= 1e15:
        return Unreadable("credit_code.lost_digits", {"value": repr(cell)}, "hint.credit_code_text")
    text = re.sub(r"[\s\-]+", "", unicodedata.normalize("NFKC", as_text(cell))).upper().lstrip("'")
    if as_text(cell).strip().casefold() in UNKNOWN:
        return None
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", text):
        return Unreadable("credit_code.lost_digits", {"value": text[:40]}, "hint.credit_code_text")
    if len(text) != 18:
        return Unreadable("credit_code.length", {"value": text[:40], "length": len(text)}, "hint.credit_code")
    if not _USCC_SET.issuperset(text):
        wrong = "、".join(sorted({char for char in text if char not in _USCC}))
        return Unreadable("credit_code.characters", {"value": text, "wrong": wrong[:20]}, "hint.credit_code")
    total = sum(_WORTH[char] * weight for char, weight in zip(text, _WEIGHTS, strict=False))
    if _USCC[(31 - total % 31) % 31] != text[17]:
        return Noted(text, Unreadable("credit_code.check_digit", {"value": text}, "hint.credit_code_check"))
    return text


def _country(cell: Cell, one: Field, manner: Manner) -> Any:
    if one.choices:
        return _choice(cell, one, manner)
    text = as_text(cell).strip()
    return text.upper() if len(text) in (2, 3) and text.isascii() else text or None


_READERS: dict[str, Callable[[Cell, Field, Manner], Any]] = {
    "text": _text, "choice": _choice, "integer": _decimal, "decimal": _decimal, "area": _decimal, "date": _date,
    "money": _money,
    "bool": _bool, "url": _url, "email": _email, "phone": _phone, "credit_code": _credit_code, "latitude": _degrees,
    "longitude": _degrees, "country": _country,
}  # fmt: skip

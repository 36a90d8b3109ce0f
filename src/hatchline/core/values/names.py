"""Names and numbers of bodies made comparable: for finding possible duplicates, never for showing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize
from urllib.parse import urlsplit

from stdnum.cn import uscc

from hatchline.core.values.unreadable import Unreadable

KEY_LENGTH = 200
HOST_LENGTH = 120
_LEGAL_ENDINGS = re.compile(r"(?:有限责任公司|股份有限公司|股份公司|有限公司|集团公司|总公司|公司|集团)$")
_LEGAL_WORDS = frozenset(
    {"ltd", "limited", "inc", "incorporated", "llc", "llp", "lp", "plc", "corp", "corporation", "co", "company"}
    | {"gmbh", "ag", "sa", "sas", "srl", "bv", "nv", "ab", "oy", "pty"}
)
_WORDS = re.compile(r"[^\W_]+")
_CITIES = (
    "北京|天津|上海|重庆|河北|山西|内蒙古|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|四川|贵州|云南|西藏|"
    "陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾|深圳|广州|杭州|南京|苏州|武汉|成都|西安|青岛|大连|厦门|宁波|中国"
)
_PLACE = re.compile(rf"(?:(?:{_CITIES})(?:省|市)?)?(?:[\u4e00-\u9fff]{{1,4}}[市区县])?")
_IN_FRONT = re.compile(rf"^(?:(?:{_CITIES})(?:省|市)?)+(?:[\u4e00-\u9fff]{{2}}[市区县])?")
_BRACKETED = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_MAKERS = re.compile(r"(?:创业团队|创业项目|项目团队|项目组|团队|项目|工作室)$")
SHORTEST_LOOSE = 3
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: a sign's worth is its place
_WORTH = {sign: worth for worth, sign in enumerate(_SIGNS)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_HOST = re.compile(r"(?=.{4,120}$)[^\W_](?:[\w-]*\.)+[^\W\d_][\w-]*")


@lru_cache(maxsize=8192)
def key(name: str) -> str:
    """A name without what differs between two spellings of it: width, case, spaces, brackets, punctuation, legal form.

    What stands inside brackets stays: 矿业大学（北京） is not 矿业大学. A name with nothing else keeps its legal form;
    one of signs alone (emoji) is itself. At most 200 characters; key(key(x)) == key(x).
    """
    folded = _folded(name)
    words = _WORDS.findall(folded)
    while len(words) > 1 and words[-1] in _LEGAL_WORDS:
        words.pop()
    made = "".join(words) or "".join(folded.split())
    made = made[:KEY_LENGTH]
    while True:
        shorter = _LEGAL_ENDINGS.sub("", made)
        if not shorter or shorter == made:
            return made
        made = shorter


def is_spelt_alike(one: str, other: str) -> bool:
    """Whether two names differ in width, case, spaces, brackets and punctuation at most; the legal form tells."""
    return one == other or "".join(_WORDS.findall(_folded(one))) == "".join(_WORDS.findall(_folded(other)))


@lru_cache(maxsize=8192)
def loose(name: str) -> str:
    """A key under which the variants of one name meet: no place in front or in brackets, no 团队 or 项目 behind.

    北京听雨科技有限公司, 听雨科技（北京）有限公司 and 听雨科技团队 are 听雨科技. Two bodies may share it: it says
    who is worth comparing, never who is the same. Where hardly anything would be left it is ``key(name)``.
    """
    strict = key(name)
    folded = _BRACKETED.sub(lambda found: "" if _PLACE.fullmatch(found[1]) else found[0], _folded(name))
    made = _MAKERS.sub("", key(folded))
    shorter = _IN_FRONT.sub("", made)
    for found in (shorter, made):
        if len(found) >= SHORTEST_LOOSE:
            return found
    return strict


def _folded(text: str) -> str:
    """Compatibility forms and case folded until nothing changes any more."""
    if text.isascii():
        return text.casefold()
    while True:
        folded = normalize("NFKC", normalize("NFKC", text).casefold())
        if folded == text:
            return folded
        text = folded


@lru_cache(maxsize=8192)
def host(website: str) -> str:
    """The host of a website without www. and port, "" when the text is not an address of one."""
    text = website.strip()
    if not text:
        return ""
    try:
        found = urlsplit(text if "://" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""
    found = normalize("NFKC", found).casefold().removeprefix("www.").rstrip(".")
    return found if _HOST.fullmatch(found) else ""


@dataclass(frozen=True)
class CreditCode:
    """A unified social credit code 统一社会信用代码 in capitals; doubtful when its check digit does not agree."""

    code: str
    is_doubtful: bool


@lru_cache(maxsize=8192)
def credit_code(text: str) -> CreditCode | Unreadable:
    """Read one. A form that GB 32100-2015 does not know is Unreadable; a wrong check digit only makes it doubtful.

    Really registered codes fail the check digit, and codes of rural bodies begin with a letter: both are taken.
    """
    written = text if _CREDIT_CODE.fullmatch(text) else uscc.compact(normalize("NFKC", text))
    if len(written) != 18:
        return Unreadable("credit_code.length", {"value": text[:60], "length": len(written)}, "hint.credit_code")
    if not _CREDIT_CODE.fullmatch(written):
        return Unreadable("credit_code.form", {"value": text[:60]}, "hint.credit_code")
    total = sum(_WORTH[sign] * weight for sign, weight in zip(written, _WEIGHTS, strict=False))
    return CreditCode(written, _SIGNS[-total % 31] != written[17])

"""A measure's definition as data, read and validated.

Either how it is reckoned, of institutions or of ventures::

    {"subject": "institution", "open": true, "kinds": ["incubator"], "stages": [], "recognised": "municipal",
     "titles": [], "territory": "target"}
    {"subject": "venture", "who": "tenant", "reckon": "count", "by": "record", "territory": "target"}
    {"subject": "venture", "who": "tenant", "reckon": "sum", "measure": "revenue", "period": "calendar_year",
     "beside": ["graduates_here", "four_quarters"]}
    {"subject": "venture", "who": "tenant", "reckon": "share", "having": "valid_right", "measure": "valid_rights"}

Institutions: ``open``: only those open on the day. ``kinds`` and ``stages``: any of these; empty: all. ``recognised``:
only those with a title in force at this level or above (``any``: at any level; "": whether or not); ``titles``: of
these kinds of title alone.

Ventures: ``who``: tenants, graduates (up to the day), or those present in the chain at any of ``stages``. ``by``: so
far by record alone; whether they meet a document's definition is not reckoned yet. ``reckon``: ``count``; ``sum`` of a
declared ``measure`` over the last ``period`` that is over; ``share`` of those ``having`` a valid right of their own or
a title (of ``titles``), of those of whom it is known: a ``measure`` that counts it tells so where no record does.

``territory``: "target" (the target's own) or a division's code. Or what is missing before it can be reckoned::

    {"missing": ["titles", "stays"]}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from hatchline.apps.institutions.models import Kind, StageOffered
from hatchline.apps.observations import queries as observations
from hatchline.apps.titles.models import TitleKind

MISSING: dict[str, Any] = {
    "titles": _("各级认定（区级、市级、国家级）的批文、起止时间尚未登记"),
    "stays": _("企业入驻、毕业记录尚未登记"),
    "ventures": _("在孵企业名录尚未登记"),
    "revenue": _("企业年度总收入尚未报送"),
    "intellectual_property": _("企业知识产权情况尚未报送"),
}
RECOGNISED: dict[str, Any] = {
    "": _("不论是否认定"),
    "any": _("获得任何级别认定"),
    "district": _("获得区级及以上认定"),
    "municipal": _("获得市级及以上认定"),
    "national": _("获得国家级认定"),
}
WHO: dict[str, Any] = {"tenant": _("在孵企业"), "graduate": _("累计毕业企业"), "present": _("在链主体")}
RECKON: dict[str, Any] = {"count": _("家数"), "sum": _("合计"), "share": _("占比")}
PERIOD: dict[str, Any] = {"calendar_year": _("最近一个完整日历年"), "four_quarters": _("最近四个季度")}
HAVING: dict[str, Any] = {"valid_right": _("至少有一项有效自主知识产权"), "title": _("持有有效资质")}
BESIDE: dict[str, Any] = {
    "graduates_here": _("仍在本区的毕业企业"),
    "four_quarters": _("最近四个季度合计"),
    "calendar_year": _("最近一个完整日历年合计"),
}
OF_INSTITUTION = {"subject", "open", "kinds", "stages", "recognised", "titles", "territory"}
OF_VENTURE = {
    "subject",
    "who",
    "stages",
    "by",
    "reckon",
    "measure",
    "period",
    "having",
    "titles",
    "beside",
    "territory",
}


class NotADefinition(ValueError):
    """The data is not a definition; the message says where."""


@dataclass(frozen=True)
class Definition:
    """A definition that was read. ``missing`` is not empty when the measure cannot be reckoned yet."""

    subject: str = "institution"
    open: bool = True
    kinds: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    recognised: str = ""
    titles: tuple[str, ...] = ()
    who: str = "tenant"
    reckon: str = "count"
    measure: str = ""
    period: str = "calendar_year"
    having: str = "valid_right"
    beside: tuple[str, ...] = ()
    territory: str = "target"
    missing: tuple[str, ...] = ()


def read(content: Any) -> Definition:
    """The definition in this data. NotADefinition for anything that is not fully understood."""
    if not isinstance(content, Mapping):
        raise NotADefinition(str(_("定义应为一组“名称: 值”。")))
    if "missing" in content:
        missing = _words(content, "missing", MISSING)
        if set(content) != {"missing"} or not missing:
            raise NotADefinition(str(_("缺少数据的定义只写 missing 一项，且不能为空。")))
        return Definition(missing=missing)
    subject = _word(content, "subject", ("institution", "venture"), "")
    if unknown := set(content) - (OF_INSTITUTION if subject == "institution" else OF_VENTURE):
        raise NotADefinition(_("不认识的项目：%(names)s。") % {"names": ", ".join(sorted(map(str, unknown)))})
    territory = content.get("territory", "target")
    if territory != "target" and not (isinstance(territory, str) and territory.isdigit()):
        raise NotADefinition(str(_("territory 应为 target 或行政区划代码。")))
    return _institutions(content, territory) if subject == "institution" else _ventures(content, territory)


def _institutions(content: Mapping[str, Any], territory: str) -> Definition:
    is_open = content.get("open", True)
    if not isinstance(is_open, bool):
        raise NotADefinition(str(_("open 应为 true 或 false。")))
    return Definition(
        open=is_open,
        kinds=_words(content, "kinds", Kind.values),
        stages=_words(content, "stages", StageOffered.values),
        recognised=_word(content, "recognised", RECOGNISED, ""),
        titles=_words(content, "titles", TitleKind.values),
        territory=territory,
    )


def _ventures(content: Mapping[str, Any], territory: str) -> Definition:
    reckon = _word(content, "reckon", RECKON, "count")
    measure = content.get("measure", "")
    if not isinstance(measure, str) or len(measure) > 60:
        raise NotADefinition(str(_("measure 应为已登记指标的代码。")))
    if reckon == "sum" and not measure:
        raise NotADefinition(str(_("合计要写明 measure，即哪一个指标。")))
    _word(content, "by", ("record",), "record")
    having = _word(content, "having", HAVING, "valid_right")
    titles = _words(content, "titles", TitleKind.values)
    if reckon == "share" and having == "title" and not titles:
        raise NotADefinition(str(_("按资质计占比，要在 titles 中写明哪些资质。")))
    return Definition(
        subject="venture",
        who=_word(content, "who", WHO, "tenant"),
        stages=_words(content, "stages", StageOffered.values),
        reckon=reckon,
        measure=measure,
        period=_word(content, "period", PERIOD, "calendar_year"),
        having=having,
        titles=titles,
        beside=_words(content, "beside", BESIDE),
        territory=territory,
    )


def _word(content: Mapping[str, Any], field: str, known: Iterable[str], default: str) -> str:
    word = content.get(field, default)
    if not isinstance(word, str) or word not in set(known):
        listed = ", ".join(sorted(each for each in known if each))
        raise NotADefinition(_("%(field)s 应为其中之一：%(known)s。") % {"field": field, "known": listed})
    return word


def _words(content: Mapping[str, Any], field: str, known: Iterable[str]) -> tuple[str, ...]:
    words = content.get(field, [])
    if not isinstance(words, list) or any(not isinstance(word, str) for word in words):
        raise NotADefinition(_("%(field)s 应为文字列表。") % {"field": field})
    if unknown := [word for word in words if word not in set(known)]:
        raise NotADefinition(_("%(field)s 中不认识的值：%(value)s。") % {"field": field, "value": unknown[0]})
    return tuple(dict.fromkeys(words))


def in_words(definition: Definition, measure_name: str = "") -> str:
    """One sentence for the reader. ``measure_name``: what the measure summed is called."""
    if definition.missing:
        return str(_("暂无法计算。"))
    parts = _institution_words(definition) if definition.subject == "institution" else _venture_words(definition)
    if definition.measure and definition.reckon == "sum":
        said = {"measure": measure_name or definition.measure, "period": PERIOD[definition.period]}
        parts.append(_("%(period)s的“%(measure)s”合计，没有填报的不按零计") % said)
    return str(_("%(sentence)s。") % {"sentence": str(_("，")).join(map(str, parts))})


def _institution_words(definition: Definition) -> list[Any]:
    parts: list[Any] = [_("当日在运营的孵化机构") if definition.open else _("已登记的孵化机构")]
    if definition.recognised:
        parts.append(RECOGNISED[definition.recognised])
    if definition.titles:
        parts.append(_("资质为%(titles)s") % {"titles": _listed(TitleKind(each).label for each in definition.titles)})
    if definition.kinds:
        parts.append(_("类型为%(kinds)s") % {"kinds": _listed(Kind(each).label for each in definition.kinds)})
    if definition.stages:
        stages = _listed(StageOffered(each).label for each in definition.stages)
        parts.append(_("提供%(stages)s服务") % {"stages": stages})
    return parts


def _venture_words(definition: Definition) -> list[Any]:
    who = {
        "tenant": _("在孵企业（按记录：已注册，当日有经确认、计入统计的孵化入驻，换机构也只计一家）"),
        "graduate": _("到当日为止孵化毕业的企业（按记录，每家只计一次）"),
        "present": _("当日在链的创业主体（按记录，每个只计一次）"),
    }
    parts: list[Any] = [who[definition.who]]
    if definition.stages:
        parts.append(_("处于%(stages)s") % {"stages": _listed(StageOffered(each).label for each in definition.stages)})
    if definition.reckon == "share":
        having = HAVING[definition.having]
        if definition.titles:
            having = _listed(TitleKind(each).label for each in definition.titles)
            parts.append(_("持有有效资质（%(titles)s）的占比") % {"titles": having})
        else:
            parts.append(_("%(having)s的占比，分母只计情况已知的企业") % {"having": having})
    return parts


def measure_name(code: str, english: bool = False) -> str:
    """What a declared measure is called; its code when nobody declared it."""
    found = observations.measure(code) if code else None
    return code if found is None else (found.name_en if english and found.name_en else found.name)


def _listed(words: Iterable[Any]) -> str:
    return str(_("、")).join(map(str, words))

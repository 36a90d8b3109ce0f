"""A measure's definition as data, read and validated.

Either how it is reckoned::

    {"subject": "institution", "open": true, "kinds": ["incubator"], "stages": [], "territory": "target"}

``subject``: what is counted (so far institutions). ``open``: only those open on the day. ``kinds`` and ``stages``: any
of these; empty: all. ``territory``: "target" (the target's own) or a division's code. Or what is missing before it can
be reckoned::

    {"missing": ["titles", "stays"]}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from hatchline.apps.institutions.models import Kind, StageOffered

MISSING: dict[str, Any] = {
    "titles": _("各级认定（区级、市级、国家级）的批文、起止时间尚未登记"),
    "stays": _("企业入驻、毕业记录尚未登记"),
    "ventures": _("在孵企业名录尚未登记"),
    "revenue": _("企业年度总收入尚未报送"),
    "intellectual_property": _("企业知识产权情况尚未报送"),
}
_FIELDS = {"subject", "open", "kinds", "stages", "territory"}


class NotADefinition(ValueError):
    """The data is not a definition; the message says where."""


@dataclass(frozen=True)
class Definition:
    """A definition that was read. ``missing`` is not empty when the measure cannot be reckoned yet."""

    subject: str = "institution"
    open: bool = True
    kinds: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    territory: str = "target"
    missing: tuple[str, ...] = ()


def read(content: Any) -> Definition:
    """The definition in this data. NotADefinition for anything that is not fully understood."""
    if not isinstance(content, Mapping):
        raise NotADefinition(str(_("定义应为一组“名称: 值”。")))
    if "missing" in content:
        missing = _words(content, "missing", frozenset(MISSING))
        if set(content) != {"missing"} or not missing:
            raise NotADefinition(str(_("缺少数据的定义只写 missing 一项，且不能为空。")))
        return Definition(missing=missing)
    if unknown := set(content) - _FIELDS:
        raise NotADefinition(_("不认识的项目：%(names)s。") % {"names": ", ".join(sorted(map(str, unknown)))})
    if content.get("subject") != "institution":
        raise NotADefinition(str(_("subject 目前只能是 institution。")))
    is_open = content.get("open", True)
    territory = content.get("territory", "target")
    if not isinstance(is_open, bool):
        raise NotADefinition(str(_("open 应为 true 或 false。")))
    if territory != "target" and not (isinstance(territory, str) and territory.isdigit()):
        raise NotADefinition(str(_("territory 应为 target 或行政区划代码。")))
    return Definition(
        open=is_open,
        kinds=_words(content, "kinds", frozenset(Kind.values)),
        stages=_words(content, "stages", frozenset(StageOffered.values)),
        territory=territory,
    )


def _words(content: Mapping[str, Any], field: str, known: frozenset[str]) -> tuple[str, ...]:
    words = content.get(field, [])
    if not isinstance(words, list) or any(not isinstance(word, str) for word in words):
        raise NotADefinition(_("%(field)s 应为文字列表。") % {"field": field})
    if unknown := [word for word in words if word not in known]:
        raise NotADefinition(_("%(field)s 中不认识的值：%(value)s。") % {"field": field, "value": unknown[0]})
    return tuple(dict.fromkeys(words))


def in_words(definition: Definition) -> str:
    """One sentence for the reader."""
    if definition.missing:
        return str(_("暂无法计算。"))
    parts = [str(_("当日在运营的孵化机构") if definition.open else _("已登记的孵化机构"))]
    if definition.kinds:
        parts.append(_("类型为%(kinds)s") % {"kinds": _listed(Kind(each).label for each in definition.kinds)})
    if definition.stages:
        stages = _listed(StageOffered(each).label for each in definition.stages)
        parts.append(_("提供%(stages)s服务") % {"stages": stages})
    return str(_("%(sentence)s。") % {"sentence": str(_("，")).join(map(str, parts))})


def _listed(words: Iterable[Any]) -> str:
    return str(_("、")).join(map(str, words))

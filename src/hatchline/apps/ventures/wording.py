"""Names of fields, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

FIELD_LABELS: dict[str, Any] = {
    "name": _("名称"),
    "names": _("其他名称"),
    "legal_person": _("登记主体"),
    "founded": _("创立时间"),
    "incorporated": _("注册成立时间"),
    "ceased": _("终止时间"),
    "field": _("技术领域"),
    "industry": _("行业"),
    "website": _("网站"),
    "summary": _("简介"),
    "exit": _("投资退出"),
    "exited": _("投资退出时间"),
    "fundings": _("融资"),
}

REASONS: dict[str, Any] = {
    "same_legal_person": _("登记主体相同"),
    "same_name": _("名称相同（不计括号、空格和公司后缀）"),
    "former_name": _("与曾用名或别名相同"),
    "similar_name": _("名称相近（不计地名、“团队”等字样）"),
    "same_website": _("网站相同"),
}

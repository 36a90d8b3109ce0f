"""Names of fields and sentences about values, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from hatchline.core.values.unreadable import Unreadable

FIELD_LABELS: dict[str, Any] = {
    "name": _("名称"),
    "credit_code": _("统一社会信用代码"),
    "legal_form": _("单位性质"),
    "types": _("单位类型"),
    "names": _("其他名称"),
    "identifiers": _("其他编号"),
    "country": _("国家或地区"),
    "territory": _("行政区划"),
    "address": _("地址"),
    "postcode": _("邮政编码"),
    "latitude": _("纬度"),
    "longitude": _("经度"),
    "website": _("网站"),
    "founded": _("成立时间"),
    "closed": _("终止时间"),
    "industry": _("行业"),
    "description": _("简介"),
}

REASONS: dict[str, Any] = {
    "same_credit_code": _("统一社会信用代码相同"),
    "same_identifier": _("登记编号相同"),
    "same_name": _("名称相同（不计括号、空格和公司后缀）"),
    "former_name": _("与曾用名或别名相同"),
    "same_website": _("网站相同"),
    "same_operator": _("运营主体相同"),
}

DOUBTFUL_CREDIT_CODE = _("校验码不符。确有少数已登记的代码如此，请与营业执照核对；代码已按原样保存。")


def credit_code_problem(problem: Unreadable) -> tuple[Any, Any]:
    """Message and hint for a credit code that cannot be one."""
    if problem.code == "credit_code.length":
        message = _("统一社会信用代码应为 18 位，这里有 %(length)s 位。") % problem.params
    else:
        message = _("“%(value)s”不符合统一社会信用代码的写法。") % problem.params
    return message, _("代码由数字和大写字母组成，不含 I、O、S、V、Z，第 3 至 8 位是数字。没有代码可以留空。")

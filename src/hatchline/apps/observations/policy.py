"""Why a value may not be recorded. None: it may."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from hatchline.apps.observations.models import Measure, Over, TimeKind, ValueType
from hatchline.apps.observations.states import MOVES
from hatchline.core.values.refusal import Refusal

LONGEST_WORDS = 2000
LARGEST_NUMBER = 2**63
LARGEST_AMOUNT = Decimal(10) ** 16
# a figure this many times last year's (or that part of it) looks as if it were in another unit
UNITS = ((Decimal(1000), _("千元")), (Decimal(10_000), _("万元")))
SLACK = Decimal(2)
DAY = timedelta(days=1)


def why_not_as(verb: str, role_kind: str) -> Refusal | None:
    """A kind of role that this verb is not for. No kind: the system or the command line."""
    row = MOVES.of(verb)
    if role_kind and role_kind not in row.roles:
        return Refusal("not_your_role", _("您当前的角色不能做这件事：%(what)s。") % {"what": row.wording})
    return None


def why_not_declare(
    *, code: str, value_type: str, unit: str, time_kind: str, sums_over: tuple[str, ...], taken: bool
) -> Refusal | None:
    """A code that is taken, an unknown type, money that is not in yuan, or sums that mean nothing."""
    if not code.strip():
        return Refusal("no_code", _("请填写指标代码。"), field="code")
    if taken:
        return Refusal("code_taken", _("指标代码“%(code)s”已经有了。") % {"code": code}, field="code")
    if value_type not in ValueType.values or time_kind not in TimeKind.values:
        return Refusal("unknown_choice", _("没有这种数值类型或时间口径。"), field="value_type")
    if value_type == ValueType.MONEY and unit != "元":
        return Refusal("money_in_yuan", _("金额一律以元保存，在填写处换算。"), field="unit")
    if set(sums_over) - set(Over.values):
        return Refusal("unknown_choice", _("没有这种合计口径。"), field="sums_over")
    countable = value_type in {ValueType.INTEGER, ValueType.DECIMAL, ValueType.MONEY}
    if sums_over and not countable:
        return Refusal("not_summable", _("这种数值不能合计。"), field="sums_over")
    if Over.PERIODS in sums_over and time_kind != TimeKind.FLOW:
        return Refusal("not_summable", _("只有本期数能把各时期相加。"), field="sums_over")
    return None


def why_not_value(measure: Measure, value: Any) -> Refusal | None:
    """A value that is not of the measure's type."""
    kind = ValueType(measure.value_type)
    good = {
        ValueType.INTEGER: isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST_NUMBER,
        ValueType.BOOLEAN: isinstance(value, bool),
        ValueType.TEXT: isinstance(value, str) and len(value.strip()) > 0 and len(value) <= LONGEST_WORDS,
        ValueType.DATE: isinstance(value, date),
    }
    if kind in {ValueType.DECIMAL, ValueType.MONEY}:
        is_number = isinstance(value, Decimal | int) and not isinstance(value, bool)
        if is_number and Decimal(value).is_finite() and abs(Decimal(value)) < LARGEST_AMOUNT:
            return None
    elif good[kind]:
        return None
    params = {"measure": measure.name, "kind": kind.label, "value": str(value)[:40]}
    return Refusal("wrong_type", _("“%(measure)s”应填%(kind)s，这里是“%(value)s”。") % params, field="value")


def why_not_period(starts_on: date, ends_before: date, today: date) -> Refusal | None:
    """A period out of order, or one that is not over yet."""
    if ends_before <= starts_on:
        return Refusal("ends_before_it_begins", _("结束日期应在开始日期之后。"), field="ends_before")
    if ends_before > today + DAY:
        params = {"last": (ends_before - DAY).isoformat()}
        return Refusal(
            "in_the_future",
            _("报告期到 %(last)s 才结束，还不能登记。") % params,
            _("请核对年份；年中的数字请用“本年累计”口径的指标和已结束的月份。"),
            field="ends_before",
        )
    return None


def why_doubtful(measure: Measure, value: Any, year_before: Decimal | None) -> Refusal | None:
    """A sum of money that, beside the year before, looks as if it were given in thousands or ten thousands of yuan."""
    if measure.value_type != ValueType.MONEY or not year_before or not value:
        return None
    ratio = abs(Decimal(value) / year_before)
    for factor, unit in UNITS:
        is_larger = factor / SLACK <= ratio <= factor * SLACK
        if is_larger or 1 / (factor * SLACK) <= ratio <= SLACK / factor:
            params = {"measure": measure.name, "value": f"{Decimal(value):,f}", "before": f"{year_before:,.0f}"}
            said = _("“%(measure)s”填了 %(value)s 元，上年是 %(before)s 元，相差约 %(factor)s 倍。")
            return Refusal(
                "looks_like_another_unit",
                said % {**params, "factor": f"{factor:,}"},
                _("是不是把%(unit)s当成了元，或上年填错了？核对无误可写明原因后登记。") % {"unit": unit},
                field="value",
                params={"factor": int(factor)},
            )
    return None


def why_not_source(source: str) -> Refusal | None:
    """Values without a source are not kept."""
    return None if source.strip() else Refusal("no_source", _("没有写来源。"), field="source")


def why_not_correct(*, reason: str, is_current: bool, role_kind: str = "") -> Refusal | None:
    """It was corrected already, or nobody says why."""
    refusal = why_not_as("correct", role_kind)
    if refusal is None and not is_current:
        refusal = Refusal("corrected_already", _("这个数已经更正过，请更正最新的一条。"), _("请刷新页面查看。"))
    if refusal is None and not reason.strip():
        refusal = Refusal("no_reason", _("请写明更正的原因。"), field="reason")
    return refusal

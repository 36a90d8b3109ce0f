"""What is shown of two records side by side."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from hatchline.apps.institutions.models import Kind, StageOffered
from hatchline.apps.institutions.states import Status as InstitutionStatus
from hatchline.apps.ventures.models import RightKind, Round
from hatchline.apps.ventures.states import Exit, Status
from hatchline.core.values.dates import PartialDate
from hatchline.sites.components import formatting
from hatchline.sites.console import marks
from hatchline.sites.console.ventures.telling import amount_words

Facts = dict[str, Any]


def _day(value: PartialDate) -> Any:
    return formatting.date_table(value) if value.is_known else None


def _names(row: Any) -> str | None:
    return marks.joined([each.name for each in row.names.all()]) or None


def _exit(row: Any) -> str | None:
    """How its owners sold, and when where that is known."""
    if not row.exit:
        return None
    return f"{marks.label(Exit(row.exit))} {row.exited.code if row.exited.is_known else ''}".strip()


def of_venture(row: Any) -> Facts:
    """A venture's own facts by their heads; None is unknown. Founders' names stay covered."""
    body = row.legal_person
    rights = [f"{RightKind(each.kind).label} {each.number or each.title}".strip() for each in row.rights.all()]
    sums = [f"{Round(each.round).label} {amount_words(each) or each.text}".strip() for each in row.fundings.all()]
    return {
        _("编号"): row.pk,
        _("名称"): row.name,
        _("其他名称"): _names(row),
        _("状态"): marks.label(Status(row.status)),
        _("登记主体"): body.name if body else None,
        _("统一社会信用代码"): body.credit_code if body else None,
        _("创立时间"): _day(row.founded),
        _("注册成立时间"): _day(row.incorporated),
        _("终止时间"): _day(row.ceased),
        _("投资退出"): _exit(row),
        _("技术领域"): row.field.name if row.field else None,
        _("行业"): row.industry.name if row.industry else None,
        _("网站"): row.website or None,
        _("创始人"): _("%(count)s 人") % {"count": len(row.founders.all())} if row.founders.all() else None,
        _("知识产权"): marks.joined(rights) or None,
        _("融资"): marks.joined(sums) or None,
        _("简介"): row.summary[:200] or None,
        _("登记于"): formatting.moment(row.registered_at),
    }


def of_institution(row: Any) -> Facts:
    """An institution's facts by their heads."""
    return {
        _("编号"): row.pk,
        _("名称"): row.name,
        _("其他名称"): _names(row),
        _("状态"): marks.label(InstitutionStatus(row.status)),
        _("运营主体"): row.operator.name if row.operator else None,
        _("机构类型"): marks.joined([marks.label(Kind(each.kind)) for each in row.kinds.all()]) or None,
        _("阶段"): marks.joined([marks.label(StageOffered(each.stage)) for each in row.stages.all()]) or None,
        _("街道、地区"): row.territory.path_name if row.territory else None,
        _("场地地址"): row.address or None,
        _("开办时间"): _day(row.opened),
        _("关闭时间"): _day(row.closed),
        _("网站"): row.website or None,
        _("登记于"): formatting.moment(row.registered_at),
    }


def of_organisation(row: Any) -> Facts:
    """An organisation's facts by their heads."""
    return {
        _("编号"): row.pk,
        _("名称"): row.name,
        _("其他名称"): _names(row),
        _("状态"): row.get_status_display(),
        _("统一社会信用代码"): row.credit_code or None,
        _("其他编号"): marks.joined([f"{each.scheme} {each.value}" for each in row.identifiers.all()]) or None,
        _("街道、地区"): row.territory.path_name if row.territory else None,
        _("地址"): row.address or None,
        _("成立时间"): _day(row.founded),
        _("终止时间"): _day(row.closed),
        _("网站"): row.website or None,
        _("登记于"): formatting.moment(row.registered_at),
    }


def side_by_side(given: list[Facts]) -> list[dict[str, Any]]:
    """A row for each head. ``differs``: both are known and not the same; ``fills``: only one side knows it."""
    rows = []
    for head in given[0]:
        values = [facts.get(head) for facts in given]
        known = [str(value) for value in values if value is not None]
        own = head in {_("编号"), _("登记于")}
        rows.append(
            {
                "label": head,
                "values": values,
                "differs": not own and len(set(known)) > 1,
                "fills": not own and 0 < len(known) < len(values),
            }
        )
    return rows

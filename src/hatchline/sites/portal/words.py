"""How the portal explains the chain: what each stage is for, who may enter, what one gets, and what to bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hatchline.apps.institutions.models import StageOffered
from hatchline.apps.people.roles import may


def may_apply(request: HttpRequest) -> bool:
    """Whether to offer applying: to whoever may in one of their roles, and to whom nobody knows yet."""
    if not request.user.is_authenticated:
        return True
    return any(may(each.kind, "applications.make") for each in request.roles)


@dataclass(frozen=True)
class StageWords:
    """One stage in plain words. Numbers and thresholds are not here: they stand in documents."""

    stage: str
    name: Any
    sense: Any
    who: Any
    gets: Any
    brings: Any


STAGES = (
    StageWords(
        StageOffered.NURSERY.value,
        _("创业苗圃"),
        _("有想法和成果，还没有公司"),
        _("团队或个人，不需要营业执照"),
        _("工位、商业计划辅导、与投资人见面的机会"),
        _("一页纸说清要做什么、团队有谁、做到哪一步"),
    ),
    StageWords(
        StageOffered.INCUBATION.value,
        _("孵化器"),
        _("公司成立不久，产品正在成形"),
        _("新注册的科技企业，在机构里有办公和研发场所"),
        _("办公场地、创业导师、仪器设备和公共技术平台"),
        _("营业执照、主要产品或技术的说明、团队情况"),
    ),
    StageWords(
        StageOffered.ACCELERATION.value,
        _("加速器"),
        _("已经毕业，成长很快"),
        _("成长快、需要更大场地和资金的企业"),
        _("更大的场地、融资对接、市场拓展"),
        _("近两年的经营情况、下一步的计划"),
    ),
    StageWords(
        StageOffered.PARK.value,
        _("产业园"),
        _("规模生产，扎根本区"),
        _("从加速器或孵化器走出来的成熟企业"),
        _("厂房和办公楼、上市辅导、政策协同"),
        _("用地用房需求和投产计划"),
    ),
)

"""The forms of staff, qualifications and mentors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hatchline.apps.institutions.models import Degree, QualificationKind, StaffRole
from hatchline.sites.forms import PartialDateField

WHEN = _("知道多少写多少：2017、2017-6、2017年6月30日。")
YES_NO = [("", _("不详")), ("yes", _("有")), ("no", _("没有"))]


class StaffForm(forms.Form):
    """Somebody who works there."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("姓名"), max_length=100, help_text=_("本机构和主管部门可见，不公开。"))
    role = forms.ChoiceField(
        label=_("岗位"),
        choices=StaffRole.choices,
        help_text=_("认定条件按岗位数人：管理人员、专业孵化服务人员和其他人员。"),
    )
    post = forms.CharField(label=_("职务"), required=False, max_length=60)
    degree = forms.ChoiceField(label=_("学历"), choices=[("", _("不详")), *Degree.choices], required=False)
    is_experienced = forms.ChoiceField(label=_("有产业、创业或投资经验"), choices=YES_NO, required=False)
    starts = PartialDateField(label=_("开始时间"), required=False, help_text=WHEN)
    source = forms.CharField(
        label=_("来源"),
        max_length=200,
        initial=_("机构人员名册"),
        help_text=_("依据什么登记，如名册、劳动合同、社保清单。"),
    )

    def changes(self) -> dict[str, Any]:
        """What was typed, as fields of a draft."""
        said = {key: value for key, value in self.cleaned_data.items() if key not in {"version", "starts"}}
        return {**said, "is_experienced": {"yes": True, "no": False}.get(said["is_experienced"])}


class QualificationForm(forms.Form):
    """What somebody was certified in."""

    kind = forms.ChoiceField(
        label=_("资格类别"),
        choices=QualificationKind.choices,
        help_text=_("孵化器从业人员培训会计入认定条件。"),
    )
    name = forms.CharField(label=_("资格名称"), required=False, max_length=100)
    issuer = forms.CharField(label=_("发证单位"), required=False, max_length=120)
    issued = PartialDateField(label=_("取得时间"), required=False, help_text=WHEN)


class MentorForm(forms.Form):
    """A mentor whom the institution appointed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("姓名"), max_length=100, help_text=_("本机构和主管部门可见，不公开。"))
    works_at = forms.CharField(label=_("工作单位"), required=False, max_length=120)
    post = forms.CharField(label=_("职务"), required=False, max_length=60)
    field = forms.CharField(label=_("辅导领域"), required=False, max_length=120)
    starts = PartialDateField(label=_("开始时间"), required=False, help_text=WHEN)
    source = forms.CharField(
        label=_("来源"), max_length=200, initial=_("聘书"), help_text=_("依据什么登记，如聘书、聘任协议。")
    )

    def changes(self) -> dict[str, Any]:
        """What was typed, as fields of a draft."""
        return {key: value for key, value in self.cleaned_data.items() if key not in {"version", "starts"}}


class EndForm(forms.Form):
    """Since when they are no longer there."""

    on = PartialDateField(
        label=_("离开时间"), help_text=_("不再在这里的第一天。知道多少写多少：2017、2017-6、2017年6月30日。")
    )

"""The forms of an institution."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.institutions import drafts, queries
from hatchline.apps.institutions.models import BranchForm as Form
from hatchline.apps.institutions.models import Kind, StageOffered
from hatchline.apps.institutions.states import Status
from hatchline.sites.console import records


class OperatorField(forms.CharField):
    """An organisation by its exact name, present or former, or by its credit code. Empty: None; else its key."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value).strip()
        if not text:
            return None
        found = list(bodies.named(text)[:2]) or list(bodies.organisations().filter(credit_code=text.upper())[:2])
        if len(found) != 1:
            problem = (
                _("有几家单位叫这个名称，请改填统一社会信用代码。")
                if found
                else _("登记簿里没有这家单位，请先登记单位。")
            )
            raise forms.ValidationError(problem)
        return int(found[0].pk)


class InstitutionForm(forms.Form):
    """Everything a draft may say, in the order one knows it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=200, help_text=gettext_lazy("牌匾上的全称，公示和名录用它。")
    )
    name_en = forms.CharField(label=gettext_lazy("英文名"), required=False, max_length=200)
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("机构类型"),
        choices=Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("可有几种。级别不在这里填：级别是批文给的，记在资质里。"),
    )
    stages = forms.MultipleChoiceField(
        label=gettext_lazy("孵化阶段"),
        choices=StageOffered.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("它为哪些阶段的团队和企业提供服务。"),
    )
    operator = OperatorField(
        label=gettext_lazy("运营主体"),
        required=False,
        help_text=gettext_lazy("运营它的法人单位，填已登记单位的全称或代码。"),
    )
    territory = records.PlaceField(
        label=gettext_lazy("街道、地区"),
        required=False,
        help_text=gettext_lazy("场地所在的街道或地区，地图和片区管理用它。"),
    )
    country = forms.CharField(
        label=gettext_lazy("国家或地区"),
        required=False,
        max_length=2,
        help_text=gettext_lazy("境外机构填两位代码，如 SG，不用填街道；国内的空着。"),
    )
    city = forms.CharField(
        label=gettext_lazy("城市"), required=False, max_length=100, help_text=gettext_lazy("境外机构填写。")
    )
    address = forms.CharField(label=gettext_lazy("场地地址"), required=False, max_length=300)
    opened = records.PartialDateField(
        label=gettext_lazy("开办时间"),
        required=False,
        help_text=gettext_lazy("计入“孵化机构数量”要用到。知道多少写多少：2014、2014-6、2014年春。"),
    )
    specialism = forms.CharField(label=gettext_lazy("专长"), required=False, max_length=200)
    website = forms.CharField(label=gettext_lazy("网站"), required=False, max_length=300)
    phone = forms.CharField(
        label=gettext_lazy("前台电话"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("对外公开的总机，不要填个人手机。"),
    )
    aliases = forms.CharField(
        label=gettext_lazy("别名"),
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("每行一个，搜索时都能找到。"),
    )
    description = forms.CharField(label=gettext_lazy("简介"), required=False, widget=forms.Textarea)

    def changes(self) -> dict[str, Any]:
        """What was typed, as fields of a draft."""
        said = {key: value for key, value in self.cleaned_data.items() if key in drafts.FIELDS}
        names = tuple(("alias", line.strip()) for line in self.cleaned_data["aliases"].splitlines() if line.strip())
        return {**said, "names": names, "kinds": tuple(said["kinds"]), "stages": tuple(said["stages"])}


class RegisterForm(InstitutionForm):
    """A new record; its status is asked for, and a confirmation when one like it is there."""

    status = forms.ChoiceField(
        label=gettext_lazy("现在的状态"),
        choices=[(Status.OPEN.value, Status.OPEN.label), (Status.PLANNED.value, Status.PLANNED.label)],
    )
    confirmed = forms.BooleanField(
        label=gettext_lazy("我核对过，这是另一家机构"), required=False, widget=forms.HiddenInput
    )


class DayForm(forms.Form):
    """A day known as far as it is."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    on = records.PartialDateField(
        label=gettext_lazy("时间"), help_text=gettext_lazy("知道多少写多少：2017、2017-6、2017年6月30日。")
    )


class InstitutionField(forms.CharField):
    """An institution by its exact name, present or former. Its key."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value).strip()
        if not text:
            return None
        found = queries.candidates([drafts.InstitutionDraft(name=text)])[0]
        if len(found) != 1:
            problem = (
                _("有几家机构叫这个名称，请先在它们的页面上区分。") if found else _("登记簿里没有这家机构，请先登记。")
            )
            raise forms.ValidationError(problem)
        return int(found[0].pk)


class BranchForm(forms.Form):
    """Which institution belongs to the group, how, since when, and how one knows."""

    branch = InstitutionField(
        label=gettext_lazy("分支机构"), help_text=gettext_lazy("填已登记机构的全称，境外的也一样。")
    )
    form = forms.ChoiceField(label=gettext_lazy("形式"), choices=Form.choices)
    starts = records.PartialDateField(label=gettext_lazy("开始时间"), required=False)
    source = forms.CharField(
        label=gettext_lazy("来源"), max_length=200, help_text=gettext_lazy("依据什么登记，如批文、公告、协议。")
    )

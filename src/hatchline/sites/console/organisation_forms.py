"""The forms of an organisation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hatchline.apps.bodies import drafts, queries
from hatchline.apps.bodies.models import LegalForm, TypeOfBody
from hatchline.sites.console import records


class OrganisationForm(forms.Form):
    """Everything a draft may say, in the order one knows it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=200, help_text=gettext_lazy("营业执照或登记证书上的全称。")
    )
    credit_code = forms.CharField(
        label=gettext_lazy("统一社会信用代码"),
        required=False,
        max_length=30,
        help_text=gettext_lazy("18 位。境外机构和没有代码的单位可以留空。"),
    )
    types = forms.MultipleChoiceField(
        label=gettext_lazy("单位类型"),
        choices=TypeOfBody.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("一家单位可以有几种身份。"),
    )
    legal_form = forms.ChoiceField(
        label=gettext_lazy("单位性质"), choices=[("", gettext_lazy("未知")), *LegalForm.choices], required=False
    )
    founded = records.PartialDateField(
        label=gettext_lazy("成立时间"),
        required=False,
        help_text=gettext_lazy("知道多少写多少：2014、2014-6、2014年6月30日。原文照存。"),
    )
    territory = records.PlaceField(
        label=gettext_lazy("所在地"),
        required=False,
        help_text=gettext_lazy("街道、地区或区县的名称，也可写统计代码，如 望京街道、北京市海淀区、110108。"),
    )
    address = forms.CharField(label=gettext_lazy("地址"), required=False, max_length=300)
    postcode = forms.CharField(label=gettext_lazy("邮政编码"), required=False, max_length=16)
    country = forms.CharField(
        label=gettext_lazy("国家或地区"),
        required=False,
        max_length=2,
        help_text=gettext_lazy("两位大写字母，如 CN、GB。"),
    )
    industry = forms.CharField(
        label=gettext_lazy("行业代码"),
        required=False,
        max_length=12,
        help_text=gettext_lazy("GB/T 4754 代码，如 6510 软件开发。重点产业按它统计。"),
    )
    website = forms.CharField(label=gettext_lazy("网站"), required=False, max_length=300)
    aliases = forms.CharField(
        label=gettext_lazy("别名"),
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("每行一个，搜索时都能找到。"),
    )
    short = forms.CharField(label=gettext_lazy("简称"), required=False, max_length=200)
    english = forms.CharField(label=gettext_lazy("英文名"), required=False, max_length=200)
    description = forms.CharField(label=gettext_lazy("简介"), required=False, widget=forms.Textarea)

    def clean_industry(self) -> int | None:
        code = self.cleaned_data["industry"].strip()
        if not code:
            return None
        for edition in ("gbt4754-2017", "gbt4754-2011"):
            if code in (keys := queries.class_keys(edition)):
                return keys[code]
        raise forms.ValidationError(_("GB/T 4754 里没有代码 %(code)s。") % {"code": code})

    def changes(self) -> dict[str, Any]:
        """What was typed, as fields of a draft."""
        said = {key: value for key, value in self.cleaned_data.items() if key in drafts.FIELDS}
        given = [("alias", line.strip()) for line in self.cleaned_data["aliases"].splitlines() if line.strip()]
        given += [(kind, self.cleaned_data[kind].strip()) for kind in ("short", "english") if self.cleaned_data[kind]]
        return {**said, "names": tuple(given), "types": tuple(said.get("types") or ())}


class RegisterForm(OrganisationForm):
    """A new record; ``confirmed`` is asked for only when one like it is there."""

    confirmed = forms.BooleanField(
        label=gettext_lazy("我核对过，这是另一家单位"), required=False, widget=forms.HiddenInput
    )


class RenameForm(forms.Form):
    """A new name and its first day."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=gettext_lazy("新名称"), max_length=200)
    on = forms.DateField(
        label=gettext_lazy("自哪天起"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("以登记机关核准变更的日期为准；不知道可以留空。原名称留作曾用名，仍能搜到。"),
    )


class EndForm(forms.Form):
    """The day something ended."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    on = records.PartialDateField(
        label=gettext_lazy("终止时间"), help_text=gettext_lazy("知道多少写多少：2017、2017-6、2017年6月30日。")
    )

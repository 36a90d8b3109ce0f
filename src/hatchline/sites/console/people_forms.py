"""The forms of a person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.people.roles import RoleKind
from hatchline.apps.people.states import ContactKind, IdentityKind, TieKind, Visibility
from hatchline.sites.console import records


class OrganisationField(forms.CharField):
    """An organisation by its full name or credit code; else an Organisation."""

    default_error_messages = {
        "not_found": _("没有找到这家单位。请写登记过的全称或统一社会信用代码；没有登记的先去登记。"),
        "several": _("有几家单位用过这个名称，请写统一社会信用代码。"),
    }

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value).strip()
        if not text:
            return None
        found = list(bodies.organisations().filter(credit_code=text.upper())[:1]) or list(bodies.named(text)[:2])
        if not found:
            raise forms.ValidationError(self.error_messages["not_found"], code="not_found")
        if len(found) > 1:
            raise forms.ValidationError(self.error_messages["several"], code="several")
        return found[0]


class TerritoryField(records.PlaceField):
    """A place by name or code; else a Territory."""

    def to_python(self, value: Any) -> Any:
        key = super().to_python(value)
        return None if key is None else bodies.territories().get(pk=key)


class PersonForm(forms.Form):
    """Who is to be known."""

    name = forms.CharField(label=_("姓名"), max_length=100, help_text=_("证件上的姓名。"))
    name_en = forms.CharField(label=_("英文姓名"), max_length=100, required=False)


class RoleForm(forms.Form):
    """A role in at most one place, over a half-open period."""

    kind = forms.ChoiceField(label=_("角色"), choices=[("", _("请选择")), *RoleKind.choices])
    organisation = OrganisationField(
        label=pgettext_lazy("one", "单位"),
        required=False,
        help_text=_("机构负责人和工作人员必填。写全称或统一社会信用代码。"),
    )
    territory = TerritoryField(
        label=_("行政区划"), required=False, help_text=_("只管一个街道或区县时填写，例如 望京街道。")
    )
    area: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("功能区"),
        queryset=None,
        required=False,
        empty_label=_("不限"),
        help_text=_("单位、行政区划、功能区最多填一项；都不填是全区。"),
    )
    starts_on = forms.DateField(label=_("从哪天起"), widget=forms.DateInput(format="%Y-%m-%d"))
    ends_before = forms.DateField(
        label=_("到哪天为止"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d"),
        help_text=_("这一天不再有效；不填表示长期。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = bodies.areas()


class TieForm(forms.Form):
    """What joins a person to an organisation."""

    organisation = OrganisationField(
        label=pgettext_lazy("one", "单位"), help_text=_("登记过的全称或统一社会信用代码。")
    )
    kind = forms.ChoiceField(label=_("关系"), choices=[("", _("请选择")), *TieKind.choices])
    share = forms.DecimalField(
        label=_("持股比例"), required=False, max_digits=7, decimal_places=4, help_text=_("只有股东填写，0 到 100。")
    )
    post = forms.CharField(label=_("职务"), required=False, max_length=60)
    starts = records.PartialDateField(
        label=_("开始时间"), required=False, help_text=_("知道多少写多少，例如 2014、2014-6。")
    )
    ends = records.PartialDateField(label=_("结束时间"), required=False)
    source = forms.CharField(label=_("来源"), max_length=200, help_text=_("例如：工商登记、本人申报。"))
    visibility = forms.ChoiceField(label=_("谁可以看到"), choices=Visibility.choices, initial=Visibility.AUTHORITY)


class ContactForm(forms.Form):
    """A way to reach a person."""

    kind = forms.ChoiceField(label=_("类别"), choices=ContactKind.choices)
    value = forms.CharField(label=_("号码或地址"), max_length=200)


class IdentityForm(forms.Form):
    """A document number a person has shown."""

    kind = forms.ChoiceField(label=_("证件类型"), choices=IdentityKind.choices)
    number = forms.CharField(label=_("证件号码"), max_length=40)

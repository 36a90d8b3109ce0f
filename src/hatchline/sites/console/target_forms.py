"""What a measure means from a day on, asked in words: of institutions, of ventures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hatchline.apps.indicators import definitions
from hatchline.apps.institutions.models import Kind, StageOffered
from hatchline.apps.observations import queries as observations
from hatchline.apps.titles.models import OF_INSTITUTIONS, TitleKind


def _several(label: Any, choices: Any, hint: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple, help_text=hint
    )


class _Definition(forms.Form):
    """From which day, and why."""

    starts_on = forms.DateField(
        label=_("自哪天起施行"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("这一天以前的数仍按原定义计算。"),
    )
    reason = forms.CharField(
        label=_("修改说明"),
        max_length=300,
        widget=forms.Textarea,
        help_text=_("为什么改、依据是什么。会显示在指标定义里，公众可见。"),
    )


class InstitutionDefinition(_Definition):
    """Which institutions count."""

    open = forms.BooleanField(label=_("只计当日在运营的机构"), required=False)
    recognised = forms.ChoiceField(label=_("认定级别"), choices=list(definitions.RECOGNISED.items()), required=False)
    titles = _several(
        _("资质"),
        [(each.value, each.label) for each in TitleKind if each in OF_INSTITUTIONS],
        _("一个也不勾选，就是各类认定都计。"),
    )
    kinds = _several(_("机构类型"), Kind.choices, _("一个也不勾选，就是所有类型都计。"))
    stages = _several(_("孵化阶段"), StageOffered.choices, _("一个也不勾选，就是不看阶段。"))
    field_order = ("open", "recognised", "titles", "kinds", "stages", "starts_on", "reason")

    @staticmethod
    def initial_of(present: Mapping[str, Any]) -> dict[str, Any]:
        """The definition in force, as the form shows it."""
        return {
            "open": present.get("open", True),
            "recognised": present.get("recognised", ""),
            "titles": present.get("titles", []),
            "kinds": present.get("kinds", []),
            "stages": present.get("stages", []),
        }

    @staticmethod
    def content_of(data: Mapping[str, Any], present: Mapping[str, Any]) -> dict[str, Any]:
        """The definition that the form says."""
        named = {name: data[name] for name in ("open", "recognised", "titles", "kinds", "stages")}
        return {"subject": "institution", **named, "territory": present.get("territory", "target")}


class VentureDefinition(_Definition):
    """Which ventures count, and what is reckoned of them."""

    who = forms.ChoiceField(label=_("计哪些主体"), choices=list(definitions.WHO.items()))
    reckon = forms.ChoiceField(label=_("怎么算"), choices=list(definitions.RECKON.items()))
    measure = forms.ChoiceField(
        label=_("哪一项观测指标"), required=False, help_text=_("合计时必选；占比时用来判断有没有。")
    )
    period = forms.ChoiceField(label=_("合计哪个时期"), choices=list(definitions.PERIOD.items()), required=False)
    having = forms.ChoiceField(label=_("占比的条件"), choices=list(definitions.HAVING.items()), required=False)
    titles = _several(
        _("资质"),
        [(each.value, each.label) for each in TitleKind if each not in OF_INSTITUTIONS],
        _("条件是持有资质时，勾选哪些资质。"),
    )
    beside = _several(_("旁边另列"), list(definitions.BESIDE.items()), _("只影响旁边显示的数，不影响目标本身。"))
    stages = _several(_("孵化阶段"), StageOffered.choices, _("一个也不勾选，就是不看阶段。"))
    field_order = ("who", "stages", "reckon", "measure", "period", "having", "titles", "beside", "starts_on", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        declared = observations.measures("ventures.venture").values_list("code", "name")
        self.fields["measure"].choices = [("", _("不用")), *declared]

    @staticmethod
    def initial_of(present: Mapping[str, Any]) -> dict[str, Any]:
        """The definition in force, as the form shows it."""
        plain = {"who": "tenant", "reckon": "count", "measure": "", "period": "calendar_year", "having": "valid_right"}
        found = {name: present.get(name, default) for name, default in plain.items()}
        return {**found, **{name: present.get(name, []) for name in ("titles", "beside", "stages")}}

    @staticmethod
    def content_of(data: Mapping[str, Any], present: Mapping[str, Any]) -> dict[str, Any]:
        """The definition that the form says; what its way of reckoning has no use for is left out."""
        made = {"subject": "venture", "by": "record", "territory": present.get("territory", "target")}
        made |= {name: data[name] for name in ("who", "reckon", "stages")}
        if data["reckon"] == "sum":
            made |= {name: data[name] for name in ("measure", "beside")} | {"period": data["period"] or "calendar_year"}
        if data["reckon"] == "share":
            made |= {"having": data["having"] or "valid_right", "titles": data["titles"], "measure": data["measure"]}
        return made

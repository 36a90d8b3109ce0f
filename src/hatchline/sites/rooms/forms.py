"""Forms of premises, spaces, occupancies and idle property."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.premises.models import ORGANISATION, VENTURE, SpaceKind, Tenure, Use
from hatchline.apps.ventures import queries as ventures
from hatchline.sites.forms import PartialDateField

MOST = 2_000  # choices of a menu
MOST_NUMBER = 2**31 - 1
FREELY = gettext_lazy("知道多少写多少：2017、2017-6、2017年6月30日。")


class OrganisationField(forms.CharField):
    """An organisation by its exact name, present or former, or by its credit code. Empty: None; else its key."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value).strip()
        if not text:
            return None
        found = list(bodies.named(text)[:2]) or list(bodies.organisations().filter(credit_code=text.upper())[:2])
        if len(found) > 1:
            raise forms.ValidationError(_("有几家单位叫这个名称，请改填统一社会信用代码。"))
        if not found:
            raise forms.ValidationError(_("登记簿里没有这家单位，请先登记单位。"))
        return int(found[0].pk)


class AreaField(forms.DecimalField):
    """m², to two places; empty: not known."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", gettext_lazy("面积"))
        super().__init__(required=False, min_value=0, max_digits=9, decimal_places=2, **options)


def desks_field() -> forms.IntegerField:
    return forms.IntegerField(label=gettext_lazy("工位数"), required=False, min_value=0, max_value=100_000)


def day_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    """A day."""
    widget = forms.DateInput(format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


def _version() -> forms.IntegerField:
    return forms.IntegerField(min_value=1, max_value=MOST_NUMBER, required=False, widget=forms.HiddenInput)


class PlaceMixin:
    """The sub-districts of the district as a menu, with the present place where it is another."""

    fields: dict[str, Any]

    def offer_places(self, present: Any = None) -> None:
        choices = [("", _("不详"))] + [(tile.code, tile.name) for tile in bodies.tiles()]
        if present is not None and present.code not in {code for code, _name in choices}:
            choices.append((present.code, present.path_name))
        self.fields["territory"].choices = choices

    def clean_territory(self) -> int | None:
        code = self.cleaned_data["territory"]
        found = bodies.territory(code) if code else None
        return found.pk if found is not None else None


class PremisesForm(PlaceMixin, forms.Form):
    """What premises are, and whose."""

    version = _version()
    name = forms.CharField(
        label=gettext_lazy("场地名称"), max_length=200, help_text=gettext_lazy("楼宇或园区的名称，如 望京科技园 B 座。")
    )
    institution = forms.ChoiceField(
        label=gettext_lazy("使用机构"), required=False, help_text=gettext_lazy("还没有机构入驻就空着。")
    )
    area = AreaField(
        label=gettext_lazy("总面积"),
        help_text=gettext_lazy("按产权证或租约。认定和考核要看可自主支配的面积；不知道就空着。"),
    )
    tenure = forms.ChoiceField(label=gettext_lazy("权属"), choices=Tenure.choices)
    starts = PartialDateField(label=gettext_lazy("开始使用"), required=False, help_text=FREELY)
    ended = PartialDateField(
        label=gettext_lazy("到期或退出"), required=False, help_text=gettext_lazy("租约到期的那天；还没有定就空着。")
    )
    owner = OrganisationField(
        label=gettext_lazy("产权单位"), required=False, help_text=gettext_lazy("已登记单位的全称或代码。")
    )
    territory = forms.ChoiceField(label=gettext_lazy("街道、地区"), required=False)
    address = forms.CharField(label=gettext_lazy("地址"), required=False, max_length=300)
    converted_from_idle = forms.BooleanField(label=gettext_lazy("由闲置存量房产改造"), required=False)
    source = forms.CharField(
        label=gettext_lazy("来源"), required=False, max_length=200, help_text=gettext_lazy("租约、产权证或名单。")
    )

    def __init__(self, *args: Any, asker: HttpRequest, place: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer_places(place)
        rows = institutions.visible_to(asker.role, asker.today).order_by("name", "pk")
        own = [(str(pk), name) for pk, name in rows.values_list("pk", "name")[:MOST]]
        self.at_desk = asker.resolver_match.namespace == "desk"
        self.fields["institution"].choices = own if self.at_desk else [("", _("还没有机构")), *own]
        if self.at_desk:
            self.fields["institution"].help_text = ""
            del self.fields["converted_from_idle"]

    def clean_institution(self) -> int | None:
        return int(self.cleaned_data["institution"]) if self.cleaned_data["institution"] else None

    def changes(self) -> dict[str, Any]:
        """What was typed, as fields of a draft."""
        return {key: value for key, value in self.cleaned_data.items() if key != "version"}


class VacateForm(forms.Form):
    """The day premises are given up."""

    on = PartialDateField(
        label=gettext_lazy("退出时间"), help_text=gettext_lazy("不再使用的第一天。知道多少写多少：2017、2017-6-30。")
    )


class SpaceForm(forms.Form):
    """A room, a desk or an area of desks."""

    code = forms.CharField(
        label=gettext_lazy("编号"), max_length=60, help_text=gettext_lazy("门牌或工位号，如 301、A-12。")
    )
    kind = forms.ChoiceField(label=gettext_lazy("形式"), choices=SpaceKind.choices)
    floor = forms.CharField(label=gettext_lazy("楼层"), required=False, max_length=20)
    use = forms.ChoiceField(
        label=gettext_lazy("用途"),
        choices=Use.choices,
        help_text=gettext_lazy("认定条件按用途分开算面积：孵化用房、公共服务等。"),
    )
    area = AreaField(help_text=gettext_lazy("用房合计不会超过它；不知道就空着。"))
    desks = desks_field()
    since = day_field(gettext_lazy("自哪天起"), gettext_lazy("这间房从哪天起有；一直都有就空着。"), required=False)
    note = forms.CharField(label=gettext_lazy("备注"), required=False, max_length=200)


class SpaceAmendForm(forms.Form):
    """What a space is called and where it lies."""

    code = forms.CharField(label=gettext_lazy("编号"), max_length=60)
    kind = forms.ChoiceField(label=gettext_lazy("形式"), choices=SpaceKind.choices)
    floor = forms.CharField(label=gettext_lazy("楼层"), required=False, max_length=20)
    note = forms.CharField(label=gettext_lazy("备注"), required=False, max_length=200)


class ResizeForm(forms.Form):
    """Size and use from a day on."""

    since = day_field(
        gettext_lazy("自哪天起"),
        gettext_lazy("那天以前的面积和用途不变；更正一直以来的记录就空着。"),
        required=False,
    )
    area = AreaField(help_text=gettext_lazy("写 0 表示从那天起没有这间房了。"))
    desks = desks_field()
    use = forms.ChoiceField(label=gettext_lazy("用途"), choices=Use.choices)


COMMON, OTHER = "common", "organisation"


class OccupancyForm(forms.Form):
    """Who uses how much of a space, from when to when, as what."""

    who = forms.ChoiceField(
        label=gettext_lazy("使用者"), help_text=gettext_lazy("在本机构有入驻记录的企业和团队都在列。")
    )
    organisation = OrganisationField(
        label=gettext_lazy("单位名称或代码"),
        required=False,
        help_text=gettext_lazy("使用者是“其他单位”时填写，须是已登记的单位。"),
    )
    purpose = forms.CharField(
        label=gettext_lazy("用作"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("如 办公、研发、会议室、路演厅。"),
    )
    area = AreaField(label=gettext_lazy("使用面积"), help_text=gettext_lazy("合用一间的各写各的；不知道就空着。"))
    desks = forms.IntegerField(label=gettext_lazy("使用工位数"), required=False, min_value=1, max_value=100_000)
    starts = PartialDateField(label=gettext_lazy("开始使用"), required=False, help_text=FREELY)
    ended = PartialDateField(
        label=gettext_lazy("退房时间"), required=False, help_text=gettext_lazy("不再使用的第一天；还在用就空着。")
    )
    source = forms.CharField(
        label=gettext_lazy("来源"), max_length=200, help_text=gettext_lazy("租约、房间表或物业台账。")
    )

    def __init__(
        self, *args: Any, asker: HttpRequest, institution: int | None, present: Any = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        rows = ventures.visible_to(asker.role).filter(stays__institution=institution).distinct().order_by("name")
        self.names = {f"v{pk}": name for pk, name in rows.values_list("pk", "name")[:MOST]} if institution else {}
        if present is not None and present.who_kind == VENTURE:
            self.names.setdefault(f"v{present.who_id}", present.name)
        choices: list[Any] = [(COMMON, _("公共使用")), (OTHER, _("其他单位"))]
        if self.names:
            choices.append((_("本机构的企业和团队"), list(self.names.items())))
        self.fields["who"].choices = choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("who") == OTHER and data.get("organisation") is None and "organisation" not in self.errors:
            self.add_error("organisation", _("请填写单位名称或代码。"))
        return data

    def occupant(self) -> dict[str, Any]:
        """Who, as fields of a draft."""
        data = self.cleaned_data
        who = data["who"]
        if who == COMMON:
            return {"who_kind": "", "who_id": None, "name": data["purpose"].strip() or _("公共使用")}
        if who == OTHER:
            found = bodies.organisation(data["organisation"])
            return {
                "who_kind": ORGANISATION,
                "who_id": data["organisation"],
                "name": found.name if found is not None else "",
            }
        return {"who_kind": VENTURE, "who_id": int(who[1:]), "name": self.names[who]}


class MoveOutForm(forms.Form):
    """The day a space was left."""

    on = PartialDateField(
        label=gettext_lazy("退房时间"), help_text=gettext_lazy("不再使用的第一天。知道多少写多少：2017、2017-6-30。")
    )


class ReasonForm(forms.Form):
    """Why an entry is struck out."""

    reason = forms.CharField(
        label=gettext_lazy("原因"), max_length=300, help_text=gettext_lazy("记录划去后仍可查看，不再计入面积。")
    )


class IdleForm(PlaceMixin, forms.Form):
    """What is known of idle property."""

    version = _version()
    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=200, help_text=gettext_lazy("厂房、楼宇或院落的名称。")
    )
    source = forms.CharField(
        label=gettext_lazy("来源"), max_length=200, help_text=gettext_lazy("谁提供的：街道摸排、产权单位来函等。")
    )
    owner = OrganisationField(
        label=gettext_lazy("产权单位"), required=False, help_text=gettext_lazy("已登记单位的全称或代码。")
    )
    area = AreaField()
    former_use = forms.CharField(
        label=gettext_lazy("原用途"), required=False, max_length=120, help_text=gettext_lazy("如 厂房、库房、商业。")
    )
    found = PartialDateField(label=gettext_lazy("发现时间"), required=False, help_text=FREELY)
    territory = forms.ChoiceField(label=gettext_lazy("街道、地区"), required=False)
    address = forms.CharField(label=gettext_lazy("地址"), required=False, max_length=300)
    note = forms.CharField(label=gettext_lazy("进展说明"), required=False, max_length=20_000, widget=forms.Textarea)

    def __init__(self, *args: Any, place: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer_places(place)

    def changes(self) -> dict[str, Any]:
        """What was typed, as fields of a draft."""
        return {key: value for key, value in self.cleaned_data.items() if key != "version"}


class StepForm(forms.Form):
    """A step on the way of idle property."""

    on = day_field(gettext_lazy("日期"))
    note = forms.CharField(
        label=gettext_lazy("说明"), required=False, max_length=2_000, widget=forms.Textarea,
        help_text=gettext_lazy("看到什么、谈到哪一步、下一步做什么。"),
    )  # fmt: skip


class DropForm(StepForm):
    """Giving it up."""

    reason = forms.CharField(label=gettext_lazy("放弃原因"), max_length=300)
    field_order = ("on", "reason", "note")


class ConvertForm(forms.Form):
    """It becomes premises."""

    on = day_field(gettext_lazy("投入使用的日期"))
    name = forms.CharField(label=gettext_lazy("场地名称"), max_length=200)
    institution = forms.ChoiceField(
        label=gettext_lazy("使用机构"), required=False, help_text=gettext_lazy("还没有机构入驻就空着。")
    )
    area = AreaField(label=gettext_lazy("总面积"))
    tenure = forms.ChoiceField(label=gettext_lazy("权属"), choices=Tenure.choices)

    def __init__(self, *args: Any, asker: HttpRequest, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = institutions.visible_to(asker.role, asker.today).order_by("name", "pk")
        own = [(str(pk), name) for pk, name in rows.values_list("pk", "name")[:MOST]]
        self.fields["institution"].choices = [("", _("还没有机构")), *own]

    def clean_institution(self) -> int | None:
        return int(self.cleaned_data["institution"]) if self.cleaned_data["institution"] else None


UNITS = {
    "area": {"unit": "m²"},
    "desks": {"unit": gettext_lazy("个")},
    "note": {"rows": 3},
}

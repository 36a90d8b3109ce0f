"""The forms of a venture and of its stays."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.ventures import queries
from hatchline.apps.ventures.drafts import UNKNOWN
from hatchline.apps.ventures.models import STAGES, Background, RightKind, Round
from hatchline.apps.ventures.states import EndState, Exit, Outcome
from hatchline.core.values import names
from hatchline.sites.console import records
from hatchline.sites.console.institution_forms import OperatorField
from hatchline.sites.console.ventures.listing import FIELDS_OF_TECHNOLOGY

TEN_THOUSAND = Decimal(10_000)
CURRENCIES = [
    ("CNY", gettext_lazy("人民币")),
    ("USD", gettext_lazy("美元")),
    ("EUR", gettext_lazy("欧元")),
    ("HKD", gettext_lazy("港元")),
    ("JPY", gettext_lazy("日元")),
    ("GBP", gettext_lazy("英镑")),
]
ON_HINT = gettext_lazy("知道多少写多少：2017、2017-6、2017年6月30日。")


class InstitutionField(forms.CharField):
    """An institution by its exact name, present or former. Its key."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value).strip()
        if not text:
            return None
        key = names.key(text)
        rows = institutions.registered()
        found = list(rows.filter(name_key=key)[:2]) or list(rows.filter(names__name_key=key).distinct()[:2])
        if len(found) != 1:
            said = _("有几家机构叫这个名称，请写全名。") if found else _("登记簿里没有这家孵化机构，请先登记机构。")
            raise forms.ValidationError(said)
        return int(found[0].pk)


class FieldOfTechnology(forms.CharField):
    """A field of technology by its code or name: 102, 微电子技术. Empty: None; else the key of its class code."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value).strip()
        edition = bodies.classification(FIELDS_OF_TECHNOLOGY)
        if not text:
            return None
        if edition is not None:
            code = text.split()[0]
            rows = bodies.codes(edition)
            found = list(rows.filter(code=code)[:1]) or list(rows.filter(name=text)[:2])
            if len(found) == 1:
                return int(found[0].pk)
        raise forms.ValidationError(_("没有这个技术领域。请写《国家重点支持的高新技术领域》的代码或名称，如 102。"))


class AmendForm(forms.Form):
    """What may be corrected without a verb of its own."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    founded = records.PartialDateField(
        label=gettext_lazy("创立时间"),
        required=False,
        help_text=gettext_lazy("团队开始工作的时间，不是公司注册的时间。"),
    )
    field = FieldOfTechnology(
        label=gettext_lazy("技术领域"), required=False, help_text=gettext_lazy("代码或名称，如 102 或 微电子技术。")
    )
    website = forms.CharField(label=gettext_lazy("网站"), required=False, max_length=300)
    english = forms.CharField(label=gettext_lazy("英文名"), required=False, max_length=200)
    aliases = forms.CharField(
        label=gettext_lazy("别名"),
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("每行一个，搜索时都能找到。"),
    )
    summary = forms.CharField(label=gettext_lazy("简介"), required=False, widget=forms.Textarea)
    exit = forms.ChoiceField(
        label=gettext_lazy("投资退出"),
        required=False,
        choices=[("", gettext_lazy("没有或不知道")), *Exit.choices],
        help_text=gettext_lazy("被收购或上市的企业可以继续存续；终止另用“登记终止”。"),
    )
    exited = records.PartialDateField(label=gettext_lazy("投资退出时间"), required=False, help_text=ON_HINT)

    def names(self) -> tuple[tuple[str, str], ...]:
        """English name and aliases as a draft has them."""
        others = tuple(("alias", each.strip()) for each in self.cleaned_data["aliases"].splitlines() if each.strip())
        english = self.cleaned_data["english"].strip()
        return (("english", english), *others) if english else others


class CompanyAmendForm(AmendForm):
    """Of one that is a company: when it was registered too."""

    incorporated = records.PartialDateField(label=gettext_lazy("注册成立时间"), required=False)
    field_order = ("version", "founded", "incorporated")


class RegisterForm(AmendForm):
    """A team, or a company by its legal body. No registration number is asked of a team."""

    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=200, help_text=gettext_lazy("公司写全称；还没有公司的写团队或项目名。")
    )
    legal_person = OperatorField(
        label=gettext_lazy("登记主体"),
        required=False,
        help_text=gettext_lazy("已经是公司的，填已登记单位的全称或统一社会信用代码；团队留空。"),
    )
    incorporated = records.PartialDateField(label=gettext_lazy("注册成立时间"), required=False)
    confirmed = forms.BooleanField(
        label=gettext_lazy("我核对过，这是另一个团队或企业"), required=False, widget=forms.HiddenInput
    )
    field_order = ("name", "legal_person", "incorporated", "founded", "field")


class RenameForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=gettext_lazy("新名称"), max_length=200)
    on = forms.DateField(
        label=gettext_lazy("更名日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("从这一天起用新名称；不知道可以留空。旧名称留在记录里，搜索时仍能找到。"),
    )


class CompanyForm(forms.Form):
    """A legal body by name and code, and since when."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=gettext_lazy("公司全称"), max_length=200)
    credit_code = forms.CharField(
        label=gettext_lazy("统一社会信用代码"),
        max_length=18,
        help_text=gettext_lazy("18 位。用它核对这家公司是否已经是别的记录。"),
    )
    on = records.PartialDateField(label=gettext_lazy("注册成立时间"), help_text=ON_HINT)


class LegalPersonForm(CompanyForm):
    on = forms.DateField(label=gettext_lazy("变更日期"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=300, widget=forms.Textarea)


class FounderForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("姓名"), max_length=100, help_text=gettext_lazy("列表里只显示姓，全名只在档案页上。")
    )
    backgrounds = forms.MultipleChoiceField(
        label=gettext_lazy("背景"), choices=Background.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    starts_on = forms.DateField(
        label=gettext_lazy("加入日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    ends_before = forms.DateField(
        label=gettext_lazy("离开日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class RightForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=RightKind.choices)
    title = forms.CharField(label=gettext_lazy("名称"), required=False, max_length=200)
    number = forms.CharField(label=gettext_lazy("登记号"), required=False, max_length=60)
    applied = records.PartialDateField(label=gettext_lazy("申请时间"), required=False, help_text=ON_HINT)
    granted = records.PartialDateField(
        label=gettext_lazy("授权时间"), required=False, help_text=gettext_lazy("授权以后才计为“有自主知识产权”。")
    )
    valid_until = forms.DateField(
        label=gettext_lazy("有效期至"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    source = forms.CharField(
        label=gettext_lazy("来源"), max_length=200, help_text=gettext_lazy("凭什么记的：证书、公告、报表。")
    )


class FundingForm(forms.Form):
    round = forms.ChoiceField(label=gettext_lazy("轮次"), choices=Round.choices)
    amount = forms.DecimalField(
        label=gettext_lazy("融资金额"),
        required=False,
        min_value=Decimal("0.0001"),
        max_digits=14,
        decimal_places=4,
        help_text=gettext_lazy("没有披露请留空，不要填 0。"),
    )
    currency = forms.ChoiceField(label=gettext_lazy("币种"), choices=CURRENCIES, initial="CNY")
    received = records.PartialDateField(label=gettext_lazy("到账时间"), required=False, help_text=ON_HINT)
    investors = forms.CharField(label=gettext_lazy("投资方"), required=False, max_length=300)
    source = forms.CharField(
        label=gettext_lazy("来源"), max_length=200, help_text=gettext_lazy("凭什么记的：投资协议、公告、报表。")
    )


class EndForm(forms.Form):
    """A day, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    on = records.PartialDateField(label=gettext_lazy("时间"), help_text=ON_HINT)
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=300, widget=forms.Textarea)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=300, widget=forms.Textarea)


class GraduateForm(forms.Form):
    on = records.PartialDateField(
        label=gettext_lazy("毕业时间"), help_text=gettext_lazy("不再在这里孵化的第一天。知道多少写多少：2017、2017-6。")
    )


class StayForm(forms.Form):
    """When a stay began, whether and how it ended, where it was last seen."""

    starts = records.PartialDateField(
        label=gettext_lazy("入驻时间"),
        required=False,
        help_text=gettext_lazy("知道多少写多少：2014、2014-6、2014年春。"),
    )
    end_state = forms.ChoiceField(label=gettext_lazy("现在"), choices=EndState.choices, initial=EndState.OPEN.value)
    ended = records.PartialDateField(
        label=gettext_lazy("离开时间"),
        required=False,
        help_text=gettext_lazy("不再在那里的第一天；仍在或不详的留空。"),
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("去向"), choices=[("", gettext_lazy("（空）")), *Outcome.choices], required=False
    )
    evidence = forms.DateField(
        label=gettext_lazy("最后见于"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("有材料证明它还在那里的最后一天。不知道何时离开的，统计只算到这一天。"),
    )

    def days(self) -> dict[str, Any]:
        """What a stay's draft takes."""
        said = self.cleaned_data
        return {
            "starts": said["starts"] or UNKNOWN,
            "ended": said["ended"] or UNKNOWN,
            "end_state": said["end_state"],
            "outcome": said["outcome"],
            "evidence": said["evidence"],
        }


class ClaimForm(StayForm):
    """A stay that is not on record yet."""

    institution = InstitutionField(label=gettext_lazy("孵化机构"), help_text=gettext_lazy("填机构全称或曾用名。"))
    stage = forms.ChoiceField(label=gettext_lazy("阶段"), choices=STAGES)
    confirmed = forms.BooleanField(
        label=gettext_lazy("双方都已确认（有协议或双方盖章的名单）"),
        required=False,
        help_text=gettext_lazy("不勾选的是单方登记，不计入统计，等机构确认。"),
    )
    source = forms.CharField(label=gettext_lazy("来源"), max_length=200)
    field_order = ("institution", "stage", "starts", "end_state", "ended", "outcome", "evidence", "confirmed", "source")


class AmendStayForm(StayForm):
    """What is recorded wrongly, and why it is known to be wrong."""

    reason = forms.CharField(
        label=gettext_lazy("更正的依据"),
        max_length=300,
        widget=forms.Textarea,
        help_text=gettext_lazy("原来的时间和依据都留在审计里。"),
    )


def stay_as_form(stay: Any) -> dict[str, Any]:
    """A stay on record as the form shows it."""
    return {
        "starts": stay.starts if stay.starts.is_known else None,
        "ended": stay.ended if stay.ended.is_known else None,
        "end_state": stay.end_state,
        "outcome": stay.outcome,
        "evidence": stay.evidence_on,
    }


def alike(draft: Any) -> list[Any]:
    """Records that what is being registered may be."""
    return list(queries.candidates([draft])[0])

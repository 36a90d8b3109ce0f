"""The forms of the chain as institutions and founders fill them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.ventures.models import STAGES, Background, DataCategory, RightKind, Round
from hatchline.sites.forms import PartialDateField

EDITION = "hightech-2016"


def fields_of_technology() -> list[tuple[str, str]]:
    """The broad fields one may choose from, with an empty choice first."""
    edition = bodies.classification(EDITION)
    rows = bodies.codes(edition).filter(parent=None).order_by("code") if edition is not None else []
    return [("", _("还说不准")), *((str(row.pk), row.name) for row in rows)]


class ApplyForm(forms.Form):
    """A place for a team: no registration number, nothing that one cannot know at the beginning."""

    name = forms.CharField(
        label=gettext_lazy("团队或项目名称"),
        max_length=200,
        help_text=gettext_lazy("还没有公司也可以；以后注册、更名，记录都跟着走。"),
    )
    summary = forms.CharField(
        label=gettext_lazy("想做什么"),
        max_length=2000,
        widget=forms.Textarea,
        help_text=gettext_lazy("两三句话：给谁用、解决什么、做到哪一步了。"),
    )
    field = forms.ChoiceField(label=gettext_lazy("技术领域"), required=False)
    others = forms.CharField(
        label=gettext_lazy("还有谁一起创业"),
        required=False,
        max_length=1000,
        widget=forms.Textarea,
        help_text=gettext_lazy("每行一位；您自己不用写。"),
    )
    backgrounds = forms.MultipleChoiceField(
        label=gettext_lazy("您是"), required=False, choices=Background.choices, widget=forms.CheckboxSelectMultiple
    )
    stage = forms.ChoiceField(label=gettext_lazy("要进入的阶段"), choices=STAGES, widget=forms.RadioSelect)
    institution = forms.ChoiceField(label=gettext_lazy("想去的机构"))
    note = forms.CharField(
        label=gettext_lazy("给机构的话"),
        required=False,
        max_length=2000,
        widget=forms.Textarea,
        help_text=gettext_lazy("要几个工位、什么时候能来、需要什么帮助。"),
    )

    def __init__(self, *args: Any, places: list[Any], offered: dict[int, set[str]], again: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        self.fields["institution"].choices = [("", _("请选择")), *places]
        if again:
            for name in ("name", "summary", "field", "others", "backgrounds"):
                del self.fields[name]
        else:
            self.fields["field"].choices = fields_of_technology()

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        chosen, stage = said.get("institution"), said.get("stage")
        offers = self.offered.get(int(chosen), set()) if chosen else set()
        if stage and offers and stage not in offers:
            words = "、".join(str(label) for value, label in STAGES if value in offers)
            self.add_error("stage", _("这家机构提供的是：%(stages)s。请换一个阶段，或换一家机构。") % {"stages": words})
        return said


class AdmitForm(forms.Form):
    """From when on."""

    starts = PartialDateField(
        label=gettext_lazy("入驻时间"), help_text=gettext_lazy("搬进来的那天；还没有定到日的可以只写月份。")
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=300, widget=forms.Textarea)


class EndForm(forms.Form):
    """The first day it is no longer there."""

    on = PartialDateField(
        label=gettext_lazy("离开时间"),
        help_text=gettext_lazy("不在这里的第一天。知道多少写多少：2017-07-18、2017-07、2017年夏。"),
    )


class LeaveForm(EndForm):
    """When, and why."""

    reason = forms.CharField(
        label=gettext_lazy("离开的原因"),
        max_length=300,
        widget=forms.Textarea,
        help_text=gettext_lazy("企业、机构和主管部门都会看到。"),
    )


class OfferForm(forms.Form):
    """The next place and what would go along."""

    stage = forms.ChoiceField(label=gettext_lazy("下一站的阶段"), choices=STAGES, widget=forms.RadioSelect)
    institution = forms.ChoiceField(label=gettext_lazy("下一站"))
    asked = forms.MultipleChoiceField(
        label=gettext_lazy("请企业同意移交的资料"),
        choices=DataCategory.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("企业可以只同意其中几类；不同意的，对方看不到。"),
    )

    def __init__(self, *args: Any, places: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["institution"].choices = [("", _("请选择")), *places]


class ConsentForm(forms.Form):
    """Which of the categories asked for may go along."""

    categories = forms.MultipleChoiceField(
        label=gettext_lazy("同意移交的资料"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("只有勾选的会给下一站看。移交完成以前，您随时可以撤回同意。"),
    )

    def __init__(self, *args: Any, asked: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["categories"].choices = [each for each in DataCategory.choices if each[0] in asked]


class DayForm(forms.Form):
    """The day of moving."""

    on = forms.DateField(
        label=gettext_lazy("移交日期"),
        widget=forms.DateInput(format="%Y-%m-%d"),
        help_text=gettext_lazy("搬到这里的第一天；原来的入驻记录同一天结束。"),
    )


class ReplyForm(forms.Form):
    """What the institution says to a question."""

    text = forms.CharField(
        label=gettext_lazy("答复"),
        max_length=4000,
        widget=forms.Textarea,
        help_text=gettext_lazy("写明事实和依据（合同、场地、起止时间）。只能答复一次。"),
    )


class TakeOnForm(forms.Form):
    """A team or company that is in the institution and not on record as such."""

    institution = forms.ChoiceField(label=gettext_lazy("入驻的机构"))
    name = forms.CharField(label=gettext_lazy("名称"), max_length=200)
    credit_code = forms.CharField(
        label=gettext_lazy("统一社会信用代码"),
        required=False,
        max_length=18,
        help_text=gettext_lazy("还没有公司的留空。"),
    )
    stage = forms.ChoiceField(label=gettext_lazy("阶段"), choices=STAGES, widget=forms.RadioSelect)
    starts = PartialDateField(
        label=gettext_lazy("入驻时间"), help_text=gettext_lazy("知道多少写多少：2017-07-18、2017-07、2017。")
    )
    summary = forms.CharField(label=gettext_lazy("做什么"), required=False, max_length=2000, widget=forms.Textarea)
    others = forms.CharField(
        label=gettext_lazy("创始人"),
        required=False,
        max_length=1000,
        widget=forms.Textarea,
        help_text=gettext_lazy("每行一位。"),
    )
    which = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, own: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["institution"].choices = own

    def ask_which(self, found: list[tuple[str, Any]]) -> None:
        """Show the records that may be it, and let the person choose."""
        self.fields["which"] = forms.ChoiceField(
            label=_("是不是已有的记录"),
            choices=[*found, ("new", _("都不是，登记为新的"))],
            widget=forms.RadioSelect,
        )
        self._bound_fields_cache.pop("which", None)


class IncorporateForm(forms.Form):
    """The company that the team has become."""

    name = forms.CharField(label=gettext_lazy("公司名称"), max_length=200)
    credit_code = forms.CharField(label=gettext_lazy("统一社会信用代码"), max_length=18)
    on = PartialDateField(label=gettext_lazy("注册成立时间"), help_text=gettext_lazy("营业执照上的成立日期。"))


class FounderForm(forms.Form):
    """One more who founded it."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=100)
    backgrounds = forms.MultipleChoiceField(
        label=gettext_lazy("背景"), required=False, choices=Background.choices, widget=forms.CheckboxSelectMultiple
    )
    starts_on = forms.DateField(
        label=gettext_lazy("加入日期"), required=False, widget=forms.DateInput(format="%Y-%m-%d")
    )


class RightForm(forms.Form):
    """A patent, a program, a design."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=RightKind.choices)
    title = forms.CharField(label=gettext_lazy("名称"), max_length=200)
    number = forms.CharField(label=gettext_lazy("登记号"), required=False, max_length=60)
    applied = PartialDateField(label=gettext_lazy("申请时间"), required=False)
    granted = PartialDateField(
        label=gettext_lazy("授权时间"), required=False, help_text=gettext_lazy("还没有授权的留空。")
    )
    valid_until = forms.DateField(
        label=gettext_lazy("有效期至"), required=False, widget=forms.DateInput(format="%Y-%m-%d")
    )
    source = forms.CharField(
        label=gettext_lazy("依据"), max_length=200, help_text=gettext_lazy("证书号、公告号或受理通知书。")
    )


class FundingForm(forms.Form):
    """Money it received."""

    round = forms.ChoiceField(label=gettext_lazy("轮次"), choices=Round.choices)
    amount = forms.DecimalField(
        label=gettext_lazy("金额"), required=False, max_digits=15, decimal_places=2,
        help_text=gettext_lazy("按万元填写；没有披露的留空。"),
    )  # fmt: skip
    currency = forms.CharField(label=gettext_lazy("币种"), max_length=3, initial="CNY")
    received = PartialDateField(label=gettext_lazy("到账时间"), required=False)
    investors = forms.CharField(label=gettext_lazy("投资方"), required=False, max_length=300)
    source = forms.CharField(label=gettext_lazy("依据"), max_length=200)

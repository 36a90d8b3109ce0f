"""How one wants to hear, as forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hatchline.apps.messages.states import Mode

LANGUAGES = [("zh-hans", "中文"), ("en", "English")]  # each in its own language
CLOCK = "%H:%M"


def clock_field(label: Any, example: str) -> forms.TimeField:
    """A time of day, written 22:00."""
    return forms.TimeField(
        label=label,
        required=False,
        input_formats=[CLOCK, "%H：%M"],
        widget=forms.TimeInput(format=CLOCK, attrs={"placeholder": example, "inputmode": "numeric"}),
        error_messages={"invalid": _("请写成 22:00 这样。")},
    )


class Preferences(forms.Form):
    """By e-mail when, in which language, not at which hours."""

    mode = forms.ChoiceField(
        label=_("电子邮件"),
        choices=Mode.choices,
        widget=forms.RadioSelect,
        help_text=_("收件箱里始终能看到全部消息，这里只决定邮件。"),
    )
    language = forms.ChoiceField(label=_("邮件语言"), choices=LANGUAGES, widget=forms.RadioSelect)
    quiet_from = clock_field(_("免打扰开始"), "22:00")
    quiet_until = clock_field(_("免打扰结束"), "07:00")


class Pause(forms.Form):
    """No mail before a day."""

    paused_until = forms.DateField(
        label=_("暂停到"),
        required=True,
        widget=forms.DateInput(format="%Y-%m-%d"),
        help_text=_("这一天起恢复；暂停期间不提醒，消息仍在收件箱里。"),
        error_messages={"invalid": _("请写成 2017-08-01 这样。"), "required": _("请选择日期。")},
    )

"""Forms of a person's own pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _

from hatchline.apps.people.states import ContactKind


class ContactForm(forms.Form):
    """A way to reach oneself."""

    kind = forms.ChoiceField(label=_("类别"), choices=ContactKind.choices)
    value = forms.CharField(label=_("号码或地址"), max_length=200)
    is_preferred = forms.BooleanField(label=_("同类中优先使用"), required=False)


class AcceptForm(forms.Form):
    """Choosing how to sign in when taking an invitation."""

    username = forms.CharField(
        label=_("用户名"),
        max_length=60,
        help_text=_("以后用它登录，不区分大小写；不必是邮箱。"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label=_("再输一次密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") and cleaned.get("again") and cleaned["password"] != cleaned["again"]:
            self.add_error("again", _("两次输入的密码不一样。"))
        return cleaned

"""Tokens of the API and the count of calls."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hatchline.apps.tokens.states import Status


class ApiToken(models.Model):
    """With this a program acts for its holder in one role. The digest alone is kept."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    role = models.ForeignKey("people.Role", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("用途"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    beginning = models.CharField(max_length=12)  # the first characters, to tell one from another
    status = models.CharField(max_length=10, choices=Status, default=Status.VALID)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("接口令牌")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="token_expires_later"),
            models.CheckConstraint(condition=~Q(name=""), name="token_has_a_purpose"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.beginning}…"


class CallWindow(models.Model):
    """Calls that one caller made in one window. ``window`` is the window's number since 1970."""

    caller = models.CharField(max_length=80)
    window = models.BigIntegerField()
    calls = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "window"], name="one_count_a_window")]

    def __str__(self) -> str:
        return f"{self.caller} {self.window}: {self.calls}"

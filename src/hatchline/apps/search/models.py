"""Keys under which records that may be one and the same meet, and pairs that somebody told apart."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hatchline.apps.search.states import ApartStatus


class Sort(models.TextChoices):
    NAME = "name", _("名称相近")
    WEBSITE = "site", _("网站相同")


class Key(models.Model):
    """One key of one record: its name without place and legal form, or the host of its website."""

    kind = models.CharField(max_length=60)
    subject = models.BigIntegerField()
    sort = models.CharField(max_length=4, choices=Sort)
    key = models.CharField(max_length=200)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "sort", "key", "subject"], name="search_key_meets"),
            models.Index(fields=["kind", "subject"], name="search_key_of_a_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.subject} {self.key}"


class Apart(models.Model):
    """Two records that look alike and are not the same, ``one`` the lower key; why stands in ``note``."""

    kind = models.CharField(max_length=60)
    one = models.BigIntegerField()
    other = models.BigIntegerField()
    note = models.CharField(_("判断的依据"), max_length=300)
    status = models.CharField(max_length=10, choices=ApartStatus, default=ApartStatus.TOLD)
    told_at = models.DateTimeField()

    class Meta:
        verbose_name = _("不同主体")
        constraints = [
            models.UniqueConstraint(fields=["kind", "one", "other"], name="search_apart_once"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="search_apart_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.one} ≠ {self.other}"

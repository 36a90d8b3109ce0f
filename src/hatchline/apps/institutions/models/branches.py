"""Which institution belongs to which: branches of a proven model, at home and abroad."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hatchline.apps.columns import PartialDateColumns
from hatchline.apps.institutions.models.institutions import Institution


class BranchForm(models.TextChoices):
    BRANCH = "branch", _("分支机构")
    CHAIN = "chain", _("连锁加盟")
    JOINT = "joint", _("合作共建")


class Branch(models.Model):
    """That ``branch`` belongs to the group of ``head``, from one day to another as far as known.

    The day it ended is the first day on which it no longer belonged there.
    """

    head = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="branches")
    branch = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="heads")
    form = models.CharField(_("形式"), max_length=10, choices=BranchForm, default=BranchForm.BRANCH)
    starts = PartialDateColumns(_("开始时间"))
    ends = PartialDateColumns(_("结束时间"))
    source = models.CharField(_("来源"), max_length=200)

    class Meta:
        verbose_name = _("分支/连锁")
        constraints = [
            models.UniqueConstraint(fields=["branch"], condition=Q(ends_before=None), name="branch_of_one_head"),
            models.CheckConstraint(condition=~Q(head=F("branch")), name="branch_of_another"),
            models.CheckConstraint(
                condition=Q(ends_before=None) | Q(starts_on=None) | Q(ends_before__gt=F("starts_on")),
                name="branch_period_in_order",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="branch_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.head} → {self.branch}"

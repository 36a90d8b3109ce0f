"""Stays and what leads to them: applications and handovers."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hatchline.apps.columns import PartialDateColumns
from hatchline.apps.guards import NoOverlap
from hatchline.apps.ventures.models.ventures import Venture
from hatchline.apps.ventures.states import ApplicationStatus, Basis, EndState, HandoverStatus, Outcome, StayStatus
from hatchline.core.chain.stages import Stage

STAGES = [
    (Stage.NURSERY.value, _("创业苗圃")),
    (Stage.INCUBATION.value, _("孵化")),
    (Stage.ACCELERATION.value, _("加速")),
    (Stage.PARK.value, _("产业园")),
]


class DataCategory(models.TextChoices):
    PROFILE = "profile", _("基本情况")
    FOUNDERS = "founders", _("创始团队")
    FUNDING = "funding", _("融资情况")
    RIGHTS = "rights", _("知识产权")
    FIGURES = "figures", _("经营数据")
    SERVICES = "services", _("服务记录")


class Application(models.Model):
    """A venture asks an institution for a place."""

    venture = models.ForeignKey(Venture, on_delete=models.PROTECT, related_name="applications")
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(_("阶段"), max_length=12, choices=STAGES)
    status = models.CharField(max_length=10, choices=ApplicationStatus, default=ApplicationStatus.SUBMITTED)
    note = models.TextField(_("说明"), blank=True)
    reason = models.CharField(_("答复理由"), max_length=300, blank=True)
    applied_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("入驻申请")
        indexes = [models.Index(fields=["institution", "status"], name="application_by_institution")]
        constraints = [
            models.UniqueConstraint(
                fields=["venture", "institution", "stage"],
                condition=Q(status=ApplicationStatus.SUBMITTED),
                name="application_waits_once",
            ),
            models.CheckConstraint(
                condition=~Q(status=ApplicationStatus.REFUSED) | ~Q(reason=""), name="application_refused_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.venture} → {self.institution}"


class Stay(models.Model):
    """A venture in an institution at a stage.

    ``held_from``/``held_until`` are reckoned from the dates: the days on which it surely held, half-open, both empty
    when no day is sure, ``held_until`` empty while it goes on.
    """

    venture = models.ForeignKey(Venture, on_delete=models.PROTECT, related_name="stays", db_index=False)
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(_("阶段"), max_length=12, choices=STAGES)
    starts = PartialDateColumns(_("入驻时间"))
    ended = PartialDateColumns(_("离开时间"))  # the first day it was no longer there
    end_state = models.CharField(max_length=8, choices=EndState, default=EndState.OPEN)
    evidence_on = models.DateField(_("最后见于"), null=True, blank=True)
    outcome = models.CharField(_("去向"), max_length=10, choices=Outcome, blank=True)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    status = models.CharField(max_length=10, choices=StayStatus, default=StayStatus.CLAIMED)
    basis = models.CharField(_("凭什么确认"), max_length=5, choices=Basis, blank=True)
    counts = models.BooleanField(default=True)
    not_counting_reason = models.CharField(max_length=200, blank=True)
    source = models.CharField(_("来源"), max_length=200)
    held_from = models.DateField(null=True, blank=True, editable=False)
    held_until = models.DateField(null=True, blank=True, editable=False)
    application = models.OneToOneField(
        Application, null=True, blank=True, on_delete=models.PROTECT, related_name="stay"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("入驻记录")
        indexes = [
            models.Index(fields=["institution", "status"], name="stay_by_institution"),
            # the guard below looks here; with a venture's stays elsewhere SQLite would go through those of all ventures
            models.Index(fields=["venture", "stage", "status", "held_from"], name="stay_by_venture"),
            # whatever is counted of a day is answered by these two alone, without the table
            models.Index(
                fields=["stage", "status", "counts", "held_from", "held_until", "venture", "institution"],
                name="stay_by_days",
            ),
            models.Index(
                fields=["outcome", "stage", "status", "counts", "ended_before", "venture"], name="stay_by_outcome"
            ),
        ]
        constraints = [
            NoOverlap(
                name="stay_one_incubation_a_day",
                keys=["venture"],
                starts="held_from",
                ends="held_until",
                condition=Q(
                    status=StayStatus.CONFIRMED, counts=True, stage=Stage.INCUBATION.value, held_from__isnull=False
                ),
                violation_error_message=_("这段时间企业已在另一家机构孵化。"),
            ),
            models.CheckConstraint(
                condition=Q(held_until=None) | Q(held_from__isnull=False, held_until__gt=F("held_from")),
                name="stay_holds_in_order",
            ),
            models.CheckConstraint(
                condition=Q(ended_before=None) | Q(starts_on=None) | Q(ended_before__gt=F("starts_on")),
                name="stay_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(end_state=EndState.KNOWN) | Q(ended_on=None, outcome=""), name="stay_end_is_known_or_empty"
            ),
            models.CheckConstraint(
                condition=Q(counts=True) | ~Q(not_counting_reason=""), name="stay_set_aside_with_why"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="stay_has_a_source"),
        ]

    @property
    def standing(self) -> StayStatus | Basis:
        """Its status as one says it: of a confirmed one, by what it is so."""
        return Basis(self.basis) if self.status == StayStatus.CONFIRMED and self.basis else StayStatus(self.status)

    def __str__(self) -> str:
        return f"{self.venture} @ {self.institution} · {self.get_stage_display()}"


class Handover(models.Model):
    """The next place offered to a venture, and its consent to what is handed over. It may be withdrawn until done."""

    venture = models.ForeignKey(Venture, on_delete=models.PROTECT, related_name="handovers")
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="handovers")
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")  # the next
    stage = models.CharField(max_length=12, choices=STAGES)
    asked = models.JSONField(default=list)  # DataCategory values that the offer asks for
    consented = models.JSONField(default=list)  # those the venture agreed to
    status = models.CharField(max_length=10, choices=HandoverStatus, default=HandoverStatus.OFFERED)
    reason = models.CharField(max_length=300, blank=True)
    next_stay = models.OneToOneField(Stay, null=True, blank=True, on_delete=models.PROTECT, related_name="came_by")
    offered_at = models.DateTimeField()

    class Meta:
        verbose_name = _("移交")
        constraints = [
            models.UniqueConstraint(
                fields=["stay", "institution"],
                condition=Q(status__in=[HandoverStatus.OFFERED, HandoverStatus.CONSENTED, HandoverStatus.ACCEPTED]),
                name="handover_in_hand_once",
            ),
            models.CheckConstraint(
                condition=~Q(status=HandoverStatus.DONE) | Q(next_stay__isnull=False), name="handover_done_with_a_stay"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.venture} → {self.institution}"

"""Incubation institutions. No level here: levels are titles, given by authorities and dated."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hatchline.apps.columns import PartialDateColumns
from hatchline.apps.institutions.states import Status
from hatchline.core.chain.stages import Stage


class Kind(models.TextChoices):
    INCUBATOR = "incubator", _("孵化器")
    ACCELERATOR = "accelerator", _("加速器")
    UNIVERSITY_PARK = "university_park", _("大学科技园")
    RETURNEE_PARK = "returnee_park", _("留学人员创业园")
    SMALL_BUSINESS_BASE = "small_business_base", _("小企业创业基地")
    INNOVATIVE = "innovative", _("创新型孵化器")
    MAKERSPACE = "makerspace", _("众创空间")
    NURSERY = "nursery", _("创业苗圃")
    INDUSTRIAL_PARK = "industrial_park", _("产业园")


class StageOffered(models.TextChoices):
    NURSERY = Stage.NURSERY.value, _("创业苗圃")
    INCUBATION = Stage.INCUBATION.value, _("孵化")
    ACCELERATION = Stage.ACCELERATION.value, _("加速")
    PARK = Stage.PARK.value, _("产业园")


HERE = ("", "CN")


class Institution(models.Model):
    """It operates premises and offers one or more stages. ``operator`` is the legal body behind it, when known."""

    name = models.CharField(_("名称"), max_length=200)
    name_key = models.CharField(max_length=200, db_index=True)
    name_order = models.CharField(max_length=120, blank=True, editable=False)  # as it is read aloud
    name_en = models.CharField(_("英文名"), max_length=200, blank=True)
    operator = models.ForeignKey(
        "bodies.Organisation",
        verbose_name=_("运营主体"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.OPEN)
    territory = models.ForeignKey(
        "bodies.Territory",
        verbose_name=_("街道、地区"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    country = models.CharField(_("国家或地区"), max_length=2, blank=True)  # ISO 3166-1 alpha-2; blank: not known
    city = models.CharField(_("城市"), max_length=100, blank=True)  # where no division by code is known: abroad
    address = models.CharField(_("场地地址"), max_length=300, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    specialism = models.CharField(_("专长"), max_length=200, blank=True)
    description = models.TextField(_("简介"), blank=True)
    website = models.CharField(_("网站"), max_length=300, blank=True)
    phone = models.CharField(_("前台电话"), max_length=40, blank=True)  # the reception's; never a person's
    opened = PartialDateColumns(_("开办时间"))
    closed = PartialDateColumns(_("关闭时间"))
    # the earliest day on which a source says it was open: a list of 2016 shows that it had opened by the end of 2016
    seen_open_on = models.DateField(_("最早见于名单"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    registered_at = models.DateTimeField()
    amended_at = models.DateTimeField()

    class Meta:
        verbose_name = pgettext_lazy("one", "孵化机构")
        indexes = [
            models.Index(fields=["name_order", "id"], name="institution_by_name_order"),
            models.Index(fields=["territory", "name"], name="institution_by_place"),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="institution_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(latitude=None) | models.Q(latitude__gte=-90, latitude__lte=90),
                name="institution_latitude",
            ),
            models.CheckConstraint(
                condition=models.Q(longitude=None) | models.Q(longitude__gte=-180, longitude__lte=180),
                name="institution_longitude",
            ),
            models.CheckConstraint(  # certainly closed before it opened
                condition=models.Q(closed_before=None)
                | models.Q(opened_on=None)
                | models.Q(closed_before__gt=models.F("opened_on")),
                name="institution_closes_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_abroad(self) -> bool:
        """Surely outside the country; one of unknown country is taken for one here."""
        return self.country not in HERE


class InstitutionKind(models.Model):
    """That an institution is of a kind, from one day to another where known."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="kinds")
    kind = models.CharField(max_length=24, choices=Kind)
    starts_on = models.DateField(null=True, blank=True)
    ends_before = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "kind"], condition=models.Q(ends_before=None), name="institution_kind_once"
            )
        ]

    def __str__(self) -> str:
        return str(Kind(self.kind).label)


class InstitutionStage(models.Model):
    """A stage that an institution offers."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="stages")
    stage = models.CharField(max_length=16, choices=StageOffered)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution", "stage"], name="institution_stage_once")]

    def __str__(self) -> str:
        return str(StageOffered(self.stage).label)


class InstitutionName(models.Model):
    """A former name, with its last day, or an alias."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="names")
    kind = models.CharField(max_length=10, choices=[("former", _("曾用名")), ("alias", _("别名"))])
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, db_index=True)
    ends_before = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

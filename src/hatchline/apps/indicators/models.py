"""Measures declared once with dated definitions, and targets promised for them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hatchline.apps.guards import NoOverlap


class Operator(models.TextChoices):
    AT_LEAST = ">=", "≥"
    ABOVE = ">", ">"
    AT_MOST = "<=", "≤"
    BELOW = "<", "<"


class Measure(models.Model):
    """A figure with its unit. ``time_kind``: stock (on a day), flow (in a period), running_total."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(_("统计指标"), max_length=100)
    name_en = models.CharField(max_length=120, blank=True)
    unit = models.CharField(pgettext_lazy("measure", "单位"), max_length=20)
    time_kind = models.CharField(
        max_length=14,
        choices=[("stock", _("时点数")), ("flow", _("时期数")), ("running_total", _("累计数"))],
        default="stock",
    )

    class Meta:
        verbose_name = _("统计指标")

    def __str__(self) -> str:
        return self.name


class Definition(models.Model):
    """What a measure means from one day to another: JSON that ``definitions.read`` understands and validates."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="definitions")
    content = models.JSONField(default=dict)
    starts_on = models.DateField()
    ends_before = models.DateField(null=True, blank=True)
    reason = models.CharField(_("修改说明"), max_length=300, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["measure", "-starts_on"]
        constraints = [NoOverlap(name="one_definition_a_day", keys=["measure"], starts="starts_on", ends="ends_before")]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.starts_on}"


class Target(models.Model):
    """A promised value of a measure for a territory by a day, with its document and its owner."""

    code = models.CharField(max_length=40, unique=True)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="targets")
    territory = models.ForeignKey("bodies.Territory", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    operator = models.CharField(max_length=2, choices=Operator)
    value = models.DecimalField(_("目标值"), max_digits=20, decimal_places=2)
    due_on = models.DateField(_("期限"))
    document = models.CharField(_("依据文件"), max_length=120)
    article = models.CharField(_("条款"), max_length=60, blank=True)
    owner = models.ForeignKey(
        "people.Person", verbose_name=_("责任人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner_office = models.CharField(_("责任科室"), max_length=100, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = pgettext_lazy("one", "目标")

    def __str__(self) -> str:
        return f"{self.measure.name} {self.operator} {self.value.normalize():f}"


class Waypoint(models.Model):
    """Where a target's path should be by a day."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="path")
    due_on = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=2)
    is_invented = models.BooleanField(default=False)  # demonstration

    class Meta:
        ordering = ["target", "due_on"]
        constraints = [models.UniqueConstraint(fields=["target", "due_on"], name="one_waypoint_a_day")]

    def __str__(self) -> str:
        return f"{self.due_on}: {self.value}"


class Kept(models.Model):
    """The numbers under a figure on a day, as reckoned when the ledger's head was ``head``. May be thrown away."""

    definition = models.ForeignKey(Definition, on_delete=models.CASCADE, related_name="+")
    territory = models.ForeignKey("bodies.Territory", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    numbers = models.JSONField()
    head = models.BigIntegerField()
    reckoned_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["definition", "territory", "day"], name="figure_kept_once")]

    def __str__(self) -> str:
        return f"{self.definition_id} {self.day}"

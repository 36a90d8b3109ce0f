"""Measures, what was observed of them, and the wide table of what is current. Rows are lean: a city has ten million."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hatchline.apps.guards import AppendOnly, ordered


class ValueType(models.TextChoices):
    INTEGER = "integer", _("整数")
    DECIMAL = "decimal", _("小数")
    MONEY = "money", _("金额")  # in yuan
    BOOLEAN = "boolean", _("是否")
    TEXT = "text", _("文字")
    DATE = "date", _("日期值")


class TimeKind(models.TextChoices):
    STOCK = "stock", _("期末数")
    FLOW = "flow", _("本期数")
    YEAR_TO_DATE = "ytd", _("本年累计")
    RUNNING_TOTAL = "running_total", _("历年累计")


class Over(models.TextChoices):
    SUBJECTS = "subjects", _("各主体")
    PERIODS = "periods", _("各时期")


class Measure(models.Model):
    """A figure that is declared once. ``sums_over``: the dimensions over which values may be added."""

    code = models.CharField(_("代码"), max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    name_en = models.CharField(_("英文名"), max_length=120)
    subject_kind = models.CharField(max_length=60)  # app.model
    value_type = models.CharField(max_length=8, choices=ValueType)
    unit = models.CharField(_("计量单位"), max_length=20, blank=True)  # 元, m², 人; empty: none
    time_kind = models.CharField(max_length=14, choices=TimeKind)
    sums_over = models.JSONField(default=list)  # Over values

    class Meta:
        verbose_name = _("统计指标")
        constraints = [
            models.CheckConstraint(
                condition=~Q(value_type=ValueType.MONEY) | Q(unit="元"), name="measure_of_money_is_in_yuan"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Period(models.Model):
    """The days a value is about, half-open; a stock is about the end of them. Few rows, shared by all values."""

    starts_on = models.DateField()
    ends_before = models.DateField()

    class Meta:
        constraints = [
            ordered(name="observed_period_in_order"),
            models.UniqueConstraint(fields=["starts_on", "ends_before"], name="observed_period_once"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}–{self.ends_before}"


class Recording(models.Model):
    """One act of recording: where the values came from, when, by whom. One for all values of a form or a list."""

    source = models.CharField(_("来源"), max_length=200)
    recorded_at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="recording_has_a_source"),
            AppendOnly(name="recording_kept"),
        ]

    def __str__(self) -> str:
        return self.source


class Observation(models.Model):
    """A value in the column of its type: ``number`` whole (yes is 1), ``amount`` decimal or yuan, ``words``, ``day``.

    A correction is a new row, and the old one names it; nothing else of a row ever changes. While a correction is being
    written the old row names itself, so that one value at most is current at any moment.
    """

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="+", db_index=False)
    subject = models.BigIntegerField()  # of the measure's subject kind
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.BigIntegerField(null=True)
    amount = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    words = models.TextField(null=True)
    day = models.DateField(null=True)
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="+", db_index=False)
    superseded_by = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="supersedes", db_index=False
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["subject", "measure", "period"],
                name="observation_superseded",
                condition=Q(superseded_by__isnull=False),
            ),
            models.Index(fields=["period", "measure"], name="observation_by_period"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "measure", "period"],
                name="observation_one_current",
                condition=Q(superseded_by=None),
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=False, amount=None, words=None, day=None)
                | Q(number=None, amount__isnull=False, words=None, day=None)
                | Q(number=None, amount=None, words__isnull=False, day=None)
                | Q(number=None, amount=None, words=None, day__isnull=False),
                name="observation_has_one_value",
            ),
            models.CheckConstraint(
                condition=Q(superseded_by=None) | Q(superseded_by__gte=F("id")), name="observation_superseded_later"
            ),
            AppendOnly(name="observation_kept", may_update=["superseded_by"]),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id}:{self.subject}:{self.period_id}"


class Picture(models.Model):
    """The wide table of one subject kind and period: of which moment it is, and whether something came since."""

    subject_kind = models.CharField(max_length=60)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(default=0)
    is_stale = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_kind", "period"], name="picture_once")]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.period_id}"


class Current(models.Model):
    """One subject in one period with all its current values: ``{measure code: value}``, decimals as text."""

    picture = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="lines", db_index=False)
    subject = models.BigIntegerField()
    values = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["picture", "subject"], name="current_once")]

    def __str__(self) -> str:
        return f"{self.picture_id}:{self.subject}"

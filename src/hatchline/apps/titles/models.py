"""Titles 资质: a dated status given by any authority to an institution or a venture."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hatchline.apps.columns import PartialDateColumns
from hatchline.apps.titles.states import Level, TitleStatus


class TitleKind(models.TextChoices):
    INCUBATOR = "incubator", _("科技企业孵化器")
    MAKERSPACE = "makerspace", _("众创空间")
    UNIVERSITY_PARK = "university_park", _("大学科技园")
    RETURNEE_PARK = "returnee_park", _("留学人员创业园")
    SMALL_BUSINESS_BASE = "small_business_base", _("小企业创业基地")
    ACCELERATOR = "accelerator", _("加速器")
    INDUSTRY_BASE = "industry_base", _("高新技术产业孵化基地")
    FEATURED_CARRIER = "featured_carrier", _("特色载体")
    HIGH_TECH = "high_tech", _("高新技术企业")
    TECH_SME = "tech_sme", _("科技型中小企业")
    SPECIALISED = "specialised", _("专精特新企业")
    GAZELLE = "gazelle", _("瞪羚企业")
    UNICORN = "unicorn", _("独角兽企业")
    OTHER = "other", _("其他资质")


# Titles that recognise an incubation institution: two of the plan's targets are counted from them.
OF_INSTITUTIONS = frozenset(
    {
        TitleKind.INCUBATOR,
        TitleKind.MAKERSPACE,
        TitleKind.UNIVERSITY_PARK,
        TitleKind.RETURNEE_PARK,
        TitleKind.SMALL_BUSINESS_BASE,
        TitleKind.ACCELERATOR,
        TitleKind.INDUSTRY_BASE,
    }
)


class Title(models.Model):
    """One title. ``subject_kind`` is app.model: titles stand above institutions and ventures, which know none."""

    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    kind = models.CharField(_("资质"), max_length=24, choices=TitleKind)
    level = models.CharField(_("级别"), max_length=10, choices=Level)
    name = models.CharField(_("资质名称"), max_length=120, blank=True)  # as the document calls it, when it differs
    authority = models.CharField(_("授予单位"), max_length=120, blank=True)
    document = models.CharField(_("文号"), max_length=120, blank=True)
    number = models.CharField(_("证书编号"), max_length=60, blank=True)
    batch = models.CharField(_("批次"), max_length=120, blank=True)
    given = PartialDateColumns(_("授予时间"))
    ends_before = models.DateField(_("有效期至"), null=True, blank=True)  # half-open; empty: no end is known
    withdrawn_on = models.DateField(_("撤销日期"), null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    status = models.CharField(max_length=10, choices=TitleStatus, default=TitleStatus.GIVEN)
    source = models.CharField(_("来源"), max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("资质")
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="title_by_subject"),
            models.Index(fields=["kind", "level", "given_on"], name="title_by_kind"),
        ]
        constraints = [
            models.UniqueConstraint(  # an empty document and number are values here, so that the same row comes in once
                fields=["subject_kind", "subject_id", "kind", "level", "document", "number", "given_text"],
                condition=~models.Q(status=TitleStatus.STRUCK),
                name="title_once",
            ),
            models.CheckConstraint(condition=~models.Q(source=""), name="title_has_a_source"),
            models.CheckConstraint(
                condition=models.Q(ends_before=None)
                | models.Q(given_on=None)
                | models.Q(ends_before__gt=models.F("given_on")),
                name="title_ends_after_it_is_given",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=TitleStatus.WITHDRAWN) | models.Q(withdrawn_on__isnull=False),
                name="title_withdrawn_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()}{self.name or self.get_kind_display()}"

"""Published classifications by edition, and a district's key industries as a dated list of codes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hatchline.apps.bodies.models.places import Territory
from hatchline.apps.guards import NoOverlap


class Classification(models.Model):
    """One edition of one classification: gbt4754-2011, gbt4754-2017, hightech-2016, strategic-2018."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    family = models.CharField(max_length=20)  # editions of one family follow one another
    edition = models.CharField(max_length=10)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["family", "edition"]
        verbose_name = _("分类标准")

    def __str__(self) -> str:
        return self.name


class ClassCode(models.Model):
    """One code of one edition."""

    classification = models.ForeignKey(Classification, on_delete=models.PROTECT, related_name="codes")
    code = models.CharField(_("代码"), max_length=12)
    name = models.CharField(_("名称"), max_length=120)
    level = models.PositiveSmallIntegerField(_("层级"))
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")

    class Meta:
        ordering = ["classification", "code"]
        verbose_name = _("分类代码")
        constraints = [models.UniqueConstraint(fields=["classification", "code"], name="class_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class KeyIndustry(models.Model):
    """One code on a territory's list of key industries, from one day to another, with the document that lists it."""

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("重点产业"), max_length=80)
    class_code = models.ForeignKey(ClassCode, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_before = models.DateField(null=True, blank=True)
    document = models.CharField(_("依据文件"), max_length=120, blank=True)
    is_invented = models.BooleanField(default=False)  # demonstration

    class Meta:
        verbose_name = _("重点产业")
        constraints = [
            NoOverlap(
                name="key_industry_once",
                keys=["territory", "name", "class_code"],
                starts="starts_on",
                ends="ends_before",
            )
        ]

    def __str__(self) -> str:
        return self.name

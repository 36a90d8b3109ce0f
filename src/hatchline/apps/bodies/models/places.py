"""Territories in a tree by statistical code, and functional areas that list the divisions they cover."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hatchline.apps.guards import NoOverlap


class Level(models.IntegerChoices):
    PROVINCE = 1, _("省级")
    CITY = 2, _("地级")
    COUNTY = 3, _("县级")
    SUBDISTRICT = 4, _("街道、地区、乡镇")


class Territory(models.Model):
    """A division. ``code`` is as published: six digits (GB/T 2260) down to county, nine for a sub-district.

    ``prefix`` is the code without its empty levels (11, 1101, 110105, 110105038): a division's whole subtree is every
    row whose prefix begins with its own. ``path_name`` is the full name without filler levels (北京市朝阳区望京街道).
    """

    code = models.CharField(_("代码"), max_length=12, unique=True)
    prefix = models.CharField(max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    path_name = models.CharField(max_length=200)
    level = models.PositiveSmallIntegerField(_("层级"), choices=Level)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    source = models.CharField(_("来源"), max_length=120, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("行政区划")

    def __str__(self) -> str:
        return self.name


class FunctionalArea(models.Model):
    """An area that lists the divisions it covers, each from one day to another."""

    code = models.CharField(_("代码"), max_length=30, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    divisions = models.ManyToManyField(Territory, through="Coverage", related_name="+")
    is_invented = models.BooleanField(default=False)  # demonstration

    class Meta:
        verbose_name = _("功能区")

    def __str__(self) -> str:
        return self.name


class Coverage(models.Model):
    """That a functional area covers a division, from one day to another."""

    area = models.ForeignKey(FunctionalArea, on_delete=models.PROTECT, related_name="coverage")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_before = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            NoOverlap(name="area_covers_once", keys=["area", "territory"], starts="starts_on", ends="ends_before")
        ]

    def __str__(self) -> str:
        return f"{self.area_id} ⊃ {self.territory_id}"

"""Territories, functional areas and organisations."""

from django.db import models


class Territory(models.Model):
    """A division by its statistical code: 11 province, 1101 city, 110105 county, 110105038 sub-district."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=60)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")

    def __str__(self) -> str:
        return self.name


class FunctionalArea(models.Model):
    """An area that lists the divisions it covers."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=60)
    divisions = models.ManyToManyField(Territory, related_name="+")

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """Any legal body, one record whatever its roles."""

    name = models.CharField(max_length=200)
    credit_code = models.CharField(max_length=18, null=True, blank=True, unique=True)
    territory = models.ForeignKey(Territory, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name

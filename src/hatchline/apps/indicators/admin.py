"""Reference data, to read."""

from django.contrib import admin

from hatchline.apps.bodies.admin import ReadOnly
from hatchline.apps.indicators.models import Definition, Measure, Target


@admin.register(Measure)
class MeasureAdmin(ReadOnly):
    list_display = ("code", "name", "unit", "time_kind")


@admin.register(Definition)
class DefinitionAdmin(ReadOnly):
    list_display = ("measure", "starts_on", "ends_before", "reason")
    list_select_related = ("measure",)


@admin.register(Target)
class TargetAdmin(ReadOnly):
    list_display = ("code", "measure", "operator", "value", "due_on", "document")
    list_select_related = ("measure",)

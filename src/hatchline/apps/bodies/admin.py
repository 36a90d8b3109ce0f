"""Reference data, to read. Nothing is changed here: verbs leave a row in the ledger, Django's admin would not."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from hatchline.apps.bodies.models import ClassCode, Classification, FunctionalArea, KeyIndustry, Territory


class ReadOnly(admin.ModelAdmin):
    """A table to look at."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Territory)
class TerritoryAdmin(ReadOnly):
    list_display = ("code", "name", "path_name", "level", "source")
    list_filter = ("level",)
    search_fields = ("code", "path_name")


@admin.register(FunctionalArea)
class FunctionalAreaAdmin(ReadOnly):
    list_display = ("code", "name", "is_invented")


@admin.register(Classification)
class ClassificationAdmin(ReadOnly):
    list_display = ("code", "name", "source")


@admin.register(ClassCode)
class ClassCodeAdmin(ReadOnly):
    list_display = ("code", "name", "level", "classification")
    list_filter = ("classification", "level")
    list_select_related = ("classification",)
    search_fields = ("code", "name")


@admin.register(KeyIndustry)
class KeyIndustryAdmin(ReadOnly):
    list_display = ("name", "class_code", "territory", "starts_on", "ends_before", "document", "is_invented")
    list_select_related = ("class_code", "territory")

"""What a person keeps for their own work."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """What a list shows under a name: the query of its address. Without a name: how the list opens for this person."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    list_name = models.CharField(max_length=60)
    name = models.CharField(_("视图名称"), max_length=40, blank=True)
    query = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "list_name", "name"], name="view_once_by_name")]

    def __str__(self) -> str:
        return self.name or self.list_name


class Draft(models.Model):
    """A form as typed, not yet accepted. ``values`` maps a field's name to the list of its values."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    values = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="draft_once_a_form")]

    def __str__(self) -> str:
        return self.key

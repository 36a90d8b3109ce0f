"""Questions about what happened."""

from __future__ import annotations

from django.db import models

from hatchline.apps.ledger.models import Entry


def about(subject: models.Model) -> models.QuerySet[Entry]:
    """All that happened to this subject, newest first."""
    return Entry.objects.filter(subject_kind=subject._meta.label_lower, subject_id=str(subject.pk)).order_by("-pk")


def head() -> int:
    """The last row's number: the version of everything, since every verb leaves a row. 0 when there is none."""
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

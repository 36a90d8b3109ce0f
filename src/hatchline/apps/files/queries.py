"""Questions about files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import models

from hatchline.apps.files import disk
from hatchline.apps.files.models import Content, File
from hatchline.apps.files.states import Status


class FileGone(LookupError):
    """There is no such file, or its bytes are not where they belong; the text says which."""


def file(pk: int) -> File | None:
    """The file of this number."""
    return File.objects.filter(pk=pk).first()


def all_of(subject: models.Model) -> models.QuerySet[File]:
    """The kept files of a subject, newest first."""
    return of_kind(subject._meta.label_lower, subject.pk)


def of_kind(kind: str, pk: Any) -> models.QuerySet[File]:
    """The same by kind (app.model) and key."""
    return File.objects.filter(subject_kind=kind, subject_id=str(pk), status=Status.KEPT).order_by("-pk")


def unerased(subject: models.Model) -> models.QuerySet[File]:
    """The files of a subject that still have bytes: those kept and those withdrawn."""
    found = File.objects.filter(subject_kind=subject._meta.label_lower, subject_id=str(subject.pk))
    return found.exclude(status=Status.ERASED).order_by("pk")


def of(subject: models.Model) -> File:
    """The newest kept file of a subject that has one. Raises FileGone."""
    found = all_of(subject).first()
    if found is None:
        raise FileGone(f"{subject._meta.label_lower} {subject.pk} has no file")
    return found


def path(file: File) -> Path:
    """Where its bytes lie; they are not to be changed. Raises FileGone."""
    found = disk.place(file.sha256)
    if file.content_id is None or not found.is_file():
        raise FileGone(f"the bytes of file {file.pk} ({file.sha256[:12]}…) are not there")
    return found


def handed_in_by(person_id: int) -> models.QuerySet[File]:
    """What a person handed in, newest first."""
    return File.objects.filter(by_id=person_id).order_by("-pk")


def faults(*, sample: int | None = None) -> Iterator[str]:
    """What is wrong with stored bytes, a sentence each: absent, cut or altered. ``sample`` looks at so many."""
    contents = Content.objects.order_by("?")[:sample] if sample else Content.objects.order_by("pk").iterator()
    for content in contents:
        found = disk.place(content.sha256)
        if not found.is_file():
            yield f"the bytes of {content.sha256} are absent from {found}"
        elif found.stat().st_size != content.size:
            yield f"{found} has {found.stat().st_size} bytes instead of {content.size}"
        elif disk.hashed(found) != content.sha256:
            yield f"{found} was altered: its digest is another"


def totals() -> tuple[int, int]:
    """How many different contents are stored and their bytes."""
    found = Content.objects.aggregate(count=models.Count("pk"), size=models.Sum("size"))
    return found["count"], found["size"] or 0

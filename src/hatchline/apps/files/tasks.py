"""What the worker does for files."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from hatchline.apps.files import disk
from hatchline.apps.files.models import Content, File

EVERY = {"sweep": 6 * 3600}  # seconds
LEFT_BEHIND = timedelta(days=1)


def forget(*, now: datetime, sha256: str) -> None:
    """Remove bytes that no file has any more."""
    with disk.alone(), transaction.atomic():
        content = Content.objects.select_for_update().filter(sha256=sha256).first()
        if content is not None and not File.objects.filter(content=content).exists():
            content.delete()
            disk.place(sha256).unlink(missing_ok=True)


def sweep(*, now: datetime) -> None:
    """Remove what broken-off uploads and rolled-back verbs left on disk a day ago."""
    for path in disk.incoming().iterdir():
        if now - disk.last_changed(path) > LEFT_BEHIND:
            path.unlink(missing_ok=True)
    known = set(Content.objects.values_list("sha256", flat=True))
    for sha256, path in disk.stored():
        if sha256 not in known and now - disk.last_changed(path) > LEFT_BEHIND:
            forget_unknown(sha256, path)


def forget_unknown(sha256: str, path: Path) -> None:
    """Remove bytes without a row, unless one came in this moment."""
    with disk.alone():
        if not Content.objects.filter(sha256=sha256).exists():
            path.unlink(missing_ok=True)

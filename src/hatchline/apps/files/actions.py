"""Taking files in, and the two ways they leave."""

from __future__ import annotations

import errno
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction

from hatchline.apps.files import disk, kinds, policy
from hatchline.apps.files.models import Content, File
from hatchline.apps.ledger import actions as ledger
from hatchline.apps.outbox import actions as outbox
from hatchline.core.values.refusal import Refused, require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
LONGEST_NAME = 200


class UnableToStore(Refused):
    """The file was not taken; nothing of it is left and nothing else changed."""


def store(
    source: Any,
    *,
    name: str,
    subject: models.Model,
    by: Person | None,
    now: datetime,
    accept: Collection[kinds.Kind] = kinds.DOCUMENTS,
    limit: int | None = None,
    role_kind: str = "",
) -> File:
    """Keep a document untouched under its SHA-256 and file it with ``subject`` (a saved row).

    ``source`` is an uploaded file, a path or anything to read bytes from; ``accept`` the kinds taken (kinds.LISTS …),
    found in the bytes; ``limit`` bytes, settings.UPLOAD_LIMIT when not given. UnableToStore says in words why not:
    empty_file, incomplete, too_large, kind_refused, name_lies, macros or disk_full. Content already there is kept once.
    """
    limit = limit or settings.UPLOAD_LIMIT
    declared = getattr(source, "size", None)
    try:
        with disk.arriving(source, limit=limit) as arrived, disk.shared():
            if isinstance(declared, int) and declared != arrived.size:
                raise UnableToStore(policy.incomplete())
            refusal, media_type = policy.why_not_take(arrived, name=name, accept=accept)
            require(refusal, UnableToStore)
            disk.keep(arrived)  # before the rows: a row never speaks of bytes that are not there
            return _written(arrived, media_type, name=name, subject=subject, by=by, now=now, role_kind=role_kind)
    except disk.TooLarge as error:
        raise UnableToStore(policy.too_large(limit)) from error
    except disk.NoSpace as error:
        raise UnableToStore(policy.disk_full()) from error
    except OSError as error:
        if error.errno in FULL:
            raise UnableToStore(policy.disk_full()) from error
        raise


@transaction.atomic
def _written(
    arrived: disk.Arrived,
    media_type: str,
    *,
    name: str,
    subject: models.Model,
    by: Person | None,
    now: datetime,
    role_kind: str,
) -> File:
    content, _created = Content.objects.get_or_create(
        sha256=arrived.sha256, defaults={"size": arrived.size, "media_type": media_type, "stored_at": now}
    )
    file = File.objects.create(
        content=content,
        name=_tidy(name),
        sha256=arrived.sha256,
        size=arrived.size,
        media_type=media_type,
        subject_kind=subject._meta.label_lower,
        subject_id=str(subject.pk),
        by_id=by.pk if by is not None else None,
        stored_at=now,
    )
    details = {"sha256": arrived.sha256, "size": arrived.size, "subject": f"{file.subject_kind}:{file.subject_id}"}
    ledger.move(file, "store", by=by, at=now, role_kind=role_kind, details=details)
    return file


@transaction.atomic
def withdraw(file: File, *, by: Person | None, now: datetime, role_kind: str = "") -> File:
    """Take a file back: nobody is shown it any more; its bytes and its story stay."""
    file = File.objects.select_for_update().get(pk=file.pk)
    require(policy.why_not_withdraw(file, by=by))
    ledger.move(file, "withdraw", by=by, at=now, role_kind=role_kind)
    return file


@transaction.atomic
def erase(file: File, *, by: Person | None, now: datetime, reason: str, role_kind: str = "") -> File:
    """Remove name and bytes because the law asks for it. The digest stays: what was decided on it can be proven.

    Bytes that another file still shares stay until that is erased too.
    """
    file = File.objects.select_for_update().get(pk=file.pk)
    require(policy.why_not_erase(file, reason=reason))
    ledger.move(file, "erase", by=by, at=now, role_kind=role_kind, details={"sha256": file.sha256, "reason": reason})
    File.objects.filter(pk=file.pk).update(content=None, name="")
    file.content, file.name = None, ""
    outbox.add("files.forget", now=now, once_key=file.sha256, sha256=file.sha256)
    return file


def _tidy(name: str) -> str:
    """The last part of a name without control characters, its ending kept when it is cut."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(char for char in last if char.isprintable()).strip() or "file"
    stem, dot, ending = plain.rpartition(".")
    if len(plain) <= LONGEST_NAME or not dot:
        return plain[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"

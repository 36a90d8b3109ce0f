"""Bytes on disk by their SHA-256: written beside, made durable, then moved into place. Half a file is never there."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

BLOCK = 1024 * 1024
RESERVE = 64 * 1024 * 1024  # bytes left free for the database, which must be able to say what happened


class TooLarge(Exception):
    """More bytes came than are taken."""


class NoSpace(Exception):
    """Storing it would leave less than the reserve."""


@dataclass(frozen=True)
class Arrived:
    """A file that has come in whole and is not in its place yet."""

    path: Path
    sha256: str
    size: int


def place(sha256: str) -> Path:
    """Where content lies."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:]


def incoming() -> Path:
    """Where files are while they come in."""
    folder = Path(settings.MEDIA_ROOT) / "incoming"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@contextmanager
def arriving(source: Any, *, limit: int) -> Iterator[Arrived]:
    """Copy ``source`` (a path, or anything to read bytes from) beside its place; what was not kept is removed.

    Raises TooLarge, NoSpace, and OSError as the system gives it.
    """
    path = incoming() / f"{os.getpid()}-{secrets.token_hex(8)}"
    try:
        if free() < RESERVE:
            raise NoSpace
        made, size = hashlib.sha256(), 0
        with path.open("xb") as target:
            for block in _blocks(source):
                size += len(block)
                if size > limit:
                    raise TooLarge
                made.update(block)
                target.write(block)
            target.flush()
            os.fsync(target.fileno())
        yield Arrived(path, made.hexdigest(), size)
    finally:
        path.unlink(missing_ok=True)


def keep(arrived: Arrived) -> Path:
    """Move it into its place; the same content already there stays as it is, if it is really the same."""
    target = place(arrived.sha256)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if target.exists() and target.stat().st_size == arrived.size and hashed(target) == arrived.sha256:
        return target
    arrived.path.chmod(0o440)
    arrived.path.replace(target)
    _sync(target.parent)
    return target


@contextmanager
def shared() -> Iterator[None]:
    """While bytes and their row are being written, nobody removes bytes."""
    yield from _locked(fcntl.LOCK_SH)


@contextmanager
def alone() -> Iterator[None]:
    """For removing bytes. BlockingIOError while anything is being written: try again later."""
    yield from _locked(fcntl.LOCK_EX | fcntl.LOCK_NB)


def _locked(how: int) -> Iterator[None]:
    with (incoming().parent / "lock").open("a") as file:
        fcntl.flock(file, how)
        yield  # closing the file gives the lock back


def hashed(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    made = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            made.update(block)
    return made.hexdigest()


def free() -> int:
    """Free bytes where files lie."""
    found = os.statvfs(incoming())
    return found.f_bavail * found.f_frsize


def stored() -> Iterator[tuple[str, Path]]:
    """Everything in place: (SHA-256, path)."""
    for folder in sorted(Path(settings.MEDIA_ROOT).glob("[0-9a-f][0-9a-f]")):
        for path in sorted(folder.iterdir()):
            if len(path.name) == 62:
                yield folder.name + path.name, path


def last_changed(path: Path) -> datetime:
    """When a file was last written, in UTC."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _blocks(source: Any) -> Iterator[bytes]:
    if isinstance(source, str | os.PathLike):
        with Path(source).open("rb") as file:
            yield from iter(lambda: file.read(BLOCK), b"")
    elif hasattr(source, "chunks"):  # Django's uploaded files
        yield from source.chunks(BLOCK)
    else:
        yield from iter(lambda: source.read(BLOCK), b"")


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

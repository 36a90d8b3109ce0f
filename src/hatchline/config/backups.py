"""Backups: one archive with the database as it was at one moment, all stored files and a manifest. Never the keys.

manifest.json            what is inside with SHA-256 and size, the sealed head of the ledger, applied migrations
database.sqlite3         or database.dump, as pg_dump's custom format writes it
files/ab/cdef…           stored documents under their SHA-256
"""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from hatchline.apps.files import disk
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.ledger import sealing

FORMAT = 1
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 512 * 1024 * 1024


class BackupProblem(Exception):
    """A backup cannot be made or taken; the text says why and what to do. Nothing was changed."""


@dataclass(frozen=True)
class Made:
    """What a backup holds."""

    path: Path
    size: int
    files: int
    head: str
    altered: list[str]  # stored files whose bytes are not what they were; they went in as they are


# Making


def make(path: Path, *, now: datetime) -> Made:
    """Write a backup to ``path`` (``.gz`` at the end compresses it). It appears there only when it is whole."""
    if not path.parent.is_dir():
        raise BackupProblem(f"there is no folder {path.parent}")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        sealing.seal(now=now)
        with tempfile.TemporaryDirectory(prefix="backup-", dir=settings.HOME) as folder:
            database, head = _snapshot(Path(folder))
            manifest, altered = _manifest(database, head, now)
            _write(part, manifest, database)
        part.replace(path)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise BackupProblem(f"the disk is full; no backup was left at {path}") from error
        raise
    finally:
        part.unlink(missing_ok=True)
    return Made(path, path.stat().st_size, len(manifest["files"]), head, altered)


def _snapshot(folder: Path) -> tuple[Path, str]:
    """The database at one moment, and the sealed head it holds."""
    if connection.vendor == "sqlite":
        target = folder / "database.sqlite3"
        connection.ensure_connection()
        with closing(sqlite3.connect(target)) as copy:
            with closing(sqlite3.connect(f"file:{settings.DATABASES['default']['NAME']}?mode=ro", uri=True)) as source:
                source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            row = copy.execute(
                "SELECT number || ':' || digest FROM ledger_seal ORDER BY number DESC LIMIT 1"
            ).fetchone()
        return target, row[0] if row else ""
    target, head = folder / "database.dump", ledger.sealed_head()  # read before: the dump holds it at least
    _postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
    return target, head


def _manifest(database: Path, head: str, now: datetime) -> tuple[dict[str, Any], list[str]]:
    files, altered = [], []
    for sha256, path in disk.stored():
        found = disk.hashed(path)
        if found != sha256:
            altered.append(str(path))
        files.append({"name": f"files/{sha256[:2]}/{sha256[2:]}", "sha256": found, "size": path.stat().st_size})
    manifest = {
        "format": FORMAT,
        "product": "hatchline",
        "version": version("hatchline"),
        "made_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "district": settings.DISTRICT,
        "sealed_head": head,
        "database": {
            "engine": connection.vendor,
            "name": database.name,
            "sha256": disk.hashed(database),
            "size": database.stat().st_size,
        },
        "migrations": sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()),
        "files": files,
    }
    return manifest, altered


def _write(part: Path, manifest: dict[str, Any], database: Path) -> None:
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    mode: Any = "w:gz" if ".gz" in part.name or ".tgz" in part.name else "w"
    with os.fdopen(handle, "wb") as raw:
        with tarfile.open(fileobj=raw, mode=mode, format=tarfile.PAX_FORMAT) as archive:
            text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size, entry.mode = len(text), 0o600
            archive.addfile(entry, io.BytesIO(text))
            archive.add(database, arcname=database.name)
            for each in manifest["files"]:
                archive.add(Path(settings.MEDIA_ROOT) / each["name"].removeprefix("files/"), arcname=each["name"])
        raw.flush()
        os.fsync(raw.fileno())


# Reading


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest of a backup, without reading the rest. BackupProblem when it is not a backup of ours."""
    try:
        with tarfile.open(path) as archive:
            first = archive.next()
            file = archive.extractfile(first) if first is not None and first.name == MANIFEST else None
            if first is None or file is None or first.size > LARGEST_MANIFEST:
                raise BackupProblem(f"{path} is not a backup of Hatchline: it does not begin with {MANIFEST}")
            manifest: dict[str, Any] = json.load(file)
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise BackupProblem(f"{path} cannot be read as a backup: {error}") from error
    if manifest.get("product") != "hatchline" or manifest.get("format") != FORMAT:
        raise BackupProblem(f"{path} is a backup of another kind or of a newer version")
    return manifest


@dataclass(frozen=True)
class Restored:
    """What was brought back, and where what was there before has been put."""

    files: int
    head: str
    made_at: str
    moved_aside: list[str]


def restore(path: Path, *, force: bool, now: datetime) -> Restored:
    """Bring a backup into an empty home. With ``force`` what is there is moved aside first, never deleted.

    Everything is unpacked beside its place and compared with the manifest before anything is put there.
    """
    manifest = read_manifest(path)
    if manifest["database"]["engine"] != connection.vendor:
        other = f"the backup is of {manifest['database']['engine']}, DATABASE_URL names {connection.vendor}"
        raise BackupProblem(f"{other}: restore into the same kind of database")
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    newer = [name for name in manifest["migrations"] if _is_ours(name) and tuple(name.split(".", 1)) not in known]
    if newer:
        raise BackupProblem(f"the backup was made by a newer version ({newer[0]} is unknown here): update first")
    occupied = _occupied()
    if occupied and not force:
        raise BackupProblem(
            f"{' and '.join(occupied)}: restore into an empty home, or move all that aside with --force"
        )
    try:
        with tempfile.TemporaryDirectory(prefix="restore-", dir=settings.HOME) as name:
            folder = Path(name)
            _unpack(path, manifest, folder)
            aside = _move_aside(now) if occupied else []
            _put_database(folder / manifest["database"]["name"], force=bool(occupied))
            if (folder / "files").is_dir():
                Path(settings.MEDIA_ROOT).parent.mkdir(parents=True, exist_ok=True)
                shutil.move(folder / "files", settings.MEDIA_ROOT)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise BackupProblem("the disk is full: make room and restore again") from error
        raise
    connections.close_all()
    return Restored(len(manifest["files"]), manifest["sealed_head"], manifest["made_at"], aside)


def _is_ours(name: str) -> bool:
    from django.apps import apps

    label = name.partition(".")[0]
    return label in apps.app_configs and apps.get_app_config(label).name.startswith("hatchline.")


def _unpack(path: Path, manifest: dict[str, Any], folder: Path) -> None:
    wanted = {each["name"]: each for each in [manifest["database"], *manifest["files"]]}
    try:
        with tarfile.open(path) as archive:
            for entry in archive:
                if entry.name == MANIFEST:
                    continue
                promised = wanted.pop(entry.name, None)
                source = archive.extractfile(entry) if entry.isreg() else None
                if promised is None or source is None:
                    raise BackupProblem(f"the backup holds {entry.name!r}, which its manifest does not name")
                _copy(source, folder / entry.name, promised)
    except (tarfile.TarError, EOFError) as error:
        raise BackupProblem(f"the backup was cut or damaged: {error}") from error
    if wanted:
        raise BackupProblem(f"the backup was cut: {len(wanted)} of its parts are absent, {sorted(wanted)[0]} first")


def _copy(source: IO[bytes], target: Path, promised: dict[str, Any]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with target.open("wb") as file:
        shutil.copyfileobj(source, file, disk.BLOCK)
        file.flush()
        os.fsync(file.fileno())
    if target.stat().st_size != promised["size"] or disk.hashed(target) != promised["sha256"]:
        raise BackupProblem(f"{promised['name']} is not what the manifest promises: the backup was damaged or altered")
    if promised["name"].startswith("files/"):
        target.chmod(0o440)


def _occupied() -> list[str]:
    """What stands in the way of a restore, in words."""
    found = []
    if connection.vendor == "sqlite":
        path = Path(settings.DATABASES["default"]["NAME"])
        if path.exists() and path.stat().st_size:
            found.append(f"there is a database at {path}")
    elif connection.introspection.table_names():
        found.append("the database has tables")
    if any(True for _each in disk.stored()):
        found.append(f"there are files in {settings.MEDIA_ROOT}")
    return found


def _move_aside(now: datetime) -> list[str]:
    connections.close_all()
    stamp, moved = f"before-{now:%Y%m%d-%H%M%S}", []
    places = [Path(settings.MEDIA_ROOT)]
    if connection.vendor == "sqlite":
        name = settings.DATABASES["default"]["NAME"]
        places += [Path(f"{name}{suffix}") for suffix in ("", "-wal", "-shm")]
    for place in places:
        if place.exists():
            aside = place.with_name(f"{place.name}.{stamp}")
            place.rename(aside)
            moved.append(str(aside))
    return moved


def _put_database(source: Path, *, force: bool) -> None:
    if connection.vendor == "sqlite":
        connections.close_all()
        target = Path(settings.DATABASES["default"]["NAME"])
        for suffix in ("-wal", "-shm"):
            Path(f"{target}{suffix}").unlink(missing_ok=True)
        shutil.move(source, target)
        return
    clean = ["--clean", "--if-exists"] if force else []
    name = settings.DATABASES["default"]["NAME"]
    _postgres(
        "pg_restore", "--no-owner", "--no-privileges", "--single-transaction", *clean, f"--dbname={name}", str(source)
    )


def _postgres(program: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise BackupProblem(f"{program} is not installed: install PostgreSQL's client programs of the server's version")
    given = connection.settings_dict
    environment = {
        **os.environ,
        "PGPASSWORD": str(given["PASSWORD"]),
        "PGHOST": str(given["HOST"] or ""),
        "PGPORT": str(given["PORT"] or ""),
        "PGUSER": str(given["USER"] or ""),
        "PGDATABASE": str(given["NAME"]),
    }
    environment = {name: value for name, value in environment.items() if value or not name.startswith("PG")}
    done = subprocess.run([found, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupProblem(f"{program} failed: {done.stderr.strip()[-800:]}")

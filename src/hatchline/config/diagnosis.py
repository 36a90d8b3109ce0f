"""What `hatchline doctor` looks at: each check gives findings, and some can be mended."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import Error, connection

from hatchline.apps import guards
from hatchline.apps.columns import encrypted, keys
from hatchline.apps.columns.keys import KeyMissing
from hatchline.apps.files import queries as files
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.ledger import sealing
from hatchline.apps.outbox import queries as outbox
from hatchline.config import startup

MEGABYTE = 1024 * 1024
LITTLE_ROOM, NO_ROOM = 1024 * MEGABYTE, 128 * MEGABYTE
LATE = timedelta(minutes=10)
SAMPLE = 50

OK, NOTE, WARNING, FAULT = "ok", "note", "warning", "fault"


@dataclass(frozen=True)
class Finding:
    """One line of the report. ``state`` is ok, note, warning or fault; only a fault makes the exit code 1."""

    check: str
    state: str
    text: str
    remedy: str = ""

    def dump(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class Wishes:
    """What was asked for: every file instead of a sample, heads to compare with, and the moment."""

    now: datetime
    every_file: bool = False
    heads: tuple[str, ...] = ()


Found = Iterator[Finding]


def examine(wishes: Wishes) -> list[Finding]:
    """All findings, in the order of CHECKS. A check that breaks is a fault itself and stops no other."""
    findings: list[Finding] = []
    for name, check in CHECKS.items():
        if name in NEED_TABLES and any(each.check == "migrations" and each.state == FAULT for each in findings):
            findings.append(Finding(name, NOTE, "not looked at until the database is up to date"))
            continue
        try:
            findings += check(wishes)
        except (Error, OSError, KeyMissing) as error:
            remedy = "run `hatchline up`, which brings the database up to date" if isinstance(error, Error) else ""
            findings.append(Finding(name, FAULT, f"{type(error).__name__}: {error}".strip(), remedy))
    return findings


def mend() -> list[str]:
    """Put right what can be put right without losing anything; a sentence for each thing done."""
    done = []
    if startup.pending_migrations():
        call_command("migrate", interactive=False, verbosity=0)
        done.append("brought the database up to date")
    if guards.missing(connection):
        names = sorted({each.guard for each in guards.missing(connection)})
        guards.put_up(connection)
        done.append(f"put up guards: {', '.join(names)}")
    if not _has_cache_table():
        call_command("createcachetable", verbosity=0)
        done.append("made the table of the shared cache")
    for folder, mode in ((Path(settings.MEDIA_ROOT), 0o700), (Path(settings.KEYS), 0o700)):
        if not folder.is_dir():
            folder.mkdir(parents=True, mode=mode)
            done.append(f"made the folder {folder}")
    for path in Path(settings.KEYS).glob("*.key"):
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
            done.append(f"closed {path} to others")
    return done


# The checks


def _settings(wishes: Wishes) -> Found:
    if settings.DEBUG and not startup.on_loopback():
        yield Finding(
            "settings", FAULT, "HATCHLINE_DEBUG shows the inside of errors to everyone", "set HATCHLINE_DEBUG=0"
        )
    if not settings.OVER_TLS and not startup.on_loopback():
        text = "people's passwords travel in the open: HATCHLINE_ADDRESS is not https://"
        yield Finding("settings", WARNING, text, "put a proxy with TLS in front and set HATCHLINE_ADDRESS")
    if settings.BUSINESS_DATE:
        yield Finding("settings", NOTE, f"the business date is set to {settings.BUSINESS_DATE} (demonstration)")
    elif settings.DEMONSTRATION:
        yield Finding("settings", NOTE, "this is a demonstration district")
    env_file = Path.cwd() / ".env"
    if env_file.is_file() and stat.S_IMODE(env_file.stat().st_mode) & 0o077:
        yield Finding("settings", WARNING, ".env holds the secret key and can be read by others", "chmod 600 .env")
    yield Finding("settings", OK, f"home is {settings.HOME}")


def _database(wishes: Wishes) -> Found:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA quick_check(5)")
            wrong = [row[0] for row in cursor.fetchall() if row[0] != "ok"]
            for text in wrong:
                yield Finding("database", FAULT, f"SQLite: {text}", "stop the server and restore the last backup")
            cursor.execute("PRAGMA journal_mode")
            if cursor.fetchone()[0] != "wal":
                text = "SQLite is not in WAL mode: readers wait for writers"
                yield Finding("database", WARNING, text, "keep HATCHLINE_HOME on a local disk, not on a network share")
        else:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            if cursor.fetchone()[0] and not settings.DEMONSTRATION:
                text = "the application signs in to PostgreSQL as a superuser"
                yield Finding("database", WARNING, text, "give it a role of its own that owns only its database")
    yield Finding("database", OK, f"{connection.display_name} answers")


def _migrations(wishes: Wishes) -> Found:
    behind = startup.pending_migrations()
    if behind:
        text = f"{len(behind)} migrations are not applied: {', '.join(behind[:5])}"
        yield Finding("migrations", FAULT, text, "hatchline doctor --mend, or hatchline up")
    else:
        yield Finding("migrations", OK, "the database is up to date")


def _guards(wishes: Wishes) -> Found:
    absent = {(each.guard, each.table, each.why) for each in guards.missing(connection)}
    for name, table, why in sorted(absent):
        text = f"guard {name} on {table} is {why}: the database would let in what it must not hold"
        yield Finding("guards", FAULT, text, "hatchline doctor --mend")
    for name, count in guards.broken(connection).items():
        text = f"{count} rows break guard {name}; they came in while it was down"
        yield Finding("guards", FAULT, text, "correct these rows; the guard stops every new one")
    if not absent:
        yield Finding("guards", OK, f"{len(guards.declared())} guards stand")


def _cache(wishes: Wishes) -> Found:
    if _has_cache_table():
        yield Finding("cache", OK, "lock-outs and rate limits are shared by all processes")
    else:
        text = "the shared cache has no table: sign-in would fail"
        yield Finding("cache", FAULT, text, "hatchline doctor --mend")


def _has_cache_table() -> bool:
    table = settings.CACHES["default"].get("LOCATION")
    return table in connection.introspection.table_names()


def _keys(wishes: Wishes) -> Found:
    wrong = keys.problems()
    for text in wrong:
        yield Finding(
            "keys", FAULT, text, "hatchline doctor --mend closes keys to others; a lost key must be brought back"
        )
    if wrong:
        return
    for model, field in encrypted.columns():
        try:
            model._base_manager.exclude(**{f"{field}__isnull": True}).values_list(field, flat=True).first()
        except (encrypted.Unreadable, KeyMissing) as error:
            text = f"{model._meta.label}.{field}: {error}"
            yield Finding("keys", FAULT, text, f"bring the keys this database was written with into {settings.KEYS}")
            wrong = [text]
    if not wrong:
        yield Finding(
            "keys", OK, f"{len(list(Path(settings.KEYS).glob('*.key')))} keys in {settings.KEYS}, kept out of backups"
        )


def _disk(wishes: Wishes) -> Found:
    free = shutil.disk_usage(settings.HOME).free
    text = f"{free // MEGABYTE} MB free where {settings.HOME} lies"
    if free < LITTLE_ROOM:
        yield Finding("disk", FAULT if free < NO_ROOM else WARNING, text, "free some space, or move HATCHLINE_HOME")
    else:
        yield Finding("disk", OK, text)


def _outbox(wishes: Wishes) -> Found:
    health = outbox.health(wishes.now)
    if health.failed:
        worst = ", ".join(sorted({job.task for job in outbox.failures()[:50]}))
        text = f"{health.failed} pieces of work failed for good: {worst}"
        yield Finding("outbox", WARNING, text, "look at them in the console under outbox; retry or drop each")
    if health.late and health.late > LATE:
        text = f"work has been waiting for {_said(health.late)}: no worker is running"
        yield Finding("outbox", FAULT, text, "hatchline worker (hatchline up runs one)")
    yield Finding(
        "outbox", OK, f"{health.waiting} waiting, {health.running} running, {health.retrying} to be tried again"
    )


def _ledger(wishes: Wishes) -> Found:
    finding = sealing.verify(heads=wishes.heads)
    for each in finding.broken:
        remedy = "compare with the last backup and the printed slips before anything else is done"
        yield Finding("ledger", FAULT, each.text, remedy)
    if finding.unsealed_rows:
        oldest = sealing.oldest_unsealed()
        is_late = oldest is not None and wishes.now - oldest > LATE
        text = f"{finding.unsealed_rows} rows are not sealed yet" + (
            f", the oldest of {oldest:%Y-%m-%d %H:%M}" if oldest else ""
        )
        remedy = "a worker seals them within seconds: hatchline worker --once" if is_late else ""
        yield Finding("ledger", WARNING if is_late else NOTE, text, remedy)
    if not finding.broken:
        compared = f"; {len(wishes.heads)} heads compared" if wishes.heads else ""
        head = f", head {finding.head[:24]}…" if finding.head else ""
        yield Finding("ledger", OK, f"{finding.sealed_rows} rows under {finding.seals} seals are whole{head}{compared}")


def _files(wishes: Wishes) -> Found:
    count, size = files.totals()
    wrong = list(files.faults(sample=None if wishes.every_file else SAMPLE))
    for text in wrong[:20]:
        yield Finding(
            "files", FAULT, text, "bring the file back from a backup; uploading the same file again also mends it"
        )
    if not wrong:
        looked = count if wishes.every_file else min(count, SAMPLE)
        yield Finding("files", OK, f"{looked} of {count} stored contents looked at ({size // MEGABYTE} MB in all)")


def _accounts(wishes: Wishes) -> Found:
    exposed = startup.demonstration_accounts_exposed()
    if exposed:
        yield Finding("accounts", FAULT, exposed, "serve on 127.0.0.1 alone, or start a real district in an empty home")
    else:
        yield Finding("accounts", OK, "no demonstration account can be reached from elsewhere")


def _front_end(wishes: Wishes) -> Found:
    built = settings.PACKAGE / "static" / "built"
    if not built.is_dir() or not any(built.iterdir()):
        yield Finding("front end", FAULT, "styles and scripts are not built", "make up")
    elif not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        yield Finding("front end", WARNING, "styles and scripts are not collected", "hatchline up --no-serve")
    else:
        yield Finding("front end", OK, "styles and scripts are built")


def _time(wishes: Wishes) -> Found:
    last = ledger.last_moment()
    if last is not None and last - wishes.now > timedelta(minutes=5):
        shown = "%Y-%m-%d %H:%M UTC"
        text = f"the clock says {wishes.now:{shown}}, but the ledger was written to at {last:{shown}}"
        yield Finding("time", FAULT, text, "set the clock right (NTP): deadlines and the ledger stand on it")
    else:
        yield Finding("time", OK, f"{wishes.now:%Y-%m-%d %H:%M:%S} UTC")


CHECKS: dict[str, Callable[[Wishes], Iterable[Finding]]] = {
    "settings": _settings,
    "database": _database,
    "migrations": _migrations,
    "guards": _guards,
    "cache": _cache,
    "keys": _keys,
    "disk": _disk,
    "outbox": _outbox,
    "ledger": _ledger,
    "files": _files,
    "accounts": _accounts,
    "front end": _front_end,
    "time": _time,
}


NEED_TABLES = {"guards", "cache", "outbox", "ledger", "files", "accounts", "time"}


def _said(late: timedelta) -> str:
    minutes = int(late.total_seconds() // 60)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"


def worst(findings: Iterable[Finding]) -> str:
    """The gravest state among them."""
    order = [OK, NOTE, WARNING, FAULT]
    return max((each.state for each in findings), key=order.index, default=OK)


def as_json(findings: list[Finding], mended: list[str]) -> dict[str, Any]:
    """What `--json` prints."""
    return {"state": worst(findings), "mended": mended, "findings": [each.dump() for each in findings]}

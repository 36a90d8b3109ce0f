"""A backup brought back is the district as it was; a damaged one is refused before anything is touched."""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2017, 7, 18, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.long

FILL = """
import io
from datetime import UTC, datetime
import django
django.setup()
from django.db import transaction
from hatchline.apps.columns import keys
from hatchline.apps.files import actions as files
from hatchline.apps.ledger import sealing
from hatchline.apps.ledger.models import Entry
from hatchline.apps.outbox.models import Job
now = datetime(2017, 7, 18, 9, 30, tzinfo=UTC)
keys.ensure()
job = Job.objects.create(task="ledger.seal", added_at=now, due_at=now)
files.store(io.BytesIO("名称\\n某某孵化器\\n".encode()), name="名单.csv", subject=job, by=None, now=now)
files.store(io.BytesIO(b"second"), name="b.txt", subject=job, by=None, now=now)
sealing.seal(now=now)
Entry.objects.create(at=now, event="a.b.c", subject_kind="a.b", subject_id="1")
"""


class District:
    """A home with settings of its own; commands run in processes of their own, as an administrator types them."""

    def __init__(self, home: Path, url: str) -> None:
        self.home = home
        home.mkdir(exist_ok=True)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HATCHLINE_")},
            "HATCHLINE_SECRET_KEY": "for tests alone, never for a real district, 48 chars",
            "HATCHLINE_HOME": str(home),
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "hatchline.config.settings",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.home,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def hatchline(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "hatchline.config.cli", *arguments)

    def django(self, *arguments: str) -> None:
        done = self.run("-m", "django", *arguments)
        assert done.returncode == 0, done.stderr

    def rows(self) -> str:
        done = self.run("-m", "django", "dumpdata", "ledger", "files", "outbox", "--indent", "1")
        assert done.returncode == 0, done.stderr
        return done.stdout

    def findings(self, *arguments: str) -> dict[str, list[str]]:
        report = json.loads(self.hatchline("doctor", "--json", *arguments).stdout)
        found: dict[str, list[str]] = {}
        for each in report["findings"]:
            found.setdefault(each["check"], []).append(each["state"])
        return found


def url(database: str) -> str:
    given = connection.settings_dict
    return f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{database}"


def administer(sql: str) -> None:
    with psycopg.connect(url("template1"), autocommit=True) as server:
        server.execute(sql)


class Districts:
    """New and filled districts; on PostgreSQL each has a database of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.databases, self.count = folder, [], 0
        self.filled = self.new("filled")
        self.filled.django("migrate", "--verbosity", "0")
        self.filled.django("createcachetable")
        done = self.filled.run("-c", FILL)
        assert done.returncode == 0, done.stderr

    def new(self, name: str, *, copy: bool = False) -> District:
        self.count += 1
        home, database = self.folder / f"{name}-{self.count}", ""
        if copy:
            shutil.copytree(self.filled.home, home)
        if connection.vendor == "postgresql":
            database = f"backup_{os.getpid()}_{self.count}"
            administer(f'CREATE DATABASE "{database}"' + (f' TEMPLATE "{self.databases[0]}"' if copy else ""))
            self.databases.append(database)
        return District(home, url(database) if database else "")


@pytest.fixture(scope="module")
def districts(tmp_path_factory):
    made = Districts(tmp_path_factory.mktemp("districts"))
    yield made
    for database in made.databases:
        administer(f'DROP DATABASE "{database}" WITH (FORCE)')


@pytest.fixture
def new_district(districts):
    return districts.new


@pytest.fixture
def district(districts) -> District:
    return districts.new("copy", copy=True)


@pytest.mark.parametrize("name", ["all.tar", "all.tar.gz"])
def test_what_was_backed_up_comes_back(district, new_district, tmp_path, name):
    path = tmp_path / name
    before = district.rows()
    done = district.hatchline("backup", str(path), "--json")
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert (made["files"], made["altered"]) == (2, [])
    assert made["sealed_head"].startswith("2:"), "what was not sealed yet is sealed first"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with tarfile.open(path) as archive:
        names = archive.getnames()
        assert names[0] == "manifest.json"
        assert not [each for each in names if "key" in each], "keys are never inside"

    other = new_district("new")
    done = other.hatchline("restore", str(path), "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["keys_to_bring"] == ["personal", "digest", "ledger"]
    assert report["head"] == made["sealed_head"]
    restored = json.loads(other.rows())
    assert [row for row in restored if row["model"] != "ledger.seal"] == [
        row for row in json.loads(before) if row["model"] != "ledger.seal"
    ]
    for part in ("ledger", "files", "guards", "migrations"):
        assert set(other.findings("--all", "--backup", str(path))[part]) <= {"ok", "note"}, part
    assert (other.home / "files").is_dir() and len(list((other.home / "files").glob("??/*"))) == 2

    up = other.hatchline("up", "--no-serve")
    assert up.returncode == 1 and "bring its keys back" in up.stderr
    shutil.copytree(district.home / "keys", other.home / "keys")
    assert other.findings()["keys"] == ["ok"]


def test_a_restore_wants_an_empty_home_and_force_deletes_nothing(district, tmp_path):
    path = tmp_path / "all.tar"
    assert district.hatchline("backup", str(path)).returncode == 0
    before = district.rows()
    done = district.hatchline("restore", str(path))
    assert done.returncode == 1 and "--force" in done.stderr
    assert district.rows() == before
    done = district.hatchline("restore", str(path), "--force", "--json")
    assert done.returncode == 0, done.stderr
    assert district.rows() == before
    aside = json.loads(done.stdout)["moved_aside"]
    assert aside and all(Path(each).exists() for each in aside)
    assert district.hatchline("backup", str(tmp_path / "again.tar")).returncode == 0


def damaged(path: Path, how: str) -> Path:
    """A copy of a backup with something wrong with it."""
    target = path.with_name(f"{how}.tar")
    if how == "cut":
        target.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        return target
    if how == "not a backup":
        target.write_bytes(b"\x00" * 2000)
        return target
    with tarfile.open(path) as source, tarfile.open(target, "w") as copy:
        for entry in source:
            content = source.extractfile(entry).read()
            if how == "altered" and entry.name.startswith("files/"):
                content = content[:-1] + b"!"
            if how == "newer" and entry.name == "manifest.json":
                manifest = json.loads(content)
                manifest["migrations"].append("ledger.9999_from_the_future")
                content = json.dumps(manifest).encode()
            if how == "a part gone" and entry.name.startswith("files/"):
                continue
            entry.size = len(content)
            copy.addfile(entry, io.BytesIO(content))
        if how == "more than promised":
            entry = tarfile.TarInfo("../../escaped.txt")
            entry.size = 1
            copy.addfile(entry, io.BytesIO(b"x"))
    return target


@pytest.fixture
def backup(district, tmp_path) -> Path:
    path = tmp_path / "whole.tar"
    assert district.hatchline("backup", str(path)).returncode == 0
    return path


def test_a_damaged_backup_is_refused_before_anything_is_touched(backup, new_district):
    other = new_district("new")
    for how in ("cut", "not a backup", "altered", "newer", "a part gone", "more than promised"):
        done = other.hatchline("restore", str(damaged(backup, how)))
        assert done.returncode == 1, (how, done.stdout, done.stderr)
        assert done.stderr.strip() and "Traceback" not in done.stderr, (how, done.stderr)
        assert not (other.home / "files").exists() or not list((other.home / "files").glob("??/*")), how
        assert not list(other.home.glob("restore-*")), how
    assert not list(other.home.parent.glob("escaped.txt"))
    done = other.hatchline("restore", str(backup))
    assert done.returncode == 0, done.stderr


def test_doctor_compares_a_ledger_with_a_backup_made_before(district, backup):
    assert set(district.findings("--backup", str(backup))["ledger"]) <= {"ok", "note"}
    if connection.vendor != "sqlite":
        pytest.skip("altered with SQLite's own tools below")
    with sqlite3.connect(district.home / "hatchline.sqlite3") as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f'DROP TRIGGER "{name}"')
        raw.execute("UPDATE ledger_entry SET event = 'x.y.z'")
        raw.execute("DELETE FROM ledger_seal")
    assert district.hatchline("doctor", "--mend").returncode in {0, 1}
    assert district.hatchline("worker", "--once").returncode == 0, "a forger seals everything anew"
    assert "fault" not in district.findings()["ledger"], "and the chain is whole in itself"
    assert "fault" in district.findings("--backup", str(backup))["ledger"]


def test_nothing_is_left_where_a_backup_could_not_be_written(district, tmp_path):
    done = district.hatchline("backup", str(tmp_path / "nowhere" / "a.tar"))
    assert done.returncode == 1 and "no folder" in done.stderr
    full = "from unittest import mock; import errno, os, sys; sys.argv = ['hatchline', 'backup', sys.argv[1]]\n" \
           "from hatchline.config import cli\ncli.start_django()\nfrom hatchline.config import backups\n" \
           "def full(*_): raise OSError(errno.ENOSPC, 'No space left on device')\n" \
           "backups.os.fsync = full\ncli.main()"  # fmt: skip
    done = district.run("-c", full, str(tmp_path / "a.tar"))
    assert done.returncode == 1 and "disk is full" in done.stderr, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_backup_is_one_moment_while_others_write(district, tmp_path):
    """Rows written meanwhile are in it whole or not at all, and its ledger is unbroken."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITE], cwd=district.home, env=district.environment, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout.readline() == "writing\n"
    try:
        for number in range(3):
            done = district.hatchline("backup", str(tmp_path / f"{number}.tar"))
            assert done.returncode == 0, done.stderr
    finally:
        writer.kill()
        writer.wait()
    if connection.vendor != "sqlite":
        return
    for number in range(3):
        with tarfile.open(tmp_path / f"{number}.tar") as archive:
            held = archive.extractfile("database.sqlite3")
            assert held is not None
            path = tmp_path / f"{number}.sqlite3"
            path.write_bytes(held.read())
        with sqlite3.connect(path) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            entries, rows = (copy.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in
                             ("ledger_entry WHERE event = 'pair.a.b'", "ledger_importedrow"))  # fmt: skip
            assert entries == rows, "both halves of a transaction or neither"


WRITE = """
from datetime import UTC, datetime
import django
django.setup()
from django.db import transaction
from hatchline.apps.ledger.models import Entry, ImportedRow
print("writing", flush=True)
while True:
    with transaction.atomic():
        entry = Entry.objects.create(at=datetime.now(UTC), event="pair.a.b", subject_kind="a.b", subject_id="1")
        ImportedRow.objects.create(entry=entry, place="1", outcome="created")
"""

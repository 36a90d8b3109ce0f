"""The doctor finds each fault it is there for, says how it is mended, and mends what it can."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from hatchline.apps import guards
from hatchline.apps.columns import keys
from hatchline.apps.files import actions as files
from hatchline.apps.files import queries as stored
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.ledger import sealing
from hatchline.apps.ledger.models import Entry
from hatchline.apps.outbox.models import Job
from hatchline.apps.people.models import Account
from hatchline.config import diagnosis, startup
from hatchline.config.commands import doctor
from tests.apps.guards.sample.models import Contact, Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    """A home of its own with everything in order."""
    settings.HOME, settings.MEDIA_ROOT, settings.KEYS = tmp_path, tmp_path / "files", tmp_path / "keys"
    settings.PACKAGE, settings.STATIC_ROOT = tmp_path / "package", tmp_path / "static"
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    (tmp_path / "package" / "static" / "built").mkdir(parents=True)
    (tmp_path / "package" / "static" / "built" / "app.css").touch()
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "staticfiles.json").touch()
    keys.ensure()
    call_command("createcachetable", verbosity=0)
    yield tmp_path
    keys.forget()


def examine(**wishes) -> list[diagnosis.Finding]:
    return diagnosis.examine(diagnosis.Wishes(now=timezone.now(), **wishes))


def faults(check: str, **wishes) -> list[diagnosis.Finding]:
    """Faults of one check; there are none of any other."""
    found = [each for each in examine(**wishes) if each.state == "fault"]
    assert all(each.check == check for each in found), found
    assert all(each.remedy for each in found), "a fault says how it is mended"
    return found


def entry(**fields) -> Entry:
    return Entry.objects.create(
        **{"at": timezone.now(), "event": "a.b.c", "subject_kind": "a.b", "subject_id": "1", **fields}
    )


def test_a_healthy_district_has_no_fault():
    entry()
    sealing.seal(now=timezone.now())
    findings = examine(every_file=True)
    assert diagnosis.worst(findings) in {"ok", "note", "warning"}, findings
    assert {each.check for each in findings} == set(diagnosis.CHECKS)


def test_an_absent_guard_is_found_and_mended():
    with connection.cursor() as cursor:
        suffix = " ON ledger_entry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER guard_ledger_entry_kept_delete{suffix}")
    (fault,) = faults("guards")
    assert "ledger_entry_kept" in fault.text and "absent" in fault.text and "--mend" in fault.remedy
    with pytest.raises(startup.Unfit, match="--mend"):
        startup.refuse_if_unfit()
    assert any("ledger_entry_kept" in sentence for sentence in diagnosis.mend())
    assert faults("guards") == []
    startup.refuse_if_unfit()


@pytest.mark.skipif(connection.vendor == "postgresql", reason="an exclusion constraint lets nothing in")
def test_rows_that_break_a_guard_are_found():
    from datetime import date

    from tests.apps.guards.sample.models import Booking

    with guards.lowered(connection):
        for _twice in range(2):
            Booking.objects.create(room=1, starts_on=date(2014, 1, 1))
    (fault,) = faults("guards")
    assert "1 rows break guard sample_booking" in fault.text


def test_pending_migrations_are_found(monkeypatch):
    monkeypatch.setattr(startup, "pending_migrations", lambda: ["bodies.0009_more"])
    (fault,) = faults("migrations")
    assert "bodies.0009_more" in fault.text
    with pytest.raises(startup.Unfit, match="hatchline up"):
        startup.refuse_if_unfit()


def test_a_lost_cache_table_is_found_and_made():
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE hatchline_cache")
    assert len(faults("cache")) == 1
    diagnosis.mend()
    assert faults("cache") == []


def test_keys_open_to_others_are_found_and_closed(home):
    (home / "keys" / "personal-k1.key").chmod(0o644)
    assert "read by others" in faults("keys")[0].text
    diagnosis.mend()
    assert faults("keys") == []


def test_a_lost_key_is_found_and_never_made_up(home):
    Contact.objects.create(phone="13800138000")
    (home / "keys" / "personal-k1.key").unlink()
    assert faults("keys")
    diagnosis.mend()
    assert not (home / "keys" / "personal-k1.key").exists()


def test_keys_of_another_district_are_found(home):
    Contact.objects.create(phone="13800138000")
    for path in (home / "keys").iterdir():
        path.unlink()
    keys.ensure()
    (fault,) = faults("keys")
    assert "Contact.phone" in fault.text


@pytest.mark.parametrize(("free", "state"), [(10, "fault"), (500, "warning"), (5000, "ok")])
def test_little_room_on_the_disk_is_told(monkeypatch, free, state):
    monkeypatch.setattr(diagnosis.shutil, "disk_usage", lambda _path: SimpleNamespace(free=free * 1024 * 1024))
    assert [each.state for each in examine() if each.check == "disk"] == [state]


def test_work_nobody_does_and_work_that_failed_are_told():
    now = timezone.now()
    Job.objects.create(task="a.failed", status="failed", added_at=now, due_at=now)
    (warning,) = [each for each in examine() if each.check == "outbox" and each.state == "warning"]
    assert "a.failed" in warning.text
    Job.objects.create(task="a.waits", added_at=now, due_at=now - timedelta(hours=3))
    (fault,) = faults("outbox")
    assert "3 hours" in fault.text and "hatchline worker" in fault.remedy


def test_unsealed_is_a_note_then_a_warning_and_altered_is_a_fault():
    row = entry()
    assert [each.state for each in examine() if each.check == "ledger"] == ["note", "ok"]
    old = entry(at=timezone.now() - timedelta(hours=1))
    with guards.lowered(connection):
        Entry.objects.filter(pk=row.pk).delete()
    assert [each.state for each in examine() if each.check == "ledger"] == ["warning", "ok"]
    sealing.seal(now=timezone.now())
    assert [each.state for each in examine() if each.check == "ledger"] == ["ok"]
    with guards.lowered(connection):
        Entry.objects.filter(pk=old.pk).update(by_id=7)
    (fault,) = faults("ledger")
    assert "altered" in fault.text


def test_the_head_of_a_slip_is_compared():
    entry()
    sealing.seal(now=timezone.now())
    assert faults("ledger", heads=(ledger.sealed_head(),)) == []
    (fault,) = faults("ledger", heads=("1:" + "0" * 64,))
    assert "slip" in fault.text


def test_altered_and_lost_files_are_found():
    subject = Verdict.objects.create(outcome="yes")
    upload = SimpleUploadedFile("a.csv", b"a,b\n")
    file = files.store(upload, name="a.csv", subject=subject, by=None, now=timezone.now())
    path = stored.path(file)
    path.chmod(0o600)
    path.write_bytes(b"a,c\n")
    assert "altered" in faults("files", every_file=True)[0].text
    path.unlink()
    assert "absent" in faults("files")[0].text
    files.store(io.BytesIO(b"a,b\n"), name="a.csv", subject=subject, by=None, now=timezone.now())
    assert faults("files") == []


@pytest.mark.parametrize(
    "reached",
    [{"BIND": "0.0.0.0:8000"}, {"ADDRESS": "https://hatchline.example.org"}, {"ALLOWED_HOSTS": ["a.example.org"]},
     {"ALLOWED_HOSTS": ["*"]}, {"BIND": ":8000"}],
)  # fmt: skip
def test_demonstration_accounts_are_refused_where_others_can_reach_them(settings, reached):
    for name, value in reached.items():
        setattr(settings, name, value)
    assert faults("accounts") == []
    Account.objects.create(username="demo", is_demonstration=True)
    (fault,) = faults("accounts")
    assert "1 demonstration account" in fault.text
    with pytest.raises(startup.Unfit, match="loopback"):
        startup.refuse_if_unfit()


def test_an_unbuilt_front_end_is_found(settings):
    (Path(settings.PACKAGE) / "static" / "built" / "app.css").unlink()
    assert faults("front end")[0].remedy == "make up"


def test_a_clock_that_runs_behind_the_ledger_is_found():
    entry(at=timezone.now() + timedelta(days=2))
    assert "clock" in faults("time")[0].text


def test_debug_where_others_can_see_it(settings):
    settings.DEBUG, settings.BIND = True, "0.0.0.0:80"
    assert "HATCHLINE_DEBUG" in faults("settings")[0].text


def test_the_command_speaks_json_and_its_exit_code_can_be_trusted(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "start_django", lambda: None)
    done = CliRunner().invoke(doctor.command, ["--json"])
    assert (done.exit_code, json.loads(done.stdout)["mended"]) == (0, []), done.output
    with connection.cursor() as cursor:
        suffix = " ON ledger_entry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER guard_ledger_entry_kept_delete{suffix}")
    done = CliRunner().invoke(doctor.command, ["--json"])
    assert (done.exit_code, json.loads(done.stdout)["state"]) == (1, "fault")
    done = CliRunner().invoke(doctor.command, ["--mend"])
    assert (done.exit_code, "mended" in done.output) == (0, True), done.output
    assert CliRunner().invoke(doctor.command, ["--head", "nonsense"]).exit_code == 2
    other = tmp_path / "other.tar"
    other.write_bytes(b"not a tar")
    assert CliRunner().invoke(doctor.command, ["--backup", str(other)]).exit_code == 2

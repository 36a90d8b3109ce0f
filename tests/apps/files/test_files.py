"""Files are kept untouched, once, and what is not a whole honest document is refused in words."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from hatchline.apps import guards
from hatchline.apps.files import actions as files
from hatchline.apps.files import disk, kinds, queries, tasks
from hatchline.apps.files.models import Content, File
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.outbox.models import Job
from hatchline.apps.people.models import Account, Person, Role
from tests.apps.guards.sample.models import Verdict

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40 + b"IEND\xaeB`\x82"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
CSV = "名称,联系人\n某某孵化器,<script>\n".encode("gb18030")


@pytest.fixture(autouse=True)
def place(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def subject() -> Verdict:
    return Verdict.objects.create(outcome="yes")


def workbook() -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    book.add_worksheet().write(0, 0, "名称")
    book.close()
    return made.getvalue()


def zipped(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return made.getvalue()


def store(content: bytes, name: str, subject: Verdict, **options) -> File:
    return files.store(SimpleUploadedFile(name, content), name=name, subject=subject, by=None, now=NOW, **options)


def left_behind(place: Path) -> list[Path]:
    return [path for path in place.rglob("*") if path.is_file() and path.name != "lock"]


def test_a_file_is_kept_untouched_under_its_digest(subject, place):
    file = store(PDF, "营业执照.pdf", subject)
    assert file.sha256 == hashlib.sha256(PDF).hexdigest()
    assert queries.path(file).read_bytes() == PDF
    assert (file.size, file.media_type, file.name) == (len(PDF), "application/pdf", "营业执照.pdf")
    assert not os.access(queries.path(file), os.W_OK) or os.geteuid() == 0
    assert queries.path(file).stat().st_mode & 0o777 == 0o440
    assert queries.of(subject) == file
    (entry,) = ledger.about(file)
    assert (entry.event, entry.details["sha256"]) == ("files.file.stored", file.sha256)


def test_the_same_content_is_stored_once(subject, place):
    first, second = store(PDF, "a.pdf", subject), store(PDF, "b.pdf", subject)
    assert first.pk != second.pk and first.content_id == second.content_id
    assert len(left_behind(place)) == Content.objects.count() == 1


def test_content_that_went_bad_on_disk_is_put_right_by_the_next_copy(subject):
    file = store(PDF, "a.pdf", subject)
    path = queries.path(file)
    path.chmod(0o600)
    path.write_bytes(PDF[:-1] + b"!")
    assert any("altered" in fault for fault in queries.faults())
    path.unlink()
    assert any("absent" in fault for fault in queries.faults(sample=5))
    store(PDF, "b.pdf", subject)
    assert list(queries.faults()) == []
    assert queries.path(file).read_bytes() == PDF


TAKEN = {
    "list.csv": CSV,
    "list.txt": "名称\t地区\n".encode("utf-16"),
    "list.tsv": b"\xef\xbb\xbfa\tb\n",
    "book.xlsx": workbook(),
    "scan.png": PNG,
    "scan.JPG": b"\xff\xd8\xff\xe0" + b"0" * 30 + b"\xff\xd9",
    "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    "sheet.ods": zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_dot_xml=b"<a/>"),
    "公文.ofd": zipped(OFD_dot_xml=b"<a/>"),
    "没有后缀": PDF,
}


@pytest.mark.parametrize("name", TAKEN)
def test_documents_are_taken_for_what_they_are(subject, name):
    file = store(TAKEN[name], name, subject)
    assert file.media_type in kinds.SERVED
    assert queries.path(file).read_bytes() == TAKEN[name]


REFUSED = [
    ("logo.png", HTML, "kind_refused"),
    ("page.html", HTML, "kind_refused"),
    ("logo.svg", SVG, "kind_refused"),
    ("list.csv", b"\xef\xbb\xbf " + HTML, "kind_refused"),
    ("list.txt", b"\xff\xfe" + HTML.decode().encode("utf-16-le"), "kind_refused"),
    ("tool.exe", b"MZ\x90\x00\x03\x00\x00\x00", "kind_refused"),
    ("tool.pdf", b"MZ\x90\x00\x03\x00\x00\x00", "kind_refused"),
    ("tool.txt", b"\x7fELF\x02\x01\x01\x00", "kind_refused"),
    ("archive.xlsx", zipped(a_dot_txt=b"x"), "kind_refused"),
    ("scan.pdf", PNG, "name_lies"),
    ("run.bat", b"echo hello", "name_lies"),
    ("script.js", b"alert(1)", "name_lies"),
    ("book.xls", workbook(), "name_lies"),
    ("macro.xlsx", zipped(xl__workbook_dot_xml=b"<a/>", xl__vbaProject_dot_bin=b"x"), "macros"),
    ("cut.xlsx", workbook()[:-200], "incomplete"),
    ("cut.png", PNG[:-12], "incomplete"),
    ("cut.pdf", PDF[:-8], "incomplete"),
    ("empty.csv", b"", "empty_file"),
]


@pytest.mark.parametrize(("name", "content", "code"), REFUSED, ids=[f"{name} {code}" for name, _c, code in REFUSED])
def test_what_is_refused_says_why_and_leaves_nothing(subject, place, name, content, code):
    with pytest.raises(files.UnableToStore) as refused:
        store(content, name, subject)
    assert refused.value.refusal.code == code
    assert str(refused.value.refusal.message) and str(refused.value.refusal.hint)
    assert left_behind(place) == []
    assert not File.objects.exists()


def test_only_the_kinds_that_were_asked_for(subject):
    with pytest.raises(files.UnableToStore):
        store(PDF, "a.pdf", subject, accept=kinds.LISTS)
    store(CSV, "a.csv", subject, accept=kinds.LISTS)


def test_a_file_too_large_is_refused_while_it_comes_in(subject, place):
    came = []

    class Endless:
        def read(self, size):
            came.append(size)
            return b"x" * size

    with pytest.raises(files.UnableToStore) as refused:
        files.store(Endless(), name="a.txt", subject=subject, by=None, now=NOW, limit=3 * 1024 * 1024)
    assert refused.value.refusal.code == "too_large"
    assert "3 MB" in str(refused.value.refusal.message)
    assert len(came) == 4, "reading stops at the limit"
    assert left_behind(place) == []


def test_an_upload_that_was_cut_on_its_way_is_refused(subject, place):
    upload = SimpleUploadedFile("a.csv", CSV)
    upload.size = len(CSV) + 10  # what its sender announced
    with pytest.raises(files.UnableToStore) as refused:
        files.store(upload, name="a.csv", subject=subject, by=None, now=NOW)
    assert refused.value.refusal.code == "incomplete"
    assert left_behind(place) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_and_nothing_is_lost(subject, place, monkeypatch, number):
    kept = store(PDF, "before.pdf", subject)

    def full(_handle):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(files.UnableToStore) as refused:
            store(CSV, "list.csv", subject)
    assert refused.value.refusal.code == "disk_full"
    assert left_behind(place) == [queries.path(kept)]
    assert list(File.objects.all()) == [kept]
    store(CSV, "list.csv", subject)


def test_the_last_bytes_are_left_to_the_database(subject, place, monkeypatch):
    monkeypatch.setattr(disk, "free", lambda: disk.RESERVE - 1)
    with pytest.raises(files.UnableToStore) as refused:
        store(CSV, "list.csv", subject)
    assert refused.value.refusal.code == "disk_full"


def test_another_fault_of_the_disk_is_not_hidden(subject, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _handle: (_ for _ in ()).throw(OSError(errno.EIO, "bad sector")))
    with pytest.raises(OSError, match="bad sector"):
        store(CSV, "list.csv", subject)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\名单.txt", "名单.txt"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("🐣" * 300 + ".txt", "🐣" * 196 + ".txt"),
    ],
)
def test_names_are_data(subject, given, kept):
    assert files.store(io.BytesIO(b"text"), name=given, subject=subject, by=None, now=NOW).name == kept


def test_the_database_keeps_what_a_file_is(subject):
    store(PDF, "a.pdf", subject)
    for change in ({"sha256": "0" * 64}, {"size": 1}, {"by_id": 7}):
        with pytest.raises(guards.Violated), transaction.atomic():
            File.objects.update(**change)
    with pytest.raises(guards.Violated), transaction.atomic():
        File.objects.all().delete()
    with pytest.raises(guards.Violated), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE files_content SET sha256 = 'x'")


def test_withdrawn_files_are_shown_to_nobody(subject):
    file = store(PDF, "a.pdf", subject)
    files.withdraw(file, by=None, now=NOW)
    assert not queries.all_of(subject).exists()
    with pytest.raises(queries.FileGone):
        queries.of(subject)
    with pytest.raises(files.Refused):
        files.withdraw(file, by=None, now=NOW)


def test_erasing_removes_bytes_once_nobody_else_has_them(subject):
    first, second = store(PDF, "a.pdf", subject), store(PDF, "b.pdf", subject)
    path = queries.path(first)
    files.erase(first, by=None, now=NOW, reason="本人要求")
    first.refresh_from_db()
    assert (first.status, first.name, first.content) == ("erased", "", None)
    assert first.sha256 == hashlib.sha256(PDF).hexdigest()
    run_jobs()
    assert path.exists()
    files.erase(second, by=None, now=NOW, reason="本人要求")
    run_jobs()
    assert not path.exists() and not Content.objects.exists()
    with pytest.raises(queries.FileGone):
        queries.path(first)


def run_jobs() -> None:
    for job in Job.objects.filter(status="waiting"):
        tasks.forget(now=NOW, **job.arguments)
        Job.objects.filter(pk=job.pk).update(status="done")


def test_what_broken_off_uploads_left_is_swept_away_after_a_day(subject, place):
    file = store(PDF, "a.pdf", subject)
    half, orphan = disk.incoming() / "1-half", disk.place("ab" + "0" * 62)
    orphan.parent.mkdir(exist_ok=True)
    for path in (half, orphan):
        path.write_bytes(b"half")
    tasks.sweep(now=datetime.now(UTC))
    assert half.exists() and orphan.exists()
    tasks.sweep(now=datetime.now(UTC) + timedelta(days=2))
    assert left_behind(place) == [queries.path(file)]


# Who is handed what


def client(kind: str, name: str) -> tuple[Client, Person]:
    person = Person.objects.create(name=name)
    account = Account.objects.create_user(name, "a long enough password", person=person)
    Role.objects.create(person=person, kind=kind, starts_on=date(2011, 1, 1))
    made = Client()
    made.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return made, person


def test_a_file_comes_as_an_attachment_that_no_browser_runs(subject):
    mine, person = client("manager", "uploader")
    file = files.store(io.BytesIO(CSV), name="名单.csv", subject=subject, by=person, now=NOW)
    response = mine.get(f"/files/{file.pk}/")
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == CSV
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "text/plain"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]


def test_a_file_is_not_there_for_those_who_may_not_see_its_subject(subject, monkeypatch):
    _mine, person = client("manager", "uploader")
    file = files.store(io.BytesIO(CSV), name="名单.csv", subject=subject, by=person, now=NOW)
    for kind in ("administrator", "official", "auditor", "founder"):
        other, _person = client(kind, kind)
        assert other.get(f"/files/{file.pk}/").status_code == 404, kind
    assert Client().get(f"/files/{file.pk}/").status_code == 302
    assert other.get("/files/987654/").status_code == 404


def test_the_app_that_owns_the_subject_has_its_say(subject, monkeypatch):
    from hatchline.apps.files import policy

    asked = []

    def why_not_see_file(kind, pk, *, person, role):
        asked.append((kind, pk))
        return None if role.kind == "auditor" else policy.Refusal("no", "不行")

    monkeypatch.setattr(policy, "find_spec", lambda _name: True)
    monkeypatch.setattr(
        policy, "import_module", lambda _name: type("policy", (), {"why_not_see_file": why_not_see_file})
    )
    file = files.store(io.BytesIO(CSV), name="名单.csv", subject=subject, by=None, now=NOW)
    auditor, _person = client("auditor", "auditor")
    assert auditor.get(f"/files/{file.pk}/").status_code == 200
    official, _person = client("official", "official")
    assert official.get(f"/files/{file.pk}/").status_code == 404
    assert asked[0] == ("guard_sample.verdict", str(subject.pk))

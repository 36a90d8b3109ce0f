"""Partial dates keep their precision, personal values are ciphertext, keys rotate."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from hatchline.apps import columns
from hatchline.apps.columns import digests, encrypted, keys, partial_dates
from hatchline.core.values.dates import PartialDate, parse
from tests.apps.guards.sample.models import Contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.KEYS = tmp_path / "keys"
    keys.ensure()
    yield settings.KEYS
    keys.forget()


def kept(field: str = "phone") -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {field} FROM guard_sample_contact ORDER BY id")
        return cursor.fetchone()[0]


# Dates

WRITTEN = ["2014-06-05", "2014年6月", "2014", "2014-Q2", "2014年上半年", "Summer 2014", "41821", "约2013年", "不详",
           "至今", "", "2014年3月至2015年2月", "1990年代"]  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_a_date_comes_back_as_it_was_written(text):
    found = parse(text)
    assert isinstance(found, PartialDate)
    Contact.objects.create(opened=found)
    back = Contact.objects.get().opened
    assert back == found
    assert back.text == text


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("03/04/2014", {"order": "dmy"}),
        ("03/04/2014", {"order": "mdy"}),
        ("6月5日", {"year": 2014}),
        ("14-06-05", {"pivot": 2029}),
        ("41821", {"excel_epoch": 1904}),
    ],
)
def test_a_date_that_needed_help_to_be_read_comes_back_the_same(text, options):
    found = parse(text, **options)
    contact = Contact()
    columns.set(contact, "closed", found)
    contact.save()
    assert columns.get(Contact.objects.get(), "closed") == found


def test_three_columns_can_be_filtered_and_emptied():
    contact = Contact.objects.create(opened=parse("2014-Q2"))
    assert (contact.opened_on, contact.opened_before, contact.opened_text) == (
        date(2014, 4, 1),
        date(2014, 7, 1),
        "2014-Q2",
    )
    assert Contact.objects.filter(opened_on__gte=date(2014, 1, 1), opened_before__lte=date(2015, 1, 1)).exists()
    contact.opened = None
    contact.save()
    assert Contact.objects.get().opened.precision == "unknown"
    assert partial_dates.kept("opened", parse("2014")) == {
        "opened_on": date(2014, 1, 1), "opened_before": date(2015, 1, 1), "opened_text": "2014",
    }  # fmt: skip


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.text(max_size=20))
def test_columns_never_lie_about_the_days_whatever_the_text_says(first, last, text):
    first, last = sorted((first, last))
    if first == last:
        return
    found = partial_dates.read(first, last, text)
    assert (found.earliest, found.before) == (first, last)


def test_the_migration_sees_three_plain_columns():
    names = [field.name for field in Contact._meta.local_fields]
    assert [name for name in names if name.startswith("opened")] == ["opened_on", "opened_before", "opened_text"]


# Encrypted values


def test_the_database_sees_ciphertext_alone():
    Contact.objects.create(phone="13800138000", phone_digest=columns.digest("phone", "13800138000"))
    assert "13800138000" not in kept() and kept().startswith("k1:")
    assert Contact.objects.get().phone == "13800138000"
    assert Contact.objects.get(phone_digest=columns.digest("phone", "138-0013 8000")).phone == "13800138000"
    assert Contact.objects.values_list("phone", flat=True).get() == "13800138000"


def test_the_same_value_never_looks_the_same_and_empty_stays_empty():
    assert encrypted.encrypt("x", "phone") != encrypted.encrypt("x", "phone")
    Contact.objects.create(phone="")
    assert kept() == ""


def test_an_encrypted_column_cannot_be_searched():
    for lookup in ("phone", "phone__contains", "phone__in"):
        with pytest.raises(FieldError, match="digest"):
            Contact.objects.filter(**{lookup: ["1"] if lookup.endswith("in") else "1"}).exists()
    assert not Contact.objects.filter(phone__isnull=True).exists()


def test_a_value_that_was_altered_or_moved_is_not_read():
    value = encrypted.encrypt("13800138000", "phone")
    for wrong in (value[:-3] + ("AAA" if value[-3:] != "AAA" else "BBB"), value[:20], "k1:"):
        with pytest.raises(encrypted.Unreadable):
            encrypted.decrypt(wrong, "phone")
    with pytest.raises(encrypted.Unreadable):
        encrypted.decrypt(value, "id_number")


def test_rotation_keeps_old_values_readable_and_writes_them_anew(folder):
    Contact.objects.create(phone="13800138000")
    Contact.objects.create(phone="13900139000")
    keys.rotate()
    assert Contact.objects.order_by("pk").first().phone == "13800138000"
    Contact.objects.create(phone="13700137000")
    assert encrypted.key_ids(Contact, "phone") == {"k1": 2, "k2": 1}
    assert encrypted.write_anew(Contact, "phone", limit=1) == 1
    assert encrypted.write_anew(Contact, "phone") == 1
    assert encrypted.write_anew(Contact, "phone") == 0
    assert encrypted.key_ids(Contact, "phone") == {"k2": 3}
    (folder / "personal-k1.key").unlink()
    keys.forget()
    assert sorted(Contact.objects.values_list("phone", flat=True)) == ["13700137000", "13800138000", "13900139000"]


def test_without_its_key_a_value_says_which_key_to_bring(folder):
    Contact.objects.create(phone="13800138000")
    (folder / "personal-k1.key").rename(folder / "elsewhere")
    keys.forget()
    with pytest.raises(columns.KeyMissing, match=r"personal-k1\.key"):
        Contact.objects.get()
    with pytest.raises(columns.KeyMissing, match="hatchline up"):
        Contact.objects.create(phone="1")


def test_national_algorithms(settings, tmp_path):
    settings.KEYS = tmp_path / "national"
    keys.ensure(national=True)
    assert keys.current("personal").algorithm == "sm4-gcm"
    Contact.objects.create(phone="13800138000")
    assert Contact.objects.get().phone == "13800138000"
    assert columns.digest("phone", "1") == columns.digest("phone", "1")
    keys.forget()


def test_sm3_against_the_standard_vector():
    from cryptography.hazmat.primitives import hashes

    made = hashes.Hash(hashes.SM3())
    made.update(b"abc")
    assert made.finalize().hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


# Keys


def test_keys_are_made_once_readable_by_the_owner_alone(folder):
    made = sorted(path.name for path in folder.iterdir())
    assert made == ["digest-k1.key", "ledger-k1.key", "personal-k1.key"]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    before = {path: path.read_text() for path in folder.iterdir()}
    assert keys.ensure() == []
    assert before == {path: path.read_text() for path in folder.iterdir()}
    assert keys.problems() == []
    assert "secret" not in repr(keys.current("personal")) and keys.current("personal").secret.hex() not in repr(
        keys.current("personal")
    )


def test_what_is_wrong_with_keys_is_told(folder, settings):
    (folder / "personal-k1.key").chmod(0o644)
    assert any("chmod 600" in problem for problem in keys.problems())
    (folder / "digest-k1.key").unlink()
    assert any("no digest key" in problem for problem in keys.problems())
    (folder / "ledger-k1.key").write_text("nonsense")
    assert any("not a key file" in problem for problem in keys.problems())
    settings.MEDIA_ROOT = folder.parent
    assert any("backed up" in problem for problem in keys.problems())


def test_the_digest_key_is_not_rotated(folder):
    with pytest.raises(ValueError, match="not rotated"):
        keys.rotate("digest")


@pytest.mark.parametrize(("value", "shown"), [("13800138000", "138****8000"), ("123", "***"), ("12345678", "********")])
def test_masks(value, shown):
    assert columns.masked(value) == shown
    assert digests.plain(" １３８-0013 8000 ") == "13800138000"

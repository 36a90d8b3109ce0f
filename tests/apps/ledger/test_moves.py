"""What a move writes down, what it refuses and what never gets in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from hatchline.apps import guards
from hatchline.apps.ledger import actions as ledger
from hatchline.apps.ledger import queries
from hatchline.apps.ledger.models import Entry, ImportedRow
from hatchline.apps.outbox.models import Job
from hatchline.core.values.refusal import Refused

pytestmark = pytest.mark.django_db
NOW = datetime(2017, 7, 18, 9, 30, tzinfo=UTC)


def job(**fields) -> Job:
    return Job.objects.create(task="ledger.seal", added_at=NOW, due_at=NOW, **fields)


def test_a_move_says_who_what_when_and_sets_the_status():
    failed = job(status="failed")
    entry = ledger.move(
        failed, "retry", by=None, at=NOW, role_kind="administrator", on_behalf_of="x:1", details={"n": 1}
    )
    failed.refresh_from_db()
    assert failed.status == "waiting"
    assert (entry.event, entry.from_status, entry.to_status) == ("outbox.job.retried", "failed", "waiting")
    assert (entry.subject_kind, entry.subject_id, entry.details) == ("outbox.job", str(failed.pk), {"n": 1})
    assert list(queries.about(failed)) == [entry] == list(queries.history("outbox.job", failed.pk))
    assert queries.head() == entry.pk


def test_a_move_from_another_status_is_refused_in_words():
    with pytest.raises(Refused) as refused:
        ledger.move(job(), "retry", by=None, at=NOW)
    assert refused.value.refusal.code == "wrong_status"
    assert "retry" not in str(refused.value) and str(refused.value).strip()
    assert not Entry.objects.exists()


def test_a_row_that_changed_since_it_was_read_is_not_moved():
    failed = job(status="failed")
    Job.objects.filter(pk=failed.pk).update(status="done")
    with pytest.raises(Refused) as refused:
        ledger.move(failed, "retry", by=None, at=NOW)
    assert refused.value.refusal.code == "changed_meanwhile"


@pytest.mark.parametrize(
    "value",
    ["13800138000", "电话 13800138000", "a.person@example.org", "11010519491231002X", {"in": ["18612345678"]}],
)
def test_personal_values_stay_out(value):
    with pytest.raises(Refused) as refused:
        ledger.move(job(status="failed"), "retry", by=None, at=NOW, details={"code": "x", "reason": value})
    assert (refused.value.refusal.code, refused.value.refusal.field) == ("personal", "reason")
    assert not Entry.objects.exists()


@pytest.mark.parametrize("value", ["91110105MA0012345X", "2014-06", "0123456789abcdef" * 4, 13, None, ["110105"]])
def test_codes_and_keys_get_in(value):
    ledger.move(job(status="failed"), "retry", by=None, at=NOW, details={"x": value})


def test_a_personal_value_leaves_a_salted_digest():
    first, second = ledger.personal("13800138000"), ledger.personal("138 0013 8000")
    assert first != second
    assert ledger.was(first, "138-0013-8000") and ledger.was(second, "13800138000")
    assert not ledger.was(first, "13800138001")
    assert "13800138000" not in first
    ledger.move(job(status="failed"), "retry", by=None, at=NOW, details={"before": first})


def test_a_look_at_a_full_value_is_written_down():
    row = job()
    entry = ledger.look(row, "phone", by=None, at=NOW, role_kind="official", reason="call")
    assert (entry.event, entry.details) == ("outbox.job.looked", {"field": "phone", "reason": "call"})


def test_an_import_is_one_move_with_its_rows_beside_it():
    entry = ledger.move(job(status="failed"), "retry", by=None, at=NOW)
    count = ledger.import_rows(
        entry,
        [
            ("Sheet1!2", "created", "bodies.organisation", 7),
            ledger.Row("Sheet1!3", "rejected", details={"code": "date"}),
        ],
    )
    assert count == 2
    assert Entry.objects.count() == 1
    assert list(queries.rows_of(entry).values_list("place", "outcome", "subject_id")) == [
        ("Sheet1!2", "created", "7"),
        ("Sheet1!3", "rejected", ""),
    ]


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_importedrow", "ledger_seal"])
def test_the_database_forbids_altering_and_deleting(table):
    from hatchline.apps.ledger import sealing

    entry = ledger.move(job(status="failed"), "retry", by=None, at=NOW)
    ledger.import_rows(entry, [("2", "created")])
    sealing.seal(now=NOW)
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id + 1000"):
        with pytest.raises(guards.Violated), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(guards.Violated), transaction.atomic():
        ImportedRow.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written():
    row = job(status="failed")
    with pytest.raises(RuntimeError):
        ledger.move(row, "retry", by=None, at=NOW)
    assert not Entry.objects.exists()

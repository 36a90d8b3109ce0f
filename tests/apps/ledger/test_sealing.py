"""Seals tell what is not sealed yet from what was altered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from hatchline.apps import guards
from hatchline.apps.ledger import actions as ledger
from hatchline.apps.ledger import queries, sealing
from hatchline.apps.ledger.models import Entry, ImportedRow, Seal

pytestmark = pytest.mark.django_db
NOW = datetime(2017, 7, 18, 9, 30, tzinfo=UTC)


def write(count: int = 3, **fields) -> list[Entry]:
    made = [
        Entry(at=NOW + timedelta(seconds=n), event="bodies.organisation.registered", subject_kind="bodies.organisation",
              subject_id=str(n), details={"名": n, "a": [1.5, None]}, **fields)
        for n in range(count)
    ]  # fmt: skip
    return [each for each in made if not each.save()]


def test_sealing_chains_batches_and_leaves_nothing_behind(monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 4)
    entries = write(10)
    ledger.import_rows(entries[0], [(str(n), "created") for n in range(3)])
    before = sealing.verify()
    assert (before.unsealed_rows, before.seals, before.broken, before.head) == (13, 0, [], "")
    assert sealing.seal(now=NOW) == 13
    assert sealing.seal(now=NOW) == 0
    after = sealing.verify()
    assert (after.unsealed_rows, after.sealed_rows, after.seals, after.broken) == (0, 13, 4, [])
    assert after.head == queries.sealed_head() == str(Seal.objects.get(number=4))
    numbers = [(seal.number, seal.previous) for seal in Seal.objects.order_by("number")]
    assert numbers[0] == (1, "")
    assert [previous for _n, previous in numbers[1:]] == list(
        Seal.objects.order_by("number").values_list("digest", flat=True)[:3]
    )
    assert queries.seal_of(entries[-1]).number == 3


def test_unsealed_is_not_broken():
    write()
    sealing.seal(now=NOW)
    write()
    found = sealing.verify()
    assert (found.unsealed_rows, found.broken) == (3, [])


CHANGES = {
    "a detail": lambda: Entry.objects.filter(subject_id="1").update(details={"名": 1, "a": [1.6, None]}),
    "who": lambda: Entry.objects.filter(subject_id="1").update(by_id=7),
    "when": lambda: Entry.objects.filter(subject_id="1").update(at=NOW),
    "a row gone": lambda: Entry.objects.filter(subject_id="2", pk=Entry.objects.order_by("-pk")[3].pk).delete(),
    "an import's row": lambda: ImportedRow.objects.update(outcome="updated"),
    "a seal's digest": lambda: Seal.objects.filter(number=1).update(digest="0" * 64),
    "a seal gone": lambda: Seal.objects.filter(number=1).delete(),
    "a seal's rows": lambda: Seal.objects.filter(number=1).update(covers="1-1", rows=1),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_altered_after_sealing_is_found(change):
    entries = write()
    ledger.import_rows(entries[0], [("2", "created")])
    sealing.seal(now=NOW)
    write()
    sealing.seal(now=NOW)
    assert sealing.verify().broken == []
    with guards.lowered(connection):
        assert CHANGES[change]()
        found = sealing.verify()
    assert found.broken, change
    assert all(each.text for each in found.broken)


def test_a_chain_that_was_cut_and_forged_anew_is_caught_by_a_slip():
    write()
    sealing.seal(now=NOW)
    write()
    sealing.seal(now=NOW)
    head = queries.sealed_head()
    number, _sign, mark = head.partition(":")
    assert sealing.verify(heads=[head, f"{number}: {mark[:8]} {mark[8:16]}"]).broken == []
    with guards.lowered(connection):
        Entry.objects.filter(subject_id="1").update(by_id=7)
        Seal.objects.all().delete()
        sealing.seal(now=NOW)
        assert sealing.verify().broken == [], "the forged chain is whole in itself"
        forged = sealing.verify(heads=[head])
    assert [each.why for each in forged.broken] == ["absent"]
    with pytest.raises(ValueError, match="number:digest"):
        sealing.verify(heads=["12:abc"])


@pytest.mark.parametrize("thorough", [True, False])
def test_a_row_committed_late_is_sealed_with_a_later_batch(thorough):
    entries = write(6)
    late = entries[2]
    with guards.lowered(connection):
        Entry.objects.filter(pk=late.pk).delete()
    assert sealing.seal(now=NOW) == 5
    assert sealing.verify().unsealed_rows == 0
    late.save(force_insert=True)
    assert sealing.verify().unsealed_rows == 1
    assert sealing.seal(now=NOW, thorough=thorough) == 1
    found = sealing.verify()
    assert (found.unsealed_rows, found.sealed_rows, found.broken) == (0, 6, [])
    assert queries.seal_of(late).covers == str(late.pk)


def test_the_slip_of_a_day():
    zone = ZoneInfo("Asia/Shanghai")
    day = date(2017, 7, 18)
    yesterday = datetime(2017, 7, 17, 15, 59, tzinfo=UTC)  # 23:59 in Beijing
    Entry.objects.create(at=yesterday, event="a.b.c", subject_kind="a.b", subject_id="1")
    entries = write(3, by_id=5)
    ledger.import_rows(entries[0], [("2", "created")])
    sealing.seal(now=NOW)
    write(1)
    slip = queries.slip(day, zone=zone, now=NOW)
    assert (slip.entries, slip.people, slip.imported_rows, slip.unsealed) == (4, 1, 1, 1)
    assert slip.by_event == (("bodies.organisation.registered", 4),)
    assert slip.head == queries.sealed_head()
    assert "".join(slip.digest_groups) == slip.head_digest and len(slip.digest_groups) == 8
    empty = queries.slip(date(2017, 7, 16), zone=zone, now=NOW)
    assert (empty.entries, empty.head) == (0, "")


@given(st.sets(st.integers(1, 400), min_size=1))
def test_runs_of_numbers_read_back(numbers):
    runs = sealing.ranges(sorted(numbers))
    assert sealing.read(sealing.written(runs)) == runs
    assert {n for first, last in runs for n in range(first, last + 1)} == numbers
    missing = {n for first, last in sealing.gaps(runs) for n in range(first, last + 1)}
    assert missing == set(range(min(numbers), max(numbers))) - numbers
    assert all(sealing.holds(runs, n) == (n in numbers) for n in range(402))

"""Several sealers and writers at once: every row is sealed once, and the chain is whole."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import connections, transaction

from hatchline.apps.ledger import sealing
from hatchline.apps.ledger.models import Entry, Seal

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
NOW = datetime(2017, 7, 18, 9, 30, tzinfo=UTC)
WRITERS, SEALERS, ROWS = 3, 3, 40


def test_sealers_race_writers():
    writing = threading.Semaphore(0)
    faults: list[Exception] = []

    def write() -> None:
        for number in range(ROWS):
            with transaction.atomic():
                Entry.objects.create(at=NOW, event="a.b.c", subject_kind="a.b", subject_id=str(number))
            if number % 7 == 0:
                try:
                    with transaction.atomic():
                        Entry.objects.create(at=NOW, event="a.b.undone", subject_kind="a.b", subject_id=str(number))
                        raise ZeroDivisionError
                except ZeroDivisionError:
                    pass
        writing.release()

    def seal() -> None:
        for _round in range(15):
            sealing.seal(now=NOW)

    def guarded(act) -> None:
        try:
            act()
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guarded, args=(act,)) for act in [write] * WRITERS + [seal] * SEALERS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    sealing.seal(now=NOW, thorough=True)
    found = sealing.verify()
    assert (found.broken, found.unsealed_rows, found.sealed_rows) == ([], 0, WRITERS * ROWS)
    numbers = [
        pk for seal in Seal.objects.all() for first, last in sealing.read(seal.covers) for pk in range(first, last + 1)
    ]
    assert len(numbers) == len(set(numbers)) == WRITERS * ROWS

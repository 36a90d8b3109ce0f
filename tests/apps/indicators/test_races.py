"""What is kept while others write."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from tests.apps.indicators.conftest import keep, place, read, recognise

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_figure_kept_while_a_verb_is_under_way_is_not_taken_for_valid(plan, divisions):
    recognise(place("一", divisions), given="2013-05-01")
    keep()
    assert read("institutions").value == 1
    wrote, kept = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            recognise(place("二", divisions), given="2013-05-01")
            wrote.set()
            kept.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    wrote.wait(20)
    if connection.vendor == "postgresql":  # SQLite lets nobody else write
        place("三", divisions)  # its rows are numbered later and there sooner
        keep()
    kept.set()
    thread.join()
    keep()
    assert read("institutions").value == 2

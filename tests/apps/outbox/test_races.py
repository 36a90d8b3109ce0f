"""Work asked for while a worker looks for work."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from hatchline.apps.outbox import actions as outbox
from hatchline.apps.outbox import registry, worker
from hatchline.apps.outbox.models import Job

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2017, 7, 18, 9, 30, tzinfo=UTC)


def test_what_a_transaction_asks_for_is_not_done_before_it_commits(monkeypatch):
    """The job waits already; whoever changed something meanwhile counts on it being done afterwards."""
    seen: list[int] = []
    monkeypatch.setattr(
        registry, "EXTRA", {"test.rebuild": lambda *, now: seen.append(Job.objects.filter(task="test.mark").count())}
    )
    outbox.add("test.rebuild", now=NOW, once_key="all")
    tried = threading.Event()

    def work() -> None:
        try:
            worker.work_one(name="a", clock=lambda: NOW)
        finally:
            tried.set()
            connection.close()

    thread = threading.Thread(target=work)
    with transaction.atomic():
        Job.objects.create(task="test.mark", status="failed", added_at=NOW, due_at=NOW)
        outbox.add("test.rebuild", now=NOW, once_key="all")
        thread.start()
        tried.wait(2)  # on SQLite it waits for this transaction, on PostgreSQL it finds the job held
    thread.join()
    while worker.work_one(name="b", clock=lambda: NOW):
        pass
    assert seen and seen[-1] == 1

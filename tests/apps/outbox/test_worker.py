"""Work is leased, done or put off, and what fails is listed."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from hatchline.apps.ledger import queries as ledger
from hatchline.apps.outbox import actions as outbox
from hatchline.apps.outbox import queries, registry, tasks, worker
from hatchline.apps.outbox.models import Job
from hatchline.core.values.refusal import Refusal, Refused

pytestmark = pytest.mark.django_db
NOW = datetime(2017, 7, 18, 9, 30, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def done(monkeypatch) -> list:
    """What test.note was called with; test.fail raises, test.refuse is refused."""
    calls: list = []

    def fail(*, now, **keys):
        calls.append(keys)
        raise OSError("the printer is on fire")

    def refuse(*, now, **keys):
        raise Refused(Refusal("too_late", "已经截止"))

    made = {"test.note": lambda *, now, **keys: calls.append(keys), "test.fail": fail, "test.refuse": refuse}
    monkeypatch.setattr(registry, "EXTRA", made)
    return calls


def test_work_is_done_once_in_the_order_it_is_due(clock, done):
    outbox.add("test.note", now=NOW, due_at=NOW + timedelta(hours=1), n=3)
    outbox.add("test.note", now=NOW, n=1)
    outbox.add("test.note", now=NOW, n=2)
    tally = worker.run(name="a", clock=clock, stop=threading.Event(), once=True)
    assert (done, tally.done) == ([{"n": 1}, {"n": 2}], 2)
    clock.pass_by(hours=2)
    worker.run(name="a", clock=clock, stop=threading.Event(), once=True)
    assert done[-1] == {"n": 3}
    assert set(Job.objects.values_list("status", flat=True)) == {"done"}
    assert not worker.work_one(name="a", clock=clock)


def test_a_verb_that_is_rolled_back_leaves_no_work(done):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.add("test.note", now=NOW)
        raise ZeroDivisionError
    assert not Job.objects.exists()


def test_failures_are_put_off_with_growing_pauses_and_then_listed(clock, done):
    job = outbox.add("test.fail", now=NOW, n=1)
    pauses = []
    for attempt in range(1, worker.ATTEMPTS + 1):
        assert worker.work_one(name="a", clock=clock)
        job.refresh_from_db()
        assert job.attempts == attempt
        if job.status == "waiting":
            pauses.append(job.due_at - clock.now)
            assert not worker.work_one(name="a", clock=clock), "not before the pause is over"
            clock.now = job.due_at
    assert len(done) == worker.ATTEMPTS
    assert pauses == sorted(set(pauses)) and pauses[0] == timedelta(seconds=10)
    assert list(queries.failures()) == [job]
    assert "printer is on fire" in job.problem
    assert queries.health(clock.now).failed == 1


def test_a_refusal_fails_at_once(clock, done):
    job = outbox.add("test.refuse", now=NOW)
    worker.work_one(name="a", clock=clock)
    job.refresh_from_db()
    assert (job.status, job.attempts) == ("failed", 1)
    assert "too_late" in job.problem


def test_an_administrator_retries_or_drops_and_the_ledger_says_so(clock, done):
    job = outbox.add("test.fail", now=NOW)
    with pytest.raises(Refused):
        outbox.retry(job, by=None, now=NOW)
    Job.objects.update(status="failed", attempts=8)
    outbox.retry(job, by=None, now=NOW)
    job.refresh_from_db()
    assert (job.status, job.attempts) == ("waiting", 0)
    worker.work_one(name="a", clock=clock)
    Job.objects.update(status="failed")
    with pytest.raises(Refused) as refused:
        outbox.drop(job, by=None, now=NOW, reason=" ")
    assert refused.value.refusal.field == "reason"
    with pytest.raises(Refused) as refused:
        outbox.drop(job, by=None, now=NOW, reason="问过 13800138000")
    assert refused.value.refusal.code == "personal"
    outbox.drop(job, by=None, now=NOW, reason="没有打印机了")
    assert [each.event for each in ledger.about(job)] == ["outbox.job.dropped", "outbox.job.retried"]
    assert list(queries.failures()) == []


def test_work_asked_for_twice_waits_once(clock, done):
    first = outbox.add("test.note", now=NOW, once_key="x")
    assert outbox.add("test.note", now=NOW, once_key="x") == first
    assert outbox.add("test.note", now=NOW, once_key="y") != first
    worker.work_one(name="a", clock=clock)
    assert outbox.add("test.note", now=NOW, once_key="x") != first


def test_a_lease_keeps_others_away_until_it_passes(clock, done):
    job = outbox.add("test.note", now=NOW)
    assert worker.claim(name="a", now=clock()) == job
    assert worker.claim(name="b", now=clock()) is None
    assert queries.health(clock()).running == 1
    clock.pass_by(seconds=61)
    taken = worker.claim(name="b", now=clock())
    assert (taken, taken.attempts, taken.leased_by) == (job, 2, "b")


def test_a_worker_that_lost_its_lease_does_not_overwrite_the_other(clock, monkeypatch):
    def slow(*, now):
        clock.pass_by(seconds=61)
        assert worker.claim(name="b", now=clock()) is not None

    monkeypatch.setattr(registry, "EXTRA", {"test.slow": slow})
    job = outbox.add("test.slow", now=NOW)
    worker.work_one(name="a", clock=clock)
    job.refresh_from_db()
    assert (job.status, job.leased_by) == ("waiting", "b")


def test_work_that_kills_its_workers_fails_in_the_end(clock, done):
    job = outbox.add("test.note", now=NOW)
    for _attempt in range(worker.ATTEMPTS):
        assert worker.claim(name="a", now=clock()) == job
        clock.pass_by(seconds=61)
    assert worker.claim(name="a", now=clock()) is None
    job.refresh_from_db()
    assert job.status == "failed" and "died" in job.problem


def test_an_unknown_task_is_told_when_it_is_added():
    for name in ("outbox.nothing", "nowhere.task", "outbox._private"):
        with pytest.raises(registry.UnknownTask):
            outbox.add(name, now=NOW)


def test_chores_are_found_and_done(clock, done):
    assert registry.chores()["ledger.seal"] == 10
    for name in registry.chores():
        assert callable(registry.find(name))
    outbox.retry(Job.objects.create(task="test.note", status="failed", added_at=NOW, due_at=NOW), by=None, now=NOW)
    worker.run(name="a", clock=clock, stop=threading.Event(), once=True)
    assert ledger.sealed_head().startswith("1:")


def test_a_clock_that_is_set_back_does_not_hold_chores_up(clock, monkeypatch):
    sealed: list = []
    monkeypatch.setattr(registry, "EXTRA", {"test.chore": lambda *, now: sealed.append(now)})
    monkeypatch.setattr(registry, "chores", lambda: {"test.chore": 10})
    last: dict = {}
    worker._chores(last, clock)
    worker._chores(last, clock)
    assert len(sealed) == 1
    clock.pass_by(hours=-3)
    worker._chores(last, clock)
    assert len(sealed) == 2


def test_done_work_is_forgotten_after_a_month_and_failed_work_is_not(done):
    Job.objects.create(task="test.note", status="done", added_at=NOW, due_at=NOW, done_at=NOW)
    Job.objects.create(task="test.note", status="failed", added_at=NOW, due_at=NOW)
    tasks.forget_done(now=NOW + timedelta(days=29))
    assert Job.objects.count() == 2
    tasks.forget_done(now=NOW + timedelta(days=31))
    assert [job.status for job in Job.objects.all()] == ["failed"]


def test_health_tells_how_late_it_is(done):
    outbox.add("test.note", now=NOW)
    health = queries.health(NOW + timedelta(minutes=5))
    assert (health.waiting, health.running, health.failed, health.late) == (1, 0, 0, timedelta(minutes=5))
    assert queries.health(NOW - timedelta(minutes=5)).late is None

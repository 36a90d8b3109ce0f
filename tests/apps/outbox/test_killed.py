"""Real workers in processes of their own: killed in the middle, and racing each other."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from hatchline.apps.outbox import actions as outbox
from hatchline.apps.outbox import registry, worker
from hatchline.apps.outbox.models import Job
from tests.apps.guards.sample.models import Verdict

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[3]

WORKER = """
import sys, threading, time
import django
django.setup()
from django.db import connections
from django.utils import timezone
connections["default"].settings_dict["NAME"] = sys.argv[1]
from hatchline.apps.outbox import registry, worker
from tests.apps.guards.sample.models import Verdict

def half(*, now, n):
    Verdict.objects.create(outcome=f"{n}")  # commits, then the process dies before the job is marked done
    print("begun", flush=True)
    time.sleep(600)

def count(*, now, n):
    Verdict.objects.create(outcome=f"{n}")

registry.EXTRA.update({"test.half": half, "test.count": count})
registry.chores = dict
print("ready", flush=True)
sys.stdin.readline()
tally = worker.run(name=sys.argv[2], clock=timezone.now, stop=threading.Event(), once=True)
print(tally.done, flush=True)
"""


def start(name: str) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "hatchline.config.settings_test",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(connection.settings_dict["NAME"]), name],
        cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: subprocess.Popen[str]) -> None:
    process.stdin.write("go\n")
    process.stdin.flush()


@pytest.fixture
def known(monkeypatch):
    monkeypatch.setattr(registry, "EXTRA", {"test.half": finish, "test.count": finish})


def finish(*, now, n):
    """What the task does in the worker that takes over: safe to repeat."""
    Verdict.objects.get_or_create(outcome=f"{n}")


def test_a_killed_worker_loses_nothing_and_leaves_nothing_running(known):
    jobs = [outbox.add("test.half", now=timezone.now(), n=n) for n in range(2)]
    process = start("doomed")
    go(process)
    assert process.stdout.readline() == "begun\n"
    process.kill()
    process.wait()

    held = Job.objects.get(pk=jobs[0].pk)
    assert (held.status, held.leased_by, held.attempts) == ("waiting", "doomed", 1)
    assert worker.claim(name="next", now=timezone.now()).pk == jobs[1].pk, "the other piece goes on at once"

    later = timezone.now() + worker.LEASE + timedelta(seconds=5)
    tally = worker.run(name="next", clock=lambda: later, stop=threading.Event(), once=True)
    assert tally.done == 2
    assert sorted(Job.objects.values_list("status", "attempts")) == [("done", 2), ("done", 2)]
    assert sorted(Verdict.objects.values_list("outcome", flat=True)) == ["0", "1"], (
        "done at least once, repeated safely"
    )


def test_workers_in_processes_share_the_work_without_doing_any_twice(known):
    workers = [start(f"worker {number}") for number in range(3)]
    for n in range(60):
        outbox.add("test.count", now=timezone.now(), n=n)
    for process in workers:
        go(process)
    shares = [int(process.communicate()[0]) for process in workers]
    assert sum(shares) == 60
    assert Verdict.objects.count() == 60
    assert set(Job.objects.values_list("status", "attempts")) == {("done", 1)}


def test_the_lease_of_long_work_is_renewed(monkeypatch):
    monkeypatch.setattr(worker, "BEAT", 0.05)
    renewed = threading.Event()
    first = []

    def long(*, now, job):
        first.append(Job.objects.get(pk=job).leased_until)
        for _wait in range(600):
            if Job.objects.get(pk=job).leased_until > first[0]:
                renewed.set()
                return
            time.sleep(0.05)

    monkeypatch.setattr(registry, "EXTRA", {"test.long": long})
    job = outbox.add("test.long", now=timezone.now())
    Job.objects.filter(pk=job.pk).update(arguments={"job": job.pk})
    worker.work_one(name="a", clock=timezone.now)
    assert renewed.is_set()
    assert Job.objects.get(pk=job.pk).status == "done"

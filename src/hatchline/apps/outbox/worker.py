"""Doing the work. A job is leased, begun, and done or put off; whoever dies in between loses the lease, not the job.

Work is done at least once: a worker killed after the task's own commit and before the job is marked done leaves it to
be done again, so tasks are safe to repeat. The clock is handed in.
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import Error, close_old_connections, connection, connections, transaction

from hatchline.apps.outbox import queries, registry
from hatchline.apps.outbox.models import Job
from hatchline.core.values.refusal import Refused

log = logging.getLogger("hatchline.outbox")

LEASE = timedelta(seconds=60)
BEAT = 15.0  # seconds after which the lease of running work is renewed
ATTEMPTS = 8
PAUSES = [timedelta(seconds=seconds) for seconds in (10, 40, 160, 640, 2560, 10_240, 40_960)]  # to about 11 hours
IDLE = 1.0  # seconds between looks when nothing is due
TROUBLE = 5.0  # the same when the database does not answer

Clock = Callable[[], datetime]


@dataclass
class Tally:
    """What a run did: attempts that ended well, that are put off, and jobs that failed for good."""

    done: int = 0
    put_off: int = 0
    failed: int = 0


def run(*, name: str, clock: Clock, stop: threading.Event, once: bool = False) -> Tally:
    """Work until ``stop`` is set; with ``once`` until nothing is due. Chores (sealing …) are done in between."""
    tally, last = Tally(), {}  # type: tuple[Tally, dict[str, datetime]]
    while not stop.is_set():
        try:
            if not connection.in_atomic_block:
                close_old_connections()
            _chores(last, clock)
            worked = work_one(name=name, clock=clock, tally=tally)
        except Error:  # the database is away or locked: keep trying, the work waits
            if once:
                raise
            log.exception("the database does not answer; trying again")
            connections.close_all()
            stop.wait(TROUBLE)
            continue
        if not worked:
            if once:
                break
            stop.wait(IDLE)
    return tally


def work_one(*, name: str, clock: Clock, tally: Tally | None = None) -> bool:
    """Take the next job that is due and do it. Whether there was one."""
    tally = tally or Tally()
    job = claim(name=name, now=clock())
    if job is None:
        return False
    try:
        with _beating(job, name, clock):
            registry.find(job.task)(now=clock(), **job.arguments)
    except Refused as refused:  # the rules say no: they will say so again
        _settle(
            job,
            name,
            status=Job.Status.FAILED,
            problem=f"refused: {refused.refusal.code}: {refused}",
            leased_until=None,
        )
        tally.failed += 1
    except Exception as error:
        log.warning("%s (job %s) attempt %s: %s", job.task, job.pk, job.attempts, _told(error))
        if job.attempts >= ATTEMPTS or isinstance(error, registry.UnknownTask):
            _settle(job, name, status=Job.Status.FAILED, problem=_told(error), leased_until=None)
            tally.failed += 1
        else:
            pause = PAUSES[min(job.attempts, len(PAUSES)) - 1]
            _settle(job, name, due_at=clock() + pause, problem=_told(error), leased_until=None)
            tally.put_off += 1
    else:
        _settle(job, name, status=Job.Status.DONE, done_at=clock(), problem="", leased_until=None)
        tally.done += 1
    return True


def claim(*, name: str, now: datetime) -> Job | None:
    """Lease the next job that is due to this worker and count the attempt; None when there is none.

    Work whose workers died at every attempt fails here, so that it cannot kill workers for ever.
    """
    if not queries.due(now).exists():  # a look without a lock: idle workers leave the database alone
        return None
    while True:
        with transaction.atomic():
            skip = connection.features.has_select_for_update_skip_locked
            job = queries.due(now).select_for_update(skip_locked=skip).first()
            if job is None:
                return None
            if job.attempts >= ATTEMPTS:
                job.status, job.leased_until = Job.Status.FAILED, None
                job.problem = job.problem or "every worker that began it died before it was done"
                job.save(update_fields=["status", "leased_until", "problem"])
                continue
            job.attempts += 1
            job.leased_by, job.leased_until = name, now + LEASE
            job.save(update_fields=["attempts", "leased_by", "leased_until"])
            return job


def _settle(job: Job, name: str, **fields: object) -> None:
    """Write what became of it, unless the lease passed and the job is another's now."""
    mine = Job.objects.filter(pk=job.pk, leased_by=name, attempts=job.attempts, status=Job.Status.WAITING)
    if not mine.update(**fields):
        log.warning("%s (job %s) was taken over by another worker while it ran here", job.task, job.pk)


@contextmanager
def _beating(job: Job, name: str, clock: Clock) -> Iterator[None]:
    """Renew the lease from a thread for as long as the task runs."""
    over = threading.Event()

    def beat() -> None:
        try:
            while not over.wait(BEAT):
                try:
                    Job.objects.filter(pk=job.pk, leased_by=name, attempts=job.attempts).update(
                        leased_until=clock() + LEASE
                    )
                except Error:
                    log.warning("the lease of job %s could not be renewed; trying again", job.pk)
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"lease of {job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _chores(last: dict[str, datetime], clock: Clock) -> None:
    for task, seconds in registry.chores().items():
        now = clock()
        if task in last and timedelta(0) <= now - last[task] < timedelta(seconds=seconds):
            continue  # a clock that was set back does not hold chores up until it is there again
        last[task] = now
        try:
            registry.find(task)(now=now)
        except Error:
            raise
        except Exception:
            log.exception("%s failed; it is tried again in %s s", task, seconds)


def _told(error: BaseException) -> str:
    """An error in one line, with the place in our own code where it came from."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "hatchline" in frame.filename]
    place = f" ({frames[-1].filename.rpartition('hatchline/')[2]}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {str(error)[:500]}{place}"

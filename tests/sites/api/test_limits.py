"""Calls a minute: counted for each token, shared by all workers, told in words and seconds."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from hatchline.apps.people.roles import RoleKind
from tests.sites.api.conftest import Calls


@pytest.fixture(autouse=True)
def few(settings, monkeypatch):
    """Five calls a minute, and a clock that stands ten seconds into one."""
    settings.API_RATE = 5
    moment = timezone.now().replace(second=10, microsecond=0)
    monkeypatch.setattr(timezone, "now", lambda: moment)


def test_beyond_the_limit_a_call_waits(calls, world):
    call, other = calls(RoleKind.OFFICIAL), calls(RoleKind.OFFICIAL)
    answers = [call.get("/classifications") for _number in range(6)]
    assert [each.status_code for each in answers[:5]] == [200] * 5
    last = answers[-1]
    assert (last.status_code, last.json()["code"]) == (429, "too_many_calls")
    assert last.headers["Content-Type"] == "application/problem+json"
    assert last.headers["Retry-After"] == "50"
    assert other.get("/classifications").status_code == 200


def test_trying_tokens_in_bulk_is_stopped(world):
    codes = [Calls(f"hl_guess{number}").get("/me").status_code for number in range(7)]
    assert codes == [401] * 5 + [429] * 2


@pytest.mark.django_db(transaction=True)
def test_the_limit_holds_however_many_call_at_once(calls):
    call = calls(RoleKind.OFFICIAL)
    statuses: list[int] = []
    start = threading.Barrier(4)

    def work():
        start.wait()
        for _number in range(5):
            statuses.append(Calls(call.headers["Authorization"][7:]).get("/classifications").status_code)
        connection.close()

    workers = [threading.Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (statuses.count(200), statuses.count(429)) == (5, 15)

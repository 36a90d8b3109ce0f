"""The lists of organisations and ventures against Django admin's change lists; the first page against its limits.

100,000 organisations on SQLite, gunicorn with two sync workers. The three pages are asked for in turns, over and over,
after a warm-up; each figure is the median of its turns. A city of 2,000 institutions, 150,000 ventures and their stays
is made by `hatchline world`'s own functions, and 10 million values are put beside them; the first page is asked for
today and as of a month's end. The page that evaluates one institution is measured alone, with its queries, in a process
of its own: the least processor time of its requests, for an institution of ordinary size and for the largest. So is
the first opening of a matrix and of a what-if upon the facts that the worker keeps. ``--json`` prints one object a
line.
"""

from __future__ import annotations

import json
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import _district

TURNS, SECONDS, CLIENTS, WORKERS = 5, 2.0, 4, 2
PAGES = {
    "ours": "/console/organisations/?status=active&sort=-founded",
    "admin": "/bench/admin/bodies/organisation/?status__exact=active&o=-4",
    "empty": "/bench/empty/",
}
SIGN_IN = """
import django; django.setup()
from django.conf import settings
from django.test import Client
from hatchline.apps.people.models import Account, Person, Role
import datetime
account = Account.objects.filter(username="bench").first()
if account is None:
    person = Person.objects.create(name="计时员")
    account = Account.objects.create(username="bench", person=person, is_staff=True, is_superuser=True)
    Role.objects.create(person=person, kind="official", starts_on=datetime.date(2014, 1, 1))
client = Client()
client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
print(f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}")
"""


CITY_PAGES = {
    "ventures": "/console/ventures/?status=active&sort=name",
    "ventures admin": "/bench/admin/ventures/venture/?status__exact=active&o=1",
    "today": "/console/",
    "month end": "/console/?as_of=2017-06-30",
}
QUERIES, LIMIT = 15, 50
OPENED = ("what if over institutions", "then their matrix", "what if over ventures")
COUNTING = """
import django; django.setup()
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hatchline.apps.people.models import Account
client = Client()
client.force_login(
    Account.objects.get(username="bench"), backend="allauth.account.auth_backends.AuthenticationBackend"
)
for _time in range(2):
    with CaptureQueriesContext(connection) as counted:
        answer = client.get("/console/", headers={"host": "127.0.0.1"})
    assert answer.status_code == 200, answer.status_code
    print(len(counted))
"""


KEEPING = """
import datetime, time
import django; django.setup()
from django.utils import timezone
from hatchline.apps.indicators import actions
from hatchline.apps.indicators.models import Kept
gone = Kept.objects.filter(day=datetime.date(2017, 6, 30)).delete()[0]
began = time.process_time()
actions.keep(today=datetime.date(2017, 7, 18), now=timezone.now(), most=gone)
print(gone, time.process_time() - began)
"""
EVALUATING = """
import time
import django; django.setup()
from django.db.models import Count
from django.test import Client
from hatchline.apps.people.models import Account
from hatchline.apps.ventures.models import Stay
client = Client()
client.force_login(
    Account.objects.get(username="bench"), backend="allauth.account.auth_backends.AuthenticationBackend"
)
sizes = list(Stay.objects.order_by().values_list("institution").annotate(n=Count("pk")))
for pk, size in (min(sizes, key=lambda each: abs(each[1] - 36)), min(sizes, key=lambda each: abs(each[1] - 641))):
    page, took = f"/console/institutions/{pk}/rules/most-2018-300/", []
    for turn in range(40):
        began = time.process_time()
        answer = client.get(page, headers={"host": "127.0.0.1"})
        took.append(time.process_time() - began)
        assert answer.status_code == 200, answer.status_code
    print(size, min(took) * 1000)
"""
OPENING = """
import datetime, time
import django; django.setup()
from django.test import Client
from hatchline.apps.people.models import Account
from hatchline.journeys import kept
kept.refresh(datetime.date(2017, 7, 18))
client = Client()
client.force_login(
    Account.objects.get(username="bench"), backend="allauth.account.auth_backends.AuthenticationBackend"
)
client.get("/console/rules/", headers={"host": "127.0.0.1"})  # the documents themselves are read once in a process
for page in ("most-2018-300/whatif/", "most-2018-300/matrix/", "most-2017-115/whatif/"):
    began = time.process_time()
    answer = client.get(f"/console/rules/{page}", headers={"host": "127.0.0.1"})
    assert answer.status_code == 200, answer.status_code
    print(time.process_time() - began)
"""
COUNTED = """
import django; django.setup()
from hatchline.apps.institutions.models import Institution
from hatchline.apps.observations.models import Observation
from hatchline.apps.ventures.models import Stay, Venture
print(*(model._default_manager.count() for model in (Institution, Venture, Stay, Observation)))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(port: int, path: str, cookie: str) -> bytes:
    """One request on a connection of its own, as a sync worker serves it."""
    asked = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=120) as wire:
        wire.sendall(asked.encode())
        parts = []
        while part := wire.recv(262_144):
            parts.append(part)
    answer = b"".join(parts)
    if not answer.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"{path}: {answer[:120]!r}")
    return answer


def turn(port: int, path: str, cookie: str) -> float:
    """Requests a second over one turn, from several clients at once."""
    until, counts, faults = time.perf_counter() + SECONDS, [0] * CLIENTS, []

    def client(at: int) -> None:
        try:
            while time.perf_counter() < until:
                fetch(port, path, cookie)
                counts[at] += 1
        except Exception as fault:
            faults.append(fault)

    started = time.perf_counter()
    threads = [threading.Thread(target=client, args=(at,)) for at in range(CLIENTS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if faults:
        raise faults[0]
    return sum(counts) / (time.perf_counter() - started)


@contextmanager
def served(environment: dict[str, str]) -> Iterator[tuple[int, str]]:
    """gunicorn over a filled district; gives its port and the cookie of a signed-in official."""
    cookie, port = _printed(environment, SIGN_IN)[-1], free_port()
    command = [sys.executable, "-m", "gunicorn", "benchmarks._wsgi:application", "-w", str(WORKERS), "-t", "120"]
    server = subprocess.Popen(
        [*command, "-b", f"127.0.0.1:{port}", "--log-level", "error"],
        env={**environment, "HATCHLINE_DEBUG": "0"},
        cwd=_district.ROOT,
        stdout=sys.stderr,
    )
    try:
        for _attempt in range(300):
            try:
                fetch(port, PAGES["empty"], cookie)
                break
            except OSError:
                time.sleep(0.2)
        yield port, cookie
    finally:
        server.terminate()
        server.wait(timeout=20)


def medians(port: int, cookie: str, pages: dict[str, str], warm_up: int = 20) -> dict[str, float]:
    """Requests a second of each page, asked for in turns; the median of its turns."""
    found: dict[str, list[float]] = {name: [] for name in pages}
    for path in pages.values():  # warm-up: templates, caches, SQLite's pages in every worker
        for _request in range(warm_up):
            fetch(port, path, cookie)
    for _turn in range(TURNS):
        for name, path in pages.items():
            found[name].append(turn(port, path, cookie))
    return {name: statistics.median(each) for name, each in found.items()}


def check_rows(shown: bytes) -> None:
    """A list that is compared shows its 25 rows."""
    if shown.count(b"data-pick aria-label") != 25 or shown.count(b"<tr") < 26:
        raise RuntimeError("the list did not show its 25 rows")


def measure() -> list[dict[str, object]]:
    """Organisations in a district of their own; ventures and the first page in a city."""
    with _district.district() as environment, served(environment) as (port, cookie):
        check_rows(fetch(port, PAGES["ours"], cookie))
        found = medians(port, cookie, PAGES)
    rows = f"{_district.ROWS:,} organisations, 25 rows, filter and sort"
    peer = "peer: admin's change list, its defaults"
    lines = [
        line("organisations list, Django admin", found["ours"], found["admin"], 5.0, f"{rows}; {peer}"),
        line(
            "organisations list, empty page",
            found["ours"],
            found["empty"],
            0.6,
            "peer: the same layout and middleware, one query",
        ),
    ]
    with _district.city() as environment, served(environment) as (port, cookie):
        check_rows(fetch(port, CITY_PAGES["ventures"], cookie))
        found = medians(port, cookie, CITY_PAGES, warm_up=4)
        cold, warm = (int(each) for each in _printed(environment, COUNTING)[-2:])
        many = [int(each) for each in _printed(environment, COUNTED)[-4:]]
        figures, seconds = _printed(environment, KEEPING)[-2:]
        evaluated, opened = _printed(environment, EVALUATING)[-4:], _printed(environment, OPENING)[-3:]
    size = "{:,} institutions, {:,} ventures, {:,} stays, {:,} values".format(*many)
    took = f"ours: the limit, peer: what it took with nothing kept in memory yet; {warm} from then on"
    anew = f"{size}; {figures} figures by the worker, seconds of the processor"
    kept = line(
        "first page, a kept month's end", found["month end"], found["today"], 1.0, f"{size}; peer: today's page"
    )
    return [
        *lines,
        line("ventures list, Django admin", found["ventures"], found["ventures admin"], 5.0, f"{size}; {peer}"),
        kept,
        {**line("first page, queries", QUERIES, max(cold, warm), 1.0, f"{size}; {took}"), "unit": "queries"},
        {"name": "first page, a month's end kept anew", "ours": round(float(seconds), 1), "peer": None, "unit": "s",
         "ratio": None, "goal": None, "note": anew},
        *(limited(f"page of an evaluation, {stays} stays", float(took), LIMIT, "ms", "processor time, queries included")
          for stays, took in (evaluated[:2], evaluated[2:])),
        *(limited(f"first opening, {what}", float(took), 1.0, "s", f"{size}; processor time; facts kept by the worker")
          for what, took in zip(OPENED, opened, strict=True)),
    ]  # fmt: skip


def _printed(environment: dict[str, str], program: str) -> list[str]:
    """The words that a program prints over a district."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=_district.ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.split()


def line(name: str, ours: float, peer: float, goal: float, note: str) -> dict[str, object]:
    return {
        "name": name,
        "ours": round(ours, 1),
        "peer": round(peer, 1),
        "unit": "requests/s",
        "ratio": round(ours / peer, 2),
        "goal": goal,
        "note": note,
    }


def limited(name: str, ours: float, limit: float, unit: str, note: str) -> dict[str, object]:
    """A figure under a limit: the limit is the peer."""
    return {
        "name": name, "ours": round(ours, 2), "peer": limit, "unit": unit, "ratio": round(limit / ours, 2),
        "goal": 1.0, "note": f"{note}; peer: the limit",
    }  # fmt: skip


def main() -> None:
    for each in measure():
        if "--json" in sys.argv:
            print(json.dumps(each, ensure_ascii=False))
        else:
            said = f"{each['name']}: {each['ours']} against {each['peer']} {each['unit']}, {each['ratio']}"
            print(f"{said} (goal {each['goal']}) {each['note']}")


if __name__ == "__main__":
    main()

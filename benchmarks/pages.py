"""The organisations list against Django admin's change list and against an empty page.

100,000 organisations on SQLite, gunicorn with two sync workers. The three pages are asked for in turns, over and over,
after a warm-up; each figure is the median of its turns. ``--json`` prints one object a line.
"""

from __future__ import annotations

import json
import socket
import statistics
import subprocess
import sys
import threading
import time
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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(port: int, path: str, cookie: str) -> bytes:
    """One request on a connection of its own, as a sync worker serves it."""
    asked = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=30) as wire:
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


def measure() -> list[dict[str, object]]:
    with _district.district() as environment:
        done = subprocess.run(
            [sys.executable, "-c", SIGN_IN],
            env=environment,
            cwd=_district.ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        cookie, port = done.stdout.strip().splitlines()[-1], free_port()
        command = [sys.executable, "-m", "gunicorn", "benchmarks._wsgi:application", "-w", str(WORKERS)]
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
            shown = fetch(port, PAGES["ours"], cookie)
            if shown.count(b"data-pick aria-label") != 25 or shown.count(b"<tr") < 26:
                raise RuntimeError("the list did not show its 25 rows")
            found: dict[str, list[float]] = {name: [] for name in PAGES}
            for path in PAGES.values():  # warm-up: templates, caches, SQLite's pages in every worker
                for _request in range(20):
                    fetch(port, path, cookie)
            for _turn in range(TURNS):
                for name, path in PAGES.items():
                    found[name].append(turn(port, path, cookie))
        finally:
            server.terminate()
            server.wait(timeout=20)
    ours, admin, empty = (statistics.median(found[name]) for name in ("ours", "admin", "empty"))
    rows = f"{_district.ROWS:,} organisations, 25 rows, filter and sort"
    return [
        line("organisations list, Django admin", ours, admin, 5.0, f"{rows}; peer: admin's change list, its defaults"),
        line("organisations list, empty page", ours, empty, 0.6, "peer: the same layout and middleware, one query"),
    ]


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


def main() -> None:
    for each in measure():
        if "--json" in sys.argv:
            print(json.dumps(each, ensure_ascii=False))
        else:
            said = f"{each['name']}: {each['ours']} against {each['peer']} {each['unit']}, {each['ratio']}"
            print(f"{said} (goal {each['goal']})")


if __name__ == "__main__":
    main()

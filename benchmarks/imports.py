"""Taking a long list in while the district stands already and its pages are being used.

A temporary district with 100,000 invented organisations on SQLite takes another 100,000 from a CSV file, one in
twenty of them a record it has. Meanwhile two gunicorn workers serve the list of organisations to a signed-in person.
Peers: the limits of the issue (2,000 rows a second after reading, 500 MB), and Django's own update_or_create, one
row at a time in chunks of the same size, on the same machine and data.

    python benchmarks/imports.py [--rows 100000] [--json]
"""

from __future__ import annotations

import argparse
import csv
import http.client
import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

LIMIT_ROWS, LIMIT_MEGABYTES, LIMIT_PAGE = 2000, 500, 1.0
PEER_ROWS = 4000
MAPPING = """hatchline_mapping: 1
target: organisations
title: invented organisations for measuring
columns:
- {column: 单位名称, field: name}
- {column: 统一社会信用代码, field: credit_code}
- {column: 类型, field: types, split: ；}
- {column: 区, field: territory}
- {column: 街道, field: territory}
- {column: 地址, field: address}
- {column: 纬度, field: latitude}
- {column: 经度, field: longitude}
- {column: 成立日期, field: founded}
- {column: 行业代码, field: industry}
- {column: 网址, field: website}
"""
HEADER = ("单位名称", "统一社会信用代码", "类型", "区", "街道", "地址", "纬度", "经度", "成立日期", "行业代码", "网址")
STREETS = ("望京街道", "酒仙桥街道", "大屯街道", "将台地区", "建外街道", "劲松街道")


def settings(home: Path) -> dict[str, str]:
    """The environment of a district in a folder of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HATCHLINE_")}
    return {
        **kept,
        "HATCHLINE_SECRET_KEY": "for measuring alone, never for a real district, 48",
        "HATCHLINE_HOME": str(home),
        "HATCHLINE_DEMONSTRATION": "1",
        "HATCHLINE_TODAY": "2017-07-18",
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "hatchline.config.settings",
    }


def row(number: int) -> tuple[str, ...]:
    """One row of the list. One in twenty has the credit code of an organisation of the crowd."""
    from hatchline.journeys.world import crowd, invented

    known = number % 20 == 0
    code = invented.credit_code(crowd.FIRST + number if known else 500_000 + number)
    name = invented.company(number) if known else f"{invented.company(number)}第{number}分部"
    kind = ("企业", "企业；服务机构", "科研院所")[number % 3]
    street = STREETS[number % len(STREETS)]
    founded = ("2014年6月", "2015-03-02", "2016/7", "2012")[number % 4]
    site = f"https://www.list{number}.example.cn" if number % 3 else ""
    place = (f"{39.82 + number % 2700 / 10000:.6f}", f"{116.35 + number % 2900 / 10000:.6f}")
    industry = ("I6520", "M7310", "")[number % 3]
    return (name, code, kind, "朝阳区", street, f"演示路 {number % 400} 号", *place, founded, industry, site)


def prepare(home: Path, rows: int) -> Path:
    """A district with its crowd, and the list to take in."""
    import django

    django.setup()
    from django.core.management import call_command

    from hatchline.apps.columns import keys
    from hatchline.journeys import reference, world

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    keys.ensure()
    now, today = moments()
    for _what in reference.load(district="110105", now=now):
        pass
    world.build(district="110105", count=44, seed=2014, now=now, today=today, password="for measuring 2014")
    world.add_organisations(rows, district="110105", seed=2014, now=now)
    path = home / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(HEADER)
        writer.writerows(row(number) for number in range(rows))
    (home / "list.yaml").write_text(MAPPING, encoding="utf-8")
    return path


def moments():
    """The moment and the business date of the invented district."""
    from django.conf import settings as django_settings
    from django.utils import timezone

    return timezone.now(), django_settings.BUSINESS_DATE


def taking_in(path: Path) -> None:
    """In a process of its own: upload, preview and take in; prints one JSON object with times and memory."""
    import django

    django.setup()
    from django.utils import timezone

    from hatchline.journeys.imports import flow

    told = {}
    with path.open("rb") as handle:
        run = flow.upload(handle, name=path.name, target="organisations", by=None, now=timezone.now())
    run = flow.map_columns(run, path.with_suffix(".yaml").read_text(encoding="utf-8"), by=None, now=timezone.now())
    began = time.perf_counter()
    with flow.extraction(run, flow.target_of(run.target)) as records:
        told["rows"] = sum(record.status != "skipped" for record in records)
    told["reading"] = time.perf_counter() - began
    began = time.perf_counter()
    run = flow.preview(run, only_good_rows=True, by=None, now=timezone.now())
    told["preview"] = time.perf_counter() - began
    run = flow.start(run, only_good_rows=True, by=None, now=timezone.now(), in_background=False)
    print("begun", flush=True)
    began, worked = time.perf_counter(), time.process_time()
    run = flow.take_in(run, now=timezone.now())
    told["all"], told["worked"] = time.perf_counter() - began, time.process_time() - worked
    told["counts"], told["status"] = run.counts, run.status
    told["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(told), flush=True)


def peer(rows: int) -> float:
    """Rows a second of Django's update_or_create over plain values of the same list, 400 a transaction."""
    from django.db import transaction

    from hatchline.apps.bodies.models import Organisation

    now, _today = moments()
    made = [row(number) for number in range(1_000_000, 1_000_000 + rows)]
    began = time.perf_counter()
    for start in range(0, rows, 400):
        with transaction.atomic():
            for name, code, _types, _area, _street, address, latitude, longitude, *_rest in made[start : start + 400]:
                Organisation.objects.update_or_create(
                    credit_code=code,
                    defaults={
                        "name": name,
                        "address": address,
                        "latitude": latitude,
                        "longitude": longitude,
                        "registered_at": now,
                        "amended_at": now,
                    },
                )
    return rows / (time.perf_counter() - began)


@contextmanager
def served(home: Path):
    """gunicorn over the district; gives its port and the cookie of a signed-in official."""
    from django.conf import settings as django_settings
    from django.test import Client

    from hatchline.apps.people import queries as people
    from hatchline.journeys.world import invented

    client = Client()
    account = people.account_named(invented.PEOPLE[0].username)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    cookie = f"{django_settings.SESSION_COOKIE_NAME}={client.cookies[django_settings.SESSION_COOKIE_NAME].value}"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-w", "2", "-b", f"127.0.0.1:{port}", "hatchline.config.wsgi"]
    server = subprocess.Popen(command, env=settings(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                if fetch(port, cookie) > 0:
                    break
            except OSError:
                time.sleep(0.2)
        yield port, cookie
    finally:
        server.terminate()
        server.wait(timeout=20)


def fetch(port: int, cookie: str) -> float:
    """Seconds of one request for the list of organisations; anything but a page is an error."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    began = time.perf_counter()
    link.request("GET", "/console/organisations/", headers={"Cookie": cookie, "Host": "127.0.0.1"})
    answer = link.getresponse()
    body = answer.read()
    spent = time.perf_counter() - began
    if answer.status != 200 or b"</html>" not in body:
        raise RuntimeError(f"the list of organisations answered {answer.status}")
    return spent


def measured(home: Path, path: Path) -> tuple[dict, list[float], list[float]]:
    """Take the list in; latencies of the page before and meanwhile."""
    with served(home) as (port, cookie):
        before = [fetch(port, cookie) for _ in range(20)]
        command = [sys.executable, __file__, "--take-in", str(path)]
        child = subprocess.Popen(command, env=settings(home), stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        if child.stdout.readline().strip() != "begun":
            raise RuntimeError("the import did not begin")
        during: list[float] = []
        over = threading.Event()

        def visit() -> None:
            while not over.is_set():
                during.append(fetch(port, cookie))
                time.sleep(0.1)

        visitor = threading.Thread(target=visit)
        visitor.start()
        told = json.loads(child.stdout.readline())
        over.set()
        visitor.join()
        child.wait()
    return told, before, during


def lines(rows: int) -> list[dict]:
    """Measure; one line for each limit."""
    with tempfile.TemporaryDirectory(prefix="hatchline-bench-") as folder:
        home = Path(folder)
        os.environ.clear()
        os.environ.update(settings(home), PATH=os.defpath)
        path = prepare(home, rows)
        told, before, during = measured(home, path)
        one_by_one = peer(PEER_ROWS)
    rate = told["rows"] / max(0.001, told["all"] - told["reading"])
    whole = told["rows"] / told["all"]
    worst, median = max(during), statistics.median(during)
    counts = ", ".join(f"{name} {number}" for name, number in sorted(told["counts"].items()))
    return [
        line(
            "import: rows a second after reading", rate, LIMIT_ROWS, "rows/s", rate / LIMIT_ROWS, 1,
            f"limit; {told['rows']} rows into {rows} ({counts}); reading took {told['reading']:.1f} s of"
            f" {told['all']:.1f} s: {whole:.0f} rows/s with it; preview {told['preview']:.1f} s;"
            f" processor time of it all {told['worked']:.1f} s",
        ),
        line("import: against update_or_create row by row", whole, one_by_one, "rows/s", whole / one_by_one, None,
             f"Django's ORM, {PEER_ROWS} rows, four columns, no look-alikes, no search, no history"),
        line("import: peak memory", told["megabytes"], LIMIT_MEGABYTES, "MB", LIMIT_MEGABYTES / told["megabytes"], 1,
             "limit; resident, of the process that imports"),
        line("import: slowest page meanwhile", worst, LIMIT_PAGE, "s", LIMIT_PAGE / worst, 1,
             f"limit; list of organisations, {len(during)} requests, median {median * 1000:.0f} ms"
             f" (before: {statistics.median(before) * 1000:.0f} ms)"),
    ]  # fmt: skip


def line(name: str, ours: float, theirs: float, unit: str, ratio: float, goal: float | None, note: str) -> dict:
    """A line as benchmarks/all.py reads it."""
    figures = {"ours": round(ours, 3), "peer": round(theirs, 3), "unit": unit, "ratio": round(ratio, 2)}
    return {"name": name, **figures, "goal": goal, "note": note}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--take-in", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.take_in:
        taking_in(given.take_in)
        return
    for each in lines(given.rows):
        if given.json:
            print(json.dumps(each, ensure_ascii=False))
        else:
            print(f"{each['name']}: {each['ours']} {each['unit']} against {each['peer']}, ratio {each['ratio']}")
            print(f"    {each['note']}")


if __name__ == "__main__":
    main()

"""Taking a list of stays in through the import machine, with all its checks.

A temporary district with 200 institutions and as many ventures as the list has rows takes a CSV file of stays: ventures
by name, institutions by name, dates of every precision, one row in a hundred overlapping with another. Measured after
reading, as for organisations: match, check, keep as disputed, open questions, write, leave a line for every row. Goal:
2,000 rows a second. The same list again must change nothing.

    python benchmarks/stays.py [--rows 50000] [--json]
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.imports import line, moments, settings

GOAL_ROWS = 2000
INSTITUTIONS, OVERLAPS = 200, 100
MAPPING = """hatchline_mapping: 1
target: stays
title: invented stays for measuring
columns:
- {column: 企业名称, field: name}
- {column: 孵化机构, field: institution}
- {column: 阶段, field: stage}
- {column: 入驻时间, field: starts}
- {column: 离开时间, field: ended}
- {column: 去向, field: outcome}
"""
HEADER = ("企业名称", "孵化机构", "阶段", "入驻时间", "离开时间", "去向")


def rows(number: int) -> list[tuple[str, ...]]:
    """The list: a stay of every venture, and of one in a hundred another one that overlaps with it."""
    draw, made = Random(2014), list[tuple[str, ...]]()
    since = date(2012, 1, 1)
    for each in range(number):
        is_again = each % OVERLAPS == OVERLAPS - 1
        since = since + timedelta(days=40) if is_again else date(2012, 1, 1) + timedelta(days=draw.randrange(1200))
        until = since + timedelta(days=draw.randrange(200, 500))
        starts = f"{since.year}年{since.month}月" if each % 5 == 0 else since.isoformat()
        place = f"测量孵化器{each * 7 % INSTITUTIONS}号"
        outcome = "毕业" if each % 2 else "迁出"
        made.append((f"测量企业{each - is_again}", place, "孵化", starts, until.isoformat(), outcome))
    return made


def prepare(home: Path, number: int) -> Path:
    """Institutions and ventures on record, and the list."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0)
    from hatchline.apps.columns import keys
    from hatchline.apps.institutions import actions as institutions
    from hatchline.apps.institutions.drafts import InstitutionDraft
    from hatchline.apps.ventures import actions as ventures
    from hatchline.apps.ventures.drafts import VentureDraft
    from hatchline.core.values.dates import PartialDate

    keys.ensure()
    now, _today = moments()
    opened, founded = PartialDate.of("2005"), PartialDate.of("2010")
    institutions.register_many(
        [InstitutionDraft(name=f"测量孵化器{each}号", opened=opened) for each in range(INSTITUTIONS)], now=now
    )
    for start in range(0, number, 5000):
        with transaction.atomic():
            names = (f"测量企业{each}" for each in range(start, min(number, start + 5000)))
            ventures.register_many([VentureDraft(name, founded=founded) for name in names], now=now)
    path = home / "stays.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(HEADER)
        writer.writerows(rows(number))
    return path


def take_in(path: Path) -> dict[str, Any]:
    """Upload, map, preview and take in; seconds of each, and what the rows became."""
    from django.utils import timezone

    from hatchline.journeys.imports import flow

    told: dict[str, Any] = {}
    with path.open("rb") as handle:
        run = flow.upload(handle, name=path.name, target="stays", by=None, now=timezone.now())
    run = flow.map_columns(run, MAPPING, by=None, now=timezone.now())
    began = time.perf_counter()
    with flow.extraction(run, flow.target_of(run.target)) as records:
        told["rows"] = sum(record.status != "skipped" for record in records)
    told["reading"] = time.perf_counter() - began
    began = time.perf_counter()
    run = flow.preview(run, only_good_rows=True, by=None, now=timezone.now())
    told["preview"] = time.perf_counter() - began
    run = flow.start(run, only_good_rows=True, by=None, now=timezone.now(), in_background=False)
    began, worked = time.perf_counter(), time.process_time()
    run = flow.take_in(run, now=timezone.now())
    told["all"], told["worked"] = time.perf_counter() - began, time.process_time() - worked
    told["counts"] = run.counts
    return told


def lines(number: int) -> list[dict[str, Any]]:
    """Measure."""
    with tempfile.TemporaryDirectory(prefix="hatchline-stays-") as folder:
        path_before = os.environ.get("PATH", os.defpath)
        os.environ.clear()
        os.environ.update(settings(Path(folder)), PATH=path_before)
        path = prepare(Path(folder), number)
        told = take_in(path)
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        again = take_in(path)["counts"]
        from hatchline.apps.ventures import queries

        asked = queries.open_questions().count()
    rate = told["rows"] / max(0.001, told["all"] - told["reading"])
    words = [", ".join(f"{name} {each}" for name, each in sorted(counts.items())) for counts in (told["counts"], again)]
    note = (
        f"peer: the goal; {told['rows']} rows ({words[0]}), {asked} questions; reading {told['reading']:.1f} s of"
        f" {told['all']:.1f} s; preview {told['preview']:.1f} s; processor time of it all {told['worked']:.1f} s;"
        f" {megabytes:.0f} MB; the list again: {words[1]}"
    )
    return [line("import of stays: rows a second after reading", rate, GOAL_ROWS, "rows/s", rate / GOAL_ROWS, 1, note)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    given = parser.parse_args()
    for each in lines(given.rows):
        if given.json:
            print(json.dumps(each, ensure_ascii=False))
        else:
            print(f"{each['name']}: {each['ours']} {each['unit']} against {each['peer']}, ratio {each['ratio']}")
            print(f"    {each['note']}")


if __name__ == "__main__":
    main()

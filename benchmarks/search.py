"""Search by any part of a name against a LIKE scan of the same table, and a check that nothing is missed.

100,000 organisations on SQLite. Both sides answer what a list needs, how many there are and the first 25 in order,
through the ORM, in turns, for the same parts of names: each is drawn from the different parts of two to four characters
that the names have, so that 限公 and 有限, which half of all names share, weigh no more than any other. ``--json``
prints one object a line.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import _district

QUERIES, CHECKED = 200, 2_000


def measure() -> list[dict[str, object]]:
    """Run inside a filled district's environment."""
    import django

    django.setup()
    from hatchline.apps.bodies.models import Organisation
    from hatchline.apps.search import queries as search

    kind, chance = "bodies.organisation", random.Random(7)
    rows = Organisation.objects.order_by("name", "pk")
    sample = list(
        Organisation.objects.filter(pk__in=chance.sample(range(1, _district.ROWS), 5_000)).values_list("pk", "name")
    )

    def part(name: str, size: int) -> str:
        start = chance.randrange(len(name) - size + 1)
        return name[start : start + size]

    def answer(found: Any) -> tuple[int, list[str]]:
        return found.order_by().count(), list(found.values_list("name", flat=True)[:25])

    def ours(q: str) -> tuple[int, list[str]]:
        return answer(rows.filter(pk__in=search.matching(kind, q)))

    def like(q: str) -> tuple[int, list[str]]:
        return answer(rows.filter(name__contains=q))

    parts = sorted(
        {name[at : at + size] for _pk, name in sample for size in (2, 3, 4) for at in range(len(name) - size + 1)}
    )
    asked = chance.sample(parts, QUERIES)
    for q in asked[:10]:
        ours(q), like(q)
    times: dict[str, list[float]] = {"ours": [], "like": []}
    wrong = 0
    for q in asked:
        answers = []
        for name, ask in (("ours", ours), ("like", like)):
            start = time.perf_counter()
            answers.append(ask(q))
            times[name].append((time.perf_counter() - start) * 1000)
        # ours also finds pinyin, addresses and codes, so it may have more, never fewer
        wrong += answers[0][0] < answers[1][0]
    missed = 0
    for at in range(CHECKED):
        pk, name = sample[at % len(sample)]
        missed += not Organisation.objects.filter(pk=pk, pk__in=search.matching(kind, part(name, 2))).exists()
    mine, peer = statistics.median(times["ours"]), statistics.median(times["like"])
    found = CHECKED - missed
    return [
        {
            "name": "search, LIKE scan",
            "ours": round(mine, 3),
            "peer": round(peer, 3),
            "unit": "ms (p50)",
            "ratio": round(peer / mine, 1),
            "goal": 10,
            "note": f"{QUERIES} parts of names; {wrong} answers shorter than the scan's; p95 "
            f"{quantile(times['ours']):.1f} against {quantile(times['like']):.1f} ms",
        },
        {
            "name": "two-character parts of names found",
            "ours": found,
            "peer": CHECKED,
            "unit": "parts",
            "ratio": round(found / CHECKED, 4),
            "goal": 1,
            "note": "peer: the names they were cut from",
        },
    ]


def quantile(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[18]


def main() -> int:
    if "--inside" in sys.argv:
        for each in measure():
            print(json.dumps(each, ensure_ascii=False))
        return 0
    with _district.district() as environment:
        command = [sys.executable, __file__, "--inside"]
        done = subprocess.run(command, env=environment, cwd=_district.ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        return done.returncode
    for text in done.stdout.splitlines():
        each = json.loads(text)
        said = f"{each['name']}: {each['ours']} against {each['peer']} {each['unit']}, {each['ratio']}"
        print(text if "--json" in sys.argv else f"{said} (goal {each['goal']}); {each['note']}")
    return 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())

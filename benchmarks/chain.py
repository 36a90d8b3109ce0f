"""The chain of a city: flow, survival and stays taken in, against the same reckoning row by row.

A temporary database on SQLite with 2,000 institutions, 150,000 ventures and 300,000 stays. Measured: taking stays in
with all checks (goal: 2,000 rows a second); reading the chain into arrays; flow by year and the survival curve for the
whole and for a filter (goals: under 300 ms, at least 20 times faster than plain Python over the same rows in the same
run); the same on a working day, just after somebody moved a venture on (goal: under 300 ms); rows, size and rebuild of
the wide table of observations (a city has 10 million; --observations asks for fewer, and the table says how many).

    python benchmarks/chain.py [--ventures 150000] [--observations 10000000] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

GOAL_STAYS, GOAL_SECONDS, GOAL_RATIO = 2000, 0.3, 20
DAYS = [date(year, 12, 31) for year in range(2010, 2017)]
AS_OF = date(2017, 7, 18)
MEASURES = 10


def prepare(home: Path) -> None:
    """An empty district in a folder of its own."""
    for name in [each for each in os.environ if each.startswith("HATCHLINE_")]:
        del os.environ[name]
    os.environ |= {
        "HATCHLINE_SECRET_KEY": "for measuring alone, never for a real district, 48",
        "HATCHLINE_HOME": str(home),
        "HATCHLINE_DEMONSTRATION": "1",
        "HATCHLINE_TODAY": AS_OF.isoformat(),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "hatchline.config.settings",
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def timed(act: Callable[[], Any], times: int = 1) -> tuple[float, Any]:
    """The best of some runs, in seconds, and what came of it."""
    best, found = float("inf"), None
    for _run in range(times):
        began = time.perf_counter()
        found = act()
        best = min(best, time.perf_counter() - began)
    return best, found


def fill(ventures: int, now: Any) -> tuple[list[int], list[int]]:
    """Institutions and ventures; their keys."""
    from hatchline.apps.institutions import actions as institutions
    from hatchline.apps.institutions.drafts import InstitutionDraft
    from hatchline.apps.ventures import actions
    from hatchline.apps.ventures.drafts import VentureDraft
    from hatchline.core.values.dates import PartialDate

    opened = PartialDate.of("2005")
    places = institutions.register_many(
        [InstitutionDraft(name=f"测量孵化器{number}", opened=opened) for number in range(max(20, ventures // 75))],
        now=now,
    )
    made: list[int] = []
    for start in range(0, ventures, 5000):
        made += actions.register_many(
            [
                VentureDraft(f"测量企业{number}", founded=PartialDate.of("2009"), incorporated=PartialDate.of("2009"))
                for number in range(start, min(ventures, start + 5000))
            ],
            now=now,
        )
    return places, made


def lives(ventures: list[int], places: list[int]) -> Iterator[Any]:
    """Two stays of every venture: incubation, then a later stage, another incubation, or an overlap in one of 500."""
    from hatchline.apps.ventures.drafts import UNKNOWN, StayDraft
    from hatchline.core.values.dates import PartialDate

    dice = random.Random(2014)

    def stay(venture: int, stage: str, begins: date, length: int | None, outcome: str = "") -> StayDraft:
        ends = begins + timedelta(days=length) if length else None
        if ends is not None and ends > AS_OF:
            ends = None
        return StayDraft(
            venture=venture,
            institution=dice.choice(places),
            stage=stage,
            starts=PartialDate.of(begins.isoformat()),
            source="measuring",
            ended=PartialDate.of(ends.isoformat()) if ends else UNKNOWN,
            end_state="known" if ends else "open",
            outcome=outcome if ends else "",
        )

    for number, venture in enumerate(ventures):
        begins = date(2010, 1, 1) + timedelta(days=dice.randrange(2000))
        length = dice.randrange(90, 1400)
        does_graduate = dice.random() < 0.5
        yield stay(venture, "incubation", begins, length, "graduated" if does_graduate else "left")
        again = begins + timedelta(days=length + (-60 if number % 500 == 0 else dice.randrange(0, 200)))
        stage = dice.choice(("acceleration", "park")) if does_graduate else "incubation"
        if again < AS_OF:
            yield stay(venture, stage, again, dice.choice((None, 400, 900)), "left")


def in_parts(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Lists of at most ``size``."""
    source = iter(rows)
    while part := list(islice(source, size)):
        yield part


def flow_by_rows(rows: list[Any]) -> list[Counter[tuple[str, str]]]:
    """The flow between the days, stay by stay: what NumPy is compared with."""
    rank = {"nursery": 0, "incubation": 1, "acceleration": 2, "park": 3}
    pictures: list[dict[int, str]] = [{} for _day in DAYS]
    for venture, stage, since, until, *_rest in rows:
        for picture, day in zip(pictures, DAYS, strict=True):
            if since <= day and (until is None or until > day):
                there = picture.get(venture)
                if there is None or rank[stage] > rank[there]:
                    picture[venture] = stage
    return [
        Counter((before.get(each, "out"), after.get(each, "out")) for each in before.keys() | after.keys())
        for before, after in pairwise(pictures)
    ]


def survival_by_rows(rows: list[Any]) -> list[tuple[int, float]]:
    """The product-limit estimate, venture by venture."""
    first: dict[int, date] = {}
    seen: dict[int, date] = {}
    graduated: set[int] = set()
    for venture, stage, since, until, outcome, _institution in rows:
        if stage != "incubation" or since > AS_OF:
            continue
        first[venture] = min(first.get(venture, since), since)
        if outcome == "graduated" and until is not None and until <= AS_OF:
            graduated.add(venture)
            seen[venture] = until
        elif venture not in graduated:
            end = min(until or AS_OF + timedelta(days=1), AS_OF + timedelta(days=1))
            seen[venture] = max(seen.get(venture, end), end)
    leaving: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    for venture, day in seen.items():
        entry = leaving[(day - first[venture]).days]
        entry[0] += 1
        entry[1] += venture in graduated
    at_risk, share, curve = len(seen), 1.0, []
    for length in sorted(leaving):
        left, events = leaving[length]
        if events:
            share *= 1 - events / at_risk
            curve.append((length, share))
        at_risk -= left
    return curve


def observe(number: int, subjects: list[int], now: Any) -> dict[str, Any]:
    """So many values, written past the verbs since only room and rebuilding are measured; what they take."""
    from django.db import connection, transaction

    from hatchline.apps.observations import actions, queries
    from hatchline.apps.observations.models import Observation, Period, Picture, Recording

    measures = [
        actions.declare(
            code=f"m{each}", name=f"指标{each}", name_en=f"m{each}", subject_kind="ventures.venture",
            value_type="money", time_kind="flow", unit="元", sums_over=("subjects",), by=None, now=now,
        ).pk
        for each in range(MEASURES)
    ]  # fmt: skip
    recording = Recording.objects.create(source="measuring", recorded_at=now).pk
    table = Observation._meta.db_table
    sql = f"INSERT INTO {table} (measure_id, subject, period_id, amount, recording_id) VALUES (?, ?, ?, ?, {recording})"
    size_before, done, quarter = _size(), 0, 0
    began = time.perf_counter()
    while done < number:
        starts = date(2005 + quarter // 4, quarter % 4 * 3 + 1, 1)
        ends = date(starts.year + (starts.month == 10), (starts.month + 2) % 12 + 1, 1)
        period = Period.objects.create(starts_on=starts, ends_before=ends).pk
        wanted = subjects[: max(1, min(len(subjects), (number - done) // MEASURES))]
        with transaction.atomic(), connection.cursor() as cursor:
            rows = ((measure, each, period, each * 37 % 9_999_991) for each in wanted for measure in measures)
            cursor.cursor.executemany(sql, rows)
        done, quarter = done + len(wanted) * MEASURES, quarter + 1
    wrote = time.perf_counter() - began
    picture = Picture.objects.create(subject_kind="ventures.venture", period_id=period)
    rebuilt, picture = timed(lambda: actions.rebuild(picture, now=now))
    size = _size() - size_before
    return {
        "rows": queries.counted()["observation"],
        "megabytes": round(size / 1e6),
        "bytes_a_row": round(size / done),
        "written_a_second": round(done / wrote),
        "rebuild_seconds": round(rebuilt, 2),
        "rebuilt_subjects": picture.rows,
    }


def _size() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return int(cursor.fetchone()[0])


def measure(ventures: int, observations: int) -> dict[str, Any]:
    """Everything, in the current process."""
    from django.utils import timezone

    from hatchline.apps.ventures import actions, queries
    from hatchline.apps.ventures.history import History
    from hatchline.apps.ventures.models import Stay
    from hatchline.core.chain.presence import flow
    from hatchline.core.chain.survival import curve

    now = timezone.now()
    places, made = fill(ventures, now)
    drafts = list(lives(made, places))
    known, outcomes = History(), Counter[str]()
    began = time.perf_counter()
    for part in in_parts(drafts, 2000):
        found = actions.record_stays(part, now=now, today=AS_OF, known=known)
        outcomes.update(each.status or each.refusal.code for each in found if each.status or each.refusal)
    taking = time.perf_counter() - began

    def by_rows() -> list[Any]:
        wanted = ("venture", "stage", "held_from", "held_until", "outcome", "institution")
        return list(Stay.objects.filter(status="confirmed", counts=True, held_from__isnull=False).values_list(*wanted))

    loading, chain = timed(queries.chain, 3)
    rows_loading, rows = timed(by_rows)
    some = places[: len(places) // 10]
    flowing, table = timed(lambda: flow(chain.stays, DAYS), 3)
    filtered, _ = timed(lambda: flow(chain.of(institutions=some).stays, DAYS), 3)
    surviving, estimate = timed(lambda: curve(*queries.durations(chain, AS_OF)[:2]), 3)
    surviving_some, _ = timed(lambda: curve(*queries.durations(chain.of(institutions=some), AS_OF)[:2]), 3)
    plain_flow, plain_table = timed(lambda: flow_by_rows(rows))
    plain_survival, plain_curve = timed(lambda: survival_by_rows(rows))
    assert [sum(each.values()) for each in plain_table] == table.sum(axis=(1, 2)).tolist(), "the two flows differ"
    assert abs(plain_curve[-1][1] - float(estimate.share[-1])) < 1e-9, "the two curves differ"
    after_a_move = working_day(places, now)
    whole, plain = loading + flowing + surviving, rows_loading + plain_flow + plain_survival
    return {
        "institutions": len(places),
        "ventures": len(made),
        "stays": len(chain.stays),
        "became": dict(outcomes),
        "stays_a_second": round(len(drafts) / taking),
        "load_ms": round(loading * 1000),
        "flow_ms": round(flowing * 1000),
        "flow_of_a_tenth_ms": round(filtered * 1000),
        "survival_ms": round(surviving * 1000),
        "survival_of_a_tenth_ms": round(surviving_some * 1000),
        "after_a_move_ms": round(after_a_move * 1000),
        "plain_load_ms": round(rows_loading * 1000),
        "plain_flow_ms": round(plain_flow * 1000),
        "plain_survival_ms": round(plain_survival * 1000),
        "ratio_of_reckoning": round((plain_flow + plain_survival) / (flowing + surviving), 1),
        "ratio_with_loading": round(plain / whole, 1),
        "median_days_to_graduate": estimate.median(),
        "observations": observe(observations, made, now) if observations else None,
    }


def working_day(places: list[int], now: Any) -> float:
    """Seconds from a move to flow and survival of a tenth of the institutions: the best of five moves."""
    from hatchline.apps.ventures import actions, queries
    from hatchline.apps.ventures.models import Stay
    from hatchline.core.chain.presence import flow
    from hatchline.core.chain.survival import curve
    from hatchline.core.values.dates import PartialDate

    some, best = places[: len(places) // 10], float("inf")
    queries.present_chain()
    going_on = Stay.objects.filter(status="confirmed", end_state="open").order_by("pk")
    for stay in going_on.select_related("venture", "institution")[:5]:
        before = queries.present_chain()
        actions.leave(stay, on=PartialDate.of(AS_OF.isoformat()), reason="搬走", by=None, now=now, today=AS_OF)
        began = time.perf_counter()
        found = queries.present_chain().of(institutions=some)
        flow(found.stays, DAYS)
        curve(*queries.durations(found, AS_OF)[:2])
        best = min(best, time.perf_counter() - began)
        assert queries.present_chain() is not before, "the move was not seen"
    return best


def table_lines(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The figures as benchmarks/all.py prints them."""

    def line(name: str, ours: Any, peer: Any, unit: str, ratio: Any, goal: Any, note: str) -> dict[str, Any]:
        return {"name": name, "ours": ours, "peer": peer, "unit": unit, "ratio": ratio, "goal": goal, "note": note}

    size = f"{told['stays']:,} stays of {told['ventures']:,} ventures"
    taken = told["stays_a_second"]
    lines = [
        line("chain: stays taken in", taken, GOAL_STAYS, "a second", round(taken / GOAL_STAYS, 1), 1, "peer: the goal")
    ]
    for what in ("flow", "survival"):
        ours, peer = told[f"{what}_ms"], told[f"plain_{what}_ms"]
        ratio = round(peer / max(ours, 1), 1)
        lines.append(line(f"chain: {what}", ours, peer, "ms", ratio, GOAL_RATIO, f"{size}; peer: row by row in Python"))
    load = f"{size}; once until the next move; peer: rows into Python"
    ratio = round(told["plain_load_ms"] / max(told["load_ms"], 1), 1)
    lines.append(line("chain: reading it", told["load_ms"], told["plain_load_ms"], "ms", ratio, 1, load))
    lines.append(
        line("chain: after a move", told["after_a_move_ms"], GOAL_SECONDS * 1000, "ms",
             round(GOAL_SECONDS * 1000 / max(told["after_a_move_ms"], 1), 1), 1,
             f"{size}; flow and survival of a tenth, just after a move; peer: the goal")
    )  # fmt: skip
    if seen := told["observations"]:
        note = f"{seen['rows']:,} rows, {seen['megabytes']} MB, {seen['bytes_a_row']} bytes a row"
        lines.append(
            line("observations: rebuild of a wide table", seen["rebuild_seconds"], None, "s", None, None, note)
        )
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ventures", type=int, default=150_000)
    parser.add_argument("--observations", type=int, default=10_000_000)
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hatchline-chain-") as folder:
        prepare(Path(folder))
        told = measure(wanted.ventures, wanted.observations)
    goals = {
        f"stays taken in: {GOAL_STAYS} a second": told["stays_a_second"] >= GOAL_STAYS,
        f"flow and survival: under {GOAL_SECONDS * 1000:.0f} ms each": max(told["flow_ms"], told["survival_ms"])
        < GOAL_SECONDS * 1000,
        f"flow and survival: {GOAL_RATIO} times faster than row by row, each": min(
            told["plain_flow_ms"] / max(told["flow_ms"], 1), told["plain_survival_ms"] / max(told["survival_ms"], 1)
        )
        >= GOAL_RATIO,
        f"after a move: under {GOAL_SECONDS * 1000:.0f} ms": told["after_a_move_ms"] < GOAL_SECONDS * 1000,
    }
    if wanted.json:
        for line in table_lines(told):
            print(json.dumps(line, ensure_ascii=False))
        return 0
    else:
        for name, figure in told.items():
            print(f"{name:>26}  {figure}")
        for name, is_met in goals.items():
            print(f"{'met' if is_met else 'NOT MET':>26}  {name}")
    return 0 if all(goals.values()) else 1


if __name__ == "__main__":
    sys.exit(main())

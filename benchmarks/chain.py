"""The chain of a city: flow, survival and stays taken in, against the same reckoning row by row.

A database on SQLite with 2,000 institutions, 150,000 ventures and 300,000 stays, dates of every precision. Measured:
taking stays in with all checks (goal: 2,000 rows a second); reading the chain into arrays, once until the next move;
flow by year and the survival curve with its band, for the whole and for a tenth of the institutions (goals: each under
300 ms, each at least 20 times faster than plain Python over the same rows in the same run, with the same answer); any
other filter (under 300 ms); the same on a working day, just after somebody moved a venture on; rows, room and rebuild
of the wide table of observations (a city has 10 million; --observations asks for fewer, and the table says how many).
Milliseconds are the processor's, the best of several. HATCHLINE_BENCH_CHAIN names a folder that is kept for the next
run; without it the folder is temporary and removed.

    python benchmarks/chain.py [--ventures 150000] [--observations 10000000] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks._plain import AS_OF, COLUMNS, DAYS, check, flow_by_rows, survival_by_rows

GOAL_STAYS, GOAL_SECONDS, GOAL_RATIO, GOAL_LOAD = 2000, 0.3, 20, 2
LIMIT = "peer: the limit"
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
    """The best of some runs, in seconds of the processor, and what came of it."""
    best, found = float("inf"), None
    for _run in range(times):
        began = time.process_time()
        found = act()
        best = min(best, time.process_time() - began)
    return best, found


def fill(ventures: int, now: Any) -> tuple[list[int], list[int]]:
    """Institutions and ventures; their keys."""
    from hatchline.apps.bodies.models import ClassCode, Classification
    from hatchline.apps.institutions import actions as institutions
    from hatchline.apps.institutions.drafts import InstitutionDraft
    from hatchline.apps.ventures import actions
    from hatchline.apps.ventures.drafts import VentureDraft
    from hatchline.core.values.dates import PartialDate

    edition = Classification.objects.create(code="measuring", name="测量领域", family="measuring", edition="1")
    fields = ClassCode.objects.bulk_create(
        ClassCode(classification=edition, code=f"{each:02d}", name=f"领域{each}", level=1) for each in range(10)
    )
    opened = PartialDate.of("2005")
    places = institutions.register_many(
        [InstitutionDraft(name=f"测量孵化器{number}", opened=opened) for number in range(max(20, ventures // 75))],
        now=now,
    )
    made: list[int] = []
    for start in range(0, ventures, 5000):
        made += actions.register_many(
            [
                VentureDraft(
                    f"测量企业{number}",
                    field=fields[number % 10].pk if number % 7 else None,
                    founded=PartialDate.of("2009"),
                    incorporated=PartialDate.of("2009"),
                )
                for number in range(start, min(ventures, start + 5000))
            ],
            now=now,
        )
    return places, made


def lives(ventures: list[int], places: list[int]) -> Iterator[Any]:
    """Two stays of every venture: incubation, then a later stage, another incubation, or an overlap in one of 500.

    Of one beginning in 25 only the month is known, and of one end in 40 nobody knows it.
    """
    from hatchline.apps.ventures.drafts import UNKNOWN, StayDraft
    from hatchline.core.values.dates import PartialDate

    dice = random.Random(2014)

    def stay(venture: int, stage: str, begins: date, length: int | None, outcome: str = "") -> StayDraft:
        ends = begins + timedelta(days=length) if length else None
        if ends is not None and ends > AS_OF:
            ends = None
        is_lost = ends is not None and outcome != "graduated" and dice.random() < 1 / 40
        return StayDraft(
            venture=venture,
            institution=dice.choice(places),
            stage=stage,
            starts=PartialDate.of(begins.isoformat()[: 7 if dice.random() < 1 / 25 else 10]),
            source="measuring",
            ended=PartialDate.of(ends.isoformat()) if ends and not is_lost else UNKNOWN,
            end_state="unknown" if is_lost else "known" if ends else "open",
            evidence=begins + timedelta(days=60) if is_lost else None,
            outcome=outcome if ends and not is_lost else "",
        )

    for number, venture in enumerate(ventures):
        begins = date(2010, 1, 1) + timedelta(days=dice.randrange(1200))
        length = dice.randrange(90, 1400)
        does_graduate = dice.random() < 0.5
        yield stay(venture, "incubation", begins, length, "graduated" if does_graduate else "left")
        again = begins + timedelta(days=length + (-60 if number % 500 == 0 else dice.randrange(40, 200)))
        stage = dice.choice(("acceleration", "park")) if does_graduate else "incubation"
        if again < AS_OF:
            yield stay(venture, stage, again, dice.choice((None, 400, 900)), "left")


def in_parts(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Lists of at most ``size``."""
    source = iter(rows)
    while part := list(islice(source, size)):
        yield part


def observe(number: int, subjects: list[int], now: Any) -> dict[str, Any]:
    """So many values, written past the verbs since only room and rebuilding are measured; what they take."""
    from django.db import connection, transaction

    from hatchline.apps.observations import actions, queries
    from hatchline.apps.observations.models import Measure, Observation, Period, Picture, Recording

    measures = [
        actions.declare(
            code=f"m{each}", name=f"指标{each}", name_en=f"m{each}", subject_kind="ventures.venture",
            value_type="money", time_kind="flow", unit="元", sums_over=("subjects",), by=None, now=now,
        ).pk
        for each in range(MEASURES)
    ]  # fmt: skip
    recording = Recording.objects.create(source="measuring", recorded_at=now).pk
    table = Observation._meta.db_table
    sql = (
        f"INSERT INTO {table} (measure_id, subject, period_id, amount, recording_id)"
        f" SELECT m.id, v.id, %s, v.id * 37 %% 9999991, {recording} FROM ventures_venture v CROSS JOIN"
        f" {Measure._meta.db_table} m WHERE v.id <= %s AND m.id IN ({', '.join(map(str, measures))})"
        " ORDER BY v.id, m.id"
    )
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size = -400000")
    size_before, done, quarter, written = _size(), 0, 0, []
    began = time.process_time()
    while done < number:
        starts = date(2005 + quarter // 4, quarter % 4 * 3 + 1, 1)
        ends = date(starts.year + (starts.month == 10), (starts.month + 2) % 12 + 1, 1)
        written.append(Period.objects.create(starts_on=starts, ends_before=ends).pk)
        wanted = subjects[: max(1, min(len(subjects), (number - done) // MEASURES))]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [written[-1], wanted[-1]])
        done, quarter = done + len(wanted) * MEASURES, quarter + 1
    wrote = time.process_time() - began
    size = _size() - size_before
    picture = Picture.objects.create(subject_kind="ventures.venture", period_id=written[0])
    _first, picture = timed(lambda: actions.rebuild(picture, now=now))
    rebuilt, picture = timed(lambda: actions.rebuild(picture, now=now), 2)
    return {
        "rows": queries.counted()["observation"],
        "megabytes": round(size / 1e6),
        "bytes_a_row": round(size / done),
        "written_a_second": round(done / wrote),
        "rebuild_seconds": round(rebuilt, 2),
        "rebuilt_subjects": picture.rows,
        "wide_megabytes": round((_size() - size_before - size) / 1e6),
    }


def _size() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return int(cursor.fetchone()[0])


def take_in(ventures: int, now: Any) -> dict[str, Any]:
    """Institutions, ventures and their stays, taken in by the verbs; how quickly."""
    from hatchline.apps.ventures import actions
    from hatchline.apps.ventures.history import History

    places, made = fill(ventures, now)
    drafts = list(lives(made, places))
    known, outcomes = History(), Counter[str]()
    began, began_busy = time.perf_counter(), time.process_time()
    for part in in_parts(drafts, 2000):
        found = actions.record_stays(part, now=now, today=AS_OF, known=known)
        outcomes.update(each.status or each.refusal.code for each in found if each.status or each.refusal)
    taking, busy = time.perf_counter() - began, time.process_time() - began_busy
    return {
        "institutions": len(places),
        "ventures": len(made),
        "became": dict(outcomes),
        "stays_a_second": round(len(drafts) / taking),
        "stays_a_busy_second": round(len(drafts) / busy),
    }


def reckon(now: Any) -> dict[str, Any]:
    """Flow and survival of what was taken in, and their peers."""
    from hatchline.apps.institutions import queries as institutions
    from hatchline.apps.ventures import queries
    from hatchline.apps.ventures.models import Stay
    from hatchline.core.chain.presence import flow
    from hatchline.core.chain.survival import curve

    def by_rows() -> list[Any]:
        return list(Stay.objects.filter(status="confirmed", counts=True, held_from__isnull=False).values_list(*COLUMNS))

    loading, chain = timed(queries.chain, 3)
    rows_loading, rows = timed(by_rows, 2)
    places = list(institutions.registered().order_by("pk").values_list("pk", flat=True))
    tenth = places[: len(places) // 10]
    parts = {"": None, "_of_a_tenth": tenth}
    told: dict[str, Any] = {
        "stays": len(chain.stays), "load_ms": loading * 1000, "plain_load_ms": rows_loading * 1000,
    }  # fmt: skip
    for name, some in parts.items():
        flowing, table = timed(lambda some=some: flow((chain.of(some) if some else chain).stays, DAYS), 7)
        surviving, estimate = timed(
            lambda some=some: curve(*queries.durations(chain.of(some) if some else chain, AS_OF)[:2]), 7
        )
        those = None if some is None else set(some)
        plain_flow, plain_table = timed(lambda those=those: flow_by_rows(rows, those), 2)
        plain_survival, plain_curve = timed(lambda those=those: survival_by_rows(rows, those), 2)
        check(table, plain_table, estimate, plain_curve)
        told |= {
            f"flow{name}_ms": flowing * 1000,
            f"survival{name}_ms": surviving * 1000,
            f"plain_flow{name}_ms": plain_flow * 1000,
            f"plain_survival{name}_ms": plain_survival * 1000,
        }
    fields = sorted({*chain.field.tolist()})
    filters = {
        "one institution": lambda: chain.of(places[:1]),
        "a field": lambda: chain.of(None, fields[1:2]),
        "no field": lambda: chain.where(chain.field == 0),
        "a tenth in a field": lambda: chain.of(tenth, fields[1:2]),
        "all but a few": lambda: chain.of(places[3:]),
        "begun in 2012": lambda: chain.begun_in(date(2012, 1, 1), date(2013, 1, 1)),
    }
    spent = {}
    for name, narrowed in filters.items():

        def both(narrowed: Callable[[], Any] = narrowed) -> None:
            found = narrowed()
            flow(found.stays, DAYS)
            curve(*queries.durations(found, AS_OF)[:2])

        spent[name] = timed(both, 5)[0]
    slowest = max(spent, key=lambda name: spent[name])
    told |= {"slowest_filter": slowest, "slowest_filter_ms": spent[slowest] * 1000, "filters": len(spent)}
    return told | {"after_a_move_ms": working_day(places, now) * 1000}


def measure(folder: Path, ventures: int, observations: int) -> dict[str, Any]:
    """Everything, in the current process."""
    from django.utils import timezone

    from hatchline.apps.observations.models import Observation
    from hatchline.apps.ventures import queries

    now, notes = timezone.now(), folder / "taken.json"
    if not notes.exists():
        notes.write_text(json.dumps(take_in(ventures, now), ensure_ascii=False))
    told = {**json.loads(notes.read_text()), **reckon(now)}
    if observations and not Observation.objects.exists():
        subjects = list(queries.ventures().order_by("pk").values_list("pk", flat=True))
        (folder / "observed.json").write_text(json.dumps(observe(observations, subjects, now)))
    seen = folder / "observed.json"
    return {**told, "observations": json.loads(seen.read_text()) if seen.exists() else None}


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
        began = time.process_time()
        found = queries.present_chain().of(institutions=some)
        flow(found.stays, DAYS)
        curve(*queries.durations(found, AS_OF)[:2])
        best = min(best, time.process_time() - began)
        assert queries.present_chain() is not before, "the move was not seen"
    return best


def table_lines(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The figures as benchmarks/all.py prints them."""

    def line(
        name: str, ours: float, peer: Any, unit: str, goal: Any, note: str, turned: bool = False
    ) -> dict[str, Any]:
        ratio = None if peer is None else round(ours / peer if turned else peer / ours, 1)
        figures = (value if value is None or isinstance(value, int) else round(value, 1) for value in (ours, peer))
        ours, peer = figures
        return {"name": name, "ours": ours, "peer": peer, "unit": unit, "ratio": ratio, "goal": goal, "note": note}

    size, limit = f"{told['stays']:,} stays of {told['ventures']:,} ventures", GOAL_SECONDS * 1000
    busy = f"peer: the goal; {told['stays_a_busy_second']:,} in a second of the processor"
    lines = [line("chain: stays taken in", told["stays_a_second"], GOAL_STAYS, "a second", 1, busy, turned=True)]
    for name, of in (("", size), ("_of_a_tenth", f"{size}, a tenth of the institutions")):
        for what in ("flow", "survival"):
            title = f"chain: {what}{', filtered' if name else ''}"
            ours, peer = told[f"{what}{name}_ms"], told[f"plain_{what}{name}_ms"]
            lines.append(line(title, ours, peer, "ms", GOAL_RATIO, f"{of}; peer: row by row in Python, same answer"))
    slowest = max((told[f"{what}{name}_ms"], what) for what in ("flow", "survival") for name in ("", "_of_a_tenth"))
    filters = f"flow and survival together, slowest of {told['filters']} filters ({told['slowest_filter']})"
    load = f"{size}; once in a process, then only what moved; peer: rows into Python"
    moved = "flow and survival of a tenth just after a move"
    lines += [
        line("chain: flow or survival, limit", slowest[0], limit, "ms", 1, f"{size}; the slower of the two; {LIMIT}"),
        line("chain: any filter, limit", told["slowest_filter_ms"], limit, "ms", 1, f"{size}; {filters}; {LIMIT}"),
        line("chain: after a move, limit", told["after_a_move_ms"], limit, "ms", 1, f"{size}; {moved}; {LIMIT}"),
        line("chain: reading it", told["load_ms"], told["plain_load_ms"], "ms", GOAL_LOAD, load),
    ]
    if seen := told["observations"]:
        rows, wide = f"{seen['rows']:,} values", f"{seen['rebuilt_subjects']:,} subjects, {MEASURES} measures"
        room = f"{seen['bytes_a_row']} bytes a row with its indexes; the wide table of a period: {{}} MB".format(
            seen["wide_megabytes"]
        )
        lines += [
            line("observations: rows", seen["rows"], None, "rows", None, f"{seen['written_a_second']:,} a second"),
            line("observations: room on disk", seen["megabytes"], None, "MB", None, room),
            line("observations: wide table made anew", seen["rebuild_seconds"], None, "s", None, f"{rows}; {wide}"),
        ]
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ventures", type=int, default=150_000)
    parser.add_argument("--observations", type=int, default=10_000_000)
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    kept = os.environ.get("HATCHLINE_BENCH_CHAIN")
    folder = Path(kept or tempfile.mkdtemp(prefix="hatchline-chain-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        prepare(folder)
        lines = table_lines(measure(folder, wanted.ventures, wanted.observations))
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)
    missed = [each["name"] for each in lines if each["goal"] is not None and each["ratio"] < each["goal"]]
    for each in lines:
        if wanted.json:
            print(json.dumps(each, ensure_ascii=False))
        else:
            goal = "" if each["goal"] is None else f"{'NOT MET' if each['name'] in missed else 'met'} {each['goal']}"
            against = "" if each["peer"] is None else f"against {each['peer']}, {each['ratio']} times"
            print(f"{each['name']:>36}  {each['ours']} {each['unit']} {against} {goal}  {each['note']}")
    return 1 if missed and not wanted.json else 0


if __name__ == "__main__":
    sys.exit(main())

"""The national rule of 2018 over a made-up nation, against the released OpenFisca over the same population.

Both judge the same institutions by the same criteria; their verdicts are compared first, where everything is known.
Then ours runs with 2 % of all facts unknown. ``--size S`` (or M, L) runs one size; all three without it. ``--json``
prints one object a line.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import _fisca
from benchmarks._nation import AS_OF, SIZES, nation
from hatchline.core.rules import engines, kernel
from hatchline.core.rules.bind import bind
from hatchline.rulebook import library

RUNS = 3


def best(work, runs: int = RUNS) -> float:
    """Seconds of the quickest of some runs; both sides are treated alike."""
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)


def theirs(population, verdicts) -> dict[str, float]:
    """OpenFisca's times: build by ids, build by its expert set-up, run alone. Raises when the verdicts differ."""
    owners = np.repeat(np.arange(population.size), np.diff(population.offsets))
    ids = {
        "venture": np.char.add("v", np.arange(population.member_count).astype(str)),
        "institution": np.char.add("i", np.arange(population.size).astype(str)),
    }
    arrays, system = _fisca.inputs(population), _fisca.System(population)
    begun = time.perf_counter()
    simulation = _fisca.build(system, ids, owners, arrays)
    built = time.perf_counter() - begun
    found = _fisca.run(simulation)
    differing = int((found != verdicts).sum())
    if differing:
        raise SystemExit(f"{differing} verdicts differ from OpenFisca's")
    runs, experts = [], []
    for _ in range(RUNS):
        begun = time.perf_counter()
        simulation = _fisca.build(system, ids, owners, arrays, expert=True)
        experts.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        _fisca.run(simulation)
        runs.append(time.perf_counter() - begun)
    return {"build": built, "expert": min(experts), "run": min(runs)}


def measure(size: str) -> list[dict[str, object]]:
    """The rows of one size."""
    plan = bind(library().get("most-2018-300"), AS_OF)
    known = nation(size, unknown=0)
    peer = theirs(known, kernel.judge(plan, known).overall[0])
    del known
    population = nation(size)
    kernel.judge(plan, population)
    fused = best(lambda: kernel.judge(plan, population))
    resident = engines.DuckDB(population)
    same = resident.judge(plan).overall
    assert all((a == b).all() for a, b in zip(same, kernel.judge(plan, population).overall, strict=True))
    embedded = best(lambda: resident.judge(plan))
    many, ventures = SIZES[size]
    shape = f"{many:,} institutions, {ventures:,} ventures"
    goals = {"S": (None, None, None), "M": (None, 10, None), "L": (3, 10, 100)}[size]
    rows = [
        ("kernel / their run alone", fused, peer["run"], goals[0]),
        ("DuckDB / their run alone", embedded, peer["run"], None),
        ("kernel / their build + run", fused, peer["build"] + peer["run"], goals[2]),
        ("DuckDB / their build + run", embedded, peer["build"] + peer["run"], goals[1]),
        ("kernel / their expert build + run", fused, peer["expert"] + peer["run"], None),
    ]
    return [
        {"name": f"rules {size}: {name}", "ours": ours, "peer": other, "unit": "s", "ratio": other / ours, "goal": goal,
         "note": f"{shape}; 2 % unknown for ours; verdicts equal where all is known"}
        for name, ours, other, goal in rows
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--size", choices=list(SIZES), action="append")
    asked = parser.parse_args()
    for size in asked.size or list(SIZES):
        for row in measure(size):
            told = f"{row['name']:<44} {row['ours']:.3f} s against {row['peer']:.3f} s: {row['ratio']:.1f} times"
            print(json.dumps(row) if asked.json else told, flush=True)


if __name__ == "__main__":
    main()

"""The national rule of 2018 over a made-up nation, against the released OpenFisca over the same population.

Both judge the same institutions by the same criteria; their verdicts are compared first, where everything is known.
Then ours runs with 2 % of all facts unknown. Both also start from the same Parquet files. Spark runs on S and M, where
it must give the same verdicts; from both times follows from which size it would pay. ``--size S`` (or M, L) runs one
size; all three without it. ``--json`` prints one object a line.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from pyarrow import parquet

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import _fisca
from benchmarks._nation import AS_OF, SIZES, nation
from hatchline.core.rules import engines, kernel
from hatchline.core.rules.bind import bind
from hatchline.core.rules.populations import Population, arranged
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


def from_parquet(population, verdicts) -> tuple[float, float]:
    """Seconds from the same Parquet files to verdicts, ours with the kernel and theirs with its expert set-up."""
    plan = bind(library().get("most-2018-300"), AS_OF)
    with tempfile.TemporaryDirectory() as folder:
        own, members = Path(folder) / "institutions.parquet", Path(folder) / "ventures.parquet"
        for path, table in zip((own, members), engines.tables(population), strict=True):
            parquet.write_table(table, path)

        def read() -> Population:
            facts, ventures = parquet.read_table(own), parquet.read_table(members)
            owners = ventures.column("place").to_numpy()
            columns = [{n: t.column(n).to_numpy() for n in t.column_names if n != "place"} for t in (facts, ventures)]
            return arranged(range(facts.num_rows), columns[0], owners, columns[1])

        def ours() -> None:
            kernel.judge(plan, read())

        def peer() -> None:
            found = read()
            owners = np.repeat(np.arange(found.size), np.diff(found.offsets))
            ids = {"venture": np.arange(found.member_count), "institution": np.arange(found.size)}
            simulation = _fisca.build(_fisca.System(found), ids, owners, _fisca.inputs(found), expert=True)
            if (_fisca.run(simulation) != verdicts).any():
                raise SystemExit("verdicts differ from OpenFisca's")

        ours()
        return best(ours), best(peer)


def spark(size: str, population, plan, expected, fused: float) -> list[dict[str, object]]:
    """Spark's time on this machine; on M also the size from which a cluster of it would pay."""
    from pyspark.sql import SparkSession

    quiet = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false",
             "spark.sql.shuffle.partitions": "4", "spark.driver.memory": "4g",
             "spark.sql.execution.arrow.pyspark.enabled": "true"}  # fmt: skip
    builder = SparkSession.builder.master("local[2]")
    for key, value in quiet.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    resident = engines.Spark(population, session)
    found = resident.judge(plan).overall
    if any((a != b).any() for a, b in zip(found, expected, strict=True)):
        raise SystemExit("Spark's verdicts differ")
    taken = SPARK[size] = best(lambda: resident.judge(plan), 2)
    note = "verdicts equal"
    if size == "M" and "S" in SPARK:
        many = SIZES["M"][1] - SIZES["S"][1]
        each, own = (SPARK["M"] - SPARK["S"]) / many, fused / SIZES["M"][1]
        start = max(0.0, SPARK["M"] - each * SIZES["M"][1])
        workers = 2 * math.ceil(each / own)
        note += (
            f"; starts in {start:.1f} s, then {each * 1e6:.2f} s a million ventures against {own * 1e6:.3f} s: on one "
        )
        note += f"machine never, with {workers} such machines from {start / (own - each / workers) / 1e6:,.0f} million"
    return [{"name": f"rules {size}: kernel / Spark", "ours": fused, "peer": taken, "unit": "s", "ratio": taken / fused,
             "goal": None, "note": note}]  # fmt: skip


SPARK: dict[str, float] = {}


def measure(size: str) -> list[dict[str, object]]:
    """The rows of one size."""
    plan = bind(library().get("most-2018-300"), AS_OF)
    known = nation(size, unknown=0)
    verdicts = kernel.judge(plan, known).overall[0]
    peer = theirs(known, verdicts)
    files = from_parquet(known, verdicts)
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
        ("kernel / theirs, both from Parquet", *files, None),
    ]
    more = spark(size, population, plan, kernel.judge(plan, population).overall, fused) if size != "L" else []
    return [
        {"name": f"rules {size}: {name}", "ours": ours, "peer": other, "unit": "s", "ratio": other / ours, "goal": goal,
         "note": f"{shape}; 2 % unknown for ours; verdicts equal where all is known"}
        for name, ours, other, goal in rows
    ] + more  # fmt: skip


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

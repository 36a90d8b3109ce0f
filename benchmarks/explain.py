"""One institution with 34 ventures explained: verdicts alone, the full tree, the nearest way; beside OpenFisca's trace.
``--json`` prints one object a line.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import _fisca
from benchmarks._nation import AS_OF, nation
from hatchline.core.rules.explain import Explainer
from hatchline.core.rules.populations import Population
from hatchline.core.rules.reckon import evaluate
from hatchline.core.rules.ways import nearest_way
from hatchline.rulebook import library

VENTURES, RUNS = 34, 60


def median(work) -> float:
    """Seconds of the middle run."""
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def one() -> Population:
    """The first institution of the nation with at least 34 ventures, cut to 34."""
    everybody = nation("S")
    place = int(np.flatnonzero(np.diff(everybody.offsets) >= VENTURES)[0])
    start = int(everybody.offsets[place])
    return Population(
        ["one"],
        {name: column[place : place + 1] for name, column in everybody.own.items()},
        np.array([0, VENTURES]),
        {name: column[start : start + VENTURES] for name, column in everybody.members.items()},
    )


def main() -> None:
    population = one()
    facts, members = population.subject(0)
    explainer = Explainer(library().get("most-2018-300"), AS_OF)

    def whole() -> None:
        explanation = explainer.explain(facts, members)
        nearest_way(explainer, explanation, facts, members)

    system, arrays = _fisca.System(population), _fisca.inputs(population)
    owners = np.zeros(VENTURES, dtype=int)
    ids = {"venture": np.arange(VENTURES), "institution": np.arange(1)}

    def traced() -> None:
        simulation = _fisca.build(system, ids, owners, arrays, expert=True)
        simulation.trace = True
        _fisca.run(simulation)
        simulation.tracer.computation_log.lines()

    whole()
    trace = median(traced)
    gaps, tree = median(lambda: explainer.gaps(facts, members)), median(whole)
    rows = [
        ("verdicts / their trace", median(lambda: evaluate(explainer.plan, facts, members)), trace, None),
        ("verdicts, values, gaps / their trace", gaps, trace, None),
        ("verdicts, values, gaps / limit", gaps, 0.0003, 1),
        ("tree / their trace", median(lambda: explainer.explain(facts, members)), trace, None),
        ("tree, nearest way / their trace", tree, trace, 1),
        ("tree, nearest way / limit", tree, 0.005, 1),
    ]
    for name, ours, peer, goal in rows:
        note = f"one institution, {VENTURES} ventures; " + (
            "theirs is a traced run" if peer == trace else "the limit set"
        )
        row = {"name": f"explain: {name}", "ours": ours * 1e3, "peer": peer * 1e3, "unit": "ms", "ratio": peer / ours,
               "goal": goal, "note": note}  # fmt: skip
        told = f"{row['name']:<46} {ours * 1e3:.3f} ms against {peer * 1e3:.3f} ms: {peer / ours:.1f} times ({note})"
        print(json.dumps(row) if "--json" in sys.argv else told)


if __name__ == "__main__":
    main()

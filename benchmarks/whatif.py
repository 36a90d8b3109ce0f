"""A thousand scenarios over the nation of size M, against OpenFisca's reforms (extrapolated from five). ``--json``: one
object a line.

Theirs, plain: each scenario a reform, its simulation built and run. Theirs, cached: only what the figures touch is
forgotten and reckoned again in one simulation. Both get the expert set-up, which is their quickest.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import _fisca
from benchmarks._nation import AS_OF, nation
from hatchline.core.rules.whatif import WhatIf, scenarios, setting
from hatchline.rulebook import library

SETTINGS = ("min_tenants=30..75:5", "min_area=5000..14000:1000", "min_graduates=11..20:1")
TRIED = 5
DOCUMENT = "most-2018-300"


def ours(population, asked, *, fused: bool) -> tuple[float, list[int]]:
    """Seconds from raw rows to all outcomes, and how many pass in each."""
    begun = time.perf_counter()
    outcomes = WhatIf(library().get(DOCUMENT), AS_OF, population, fused).run(asked)
    passes = [outcome.passes for outcome in outcomes]
    return time.perf_counter() - begun, passes


def main() -> None:
    document = library().get(DOCUMENT)
    asked = scenarios([setting(document, text) for text in SETTINGS])
    known = nation("M", unknown=0)
    _seconds, passes = ours(known, asked, fused=True)
    owners = np.repeat(np.arange(known.size), np.diff(known.offsets))
    ids = {"venture": np.arange(known.member_count), "institution": np.arange(known.size)}
    arrays, system = _fisca.inputs(known), _fisca.System(known)
    plain, cached = [], []
    warm = _fisca.build(system, ids, owners, arrays, expert=True)
    _fisca.run(warm)
    for place in np.linspace(0, len(asked) - 1, TRIED).astype(int):
        figures = {name: float(q.amount) for name, q in asked[place].items()}
        begun = time.perf_counter()
        reformed = _fisca.reform(system, figures)
        found = _fisca.run(_fisca.build(reformed, ids, owners, arrays, expert=True))
        plain.append(time.perf_counter() - begun)
        if int(found.sum()) != passes[place]:
            raise SystemExit(f"scenario {place}: {int(found.sum())} pass there, {passes[place]} here")
        begun = time.perf_counter()
        warm.tax_benefit_system = reformed
        for name in ("N18_6a", "N18_2a", "N18_7", "overall"):
            warm.delete_arrays(name)
        _fisca.run(warm)
        cached.append(time.perf_counter() - begun)
    population = nation("M")
    per_plain, per_cached = sum(plain) / TRIED * len(asked), sum(cached) / TRIED * len(asked)
    for fused, goal in ((True, 2000), (False, 800)):
        ours(population, asked[:1], fused=fused)
        seconds = min(ours(population, asked, fused=fused)[0] for _ in range(3))
        how = "kernel" if fused else "NumPy"
        for label, peer, wanted in (("reform runs", per_plain, goal), ("cached form", per_cached, None)):
            note = f"{len(asked)} scenarios from raw rows; theirs extrapolated from {TRIED}; counts equal"
            row = {"name": f"whatif M: {how} / their {label}", "ours": seconds, "peer": peer, "unit": "s",
                   "ratio": peer / seconds, "goal": wanted, "note": note}  # fmt: skip
            told = f"{row['name']:<44} {seconds:.3f} s against {peer:.1f} s: {row['ratio']:.0f} times"
            print(json.dumps(row) if "--json" in sys.argv else told, flush=True)


if __name__ == "__main__":
    main()

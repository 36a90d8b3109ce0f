"""Run every benchmark and print one table: ours, the peer, how many times better ours is, and the goal."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def rows() -> list[dict]:
    """The lines of every benchmark; one that fails is a row that says so."""
    found = []
    for path in sorted(HERE.glob("*.py")):
        if path.name in {"all.py"} or path.name.startswith("_"):
            continue
        print(f"running {path.name}", file=sys.stderr, flush=True)
        done = subprocess.run([sys.executable, str(path), "--json"], capture_output=True, text=True, check=False)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        if done.returncode or not lines:
            tail = (done.stderr.strip().splitlines() or ["printed nothing"])[-1]
            lines.append(
                {
                    "name": path.stem,
                    "ours": None,
                    "peer": None,
                    "unit": "",
                    "ratio": None,
                    "goal": None,
                    "note": f"failed: {tail}",
                }
            )
        found += lines
    return found


def figure(value: object) -> str:
    return "" if value is None else f"{value:,.4g}" if isinstance(value, float) else str(value)


def main() -> int:
    table = rows()
    print(f"{'name':<44} {'ours':>12} {'peer':>12} {'unit':<10} {'ratio':>8} {'goal':>6}  note")
    missed = 0
    for row in table:
        goal, ratio = row.get("goal"), row.get("ratio")
        met = goal is None or (ratio is not None and ratio >= goal)
        missed += not met or str(row.get("note", "")).startswith("failed")
        mark = "" if met else "  BELOW GOAL"
        figures = f"{figure(row['ours']):>12} {figure(row['peer']):>12} {row['unit']:<10} {figure(ratio):>8}"
        print(f"{row['name']:<44} {figures} {figure(goal):>6}  {row.get('note', '')}{mark}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

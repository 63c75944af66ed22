"""Hostile histories of the protocol of change, as many as one likes; it goes on where it stopped.

    .venv/bin/python -m benchmarks.histories --count 1000000 --state histories.json --processes 2

The first seed that breaks a rule is printed with its shortest history, and is where the next run
begins.
"""

import argparse
import importlib
import json
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from domain.plans import State

AT_A_TIME = 5_000


def lived(seeds: range) -> dict[str, Any]:
    """What became of these histories, counted; and what was found wrong, in lines."""
    # By name: what tests are made of is no room of the house.
    histories = importlib.import_module("tests.domain.protocol_histories")
    tally, began = histories.Tally(), time.process_time()
    found = histories.run(seeds, tally)
    return {
        "seconds": time.process_time() - began,
        "plans": tally.plans,
        "alone": tally.alone,
        "called": tally.called,
        "said": dict(tally.said),
        "found": found and [f"seed {found.seed}: {found.broken}", *found.trace],
    }


def added(before: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """The counts of both."""
    whole = {key: before.get(key, 0) + more[key] for key in ("seconds", "plans", "alone", "called")}
    said = Counter(before.get("said", {})) + Counter(more["said"])
    return {**before, **whole, "said": dict(said)}


def run(count: int, state: Path, processes: int) -> tuple[dict[str, Any], list[str]]:
    """Live on until so many seeds are lived in all; the counts so far, and what was found wrong."""
    told: dict[str, Any] = json.loads(state.read_text()) if state.exists() else {"next": 0}
    with ProcessPoolExecutor(processes) as pool:
        while told["next"] < count:
            first = told["next"]
            last = min(count, first + AT_A_TIME * processes)
            starts = range(first, last, AT_A_TIME)
            parts = [range(it, min(it + AT_A_TIME, last)) for it in starts]
            for part, more in zip(parts, pool.map(lived, parts), strict=True):
                if more["found"]:
                    return told, more["found"]
                told = added(told, more) | {"next": part.stop}
                state.write_text(json.dumps(told))
    return told, []


def figures(told: dict[str, Any]) -> list[str]:
    """How fast, where plans ended, what happened to them, and how often a person was needed though
    nobody but the console wrote."""
    said = Counter(told.get("said", {}))
    ends = {str(it) for it in State}
    many, seconds = told["next"], told.get("seconds", 0.0)
    alone, called = told.get("alone", 0), told.get("called", 0)
    return [
        f"{many:,} histories, {told.get('plans', 0):,} plans, {many / max(seconds, 1e-9):,.0f} "
        "histories per second and core",
        f"nobody else writes: {alone:,} plans begun, {called:,} needed a person "
        f"({100 * called / max(alone, 1):.3f} %)",
        *(f"  {many:>12,} {it}" for it, many in said.most_common() if it in ends),
        "what happened:",
        *(f"  {many:>12,} {it}" for it, many in said.most_common() if it not in ends),
    ]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--count", type=int, default=1_000_000, help="seeds in all")
    asked.add_argument("--state", type=Path, required=True, help="where the next seed is kept")
    asked.add_argument("--processes", type=int, default=1)
    by = asked.parse_args()
    told, found = run(by.count, by.state, by.processes)
    print(*figures(told), *found, sep="\n")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()

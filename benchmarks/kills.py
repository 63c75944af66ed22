"""kill -9 at each failpoint, before and after, on both databases; kills that were seen are kept.

    .venv/bin/python -m benchmarks.kills --each 25 --state kills.json

14 points, 2 sides, 2 databases: 56 kills for each of the 25.
"""

import argparse
import importlib
import json
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

KINDS = ("sqlite", "postgresql")


def kills(told: dict[str, Any], each: int, port: int, until: float) -> None:
    """Kill on from where told stops, in rounds over every point; adds to told."""
    # By name: what is a test has no types, and this room has them all.
    crashing = importlib.import_module("tests.jobs.crashing")
    points = [(it, side) for it in crashing.POINTS for side in crashing.SIDES]
    with tempfile.TemporaryDirectory() as folder:
        scene = crashing.Scene(Path(folder), port)
        try:
            for kind in KINDS:
                with scene.copies(kind) as copy:
                    for name, side in points:
                        key = f"{kind}, {name}, {side}"
                        if told["seen"].get(key, 0) >= each or time.perf_counter() > until:
                            continue
                        found = scene.killed(copy(), name, side)
                        told["seen"][key] = told["seen"].get(key, 0) + 1
                        told["owned"] = max(told["owned"], found["owned after s"])
                        told["ended"] = max(told["ended"], found["ended after s"])
                        told["lines"] += found["lines"]
                        if words := crashing.wrong(name, found):
                            told["wrong"].append([key, *words])
                            print(key, *words, sep="\n  ")
        finally:
            scene.close()


def run(each: int, state: Path, port: int, minutes: float) -> dict[str, Any]:
    """Until every point has been killed at so often, or the time is over."""
    fresh = {"seen": {}, "owned": 0.0, "ended": 0.0, "lines": 0, "wrong": [], "seconds": 0.0}
    told: dict[str, Any] = json.loads(state.read_text()) if state.exists() else fresh
    for turn in range(1, each + 1):
        began = time.perf_counter()
        if minutes <= 0 or sum(told["seen"].values()) >= 56 * turn:
            continue
        kills(told, turn, port, began + minutes * 60)
        spent = time.perf_counter() - began
        told["seconds"], minutes = told["seconds"] + spent, minutes - spent / 60
        state.write_text(json.dumps(told))
    return told


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--each", type=int, default=25)
    asked.add_argument("--state", type=Path, required=True)
    asked.add_argument("--port", type=int, default=8790)
    asked.add_argument("--minutes", type=float, default=60)
    options = asked.parse_args()
    told = run(options.each, options.state, options.port, options.minutes)
    count = sum(told["seen"].values())
    print(f"{count:,} kills in {told['seconds']:.0f} s, {told['lines']:,} lines acknowledged")
    print("of each database:", dict(Counter(it.split(",")[0] for it in told["seen"])), "points")
    print(f"owned again after {told['owned']:.0f} s at most, ended after {told['ended']:.0f} s")
    print(f"{len(told['wrong'])} kills went wrong")


if __name__ == "__main__":
    main()

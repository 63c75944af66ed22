"""Hostile schedules over the real worker, store and services; seeds that were played are kept.

    .venv/bin/python -m benchmarks.schedules --count 20000 --state schedules.json --processes 2

What is found wrong is printed with its seed, and with that it comes again.
"""

import argparse
import importlib
import json
import logging
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

AT_A_TIME = 50


def played(seeds: list[int]) -> dict[str, Any]:
    """What became of these schedules, counted; a database of its own for each batch."""
    logging.disable(logging.CRITICAL)
    # By name: what is a test has no types, and this room has them all.
    site, schedules = (importlib.import_module(f"tests.jobs.{it}") for it in ("site", "schedules"))
    with tempfile.TemporaryDirectory() as folder:
        place = site.Site(f"sqlite:///{folder}/console.db")
        tales = [schedules.played(place, seed) for seed in seeds]
        place.close()
    calm = [it for it in tales if not it.foreign]
    return {
        "played": len(tales),
        "plans": sum(len(it.ends) for it in tales),
        "calm plans": sum(len(it.ends) for it in calm),
        "needless": sum(it.needless for it in tales),
        "ends": Counter(end for it in tales for end in it.ends),
        "happened": sum((it.happened for it in tales), Counter[str]()),
        "wrong": [[it.seed, *it.wrong] for it in tales if it.wrong],
    }


def added(before: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """The sum of two counts."""
    whole = dict(before)
    for key, it in more.items():
        known = whole.get(key)
        if isinstance(it, dict):
            it = dict(Counter(known or {}) + Counter(it))
        elif known is not None:
            it = known + it
        whole[key] = it
    return whole


def run(count: int, state: Path, processes: int, minutes: float) -> dict[str, Any]:
    """Play on until so many seeds are played, or the time is over; the counts of all so far."""
    told: dict[str, Any] = json.loads(state.read_text()) if state.exists() else {"next": 0}
    began = time.perf_counter()
    with ProcessPoolExecutor(processes) as pool:
        while told["next"] < count and time.perf_counter() - began < minutes * 60:
            first = told["next"]
            last = min(count, first + AT_A_TIME * processes)
            starts = range(first, last, AT_A_TIME)
            batches = [list(range(it, min(it + AT_A_TIME, last))) for it in starts]
            for more in pool.map(played, batches):
                told = added(told, more)
                for seed, *words in more["wrong"]:
                    print(seed, *words, sep="\n  ")
            told["next"] = last
            state.write_text(json.dumps(told))
    told["seconds"] = told.get("seconds", 0.0) + time.perf_counter() - began
    state.write_text(json.dumps(told))
    return told


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--count", type=int, default=20_000)
    asked.add_argument("--state", type=Path, required=True)
    asked.add_argument("--processes", type=int, default=2)
    asked.add_argument("--minutes", type=float, default=25)
    options = asked.parse_args()
    told = run(options.count, options.state, options.processes, options.minutes)
    rate = told["played"] / told["seconds"]
    print(f"{told['played']:,} schedules, {told['plans']:,} plans, {rate:.1f} schedules/s")
    print("ends:", dict(Counter(told["ends"]).most_common()))
    print("happened:", dict(Counter(told["happened"]).most_common()))
    print(f"of {told['calm plans']:,} plans without others, {told['needless']} need a person")
    print(f"{len(told['wrong'])} schedules went wrong")


if __name__ == "__main__":
    main()

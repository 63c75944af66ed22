"""Quota in figures: from an edit to the verdict; each part is a module that prints its own lines.

.venv/bin/python -m benchmarks.quota --parts whatif
"""

import argparse
from collections.abc import Callable, Iterable, Mapping

from benchmarks import verdicts, whatif


def of_whatif(tries: int) -> Iterable[str]:
    """An edit of three deployments, over three sizes of estate."""
    for deployments, pools in ((500, 80), (5_000, 800), (20_000, 800)):
        yield whatif.measured(deployments, pools, tries)


def of_verdict(tries: int) -> Iterable[str]:
    """From a number typed into the page to the verdict on the screen."""
    yield verdicts.measured(tries)


PARTS: Mapping[str, Callable[[int], Iterable[str]]] = {"whatif": of_whatif, "verdict": of_verdict}
"""By name: what measures it, given how often to try."""


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--parts", default=",".join(PARTS))
    told.add_argument("--tries", type=int, default=200)
    asked_for = told.parse_args()
    for part in asked_for.parts.split(","):
        for line in PARTS[part](asked_for.tries):
            print(line, flush=True)


if __name__ == "__main__":
    main()

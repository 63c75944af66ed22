"""Quota in figures: from an edit to the verdict, the audit trail, the histories of the protocol.

    .venv/bin/python -m benchmarks.quota --parts whatif,verdict

Each part is a module that says its own lines.
"""

import argparse
from collections.abc import Callable, Iterable, Mapping

from benchmarks import audits, histories, verdicts, whatif


def of_whatif(tries: int) -> Iterable[str]:
    """An edit of three deployments, over three sizes of estate."""
    for deployments, pools in ((500, 80), (5_000, 800), (20_000, 800)):
        yield whatif.measured(deployments, pools, tries)


def of_verdict(tries: int) -> Iterable[str]:
    """From a number typed into the page to the verdict on the screen."""
    yield verdicts.measured(tries)


def of_audit(tries: int) -> Iterable[str]:
    """Lines appended by eight writers, and verified, on both databases."""
    return audits.measured(40 * tries)


def of_histories(tries: int) -> Iterable[str]:
    """Hostile histories of the protocol of change, on one core."""
    count = 25 * tries
    told = histories.lived(range(count))
    yield f"{count:,} hostile histories, {count / told['seconds']:,.0f} per second of one core"


PARTS: Mapping[str, Callable[[int], Iterable[str]]] = {
    "whatif": of_whatif,
    "verdict": of_verdict,
    "audit": of_audit,
    "histories": of_histories,
}
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

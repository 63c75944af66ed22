"""The audit trail: how long one line takes while eight writers append, and how fast it is verified.

    .venv/bin/python -m benchmarks.audits --lines 20000

SQLite waits for the disk at every line (synchronous = FULL); the PostgreSQL that is started here
does not (fsync is off), so its figures are those of our code and of the queue at the head.
"""

import argparse
import importlib
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import quantiles
from threading import Thread

from store import audit
from store.engine import Store, opened

WRITERS = 8
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
WHAT = "plan 12: capacity of aoai-shop-weu/chat, write 1"
VERIFIED = 100_000


@contextmanager
def stores() -> Iterator[Iterator[tuple[str, Store]]]:
    """A new store of each kind."""
    # By name: what is a test has no types, and this room has them all.
    pg = importlib.import_module("tests.pg")
    with (
        tempfile.TemporaryDirectory() as folder,
        pg.server() as server,
        pg.database(server) as address,
    ):
        urls = {"SQLite": f"sqlite:///{folder}/a.db", "PostgreSQL": address}
        yield ((name, opened(url)) for name, url in urls.items())


def appended(store: Store, lines: int) -> tuple[list[float], float]:
    """Milliseconds of each line, asked for at once by all writers, and seconds in all."""
    took: list[float] = []

    def write() -> None:
        for _ in range(lines // WRITERS):
            began = time.perf_counter()
            with store.begin() as session:
                audit.add(session, AT, "contoso/ada", WHAT, "asked")
            took.append((time.perf_counter() - began) * 1_000)

    writers = [Thread(target=write) for _ in range(WRITERS)]
    began = time.perf_counter()
    for it in writers:
        it.start()
    for it in writers:
        it.join()
    return took, time.perf_counter() - began


def filled(store: Store, lines: int) -> None:
    """So many lines more, many to a transaction."""
    for first in range(0, lines, 2_000):
        with store.begin() as session:
            for _ in range(min(2_000, lines - first)):
                audit.add(session, AT, "contoso/ada", WHAT, "done", "as it was asked")


def verified(store: Store) -> tuple[float, float]:
    """Seconds by the clock and of the processor for the whole trail; the better of three."""
    best = []
    for _ in range(3):
        began, worked = time.perf_counter(), time.process_time()
        with store.reading() as session:
            if audit.first_break(session) is not None:
                raise SystemExit("The trail is broken.")
        best.append((time.perf_counter() - began, time.process_time() - worked))
    return min(best)


def measured(lines: int) -> Iterator[str]:
    """So many lines appended and many more verified, on each database."""
    with stores() as all_:
        for name, store in all_:
            took, seconds = appended(store, lines)
            cuts = quantiles(took, n=100)
            words = f"p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms, longest {max(took):.0f} ms"
            yield (
                f"{name}: {len(took):,} lines by {WRITERS} writers, {words}, "
                f"{len(took) / seconds:,.0f} lines/s"
            )
            filled(store, VERIFIED - len(took))
            wall, cpu = verified(store)
            with store.reading() as session:
                count, _ = audit.head(session)
            yield (
                f"{name}: {count:,} lines verified, {count / wall:,.0f} lines/s, "
                f"{count / cpu:,.0f} per second of the processor"
            )
            store.close()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--lines", type=int, default=20_000)
    for line in measured(asked.parse_args().lines):
        print(line, flush=True)


if __name__ == "__main__":
    main()

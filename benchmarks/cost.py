"""Cost in figures: a page's question, the bill of a month, the way back through three months.

    .venv/bin/python -m benchmarks.cost --parts month,page,backfill

The company is invented (benchmarks/ledgers.py): 40 units, a year of days, three rows of each
deployment a day. What a page asks is measured beside what somebody would do instead: a sum over the
ledger in SQL, which knows neither prices nor units yet.
"""

import argparse
import gc
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import median

import psutil
from pydantic import SecretStr
from sqlalchemy import func, select

import wiring
from benchmarks import ledgers, world
from benchmarks.audits import stores
from benchmarks.inventory import Peak
from domain import bill, months, spending
from domain.readings import ACCOUNTS, TOPICS
from jobs.reach import HISTORY, STRIDE
from settings import Settings, SimulatorSettings
from store import bills, snapshots
from store.engine import Session, Store
from store.tables import DutyRow, UsageDayRow

LATENCY_MS = 120.0
QUESTIONS, ACCOUNTS_A_CALL = 3, 50
"""Of services.ledger: what one stretch of days is asked in, and of how many accounts at once."""


def of_month(sizes: list[int]) -> Iterator[str]:
    """Allocation and proof of a month, and what it takes of memory beyond its inputs."""
    for deployments in sizes:
        told = ledgers.inputs(deployments)
        gc.collect()
        before = psutil.Process().memory_info().rss / 1e6
        peak, took, many, holds = Peak(), [], 0, True
        peak.start()
        for _ in range(3):
            began, worked = time.perf_counter(), time.process_time()
            made = bill.made(told)
            took.append((time.perf_counter() - began, time.process_time() - worked))
            many, holds = len(made.charges), holds and made.proof.holds
            del made  # one bill is held at a time, as the console does
        peak.over.set()
        if not holds:
            raise SystemExit("The proof does not hold.")
        wall, cpu = min(took)
        yield (
            f"month of {deployments:,} deployments: {len(told.usage):,} rows of usage, "
            f"{len(told.booked):,} booked lines, {many:,} charges in {wall:.2f} s "
            f"({cpu:.2f} s of the processor); {before:.0f} MB before, {peak.mb:.0f} MB at most"
        )


def of_page(sizes: list[int]) -> Iterator[str]:
    """What the page of a month asks, and what SQL over the ledger takes for less."""
    for deployments in sizes:
        made = bill.made(ledgers.inputs(deployments))
        with stores() as all_:
            for name, store in all_:
                began = time.perf_counter()
                rows = ledgers.written(store, deployments)
                filled = time.perf_counter() - began
                with store.begin() as session:
                    bills.keep(session, made, ledgers.FIRST)
                ours = _timed(_page, store)
                theirs = _timed(_summed, store)
                yield (
                    f"{name}, {rows:,} rows of ledger (written in {filled:.0f} s): page "
                    f"{ours:.0f} ms, a sum of the month over the ledger {theirs:.0f} ms, "
                    f"{theirs / ours:.1f} times as long"
                )
                store.close()


def of_bill(sizes: list[int]) -> Iterator[str]:
    """What the page of a month asks, with no ledger behind it: it never looks there."""
    for deployments in sizes:
        made = bill.made(ledgers.inputs(deployments))
        with stores() as all_:
            for name, store in all_:
                with store.begin() as session:
                    bills.keep(session, made, ledgers.FIRST)
                yield (
                    f"{name}, bill of {deployments:,} deployments ({len(made.sums):,} sums): page "
                    f"{_timed(_page, store):.0f} ms"
                )
                store.close()


def of_backfill(sizes: list[int]) -> Iterator[str]:
    """93 days of a company's usage: calls against the least that the limits allow, and time."""
    for deployments in sizes:
        accounts = deployments // ledgers.PER_ACCOUNT
        with tempfile.TemporaryDirectory() as folder:
            scenario, port = f"scale-{accounts}", 8_797
            told = Settings(
                _env_file=None,
                database_url=SecretStr(f"sqlite:///{folder}/console.db"),
                simulator=SimulatorSettings(port=port),
            )
            with world.running(
                scenario, Path(folder), port, latency_ms=LATENCY_MS, throttling=False
            ):
                yield _backfilled(wiring.wired(told), deployments)


def _page(store: Store) -> int:
    """The month by unit, by model and by deployment, of one unit and of all."""
    with store.reading() as session:
        sums = bills.sums(session, ledgers.MONTH, "EUR")
        bills.proof(session, ledgers.MONTH, "EUR")
    mine = spending.narrowed(sums, frozenset({"unit-07"}))
    found = [it.groupby(by)["cents"].sum() for it in (sums, mine) for by in ("unit", "model")]
    return len(mine.groupby("resource")["cents"].sum()) + len(found)


def _summed(store: Store) -> int:
    """Tokens of the month by deployment and bucket: no unit, no price, no proof yet."""
    start, over = months.first(ledgers.MONTH), months.end(ledgers.MONTH)
    wanted = (
        select(UsageDayRow.resource, UsageDayRow.bucket, func.sum(UsageDayRow.quantity))
        .where(UsageDayRow.day >= start, UsageDayRow.day < over)
        .group_by(UsageDayRow.resource, UsageDayRow.bucket)
    )
    with store.reading() as session:
        return len(session.execute(wanted).all())


def _timed(ask: Callable[[Store], int], store: Store, tries: int = 7) -> float:
    """Milliseconds, the median; once before for nothing."""
    ask(store)
    took = []
    for _ in range(tries):
        began = time.perf_counter()
        ask(store)
        took.append((time.perf_counter() - began) * 1_000)
    return median(took)


def _backfilled(console: wiring.Wiring, deployments: int) -> str:
    console.collector.run_once()  # whose deployments there are
    console.books.topics = (TOPICS["ledger"].name,)
    began = time.perf_counter()
    seen: dict[tuple[str, str, object], int] = {}
    while True:
        console.books.run_once()
        with console.store.reading() as session:
            duties = session.scalars(
                select(DutyRow).where(DutyRow.topic == TOPICS["ledger"].name)
            ).all()
            seen |= {(it.topic, it.scope, it.last_at): it.calls or 0 for it in duties}
            if duties and not any(it.backlog or it.last_at is None for it in duties):
                break
    took = time.perf_counter() - began
    with console.store.reading() as session:
        first = session.scalar(select(func.min(UsageDayRow.day)))
        rows = session.scalar(select(func.count()).select_from(UsageDayRow))
        places = _places(session)
    least = QUESTIONS * sum(-(-many // ACCOUNTS_A_CALL) for many in places.values())
    strides = -(-HISTORY // STRIDE)
    return (
        f"back-fill of {deployments:,} deployments: {rows:,} rows from {first:%Y-%m-%d} in "
        f"{took:.0f} s, {sum(seen.values())} calls; {least} is the "
        f"least for {QUESTIONS} questions about {sum(places.values())} accounts in {len(places)} "
        f"regions of subscriptions, {strides * least} in {strides} stretches of days"
    )


def _places(session: Session) -> Counter[tuple[str, str]]:
    """How many accounts there are by subscription and region: those that one call may ask about."""
    kept = snapshots.kept(session, ACCOUNTS, snapshots.scopes(session, ACCOUNTS)).values()
    frames = [it.frame[["subscription", "region"]] for it in kept if it]
    return Counter(it for told in frames for it in told.itertuples(index=False, name=None))


PARTS: Mapping[str, Callable[[list[int]], Iterator[str]]] = {
    "month": of_month,
    "bill": of_bill,
    "page": of_page,
    "backfill": of_backfill,
}
USUAL = {"month": [1_000], "bill": [1_000, 10_000], "page": [1_000], "backfill": [1_000]}


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--parts", default=",".join(PARTS))
    told.add_argument("--deployments", default="")
    asked = told.parse_args()
    for part in asked.parts.split(","):
        sizes = [int(it) for it in asked.deployments.split(",") if it] or USUAL[part]
        for line in PARTS[part](sizes):
            print(line, flush=True)


if __name__ == "__main__":
    main()

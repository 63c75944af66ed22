"""Content filters in figures: how long their collection takes, and the page that shows them all.

    .venv/bin/python -m benchmarks.filters --parts collected,matrix

Collection asks the simulator, which answers 120 ms late and throttles as Azure does, about the
policies, blocklists and catalogues of 300 accounts (of 10 deployments each, which it need not ask
about). The floor is the larger of calls / 32 connections times latency and of what the manners
leave: 200 calls at once of a subscription, then 20 a second. The plain loop is what an admin would
write: the SDK, one account after the other. The matrix is the page in front of Chromium, its script
timed in the server.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

from azure.core.pipeline.transport import RequestsTransport
from azure.mgmt.cognitiveservices import CognitiveServicesManagementClient
from playwright.sync_api import sync_playwright
from pydantic import SecretStr

import wiring
from benchmarks import pages, world
from domain.readings import ACCOUNTS, BLOCKLISTS, CATALOGUE, POLICIES, Topic
from services import local
from settings import Settings, SimulatorSettings
from store import rounds, snapshots
from wiring import Wiring

LATENCY_MS, WORKERS = 120.0, 32
BURST, PER_SECOND = 200, 20
TOPICS: tuple[Topic, ...] = (POLICIES, BLOCKLISTS, CATALOGUE)


def of_collection(accounts: int, _rows: int, tries: int, folder: Path, port: int) -> str:
    """All policies, blocklists and catalogues of so many accounts."""
    scenario = f"scale-{accounts}"
    with world.running(scenario, folder, port, latency_ms=0, throttling=False) as control:
        console = _console(folder, port)
        console.collector.run_once()
        console.store.close()
        control.configure(latency_ms=LATENCY_MS, throttling=True)
        control.requests()
        told = [_collected(folder, port) for _ in range(tries)]
        refused = control.state().get("totals", {}).get("429", 0)
        began = time.perf_counter()
        found = _loop(folder, port)
        theirs = time.perf_counter() - began
    calls, floor, rows = told[0][1:]
    ours = median(it[0] for it in told)
    assert found == rows, (found, rows)
    return (
        f"{accounts} accounts  {rows:,} policies, blocklists and filters  {calls:,} calls  "
        f"ours {ours:.2f} s  floor {floor:.2f} s  ours/floor {ours / floor:.2f}  429s {refused}  "
        f"the loop {theirs:.1f} s  loop/ours {theirs / ours:.1f}"
    )


def _console(folder: Path, port: int) -> Wiring:
    """A console of its own, whose buckets are full, over the one store."""
    return wiring.wired(
        Settings(
            _env_file=None,
            database_url=SecretStr(f"sqlite:///{folder}/console.db"),
            simulator=SimulatorSettings(port=port),
        )
    )


def _collected(folder: Path, port: int) -> tuple[float, int, float, int]:
    """Seconds, calls, the floor in seconds, and rows of one collection of all that is of filters,
    and of nothing else that may be due."""
    console = _console(folder, port)
    console.collector.topics = tuple(it.name for it in TOPICS)
    with console.store.begin() as session:
        scopes = snapshots.scopes(session, ACCOUNTS)
        rounds.hasten(session, console.clock(), [it.name for it in TOPICS], scopes)
    began = time.perf_counter()
    console.collector.run_once()
    took = time.perf_counter() - began
    with console.store.reading() as session:
        told = rounds.listed(session)
        troubles = [
            trouble for it in TOPICS for some in snapshots.heads(session, it, scopes).values()
            for trouble in some
        ]  # fmt: skip
    console.store.close()
    assert not troubles, troubles[:3]
    own = told[told["topic"].isin([it.name for it in TOPICS])]
    calls = int(own["calls"].sum())
    most = int(own.groupby("scope")["calls"].sum().max())
    floor = max(calls / WORKERS * LATENCY_MS / 1_000, (most - BURST) / PER_SECOND)
    return took, calls, floor, int(own["rows"].sum())


def _loop(folder: Path, port: int) -> int:
    """The same, one question after the other, with the SDK as it comes; returns how much it is."""
    session = local.session(local.Loopback(f"http://127.0.0.1:{port}"))
    way = {"transport": RequestsTransport(session=session, session_owner=False)}
    console, credential, found = _console(folder, port), local.LocalCredential(), 0
    with console.store.reading() as reading:
        kept = snapshots.kept(reading, ACCOUNTS, snapshots.scopes(reading, ACCOUNTS))
    console.store.close()
    for subscription, snapshot in kept.items():
        assert snapshot
        client = CognitiveServicesManagementClient(credential, subscription, **way)
        for group, name in snapshot.frame[["group", "account"]].itertuples(index=False):
            found += len(list(client.rai_policies.list(group, name)))
            for it in client.rai_blocklists.list(group, name):
                list(client.rai_blocklist_items.list(group, name, str(it.name)))
                found += 1
        for region in sorted(set(snapshot.frame["region"])):
            found += len(list(client.rai_content_filters.list(region)))
    return found


def of_matrix(_accounts: int, rows: int, tries: int, folder: Path, port: int) -> str:
    """The page of content filters over so many deployments, from what is remembered."""
    with (
        world.running(f"scale-{rows // 10}", folder, port, latency_ms=0, throttling=False),
        sync_playwright() as playwright,
    ):
        pages.filled(folder, port)
        with pages.chromium(playwright) as page, pages.served(folder, port, port + 1) as timings:
            pages.opened(page, port + 1, "filters")
            told = pages.clicked(page, timings, "Content filters", tries)
    return f"{rows:,} deployments  {told}"


PARTS: Mapping[str, Callable[[int, int, int, Path, int], str]] = {
    "collected": of_collection,
    "matrix": of_matrix,
}
"""By name: what measures it, given accounts, deployments, tries, a folder and a port."""


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--parts", default=",".join(PARTS))
    told.add_argument("--accounts", type=int, default=300)
    told.add_argument("--rows", type=int, default=2_000)
    told.add_argument("--tries", type=int, default=5)
    told.add_argument("--port", type=int, default=8860)
    asked = told.parse_args()
    for at, part in enumerate(asked.parts.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            port = asked.port + 2 * at
            print(PARTS[part](asked.accounts, asked.rows, asked.tries, Path(folder), port))


if __name__ == "__main__":
    main()

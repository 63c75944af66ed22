"""The whole inventory: the console's collector beside the plain loop, against one simulator.

    .venv/bin/python -m benchmarks.inventory --sizes 10,100,1000

Each answer of the simulator takes 120 ms more and Azure's documented throttling is on. The floor is
calls / 32 workers times latency: no collector with 32 connections can be faster.
"""

import argparse
import tempfile
import threading
import time
from pathlib import Path

import psutil
from pydantic import SecretStr

import wiring
from benchmarks import loop, world
from reads import inventory, sources
from settings import Settings, SimulatorSettings

LATENCY_MS, WORKERS = 120.0, 32


class Peak(threading.Thread):
    """The most memory that this process held while it ran, in MB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.mb, self.over = 0.0, threading.Event()

    def run(self) -> None:
        process = psutil.Process()
        while not self.over.wait(0.05):
            self.mb = max(self.mb, process.memory_info().rss / 1e6)


def measured(accounts: int, folder: Path, port: int, *, with_loop: bool) -> None:
    scenario = f"scale-{accounts}"
    with world.running(scenario, folder, port, latency_ms=LATENCY_MS, throttling=True) as control:
        console = wiring.wired(
            Settings(
                _env_file=None,
                database_url=SecretStr(f"sqlite:///{folder}/{scenario}-console.db"),
                simulator=SimulatorSettings(port=port),
            )
        )
        control.requests()
        peak = Peak()
        peak.start()
        began = time.perf_counter()
        console.collector.run_once()
        ours = time.perf_counter() - began
        peak.over.set()
        calls = int(sources.sources(console.store)["calls"].sum())
        refused = control.state().get("totals", {}).get("429", 0)
        scopes = tuple(
            inventory.subscriptions(console.store, console.clock()).frame["subscription"]
        )
        kept = inventory.deployments(console.store, scopes, "24h", console.tags, console.clock())
        assert len(kept.frame) == accounts * 10, kept.frame.shape
        assert not kept.troubles, kept.troubles[:3]
        floor = calls / WORKERS * LATENCY_MS / 1_000
        print(
            f"{accounts:>5} accounts  {len(kept.frame):>6} deployments  {calls:>5} calls  "
            f"ours {ours:6.2f} s  floor {floor:6.2f} s  ours/floor {ours / floor:4.2f}  "
            f"429s {refused}  peak {peak.mb:4.0f} MB",
            flush=True,
        )
        if with_loop:
            began = time.perf_counter()
            assert loop.inventory(port) == accounts * 10
            theirs = time.perf_counter() - began
            print(f"      the loop {theirs:7.2f} s  loop/ours {theirs / ours:5.1f}", flush=True)


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--sizes", default="10,100,1000")
    told.add_argument("--port", type=int, default=8795)
    told.add_argument("--loop-up-to", type=int, default=1_000, help="largest size for the loop")
    asked_for = told.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for at, size in enumerate(int(it) for it in asked_for.sizes.split(",")):
            with_loop = size <= asked_for.loop_up_to
            measured(size, Path(folder), asked_for.port + at, with_loop=with_loop)


if __name__ == "__main__":
    main()

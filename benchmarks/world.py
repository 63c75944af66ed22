"""A simulator process of a given size, with the network that a benchmark asks for."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.faults import Fault
from services.local import Control

ROOT = Path(__file__).parents[1]


@contextmanager
def running(
    scenario: str, folder: Path, port: int, *, latency_ms: float, throttling: bool
) -> Iterator[Control]:
    """The simulator on this port, warmed up by nobody."""
    command = [sys.executable, "-m", "simulator", "--port", str(port), "--scenario", scenario]
    state = folder / f"{scenario}.db"
    process = subprocess.Popen([*command, "--state", str(state)], cwd=ROOT)
    control = Control(f"http://127.0.0.1:{port}")
    try:
        _await(control)
        control.configure(latency_ms=latency_ms, throttling=throttling)
        yield control
    finally:
        process.terminate()
        process.wait()


def _await(control: Control) -> None:
    for _ in range(1_200):
        try:
            control.state()
        except Fault:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The simulator did not start.")

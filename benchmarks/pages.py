"""The Deployments page over 2,000 and 10,000 rows: script, click to painted page, start to page.

    .venv/bin/python -m benchmarks.pages --rows 2000,10000

Rows come from the simulator through the real collector; the page runs in the real server, in front
of Chromium. The script is timed in the server, the click in the browser.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, Playwright, sync_playwright
from pydantic import SecretStr

import wiring
from benchmarks import world
from settings import Settings, SimulatorSettings

ROOT = Path(__file__).parents[1]
TRIES = 12
DONE = "[data-testid=stApp][data-test-script-state=notRunning]"
GRID = "[data-testid=stDataFrame] canvas"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
CLICK = """async ([name]) => {
  const link = [...document.querySelectorAll('[data-testid=stSidebarNav] a')]
    .find(it => it.textContent.includes(name));
  const began = performance.now();
  link.click();
  const there = () => document.querySelector('h1')?.textContent.includes(name)
    && document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'
    && document.querySelector('[data-testid=stDataFrame] canvas');
  while (!there()) {
    if (performance.now() - began > 30000) throw new Error('not painted: ' + name);
    await new Promise(requestAnimationFrame);
  }
  await new Promise(requestAnimationFrame);
  return performance.now() - began;
}"""


def filled(folder: Path, port: int) -> None:
    """A store with everything that the simulator on this port has."""
    told = Settings(
        _env_file=None,
        database_url=SecretStr(f"sqlite:///{folder}/console.db"),
        simulator=SimulatorSettings(port=port),
    )
    console = wiring.wired(told)
    console.collector.run_once()
    console.finder.run_once()
    console.store.close()


@contextmanager
def served(folder: Path, simulator: int, port: int) -> Iterator[Path]:
    """The console, with jobs apart so that nothing but pages is measured; yields the timings."""
    timings = folder / "timings.txt"
    environment = {
        **os.environ,
        "CONSOLE_DATABASE_URL": f"sqlite:///{folder}/console.db",
        "CONSOLE_SIMULATOR__PORT": str(simulator),
        "CONSOLE_JOBS": "apart",
    }
    command = [sys.executable, "-m", "benchmarks.timed", str(timings), "run", "app.py"]
    process = subprocess.Popen(
        [*command, "--server.port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield timings
    finally:
        process.terminate()
        process.wait()


@contextmanager
def chromium(playwright: Playwright) -> Iterator[Page]:
    """A tab of Debian's Chromium."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield browser.new_page(viewport={"width": 1440, "height": 1000})
    browser.close()


def opened(page: Page, port: int, path: str = "deployments") -> None:
    """A page with a table, however long the server takes to be there."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        try:
            page.goto(f"http://localhost:{port}/{path}")
            break
        except PlaywrightError as error:
            if not any(it in str(error) for it in ("REFUSED", "interrupted")):
                raise
            time.sleep(0.05)
    page.wait_for_selector(GRID, timeout=60_000)
    page.wait_for_selector(DONE, timeout=60_000)


def measured(rows: int, folder: Path, port: int) -> None:
    scenario = f"scale-{rows // 10}"
    with (
        world.running(scenario, folder, port, latency_ms=0, throttling=False),
        sync_playwright() as playwright,
    ):
        filled(folder, port)
        began = time.perf_counter()
        with chromium(playwright) as page, served(folder, port, port + 1) as timings:
            opened(page, port + 1)
            start = time.perf_counter() - began
            clicks: list[float] = []
            opening: list[float] = []
            for _ in range(TRIES):
                page.evaluate(CLICK, ["Sources"])
                page.wait_for_timeout(300)
                timings.write_text("")
                clicks.append(page.evaluate(CLICK, ["Deployments"]))
                opening.append(longest(timings))
            again: list[float] = []
            for _ in range(TRIES):
                page.wait_for_timeout(300)
                timings.write_text("")
                page.keyboard.press("r")
                page.wait_for_timeout(700)
                again.append(longest(timings))
    print(
        f"{rows:>6} rows  script: opened {median(opening):4.1f} ms, again {median(again):4.1f} ms  "
        f"click to painted {median(clicks):4.0f} ms (most {max(clicks):4.0f})  "
        f"server start to first page {start:4.1f} s",
        flush=True,
    )


def clicked(page: Page, timings: Path, title: str, tries: int) -> str:
    """A page opened from the menu and run again, so often: its script and its paint."""
    clicks: list[float] = []
    opening: list[float] = []
    again: list[float] = []
    for _ in range(tries):
        page.evaluate(CLICK, ["Sources"])
        page.wait_for_timeout(300)
        timings.write_text("")
        clicks.append(page.evaluate(CLICK, [title]))
        opening.append(longest(timings))
        page.wait_for_timeout(300)
        timings.write_text("")
        page.keyboard.press("r")
        page.wait_for_timeout(700)
        again.append(longest(timings))
    return (
        f"script: opened {median(opening):.1f} ms, again {median(again):.1f} ms  click to painted "
        f"{median(clicks):.0f} ms (most {max(clicks):.0f})"
    )


def longest(timings: Path) -> float:
    """The processor time in ms of the longest script run that was noted."""
    return max(float(line.split()[1]) for line in timings.read_text().splitlines())


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--rows", default="2000,10000")
    told.add_argument("--port", type=int, default=8830)
    asked_for = told.parse_args()
    for at, rows in enumerate(int(it) for it in asked_for.rows.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            measured(rows, Path(folder), asked_for.port + 2 * at)


if __name__ == "__main__":
    main()

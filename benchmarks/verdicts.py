"""From a number typed into the what-if to the verdict on the screen, in Chromium, over 5,000 rows.

The script is timed in the server as processor time, the rest in the browser; one edit after the
other, so that the what-if grows.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from benchmarks import pages, world

ACCOUNTS, PORT = 500, 8870
FIRST, COLUMN = 50, 690
"""Pixels in the grid: to the middle of the first row, to the column of new units."""
MOST = 12
"""Edits; Enter goes on to the next row."""
WATCH = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  window.ran = new Promise(done => {
    const began = performance.now();
    let running = false;
    new MutationObserver((_, observer) => {
      const state = app.dataset.testScriptState;
      running ||= state === 'running';
      if (!running || state !== 'notRunning') return;
      observer.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
    }).observe(app, {attributes: true, attributeFilter: ['data-test-script-state']});
  });
}"""
"""Notes how long it is until the next script has run and is painted."""


def measured(tries: int) -> str:
    """One line: the script's times and those on the screen."""
    with tempfile.TemporaryDirectory() as folder, _what_if(Path(folder)) as (page, timings):
        times = [_edit(page, timings, at) for at in range(min(tries, MOST))]
    scripts, screens = ([it[which] for it in times] for which in (0, 1))
    return (
        f"verdict {10 * ACCOUNTS:>6,} deployments, {len(times)} edits  script: median "
        f"{median(scripts):4.1f} ms, most {max(scripts):4.1f}  on the screen: median "
        f"{median(screens):4.0f} ms, most {max(screens):4.0f}"
    )


@contextmanager
def _what_if(folder: Path) -> Iterator[tuple[Page, Path]]:
    """The what-if over all deployments, open in Chromium, and the file with the timings."""
    with (
        world.running(f"scale-{ACCOUNTS}", folder, PORT, latency_ms=0, throttling=False),
        sync_playwright() as playwright,
    ):
        pages.filled(folder, PORT)
        with pages.served(folder, PORT, PORT + 1) as timings, pages.chromium(playwright) as page:
            pages.opened(page, PORT + 1, "quota?tab=What-if")
            yield page, timings


def _edit(page: Page, timings: Path, at: int) -> tuple[float, float]:
    """Processor time of the script and time to the verdict, in ms, of edit number at."""
    page.wait_for_timeout(400)
    timings.write_text("")
    if not at:
        page.locator("[data-testid=stDataFrame]").first.click(position={"x": COLUMN, "y": FIRST})
        page.wait_for_timeout(300)
    page.keyboard.type("1")
    page.wait_for_timeout(300)
    page.evaluate(WATCH)
    page.keyboard.press("Enter")
    took = float(page.evaluate("window.ran"))
    return pages.longest(timings), took

"""Rollouts in figures: a sweep over the gates of 200 of them, and the board that shows them.

    .venv/bin/python -m benchmarks.rollouts --parts sweep,board

Each rollout has 20 criteria of all kinds over four of 400 deployments, and readings as a watcher
leaves them in 90 days. A sweep is one pass of the watcher over all of them; what it asks of Azure,
here of the simulator, is counted: the least is nothing. The board is the page in front of Chromium,
its script timed in the server.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from playwright.sync_api import sync_playwright
from pydantic import SecretStr
from sqlalchemy import insert

import wiring
from benchmarks import pages, world
from domain import moving
from domain.criteria import Criterion, Kind
from domain.evaluations import Evaluation
from domain.feedback import Feedback, Severity, Status
from domain.readiness import Answer
from domain.readings import DEPLOYMENTS
from domain.roles import CAST
from domain.rollouts import Cohort, Cohorts, Phase, Rollout, Stage
from jobs.watcher import EVERY, KEPT, Watcher
from reads import readiness
from settings import Settings, SimulatorSettings
from store import answers, evaluations, feedback, gates, rollouts, snapshots
from store.engine import Session
from store.tables import BakeDayRow, ReadingRow
from wiring import Wiring

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ACCOUNTS, EACH, PHASES = 40, 4, 4
HOURS = 6
"""Of which the watcher keeps every reading."""
READ: Sequence[tuple[Kind, str, str, float]] = (
    *((Kind.METRIC, it, "at most", 1e12) for it in ("latency_ms", "throttled_share")),
    *((Kind.METRIC, it, "at most", 1e12) for it in ("failed_share", "utilization")),
    *((Kind.METRIC, it, "at least", 0.0) for it in ("availability", "requests", "blocked_share")),
    *((Kind.BUDGET, it, "at most", 1e12) for it in ("cost_per_conversation", "forecast_share")),
    *((Kind.EVALUATION, it, "at least", 4.0) for it in ("groundedness", "relevance", "coherence")),
    *((Kind.FEEDBACK, it, "at least", 0.0) for it in ("response_rate", "satisfaction")),
    *((Kind.FEEDBACK, it, "at most", 1e3) for it in ("open_severe", "closed_share")),
    (Kind.CHECKLIST, "open_items", "at most", 1e3),
    (Kind.CAPACITY, "headroom_after_next", "at least", -1e12),
    (Kind.FILTER, "looser", "at most", 1e3),
    (Kind.RETIREMENT, "days_left", "at least", -1e5),
)
"""What the twenty criteria read."""
OWNER = CAST[0].key


def of_sweep(many: int, tries: int, folder: Path, port: int) -> str:
    """The watcher over so many rollouts, again and again, five minutes later each time."""
    scenario = f"scale-{ACCOUNTS}"
    with world.running(scenario, folder, port, latency_ms=0, throttling=False) as control:
        console = _console(folder, port)
        for job in (console.collector, console.finder, console.books, console.biller):
            job.run_once()
        at = console.clock()
        _fill(console, many, at)
        asked = len(control.requests())
        times, told = [], 0
        for turn in range(1, tries + 1):
            now = at + turn * EVERY
            watcher = Watcher(console.store, _stopped(now), console.tags)
            began = time.perf_counter()
            watcher.run_once()
            times.append(time.perf_counter() - began)
            told = _told(console, now)
        calls = len(control.requests()) - asked
        console.store.close()
    assert told >= many * 14, (told, many)
    memory = psutil.Process().memory_info().rss / 2**20
    return (
        f"{many} rollouts, {len(READ)} criteria each  a sweep {median(times):.2f} s (most "
        f"{max(times):.2f})  {1_000 * median(times) / many:.1f} ms a rollout  values read "
        f"{told:,}  calls to Azure {calls}  memory {memory:.0f} MB"
    )


def of_board(many: int, tries: int, folder: Path, port: int) -> str:
    """The page of all rollouts."""
    with (
        world.running(f"scale-{ACCOUNTS}", folder, port, latency_ms=0, throttling=False),
        sync_playwright() as playwright,
    ):
        console = _console(folder, port)
        console.collector.run_once()
        _fill(console, many, console.clock())
        console.store.close()
        with pages.chromium(playwright) as page, pages.served(folder, port, port + 1) as timings:
            pages.opened(page, port + 1, "rollouts")
            told = pages.clicked(page, timings, "Rollouts", tries)
    return f"{many} rollouts, {len(READ)} criteria each  {told}"


def _stopped(at: datetime) -> Callable[[], datetime]:
    """A clock that stands."""
    return lambda: at


def _console(folder: Path, port: int) -> Wiring:
    return wiring.wired(
        Settings(
            _env_file=None,
            database_url=SecretStr(f"sqlite:///{folder}/console.db"),
            simulator=SimulatorSettings(port=port),
        )
    )


def _fill(console: Wiring, many: int, at: datetime) -> None:
    """So many rollouts in their first phase, with all that people and watchers leave behind."""
    with console.store.reading() as session:
        scopes = snapshots.scopes(session, DEPLOYMENTS)
        kept = snapshots.kept(session, DEPLOYMENTS, scopes).values()
    there = sorted({one for it in kept if it for one in it.frame["resource"]})
    start = at - KEPT
    for number in range(many):
        first = EACH * number % len(there)
        mine = (there * 2)[first : first + EACH]
        with console.store.begin() as session:
            id = rollouts.add(session, _rollout(number, tuple(mine), start))
            _say(session, id, at)
            session.execute(insert(ReadingRow), _readings(id, start, at))
            session.execute(insert(BakeDayRow), _days(id, start))


def _rollout(number: int, deployments: tuple[str, ...], at: datetime) -> Rollout:
    cohort = Cohort(Cohorts.NAMED, 20, reached=10)
    phases = tuple(
        Phase(f"p{it}", f"Phase {it}", Stage.WAITING, cohort, _criteria(), 10, ("product",),
              checklist=("critical",))
        for it in range(PHASES)
    )  # fmt: skip
    draft = Rollout(
        f"Rollout {number}", f"workload-{number}", OWNER, OWNER, ("retail",), deployments,
        "four-phases", 1, phases, proposer=OWNER, at=at,
    )  # fmt: skip
    return moving.started(moving.prepared(draft), at)


def _criteria() -> tuple[Criterion, ...]:
    return tuple(
        Criterion(f"c{at}", f"Criterion {at}", *told, oldest=2 * DAY, passes=1 + at % 3)
        for at, told in enumerate(READ)
    )


def _readings(id: int, start: datetime, at: datetime) -> list[dict[str, Any]]:
    """As gates.read keeps them, all at once."""
    return [
        {"rollout": id, "phase": 0, "criterion": it.key, "at": moment, "value": it.threshold,
         "sample": 1_000, "data_at": moment, "said": ""}
        for moment in _moments(start, at)
        for it in _criteria()
    ]  # fmt: skip


def _days(id: int, start: datetime) -> list[dict[str, Any]]:
    days = [start + it * DAY for it in range(KEPT.days)]
    return [{"rollout": id, "phase": 0, "day": it.date(), "at": it} for it in days]


def _moments(start: datetime, at: datetime) -> list[datetime]:
    """One of each day, and of each hour of the last few."""
    days = [start + it * DAY for it in range(1, KEPT.days)]
    return [*days, *(at - it * HOUR for it in range(HOURS, 0, -1))]


def _say(session: Session, id: int, at: datetime) -> None:
    """Sixteen comments, a count of answers, three evaluations, and a word on every item."""
    feedback.add(
        session,
        [
            Feedback(id, 0, "Tone", it, "It could be clearer.", at.date(), OWNER, at, status)
            for it in Severity
            for status in Status
        ],
    )
    feedback.count(session, id, 0, 20, 12, OWNER, at)
    for kind, name, _, value in READ:
        if kind is Kind.EVALUATION:
            told = Evaluation(id, "", "golden", name, value, None, 200, "", at, OWNER, at)
            evaluations.add(session, told)
    for it in readiness.items():
        said = Answer(id, it.key, "met", OWNER, "https://wiki/it", "", at + KEPT, OWNER, at)
        answers.say(session, said)


def _told(console: Wiring, at: datetime) -> int:
    """How many criteria the sweep of this moment found a value for."""
    with console.store.reading() as session:
        read = [
            one
            for it in rollouts.known(session)
            for one in gates.newest(session, it.id, 0).values()
        ]
    return sum(it.at == at and it.value is not None for it in read)


PARTS: Mapping[str, Callable[[int, int, Path, int], str]] = {"sweep": of_sweep, "board": of_board}
"""By name: what measures it, given rollouts, tries, a folder and a port."""


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--parts", default=",".join(PARTS))
    told.add_argument("--rollouts", type=int, default=200)
    told.add_argument("--tries", type=int, default=5)
    told.add_argument("--port", type=int, default=8890)
    asked = told.parse_args()
    for at, part in enumerate(asked.parts.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            print(PARTS[part](asked.rollouts, asked.tries, Path(folder), asked.port + 2 * at))


if __name__ == "__main__":
    main()

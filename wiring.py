"""Settings to clock, Azure, store, jobs, simulator: the one place where things are put together."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

from domain.baselines import of_reference
from domain.faults import Fault
from domain.roles import CAST, Person
from domain.sign_in import Rules
from domain.tags import TagNames
from domain.units import CONTOSO
from jobs.anchorer import EVERY_S, Anchorer
from jobs.biller import Biller
from jobs.books import Books
from jobs.calendar import Calendar
from jobs.collector import Collector
from jobs.finder import Finder
from jobs.loop import Loop
from jobs.notifier import Notifier
from jobs.reconciler import Reconciler
from jobs.watcher import Watcher
from jobs.worker import Worker
from services import credentials, local
from services.anchors import Anchors
from services.azure import CLOUDS, Azure
from services.clocks import SimulatedClock, utc
from services.local import Control
from settings import Settings, SimulatorSettings, read
from store import agreements, baselines, local_rollouts, people, templates, units
from store.engine import Store, opened

log = logging.getLogger(__name__)

ROOT = Path(__file__).parent
AGREEMENTS = ROOT / "reference" / "local_agreements.json"
"""What the local cloud's company agreed on about its costs, and since when."""
ROLLOUTS = ROOT / "reference" / "local_rollouts.json"
"""What the local cloud's company has under way."""
AGREED = datetime(2026, 1, 1, tzinfo=UTC)
BASELINES = ROOT / "reference" / "filter_baselines.json"
"""What is demanded of content filters until somebody demands something else, on every cloud."""
TEMPLATES = ROOT / "reference" / "rollout_templates.json"
"""How a solution comes to a whole organisation until somebody says otherwise, on every cloud."""
NOBODY = "console"
"""Who has said what a console starts with."""
Clock = Callable[[], datetime]
DESK = ("desk", "desk")
"""Tenant and id of the one person before a live console that has no sign-in yet."""


@dataclass(frozen=True)
class Wiring:
    settings: Settings
    azure: Azure
    store: Store
    clock: Clock
    tags: TagNames
    collector: Collector
    books: Books
    biller: Biller
    worker: Worker
    finder: Finder
    calendar: Calendar
    notifier: Notifier
    reconciler: Reconciler
    watcher: Watcher
    simulator: Control | None
    """How the local cloud is steered; None on every other."""
    anchors: Anchors
    """Where the head of the audit trail is kept besides."""
    admits: Rules | None = None
    """Whose tokens let somebody in; None on a console without sign-in."""
    wall: Clock = field(default_factory=lambda: utc)
    """The time of day, by which tokens are dated; the simulator does not move it."""
    loops: list[Loop] = field(default_factory=list)
    """The jobs that run in this process."""


def wired(
    settings: Settings,
    azure: Azure | None = None,
    clock: Clock | None = None,
    simulator: Control | None = None,
) -> Wiring:
    """Everything that lives as long as the process; nothing runs yet."""
    if settings.local and simulator is None:
        simulator = Control(_address(settings.simulator))
    azure = azure or _azure(settings)
    clock = clock or (SimulatedClock(simulator) if simulator else utc)
    store = opened(settings.database_url.get_secret_value())
    tags = TagNames(**settings.tags.model_dump())
    owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:6]}"
    told = settings.azure.subscriptions
    collector = Collector(azure, store, clock, told, owner, settings.workspaces)
    books = Books(azure, store, clock, told, f"{owner}:books", settings.workspaces)
    worker = Worker(azure, store, clock, collector, settings.writes, owner, tags=tags)
    _enrol(settings, store)
    biller = Biller(store, clock, tags)
    finder = Finder(store, clock, tags)
    calendar = Calendar(store, clock, tags)
    notifier = _notifier(settings, store, clock)
    reconciler = Reconciler(store, clock, azure.identity)
    watcher = Watcher(store, clock, tags)
    return Wiring(
        settings, azure, store, clock, tags, collector, books, biller, worker, finder, calendar,
        notifier, reconciler, watcher, simulator, Anchors(settings.audit.anchors),
        _admits(settings),
    )  # fmt: skip


@contextmanager
def running(wiring: Wiring) -> Iterator[None]:
    """The jobs, and on the local cloud the simulator, for as long as the console stands."""
    with ExitStack() as stack:
        if wiring.settings.local:
            stack.enter_context(_simulator(wiring.settings.simulator))
            _begin(wiring)
        if wiring.settings.jobs == "inside":
            stack.enter_context(_jobs(wiring))
        yield


@contextmanager
def _jobs(wiring: Wiring) -> Iterator[None]:
    jobs = (
        Loop(wiring.collector, 1),
        Loop(wiring.books, 1),
        Loop(wiring.biller, 5),
        Loop(wiring.worker, 1),
        Loop(wiring.finder, 2),
        Loop(wiring.calendar, 5),
        Loop(wiring.notifier, 5),
        Loop(wiring.reconciler, 60),
        Loop(wiring.watcher, 5),
        Loop(Anchorer(wiring.store, wiring.clock, wiring.anchors), EVERY_S),
    )
    for loop in jobs:
        loop.start()
    wiring.loops[:] = jobs
    try:
        yield
    finally:
        for loop in jobs:
            loop.over.set()
        for loop in jobs:
            loop.stop()
        try:
            wiring.collector.release()
            wiring.books.release()
        except Fault:
            log.warning("What was claimed could not be given back; it is free again in minutes.")


def _address(told: SimulatorSettings) -> str:
    return f"http://127.0.0.1:{told.port}"


def _azure(settings: Settings) -> Azure:
    cloud = CLOUDS[settings.azure.cloud]
    if settings.local:
        adapter = local.Loopback(_address(settings.simulator))
        return Azure(cloud, local.LocalCredential(), local.IDENTITY, local.session(adapter))
    told = settings.azure
    credential = (
        credentials.managed(told.client_id, cloud.authority)
        if told.credential == "managed"
        else credentials.developer(told.tenant, cloud.authority)
    )
    return Azure(cloud, credential, told.identity)


def _admits(settings: Settings) -> Rules | None:
    told = settings.sign_in
    if told.tenant is None or told.client_id is None:
        return None
    longest, idle = timedelta(hours=told.hours), timedelta(minutes=told.idle_minutes)
    units = [it.split("=", 1) for it in told.units]
    return Rules(told.tenant, told.client_id, longest, idle, [(it[0], it[1]) for it in units])


def _notifier(settings: Settings, store: Store, clock: Clock) -> Notifier:
    told = settings.notify
    return Notifier(store, clock, [it.get_secret_value() for it in told.urls], told.link)


def _enrol(settings: Settings, store: Store) -> None:
    """Who is known from the start: the cast of the local cloud, or the person at this desk."""
    desk = Person(*DESK, settings.desk.name, settings.desk.role)
    with store.begin() as session:
        for person in CAST if settings.local else () if settings.sign_in.told else (desk,):
            people.enrol(session, person)
        start = of_reference(json.loads(BASELINES.read_text()), AGREED, NOBODY)
        baselines.enrol(session, start)
        templates.enrol(session, json.loads(TEMPLATES.read_text()), AGREED, NOBODY)
        if settings.local:
            units.keep(session, CONTOSO)
            told = json.loads(AGREEMENTS.read_text())
            agreements.keep(session, told, CONTOSO, AGREED, CAST[0].key)


def _begin(wiring: Wiring) -> None:
    """What is under way on the local cloud, as of its own clock."""
    if wiring.settings.simulator.scenario == "contoso":
        with wiring.store.begin() as session:
            local_rollouts.keep(session, json.loads(ROLLOUTS.read_text()), wiring.clock())


@contextmanager
def _simulator(told: SimulatorSettings) -> Iterator[None]:
    """The simulator that runs already, or one of our own for as long as we run."""
    if _answers(told):
        yield
        return
    command = [sys.executable, "-m", "simulator", "--port", str(told.port)]
    command += ["--state", str(told.state.resolve()), "--scenario", told.scenario]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        _await(told, process)
        yield
    finally:
        process.terminate()
        process.wait()


def _await(told: SimulatorSettings, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if _answers(told):
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise SystemExit(
        f"The simulator did not start on port {told.port}: see the line above, or set "
        "CONSOLE_SIMULATOR__PORT."
    )


def _answers(told: SimulatorSettings) -> bool:
    try:
        return "simulator" in Control(_address(told)).state()
    except Fault:
        return False


def main() -> None:
    """The jobs as a process of their own, for a console whose CONSOLE_JOBS is apart."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        wiring = wired(read())
    except Fault as fault:
        raise SystemExit(fault.words) from fault
    over = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: over.set())
    with ExitStack() as stack:
        if wiring.settings.local:
            stack.enter_context(_simulator(wiring.settings.simulator))
        stack.enter_context(_jobs(wiring))
        over.wait()


if __name__ == "__main__":
    main()

"""kill -9 at a failpoint, in a process of its own: a move of quota is proposed, approved and begun
by the real verbs and the real worker, in front of a simulator that survives; another process then
finds what was left and brings it to its end.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import make_url, select

from actions import allocate, approve
from actions.proposing import Terms
from actions.visit import Visit
from domain.faults import Fault
from domain.plans import ENDS, State
from domain.tags import TagNames
from jobs.collector import Collector
from jobs.worker import Worker
from reads import audit as trails
from reads import plans as shown
from services import deployments, local
from services.azure import CLOUDS, Azure
from settings import Settings, SimulatorSettings
from simulator.clock import parsed
from store import audit, plans
from store.engine import opened
from store.tables import AuditRow
from tests import pg
from tests.world import BUSY, QUIET, Clock, person
from wiring import wired

SCENARIO = "crowded"
WANTED = {BUSY: 35, QUIET: 5}
"""More than a quarter of the pool, so that a second person has to approve it."""
POINTS = {
    "plan insert": ("insert:before", "insert:after"),
    "confirm": ("confirm:before", "confirm:after"),
    "pool lease": ("lease:before", "lease:taken"),
    "account lease": ("lease:taken 2", "lease:after"),
    "re-read": ("look:before", "look:after"),
    "intent commit": ("intent:before", "intent:after"),
    "request sent": ("request:before", "wire:sent"),
    "response read": ("response:before", "response:after"),
    "operation poll": ("look:before 2", "look:after 2"),
    "settled re-read": ("look:before 3", "look:after 3"),
    "leg-state commit": ("leg:before", "leg:after"),
    "compensation intent": ("intent:before 3", "intent:after 3"),
    "outcome commit": ("outcome:before", "outcome:after"),
    "lease release": ("release:before 2", "release:after 3"),
}
"""The 14 points of docs of reliability, 5.3, by the names of Worker.at; the number says at which
time of passing. Before an operation is at rest it takes 20 seconds, two rounds."""
SDK = "azure.mgmt.cognitiveservices.models"
SIDES = ("before", "after")
ROUND, WATCH = timedelta(seconds=11), timedelta(seconds=5)
OWNED_S, ENDED_S = 60, 20 * 60


@dataclass(frozen=True)
class Ground:
    """Where it takes place."""

    url: str
    port: int
    notes: str
    """File to which the one that dies writes down what was acknowledged."""


class MovedClock(Clock):
    """The simulator's own time as of the start, moved together with it."""

    def __init__(self, control):
        super().__init__(parsed(control.state()["now"]))
        self.control = control

    def move(self, **by):
        super().move(**by)
        self.control.clock(timedelta(**by).total_seconds())


class Telling:
    """A store that writes down the head of the trail whenever a commit was acknowledged."""

    def __init__(self, store, notes):
        self.store, self.reading = store, store.reading
        self.notes = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.phase, self.at = "", lambda _: None

    @contextmanager
    def begin(self):
        with self.store.begin() as session:
            yield session
            session.flush()
            head = audit.head(session)
            if self.phase:
                self.at(f"{self.phase}:before")
        os.write(self.notes, f"{json.dumps(head)}\n".encode())
        if self.phase:
            self.at(f"{self.phase}:after")


class Cut(local.Loopback):
    """A way to the simulator on which one may die with the answer to a write in one's hands."""

    def __init__(self, address, at):
        super().__init__(address)
        self.at = at

    def send(self, request, *args, **options):
        answer = super().send(request, *args, **options)
        if request.method == "PATCH":
            self.at("wire:sent")
        return answer


class Cast:
    """One process at work: verbs, worker, clock."""

    def __init__(self, ground, owner, at):
        address = f"http://127.0.0.1:{ground.port}"
        self.control = local.Control(address)
        self.clock = MovedClock(self.control)
        self.store = Telling(opened(ground.url), ground.notes)
        self.store.at = at
        way = local.session(Cut(address, at))
        self.azure = Azure(CLOUDS["local"], local.LocalCredential(), local.IDENTITY, way)
        self.tags = TagNames(**Settings(_env_file=None).tags.model_dump())
        collector = Collector(self.azure, self.store, self.clock, (), owner)
        self.worker = Worker(self.azure, self.store, self.clock, collector, True, owner, at)

    def visit(self, id):
        return Visit(person(id), self.store, self.clock, self.tags, True)

    def asked_for(self):
        """The number of the plan, proposed and approved; what is there already is taken up."""
        known = self.plan()
        if known is None:
            self.store.phase = "insert"
            allocate.capacity(self.visit("ada"), WANTED, terms=Terms("busy"))
            known = self.plan()
        if known.state is State.PROPOSED:
            self.store.phase = "confirm"
            alan = self.visit("alan")
            approve.plan(alan, known.id, fingerprint=known.fingerprint)
        self.store.phase = ""

    def plan(self):
        with self.store.reading() as session:
            return next(iter(plans.latest(session)), None)

    def goes_on(self, until, waits=lambda: False):
        """Round after round until the plan has ended, one soon after the other while it waits."""
        while self.plan().state not in ENDS:
            self.worker.run_once()
            self.clock.move(seconds=(WATCH if waits() else ROUND).total_seconds())
            if self.clock() > until:
                raise AssertionError(f"The plan is {self.plan()} for ever.")

    def units(self):
        return {it: deployments.seen(self.azure, it).capacity for it in WANTED}


def dies(ground, point):
    """Until the point; what follows it never happens."""
    name, _, times = point.partition(" ")
    left = int(times or 1)

    def at(here):
        nonlocal left
        left -= here == name
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(60)  # it takes a moment

    cast = Cast(ground, "first", at)
    cast.asked_for()
    cast.goes_on(cast.clock() + timedelta(seconds=ENDED_S))


def recovers(ground, told):
    """A process that knows nothing but the database; writes what it found into the file told."""
    passed = []
    cast = Cast(ground, "second", lambda point: passed.append((point, cast.clock())))

    def mine():
        """When it had the plan in hand."""
        return [at for point, at in passed if point in ("look:before", "collect:before")]

    with cast.store.reading() as session:
        kept = audit.trail(session)
        seals = dict(session.execute(select(AuditRow.number, AuditRow.seal)).all())
    lines = Path(ground.notes).read_bytes().split(b"\n")
    acknowledged = [json.loads(it) for it in lines if it]
    plan, restart = cast.plan(), cast.clock()
    rows = shown.plans(cast.store)
    history = [it.what for it in kept if plan and f"plan {plan.id}" in it.what]
    going_on = plan is not None and plan.state not in (*ENDS, State.PROPOSED)
    cast.asked_for()
    cast.goes_on(restart + timedelta(seconds=ENDED_S), lambda: not mine())
    end = cast.plan()
    with cast.store.reading() as session:
        held = len(plans.holds(session))
    found = {
        "lost": [it for it, seal in acknowledged if it and seals.get(it) != seal],
        "broken": trails.broken(cast.store),
        "lines": len(acknowledged),
        "shown": plan is None or plan.id in set(rows["plan"]),
        "history": len(history),
        "going on": going_on,
        "owned after s": (mine()[0] - restart).total_seconds() if going_on else 0,
        "ended after s": (end.ended_at - restart).total_seconds(),
        "end": str(end.state),
        "units": list(cast.units().values()),
        "held": held,
    }
    Path(told).write_text(json.dumps(found))


# --- the one who watches ------------------------------------------------------------------------


class Scene:
    """A simulator process, and a database of each kind to be copied for every death."""

    def __init__(self, folder, port):
        self.folder, self.port, self.count = folder, port, 0
        words = ["--port", str(port), "--scenario", SCENARIO, "--state", str(folder / "world.db")]
        root = Path(__file__).parents[2]
        self.process = subprocess.Popen([sys.executable, "-m", "simulator", *words], cwd=root)
        self.control = local.Control(f"http://127.0.0.1:{port}")
        self._await()
        self.workshop = get_context("forkserver")
        self.workshop.set_forkserver_preload(["tests.jobs.crashing", SDK])

    def _await(self):
        for _ in range(300):
            try:
                self.control.state()
            except Fault:
                time.sleep(0.1)
            else:
                return

    def collected(self, url):
        """A database as a console leaves it that has been round once."""
        self._anew()
        port = SimulatorSettings(port=self.port)
        settings = Settings(_env_file=None, database_url=url, simulator=port)
        console = wired(settings)
        console.collector.run_once()
        console.store.close()

    @contextmanager
    def copies(self, kind):
        """copy(): the address of one more database of this kind, as it was collected."""
        if kind == "sqlite":
            first = self.folder / "collected.db"
            self.collected(f"sqlite:///{first}")
            yield lambda: f"sqlite:///{shutil.copy(first, self.folder / f'{self.count}.db')}"
            return
        with pg.server() as server, pg.database(server) as first:
            self.collected(first)
            template = make_url(first).database

            def copy():
                name = f"copy_{self.count}"
                pg.execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
                return make_url(first).set(database=name).render_as_string(hide_password=False)

            yield copy

    def killed(self, url, name, side):
        """What became of a plan whose worker died there; url: of a database of its own."""
        self.count += 1
        self._anew()
        self.control.configure(async_writes=name in ("operation poll", "settled re-read"))
        if name == "compensation intent":
            told = {"status": 400, "code": "InsufficientQuota", "path": BUSY}
            self.control.fault(kind="fail", method="PATCH", **told)
        ground = Ground(url, self.port, str(self.folder / f"notes-{self.count}"))
        first = self._run(dies, ground, POINTS[name][SIDES.index(side)])
        if first != -signal.SIGKILL:
            raise AssertionError(f"{name} {side}: nobody died, but {first}")
        told = self.folder / f"told-{self.count}"
        if self._run(recovers, ground, str(told)):
            raise AssertionError(f"{name} {side}: nobody recovered")
        return json.loads(told.read_text())

    def _anew(self):
        self.control.clear()
        self.control.reset()
        self.control.configure(async_writes=False)

    def _run(self, what, *told):
        process = self.workshop.Process(target=what, args=told)
        process.start()
        process.join()
        return process.exitcode

    def close(self):
        self.process.terminate()
        self.process.wait()


def wrong(name, found):
    """What must not be, in words; empty when all is well."""
    back = name == "compensation intent"
    wanted = {
        "lost": [],
        "broken": None,
        "shown": True,
        "held": 0,
        "end": str(State.REVERTED if back else State.DONE),
        "units": [20, 20] if back else list(WANTED.values()),
    }
    odd = [f"{key}: {found[key]}" for key, it in wanted.items() if found[key] != it]
    if found["going on"] and not found["history"]:
        odd.append("no history")
    if found["owned after s"] > OWNED_S:
        odd.append(f"owned after {found['owned after s']} s")
    return odd

"""Rollouts in a store of their own, and the people of the cast who move them; nobody asks Azure."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from actions import approve_gate, rollout, way_back
from actions.rolling import Shown
from actions.visit import Visit
from actions.way_back import Way
from domain import moving
from domain.braking import WATCHER
from domain.criteria import Criterion, Kind, Reading, Severity
from domain.roles import CAST
from domain.rollouts import Cohort, Cohorts, Phase, Rollout, Stage
from domain.tags import TagNames
from domain.units import CONTOSO
from jobs import brakes
from store import gatehouse, gates, people, rollouts, units
from tests.world import Clock, person

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
GRANTED = {"product": "paul", "technical": "tess", "business": "bea", "security": "sam"}
QUALITY = Criterion("quality", "It is good", Kind.METRIC, "quality", threshold=1, least_sample=10)
SPEED = replace(QUALITY, key="speed", title="It is quick", severity=Severity.ADVISORY)
TASK = {"task": "Close the group of pilots", "owner": "contoso/mark", "minutes": 30}
WAY = Way("a severe complaint", [TASK], "contoso/cora", 60, "We go back to what there was.")
_clicks = count(1)


def phase(key, *approvals, **told):
    named = {"bake_days": 2, "checklist": ("critical",), **told}
    cohort, criteria = Cohort(Cohorts.NAMED, 20), (QUALITY, SPEED)
    title = key.capitalize()
    return Phase(key, title, Stage.WAITING, cohort, criteria, approvals=approvals, **named)


PHASES = (
    phase("pilot", "product", "technical"),
    phase("growth", "business"),
    phase("everyone", "security", one_way=True),
)


def click():
    """A click that nobody has made before."""
    return f"click {next(_clicks)}"


class Desk:
    """Where people decide about rollouts."""

    def __init__(self, store):
        self.store, self.clock = store, Clock(MONDAY)
        with store.begin() as session:
            units.keep(session, CONTOSO)
            for it in CAST:
                people.enrol(session, it)

    def visit(self, id, *, writes=True):
        return Visit(person(id), self.store, self.clock, TagNames(), writes)

    def draft(self, *, ways=True, **told):
        """The number of a draft of Cora's, with a way back from each phase."""
        named = {"owner": "contoso/cora", "units": ("retail",), "deployments": ("/d/1",)}
        named |= {"title": "Shop chat", "workload": "shop-chat", **told}
        with self.store.begin() as session:
            it = Rollout(
                sponsor="contoso/maria", template_version=1, at=self.clock(),
                **{"phases": PHASES, "proposer": "contoso/cora", "template": "four", **named},
            )  # fmt: skip
            id = rollouts.add(session, it)
        for number in range(len(it.phases)) if ways else ():
            way_back.keep(self.visit("cora"), id, number, WAY)
        return id

    def ready(self, **told):
        id = self.draft(**told)
        rollout.prepare(self.visit("cora"), id, self.shown(id))
        return id

    def running(self, **told):
        id = self.ready(**told)
        rollout.start(self.visit("cora"), id, self.shown(id))
        return id

    def asking(self, **told):
        """The number of a rollout whose first phase asks for approval."""
        id = self.running(**told)
        self.bake(id)
        return id

    def now(self, id):
        with self.store.reading() as session:
            return rollouts.find(session, id)

    def gate(self, id):
        with self.store.reading() as session:
            return gatehouse.found(session, rollouts.find(session, id), self.clock())

    def shown(self, id):
        return Shown(self.now(id).version, self.gate(id).mark, click())

    def moves(self, id):
        with self.store.reading() as session:
            return rollouts.moves(session, id)

    def effects(self, id):
        return json.loads(self.moves(id)[-1].effects)

    def said(self, id):
        with self.store.reading() as session:
            return gates.approvals(session, [id])

    def sweep(self, id, value=1.0, guard=1.0):
        """What a watcher does: read, brake, count the day, say where the phase stands."""
        at = self.clock()
        with self.store.begin() as session:
            it = rollouts.lock(session, id)
            if it.number is None or it.state not in ("in progress", "paused"):
                return
            told = {c.key: Reading(at, value, 50, at) for c in it.phase.criteria}
            told |= {c.watched.key: Reading(at, guard, 50, at) for c in it.safeguards}
            gates.read(session, id, it.number, told)
            it = brakes.hold(session, it, gatehouse.found(session, it, at), at, WATCHER)
            if it.state != "in progress":
                return
            if gatehouse.found(session, it, at).fresh:
                gates.watched(session, id, it.number, at.date(), at)
            after = moving.assessed(it, gatehouse.found(session, it, at).gate)
            if it.phase.stage is Stage.ASKING and after.phase.stage is not Stage.ASKING:
                gates.void(session, id, it.number, at, "the gate is another now")
            rollouts.assessed(session, after)

    def bake(self, id, days=3):
        for _ in range(days):
            self.sweep(id)
            self.clock.move(days=1)
        self.sweep(id)

    def say(self, id, who, grant, *, approves=True, comment=""):
        approve_gate.say(
            self.visit(who), id, grant, approves=approves, mark=self.gate(id).mark, comment=comment
        )

    def approve(self, id):
        for grant in self.now(id).phase.approvals:
            self.say(id, GRANTED[grant], grant)

    def further(self, id):
        """One phase further, by the book."""
        self.bake(id)
        self.approve(id)
        rollout.advance(self.visit("cora"), id, self.shown(id))

    def drill(self, id, number, **told):
        way_back.drill(self.visit("cora"), id, number, **{"minutes": 20, "worked": True, **told})


class Here(Desk):
    """A desk in a console that is there already."""

    def __init__(self, console):
        self.console, self.store, self.clock = console, console.store, console.clock

    def visit(self, id, *, writes=True):
        return self.console.visit(id, writes=writes)

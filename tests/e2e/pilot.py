"""A console of its own for a pilot that takes weeks, and what its people say between the clicks.

Its jobs run when the journey says so, as those of a process apart would: its clock is moved by
days, which no other journey should have to live through.
"""

import os
import subprocess
import sys
from datetime import UTC, datetime, time, timedelta

import requests

from actions import answer, approve_gate, evaluate, feedback, rollout, template, way_back
from actions.rolling import Shown
from actions.rollout import Wanted
from actions.visit import Visit
from actions.way_back import Way
from domain import templates
from reads import readiness
from services.clocks import SimulatedClock
from services.local import Control
from settings import Settings
from store import gatehouse, rollouts
from tests.e2e.conftest import ROOT, Console
from tests.rolled import GRANTED, click
from tests.world import CHAT, person
from wiring import wired

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CORA = "contoso/cora"


class Fresh(SimulatedClock):
    """Follows the simulator's clock at once."""

    AGE_S = 0.0


class Pilot(Console):
    """The small world, and a week that begins on a Monday."""

    def start(self):
        self.log = (self.folder / "console.log").open("ab")
        told = {
            "CONSOLE_DATABASE_URL": f"sqlite:///{self.folder}/console.db",
            "CONSOLE_JOBS": "apart",
            "CONSOLE_SIMULATOR__PORT": str(self.simulator),
            "CONSOLE_SIMULATOR__SCENARIO": "small",
            "CONSOLE_SIMULATOR__STATE": str(self.folder / "simulator.db"),
        }
        others = {key: it for key, it in os.environ.items() if not key.startswith("CONSOLE_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)],
            cwd=ROOT, env={**others, **told}, stdout=self.log, stderr=self.log,
        )  # fmt: skip
        self.wait(lambda: requests.get(f"{self.url}/_stcore/health", timeout=2).ok)
        self.small = Control(f"http://127.0.0.1:{self.simulator}")
        settings = Settings(
            _env_file=None,
            database_url=told["CONSOLE_DATABASE_URL"],
            simulator={"port": self.simulator, "scenario": "small"},
        )
        self.jobs = wired(settings, clock=Fresh(self.small))
        monday = self.jobs.clock().date() + DAY * (7 - self.jobs.clock().weekday())
        self.pass_(datetime.combine(monday, time(9), UTC) - self.jobs.clock())

    def stop(self):
        self.jobs.store.close()
        super().stop()

    def pass_(self, time):
        """Move the clock on, and let the jobs see it."""
        self.small.clock(time.total_seconds())
        self.jobs.collector.run_once()
        self.jobs.finder.run_once()
        self.swept()

    def swept(self):
        self.jobs.watcher.run_once()

    def visit(self, id):
        of = self.jobs
        return Visit(person(id), of.store, of.clock, of.tags, of.settings.writes)

    def gate(self, id):
        with self.jobs.store.reading() as session:
            return gatehouse.found(session, rollouts.find(session, id), self.jobs.clock())

    def approved(self, id):
        """By everybody who is still asked."""
        with self.jobs.store.reading() as session:
            asked = rollouts.find(session, id).phase.approvals
        for grant in sorted(set(asked) - self.gate(id).gate.approved):
            approve_gate.say(self.visit(GRANTED[grant]), id, grant, approves=True,
                             mark=self.gate(id).mark)  # fmt: skip

    def shown(self, id):
        with self.jobs.store.reading() as session:
            it = rollouts.find(session, id)
        return Shown(it.version, self.gate(id).mark, click())


def quick():
    """A template whose phases bake for a day or two, with a gate of another kind each."""

    def criterion(key, title, kind, reads, compares, threshold, **told):
        named = {"key": key, "title": title, "kind": kind, "reads": reads, "compares": compares}
        return {**named, "threshold": threshold, **told}

    def phase(key, title, bake, approvals, *criteria, **told):
        named = {"key": key, "title": title, "bake_days": bake, "approvals": approvals}
        return {**named, "cohort": {"planned": 20}, "criteria": list(criteria), **told}

    severe = criterion("severe", "No severe issue is open", "feedback", "open_severe", "at most", 0,
                       oldest_hours=168)  # fmt: skip
    return templates.parsed({
        "key": "four-quick-phases", "title": "Four quick phases", "phases": [
            phase("pilot", "Internal pilot", 2, ["product", "technical"],
                  criterion("grounded", "Answers are grounded", "evaluation", "groundedness",
                            "at least", 4, oldest_hours=720),
                  criterion("questions", "Critical questions are answered", "checklist",
                            "open_items", "at most", 0),
                  criterion("answered", "Requests are answered", "metric", "availability",
                            "at least", 90, least_sample=100),
                  checklist=["critical"]),
            phase("improvement", "Iterative improvement", 1, ["product"], severe),
            phase("expansion", "Expansion", 2, ["technical", "business"],
                  criterion("stays", "The model stays", "retirement", "days_left", "at least", 1)),
            phase("full", "Full rollout", 1, ["business", "security"],
                  criterion("filters", "Filters are at the baseline", "content filter", "looser",
                            "at most", 99), one_way=True),
        ],
    }, version=0)  # fmt: skip


CRITICAL = [it.key for it in readiness.items() if it.of == "critical"]
BACK = Way(
    "a severe complaint",
    [{"lever": "capacity", "resource": CHAT, "target": 20},
     {"task": "Close the group of pilots", "owner": "contoso/mark", "minutes": 30}],
    CORA, 60, "We go back to what there was.",
)  # fmt: skip
WANTED = Wanted("Shop chat again", "shop-chat", CORA, "contoso/maria", ("retail",), (CHAT,),
                "four-quick-phases", 1)  # fmt: skip


class Cora:
    """What the coordinator does that other journeys and tests of pages do click by click."""

    def __init__(self, pilot):
        self.pilot, self.visit = pilot, pilot.visit("cora")

    def makes_the_template(self):
        template.keep(self.visit, quick(), note="a short one")

    def writes_ways_back(self, id, *phases):
        for number in phases:
            way_back.keep(self.visit, id, number, BACK)

    def begins_again(self, id):
        assert rollout.plan(self.visit, WANTED) == id
        self.writes_ways_back(id, 0, 1, 2, 3)
        rollout.prepare(self.visit, id, self.pilot.shown(id))
        rollout.start(self.visit, id, self.pilot.shown(id))
        self.vouches(id)
        self.measures(id, 4.4)

    def vouches(self, id):
        for it in CRITICAL:
            answer.say(self.visit, id, it, met=True, owner=CORA,
                       evidence="https://wiki.contoso.example/proof")  # fmt: skip

    def measures(self, id, value):
        evaluate.record(self.visit, id, deployment="", dataset="golden", metric="groundedness",
                        value=value, pairs=140, ran_at=self.visit.clock() - HOUR)  # fmt: skip

    def hears(self, id, phase, severity):
        feedback.add(self.visit, id, phase, theme="Prices", severity=severity,
                     words="It named the price of last season.",
                     said_on=self.visit.clock().date())  # fmt: skip

"""Random hostile schedules, one from each seed: the real worker, store and services in front of
the simulator; kills, faults, other people and a clock that jumps. tests/jobs/witness.py watches.

Late answers, slow looks and slow writes stay within what the console assumes of Azure: whatever
was sent has landed when SETTLE has passed since it was last looked.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete, update

from actions import approve, withdraw
from domain import capacity
from domain.faults import Fault, Refused
from domain.ordering import ordered
from domain.plans import ENDS, Leg, Plan, State
from jobs.worker import Worker
from store import plans
from store.tables import HoldRow, PlanRow
from tests.jobs.site import MODEL, POOL, START, VERSION, Cursory, Frail, Killed
from tests.jobs.witness import Witness
from tests.world import WEU

STRANGER = f"{WEU}/deployments/stranger"
PATIENT_S = 20 * 60
"""I12: how long a plan may take once everything works again."""
PAUSES_S = (5, 16, 45)
"""From one round to the next, as long as a round changes nothing."""
INSIDE = ("lease:before", "lease:taken", "release:before")
"""Points within a transaction, where nobody else can have a turn."""
HURRIED = {"intent:after": 9, "request:before": 9, "request:after": 20}
"""Seconds that may pass at most where a write is on its way: PROMPT_S, and a read's deadline."""

WRITES = [
    {"kind": "lost"},
    {"kind": "drop"},
    {"kind": "fail", "status": 500},
    {"kind": "fail", "status": 503},
    {"kind": "fail", "status": 400, "code": "InsufficientQuota"},
    {"kind": "fail", "status": 404, "code": "ResourceNotFound"},
    {"kind": "forbid"},
    {"kind": "html"},
    {"kind": "truncated"},
    {"kind": "conflict"},
    {"kind": "throttle", "retry_after": 7},
    {"kind": "throttle", "retry_after": 86_400},
    {"kind": "late"},
    {"kind": "late"},
    {"kind": "stuck"},
    {"kind": "fails", "outcome": "Failed", "seconds": 30},
    {"kind": "fails", "outcome": "Canceled", "seconds": 5},
]
READS = [
    {"kind": "fail", "status": 503, "times": 3},
    {"kind": "drop", "times": 3},
    {"kind": "html"},
    {"kind": "truncated"},
    {"kind": "throttle", "retry_after": 86_400},
]


@dataclass
class Tale:
    """What became of one schedule."""

    seed: int
    ends: list = field(default_factory=list)
    happened: Counter = field(default_factory=Counter)
    foreign: bool = False
    needless: int = 0
    """Plans that need a person although nobody else wrote."""
    wrong: list = field(default_factory=list)


class Stage:
    """One schedule."""

    def __init__(self, site, seed):
        self.site, self.random, self.tale = site, random.Random(seed), Tale(seed)
        self.names, self.running, self.foreign = 0, [], self.random.random() < 0.4
        self.writes, self.role = True, "admin"
        site.lay_out()
        site.honours, lag = self.random.random() < 0.5, self.random.choice([0, 0, 0, 15, 60])
        site.rough = self.foreign or lag > 0
        told = {"async_writes": self.random.random() < 0.4, "write_seconds": 20.0}
        wording = self.random.choice(["current", "older"])
        site.control.configure(
            honour_if_match=site.honours, usages_lag_s=float(lag), quota_wording=wording, **told
        )
        self.thorough = seed % 20 == 0
        site.adapter.stage, site.adapter.requests = self, []
        self.witness = Witness(site, START)
        site.small.world.activity = self.witness
        self.workers = [self._worker(), self._worker()]
        self.numbers = []
        self._proposed()
        for _ in range(self.random.choice([0, 1, 1, 2])):
            self._fault()
        if self.foreign:
            self._meddling()

    # --- actors -----------------------------------------------------------------------------

    def _worker(self):
        self.names += 1
        site, frail = self.site, Frail(self.site.store)
        owner = f"{self.tale.seed}-{self.names}"
        collector = Cursory(site.azure, frail, site.clock, (), owner)
        collector.thorough, collector.known = self.thorough, site.accounts
        hook = Hook(self, owner)
        made = Worker(site.azure, frail, site.clock, collector, self.writes, owner, hook)
        hook.worker = made
        return made

    def works(self, which, trouble=""):
        """One round of a worker; a killed one is followed by another of another name."""
        worker = self.workers[which]
        hook = worker.at
        hook.trouble, hook.left = trouble, self.random.randint(1, 14)
        if trouble == "store":
            worker.store.down_in = self.random.randint(1, 6)
            worker.store.how = self.random.choice(["never", "undone", "unheard"])
        self.running.append(worker.owner)
        try:
            worker.run_once()
        except Killed:
            self.workers[which] = self._worker()
        except Fault:
            self.tale.happened["store down"] += 1
        finally:
            self.running.pop()
            hook.trouble, worker.store.down_in = "", 0

    def asks(self, asked):
        if self.running:
            self.witness.asks(asked, self.running[-1])

    def answered(self, asked):
        if self.running and asked.method == "GET" and "/deployments/" in asked.path:
            next(it.at for it in self.workers if it.owner == self.running[-1])("wire:looked")

    # --- steps ------------------------------------------------------------------------------

    def step(self):
        steps = {
            self._work: 14,
            self._time: 5,
            self._fault: 3,
            self._blind: 1,
            self._meddling: 3 if self.foreign else 0,
            self._proposed: 1 if len(self.numbers) < 2 else 0,
            self._approved: 2,
            self._withdrawn: 0.3,
            self._leave: 0.4,
            self._healed: 0.5,
        }
        chosen = self.random.choices(list(steps), list(steps.values()))[0]
        chosen()

    def _work(self):
        troubles = ["", "kill", "kill", "slow", "other", "overtaken", "store"]
        if self.foreign:
            troubles.append("meddle")
        self.works(self.random.randrange(2), self.random.choice(troubles))
        self.witness.step()

    def _time(self):
        self.site.clock.move(seconds=self.random.choice([1, 5, 16, 31, 61, 121, 300]))
        self.site.control.clock(advance_seconds=0)

    def _fault(self):
        told = dict(self.random.choice(WRITES))
        if told["kind"] == "late":
            told["seconds"] = self.random.uniform(1, 60)
        times = self.random.choice([1, 1, 1, 2, 13])
        if told["kind"] in ("stuck", "fails"):
            times = 1
        self.site.control.fault(method="PATCH", **{"times": times, **told})
        self.tale.happened[
            " ".join(str(it) for it in told.values() if it != told.get("seconds"))
        ] += 1

    def _blind(self):
        told = self.random.choice(READS)
        path = self.random.choice(["/deployments/", "/usages"])
        self.site.control.fault(method="GET", path=path, **told)
        self.tale.happened[f"{told['kind']} of a look"] += 1

    def _meddling(self):
        method, path, body = self.foreign_write()
        control = self.site.control
        when = self.random.choice(["now", "before", "after", "seconds"])
        if when == "now":
            control.portal(method, path, body)
        elif when == "seconds":
            control.meddle(method, path, body, seconds=self.random.uniform(1, 200))
        else:
            control.meddle(method, path, body, on="PATCH", **{when: "/deployments/"})
        self.tale.happened[f"others {method} {when}"] += 1

    def foreign_write(self):
        """Another size, our own aim or origin (ABA), tags alone, all gone, or the pool's rest."""
        legs = [leg for it in self.numbers for leg in self.site.plan(it).legs]
        ours = [leg.resource for leg in legs] or list(START)
        resource = self.random.choice(ours if self.random.random() < 0.8 else list(START))
        sizes = [1, 10, 25, START[resource]]
        aims = [it.target for it in legs if it.resource == resource]
        sizes += [capacity.parsed(it)["capacity"] for it in aims] * 3
        sku = {"name": "Standard", "capacity": self.random.choice(sizes)}
        kind = self.random.choice(["size", "size", "size", "tags", "put", "delete", "fill"])
        match kind:
            case "size":
                return "PATCH", resource + VERSION, {"sku": sku}
            case "tags":
                return "PATCH", resource + VERSION, {"tags": {"owner": "leo"}}
            case "put":
                return "PUT", resource + VERSION, {"sku": sku, "properties": {"model": MODEL}}
            case "delete":
                return "DELETE", resource + VERSION, {}
        sku["capacity"] = self.random.choice([5, 10, 30])
        return "PUT", STRANGER + VERSION, {"sku": sku, "properties": {"model": MODEL}}

    def _proposed(self):
        world, there = self.site.small.world, {}
        for resource in START:
            account, _, name = resource.rpartition("/deployments/")
            found = world.accounts.deployments.get(account, {}).get(name)
            if found is not None and found.settles is None:
                there[resource] = found
        changes = self._changes({it: found.capacity for it, found in there.items()})
        legs = [
            Leg(
                "capacity",
                it,
                there[it].etag,
                capacity.sized("Standard", there[it].capacity),
                capacity.sized("Standard", there[it].capacity + more),
                POOL,
                more,
                "retail-online",
            )
            for it, more in changes.items()
            if more and there[it].capacity + more > 0
        ]
        if legs:
            self._kept(legs)

    def _kept(self, legs):
        policy = "production is among it" if self.random.random() < 0.25 else ""
        state = State.PROPOSED if policy else State.CONFIRMED
        now = self.site.clock()
        plan = Plan(
            ordered(legs), "contoso/ada", "busy", now, "A change", policy=policy, state=state
        )
        with self.site.store.begin() as session:
            number = plans.add(session, plan)
        self.numbers.append(number)
        self.witness.began[number] = self.witness.tick()
        self.tale.happened[f"{len(legs)} legs"] += 1

    def _changes(self, held):
        """Units more by deployment: a move, one that grows or shrinks, or several at once."""
        some = self.random.sample(list(held), self.random.randint(1, len(held))) if held else []
        free = 100 - sum(held.values())
        if len(some) == 1:
            wish = [-10, -5, min(10, free), min(25, free), free + 5]
            return {some[0]: self.random.choice(wish)}
        if len(some) == 2 and self.random.random() < 0.8:
            give = min(self.random.choice([3, 5, 10]), held[some[0]] - 1)
            return {some[0]: -give, some[1]: give}
        return {it: self.random.choice([-6, -3, 2, 4, 9]) for it in some}

    def _approved(self):
        for number in self.numbers:
            if self.witness.states.get(number, State.PROPOSED) is not State.PROPOSED:
                continue
            plan = self.site.plan(number)
            if plan.state is State.PROPOSED:
                visit = self.site.console.visit("alan")
                approve.plan(visit, number, fingerprint=plan.fingerprint)
                self.tale.happened["approved"] += 1
                self.witness.step()

    def _withdrawn(self):
        number = self.random.choice(self.numbers) if self.numbers else 0
        try:
            withdraw.plan(self.site.console.visit("ada"), number)
            self.tale.happened["withdrawn"] += 1
            self.witness.step()
        except Refused:
            self.tale.happened["not withdrawn any more"] += 1

    def _leave(self):
        """A person's role, or the console's leave to write, goes or comes back."""
        if self.random.random() < 0.5:
            self.role = "viewer" if self.role == "admin" else "admin"
            self.site.give(self.role)
        else:
            self.writes = not self.writes
            self.workers = [self._worker(), self._worker()]
        self.tale.happened["leave"] += 1

    def _healed(self):
        self.site.control.clear()

    # --- the end ----------------------------------------------------------------------------

    def rest(self):
        """Everything works again, and all that waits is approved: now every plan has to end."""
        site = self.site
        site.control.clear()
        site.control.configure(usages_lag_s=0.0)
        site.give("admin")
        self.writes = True
        self.workers = [self._worker(), self._worker()]
        self._approved()
        until, pauses = site.clock() + timedelta(seconds=PATIENT_S), iter(PAUSES_S)
        while self._open() and site.clock() <= until:
            before = self.witness.stands, len(self.witness.attempts)
            self.works(0)
            self.witness.step()
            if before == (self.witness.stands, len(self.witness.attempts)):
                site.clock.move(seconds=next(pauses, 60))
            else:
                pauses = iter(PAUSES_S)

    def _open(self):
        return any(self.witness.states.get(it) not in ENDS for it in self.numbers)

    def told(self):
        self.witness.rested()
        for number in self.numbers:
            plan = self.site.plan(number)
            self.tale.ends.append(str(plan.state))
            foreign = self.witness.foreign(plan)
            self.tale.foreign |= foreign
            self.tale.needless += plan.state is State.NEEDS_PERSON and not foreign
        self.tale.wrong = self.witness.wrong
        return self.tale

    def cleared(self):
        """Nothing of it is in the way of the next one, also when it went wrong."""
        self.site.adapter.stage = None
        with self.site.store.begin() as session:
            ours = PlanRow.id.in_(self.numbers)
            open_ = PlanRow.state.not_in([str(it) for it in ENDS])
            session.execute(update(PlanRow).where(ours, open_).values(state=str(State.WITHDRAWN)))
            session.execute(delete(HoldRow))


class Hook:
    """Worker.at: at the how manieth point of a round what happens."""

    def __init__(self, stage, owner):
        self.stage, self.owner = stage, owner
        self.trouble, self.left, self.worker = "", 0, None

    def __call__(self, point):
        if not self.trouble:
            return
        self.left -= 1
        if self.left == 0:
            getattr(self, f"_{self.trouble}")(point)

    def _kill(self, point):
        self.worker.store.dead = True
        self.stage.tale.happened[f"killed at {point}"] += 1
        raise Killed(point)

    def _slow(self, point):
        most = HURRIED.get(point, 90)
        self.stage.site.clock.move(seconds=self.stage.random.uniform(1, most))
        self.stage.tale.happened["slow"] += 1

    def _other(self, point):
        if point not in INSIDE:
            which = next(i for i, it in enumerate(self.stage.workers) if it.owner != self.owner)
            self.stage.works(which)
            self.stage.tale.happened["two at once"] += 1

    def _overtaken(self, point):
        """So slow that its lease is over, and another one is at it in the meantime."""
        if point not in INSIDE and point not in HURRIED:
            self.stage.site.clock.move(seconds=self.stage.random.uniform(61, 200))
            self._other(point)
            self.stage.tale.happened["overtaken"] += 1

    def _meddle(self, point):
        if point not in INSIDE:
            self.stage.site.control.portal(*self.stage.foreign_write())

    def _store(self, _point):
        """It is Frail that fails."""


def played(site, seed):
    """One schedule from its seed; what became of it."""
    stage = Stage(site, seed)
    try:
        for _ in range(stage.random.randint(3, 12)):
            stage.step()
        stage.rest()
        return stage.told()
    finally:
        stage.cleared()

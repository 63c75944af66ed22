"""The worker: the hand of domain/protocol.py. It looks, does the next step, writes it down."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain import names
from domain.faults import Fault, NotFound, Refused, Rejected
from domain.protocol import ENDS, Plan, Seen, Step, decide
from domain.roles import Permission, require, require_writes
from jobs.collector import Collector
from jobs.levers import Lever, tags
from services.azure import Azure
from store import audit, people, plans
from store.engine import Store

AUTOMATON = "worker"
LEASE = timedelta(minutes=2)
MARGIN = timedelta(seconds=45)
"""What a write may take, and what comes after it."""
LEVERS: dict[str, tuple[Lever, Permission]] = {"tags": (tags, Permission.TAG)}
"""Each kind of change: how it is done, and what its proposer must be allowed."""


@dataclass(frozen=True)
class Worker:
    azure: Azure
    store: Store
    clock: Callable[[], datetime]
    collector: Collector
    writes: bool
    owner: str

    def run_once(self) -> None:
        """Bring every open plan that nobody else has in hand one step further."""
        until = self.clock() + LEASE - MARGIN
        with self.store.begin() as session:
            waiting = plans.claim(session, self.clock(), self.owner, LEASE)
        try:
            for plan in waiting:
                self._advance(plan, until)
        finally:
            with self.store.begin() as session:
                plans.release(session, self.owner)

    def _advance(self, plan: Plan, until: datetime) -> None:
        """Once the lease may end before a write is over, the plan waits for the next round: what
        is known here of its journal may be old by then, and somebody else at it."""
        seen = self._look(plan)
        if self.clock() > until:
            return
        step = decide(plan, seen)
        if step in ENDS:
            self._end(plan, step)
        elif step is Step.WRITE and seen and self._allowed(plan):
            self._write(plan.writing(self.clock()), seen)

    def _look(self, plan: Plan) -> Seen | None:
        lever, _ = LEVERS[plan.lever]
        at = self.clock()
        try:
            return lever.look(self.azure, plan, at)
        except NotFound:
            return Seen(at, None, "", by_us=False, settled=True)
        except Fault:
            return None

    def _allowed(self, plan: Plan) -> bool:
        """The proposer may have lost the right since, and the console its leave to write."""
        _, permission = LEVERS[plan.lever]
        tenant, _, id = plan.proposer.partition("/")
        try:
            require_writes(self.writes)
            with self.store.reading() as session:
                require(people.find(session, tenant, id), permission)
        except Refused as refusal:
            self._end(plan.refused(refusal.words), Step.ABORTED)
            return False
        return True

    def _write(self, plan: Plan, seen: Seen) -> None:
        """Journal first, so that a write that nobody remembers cannot exist."""
        lever, _ = LEVERS[plan.lever]
        self._record(plan, "asked")
        try:
            lever.write(self.azure, plan, seen)
        except Rejected as fault:
            self._record(plan.refused(fault.words), "refused", fault.words)
        except Fault as fault:
            self._record(plan, "unknown", fault.words)

    def _end(self, plan: Plan, step: Step) -> None:
        """Collect first, then say that it is over: whoever reads the end sees the new data."""
        self.collector.look_again(plan.resource)
        ended = plan.ended(step, self.clock())
        self._record(ended, "done" if step is Step.DONE else "failed", ended.said or step)

    def _record(self, plan: Plan, came: str, detail: str = "") -> None:
        what = f"plan {plan.id}: {plan.lever} of {names.short(plan.resource)}, write {plan.writes}"
        with self.store.begin() as session:
            plans.save(session, plan)
            audit.add(session, self.clock(), AUTOMATON, what, came, detail)

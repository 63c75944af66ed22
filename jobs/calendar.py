"""The calendar: takes back by itself what was to last until a moment that has come."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from domain import reversal
from domain.faults import Refused
from domain.plans import Plan, State
from domain.tags import TagNames
from jobs import safety
from store import audit, plans
from store.engine import Session, Store

AUTOMATON = "calendar"


@dataclass(frozen=True)
class Calendar:
    store: Store
    clock: Callable[[], datetime]
    tags: TagNames

    def run_once(self) -> None:
        """Record a plan for whatever is due to go back. Whoever approved the change has approved
        its end as well; the worker asks again whether the proposer still may."""
        now = self.clock()
        with self.store.reading() as session:
            due = plans.returning(session, now)
        for plan in due:
            with self.store.begin() as session:
                if plan.id in {it.id for it in plans.returning(session, now)}:
                    self._back(session, plan, now)

    def _back(self, session: Session, done: Plan, now: datetime) -> None:
        try:
            busy = [it for it in done.resources if plans.unfinished(session, it)]
            if busy:
                return  # another change of the same is at work; the next round looks again
            legs = reversal.legs(done, *safety.known(session, done, self.tags, now))
            back = self._plan(done, now, legs=legs)
        except Refused as refusal:
            back = self._plan(done, now, state=State.ABORTED, said=refusal.words, ended_at=now)
        number = plans.add(session, back)
        came = "asked" if back.state is State.CONFIRMED else "failed"
        what = f"plan {number}: takes plan {done.id} back, as was agreed"
        audit.add(session, now, AUTOMATON, what, came, back.said)

    def _plan(self, done: Plan, now: datetime, **fields: object) -> Plan:
        told = {"legs": done.legs, "ticket": done.ticket, "undoes": done.id, **fields}
        reason = f"Plan {done.id} was to last until now"
        title = f"End of plan {done.id}: {done.title}"
        return Plan(proposer=done.proposer, reason=reason, asked_at=now, title=title, **told)  # type: ignore[arg-type]

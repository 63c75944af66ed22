"""The worker: the hand of domain/protocol.py. It looks, does the next step, writes it down."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain import activity, names, protocol
from domain.faults import Busy, Fault, Outdated, Refused, Rejected, Throttled
from domain.plans import ENDS, Answer, Look, Plan, Seen, State
from domain.readings import ACCOUNTS
from domain.roles import Person, needs, require, require_approval, require_writes
from domain.tags import TagNames
from jobs import safety
from jobs.collector import Collector
from jobs.levers import (
    Lever,
    blocklist,
    capacity,
    deployment,
    filter,
    policy,
    purge,
    tags,
    term,
    upgrade,
)
from services import quotas
from services.azure import Azure
from services.marks import marked
from store import audit, people, plans
from store.engine import Session, Store
from store.plans import Claimed

AUTOMATON = "worker"
LEASE = timedelta(seconds=50)
"""After this long, what a worker had in hand that is no more is anybody's."""
FRESH = timedelta(seconds=45)
"""What a look has shown is not acted upon after this long."""
PROMPT_S = 10.0
"""A write that is not sent this soon after its intent is not sent at all: others may take over."""
LEVERS: Mapping[str, Lever] = {
    "tags": tags,
    "capacity": capacity,
    "deployment": deployment,
    "upgrade": upgrade,
    "purge": purge,
    "policy": policy,
    "filter": filter,
    "blocklist": blocklist,
    "term": term,
}
"""How each kind of change is done."""


def nowhere(point: str) -> None:
    """What happens at a failpoint in production: nothing."""


@dataclass(frozen=True)
class Worker:
    azure: Azure
    store: Store
    clock: Callable[[], datetime]
    collector: Collector
    writes: bool
    owner: str
    at: Callable[[str], None] = field(default=nowhere)
    """Called by name at every point at which a crash would matter; tests crash there."""
    tags: TagNames = field(default_factory=TagNames)

    def run_once(self) -> None:
        """Bring every confirmed plan that nobody else has in hand one step further."""
        with self.store.begin() as session:
            self.at("lease:before")
            claimed = plans.claim(session, self.clock(), self.owner, LEASE)
            self.at("lease:taken")
        self.at("lease:after")
        if not claimed:
            return
        try:
            for it in claimed:
                self._advance(it)
        finally:
            with self.store.begin() as session:
                self.at("release:before")
                plans.release(session, self.owner)
            self.at("release:after")

    def _advance(self, claimed: Claimed) -> None:
        """After a look that took too long the plan waits for the next round. Whether somebody else
        is at it meanwhile is for the store to say, at whatever is written down."""
        plan = claimed.plan
        look = self._look(plan)
        self.at("look:after")
        if self.clock() - look.at > FRESH:
            return
        decision = protocol.decide(plan, look)
        if decision.write is not None and (refusal := self._refusal(plan)):
            if plan.back:
                return  # what was begun is put back once the console may write again
            decision = protocol.Decision(protocol.stopped(plan, refusal, self.clock()))
        after = decision.plan
        try:
            if after.state in ENDS:
                self._end(after, claimed.fence)
            elif decision.write is not None:
                self._write(after, decision.write, claimed.fence)
            elif after != plan:
                self._turn(plan, after, claimed.fence)
        except Outdated:
            return  # it is in other hands, or a person has withdrawn it

    def _look(self, plan: Plan) -> Look:
        legs, pools = protocol.wanted(plan)
        self.at("look:before")
        at = self.clock()
        number = protocol.current(plan)
        room = {pool: self._room(plan, number, pool) for pool in pools if number is not None}
        return Look(at, {it: self._seen(plan, it, at) for it in legs}, room)

    def _seen(self, plan: Plan, number: int, at: datetime) -> Seen | None:
        leg = plan.legs[number]
        try:
            return LEVERS[leg.lever].look(self.azure, leg, at)
        except Fault:
            return None

    def _room(self, plan: Plan, number: int, pool: str) -> float | None:
        """Units free in the pool, read now; None when that cannot be told."""
        account = names.account(plan.legs[number].resource)
        subscription, _, usage = pool.split("|")
        known = self.collector.remembered(ACCOUNTS, subscription).frame
        regions = known.loc[known["account_id"] == account, "region"].dropna()
        try:
            rows = quotas.of_region(self.azure, subscription, regions.iloc[0])
        except (Fault, IndexError):
            return None
        return quotas.room(rows, usage)

    def _refusal(self, plan: Plan) -> str:
        """Why it may not go on: its proposer or approver may have lost the right since, and the
        console its leave to write. What is put back needs no person's leave."""
        try:
            require_writes(self.writes)
            if not plan.back:
                self._authorise(plan)
        except Refused as refusal:
            return refusal.words
        return ""

    def _authorise(self, plan: Plan) -> None:
        with self.store.reading() as session:
            proposer = _person(session, plan.proposer)
            for leg in plan.legs:
                require(proposer, needs(leg.lever))
            asked = safety.agreed(session, plan, self.tags, self.clock())
            if asked is not None:
                said = [it for it in plans.approvals(session, [asked]) if it.approves]
                approvers = [_person(session, it.person) for it in said]
                require_approval(proposer, approvers, {leg.lever for leg in plan.legs})

    def _write(self, plan: Plan, number: int, fence: int) -> None:
        """Journal first, so that a write that nobody remembers cannot exist; from then on the lease
        is a whole one, so that nobody else is at the plan while the write is on its way."""
        leg, (_, aim, _) = plan.legs[number], plan.aim(number)
        lever = LEVERS[leg.lever]
        self.at("intent:before")
        meant, at = time.monotonic(), self.clock()
        if leg.written_at and at - leg.written_at > FRESH:
            return  # that was the time of the look
        plan = plan.sending(number, at)
        self._record(plan, fence, _named(plan, number), "asked", until=at + LEASE)
        self.at("intent:after")
        answer, said, pause = Answer.TAKEN, "", None
        try:
            if time.monotonic() - meant > PROMPT_S:
                return
            self.at("request:before")
            with marked(activity.request_id(plan, number, leg.writes)):
                lever.write(self.azure, leg, aim, leg.etag)
            self.at("request:after")
        except Rejected as fault:
            answer, said = Answer.NO, fault.words
        except (Busy, Throttled) as fault:
            answer, said, pause = Answer.LATER, fault.words, fault.pause_s
        except Fault as fault:
            answer, said = Answer.NONE, fault.words
        again = self.clock() + timedelta(seconds=pause) if pause else None
        self.at("response:before")
        heard = plan.answered(number, answer, said, again)
        if answer is Answer.TAKEN:
            self._save(heard, fence)
        else:
            self._record(heard, fence, _named(plan, number), _CAME[answer], said)
        self.at("response:after")

    def _turn(self, before: Plan, after: Plan, fence: int) -> None:
        """Write down what a look has verified, or that it is put back from here on."""
        point = "turn" if after.back and not before.back else "leg"
        self.at(f"{point}:before")
        if after.state is before.state:
            self._save(after, fence)
        else:
            self._record(after, fence, f"plan {after.id}: {after.state}", "asked", after.said)
        self.at(f"{point}:after")

    def _end(self, plan: Plan, fence: int) -> None:
        """Collect first, then say that it is over: whoever reads the end sees the new data."""
        self.at("collect:before")
        for resource in {names.account(it): it for it in plan.resources}.values():
            filters = safety.touched(plan)
            self.collector.look_again(resource, quota=bool(plan.pools), filters=filters)
        self.at("outcome:before")
        came = "done" if plan.state is State.DONE else "failed"
        self._record(plan, fence, _named(plan), came, plan.said or str(plan.state))
        self.at("outcome:after")

    def _save(self, plan: Plan, fence: int) -> None:
        with self.store.begin() as session:
            plans.save(session, plan, fence)

    def _record(
        self,
        plan: Plan,
        fence: int,
        what: str,
        came: str,
        detail: str = "",
        until: datetime | None = None,
    ) -> None:
        with self.store.begin() as session:
            plans.save(session, plan, fence, until)
            audit.add(session, self.clock(), AUTOMATON, what, came, detail)


_CAME: Mapping[Answer, str] = {
    Answer.NO: "refused",
    Answer.LATER: "refused",
    Answer.NONE: "unknown",
}


def _person(session: Session, key: str) -> Person:
    tenant, _, id = key.partition("/")
    return people.find(session, tenant, id)


def _named(plan: Plan, number: int | None = None) -> str:
    if number is None and len(plan.legs) > 1:
        return f"plan {plan.id}: {plan.title or f'{len(plan.legs)} changes'}"
    leg = plan.legs[number or 0]
    back = " back" if plan.back else ""
    return f"plan {plan.id}: {leg.lever} of {names.short(leg.resource)}{back}, write {leg.writes}"

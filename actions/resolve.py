"""Resolve: decide about a plan that stopped halfway and needs a person."""

from actions import proposing, sight
from actions.proposing import Terms
from actions.sight import Sight
from actions.visit import Visit
from domain import reversal
from domain.faults import NotAllowed, OutOfRange
from domain.plans import Plan, State
from domain.roles import Permission, needs, require, require_writes
from store import plans
from store.engine import Session


def adopt(visit: Visit, plan: int, *, reason: str) -> None:
    """What is in force now is to stay; raises Refused."""
    with visit.attempt(Permission.ALLOCATE, f"adopt what plan {plan} left") as session:
        found, _ = _stopped(visit, session, plan, reason)
        _close(visit, session, found, f"adopted what is in force: {reason.strip()}")


def restore(visit: Visit, plan: int, *, reason: str) -> int:
    """Record a plan that brings back what was before, and return its number; raises Refused."""
    with visit.attempt(Permission.ALLOCATE, f"restore what was before plan {plan}") as session:
        require_writes(visit.writes)
        found, seen = _stopped(visit, session, plan, reason)
        legs = reversal.restoring(found, seen.rows, seen.safeguards)
        title = f"Restore what was before plan {plan}"
        number = proposing.propose(visit, session, seen, legs, title, Terms(reason))
        _close(visit, session, found, f"restores what was before, by plan {number}")
        return number


def _stopped(visit: Visit, session: Session, number: int, reason: str) -> tuple[Plan, Sight]:
    found = plans.find(session, number)
    seen = sight.of_plan(visit, session, found)
    if found is None or not all(visit.person.sees(it, seen.known.tree) for it in found.units):
        raise NotAllowed("This plan is not among those you may decide about.")
    for leg in found.legs:
        require(visit.person, needs(leg.lever))
    if found.state is not State.NEEDS_PERSON:
        raise OutOfRange(f"Plan {number} is {found.state} and needs nobody.")
    if not reason.strip():
        raise OutOfRange("Say why, for whoever reads this later.")
    return found, seen


def _close(visit: Visit, session: Session, found: Plan, words: str) -> None:
    said = f"{found.said} {visit.person.name} {words}".strip()
    plans.move(session, found, State.RESOLVED, visit.clock(), said)

"""Approve: say yes or no, as a second person, to what somebody else proposes."""

from actions.visit import Visit
from domain.faults import NotAllowed, OutOfRange
from domain.plans import Plan, State
from domain.roles import Permission, approvers, may_approve
from store import plans, units
from store.engine import Session
from store.plans import Approval

LONGEST = 300


def plan(visit: Visit, plan: int, *, fingerprint: str, comment: str = "") -> None:
    """Let it be carried out; raises Refused. fingerprint: that of what the person was shown."""
    with visit.attempt(Permission.APPROVE, f"approve plan {plan}") as session:
        found = _waiting(visit, session, plan)
        if found.fingerprint != fingerprint:
            raise OutOfRange("This is not the plan that was shown.")
        _say(visit, session, found, comment, approves=True)
        plans.move(session, found, State.CONFIRMED, visit.clock())


def decline(visit: Visit, plan: int, *, comment: str) -> None:
    """Say no, and why; the plan ends. Raises Refused."""
    with visit.attempt(Permission.APPROVE, f"decline plan {plan}") as session:
        found = _waiting(visit, session, plan)
        if not comment.strip():
            raise OutOfRange("Say why, so that the proposer can do better.")
        _say(visit, session, found, comment, approves=False)
        said = f"{visit.person.name} declined it: {comment.strip()}"
        plans.move(session, found, State.WITHDRAWN, visit.clock(), said)


def _waiting(visit: Visit, session: Session, number: int) -> Plan:
    """The plan that waits for a yes or no; in the same words for what is not there and what is not
    this person's to see."""
    found = plans.find(session, number)
    tree = units.tree(session)
    if found is None or not all(visit.person.sees(it, tree) for it in found.units):
        raise NotAllowed("This plan is not among those you may approve.")
    if found.proposer == visit.person.key:
        raise NotAllowed("Nobody approves what they propose themselves.")
    levers = {leg.lever for leg in found.legs}
    if not may_approve(visit.person, levers):
        raise NotAllowed(f"This kind of change wants {approvers(levers)}.")
    if found.state is not State.PROPOSED:
        raise OutOfRange(f"Plan {number} does not wait for approval: it is {found.state}.")
    return found


def _say(visit: Visit, session: Session, found: Plan, comment: str, *, approves: bool) -> None:
    if len(comment) > LONGEST or not comment.isprintable():
        raise OutOfRange(f"A comment takes {LONGEST} printable characters.")
    told = Approval(found.id, visit.person.key, approves, comment.strip(), visit.clock())
    plans.approve(session, told)

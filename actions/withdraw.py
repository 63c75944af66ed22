"""Withdraw: take back a proposal before anything of it was sent to Azure."""

from actions.visit import Visit
from domain.faults import NotAllowed, OutOfRange
from domain.plans import State
from domain.roles import Permission
from store import plans, units


def plan(visit: Visit, plan: int, *, reason: str = "") -> None:
    """End a plan that waits; its proposer and admins may. Raises Refused, and Outdated when the
    worker has begun."""
    with visit.attempt(Permission.UNDO, f"withdraw plan {plan}") as session:
        found = plans.find(session, plan)
        tree = units.tree(session)
        seen = found and all(visit.person.sees(it, tree) for it in found.units)
        own = found and found.proposer == visit.person.key
        if found is None or not seen or not (own or visit.may(Permission.ALLOCATE)):
            raise NotAllowed("This plan is not among those you may withdraw.")
        if found.state not in (State.PROPOSED, State.CONFIRMED):
            raise OutOfRange(f"Plan {plan} is {found.state}; nothing is left to withdraw.")
        said = f"{visit.person.name} withdrew it. {reason.strip()}".strip()
        plans.move(session, found, State.WITHDRAWN, visit.clock(), said)

"""Undo: take back a change of this console, as a change of its own."""

from actions import proposing, sight
from actions.sight import Sight
from actions.visit import Visit
from domain import reversal, tags
from domain.faults import NotAllowed, OutOfRange
from domain.plans import GONE, Leg, Plan, State
from domain.roles import (
    FILTERS,
    Permission,
    needs,
    require,
    require_sight,
    require_writes,
)
from store import plans


def change(visit: Visit, plan: int, *, reason: str = "") -> int:
    """Record a plan that restores what was there before that one; raises Refused."""
    with visit.attempt(Permission.UNDO, f"undo plan {plan}") as session:
        require_writes(visit.writes)
        done = plans.find(session, plan)
        seen = sight.of_plan(visit, session, done)
        if done is None or not _visible(done, seen):
            raise NotAllowed("This deployment is not among those you may change.")
        for leg in done.legs:
            require(visit.person, needs(leg.lever))
            _require_unit(visit, seen, leg)
        if done.state is not State.DONE:
            raise OutOfRange(f"Plan {plan} was not carried out, so there is nothing to undo.")
        sight.require_rest(session, done.resources)
        legs = reversal.legs(done, seen.rows, seen.safeguards)
        why = proposing.why_two(visit, session, seen, legs)
        back = Plan(
            legs,
            visit.person.key,
            reason.strip() or f"Undo of plan {done.id}",
            visit.clock(),
            f"Undo of plan {done.id}: {done.title}",
            ticket=done.ticket,
            policy=why,
            undoes=done.id,
            state=State.PROPOSED if why else State.CONFIRMED,
        )
        return plans.add(session, back)


def _visible(plan: Plan, seen: Sight) -> bool:
    """What the plan has deleted, and what belongs to no unit, can be seen by whoever sees every
    unit."""
    resources = set(seen.rows["resource"])
    return all(
        leg.resource in resources or (seen.whole and (leg.target == GONE or leg.lever in FILTERS))
        for leg in plan.legs
    )


def _require_unit(visit: Visit, seen: Sight, leg: Leg) -> None:
    """Whoever gives something back to a unit must see that unit."""
    tree = seen.known.tree
    if leg.lever == "tags" and (unit := tags.found(tags.parsed(leg.before), visit.tags.unit)):
        require_sight(visit.person, tree.of_tag(unit), tree)

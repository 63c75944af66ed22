"""Undo: take back a change of this console, as a change of its own."""

from dataclasses import replace

from actions import sight
from actions.sight import Known
from actions.visit import Visit
from domain import names, tags
from domain.faults import OutOfRange
from domain.protocol import Plan, Step
from domain.roles import Permission, require_sight, require_writes
from store import plans


def change(visit: Visit, plan: int, *, reason: str = "") -> int:
    """Record a plan that restores what was there before that one; raises Refused."""
    with visit.attempt(Permission.UNDO, f"undo plan {plan}") as session:
        require_writes(visit.writes)
        done = plans.find(session, plan)
        known = sight.deployment(visit, session, done.resource if done else "")
        if done is None or done.state is not Step.DONE:
            raise OutOfRange(f"Plan {plan} was not carried out, so there is nothing to undo.")
        if plans.unfinished(session, done.resource):
            raise OutOfRange(f"A change of {names.short(done.resource)} is still under way.")
        return plans.add(session, _reversed(visit, known, done, reason))


def _reversed(visit: Visit, known: Known, done: Plan, reason: str) -> Plan:
    """Based on what is there now: a change of others since then is not overwritten."""
    if unit := tags.found(tags.parsed(done.before), visit.tags.unit):
        require_sight(visit.person, known.tree.of_tag(unit), known.tree)
    if tags.text(known.tags) != done.target:
        raise OutOfRange(
            f"{names.short(done.resource)} was changed again since plan {done.id}; change it anew."
        )
    return replace(
        done,
        id=0,
        etag=known.etag,
        before=done.target,
        target=done.before,
        proposer=visit.person.key,
        reason=reason.strip() or f"Undo of plan {done.id}",
        asked_at=visit.clock(),
        undoes=done.id,
        state=Step.WAIT,
        writes=0,
        written_at=None,
        said="",
        ended_at=None,
    )

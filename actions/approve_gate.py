"""Approve a gate: say yes or no, by a grant, to the gate of a phase as it is now."""

from actions import rolling
from actions.visit import Visit
from domain import moving
from domain.faults import NotAllowed, Outdated, OutOfRange
from domain.gates import Found
from domain.roles import Permission
from domain.rollouts import Rollout, Stage, State
from domain.templates import GRANTS
from store import gatehouse, gates
from store.gates import Approval


def say(visit: Visit, id: int, grant: str, *, approves: bool, mark: str, comment: str = "") -> None:
    """Say it; a no leaves the phase where it is, and is told on it. Raises Refused, and Outdated
    where the gate is no longer the one that was shown. grant: a key of GRANTS; mark: of the gate
    that the person saw."""
    what = f"{'approve' if approves else 'decline'} the gate of rollout {id}"
    with visit.attempt(Permission.APPROVE, what) as session:
        it = rolling.visible(visit, session, id)
        found = gatehouse.found(session, it, visit.clock())
        number = _asking(it, found)
        _require(visit, it, grant)
        if found.mark != mark:
            raise Outdated("The gate has changed since this was shown.")
        rolling.require_words(comment)
        if not (approves or comment.strip()):
            raise OutOfRange("Say why, so that it can be mended.")
        said = Approval(
            id, number, grant, visit.person.key, approves, comment.strip(), visit.clock()
        )
        gates.say(session, said)


def _asking(it: Rollout, found: Found) -> int:
    """The number of the phase that asks for approval now, whatever the last sweep found."""
    now = moving.assessed(it, found.gate).phase
    if it.state is not State.RUNNING or it.number is None or now is None:
        raise OutOfRange(f"{it.title} is {it.state}: no phase asks for approval.")
    if now.stage is not Stage.ASKING:
        raise OutOfRange(f"{now.title} does not ask for approval yet: it is {now.stage}.")
    return it.number


def _require(visit: Visit, it: Rollout, grant: str) -> None:
    if visit.person.key in (it.proposer, it.owner):
        raise NotAllowed("Nobody approves what they plan or own themselves.")
    if it.phase is None or grant not in it.phase.approvals:
        raise OutOfRange("This phase does not ask for such an approval.")
    if GRANTS[grant] not in visit.person.grants:
        raise NotAllowed(f"This approval is for a {GRANTS[grant]}.")

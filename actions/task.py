"""Task: say that what a rollback asked of a person is done."""

from actions import rolling
from actions.visit import Visit
from domain.faults import NotAllowed, OutOfRange
from domain.roles import Permission
from store import tasks

STRANGE = "This task is not among those you may finish."


def done(visit: Visit, id: int, *, note: str) -> None:
    """It is done, and how; by whom it was asked of, or whoever runs rollouts. Raises Refused, and
    Outdated where somebody has said so already."""
    with visit.attempt(Permission.LOOK, f"finish task {id}") as session:
        found = tasks.find(session, id)
        if found is None:
            raise NotAllowed(STRANGE)
        own = found.owner == visit.person.key
        if not own:
            if not visit.may(Permission.ROLL):
                raise NotAllowed(STRANGE)
            rolling.visible(visit, session, found.rollout)
        rolling.require_words(note)
        if not note.strip():
            raise OutOfRange("Say how it was done.")
        tasks.done(session, id, visit.clock(), visit.person.key, note.strip())

"""Refresh: have the collector ask Azure now instead of when it is due."""

from collections.abc import Sequence

from actions.visit import Visit
from domain.faults import OutOfRange
from domain.readings import TOPICS
from domain.roles import Permission
from store import rounds


def now(visit: Visit, topics: Sequence[str] | None = None) -> int:
    """Make these topics, or all, due at once; returns how many scopes that is. Raises Refused."""
    with visit.attempt(
        Permission.COLLECT, f"refresh {', '.join(topics or ['everything'])}"
    ) as session:
        if strange := set(topics or ()) - set(TOPICS):
            raise OutOfRange(f"{', '.join(sorted(strange))} is not collected.")
        return rounds.hasten(session, visit.clock(), topics)

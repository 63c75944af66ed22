"""Refresh: have the collector ask Azure now instead of when it is due."""

from collections.abc import Sequence

from actions.visit import Visit
from domain.faults import OutOfRange
from domain.readings import METRICS, TOPICS
from domain.roles import Permission
from store import rounds
from store.engine import Session


def now(visit: Visit, topics: Sequence[str] | None = None) -> int:
    """Make these topics, or all, due at once; returns how many scopes that is. Metrics that were
    asked less than five minutes ago wait their turn. Raises Refused."""
    with visit.attempt(
        Permission.COLLECT, f"refresh {', '.join(topics or ['everything'])}"
    ) as session:
        if strange := set(topics or ()) - set(TOPICS):
            raise OutOfRange(f"{', '.join(sorted(strange))} is not collected.")
        wanted = set(topics or TOPICS)
        many = rounds.hasten(session, visit.clock(), sorted(wanted - {METRICS.name}))
        return many + (_metrics(visit, session) if METRICS.name in wanted else 0)


def _metrics(visit: Visit, session: Session) -> int:
    """Azure wants one metrics question in so many minutes, however many people are curious."""
    told = rounds.listed(session)
    told = told[told["topic"] == METRICS.name]
    fresh = (visit.clock() - told["last_at"] < METRICS.cadence).fillna(False)
    return rounds.hasten(session, visit.clock(), [METRICS.name], list(told.loc[~fresh, "scope"]))

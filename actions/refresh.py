"""Refresh: have the collector ask Azure now instead of when it is due."""

from collections.abc import Sequence

from actions.visit import Visit
from domain.faults import OutOfRange
from domain.readings import BOOKED, HARMS, LEDGER, METRICS, TOPICS, Topic
from domain.roles import Permission
from store import rounds
from store.engine import Session

SPARINGLY = (METRICS, LEDGER, BOOKED, HARMS)
"""Azure wants these asked once in so long, however many people are curious."""


def now(visit: Visit, topics: Sequence[str] | None = None) -> int:
    """Make these topics, or all, due at once; returns how many scopes that is. Metrics that were
    asked less than five minutes ago wait their turn, and so do usage and costs of the last six
    hours, and what filters blocked of the last hour. Raises Refused."""
    with visit.attempt(
        Permission.COLLECT, f"refresh {', '.join(topics or ['everything'])}"
    ) as session:
        if strange := set(topics or ()) - set(TOPICS):
            raise OutOfRange(f"{', '.join(sorted(strange))} is not collected.")
        wanted = set(topics or TOPICS)
        plain = wanted - {it.name for it in SPARINGLY}
        many = rounds.hasten(session, visit.clock(), sorted(plain))
        return many + sum(_stale(visit, session, it) for it in SPARINGLY if it.name in wanted)


def _stale(visit: Visit, session: Session, topic: Topic) -> int:
    """Make due what was not asked within its cadence."""
    told = rounds.listed(session)
    told = told[told["topic"] == topic.name]
    fresh = (visit.clock() - told["last_at"] < topic.cadence).fillna(False)
    return rounds.hasten(session, visit.clock(), [topic.name], list(told.loc[~fresh, "scope"]))

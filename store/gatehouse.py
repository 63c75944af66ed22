"""The gate of a rollout as all that is kept has it; read under the lock of the rollout by whoever
moves it, so that what was judged is what is true at the moment of the move."""

from datetime import datetime, timedelta

from domain import gates as judging
from domain.gates import Found, Yes
from domain.moving import DRILLED
from domain.rollouts import Rollout
from domain.templates import GRANTS
from store import gates, people, rollback_plans
from store.engine import Session
from store.rollback_plans import WORKED

LONGEST = timedelta(days=90)
"""How far back readings are looked through for those that passed in a row."""


def found(session: Session, rollout: Rollout, at: datetime) -> Found:
    """The gate of its phase under way."""
    number = rollout.number
    if number is None:
        return judging.found(rollout, {}, (), (), False, at)
    return judging.found(
        rollout,
        gates.readings(session, rollout.id, number, at - LONGEST),
        gates.days(session, rollout.id, number),
        _yes(session, rollout, number),
        _drilled(session, rollout, number, at),
        at,
    )


def _yes(session: Session, rollout: Rollout, number: int) -> list[Yes]:
    """What counts: a yes of somebody who still has the grant, unless somebody else of the same
    grant stands by a no."""
    said = gates.approvals(session, [rollout.id])
    valid = [it for it in said if it.phase == number and it.void_at is None]
    barred = {it.grant for it in valid if not it.approves}
    return [
        Yes(it.grant, it.person)
        for it in valid
        if it.grant not in barred and _granted(session, it.grant, it.person)
    ]


def _granted(session: Session, grant: str, key: str) -> bool:
    tenant, _, id = key.partition("/")
    return GRANTS.get(grant) in people.find(session, tenant, id).grants


def _drilled(session: Session, rollout: Rollout, number: int, at: datetime) -> bool:
    """Whether the way back from here, or from what follows, was tried in time, and worked."""
    plans = rollback_plans.of(session, rollout.id)
    return any(
        it.drill_result == WORKED and it.drilled_at is not None and at - it.drilled_at <= DRILLED
        for phase, it in plans.items()
        if phase in (number, number + 1)
    )

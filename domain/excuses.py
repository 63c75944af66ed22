"""Excuses of readiness: who may agree that an item is waived or not required, and for how long.

What is asked for counts for nothing until a second person agrees; declined, it is an open item."""

from dataclasses import replace
from datetime import datetime, timedelta

from domain.faults import OutOfRange
from domain.readiness import EXCUSES, Answer, Says
from domain.roles import Grant, Person
from domain.rollouts import Rollout

LONGEST = timedelta(days=180)
"""That a waiver holds; what is to hold longer is asked for anew."""
GRANTS = frozenset({Grant.TECHNICAL, Grant.SECURITY})
"""One of them is enough to agree."""


def require(says: str, until: datetime | None, now: datetime) -> None:
    """Raise OutOfRange for an excuse that cannot be asked for."""
    if says not in EXCUSES:
        raise OutOfRange("An item is waived until a day, or not required.")
    if says == Says.NOT_REQUIRED:
        if until is not None:
            raise OutOfRange("What is not required has no end; what has an end is waived.")
        return
    if until is None or until <= now:
        raise OutOfRange("A waiver ends on a day that lies ahead.")
    if until > now + LONGEST:
        raise OutOfRange(f"A waiver holds until {now + LONGEST:%d %b %Y} at the most.")


def barred(person: Person, asked: Answer, rollout: Rollout) -> str:
    """Why this person may neither agree nor decline; "" where they may."""
    if person.key == asked.said_by:
        return "Nobody agrees to what they asked for themselves."
    if person.key in (rollout.proposer, rollout.owner):
        return "Nobody excuses what they plan or own themselves."
    if not GRANTS & person.grants:
        return f"This is for a {' or '.join(sorted(GRANTS, reverse=True))}."
    return ""


def vouched(before: Answer | None, now: datetime) -> bool:
    """Whether somebody vouches for the item with evidence that holds: nothing to excuse."""
    if before is None or before.status != Says.MET or not before.evidence.strip():
        return False
    return not over(before, now)


def over(asked: Answer, now: datetime) -> bool:
    """Whether the time that it names has passed."""
    return asked.expires_at is not None and asked.expires_at <= now


def declined(asked: Answer, by: str, why: str, at: datetime) -> Answer:
    """What is left of an excuse that a second person did not agree to: an open item."""
    note = f"That it is {asked.status} was declined: {why}"
    return replace(asked, status=Says.OPEN, note=note, expires_at=None, said_by=by, at=at)

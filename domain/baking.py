"""Bake time: how many working days a phase has really been watched.

A day counts when it was seen: a sweep of that day found the phase active and all that blocks read
from data that is fresh. So a pause, a console that was off, stale data or a clock that jumped add
nothing, and nobody has to measure how long anything lasted. Source: docs of the rollout model, 4.3,
rule 4.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

DAY = timedelta(days=1)
WEEKEND = (5, 6)


def works(day: date, closed: Collection[date] = ()) -> bool:
    """Whether a day is a working day; closed: holidays and freezes that the rollout names."""
    return day.weekday() not in WEEKEND and day not in closed


def baked(days: Collection[date], since: date | None, closed: Collection[date] = ()) -> int:
    """Working days among the days that were seen, from the day on which the bake last began."""
    return sum(works(it, closed) for it in set(days) if since is None or it >= since)


def ready_on(left: int, after: date, closed: Collection[date] = ()) -> date:
    """The first day on which so many more working days can have been seen; the day itself when
    none is left."""
    day = after
    while left > 0:
        day += DAY
        left -= works(day, closed)
    return day


def seen(at: datetime) -> date:
    """The day, in UTC, that a sweep at this time speaks for."""
    return at.date()

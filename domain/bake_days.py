"""The days of a bake one by one: which counted, and why the others did not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest

from domain import baking
from domain.rollouts import Move, Phase

MOST = 120
"""Days that are told; a bake that goes on for longer is told from the end."""


@dataclass(frozen=True)
class Day:
    day: date
    counts: bool
    why: str
    """Why it does not count; "" where it does."""


Stretch = tuple[datetime, datetime | None]


def pauses(moves: Sequence[tuple[Move, datetime]]) -> list[Stretch]:
    """From when to when a rollout was paused; None for a pause that goes on."""
    turns = [(move, at) for move, at in moves if move in (Move.PAUSE, Move.RESUME)]
    return [
        (turn[1], end[1] if end else None)
        for turn, end in zip_longest(turns, turns[1:])
        if turn[0] is Move.PAUSE
    ]


def told(
    phase: Phase,
    seen: Collection[date],
    paused: Sequence[Stretch],
    closed: Collection[date],
    now: datetime,
) -> tuple[Day, ...]:
    """From the first day of the phase to its last or today, the oldest first."""
    if phase.started_at is None:
        return ()
    last = (phase.ended_at or now).date()
    many = min((last - phase.started_at.date()).days + 1, MOST)
    days = [last - baking.DAY * it for it in range(many - 1, -1, -1)]
    since = phase.baked_since.date() if phase.baked_since else days[0]
    return tuple(_told(it, since, seen, paused, closed, now) for it in days)


def _told(
    day: date,
    since: date,
    seen: Collection[date],
    paused: Sequence[Stretch],
    closed: Collection[date],
    now: datetime,
) -> Day:
    if day < since:
        return Day(day, False, "before the bake began anew")
    if day in closed:
        return Day(day, False, "a closed day")
    if not baking.works(day):
        return Day(day, False, "no working day")
    if day in seen:
        return Day(day, True, "")
    if any(from_.date() <= day and (to is None or day <= to.date()) for from_, to in paused):
        return Day(day, False, "paused")
    if day == now.date():
        return Day(day, False, "not yet: what blocks was not read from fresh data today")
    return Day(day, False, "not seen, or what blocks was not read from fresh data")

"""How far a ledger of days reaches, and so which days to ask about next.

All that is known is in what was kept: a console that dies in the middle goes on from there. Recent
days are asked again and again, since they come late; history is asked from the newest day to the
oldest, a stride at a time. A part that was silent for so long that there is a hole begins anew.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pandas as pd

from domain import frames
from domain.frames import Row

DAY = timedelta(days=1)
HISTORY = 93 * DAY
"""How far back Azure remembers its metrics."""
STRIDE = 31 * DAY


@dataclass(frozen=True)
class Stretch:
    """The days to ask about, the last one not included, and how many are left after them."""

    first: datetime
    end: datetime
    backlog: int


def midnight(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def wanted(
    known: pd.DataFrame, silent: Collection[str], part: str, recent: datetime, at: datetime
) -> Stretch:
    """What to ask next. known: what was kept, with first_day and seen_at of each part; silent: the
    parts that did not answer last time, for which nobody waits; recent: from where on days may
    still change."""
    tomorrow = midnight(at) + DAY
    oldest = tomorrow - HISTORY
    heard = known[~known[part].isin(list(silent)) & known["first_day"].notna()]
    if heard.empty:
        return _left(tomorrow - STRIDE, tomorrow, oldest)
    seen, first = heard["seen_at"].min().to_pydatetime(), heard["first_day"].max().to_pydatetime()
    if midnight(seen) < midnight(at) or first <= oldest:
        since = max(oldest, min(recent, midnight(seen) - (midnight(at) - recent)))
        return _left(since, tomorrow, oldest, min(first, since))
    return _left(max(oldest, first - STRIDE), first, oldest)


def _left(
    first: datetime, end: datetime, oldest: datetime, reached: datetime | None = None
) -> Stretch:
    return Stretch(first, end, max(0, ((reached or first) - oldest).days))


def joined(known: pd.DataFrame, part: str, name: str, asked: tuple[datetime, datetime]) -> Row:
    """first_day and last_day of a part after these days were asked: together with those before
    where nothing lies between."""
    first, end = asked
    before = frames.records(known[known[part] == name], columns=["first_day", "seen_at"])
    for it in before:
        if it["first_day"] is not pd.NaT and it["first_day"] <= end:
            last = midnight(it["seen_at"])
            if last >= first - DAY:
                return {"first_day": min(first, it["first_day"]), "last_day": max(end - DAY, last)}
    return {"first_day": first, "last_day": end - DAY}

"""What Cost Management booked: as far as the ledger reaches, then what may still change."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

import pandas as pd

from domain import frames
from domain.costs import BOOKED_DAYS
from domain.faults import Forbidden, Partial
from domain.readings import BOOKED, RETAIL, TENANT, Snapshot
from jobs import keeping, reach, regions
from jobs.asks import Ask
from jobs.keeping import Gathering
from jobs.reach import DAY
from services import costs
from store import booked_days, rounds, snapshots
from store.engine import Session
from store.rounds import Due

RERATED = 10 * DAY
"""How long what is booked may change."""
NOTHING = "Cost Management told nothing of days that it had booked: they stay as they were."
LAST_LATE_DAY = 6
"""Until this day of a month the one before is rerated as a whole."""


def questions(of: regions.Asking, due: Due, at: datetime) -> tuple[Gathering, Mapping[str, Ask]]:
    """One question about a subscription, of several calls."""
    with of.store.reading() as session:
        before = regions.kept(session, BOOKED, due.scope)
    days = reach.wanted(before.frame, (), "subscription", recent(at), at)
    ask = partial(costs.days, of.azure, due.scope, days.first, days.end)
    gathering = Gathering(
        BOOKED, due.scope, at, {""}, backlog=days.backlog, days=(days.first, days.end)
    )
    return gathering, {"": ask}


def recent(at: datetime) -> datetime:
    """From which day on what is booked may still change."""
    today = reach.midnight(at)
    late = (today.replace(day=1) - DAY).replace(day=1)
    return min(today - RERATED, late) if today.day <= LAST_LATE_DAY else today - RERATED


def keep(session: Session, it: Gathering) -> Snapshot:
    """The days that were asked, each replaced whole, and then how far they reach. A currency that
    is new has its price list asked for. Where Azure refuses, nobody waits for history: it is asked
    from its first day on once the role is there."""
    assert it.days
    if not it.troubles and _emptied(session, it):
        it.failed(Partial(f"{BOOKED.title} of subscription {it.scope}: {NOTHING}"))
    if any(trouble.kind == Forbidden.__name__ for trouble in it.troubles):
        it.backlog = 0
    snapshots.lock(session)
    known = regions.kept(session, BOOKED, it.scope)
    rows = []
    if not it.troubles:
        booked = frames.frame(BOOKED_DAYS, it.rows)
        booked["seen_at"] = pd.Timestamp(it.at).as_unit("us")
        booked_days.replace(session, booked, it.scope, *it.days)
        rows = [_reach(session, it, known.frame, booked)]
    after = keeping.remember(session, BOOKED, it, frames.frame(BOOKED.columns, rows), None)
    if new := set(after.frame["currency"].dropna()) - set(known.frame["currency"].dropna()):
        listed = regions.kept(session, RETAIL, TENANT)
        if listed.at and new - set(listed.frame["currency"]):
            rounds.hasten(session, it.at, [RETAIL.name], [TENANT])
    return after


def _emptied(session: Session, it: Gathering) -> bool:
    """Whether nothing was told of days on which something is booked: 204 is the answer to a
    question that is not understood too, and what was booked is rerated and never taken back."""
    assert it.days
    if any(row["view"] == costs.AMORTIZED for row in it.rows):
        return False
    known = booked_days.between(session, *it.days, [it.scope])
    return bool(known["view"].eq(costs.AMORTIZED).any())


def _reach(
    session: Session, it: Gathering, known: pd.DataFrame, booked: pd.DataFrame
) -> frames.Row:
    """One row of frame BOOKINGS: last_day is the last that has anything, not the last asked."""
    assert it.days
    _, last, many = booked_days.reach(session, it.scope)
    told = [*booked["currency"].dropna(), *known["currency"].dropna()]
    return {
        "subscription": it.scope,
        "currency": told[0] if told else None,
        "first_day": reach.joined(known, "subscription", it.scope, it.days)["first_day"],
        "last_day": last,
        "rows": many,
    }

"""When somebody was here last, so that a page can say what happened since."""

from datetime import datetime, timedelta

from sqlalchemy import select

from store import rows
from store.engine import Session
from store.tables import VisitRow

GAP = timedelta(minutes=30)


def opened(session: Session, who: str, now: datetime, gap: timedelta = GAP) -> datetime | None:
    """Note that this person is here; returns when their visit before this one ended.

    None at the first visit. Calls closer together than gap belong to one visit.
    """
    first = rows.insert(session, VisitRow).on_conflict_do_nothing()
    session.execute(first, {"who": who, "seen_at": now, "before_at": None})
    visit = session.scalars(
        select(VisitRow)
        .where(VisitRow.who == who)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if now - visit.seen_at >= gap:
        visit.before_at = visit.seen_at
    visit.seen_at = max(visit.seen_at, now)
    session.flush()
    return visit.before_at

"""Since when is known what each subscription used and what was booked of it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from domain.billing import Reach
from domain.readings import BOOKED, LEDGER, Topic
from store import snapshots
from store.columns import Row
from store.engine import Session
from store.tables import BookedDayRow, UsageDayRow


def begins(session: Session, subscriptions: Collection[str], since: datetime) -> dict[str, Reach]:
    """By subscription, of these and of all that were ever asked: the first day that was asked,
    whether it had anything or not, or an earlier one from `since` on that is there nevertheless."""
    used, booked = (_asked(session, it) for it in (LEDGER, BOOKED))
    return {
        it: Reach(
            _earliest(session, UsageDayRow, it, since, used),
            _earliest(session, BookedDayRow, it, since, booked),
        )
        for it in sorted({*subscriptions, *used, *booked})
    }


def _asked(session: Session, topic: Topic) -> dict[str, datetime]:
    """The first day of all parts of a subscription, the last of them where they differ."""
    kept = snapshots.kept(session, topic, snapshots.scopes(session, topic))
    days = {it: told.frame["first_day"].dropna() for it, told in kept.items() if told}
    return {it: day.max().to_pydatetime() for it, day in days.items() if len(day)}


def _earliest(
    session: Session,
    table: type[Row],
    subscription: str,
    since: datetime,
    asked: dict[str, datetime],
) -> datetime | None:
    first = asked.get(subscription)
    if first is not None and first <= since:
        return first
    day, own = table.day, table.subscription  # type: ignore[attr-defined]
    here = select(day).where(own == subscription, day >= since)
    here = here.where(day < first) if first else here
    found: datetime | None = session.scalar(here.order_by(day).limit(1))
    return found or first

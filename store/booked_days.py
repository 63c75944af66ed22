"""What Cost Management has booked, day by day: it rerates what it said, and forgets late charges
never; so each asking replaces the days that it was about."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
from sqlalchemy import delete, func, select

from domain import costs, months
from store import rows
from store.engine import Session
from store.tables import BookedDayRow

_KEY = ("day", "subscription", "resource", "meter_id", "view", "charge", "pricing", "reservation")


def keep(session: Session, booked: pd.DataFrame) -> None:
    """Keep days, frame BOOKED_DAYS: each day of a subscription is replaced whole."""
    for subscription, of in booked.groupby("subscription"):
        session.execute(
            delete(BookedDayRow).where(
                BookedDayRow.subscription == str(subscription),
                BookedDayRow.day.in_(rows.moments(of["day"])),
            )
        )
    _insert(session, booked)


def replace(
    session: Session, booked: pd.DataFrame, subscription: str, first: datetime, end: datetime
) -> None:
    """Keep a subscription's days from first to before end; what else was there of them goes."""
    session.execute(
        delete(BookedDayRow).where(
            BookedDayRow.subscription == subscription,
            BookedDayRow.day >= first,
            BookedDayRow.day < end,
        )
    )
    _insert(session, booked)


def _insert(session: Session, booked: pd.DataFrame) -> None:
    single = booked.drop_duplicates(list(_KEY), keep="last")
    rows.upsert(session, BookedDayRow, _KEY, rows.of_frame(single, costs.BOOKED_DAYS))


def of_month(session: Session, month: str, subscriptions: Sequence[str]) -> pd.DataFrame:
    """Frame BOOKED_DAYS of a month, both views, in the order of its key."""
    return between(session, months.first(month), months.end(month), subscriptions)


def between(
    session: Session, first: datetime, end: datetime, subscriptions: Sequence[str]
) -> pd.DataFrame:
    """Frame BOOKED_DAYS from first to before end, both views, in the order of its key."""
    wanted = (
        select(*(getattr(BookedDayRow, name) for name in costs.BOOKED_DAYS))
        .where(
            BookedDayRow.day >= first,
            BookedDayRow.day < end,
            BookedDayRow.subscription.in_(list(subscriptions)),
        )
        .order_by(*(getattr(BookedDayRow, name) for name in _KEY))
    )
    return rows.many(session, wanted, costs.BOOKED_DAYS)


def reach(session: Session, subscription: str) -> tuple[datetime | None, datetime | None, int]:
    """The first and the last day on which anything was used and booked, and how many rows."""
    of = (BookedDayRow.subscription == subscription, BookedDayRow.view == "amortized")
    first, last, many = (func.min(BookedDayRow.day), func.max(BookedDayRow.day), func.count())
    found = session.execute(select(first, last, many).where(*of)).one()
    return found[0], found[1], found[2]


def currencies(session: Session) -> list[str]:
    """The currencies in which anything is booked."""
    return sorted(session.scalars(select(BookedDayRow.currency).distinct()))


def by_meter(session: Session, currency: str, first: datetime, end: datetime) -> dict[str, int]:
    """What was booked on each meter from first to before end, in parts of 1e-8."""
    of = (
        BookedDayRow.day >= first,
        BookedDayRow.day < end,
        BookedDayRow.currency == currency,
        BookedDayRow.view == "amortized",
        BookedDayRow.meter_id != "",
    )
    sums = select(BookedDayRow.meter_id, func.sum(BookedDayRow.cost_e8)).where(*of)
    found = session.execute(sums.group_by(BookedDayRow.meter_id))
    return {meter: int(cost) for meter, cost in found}

"""What Cost Management has booked, day by day: it rerates what it said, and forgets late charges
never; so each asking replaces the days that it was about."""

from datetime import datetime

import pandas as pd
from sqlalchemy import delete, func, select

from domain import costs
from store.days import Days
from store.engine import Session
from store.tables import BookedDayRow

_KEY = ("day", "subscription", "resource", "meter_id", "view", "charge", "pricing", "reservation")
_DAYS = Days(BookedDayRow, costs.BOOKED_DAYS, _KEY)
of_month, between = _DAYS.of_month, _DAYS.between
"""Both views."""


def keep(session: Session, booked: pd.DataFrame) -> None:
    """Keep days, frame BOOKED_DAYS: each day of a subscription is replaced whole."""
    _DAYS.keep(session, booked, ["subscription"])


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
    _DAYS.upsert(session, booked)


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

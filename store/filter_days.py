"""How far each deployment was from its baseline on each day, as last seen on it."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
from sqlalchemy import select

from domain.moderation import FILTER_DAYS
from store import rows
from store.engine import Session
from store.tables import FilterDayRow

_KEY = ("day", "resource")


def keep(session: Session, days: pd.DataFrame) -> None:
    """Keep or replace days, frame FILTER_DAYS: the last look at a day wins."""
    single = days.drop_duplicates(list(_KEY), keep="last")
    rows.upsert(session, FilterDayRow, _KEY, rows.of_frame(single, FILTER_DAYS))


def since(session: Session, first: datetime, subscriptions: Sequence[str]) -> pd.DataFrame:
    """Frame FILTER_DAYS from this day on, in the order of its key."""
    wanted = (
        select(*(getattr(FilterDayRow, name) for name in FILTER_DAYS))
        .where(FilterDayRow.day >= first, FilterDayRow.subscription.in_(list(subscriptions)))
        .order_by(FilterDayRow.day, FilterDayRow.resource)
    )
    return rows.many(session, wanted, FILTER_DAYS)

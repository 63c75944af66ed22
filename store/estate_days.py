"""What each deployment was on each day: tags and sizes change, and a bill is about the day."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
from sqlalchemy import func, select

from domain import costs
from store import rows
from store.days import Days
from store.engine import Session
from store.tables import EstateDayRow

_DAYS = Days(EstateDayRow, costs.ESTATE_DAYS, ("day", "resource"))
of_month, between = _DAYS.of_month, _DAYS.between


def keep(session: Session, estate: pd.DataFrame) -> None:
    """Keep or replace days, frame ESTATE_DAYS; what else is known stays, since a deployment that
    is there no more had its days."""
    _DAYS.upsert(session, estate)


def homes_after(session: Session, end: datetime, subscriptions: Sequence[str]) -> pd.DataFrame:
    """Frame ESTATE_DAYS of accounts themselves, each as at the first look from end on."""
    own = EstateDayRow.resource == EstateDayRow.account_id
    here = EstateDayRow.subscription.in_(list(subscriptions))
    first = (
        select(EstateDayRow.resource, func.min(EstateDayRow.day).label("first"))
        .where(own, here, EstateDayRow.day >= end)
        .group_by(EstateDayRow.resource)
        .subquery()
    )
    wanted = (
        select(*(getattr(EstateDayRow, name) for name in costs.ESTATE_DAYS))
        .join(
            first,
            (EstateDayRow.resource == first.c.resource) & (EstateDayRow.day == first.c.first),
        )
        .order_by(EstateDayRow.resource)
    )
    return rows.many(session, wanted, costs.ESTATE_DAYS)

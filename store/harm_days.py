"""What filters found and blocked on each deployment, day by day. Nothing of it is ever forgotten:
Azure itself remembers 93 days."""

from collections.abc import Collection, Sequence
from datetime import datetime

import pandas as pd
from sqlalchemy import delete, func, select

from domain import moderation
from store import rows
from store.engine import Session
from store.tables import HarmDayRow

_KEY = ("day", "resource", "what", "category", "direction", "severity")


def replace(
    session: Session,
    harms: pd.DataFrame,
    accounts: Collection[str],
    first: datetime,
    end: datetime,
) -> None:
    """Keep days from first to before end of these accounts, frame HARM_DAYS; their other rows of
    that time go."""
    for account in sorted(accounts):
        session.execute(
            delete(HarmDayRow).where(
                *_within(account), HarmDayRow.day >= first, HarmDayRow.day < end
            )
        )
    single = harms.drop_duplicates(list(_KEY), keep="last")
    rows.upsert(session, HarmDayRow, _KEY, rows.of_frame(single, moderation.HARM_DAYS))


def between(
    session: Session, first: datetime, end: datetime, subscriptions: Sequence[str]
) -> pd.DataFrame:
    """Frame HARM_DAYS from first to before end, in the order of its key."""
    return _asked(session, first, end, HarmDayRow.subscription.in_(list(subscriptions)))


def of_deployment(session: Session, resource: str, first: datetime, end: datetime) -> pd.DataFrame:
    """The same of one deployment."""
    return _asked(session, first, end, HarmDayRow.resource == resource)


def _asked(session: Session, first: datetime, end: datetime, which: rows.Clause) -> pd.DataFrame:
    wanted = (
        select(*(getattr(HarmDayRow, name) for name in moderation.HARM_DAYS))
        .where(HarmDayRow.day >= first, HarmDayRow.day < end, which)
        .order_by(*(getattr(HarmDayRow, name) for name in _KEY))
    )
    return rows.many(session, wanted, moderation.HARM_DAYS)


def many(session: Session, accounts: Collection[str]) -> int:
    """How many rows there are of these accounts."""
    counts = (select(func.count()).where(*_within(account)) for account in accounts)
    return sum(session.scalar(it) or 0 for it in counts)


def _within(account: str) -> tuple[rows.Clause, rows.Clause]:
    """The deployments of an account: a stretch of the index by resource."""
    folder = f"{account}/deployments/"
    return HarmDayRow.resource >= folder, HarmDayRow.resource < f"{folder[:-1]}0"

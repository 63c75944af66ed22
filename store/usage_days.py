"""The ledger of usage: what each deployment did on each day, as Azure's metrics and the gateway's
logs count it. Nothing of it is ever forgotten: Azure itself remembers 93 days."""

from collections.abc import Collection, Sequence
from datetime import datetime

import pandas as pd
from sqlalchemy import delete, func, select

from domain import costs, months
from store import rows
from store.engine import Session
from store.tables import UsageDayRow

_KEY = ("day", "resource", "source", "product", "tier", "bucket")


def keep(session: Session, usage: pd.DataFrame) -> None:
    """Keep days, frame USAGE_DAYS: each day of a subscription and source is replaced whole, so
    that what is no more is not kept either."""
    told = usage[["subscription", "source", "day"]].drop_duplicates()
    for (subscription, source), of in told.groupby(["subscription", "source"]):
        session.execute(
            delete(UsageDayRow).where(
                UsageDayRow.day.in_(rows.moments(of["day"])),
                UsageDayRow.subscription == str(subscription),
                UsageDayRow.source == str(source),
            )
        )
    _insert(session, usage)


def replace(
    session: Session,
    usage: pd.DataFrame,
    source: str,
    accounts: Collection[str],
    first: datetime,
    end: datetime,
) -> None:
    """Keep days from first to before end of these accounts, whose other rows of this source go."""
    stretch = (UsageDayRow.day >= first, UsageDayRow.day < end, UsageDayRow.source == source)
    for account in sorted(accounts):
        session.execute(delete(UsageDayRow).where(*_within(account), *stretch))
    _insert(session, usage)


def _insert(session: Session, usage: pd.DataFrame) -> None:
    single = usage.drop_duplicates(list(_KEY), keep="last")
    rows.upsert(session, UsageDayRow, _KEY, rows.of_frame(single, costs.USAGE_DAYS))


def of_month(session: Session, month: str, subscriptions: Sequence[str]) -> pd.DataFrame:
    """Frame USAGE_DAYS of a month, in the order of its key."""
    return between(session, months.first(month), months.end(month), subscriptions)


def between(
    session: Session, first: datetime, end: datetime, subscriptions: Sequence[str]
) -> pd.DataFrame:
    """Frame USAGE_DAYS from first to before end, in the order of its key."""
    wanted = (
        select(*(getattr(UsageDayRow, name) for name in costs.USAGE_DAYS))
        .where(
            UsageDayRow.day >= first,
            UsageDayRow.day < end,
            UsageDayRow.subscription.in_(list(subscriptions)),
        )
        .order_by(*(getattr(UsageDayRow, name) for name in _KEY))
    )
    return rows.many(session, wanted, costs.USAGE_DAYS)


def many(session: Session, accounts: Collection[str], source: str) -> int:
    """How many rows there are of these accounts."""
    counts = (
        select(func.count()).where(*_within(account), UsageDayRow.source == source)
        for account in accounts
    )
    return sum(session.scalar(it) or 0 for it in counts)


def _within(account: str) -> tuple[rows.Clause, rows.Clause]:
    """The deployments of an account: a stretch of the index by resource."""
    folder = f"{account}/deployments/"
    return UsageDayRow.resource >= folder, UsageDayRow.resource < f"{folder[:-1]}0"

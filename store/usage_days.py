"""The ledger of usage: what each deployment did on each day, as Azure's metrics and the gateway's
logs count it. Nothing of it is ever forgotten: Azure itself remembers 93 days."""

from collections.abc import Collection
from datetime import datetime

import pandas as pd
from sqlalchemy import delete, func, select

from domain import costs
from store import rows
from store.days import Days
from store.engine import Session
from store.tables import UsageDayRow

_KEY = ("day", "resource", "source", "product", "tier", "bucket")
_DAYS = Days(UsageDayRow, costs.USAGE_DAYS, _KEY)
of_month, between = _DAYS.of_month, _DAYS.between


def keep(session: Session, usage: pd.DataFrame) -> None:
    """Keep days, frame USAGE_DAYS: each day of a subscription and source is replaced whole."""
    _DAYS.keep(session, usage, ["subscription", "source"])


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
    _DAYS.upsert(session, usage)


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

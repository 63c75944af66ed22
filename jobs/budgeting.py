"""Which thresholds of budgets are crossed by what bills say, kept once so that people are told."""

from datetime import datetime, timedelta

import pandas as pd

from domain import budgets, months
from domain.costs import Basis
from store import bills, units
from store import budgets as kept
from store.engine import Session, Store

HISTORY = 12
"""Months that a forecast looks back, the running one included."""


def cross(store: Store, now: datetime) -> int:
    """Keep what is crossed now; returns how much of it is new."""
    with store.reading() as session:
        set_, tree = kept.known(session), units.tree(session)
        found = [
            budgets.judged(
                set_[set_["currency"] == currency],
                _daily(session, currency, now),
                tree,
                months.of(now),
                months.midnight(now) - timedelta(days=1),
            )
            for currency in sorted(set(set_["currency"]))
        ]
    if not (full := [it for it in found if len(it)]):
        return 0
    crossed = budgets.crossed(pd.concat(full, ignore_index=True), now)
    with store.begin() as session:
        return kept.cross(session, crossed)


def _daily(session: Session, currency: str, now: datetime) -> pd.DataFrame:
    """Unit, day and cents of the last months' bills; of the day that runs nothing is complete."""
    since = months.after(months.of(now), 1 - HISTORY)
    mine = [it for it in bills.heads(session) if it.currency == currency and it.month >= since]
    sums = [bills.sums(session, it.month, currency) for it in mine]
    columns = ["unit", "day", "cents"]
    rows = [it[it["basis"].ne(str(Basis.ENTERED))][columns] for it in sums]
    return pd.concat(rows or [bills.sums(session, "", "")[columns]], ignore_index=True)

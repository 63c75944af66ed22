"""Budgets as they stand: ours with what is spent and expected, and those that Azure keeps."""

from datetime import datetime, timedelta

import pandas as pd

from domain import budgets, frames, months
from domain.costs import AZURE_BUDGETS, PLATFORM, Basis
from domain.readings import AZURE_BUDGETS as IN_AZURE
from store import bills, snapshots, units
from store import budgets as kept
from store.engine import Session, Store

HISTORY = 12
"""Months that a forecast looks back, the running one included."""


def known(store: Store) -> pd.DataFrame:
    """Frame BUDGETS, those that have ended too."""
    with store.reading() as session:
        return kept.known(session)


def crossings(store: Store) -> pd.DataFrame:
    """Frame CROSSINGS, the newest first."""
    with store.reading() as session:
        return kept.crossings(session)


def spent(store: Store, currency: str, now: datetime) -> pd.DataFrame:
    """Unit, day and cents of the last months' bills."""
    with store.reading() as session:
        return daily(session, currency, now)


def standing(store: Store, currency: str, now: datetime) -> pd.DataFrame:
    """Frame JUDGED of everybody's budgets in this currency."""
    with store.reading() as session:
        return judged(session, currency, now)


def judged(session: Session, currency: str, now: datetime) -> pd.DataFrame:
    """The same, for who reads already."""
    mine = kept.known(session)
    mine = mine[mine["currency"] == currency]
    if mine.empty:
        return frames.frame(budgets.JUDGED, [])
    last = months.midnight(now) - timedelta(days=1)
    tree = units.tree(session)
    return budgets.judged(mine, daily(session, currency, now), tree, months.of(now), last)


def daily(session: Session, currency: str, now: datetime) -> pd.DataFrame:
    """Unit, day and cents of the last months' bills."""
    since = months.after(months.of(now), 1 - HISTORY)
    mine = [it for it in bills.heads(session) if it.currency == currency and it.month >= since]
    sums = [bills.sums(session, it.month, currency) for it in mine]
    columns = ["unit", "day", "cents"]
    # What an invoice adds is the platform's; what a unit has of it came late.
    rows = [
        it[it["basis"].ne(str(Basis.ENTERED)) | it["unit"].ne(PLATFORM)][columns] for it in sums
    ]
    return pd.concat(rows or [bills.sums(session, "", "")[columns]], ignore_index=True)


def of_azure(store: Store) -> pd.DataFrame:
    """Frame AZURE_BUDGETS of every subscription that answered once."""
    with store.reading() as session:
        told = snapshots.kept(session, IN_AZURE, snapshots.scopes(session, IN_AZURE))
    rows = [it.frame for it in told.values() if it is not None and len(it.frame)]
    return pd.concat(rows, ignore_index=True) if rows else frames.frame(AZURE_BUDGETS, [])

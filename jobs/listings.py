"""Lists that are small and asked whole: prices, reservations, Azure's own budgets."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Protocol

from domain import frames
from domain.readings import AZURE_BUDGETS, BOOKED, RESERVATIONS, RETAIL, Snapshot
from jobs import keeping, reach
from jobs.asks import Ask
from jobs.keeping import Gathering
from services import azure_budgets, prices, reservations
from services.azure import Azure
from store import retail_prices, snapshots
from store.engine import Session, Store
from store.rounds import Due

USUAL = "USD"
"""The currency that is listed before anything is booked; what it says is Azure's own word."""
Questions = tuple[Gathering, Mapping[str, Ask]]


class Asking(Protocol):
    """What is needed of the collector."""

    azure: Azure
    store: Store
    clock: Callable[[], datetime]


def of_budgets(of: Asking, due: Due, at: datetime) -> Questions:
    ask = partial(azure_budgets.of_subscription, of.azure, due.scope)
    return Gathering(AZURE_BUDGETS, due.scope, at, {""}), {"": ask}


def of_reservations(of: Asking, due: Due, at: datetime) -> Questions:
    return Gathering(RESERVATIONS, due.scope, at, {""}), {
        "": partial(reservations.of_tenant, of.azure)
    }


def of_prices(of: Asking, due: Due, at: datetime) -> Questions:
    """By currency: those in which anything is booked, and the usual one where nothing is."""
    with of.store.reading() as session:
        scopes = snapshots.scopes(session, BOOKED)
        kept = snapshots.kept(session, BOOKED, scopes).values()
    booked = {name for it in kept if it for name in it.frame["currency"].dropna()}
    asks = {it: partial(prices.listed, of.azure, it) for it in sorted(booked or {USUAL})}
    return Gathering(RETAIL, due.scope, at, set(asks)), asks


def keep_prices(session: Session, it: Gathering) -> Snapshot:
    """The list as it is now, and in the book since when each price holds."""
    listed = frames.frame(RETAIL.columns, it.rows)
    retail_prices.keep(session, listed, reach.midnight(it.at))
    return keeping.remember(session, RETAIL, it, listed, None)

"""Lists that are small and asked whole: prices, reservations, Azure's own budgets."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Protocol

from domain import frames
from domain.readings import AZURE_BUDGETS, BOOKED, RESERVATIONS, RETAIL, TENANT, Snapshot
from jobs import keeping, reach
from jobs.asks import Ask
from jobs.keeping import Gathering
from services import azure_budgets, prices, reservations
from services.azure import Azure
from store import retail_prices, rounds, snapshots
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
        booked = _booked(session)
    asks = {it: partial(prices.listed, of.azure, it) for it in sorted(booked or {USUAL})}
    return Gathering(RETAIL, due.scope, at, set(asks), parts=frozenset(asks)), asks


def _booked(session: Session) -> set[str]:
    kept = snapshots.kept(session, BOOKED, snapshots.scopes(session, BOOKED)).values()
    return {name for it in kept if it for name in it.frame["currency"].dropna()}


def keep_prices(session: Session, it: Gathering) -> Snapshot:
    """The list as it is now, and in the book since when each price holds; again at once when others
    have booked in a currency meanwhile that was not asked for."""
    if _booked(session) - it.parts:
        rounds.hasten(session, it.at, [RETAIL.name], [TENANT])
    listed = frames.frame(RETAIL.columns, it.rows)
    retail_prices.keep(session, listed, reach.midnight(it.at))
    return keeping.remember(session, RETAIL, it, listed, None)

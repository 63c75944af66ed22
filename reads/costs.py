"""What was spent: the bills as they are kept, without what only an explanation needs."""

from dataclasses import dataclass

import pandas as pd

from domain.billing import Invoice, Proof, Rule
from domain.frames import records
from domain.readings import BILLS, TENANT, nothing
from store import bills, cost_rules, invoices, snapshots, waivers
from store.bills import Head as Head
from store.engine import Session, Store

SOURCES = ("ledger", "booked", "retail", "reservations", "gateway", "azure_budgets")
"""Topics that a bill is made from."""


@dataclass(frozen=True, eq=False)
class Book:
    """One bill without its lines."""

    sums: pd.DataFrame
    reconciled: pd.DataFrame
    gaps: pd.DataFrame
    found: pd.DataFrame
    proof: Proof | None
    cutoff: dict[str, str]


def heads(store: Store) -> list[Head]:
    """All bills, the newest month first."""
    with store.reading() as session:
        return bills.heads(session)


def book(store: Store, month: str, currency: str) -> Book:
    """A bill; its frames are empty where there is none."""
    with store.reading() as session:
        sums, reconciled, gaps, found = (
            bills.part(session, month, currency, it)
            for it in ("sums", "reconciled", "gaps", "found")
        )
        proof = bills.proof(session, month, currency)
        return Book(sums, reconciled, gaps, found, proof, bills.cutoff(session, month, currency))


def charges(store: Store, month: str, currency: str) -> pd.DataFrame:
    """Every line of a bill: frame CHARGES."""
    with store.reading() as session:
        return bills.charges(session, month, currency)


def rules(store: Store) -> dict[int, Rule]:
    """Every rule of cost that ever held, by id."""
    with store.reading() as session:
        return {it.id: it for it in cost_rules.known(session)}


def entered(store: Store, month: str, currency: str) -> tuple[tuple[Invoice, ...], pd.DataFrame]:
    """The invoices of a month, and its waivers as frame WAIVERS."""
    with store.reading() as session:
        return (
            invoices.of_month(session, month, currency),
            waivers.of_month(session, month, currency),
        )


def closable(session: Session) -> list[tuple[str, str]]:
    """Month and currency of what could be closed, as the biller saw it last."""
    told = snapshots.kept(session, BILLS, [TENANT])[TENANT] or nothing(BILLS)
    return [(it["month"], it["currency"]) for it in records(told.frame, told.frame["ready"])]


def unbilled(store: Store) -> dict[tuple[str, str], str]:
    """By month and currency why its bill could not be made anew, in words."""
    with store.reading() as session:
        told = snapshots.heads(session, BILLS, [TENANT]).get(TENANT, ())
    return {(it.part[:7], it.part[8:]): it.words for it in told}

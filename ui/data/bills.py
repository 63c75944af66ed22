"""Cached reads of money: whole bills for everybody, by month, currency and the bill's generation;
ui/costs.py narrows them to what the visitor may see."""

import pandas as pd
import streamlit as st

from domain.billing import Invoice, Rule
from domain.variance import explained
from reads import costs
from reads.costs import Head
from ui import session


def heads() -> list[Head]:
    """All bills, the newest month first."""
    return session.once("bills", lambda: costs.heads(session.wiring().store))


def book(head: Head) -> costs.Book:
    return _book(head.month, head.currency, head.generation)


def charges(head: Head) -> pd.DataFrame:
    """Every line of a bill; for explanations and statements alone, since they are many."""
    return _charges(head.month, head.currency, head.generation)


def variance(head: Head, earlier: Head, day: int) -> pd.DataFrame:
    """Why the one differs from the other, by unit and subscription: domain.variance.PARTS in cents;
    day: of both, the days before this number of the month alone."""
    return _variance(
        head.month, head.currency, head.generation, earlier.month, earlier.generation, day
    )


def head(month: str, currency: str) -> Head | None:
    return next((it for it in heads() if (it.month, it.currency) == (month, currency)), None)


def entered(head: Head) -> tuple[tuple[Invoice, ...], pd.DataFrame]:
    """The invoices of a month, and its waivers as frame WAIVERS."""
    asked = ("entered", head.month, head.currency)
    store = session.wiring().store
    return session.once(asked, lambda: costs.entered(store, head.month, head.currency))


def rules() -> dict[int, Rule]:
    """Every rule of cost that ever held, by id."""
    return session.once("cost-rules", lambda: costs.rules(session.wiring().store))


# What is cached is shared and never written to; a bill's generation grows when it changes.


@st.cache_resource(max_entries=24, show_spinner=False)
def _book(month: str, currency: str, generation: int) -> costs.Book:  # noqa: ARG001
    return costs.book(session.wiring().store, month, currency)


@st.cache_resource(max_entries=6, show_spinner=False)
def _charges(month: str, currency: str, generation: int) -> pd.DataFrame:  # noqa: ARG001
    return costs.charges(session.wiring().store, month, currency)


@st.cache_resource(max_entries=24, show_spinner=False)
def _variance(
    month: str, currency: str, generation: int, earlier: str, before: int, day: int
) -> pd.DataFrame:
    now, then = (
        it[it["day"].dt.day < day]
        for it in (_charges(month, currency, generation), _charges(earlier, currency, before))
    )
    return explained(then, now, ["unit", "subscription"])

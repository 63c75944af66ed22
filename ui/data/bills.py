"""Cached reads of money: whole bills for everybody, by month, currency and the bill's generation;
ui/costs.py narrows them to what the visitor may see."""

from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from domain import months, spending
from domain.anomalies import found as anomalies_of
from domain.billing import Invoice, Rule
from domain.forecast import Forecast
from domain.forecast import forecast as forecast_of
from domain.frames import records
from domain.variance import explained
from reads import budgets, costs, previews, price_changes
from reads.costs import Head
from ui import session

EVERY_DAY = 32


def heads() -> list[Head]:
    """All bills, the newest month first."""
    return session.once("bills", lambda: costs.heads(session.wiring().store))


def book(head: Head) -> costs.Book:
    return _book(head.month, head.currency, head.generation)


def charges(head: Head) -> pd.DataFrame:
    """Every line of a bill; for explanations and statements alone, since they are many."""
    return _charges(head.month, head.currency, head.generation)


def variance(head: Head, earlier: Head, until: datetime) -> pd.DataFrame:
    """Why the one differs from as much of the other, by unit and subscription: parts of
    domain.variance in cents; until: how far the month is known. The whole days are told once, the
    day that is there in part beside them."""
    of = (head.month, head.currency, head.generation, earlier.month, earlier.generation)
    if until >= months.end(head.month):
        return _variance(*of, EVERY_DAY)
    both = [_variance(*of, until.day), _variance_today(*of, until.strftime("%d %H:%M"))]
    rows = pd.concat(both, ignore_index=True)
    return rows.groupby(["unit", "subscription"], dropna=False, as_index=False).sum()


def things(head: Head) -> pd.DataFrame:
    """Frame unallocated.THINGS: what nobody pays for, by what it could be mapped by."""
    return _things(head.month, head.currency, head.generation)


def forecast(
    head: Head, earlier: Head | None, units: frozenset[str] | None, subscriptions: tuple[str, ...]
) -> Forecast:
    """The month as it will have been, for these units and subscriptions; none of them is all."""
    whose = ("*",) if units is None else tuple(sorted(units))
    before = earlier.generation if earlier else 0
    day = session.at().day
    return _forecast(head.month, head.currency, head.generation, before, whose, subscriptions, day)


def anomalies(head: Head, until: datetime) -> pd.DataFrame:
    """Frame ANOMALIES of the whole days of a month before that time, of every unit."""
    return _anomalies(head.month, head.currency, head.generation, until.isoformat())


def repriced(head: Head) -> pd.DataFrame:
    """Frame CHANGES of a month, of every model that it has."""
    return _repriced(head.month, head.currency, head.generation)


def spent(currency: str) -> pd.DataFrame:
    """Unit, day and cents of the last months, of every unit."""
    return _spent(currency, _made(currency), f"{session.at():%Y-%m-%d}")


def judged(currency: str, known: pd.DataFrame) -> pd.DataFrame:
    """Frame JUDGED of every unit; known: frame BUDGETS, of which it is."""
    held = tuple(f"{it['id']} {it['ends']}" for it in records(known))
    units = tuple(f"{it.id} {it.parent}" for it in session.tree().units.values())
    return _judged(currency, _made(currency), held, units, f"{session.at():%Y-%m-%d}")


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


def _made(currency: str) -> int:
    return sum(it.generation for it in heads() if it.currency == currency)


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


@st.cache_resource(max_entries=24, show_spinner=False)
def _variance_today(
    month: str, currency: str, generation: int, earlier: str, before: int, until: str
) -> pd.DataFrame:
    at = datetime.strptime(f"{month} {until} +0000", "%Y-%m %d %H:%M %z")
    sums = _book(earlier, currency, before).sums
    now = _charges(month, currency, generation)
    then = spending.part_of_day(_charges(earlier, currency, before), sums, at)
    return explained(then, now[now["day"].dt.day >= at.day], ["unit", "subscription"])


@st.cache_resource(max_entries=12, show_spinner=False)
def _things(month: str, currency: str, generation: int) -> pd.DataFrame:  # noqa: ARG001
    wiring = session.wiring()
    return previews.things(wiring.store, month, currency, wiring.clock(), wiring.tags.unit)


@st.cache_resource(max_entries=200, show_spinner=False)
def _forecast(
    month: str,
    currency: str,
    generation: int,
    before: int,
    units: tuple[str, ...],
    subscriptions: tuple[str, ...],
    day: int,
) -> Forecast:
    """From the whole days of this month and of the one before."""
    first = months.first(month)
    sums = [_book(month, currency, generation).sums]
    last = min(first + timedelta(days=day - 2), sums[0]["day"].max().to_pydatetime())
    if before:
        sums.insert(0, _book(months.before(month), currency, before).sums)
    rows = spending.narrowed(
        pd.concat(sums, ignore_index=True),
        None if units == ("*",) else units,
        subscriptions or None,
    )
    rows = rows[rows["day"] <= pd.Timestamp(last)]
    daily = rows.groupby("day")[["cents"]].sum().reset_index()
    return forecast_of(daily, first, months.end(month), last)


@st.cache_resource(max_entries=12, show_spinner=False)
def _anomalies(month: str, currency: str, generation: int, until: str) -> pd.DataFrame:
    """Held against the months before as they are now: a jump of theirs is told anew with this."""
    known = {it.month: it for it in heads() if it.currency == currency}
    wanted = [months.after(month, -2), months.before(month)]
    before = [charges(known[it]) for it in wanted if it in known]
    rows = pd.concat([*before, _charges(month, currency, generation)], ignore_index=True)
    last = months.midnight(datetime.fromisoformat(until)) - timedelta(days=1)
    return anomalies_of(rows, months.first(month), last)


@st.cache_resource(max_entries=24, show_spinner=False)
def _repriced(month: str, currency: str, generation: int) -> pd.DataFrame:  # noqa: ARG001
    return price_changes.of_month(session.wiring().store, month, currency)


@st.cache_resource(max_entries=6, show_spinner=False)
def _spent(currency: str, generation: int, day: str) -> pd.DataFrame:  # noqa: ARG001
    return budgets.spent(session.wiring().store, currency, session.at())


@st.cache_resource(max_entries=12, show_spinner=False)
def _judged(
    currency: str,
    generation: int,  # noqa: ARG001
    known: tuple[str, ...],  # noqa: ARG001
    units: tuple[str, ...],  # noqa: ARG001
    day: str,  # noqa: ARG001
) -> pd.DataFrame:
    return budgets.standing(session.wiring().store, currency, session.at())

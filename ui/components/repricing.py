"""Prices that changed in a month, of the models in view: on the chart, and in words below it."""

from typing import Any

import pandas as pd
import streamlit as st

from domain import frames, months
from domain.repricing import AGREED, ANEW, CHANGES, LISTED
from ui.components import numbers, tables
from ui.components.columns import Column, Columns
from ui.components.spent_chart import Note, plain
from ui.costs import View
from ui.data import bills
from ui.faults import escaped

MOST_NOTES, MOST_SAID = 3, 4
WORDS = {LISTED: "list price", AGREED: "agreed price", ANEW: "new list price"}
SORTS = {LISTED: "List price", AGREED: "Agreed price", ANEW: "List price, before not seen"}


def columns(currency: str) -> Columns:
    per = f"{currency} of a million tokens, an hour or a piece."
    return {
        "day": Column("From (UTC)", "day", width=95),
        "model": Column("Model", width=170),
        "scope": Column("Processed", width=85),
        "tier": Column("Tier", width=75),
        "bucket": Column("Counts", width=85),
        "sort": Column("What changed", width=180),
        "before": Column("Before", "price", per, 80),
        "after": Column("After", "price", per, 80),
        "change": Column("Change (%)", "percent", width=90),
    }


def changes(view: View) -> pd.DataFrame:
    """Frame CHANGES of the models that the visitor sees cost of, in this month and in the one that
    it is compared with, as far as is known."""
    heads = [it for it in (view.earlier, view.head) if it is not None]
    if view.head is None or view.now.empty:
        return frames.frame(CHANGES, [])
    rows = pd.concat([bills.repriced(it) for it in heads], ignore_index=True)
    models = set(view.now["model"].dropna())
    seen = models | {it.partition("@")[0] for it in models}
    return rows[rows["model"].isin(list(seen)) & rows["day"].lt(view.until)]


def notes(view: View) -> list[Note]:
    """A note for each of the last days on which a price changed, for the chart."""
    rows = changes(view)
    here = rows[rows["day"].ge(pd.Timestamp(months.first(view.month)))]
    return [(day, plain(words)) for day, words in _days(here)[-MOST_NOTES:]]


def show(view: View) -> None:
    """The same in words, with every price in a table."""
    rows = changes(view)
    if rows.empty:
        return
    told = _days(rows)
    said = "; ".join(f"{day.day} {day:%B}: {words}" for day, words in told[-MOST_SAID:])
    more = len(told) - MOST_SAID
    rest = f" Before that on {numbers.counted(more, 'more day')}." if more > 0 else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f":material/sell: Prices changed. {escaped(said)}.{rest}", width="content")
        with st.popover("Prices", type="tertiary", icon=":material/table:", key="repriced"):
            shown = rows.assign(
                sort=rows["what"].map(SORTS).astype("string"),
                change=rows["after"] / rows["before"] - 1,
            )
            tables.show(shown, columns(view.currency), "repriced-table", most=10, width=960,
                        alt="Prices that changed in this month")  # fmt: skip


def _days(rows: pd.DataFrame) -> list[tuple[Any, str]]:
    """Day and words: "gpt-4o list price -10.0%", "3 models agreed price -6.0%"."""
    found: dict[Any, list[str]] = {}
    for (day, what), those in rows.groupby(["day", "what"], sort=True):
        models = sorted({str(it).partition("@")[0] for it in those["model"]})
        who = models[0] if len(models) == 1 else numbers.counted(len(models), "model")
        found.setdefault(day, []).append(f"{who} {WORDS[str(what)]}{_percents(those)}")
    return [(day, ", ".join(words)) for day, words in sorted(found.items())]


def _percents(rows: pd.DataFrame) -> str:
    share = (rows["after"] / rows["before"] - 1).dropna()
    if share.empty:
        return ""
    low, high = f"{share.min():+.1%}", f"{share.max():+.1%}"
    return f" {low}" if low == high else f" {low} to {high}"

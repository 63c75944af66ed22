"""Cached reads of content filters: measured for everybody by scope and generation; ui/safety.py
narrows them to what the visitor may see."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from domain import exemptions, names
from domain.filters import SYSTEM, Key
from reads import filters
from reads.filters import Demands, Filters
from ui import data, journal, session, words
from ui.components import filter_cells, filter_words

IDENTITY = ["resource", "deployment", "account", "account_id", "subscription_name", "region",
            "model", "owner", "unit", "unit_name", "environment", "audience",
            "modified_by", "modified_at", "requests"]  # fmt: skip
"""What the matrix says of a deployment beside its filters."""


@dataclass(frozen=True, eq=False)
class Matrix:
    """Everything of some subscriptions, whoever asks."""

    rows: pd.DataFrame
    """Frame MATRIX with IDENTITY, what filter_words adds, and a column of text for each filter;
    the furthest from its baseline first."""
    keys: list[Key]
    """The filters that occur, in the order of columns."""
    register: pd.DataFrame
    """Frame REGISTER with deployment, account and unit_name."""
    kept: Filters


def matrix(subscriptions: tuple[str, ...], period: str) -> Matrix:
    """Every deployment of these subscriptions."""
    return _matrix(*data.key(subscriptions, period), *_beside(subscriptions), demands().version)


def demands() -> Demands:
    """What people have decided; read once in a run."""
    return session.once("demands", lambda: filters.demands(session.wiring().store))


def edits(subscriptions: tuple[str, ...], since: datetime) -> pd.DataFrame:
    """Frame FILTER_EDITS after this time."""
    own, _ = _beside(subscriptions)
    return _edits(subscriptions, since.isoformat(timespec="hours"), own)


def days(subscriptions: tuple[str, ...], first: datetime) -> pd.DataFrame:
    """Frame FILTER_DAYS from this day on."""
    _, judged = _beside(subscriptions)
    return _days(subscriptions, first.isoformat(), judged)


def harms(subscriptions: tuple[str, ...], first: datetime, end: datetime) -> pd.DataFrame:
    """What was found and stopped from first to before end, by deployment."""
    return _harms(subscriptions, first.isoformat(), end.isoformat(), _told(subscriptions))


def harms_by_day(
    subscriptions: tuple[str, ...], first: datetime, end: datetime, resources: tuple[str, ...]
) -> pd.DataFrame:
    """The same by day and severity, of these deployments together."""
    return _by_day(
        subscriptions, first.isoformat(), end.isoformat(), resources, _told(subscriptions)
    )


def _beside(subscriptions: tuple[str, ...]) -> tuple[int, int]:
    """The generations of what an inventory does not have: policies, and when each deviation was
    first seen."""
    asked = ("filters", subscriptions)
    own = session.once(asked, lambda: filters.generation(session.wiring().store, subscriptions))
    return own, data.judgement()


def _told(subscriptions: tuple[str, ...]) -> int:
    asked = ("harms", subscriptions)
    store = session.wiring().store
    return session.once(asked, lambda: filters.harm_generation(store, subscriptions))


@st.cache_resource(max_entries=30, show_spinner=False)
def _matrix(
    subscriptions: tuple[str, ...],
    period: str,
    day: int,
    generation: int,
    own: int,  # noqa: ARG001
    judged: int,  # noqa: ARG001
    demanded: int,  # noqa: ARG001
) -> Matrix:
    wiring, known = session.wiring(), data.deployments(subscriptions, period, day, generation)
    kept = filters.filters(wiring.store, subscriptions, known, demands(), wiring.clock())
    named = words.of_units(known.frame, session.tree())[IDENTITY]
    rows = kept.matrix.merge(named, on="resource", how="inner", validate="1:1")
    rows = rows.sort_values(
        ["distance", "looser", "deployment", "account"], ascending=[False, False, True, True],
        na_position="last", ignore_index=True,
    )  # fmt: skip
    rows = filter_words.of_matrix(rows).assign(
        changed_by=_by_whom(rows, kept), since=_since(rows, kept)
    )
    rows = rows.join(filter_cells.wide(kept.cells, rows["resource"]))
    return Matrix(rows, filter_cells.keys(kept.cells), _register(rows, kept), kept)


@st.cache_resource(max_entries=30, show_spinner=False)
def _edits(
    subscriptions: tuple[str, ...],
    since: str,
    generation: int,  # noqa: ARG001
) -> pd.DataFrame:
    return filters.edits(session.wiring().store, datetime.fromisoformat(since), subscriptions)


@st.cache_resource(max_entries=30, show_spinner=False)
def _days(
    subscriptions: tuple[str, ...],
    first: str,
    generation: int,  # noqa: ARG001
) -> pd.DataFrame:
    return filters.days(session.wiring().store, datetime.fromisoformat(first), subscriptions)


@st.cache_resource(max_entries=60, show_spinner=False)
def _harms(
    subscriptions: tuple[str, ...],
    first: str,
    end: str,
    generation: int,  # noqa: ARG001
) -> pd.DataFrame:
    stretch = datetime.fromisoformat(first), datetime.fromisoformat(end)
    return filters.harms(session.wiring().store, *stretch, subscriptions)


@st.cache_resource(max_entries=60, show_spinner=False)
def _by_day(
    subscriptions: tuple[str, ...],  # noqa: ARG001
    first: str,
    end: str,
    resources: tuple[str, ...],
    generation: int,  # noqa: ARG001
) -> pd.DataFrame:
    stretch = datetime.fromisoformat(first), datetime.fromisoformat(end)
    return filters.harms_by_day(session.wiring().store, *stretch, resources)


def _by_whom(rows: pd.DataFrame, kept: Filters) -> "pd.Series[str]":
    """Who last changed the policy in force; of a default of Microsoft's, Microsoft."""
    known = kept.policies.drop_duplicates("resource").set_index("resource")
    who = rows["policy_resource"].map(known["modified_by"])
    microsofts = rows["policy_kind"].eq(SYSTEM).fillna(False).astype(bool)
    return journal.ours(who.mask(microsofts, "Microsoft").astype("string"))


def _since(rows: pd.DataFrame, kept: Filters) -> "pd.Series[Any]":
    """When the console first saw the newest of what falls short."""
    short = [it.loc[it["way"].isin(["looser", "different"]), ["resource", "since"]]
             for it in (kept.cells, kept.modes)]  # fmt: skip
    newest = pd.concat(short).groupby("resource")["since"].max()
    return rows["resource"].map(newest)


def _register(rows: pd.DataFrame, kept: Filters) -> pd.DataFrame:
    """The exemptions beside what is so, with names for ids."""
    at = session.wiring().clock()
    found = exemptions.against(demands().exemptions, kept.cells, kept.accounts, at)
    accounts = dict(zip(kept.accounts["account_id"], kept.accounts["account"], strict=True))
    homes = filter_words.texts([names.account(it) for it in found["resource"].tolist()])
    told = found.assign(
        account=homes.map(accounts),
        deployment=found["resource"].map(rows.set_index("resource")["deployment"]).astype("string"),
    )
    return words.of_units(told, session.tree())

"""Quota as the visitor may see it: pools and holders in scope, narrowed from what is cached."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from domain import pools as nouns
from domain.tags import PRODUCTION
from reads import plans
from reads.pools import Quota
from ui import data, menu, scope, session
from ui.data import Estate, Scope


@dataclass(frozen=True, eq=False)
class View:
    """What the visitor may see of some pools."""

    estate: Estate
    """Its frame is STANDINGS: the pools."""
    holders: pd.DataFrame
    """Frame HOLDERS with unit_name: the deployments that the visitor may see."""
    kept: Quota
    """All there is, for what is computed over whole pools; never to be shown as it is."""

    @property
    def pools(self) -> pd.DataFrame:
        return self.estate.frame

    @property
    def whole(self) -> bool:
        """Whether the visitor sees every unit."""
        return session.person().units is None


def scoped(held: Scope) -> View:
    """The pools of this scope: all that its subscriptions have, or where a unit or an environment
    is chosen and for who sees some units only, those that their deployments draw on."""
    kept = data.quota(held.subscriptions, held.period)
    rows = data.in_scope(data.seen(kept.holders), held)
    found = kept.pools
    if rows is not kept.holders:
        found = found[found["pool"].isin(rows["pool"].dropna().unique())].reset_index(drop=True)
    return _view(kept, found, rows)


def everywhere(period: str) -> View:
    """Every pool that the visitor may see, whatever the scope bar says."""
    return scoped(Scope(tuple(sorted(session.subscriptions())), None, None, period))


def one(key: str, view: View) -> View:
    """Of this view one pool with its holders; no pool where it does not exist or is not the
    visitor's."""
    found = view.pools[view.pools["pool"].eq(key)].reset_index(drop=True)
    return _view(view.kept, found, of(view.holders, [key]))


def key(view: View) -> str:
    """The pool that the URL names, or the one of the deployment that is to be moved; or ""."""
    if named := _told("pool"):
        return named
    about = view.holders.loc[view.holders["resource"].eq(moving()), "pool"].dropna()
    return str(about.iloc[0]) if len(about) else ""


def moving() -> str:
    """The deployment that somebody came here to change; or ""."""
    return _told("move")


def open_pool(pool: str, **told: str) -> None:
    """Go to the page of this pool, if there is one."""
    if pool:
        st.switch_page(menu.named("pool").path, query_params={"pool": pool, **told})


def of(rows: pd.DataFrame, pools: Collection[str]) -> pd.DataFrame:
    """Those of these holders that draw on one of these pools."""
    return rows[rows["pool"].isin(list(pools))].reset_index(drop=True)


def found(rows: pd.DataFrame, words: str) -> pd.DataFrame:
    """Those of these holders in which every word occurs."""
    for word in words.lower().split():
        hay = rows["deployment"] + " " + rows["account"] + " " + rows["model"].fillna("")
        hay = (hay + " " + rows["pool_name"].fillna("")).str.lower()
        rows = rows[hay.str.contains(word, regex=False).fillna(False).astype(bool)]
    return rows if isinstance(rows.index, pd.RangeIndex) else rows.reset_index(drop=True)


def unmatched(view: View) -> pd.DataFrame:
    """The deployments whose pool is not known."""
    return nouns.unmatched(view.holders)


def in_use() -> dict[str, int]:
    """Accounts and pools that a plan holds for itself, and that plan's number."""
    return plans.holds(session.wiring().store)


def production(rows: pd.DataFrame) -> "pd.Series[bool]":
    return rows["environment"].isin(list(PRODUCTION)).fillna(False).astype(bool)


def beside(frame: pd.DataFrame | None, held: Scope) -> pd.DataFrame | None:
    """What is no deployment's, for who sees every unit; None where nobody answered."""
    if frame is None or session.person().units is not None:
        return None
    return frame[frame["subscription"].isin(held.subscriptions)].reset_index(drop=True)


def _told(name: str) -> str:
    now = scope.before(name)
    scope.after(name, now)
    return now[0] if now else ""


def _view(kept: Quota, found: pd.DataFrame, rows: pd.DataFrame) -> View:
    return View(Estate(found, kept.at, kept.troubles, 0), rows, replace(kept))

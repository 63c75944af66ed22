"""Quota as the visitor may see it: pools and holders in scope, narrowed from what is cached."""

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from domain import entitlements
from domain import pools as nouns
from domain.figures import Figures, figures
from domain.tags import PRODUCTION
from reads import plans, pools
from reads.pools import Quota
from ui import data, drafts, menu, scope, session, words
from ui.data import Estate, Scope

COMING, CAME = "pool-tab", "pool-moving"
WHAT_IF = "What-if"


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
    def figures(self) -> Figures:
        """The few numbers above everything."""
        everything = self.pools is self.kept.pools and self.holders is self.kept.holders
        return self.kept.figures if everything else figures(self.pools, self.holders)

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
    rows = of(view.holders, [key]).sort_values("capacity", ascending=False, ignore_index=True)
    return _view(view.kept, found, rows)


def key(view: View) -> str:
    """The pool that the URL names, or the one of the deployment that is to be moved; or ""."""
    if named := _told("pool"):
        return named
    about = view.holders.loc[view.holders["resource"].eq(moving()), "pool"].dropna()
    return str(about.iloc[0]) if len(about) else ""


def moving() -> str:
    """The deployment that somebody came here to change; or ""."""
    return _told("move")


def open_pool(pool: str, tab: str = "") -> None:
    """Go to the page of this pool, if there is one. tab: the one to open there."""
    if pool:
        drafts.begin(COMING, tab)
        st.switch_page(menu.named("pool").path, query_params={"pool": pool})


def first_tab() -> str:
    """The tab to open for who has just come here to do something; "" for whichever it is."""
    tab = drafts.begun(COMING)
    drafts.drop(COMING)
    if moving() and drafts.begun(CAME) != moving():
        drafts.begin(CAME, moving())
        return WHAT_IF
    return str(tab or "")


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


def advised(view: View, pool: str = "") -> pd.DataFrame:
    """What to do about these pools, the most worthwhile first; what is no deployment's is told to
    who sees every unit."""
    rows = view.kept.advice
    if pool:
        return rows[rows["pool"].eq(pool).fillna(False)]
    if view.holders is view.kept.holders:
        return rows
    mine = view.holders["resource"]
    return rows[rows["resource"].isin(mine) & (rows["donor"].isna() | rows["donor"].isin(mine))]


def ceilings(view: View) -> pd.DataFrame:
    """How much more can be deployed where, of what the visitor has deployments in."""
    rows = view.kept.ceilings
    if view.holders is view.kept.holders:
        return rows
    return rows[rows["account_id"].isin(view.holders["account_id"])]


def shares(view: View) -> pd.DataFrame:
    """Frame SHARES with unit_name of one pool: of units that the visitor may see."""
    tree, keys = session.tree(), view.pools["pool"].tolist()
    promised = pools.promises(session.wiring().store, keys)
    rows = of(view.kept.holders, keys)
    found = entitlements.shares(rows, view.pools, promised, tree)
    return words.of_units(data.seen(found), tree)


def elsewhere(view: View) -> pd.DataFrame | None:
    """Frame CAPACITIES with subscription_name: where the models of these holders, or of the pool
    itself, have capacity; None when nobody has asked."""
    rows = view.kept.capacities
    if rows is None:
        return None
    named = {it for models in view.pools["models"].dropna() for it in models.lower().split(", ")}
    held = set(view.holders["model"].dropna().str.lower())
    here = rows[rows["model"].str.lower().isin(held or named)]
    subscriptions = session.subscriptions()
    here = here[here["available"].gt(0).fillna(False)]
    return here.assign(subscription_name=here["subscription"].map(subscriptions))


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
    return View(Estate(found, kept.at, kept.troubles, 0), rows, kept)

"""Quota pools as figures, filters and tables."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from domain import standing
from domain.figures import NEAR_LIMIT, Figures
from domain.findings import THROTTLED_SOME
from ui import journal, quota, scope
from ui.components import numbers, states, tables
from ui.components.columns import Columns
from ui.components.kpis import Kpi
from ui.components.pools_columns import POOLS, UNMATCHED
from ui.quota import View

HELD, EVERY = "", "every"
NARROWEST = 150
"""Pixels of a filter."""
SHOWN = {
    HELD: "Pools that are held",
    "full": "Without room",
    "throttled": "With throttled holders",
    "reclaimable": "With something to reclaim",
    "none": "No entitlement",
    EVERY: "Every pool",
}
ORDERS = {
    "": "By need",
    "share": "Nearest its limit first",
    "free": "Most free first",
    "reclaimable": "Most reclaimable first",
    "refused": "Most 429s first",
    "holders": "Most holders first",
    "name": "By name",
}
KEYS = ("find", "reach", "place", "sku-of", "pools", "first")


@dataclass(frozen=True)
class Choice:
    search: str
    reach: tuple[str, ...]
    place: tuple[str, ...]
    sku: tuple[str, ...]
    shown: str
    order: str

    def words(self) -> dict[str, str]:
        """The active filters, for people and for files."""
        listed = {"Search": (self.search,), "Reach": self.reach, "Place": self.place}
        listed |= {"SKU": self.sku, "Show": (SHOWN[self.shown] if self.shown else "",)}
        return {name: ", ".join(it) for name, it in listed.items() if any(it)}


def kpis(view: View, period: str) -> list[Kpi]:
    told, least = view.figures, view.estate.partial
    return [
        _full(told, least),
        _reclaimable(told, least),
        _throttled(told, period),
        _idle_ptu(told),
        _parked(),
    ]


def bar(rows: pd.DataFrame) -> Choice:
    """Draw search and filters over these pools, and say what is chosen."""
    with st.grid(6, min_column_width=NARROWEST, gap="small"):
        search = scope.words("Search", "find", "Model, SKU, place ...")
        shown = scope.one("Show", "pools", SHOWN, bare=True)
        reach = scope.many("Reach", "reach", _options(rows, "reach"), "Any reach", True)
        place = scope.many("Place", "place", _options(rows, "place"), "Any place", True)
        sku = scope.many("SKU", "sku-of", _options(rows, "sku"), "Any SKU", True)
        order = scope.one("Order", "first", ORDERS, bare=True)
    return Choice(search, reach, place, sku, shown, order)


def clear() -> None:
    scope.set_aside(**dict.fromkeys(KEYS, ()))


def narrowed(rows: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """The pools that match, in the chosen order."""
    keep = _shown(rows, choice.shown)
    for name, picked in (("reach", choice.reach), ("place", choice.place), ("sku", choice.sku)):
        if picked:
            keep &= rows[name].isin(picked).astype(bool)
    for word in choice.search.lower().split():
        said = rows["name"].fillna("") + " " + rows["usage_name"].fillna("")
        said = said + " " + rows["models"].fillna("") + " " + rows["title"].fillna("")
        keep &= said.str.lower().str.contains(word, regex=False).astype(bool)
    found = rows[keep]
    if not choice.order:
        return found.reset_index(drop=True)
    rising = choice.order == "name"
    return found.sort_values(choice.order, ascending=rising, na_position="last", ignore_index=True)


def table(rows: pd.DataFrame, columns: Columns = POOLS) -> None:
    """The pools, one row each; a click on a name opens it."""
    key = tables.keyed("pools", rows, "pool")
    event = tables.show(
        rows, columns, key, pick=("single-cell",), most=12, alt="Quota pools, one row each"
    )
    quota.open_pool(tables.cell_picked(event, rows, "Pool", "pool"))


def unmatched(rows: pd.DataFrame) -> None:
    """Deployments of which nobody knows where their quota comes from."""
    if rows.empty:
        st.caption("Every deployment's pool is known.")
        return
    st.caption(
        f"{numbers.counted(len(rows), 'deployment')}: the model list of their region does not name "
        "a quota row for their model version and SKU, so nobody guesses one. They can't be changed "
        "here."
    )
    event = tables.show(
        rows, UNMATCHED, tables.keyed("unmatched", rows), pick=("single-cell",), most=8,
        alt="Deployments whose quota pool is not known",
    )  # fmt: skip
    scope.open_deployment(tables.cell_picked(event, rows, "Deployment"))


def in_use(pool: str, used: Mapping[str, int]) -> None:
    """By which plan a pool is held, until that ends."""
    if number := used.get(pool):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(
                ":blue-badge[:material/lock: In use] Another change of this pool waits until "
                "this one has ended.", width="content",
            )  # fmt: skip
            scope.plan_link(number)


def differing(rows: pd.DataFrame) -> None:
    """Pools of which regions answered different numbers."""
    if many := int(rows["conflicting"].fillna(False).sum()):
        said = "pool has" if many == 1 else "pools have"
        st.caption(
            f":material/info: {many:,} {said} numbers that differ from region to region; the "
            "newest are shown."
        )


def nothing(view: View, choice: Choice) -> None:
    """Why there is no table."""
    if view.pools.empty:
        states.nothing(
            "No quota pool is in this scope.",
            "Choose more subscriptions or units above, or look at Sources for what has not been "
            "collected.",
        )
    else:
        states.no_results(choice.words() or {"Show": SHOWN[choice.shown]}, clear)


def _options(rows: pd.DataFrame, name: str) -> dict[str, str]:
    return {it: it for it in sorted(rows[name].dropna().unique())}


def _shown(rows: pd.DataFrame, shown: str) -> "pd.Series[bool]":
    held = rows["holders"].gt(0) | rows["used"].gt(0).fillna(False)
    match shown:
        case "full":
            keep = rows["state"].isin([standing.FULL, standing.OVER]) & held
        case "throttled":
            keep = rows["throttled"].gt(0).fillna(False)
        case "reclaimable":
            keep = rows["reclaimable"].gt(0).fillna(False)
        case "none":
            keep = rows["state"].eq(standing.NONE)
        case "every":
            keep = pd.Series(True, index=rows.index)
        case _:
            keep = held
    return keep.fillna(False).astype(bool)


def _full(told: Figures, least: bool) -> Kpi:
    return Kpi(
        "Pools without room",
        numbers.exact(told.full, least),
        "pools that deployments draw on and that are used up to their limit or above it.",
        f"{told.tight:,} nearly full, of {told.held:,} held",
    )


def _reclaimable(told: Figures, least: bool) -> Kpi:
    return Kpi(
        "Reclaimable (TPM)",
        numbers.short(told.reclaimable_tpm, least),
        "tokens per minute that deployments hold above their busiest minute of 30 days and its "
        "margin: 20 %, in production 40 %. Units of different pools are never added. What "
        f"{numbers.counted(told.unmeasured, 'deployment')} need is not known.",
        f"{numbers.counted(told.givers, 'deployment')} could give",
    )


def _throttled(told: Figures, period: str) -> Kpi:
    return Kpi(
        "Throttled by own limit",
        numbers.exact(told.at_limit),
        f"deployments with at least {THROTTLED_SOME:.0%} of their requests refused with status "
        f"429, {period}, whose busiest minute came to {NEAR_LIMIT:.0%} of their limit or more.",
        f"{told.below_limit:,} more below theirs",
    )


def _idle_ptu(told: Figures) -> Kpi:
    return Kpi(
        "PTU idle",
        numbers.exact(told.idle_ptu),
        "provisioned throughput units above the highest utilisation of 30 days and its margin; "
        "they are billed by the hour whether used or not.",
        f"of {numbers.exact(told.ptu)} PTU deployed",
    )


def _parked() -> Kpi:
    stopped = journal.stopped(journal.calls())
    units = stopped["parked"].abs().sum()
    return Kpi(
        "Parked",
        numbers.exact(units),
        "units that a change has given back and nobody has taken, where it stopped and needs a "
        "person.",
        f"in {numbers.counted(len(stopped), 'change')}" if len(stopped) else "nothing is stuck",
    )

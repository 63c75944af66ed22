"""The filters, saved views, order and columns of the list of deployments, all kept in the URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import cycle

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from domain import arrow
from domain.findings import THROTTLED_SOME
from domain.units import UNASSIGNED
from ui import scope
from ui.components.columns import DEPLOYMENTS, Columns

FIELDS = {"health": "State", "kind": "Kind", "region": "Region", "model": "Model",
          "sku": "SKU", "scope": "Processed"}  # fmt: skip
"""What can be picked from, by field of the inventory; the URL uses the field's name."""
ONLY = {
    "finding": "Has a finding",
    "unowned": "No owner",
    "no-unit": "No business unit",
    "throttled": "Throttled",
    "idle": "Idle",
    "standby": "On standby",
    "penalty": "Under penalty",
    "changed": "Changed since my last visit",
}
WITHIN = {"": "Any time", "30": "30 days", "90": "90 days", "180": "180 days"}
ORDERS = {
    "": "By name",
    "tokens": "Most tokens first",
    "throttled_share": "Highest 429 share first",
    "peak_share": "Nearest its limit first",
    "days_left": "Fewest days left first",
    "quiet_days": "Longest quiet first",
    "capacity": "Most capacity first",
}
VIEWS: Mapping[str, dict[str, tuple[str, ...]]] = {
    "Everything": {},
    "Needs an owner": {"only": ("unowned",), "columns": ("ownership",)},
    "Retiring in 90 days": {
        "within": ("90",),
        "order": ("days_left",),
        "columns": ("lifecycle",),
    },
    "Throttled": {"only": ("throttled",), "order": ("throttled_share",), "columns": ("use",)},
    "Idle": {"only": ("idle",), "order": ("quiet_days",), "columns": ("use",)},
}
_FIRST = "deployment account health attention "
_GROUPS: Mapping[str, tuple[str, str]] = {
    "": (
        "Essentials",
        _FIRST + "model sku capacity peak_share throttled_share days_left unit_name owner tokens "
        "unit_words version region scope environment fate acts_at changed",
    ),
    "use": (
        "Limits and use",
        _FIRST + "capacity unit_words limit_tpm p95_tpm peak_tpm peak_share limit_rpm p95_rpm "
        "peak_rpm peaks_are requests throttled throttled_share failed tokens latency_ms "
        "utilization quiet_days idle standby measured_at",
    ),
    "lifecycle": (
        "Lifecycle",
        _FIRST + "model version sku fate acts_at days_left replacement upgrade retires_at "
        "dates_are unit_name owner",
    ),
    "ownership": (
        "Ownership",
        _FIRST + "unit_name unit_tag owner environment standby idle subscription_name group "
        "changed modified_by",
    ),
    "policy": (
        "Policy and place",
        _FIRST + "kind region scope sku billing filter_policy spillover service_tier "
        "dynamic_throttling upgrade penalty",
    ),
    "all": ("Every column", " ".join(DEPLOYMENTS)),
}
"""What the column chooser offers: a title and the columns by name."""


@dataclass(frozen=True)
class Choice:
    search: str
    fields: Mapping[str, tuple[str, ...]]
    only: tuple[str, ...]
    within: str
    order: str
    columns: str

    def words(self) -> dict[str, str]:
        """The active filters, for people and for files."""
        said = {"Search": self.search} if self.search else {}
        said |= {FIELDS[name]: ", ".join(picked) for name, picked in self.fields.items() if picked}
        if self.only:
            said["Only"] = ", ".join(ONLY[it] for it in self.only)
        if self.within:
            said["Change within"] = WITHIN[self.within]
        return said

    def shown(self) -> Columns:
        """The columns to show; the name of the deployment is always one."""
        return {name: DEPLOYMENTS[name] for name in _GROUPS[self.columns][1].split()}


def bar(rows: pd.DataFrame) -> Choice:
    """Draw search, filters, order and columns over these rows, and say what is chosen."""
    views()
    a, b, c, d = st.columns([3.4, 1.4, 2, 1.8], gap="small", vertical_alignment="center")
    with a:
        search = scope.words("Search", "q", "Deployment, account, model, owner, unit or id")
    on = sum(bool(scope.kept(it)) for it in (*FIELDS, "only", "within"))
    with (
        b,
        st.popover(
            f"Filters \u00b7 {on}" if on else "Filters",
            icon=":material/tune:",
            key="filters",
            width="stretch",
        ),
    ):
        halves = cycle(st.columns(2, gap="small"))
        fields = {name: _picked(next(halves), rows, name) for name in FIELDS}
        only = scope.many("Only those that are or have", "only", ONLY, "No condition", False)
        within = scope.one("Something happens within", "within", WITHIN)
    with c:
        order = scope.one("Order", "order", ORDERS, bare=True)
    with d:
        named = {key: label for key, (label, _) in _GROUPS.items()}
        columns = scope.one("Columns", "columns", named, bare=True)
    return Choice(search, fields, only, within, order, columns)


def views() -> None:
    """Saved views: each sets filters, order and columns at once."""
    with st.container(horizontal=True, gap="small"):
        for name, wanted in VIEWS.items():
            st.button(
                name,
                key=f"view-{name}",
                type="tertiary",
                icon=":material/bookmark:",
                on_click=scope.set_aside,
                kwargs={**CLEAR, **wanted},
            )


CLEAR: Mapping[str, tuple[str, ...]] = dict.fromkeys(
    ("q", *FIELDS, "only", "within", "order", "columns"), ()
)


def clear() -> None:
    scope.set_aside(**CLEAR)


def narrowed(rows: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """The rows that match, in the chosen order; not copied where nothing is filtered."""
    if not choice.words():
        return _ordered(rows, choice.order)
    keep = pd.Series(True, index=rows.index)
    for name, picked in choice.fields.items():
        if picked:
            keep &= rows[name].isin(picked)
    for name in choice.only:
        keep &= _flag(rows, name)
    if choice.within:
        left = rows["days_left"]
        keep &= (left.ge(0) & left.lt(int(choice.within))).fillna(False).astype(bool)
    if choice.search:
        keep &= _found(rows, choice.search)
    return _ordered(rows[keep], choice.order)


def _picked(place: DeltaGenerator, rows: pd.DataFrame, name: str) -> tuple[str, ...]:
    with place:
        values = {it: it for it in arrow.distinct(rows[name])}
        return scope.many(FIELDS[name], name, values, "Any", False)


def _flag(rows: pd.DataFrame, name: str) -> "pd.Series[bool]":
    match name:
        case "finding" | "changed" | "penalty":
            column = {"finding": "attention"}.get(name, name)
            return rows[column].notna()
        case "unowned":
            return rows["owner"].isna()
        case "no-unit":
            return rows["unit"].eq(UNASSIGNED).astype(bool)
        case "throttled":
            return rows["throttled_share"].ge(THROTTLED_SOME).fillna(False).astype(bool)
    return rows[name].fillna(False).astype(bool)


def _found(rows: pd.DataFrame, words: str) -> "pd.Series[bool]":
    """Every word must occur somewhere in what a person would look for."""
    fields = ("deployment", "account", "model", "version", "owner", "unit_name", "resource")
    hay = rows[fields[0]].fillna("")
    for name in fields[1:]:
        hay = hay + " " + rows[name].fillna("")
    hay = hay.str.lower()
    keep = pd.Series(True, index=rows.index)
    for word in words.lower().split():
        keep &= hay.str.contains(word, regex=False).astype(bool)
    return keep


def _ordered(rows: pd.DataFrame, order: str) -> pd.DataFrame:
    if not order:
        return rows.reset_index(drop=True)
    rising = order == "days_left"
    return rows.sort_values(order, ascending=rising, na_position="last", ignore_index=True)

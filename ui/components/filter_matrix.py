"""The matrix of filters: figures above it, its filters, its legend, its table."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from domain import arrow
from domain.exemptions import State
from ui import courses, safety, scope, session
from ui.components import filter_cells, filter_columns, filter_words, numbers, states, tables
from ui.components.columns import Columns
from ui.components.kpis import Kpi
from ui.faults import escaped
from ui.safety import View

AUDIENCES = {"external": "External", "internal": "Internal", "not said": "Not said"}
SHOWN = {
    "": "Every deployment",
    "below": "Below their baseline",
    "override": "Weaker by header",
    "one-sided": "In one direction only",
    "asynchronous": "Asynchronous",
    "unknown": "Can't be told",
}
VIEWS = {
    "": "Both directions",
    "weaker": "Weaker direction",
    "summary": "Without filters",
    "all": "Every column",
}
KEYS = ("q", "show", "audience", "demanded", "in-force")
NARROWEST = 150
DUE_DAYS = 30
"""An exemption whose review is nearer is due."""


@dataclass(frozen=True)
class Choice:
    search: str
    shown: str
    audience: tuple[str, ...]
    baseline: tuple[str, ...]
    policy: tuple[str, ...]
    view: str

    def words(self) -> dict[str, str]:
        """The active filters, for people and for files."""
        told = {"Search": self.search, "Show": self.shown and SHOWN[self.shown]}
        told["Audience"] = ", ".join(AUDIENCES[it] for it in self.audience)
        told |= {"Baseline": ", ".join(self.baseline), "Policy": ", ".join(self.policy)}
        return {name: it for name, it in told.items() if it}


def bar(rows: pd.DataFrame) -> Choice:
    """Draw search and filters over these deployments, and say what is chosen."""
    with st.grid(6, min_column_width=NARROWEST, gap="small"):
        search = scope.words("Search", "q", "Deployment, account, unit ...")
        shown = scope.one("Show", "show", SHOWN, bare=True)
        audience = scope.many("Audience", "audience", AUDIENCES, "Any audience", True)
        baseline = _many("Baseline", "demanded", rows["baseline"], "Any baseline")
        policy = _many("Policy", "in-force", rows["policy_words"], "Any policy")
        view = scope.one("Columns", "view", VIEWS, bare=True)
    return Choice(search, shown, audience, baseline, policy, view)


def clear() -> None:
    scope.set_aside(**dict.fromkeys(KEYS, ()))


def narrowed(rows: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """The deployments that match, in their order; not copied where nothing is filtered."""
    if not choice.words():
        return rows if isinstance(rows.index, pd.RangeIndex) else rows.reset_index(drop=True)
    keep = _shown(rows, choice.shown)
    for name, picked in (("audience_words", choice.audience), ("baseline", choice.baseline),
                         ("policy_words", choice.policy)):  # fmt: skip
        if picked:
            keep &= rows[name].isin(picked).astype(bool)
    for word in choice.search.lower().split():
        keep &= _hay(rows).str.contains(word, regex=False).fillna(False).astype(bool)
    return rows[keep].reset_index(drop=True)


def columns(view: View, choice: Choice) -> Columns:
    """What the table shows: a column for each filter that is anywhere in the scope."""
    return filter_columns.matrix(view.keys, choice.view)


def table(rows: pd.DataFrame, shown: Columns) -> None:
    """One row for each deployment; a click on a name opens it."""
    event = tables.show(
        rows, shown, tables.keyed("filters", rows), pick=("single-cell",),
        alt="What is blocked on every deployment, the furthest from its baseline first",
    )  # fmt: skip
    safety.open_deployment(tables.cell_picked(event, rows, "Deployment"))


def legend() -> None:
    """What the marks of the cells mean, in words."""
    marks = [
        f":{filter_cells.COLOURS[it]}[{filter_cells.MARKS[it].rstrip(' :')}] "
        f"{filter_cells.MEANS[it]}"
        for it in filter_cells.MARKS
    ]
    st.caption(
        f"{' · '.join(marks)}. A level says which severities are blocked. Where a cell is empty "
        "nothing is stated about it and nothing demanded. What a policy does not state is taken "
        "to be its base policy's, which Azure does not document."
    )


def nothing(view: View, choice: Choice) -> None:
    """Why there is no table."""
    if view.rows.empty:
        states.nothing(
            "No deployment is in this scope.",
            "Choose more subscriptions or units above, or look at Sources for what has not been "
            "collected.",
        )
    else:
        states.no_results(choice.words(), clear)


def kpis(view: View, period: str) -> list[Kpi]:
    return [_below(view), _weakest(view), _override(view), _due(view), _blocked(view, period)]


def _below(view: View) -> Kpi:
    rows, least = view.rows, view.estate.partial
    measured = rows["baseline"].notna() & rows["distance"].notna()
    below = int(filter_words.below(rows).sum())
    untold = int((~measured).sum())
    return Kpi(
        "Below baseline",
        numbers.exact(below, least) if measured.any() else numbers.NONE,
        "deployments of which a filter or the mode does less than the baseline of their audience "
        "and environment demands, or can't be compared, without an exemption for all of it.",
        f"of {numbers.counted(len(rows), 'deployment')}"
        + (f", {untold:,} can't be told" if untold else ""),
    )


def _weakest(view: View) -> Kpi:
    known = view.rows[view.rows["distance"].notna()]
    first = known.iloc[0] if len(known) else None
    return Kpi(
        "Largest distance",
        numbers.NONE if first is None else numbers.exact(first["distance"]),
        "steps by which filters fall short of what is demanded (off, annotates only, high, medium, "
        "low), all added, and one for asynchronous where buffered is demanded.",
        "not measured" if first is None else str(first["deployment"]),
    )


def _override(view: View) -> Kpi:
    many = int(filter_words.overridable(view.rows).sum())
    return Kpi(
        "Weaker by header",
        numbers.exact(many),
        "deployments for which a caller may name another policy of the same account that is "
        "further from the baseline, by the header x-policy-id. Whether anybody does is not known "
        "to Azure's metrics.",
        f"of {numbers.counted(len(view.rows), 'deployment')}",
    )


def _due(view: View) -> Kpi:
    now = session.at()
    rows = safety.register(view)
    live = rows[rows["state"].isin([str(State.IN_FORCE), str(State.OVERDUE)])]
    left = (live["review_by"] - pd.Timestamp(now)).dt.days
    waiting = int(rows["state"].eq(str(State.PROPOSED)).sum())
    return Kpi(
        "Exemptions due",
        numbers.exact(int(left.le(DUE_DAYS).sum())),
        f"exemptions whose review is overdue or within {DUE_DAYS} days.",
        f"{int(live['state'].eq(str(State.OVERDUE)).sum()):,} overdue, {waiting:,} waiting",
    )


def _blocked(view: View, period: str) -> Kpi:
    now, before = (courses.blocked(it) for it in courses.harms(view))
    said = "not measured" if now is None else period
    if now is not None and before:
        said = f"{now / before - 1:+.0%} on the period before"
    return Kpi(
        "Blocked requests",
        numbers.short(now, view.estate.partial),
        f"requests that a filter rejected, as Azure counts them by category, {period}, whole days "
        "without today; a request that two categories reject is counted for each.",
        said,
    )


def _many(label: str, key: str, values: "pd.Series[str]", everything: str) -> tuple[str, ...]:
    return scope.many(label, key, {it: it for it in arrow.distinct(values)}, everything, True)


def _shown(rows: pd.DataFrame, shown: str) -> "pd.Series[bool]":
    match shown:
        case "below":
            return filter_words.below(rows)
        case "override":
            return filter_words.overridable(rows)
        case "one-sided":
            return rows["one_sided"].notna()
        case "asynchronous":
            return rows["mode"].eq("asynchronous").fillna(False).astype(bool)
        case "unknown":
            return (rows["distance"].isna() | rows["different"].gt(0).fillna(False)).astype(bool)
    return pd.Series(True, index=rows.index)


def _hay(rows: pd.DataFrame) -> "pd.Series[str]":
    hay = rows["deployment"].fillna("")
    for name in ("account", "model", "owner", "unit_name", "policy_words", "resource"):
        hay = hay + " " + rows[name].fillna("")
    return hay.str.lower()


def facts(choice: Choice) -> Mapping[str, str]:
    """What a file says of the columns."""
    return {"Columns": VIEWS[choice.view], "Marks": "; ".join(
        f"{filter_cells.MARKS[it].strip()} {filter_cells.MEANS[it]}" for it in filter_cells.MARKS
    )}  # fmt: skip


def said(row: "pd.Series[str]") -> str:
    """One deployment in a line, as Markdown."""
    return f"**{escaped(str(row['deployment']))}** in {escaped(str(row['account']))}"

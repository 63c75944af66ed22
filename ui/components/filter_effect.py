"""What filters found and stopped, day by day, beside the changes that moved it; prompt attacks by
workload."""

import pandas as pd
import streamlit as st

from domain import filters
from ui import courses, scope, session
from ui.components import (
    charts,
    filter_chart,
    filter_columns,
    filter_words,
    numbers,
    states,
    tables,
)
from ui.safety import View

ATTACKS = ("jailbreak", "indirectattack")
WHICH = {"blocked": "Blocked", "harmful": "Harmful content found"}
SEVERITIES = ("low", "medium", "high")
WAITING = (
    "Azure's metrics of content safety are asked once an hour, and their days of the past one by "
    "one after the first start."
)


def show(view: View) -> None:
    """For all deployments of the scope."""
    which = scope.either("What", "harm", WHICH)
    found, before = courses.harms(view)
    course(view, view.rows, which, "effect")
    if found.empty and before.empty:
        return
    st.subheader("By filter", anchor=False)
    days, (_, today) = courses.over_time(view, view.rows), courses.stretch(view.held)
    by_filter(found, before, days[days["day"].lt(pd.Timestamp(today))])
    st.subheader("Prompt attacks by workload", anchor=False)
    _attacks(view, found, before)


def course(view: View, rows: pd.DataFrame, which: str, key: str) -> None:
    """The chart of these deployments with its table."""
    days = courses.over_time(view, rows)
    days = days[days["what"].eq(which)]
    if days.empty:
        states.not_measured("What filters stop", f"no day of this period has a figure. {WAITING}")
        return
    names = {it: filters.title(it) for it in days["category"].unique()}
    told = filter_chart.by_words(days, names)
    _, today = courses.stretch(view.held)
    noted = filter_chart.notes(courses.concerning(view, rows, days["day"].min()))
    most = told.groupby("category")["requests"].sum().sort_values(ascending=False)
    charts.show(
        filter_chart.stopped(told, "Requests", today, noted),
        key=f"{key}-course",
        alt=f"{WHICH[which]}, requests by day and category, with the changes of filters",
        said=f"most for {most.index[0]}: {numbers.exact(most.iloc[0])} of "
        f"{numbers.exact(most.sum())}; dotted lines are changes of a policy or of a deployment's "
        "policy",
        rows=told,
        shown=filter_columns.EFFECT_DAYS,
    )


def by_filter(found: pd.DataFrame, before: pd.DataFrame, days: pd.DataFrame) -> None:
    """One row for each category and direction. found, before: of whole days, by deployment; days:
    the same by day, with severities."""
    rows = summed(found, before, days)
    if rows.empty:
        st.caption("Nothing was found or stopped, of what Azure has told.")
        return
    tables.show(rows, filter_columns.EFFECTS, "effects", most=16,
                alt="What each filter found and stopped")  # fmt: skip
    st.caption(
        "Whole days without today. Found is what Azure annotated: a filter that is off finds "
        "nothing, which does not mean that there was nothing. Empty is not told, 0 is counted."
    )


def summed(found: pd.DataFrame, before: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    """Columns filter, blocked, before, harmful, low, medium, high; missing where nobody counted."""
    key = ["category", "direction"]
    told = {
        "blocked": found[found["what"].eq("blocked")],
        "before": before[before["what"].eq("blocked")],
        "harmful": found[found["what"].eq("harmful")],
    }
    told |= {it: days[days["what"].eq("harmful") & days["severity"].eq(it)] for it in SEVERITIES}
    parts = {name: it.groupby(key)["requests"].sum(min_count=1) for name, it in told.items()}
    rows = pd.DataFrame(parts).reset_index()
    said = [filters.called(*it) for it in zip(rows["category"], rows["direction"], strict=True)]
    rows = rows.assign(filter=filter_words.texts(said))
    return rows.sort_values("blocked", ascending=False, na_position="last", ignore_index=True)


def _attacks(view: View, found: pd.DataFrame, before: pd.DataFrame) -> None:
    rows = attacks(view, found, before)
    if rows.empty:
        st.caption("None was found, on deployments whose filters look for them.")
        return
    event = tables.show(
        rows, filter_columns.ATTACKS, tables.keyed("attacks", rows), pick=("single-cell",), most=8,
        alt="Prompt attacks by deployment, the most first",
    )  # fmt: skip
    scope.open_deployment(tables.cell_picked(event, rows, "Deployment"))
    _attack_course(view, rows)


def attacks(view: View, found: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Deployments with prompt attacks, direct or by a document, the most first."""
    told = {
        "found": _of(found, "harmful"),
        "stopped": _of(found, "blocked"),
        "before": _of(before, "harmful"),
    }
    sums = pd.DataFrame(told)
    sums["found"] = sums[["found", "stopped"]].max(axis=1)
    about = view.rows[["resource", "deployment", "account", "unit_name", "requests"]]
    rows = about.merge(sums.rename_axis("resource").reset_index(), on="resource", how="inner")
    rows = rows[rows["found"].gt(0).fillna(False)]
    total = found[found["what"].eq("total")].groupby("resource")["requests"].sum(min_count=1)
    asked = rows["resource"].map(total)
    rows = rows.assign(share=rows["found"] / asked.where(asked > 0))
    return rows.sort_values("found", ascending=False, ignore_index=True)


def _of(rows: pd.DataFrame, what: str) -> "pd.Series[float]":
    told = rows[rows["what"].eq(what) & rows["category"].isin(ATTACKS)]
    return told.groupby("resource")["requests"].sum(min_count=1)


def _attack_course(view: View, rows: pd.DataFrame) -> None:
    """The five deployments with most, day by day."""
    _, today = courses.stretch(view.held)
    parts = []
    for it in rows.head(5).to_dict("records"):
        days = courses.over_time(view, rows[rows["resource"].eq(it["resource"])])
        days = days[days["what"].isin(["harmful", "blocked"]) & days["category"].isin(ATTACKS)]
        by = days.groupby(["day", "what"])["requests"].sum(min_count=1).unstack("what")
        most = by.max(axis=1).rename("requests").reset_index()
        parts.append(most.assign(category=f"{it['deployment']} in {it['account']}"))
    told = pd.concat(parts, ignore_index=True)
    charts.show(
        filter_chart.stopped(told, "Prompt attacks", today, [], height=240),
        key="attack-course",
        alt="Prompt attacks by day, of the deployments that have most",
        said=f"as of {numbers.moment(session.at())}, direct ones and those that a document brings",
        rows=told,
        shown=filter_columns.EFFECT_DAYS,
    )

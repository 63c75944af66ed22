"""The few figures above everything: each with its unit, how it is calculated, and its course."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd
import streamlit as st

from domain import findings as rules
from domain import lifecycle
from ui.components import numbers

LEAST = 148
"""Pixels that a figure needs; on a narrow window they wrap."""


@dataclass(frozen=True)
class Kpi:
    label: str
    value: str
    help: str
    said: str = ""
    """What stands below it: the change, or what it is made of."""
    way: Literal["normal", "inverse", "off"] = "off"
    course: tuple[float, ...] = ()


def show(kpis: Sequence[Kpi], least: int = LEAST) -> None:
    """least: pixels that each needs."""
    cells = st.grid(len(kpis), min_column_width=least, gap="small")
    for kpi in kpis:
        cells.metric(
            kpi.label,
            kpi.value,
            kpi.said or None,
            delta_color=kpi.way,
            delta_arrow="off" if kpi.way == "off" else "auto",
            help=f"How this is calculated: {kpi.help}",
            border=True,
            height="stretch",
            chart_data=list(kpi.course) or None,
            chart_type="area",
        )


def deployments(rows: pd.DataFrame, least: bool) -> Kpi:
    accounts = numbers.counted(rows["account_id"].nunique(), "account")
    return Kpi(
        "Deployments",
        numbers.exact(len(rows), least),
        "rows of the inventory in this scope; every deployment of every account that answered.",
        f"in {accounts}",
    )


def attention(findings: pd.DataFrame, judged: bool) -> Kpi:
    counts = rules.counted(findings)
    return Kpi(
        "Need attention now",
        numbers.exact(counts["critical"]) if judged else numbers.NONE,
        "findings of severity critical about this scope.",
        f"{numbers.counted(counts['warning'], 'warning')}, "
        f"{numbers.counted(counts['notice'], 'notice')}"
        if judged
        else "not looked through yet",
    )


def tokens(rows: pd.DataFrame, course: pd.DataFrame, change: str, period: str, least: bool) -> Kpi:
    return Kpi(
        "Tokens",
        numbers.short(rows["tokens"].sum(min_count=1), least),
        f"prompt and generated tokens of all deployments in this scope, {period}.",
        change or period,
        course=_course(course["tokens"]),
    )


def refused(rows: pd.DataFrame, period: str, course: pd.DataFrame | None = None) -> Kpi:
    refused, asked = (rows[it].sum(min_count=1) for it in ("throttled", "requests"))
    share = refused / asked if pd.notna(refused) and pd.notna(asked) and asked else None
    return Kpi(
        "Refused with 429",
        numbers.percent(share, 2),
        f"requests answered with status 429, of all requests, {period}.",
        f"{numbers.short(refused)} of {numbers.short(asked)} requests"
        if pd.notna(asked)
        else "not measured",
        course=() if course is None else _course(course["throttled"]),
    )


def retiring(rows: pd.DataFrame) -> Kpi:
    left = rows["days_left"]
    soon = left.ge(0) & left.lt(lifecycle.SOON_DAYS)
    hard = rows["fate"].eq(lifecycle.STOPS) | rows["fate"].eq(lifecycle.BY_HAND)
    return Kpi(
        f"Change within {lifecycle.SOON_DAYS} days",
        numbers.exact(int(soon.fillna(False).sum())),
        "deployments whose model version stops, is upgraded or must be migrated within "
        f"{lifecycle.SOON_DAYS} days, by the dates in Azure's model list.",
        f"{int((soon.fillna(False) & hard).sum())} stop or need a person",
    )


def unassigned(rows: pd.DataFrame) -> Kpi:
    unowned = int(rows["owner"].isna().sum())
    return Kpi(
        "Without a unit",
        numbers.exact(int(rows["unit"].eq("unassigned").sum())),
        "deployments whose unit tag is missing or names no business unit.",
        f"{unowned:,} without an owner",
    )


def idle(rows: pd.DataFrame) -> Kpi:
    return Kpi(
        "Idle",
        numbers.exact(int(rows["idle"].sum())),
        "ready deployments without a request for 30 days that are not marked as standby.",
        f"{int(rows['standby'].sum()):,} on standby",
    )


def _course(values: "pd.Series[float]") -> tuple[float, ...]:
    known = values.dropna()
    return tuple(known.astype(float)) if len(known) > 2 else ()

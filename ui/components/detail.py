"""One deployment, side by side: what it is, what becomes of it, what it may use and does use."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from domain import lifecycle
from ui import data, scope
from ui.components import badges, charts, columns, numbers, states, tables
from ui.components.kpis import Kpi
from ui.faults import escaped

PROPERTIES = {
    "unit_name": "Business unit",
    "unit_tag": "Unit tag",
    "owner": "Owner",
    "environment": "Environment",
    "standby": "Standby",
    "account": "Account",
    "kind": "Kind",
    "subscription_name": "Subscription",
    "group": "Resource group",
    "region": "Region",
    "scope": "Processed",
    "sku": "SKU",
    "billing": "Billed",
    "format": "Publisher",
    "model": "Model",
    "version": "Version",
    "state": "Provisioning state",
    "upgrade": "Upgrade policy",
    "filter_policy": "Filter policy",
    "spillover": "Spillover to",
    "service_tier": "Service tier",
    "dynamic_throttling": "Dynamic throttling",
    "penalty": "Penalty of the account",
    "created_at": "Created",
    "modified_at": "Changed",
    "modified_by": "Changed by",
    "seen_at": "Read",
    "measured_at": "Metrics of",
}


def head(row: "pd.Series[str]", findings: pd.DataFrame, portal: str) -> DeltaGenerator:
    """Name, states as badges, and the full id to copy; returns where actions go."""
    gravest = findings["severity"].iloc[0] if len(findings) else ""
    shown = [badges.worded(row["health"], badges.HEALTH)]
    shown += [badges.worded(gravest, badges.SEVERITY)] if gravest else []
    st.markdown(f"### {escaped(row['deployment'])} &nbsp; {' '.join(shown)}")
    st.code(row["resource"], language=None, wrap_lines=False)
    place = st.container(horizontal=True, gap="small")
    if portal:
        place.link_button("Portal", portal, icon=":material/open_in_new:")
    return place


def kpis(row: "pd.Series[str]", period: str) -> list[Kpi]:
    quiet = numbers.text(None if pd.isna(row["quiet_days"]) else f"{float(row['quiet_days']):.0f}")
    return [
        Kpi("Tokens", numbers.short(row["tokens"]), f"prompt and generated tokens, {period}.",
            _asked(row["requests"], "requests")),
        Kpi("Refused with 429", numbers.percent(row["throttled_share"], 2),
            f"requests answered with status 429, of all requests, {period}.",
            _asked(row["throttled"], "requests")),
        Kpi("Peak of limit", numbers.percent(row["peak_share"], 0),
            f"the busiest minute, {period}, against the limit that Azure enforces.",
            _peaks(row)),
        Kpi("Capacity", numbers.exact(row["capacity"]),
            "the number in the deployment's SKU, in the unit below it.",
            f"each {numbers.text(row['unit_words'])}"),
        Kpi("Quiet days", quiet, "days without a request, as far back as was asked.",
            "idle" if row["idle"] else "on standby" if row["standby"] else "in use"),
    ]  # fmt: skip


def properties(row: "pd.Series[str]") -> None:
    lines = [{"name": label, "value": _said(row[name])} for name, label in PROPERTIES.items()]
    tables.show(pd.DataFrame(lines), columns.PROPERTIES, "properties", most=len(lines), row=28)


def future(row: "pd.Series[str]") -> None:
    """What happens to it, when, and what comes after, in a sentence."""
    what = f"{numbers.text(row['model'])} {numbers.text(row['version'])}"
    fate = row["fate"]
    if fate in {lifecycle.NO_DATE, lifecycle.UNLISTED} or pd.isna(fate):
        words = {lifecycle.NO_DATE: "has no end announced in Azure's model list.",
                 lifecycle.UNLISTED: "is not in Azure's model list of its region, so no dates "
                 "are known."}  # fmt: skip
        st.markdown(f"{escaped(what)} {words.get(fate, 'is not known.')}")
        return
    left, acts = row["days_left"], pd.Timestamp(row["acts_at"])
    days = f", in {numbers.counted(int(left), 'day')}" if pd.notna(left) and int(left) >= 0 else ""
    st.markdown(f"{escaped(what)} **{fate} {numbers.day(acts)}**{days}.")
    becomes = row["replacement"]
    known = f"Azure names {escaped(becomes)} as its replacement. " if pd.notna(becomes) else ""
    dates = f"The dates are {str(row['dates_are']).lower()}." if pd.notna(row["dates_are"]) else ""
    st.caption(f"{known}Upgrade policy: {escaped(numbers.text(row['upgrade']))}. {dates}")


def limits(row: "pd.Series[float]") -> None:
    """Observed p95 and peak beside the limit, in tokens and in requests."""
    for unit, title in (("tpm", "Tokens per minute (TPM)"), ("rpm", "Requests per minute (RPM)")):
        limit, p95, peak = (_known(row[f"{it}_{unit}"]) for it in ("limit", "p95", "peak"))
        if p95 is None and peak is None:
            states.not_measured(title, "there are no metrics of it in this period.")
            continue
        charts.show(
            charts.beside_limit({"p95": p95, "peak": peak}, limit, title),
            key=f"limit-{unit}",
            alt=f"{title}: p95 {numbers.exact(p95)}, peak {numbers.exact(peak)}, "
            f"limit {numbers.exact(limit)}",
            said=f"p95 {numbers.exact(p95)} and peak {numbers.exact(peak)} of "
            f"{numbers.exact(limit)}; peaks are {numbers.text(row['peaks_are'])}",
        )


def about(findings: pd.DataFrame) -> None:
    """Its findings as lines."""
    if findings.empty:
        st.caption("No rule found anything.")
    for finding in findings.to_dict("records"):
        badge = badges.worded(finding["severity"], badges.SEVERITY)
        st.markdown(f"{badge} {escaped(finding['what'])} :gray[for {finding['age']}]")


def pool(row: "pd.Series[str]", columns: columns.Columns) -> None:
    """The deployments that share its quota."""
    if pd.isna(row["pool"]):
        states.not_measured("The quota pool", "the model list does not name one for this SKU.")
        return
    rows = data.everywhere(scope.held().period)
    rows = rows[rows["pool"].eq(row["pool"]).fillna(False)].reset_index(drop=True)
    st.caption(
        f"{numbers.counted(len(rows), 'deployment')} that you may see draw from pool "
        f"{escaped(numbers.text(row['usage_name']))} with {int(rows['capacity'].sum()):,} units."
    )
    event = tables.show(rows, columns, "pool", pick=("single-cell",), alt="Deployments of the pool")
    other = tables.cell_picked(event, rows, "Deployment")
    scope.open_deployment(other if other != row["resource"] else "")


def _said(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return numbers.moment(value)
    if pd.api.types.is_bool(value):
        return "yes" if value else "no"
    return numbers.text(value)


def _asked(value: object, words: str) -> str:
    return (
        "not measured" if numbers.text(value) == numbers.NONE else f"{numbers.short(value)} {words}"
    )


def _peaks(row: "pd.Series[str]") -> str:
    return "not measured" if pd.isna(row["peaks_are"]) else str(row["peaks_are"])


def _known(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) else float(value)

"""How columns are headed and formatted, in one place: what has no heading here is not shown."""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from ui.components import badges, numbers
from ui.faults import escaped

ROW, HEADER, MOST = 35, 32, 14


@dataclass(frozen=True)
class Column:
    heading: str
    kind: str = "text"
    """text, chip, number, share, percent, flag, time, day."""
    help: str = ""
    width: Any = None
    colours: Mapping[str, str] | None = None
    pinned: bool = False


Columns = Mapping[str, Column]

DEPLOYMENT = Column("Deployment", help="Click a name to open it.", width=155, pinned=True)
STATE = Column("State", "chip", colours=badges.HEALTH, width=82)
DEPLOYMENTS: Columns = {
    "deployment": DEPLOYMENT,
    "account": Column("Account", width=150),
    "kind": Column("Kind", width=90),
    "subscription_name": Column("Subscription", width=150),
    "group": Column("Resource group"),
    "region": Column("Region", width=110),
    "health": STATE,
    "attention": Column("Attention", "chip", "The gravest finding about it.", 84, badges.SEVERITY),
    "format": Column("Publisher"),
    "model": Column("Model", width=120),
    "version": Column("Version", width=95),
    "sku": Column("SKU", width=130),
    "scope": Column("Processed", help="Where Azure may process its requests.", width=120),
    "billing": Column("Billed"),
    "capacity": Column("Capacity", "number", "In the unit of the next column.", 80),
    "unit_words": Column("Unit of capacity", width=115),
    "limit_tpm": Column("Limit (TPM)", "number", "Tokens per minute that Azure enforces.", 100),
    "limit_rpm": Column("Limit (RPM)", "number", "Requests per minute that Azure enforces.", 95),
    "p95_tpm": Column("p95 (TPM)", "number", "95 of 100 hours had no busier minute than this.", 95),
    "peak_tpm": Column("Peak (TPM)", "number", "The busiest minute of the period.", 95),
    "peak_share": Column("Peak of limit", "share", "The busiest minute against the limit.", 115),
    "p95_rpm": Column("p95 (RPM)", "number", width=95),
    "peak_rpm": Column("Peak (RPM)", "number", width=95),
    "peaks_are": Column("Peaks are", help="By the minute, or means of an hour where Azure no longer has minutes.", width=120),
    "tokens": Column("Tokens", "short", "Prompt and generated tokens of the period.", 85),
    "requests": Column("Requests", "number", width=90),
    "throttled": Column("429s", "number", "Requests refused with status 429 in the period.", 80),
    "throttled_share": Column("429 share", "percent", "429s of all requests of the period.", 85),
    "failed": Column("5xx", "number", width=70),
    "latency_ms": Column("Latency (ms)", "number", "Mean time to response.", 95),
    "utilization": Column("PTU use (%)", "number", "Highest utilisation of provisioned throughput.", 95),
    "upgrade": Column("Upgrade policy", width=200),
    "fate": Column("What happens", width=175),
    "acts_at": Column("On (UTC)", "day", width=95),
    "days_left": Column("Days left", "number", width=80),
    "retires_at": Column("Retires (UTC)", "day", width=95),
    "dates_are": Column("Dates are", help="Whether Azure calls the dates planned or tentative."),
    "replacement": Column("Replacement", width=150),
    "filter_policy": Column("Filter policy", width=150),
    "spillover": Column("Spillover to", width=140),
    "service_tier": Column("Service tier"),
    "dynamic_throttling": Column("Dynamic throttling", "flag"),
    "unit_name": Column("Business unit", width=130),
    "unit_tag": Column("Unit tag", help="What the tag says, also where that is no unit."),
    "owner": Column("Owner", width=150),
    "environment": Column("Environment", width=100),
    "standby": Column("Standby", "flag", "Marked as expected to be quiet.", 75),
    "idle": Column("Idle", "flag", "No request for 30 days, and not marked as standby.", 60),
    "quiet_days": Column("Quiet (days)", "number", "Days without a request, as far back as was asked.", 90),
    "penalty": Column("Penalty", help="Azure punishes the account for abuse."),
    "changed": Column("Changed", help="What changed since your last visit.", width=170),
    "created_at": Column("Created (UTC)", "time", width=130),
    "modified_by": Column("Changed by", width=150),
    "measured_at": Column("Metrics of (UTC)", "time", width=130),
    "seen_at": Column("Read at (UTC)", "time", width=130),
    "resource": Column("Resource id", width=420),
}  # fmt: skip

POOL: Columns = {
    name: DEPLOYMENTS[name]
    for name in [
        "deployment",
        "account",
        "region",
        "sku",
        "capacity",
        "unit_words",
        "peak_share",
        "throttled_share",
        "tokens",
        "owner",
        "environment",
    ]
}
FINDINGS: Columns = {
    "severity": Column("Severity", "chip", colours=badges.SEVERITY, width=82),
    "kind": Column("Kind", width=120),
    "deployment": Column("Deployment", help="Click a row to open the deployment.", width=170),
    "account": Column("Account", width=160),
    "what": Column("What needs attention", width=520),
    "owner": Column("Owner", width=150),
    "age": Column("For", width=80, help="How long ago the console first saw it."),
}
EDITS: Columns = {
    "at": Column("Seen (UTC)", "time", "When the console noticed; Azure does not say when.", 130),
    "deployment": DEPLOYMENT,
    "account": Column("Account", width=150),
    "what": Column("What", width=130),
    "before": Column("Before", width=150),
    "after": Column("After", width=150),
    "who": Column("Last changed by", width=160),
}
PLANS: Columns = {
    "plan": Column("Plan", "number", width=55),
    "state": Column("State", "chip", colours=badges.PLAN, width=110),
    "deployment": DEPLOYMENT,
    "account": Column("Account", width=150),
    "change": Column("Change", width=320),
    "who": Column("By", width=120),
    "reason": Column("Reason", width=160),
    "asked_at": Column("Asked (UTC)", "time", width=130),
    "ended_at": Column("Ended (UTC)", "time", width=130),
    "said": Column("What came of it", width=260),
    "undoes": Column("Undoes", "number", width=70),
}
SOURCES: Columns = {
    "title": Column("Source", width=160),
    "freshness": Column("Freshness", "chip", "Late at twice, stale at four times the usual age.", 90, badges.FRESH),
    "scopes": Column("Scopes", "number", width=70),
    "age": Column("Oldest data", width=100),
    "cadence": Column("Asked every", width=100),
    "ran": Column("Last asked", width=110),
    "took": Column("Took (s)", "real", "The longest of its scopes.", 75),
    "calls": Column("Calls", "number", "Requests to Azure in the last round.", 65),
    "rows": Column("Rows", "number", width=75),
    "troubles": Column("Troubles", "number", "Parts that did not answer.", 80),
    "backlog": Column("Backlog", "number", "Parts still to be asked, such as days of history.", 75),
    "now": Column("Now", width=130),
}  # fmt: skip
DOCTOR: Columns = {
    "name": Column("Subscription", width=180),
    "title": Column("Topic", width=150),
    "verdict": Column("Verdict", "chip", colours=badges.VERDICT, width=110),
    "words": Column("In words", width=460),
    "role": Column("Missing role", width=210),
    "scope_words": Column("On", width=230),
    "since": Column("Since (UTC)", "time", width=130),
}
TRAIL: Columns = {
    "number": Column("Line", "number", width=60),
    "at": Column("Time (UTC)", "second", width=150),
    "who": Column("Who", width=150),
    "what": Column("What", width=420),
    "came": Column("What came of it", "chip", colours=badges.CAME, width=115),
    "detail": Column("Detail", width=380),
}
FAMILIES: Columns = {
    "sku": Column("SKU", width=190),
    "scope": Column("Processed", width=120),
    "deployments": Column("Deployments", "number", width=95),
    "capacity": Column("Capacity", "number", width=85),
    "counts": Column("Counted in", width=160),
}
PROPERTIES: Columns = {"name": Column("Property", width=150), "value": Column("Value", width=420)}
FAULTS: Columns = {
    "id": Column("No.", "number", width=50),
    "kind": Column("Kind", width=110),
    "method": Column("Method", width=80),
    "path": Column("Path contains", width=260),
    "times": Column("Times left", "number", "-1 stands until it is cleared.", 80),
}
TAGS: Columns = {
    "deployment": Column("Deployment", width=170),
    "tag": Column("Tag", width=110),
    "before": Column("Before", width=130),
    "after": Column("After", width=130),
}

FORMATS = {"number": "localized", "short": "compact", "real": "%.1f", "time": "YYYY-MM-DD HH:mm",
           "second": "YYYY-MM-DD HH:mm:ss", "day": "YYYY-MM-DD"}  # fmt: skip


def worded(rows: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """The rows as they are shown and exported: these columns, in this order, under headings."""
    there = {name: it.heading for name, it in columns.items() if name in rows}
    return rows[list(there)].rename(columns=there)


def show(
    rows: pd.DataFrame,
    columns: Columns,
    key: str,
    *,
    pick: Sequence[str] = (),
    most: int = MOST,
    alt: str = "",
) -> Any:
    """Draw these columns and return what is selected; others do not reach the browser."""
    shown = worded(rows, columns)
    by_heading = {it.heading: it for it in columns.values() if it.heading in shown}
    chips = [name for name, it in by_heading.items() if it.kind == "chip"]
    shown = shown.copy()
    for name in chips:
        shown[name] = [[it] if isinstance(it, str) else [] for it in shown[name]]
    selecting: dict[str, Any] = {"on_select": "rerun", "selection_mode": list(pick)} if pick else {}
    return st.dataframe(
        shown,
        hide_index=True,
        key=key,
        alt=alt or None,
        column_config={name: _config(it) for name, it in by_heading.items()},
        height=HEADER + ROW * max(1, min(len(shown), most)) + 3,
        row_height=ROW,
        placeholder=numbers.NONE,
        **selecting,
    )


def keyed(name: str, rows: pd.DataFrame) -> str:
    """A key that is another one when the rows are others: what is selected is kept by position,
    and must not slip to a row that has moved there."""
    return f"{name}-{zlib.crc32('|'.join(rows['resource']).encode()):08x}"


def count(
    shown: pd.DataFrame,
    rows: pd.DataFrame,
    noun: str,
    filters: Mapping[str, str],
    clear: Callable[[], None],
) -> None:
    """How many of how many, and which filters are on."""
    many = numbers.counted(len(shown), noun)
    if not filters:
        st.caption(many, width="content")
        return
    said = " · ".join(f"{escaped(name)}: {escaped(value)}" for name, value in filters.items())
    st.caption(f"{many} of {len(rows):,} · {said}", width="content")
    st.button("Clear filters", on_click=clear, key="clear", type="tertiary",
              icon=":material/filter_alt_off:")  # fmt: skip


def rows_picked(event: Any, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows whose boxes are ticked."""
    return rows.iloc[[it for it in event["selection"]["rows"] if it < len(rows)]]


def cell_picked(event: Any, rows: pd.DataFrame, heading: str = "") -> str:
    """The resource of the row of which a cell was clicked, in this column or in any; or ""."""
    cells = [it for it in event["selection"]["cells"] if heading in {"", it[1]}]
    if not cells or cells[0][0] >= len(rows):
        return ""
    resource = rows["resource"].iloc[cells[0][0]]
    return resource if isinstance(resource, str) else ""


def _config(column: Column) -> Any:
    plain = {
        "label": column.heading,
        "help": column.help or None,
        "width": column.width,
        "pinned": column.pinned or None,
    }
    config = st.column_config
    match column.kind:
        case "chip":
            colours = dict(column.colours or {})
            return config.MultiselectColumn(
                **plain, options=list(colours), color=list(colours.values())
            )
        case "share":
            return config.ProgressColumn(**plain, format="percent", min_value=0, max_value=1)
        case "percent":
            return config.NumberColumn(**plain, format="percent")
        case "flag":
            return config.CheckboxColumn(**plain)
        case "time" | "second" | "day" as kind:
            return config.DatetimeColumn(**plain, format=FORMATS[kind], timezone="UTC")
        case "number" | "short" | "real" as kind:
            return config.NumberColumn(**plain, format=FORMATS[kind])
    return config.TextColumn(**plain)

"""Every table's columns: heading with its unit, format, width, and what is meant by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ui.components import badges


@dataclass(frozen=True)
class Column:
    heading: str
    kind: str = "text"
    """text, chip, number, money and difference (of cents), share, percent, flag, time, day,
    trend (a list of numbers)."""
    help: str = ""
    width: Any = None
    colours: Mapping[str, str] | None = None
    pinned: bool = False
    """Whether it stays where it is while the others are scrolled."""


Columns = Mapping[str, Column]

DEPLOYMENT = Column("Deployment", help="Click a name to open it.", width=155)
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
    "peak_share": Column(
        "Peak of limit (%)", "share", "The busiest minute against the limit.", 115
    ),
    "p95_rpm": Column("p95 (RPM)", "number", width=95),
    "peak_rpm": Column("Peak (RPM)", "number", width=95),
    "peaks_are": Column(
        "Peaks are",
        help="By the minute, or means of an hour where Azure no longer has minutes.",
        width=120,
    ),
    "tokens": Column("Tokens", "short", "Prompt and generated tokens of the period.", 85),
    "requests": Column("Requests", "number", width=90),
    "throttled": Column("429s", "number", "Requests refused with status 429 in the period.", 80),
    "throttled_share": Column(
        "429 share (%)", "percent", "429s of all requests of the period.", 105
    ),
    "failed": Column("5xx", "number", width=70),
    "latency_ms": Column("Latency (ms)", "number", "Mean time to response.", 95),
    "utilization": Column(
        "PTU use (%)", "number", "Highest utilisation of provisioned throughput.", 95
    ),
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
    "quiet_days": Column(
        "Quiet (days)", "number", "Days without a request, as far back as was asked.", 90
    ),
    "penalty": Column("Penalty", help="Azure punishes the account for abuse."),
    "changed": Column("Changed", help="What changed since your last visit.", width=170),
    "created_at": Column("Created (UTC)", "time", width=130),
    "modified_by": Column("Changed by", width=150),
    "measured_at": Column("Metrics of (UTC)", "time", width=130),
    "seen_at": Column("Read at (UTC)", "time", width=130),
    "resource": Column("Resource id", width=420),
}

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
    "deployment": Column("Deployment", help="Click a row to open the deployment.", width=145),
    "account": Column("Account", width=140),
    "what": Column("What needs attention", width=475),
    "owner": Column("Owner", width=110),
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
OUTSIDE: Columns = {
    "at": Column("When (UTC)", "time", "By the activity log; else when the console noticed.", 130),
    "who": Column("Who", "text", "As the activity log says.", 165),
    "plan": Column("Plan", "number", "By this console: click it to open the plan.", 55),
    "deployment": DEPLOYMENT,
    "account": Column("Account", width=145),
    "what": Column("What", width=120),
    "before": Column("Before", width=150),
    "after": Column("After", width=150),
    "operation": Column("Operation", width=150),
}
PLANS: Columns = {
    "plan": Column("Plan", "number", "Click it to open the plan.", 55),
    "state": Column("State", "chip", colours=badges.PLAN, width=135),
    "deployment": Column("Deployment", "text", "Click it to open the plan.", 135),
    "account": Column("Account", width=135),
    "change": Column("Change", "text", "Before \u2192 after.", 300),
    "who": Column("By", width=105),
    "reason": Column("Reason", width=170),
    "ticket": Column("Ticket", width=85),
    "approvers": Column("Approved by", width=105),
    "asked_at": Column("Asked (UTC)", "time", width=130),
    "ended_at": Column("Ended (UTC)", "time", width=130),
    "said": Column("What came of it", width=260),
    "undoes": Column("Undoes", "number", "The plan that it takes back.", 70),
    "undone_by": Column("Undone by", "number", "The plan that takes it back.", 80),
}
LEGS: Columns = {
    "number": Column("No.", "number", width=45),
    "deployment": Column("Deployment", width=140),
    "account": Column("Account", width=145),
    "change": Column("Change", width=260),
    "standing": Column("How far", "chip", colours=badges.LEG, width=150),
    "writes": Column("Writes", "number", "Requests sent to Azure, both ways.", 60),
    "written_at": Column("Last sent (UTC)", "second", width=150),
    "answer": Column("What Azure said", width=280),
}
EFFECTS: Columns = {
    "deployment": Column("Deployment", width=125),
    "field": Column("What", width=105),
    "before": Column("Planned from", width=200),
    "wanted": Column("Planned to", width=200),
    "now": Column("There now", "text", "As last collected.", 200),
    "verdict": Column("That is", "chip", colours=badges.EFFECT, width=115),
    "modified_by": Column("Last changed by", "text", "As Azure says.", 165),
    "modified_at": Column("Changed (UTC)", "time", width=130),
    "account": Column("Account", width=145),
}
TERMS: Columns = {"name": Column("Term", width=115), "value": Column("Value", width=400)}
REVERSAL: Columns = {
    "deployment": Column("Deployment", width=140),
    "change": Column("What is done", width=520),
}
AGENDA: Columns = {
    "at": Column("When (UTC)", "time", width=130),
    "what": Column("What", "chip", colours=badges.AGENDA, width=95),
    "plan": Column("Plan", "number", "Click it to open the plan.", 55),
    "title": Column("Change", width=330),
    "state": Column("State", "chip", colours=badges.PLAN, width=135),
    "who": Column("By", width=120),
}
SOURCES: Columns = {
    "title": Column("Source", width=130),
    "freshness": Column(
        "Freshness", "chip", "Late at twice, stale at four times the usual age.", 85, badges.FRESH
    ),
    "scopes": Column("Scopes", "number", width=62),
    "age": Column("Oldest data", help="Of the scopes that have answered.", width=92),
    "cadence": Column("Asked every", width=92),
    "ran": Column("Last asked", width=92),
    "took": Column("Took (s)", "real", "The longest of its scopes.", 65),
    "calls": Column("Calls", "number", "Requests to Azure in the last round.", 55),
    "rows": Column("Rows", "number", width=65),
    "troubles": Column("Troubles", "number", "Parts that did not answer.", 70),
    "backlog": Column("Backlog", "number", "Parts still to be asked, as days of history.", 68),
    "now": Column("Now", width=115),
}
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
POINTS: Columns = {
    "at": Column("Time (UTC)", "time", width=130),
    "minute": Column("Minute (UTC)", "time", width=130),
    "unit": Column("Business unit", width=140),
    "model": Column("Model", width=140),
    "region": Column("Region", width=140),
    "scope": Column("Processed", width=120),
    "deployments": Column("Deployments", "number", width=95),
    "tokens": Column("Tokens", "number", width=120),
    "cents": Column("Cost", "money", width=120),
    "requests": Column("Requests", "number", width=95),
    "throttled": Column("429s", "number", width=80),
    "latency_ms": Column("Latency (ms)", "number", width=95),
}
FAMILIES: Columns = {
    "sku": Column("SKU", width=165),
    "deployments": Column("Count", "number", "Deployments of this SKU.", width=60),
    "capacity": Column("Capacity", "number", width=75),
    "counts": Column("Counted in", width=125),
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

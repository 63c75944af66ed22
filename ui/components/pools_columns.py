"""The columns of every table about quota: heading with its unit, format, width, what is meant."""

from domain import standing
from ui.components.columns import DEPLOYMENTS, Column, Columns

STATE = {
    standing.OVER: "red",
    standing.FULL: "red",
    standing.TIGHT: "orange",
    standing.ROOM: "green",
    standing.NONE: "gray",
    standing.UNKNOWN: "gray",
}
POOLS: Columns = {
    "name": Column("Pool", help="Click a name to open it: models, SKU, place.", width=290),
    "state": Column("State", "chip", "No entitlement: Azure's limit is 0.", 112, STATE),
    "share": Column("Used of limit (%)", "share", "What Azure counts as used.", 118),
    "limit": Column("Limit", "number", "In units.", 72),
    "free": Column("Free", "number", "Limit less used, in units.", 68),
    "reclaimable": Column(
        "Reclaimable", "number",
        "Units that its holders could give and still carry their busiest minute of 30 days with a "
        "margin of 20 %, in production 40 %. Missing where no holder's need is known.", 90,
    ),
    "holders": Column("Holders", "number", "Deployments that draw on it.", 66),
    "throttled": Column("Throttled", "number", "Holders with refused requests.", 75),
    "refused": Column("429s", "short", "Requests refused with status 429 in the period.", 65),
    "unit_words": Column("One unit is", width=92),
    "subscription_name": Column("Subscription", width=165),
    "used": Column("Used", "number", "In units, as Azure says.", 70),
    "allocated": Column("Allocated", "number", "Units of the deployments that live.", 78),
    "unexplained": Column(
        "Unexplained", "number",
        "Used less allocated: soft-deleted holders, or ones that the console does not see.", 90,
    ),
    "deleted": Column(
        "Deleted accounts", "number", "Soft-deleted accounts in its regions; they hold quota.", 110
    ),
    "unmeasured": Column("Need not known", "number", "Holders whose need is not known.", 105),
    "reach": Column("Reach", help="The regions that share it.", width=82),
    "place": Column("Place", width=120),
    "tier": Column("Tier", help="The subscription's quota tier.", width=90),
    "usage_name": Column("Azure's name", width=260),
    "seen_at": Column("Read at (UTC)", "time", width=130),
    "pool": Column("Pool key", width=420),
}  # fmt: skip
HOLDERS: Columns = {
    "deployment": DEPLOYMENTS["deployment"],
    "account": DEPLOYMENTS["account"],
    "health": DEPLOYMENTS["health"],
    "capacity": Column("Units", "number", "Capacity that it holds.", 65),
    "pool_share": Column("Of pool (%)", "share", "Of the pool's limit.", 88),
    "needed": Column(
        "Needs",
        "real",
        "Units that carry its busiest minute of 30 days, without a margin; where only the mean of "
        "an hour is known, that counts double.",
        68,
    ),
    "would_use": Column(
        "Peak of capacity (%)", "share", "The busiest minute of 30 days of what it holds.", 132
    ),
    "reclaimable": Column("Reclaimable", "number", "Units that it could give.", 90),
    "throttled": Column("429s", "short", "Requests refused with status 429 in the period.", 65),
    "throttled_share": DEPLOYMENTS["throttled_share"],
    "limit_tpm": DEPLOYMENTS["limit_tpm"],
    "peak_tpm_30d": Column("Peak (TPM)", "number", "The busiest minute of 30 days.", 95),
    "limit_rpm": DEPLOYMENTS["limit_rpm"],
    "peak_rpm_30d": Column("Peak (RPM)", "number", "The busiest minute of 30 days.", 95),
    "peaks_30d_are": DEPLOYMENTS["peaks_are"],
    "minimum": Column("Minimum", "number", "Least units that it may have.", 75),
    "maximum": Column("Maximum", "number", "Most units that it may have.", 80),
    "step": Column("Step", "number", width=55),
    "unit_words": Column("One unit is", width=92),
    "unit_name": DEPLOYMENTS["unit_name"],
    "owner": DEPLOYMENTS["owner"],
    "environment": DEPLOYMENTS["environment"],
    "standby": DEPLOYMENTS["standby"],
    "model": DEPLOYMENTS["model"],
    "version": DEPLOYMENTS["version"],
    "region": DEPLOYMENTS["region"],
    "resource": DEPLOYMENTS["resource"],
}
GRID: Columns = {
    "deployment": Column("Deployment", width=150),
    "account": Column("Account", width=165),
    "pool_name": Column("Pool", width=230),
    "capacity": Column("Units now", "number", width=82),
    "new": Column("New units", "number", "Type here; everything else is for reading.", 92),
    "comes": Column("What comes of it", width=270),
    "needed": HOLDERS["needed"],
    "reclaimable": HOLDERS["reclaimable"],
    "throttled": HOLDERS["throttled"],
    "minimum": HOLDERS["minimum"],
    "maximum": HOLDERS["maximum"],
    "step": HOLDERS["step"],
    "unit_words": HOLDERS["unit_words"],
    "unit_name": HOLDERS["unit_name"],
    "environment": HOLDERS["environment"],
}
"""The grid of the what-if."""
FITS = {"throttles": "red", "fits": "green", "not known": "gray"}
LINES: Columns = {
    "deployment": Column("Deployment", width=150),
    "before": Column("Units before", "number", width=92),
    "after": Column("Units after", "number", width=85),
    "change": Column("Change", "number", width=68),
    "broken": Column("Rule broken", width=230),
    "fits": Column(
        "Its peak", "chip",
        "Whether the busiest minute of the last 30 days fits into the limit after.", 85, FITS,
    ),
    "headroom": Column("Headroom (%)", "percent", "Of the limit after, above that peak.", 98),
    "before_tpm": Column("TPM before", "number", width=90),
    "after_tpm": Column("TPM after", "number", width=85),
    "peak_tpm": Column("Peak (TPM)", "number", "The busiest minute of 30 days.", 88),
    "before_rpm": Column("RPM before", "number", width=88),
    "after_rpm": Column("RPM after", "number", width=82),
    "peak_rpm": Column("Peak (RPM)", "number", "The busiest minute of 30 days.", 88),
    "peaks_are": Column("Peaks are", width=150),
    "unit_words": Column("One unit is", width=92),
    "account": Column("Account", width=160),
    "environment": Column("Environment", width=100),
    "warning": Column("Mind", width=300),
    "reversible": Column("Can be taken back", width=300),
}  # fmt: skip
DRAWN: Columns = {
    "name": Column("Pool", width=330),
    "limit": Column("Limit", "number", "In units.", 75),
    "used_before": Column("Used before", "number", width=90),
    "lowest": Column(
        "On the way", "number", "Used while all has been given and nothing taken.", 88
    ),
    "used_after": Column("Used after", "number", width=82),
    "free_before": Column("Free before", "number", width=88),
    "free_after": Column("Free after", "number", width=80),
    "broken": Column("Rule broken", width=330),
}
UNMATCHED: Columns = {
    name: DEPLOYMENTS[name]
    for name in ("deployment", "account", "region", "model", "version", "sku", "capacity")
}
DELETED: Columns = {
    "account": Column("Account", width=190),
    "subscription_name": Column("Subscription", width=180),
    "region": Column("Region", width=110),
    "purge_at": Column("Azure purges it (UTC)", "time", "48 hours after it was deleted.", 145),
    "deleted_at": Column("Deleted (UTC)", "time", width=130),
    "kind": Column("Kind", width=95),
    "group": Column("Resource group", width=170),
}
TIERS: Columns = {
    "subscription_name": Column("Subscription", width=230),
    "tier": Column("Tier", width=90),
    "upgrades": Column("Automatic upgrades", width=140),
    "next_tier": Column("Next tier", width=90),
    "next_words": Column("When", width=400),
    "assigned_at": Column("Since (UTC)", "day", width=110),
}
CEILINGS: Columns = {
    "what": Column("What", width=110),
    "name": Column("Of", width=240),
    "subscription_name": Column("Subscription", width=190),
    "used": Column("There are", "number", width=85),
    "most": Column("Ceiling", "number", width=75),
    "left": Column("Left", "number", width=60),
    "share": Column("Of the ceiling (%)", "share", width=130),
}
ELSEWHERE: Columns = {
    "model": Column("Model", width=150),
    "version": Column("Version", width=105),
    "sku": Column("SKU", width=190),
    "region": Column("Region", width=130),
    "available": Column(
        "Available", "number", "Units; regions of one pool repeat it, so it is never a sum.", 85
    ),
    "subscription_name": Column("Subscription", width=210),
}

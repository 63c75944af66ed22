"""The columns of the tables about content filters."""

from collections.abc import Sequence

from domain import filters
from domain.filters import Key
from ui.components import filter_cells as cells
from ui.components.columns import Column, Columns

WAYS = {"stricter": "blue", "looser": "red", "different": "violet"}
EXEMPTION = {
    "missing": "red",
    "proposed": "violet",
    "in force": "green",
    "declined": "gray",
    "overdue": "red",
    "ended": "gray",
}
AGREES = {"agrees": "green", "no live setting": "orange", "no entry": "red", "overdue": "red"}
WIDE, NARROW = 235, 235
"""Pixels of a cell of the matrix."""

DEPLOYMENT = Column("Deployment", help="Click a name to open it.", width=150, pinned=True)
FIRST: Columns = {
    "deployment": DEPLOYMENT,
    "distance": Column(
        "Distance", "number",
        "Steps by which its filters fall short of the baseline, all added; empty where that is "
        "not known.", 75,
    ),
    "policy_words": Column("Policy in force", width=190),
    "changed_by": Column("Policy changed by", help="The last one, as Azure says.", width=150),
}  # fmt: skip
LAST: Columns = {
    "since": Column(
        "Newest shortfall (UTC)", "day",
        "When the console first saw the newest of what falls short.", 150,
    ),
    "one_sided": Column(
        "In one direction only", help="Blocked on prompts or on completions, not on both.",
        width=180,
    ),
    "mode_words": Column(
        "Mode", help="Buffered: nothing appears before it was checked. Asynchronous: content may "
        "appear before it is filtered.", width=215,
    ),
    "lists_words": Column("Blocklists", width=170),
    "override": Column(
        "Callers may choose", help="By the header x-policy-id a caller may name any other policy "
        "of the same account; the weakest of them is told.", width=250,
    ),
    "baseline": Column("Baseline", help="Key and version.", width=130),
    "audience": Column("Audience", help="As the tag says; not said counts as external.", width=85),
    "environment": Column("Environment", width=100),
    "unit_name": Column("Business unit", width=130),
    "model": Column("Model", width=120),
    "account": Column("Account", width=150),
    "subscription_name": Column("Subscription", width=150),
    "looser": Column("Looser", "number", "Filters that stop less than demanded.", 65),
    "exempted": Column("Exempt", "number", "Of these, the ones that somebody has allowed.", 65),
    "different": Column("Different", "number", "Filters that can't be compared.", 75),
    "stricter": Column("Stricter", "number", width=70),
    "note": Column("Note", width=250),
}  # fmt: skip
SUMMARY = ("since", "one_sided", "mode_words", "lists_words", "override", "baseline", "audience",
           "environment", "unit_name", "model", "account")  # fmt: skip


def matrix(found: Sequence[Key], view: str) -> Columns:
    """The columns of the matrix. view: "" for both directions, "weaker" for the weaker one of
    each category, "summary" for no filter at all."""
    if view == "summary":
        return {**FIRST, **LAST}
    told = LAST if view == "all" else {it: LAST[it] for it in SUMMARY}
    if view == "weaker":
        names = cells.categories(found)
        said = {it: _chip(filters.title(it), cells.WEAKER, NARROW) for it in names}
        return {**FIRST, **said, **told}
    said = {cells.name(it): _chip(heading(it), cells.CHIPS, WIDE) for it in found}
    return {**FIRST, **said, **told}


def heading(key: Key) -> str:
    """Category and direction over a column: "Hate: prompts"."""
    return f"{filters.title(key[0])}: {filters.where(key[1])}"


def _chip(heading: str, colours: dict[str, str], width: int) -> Column:
    return Column(heading, "chip", width=width, colours=colours)


CELLS: Columns = {
    "filter": Column("Filter", width=215),
    "now": Column("Does", "chip", colours=cells.CHIPS, width=250),
    "demanded": Column("Demanded at the least", width=190),
    "stated_words": Column("Said by", help="The policy itself, or the one it is based on.",
                           width=140),
    "since": Column("So since (UTC)", "time", "When the console first saw it so.", 130),
    "exemption": Column("Exemption", width=190),
}  # fmt: skip
DIFFERENCES: Columns = {
    "way": Column("Which way", "chip", colours=WAYS, width=95),
    "what": Column("What", width=230),
    "before": Column("Before", width=210),
    "after": Column("After", width=210),
}
DIFFERENCES_OF: Columns = {
    "of": Column("Deployments", width=170),
    **DIFFERENCES,
}
IMPACT: Columns = {
    "filter": Column("Filter", width=200),
    "was": Column("Blocked before", "number", "Requests, as Azure counted.", 115),
    "would": Column("Blocked after, est.", "number", "From severities that were annotated.", 130),
    "sample": Column("Sample (requests)", "number", "Of which the severity is known.", 125),
    "days": Column("Days", "number", width=60),
}
AFFECTED: Columns = {
    "deployment": Column("Deployment", width=170),
    "account": Column("Account", width=160),
    "unit_name": Column("Business unit", width=140),
    "environment": Column("Environment", width=105),
    "policy_words": Column("Policy now", width=190),
    "requests": Column("Requests", "short", "Of the last 7 days.", 90),
}
STATED: Columns = {
    "filter": Column("Filter", width=230),
    "does": Column("Does", width=230),
    "stated_words": Column("Said by", width=140),
}
USERS = ("deployment", "distance", "account", "unit_name", "environment", "audience", "baseline",
         "model")  # fmt: skip
POLICIES: Columns = {
    "policy": Column("Policy", help="Click a name to open it.", width=200),
    "account": Column("Account", width=165),
    "kind_words": Column("Whose", width=155),
    "users": Column("In use by", "number", "Deployments, those by default included.", 75),
    "farthest": Column("Distance", "number", "The largest of the deployments that use it.", 75),
    "units": Column("Business units", width=190),
    "mode_words": Column("Mode", width=215),
    "lists_words": Column("Blocklists", width=170),
    "modified_by": Column("Changed by", width=150),
    "modified_at": Column("Changed (UTC)", "time", width=130),
}
BLOCKLISTS: Columns = {
    "blocklist": Column("Blocklist", width=170),
    "account": Column("Account", width=165),
    "description": Column("Description", width=230),
    "terms": Column("Terms", "number", width=65),
    "policies": Column("In force by", help="The policies that name it.", width=230),
    "modified_by": Column("Changed by", width=150),
    "modified_at": Column("Changed (UTC)", "time", width=130),
}
TERMS: Columns = {
    "name": Column("Name", width=150),
    "pattern": Column("Pattern", width=330),
    "regex": Column("Is a regular expression", "flag", width=150),
}
BASELINES: Columns = {
    "title": Column("Baseline", width=230),
    "audience_words": Column("Audience", width=100),
    "environment_words": Column("Environment", width=120),
    "version": Column("Version", "number", width=65),
    "state": Column("State", "chip", colours={
        "in force": "green", "waiting for approval": "violet", "to come": "blue", "ended": "gray",
    }, width=150),
    "deployments": Column("Deployments", "number", "That it is for.", 95),
    "below": Column("Below it", "number", "Of these, without an exemption for all of it.", 75),
    "starts": Column("From (UTC)", "time", width=130),
    "ends": Column("Until (UTC)", "time", width=130),
    "who": Column("Set by", width=120),
    "approved_by": Column("Approved by", width=120),
    "note": Column("Note", width=260),
}  # fmt: skip
LEAST: Columns = {
    "filter": Column("Filter", width=230),
    "least": Column("At the least", width=330),
}
EXEMPTIONS: Columns = {
    "id": Column("No.", "number", width=50),
    "state": Column("State", "chip", colours=EXEMPTION, width=90),
    "agreement": Column("Register and Azure", "chip", colours=AGREES, width=140),
    "what": Column("Excused from", width=230),
    "deployment": Column("Deployment", width=140),
    "account": Column("Account", width=150),
    "unit_name": Column("Business unit", width=130),
    "accepted": Column("Accepts", width=170),
    "live": Column("Live setting", width=190),
    "review_by": Column("Review by (UTC)", "day", width=115),
    "reviewer": Column("Reviewer", width=130),
    "justification": Column("Why", width=300),
    "reference": Column("Microsoft's approval", width=140),
    "who": Column("Asked by", width=110),
    "approved_by": Column("Decided by", width=110),
}
MONITORING: Columns = {
    "account": Column("Account", width=180),
    "subscription_name": Column("Subscription", width=170),
    "kind": Column("Kind", width=95),
    "monitoring": Column("Abuse monitoring", width=190),
    "entry": Column("In the register", width=190),
    "penalty_words": Column("Penalty", width=260),
}
EFFECTS: Columns = {
    "filter": Column("Filter", width=220),
    "blocked": Column("Blocked", "number", "Requests of the period.", 90),
    "before": Column("Period before", "number", "Requests blocked.", 110),
    "harmful": Column("Harmful", "number", "Requests in which Azure found it, blocked or not.", 90),
    "low": Column("Low", "number", width=75),
    "medium": Column("Medium", "number", width=80),
    "high": Column("High", "number", width=75),
}
EFFECT_DAYS: Columns = {
    "day": Column("Day (UTC)", "day", width=100),
    "category": Column("Category", width=150),
    "requests": Column("Requests", "number", width=100),
}
ATTACKS: Columns = {
    "deployment": Column("Deployment", help="Click a name to open it.", width=160),
    "account": Column("Account", width=160),
    "unit_name": Column("Business unit", width=140),
    "found": Column("Prompt attacks", "number", "Requests of the period.", 110),
    "stopped": Column("Of these blocked", "number", width=115),
    "before": Column("Period before", "number", width=110),
    "share": Column("Of all requests (%)", "percent", width=125),
}
EDITS: Columns = {
    "at": Column("Seen (UTC)", "time", "When the console noticed.", 130),
    "way": Column("Which way", "chip", colours=WAYS, width=95),
    "who": Column("Who", "text", "As Azure or its activity log says.", 165),
    "whose": Column("Whose", width=130),
    "policy": Column("Policy or blocklist", width=190),
    "account": Column("Account", width=155),
    "what": Column("What", width=200),
    "before": Column("Before", width=190),
    "after": Column("After", width=190),
    "users": Column("In use by", "number", "Deployments now.", 75),
}
DRIFT: Columns = {
    "deployment": DEPLOYMENT,
    "account": Column("Account", width=155),
    "filter": Column("Filter", width=200),
    "now": Column("Does", "chip", colours=cells.CHIPS, width=250),
    "since": Column("First seen (UTC)", "time", width=130),
    "changed_by": Column("Last changed by", "text", "Its policy, as Azure says.", 165),
    "policy_words": Column("Policy in force", width=190),
    "unit_name": Column("Business unit", width=130),
}
DISTANCES: Columns = {
    "day": Column("Day (UTC)", "day", width=100),
    "distance": Column("Steps", "number", "Distances of all deployments, added.", 80),
    "below": Column("Below", "number", "Deployments with a filter that is looser.", 80),
    "measured": Column("Known", "number", "Deployments whose distance was known.", 80),
}

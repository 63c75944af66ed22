"""What in the estate needs somebody's attention, as rules over the inventory."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from domain import frames, lifecycle, skus
from domain.readings import Trouble
from domain.units import UNASSIGNED

SEVERITIES = ("critical", "warning", "notice")
THROTTLED_MUCH, THROTTLED_SOME, NEAR_LIMIT = 0.05, 0.01, 0.9
Flags = Callable[[pd.DataFrame], "pd.Series[bool]"]
Words = Callable[[pd.Series], str]


@dataclass(frozen=True)
class Rule:
    kind: str
    severity: str
    applies: Flags
    words: Words
    of_account: bool = False
    """Whether an account is told of once, however many of its deployments it concerns."""


def _soon(rows: pd.DataFrame, least: int, most: int) -> "pd.Series[bool]":
    left = rows["days_left"]
    return _sure((left >= least) & (left < most)) & rows["health"].ne("Failed")


def _sure(flags: "pd.Series[bool]") -> "pd.Series[bool]":
    """What is not known does not apply."""
    return flags.fillna(False).astype(bool)


def _acts(row: pd.Series) -> str:
    becomes = f" ({row['replacement']} replaces it)" if isinstance(row["replacement"], str) else ""
    days = int(row["days_left"])
    return (
        f"{row['model']} {row['version']} {row['fate']} {row['acts_at']:%Y-%m-%d}, "
        f"in {days} {'day' if days == 1 else 'days'}{becomes}."
    )


def _provisioned(rows: pd.DataFrame) -> "pd.Series[bool]":
    return rows["sku"].map(lambda sku: skus.family(sku).provisioned, na_action="ignore").eq(True)


def _penalised(row: pd.Series) -> str:
    until = f" until {row['penalty_until']:%Y-%m-%d}" if pd.notna(row["penalty_until"]) else ""
    rate = f" to {row['penalty_percent']:.0f} %" if pd.notna(row["penalty_percent"]) else ""
    return f"Azure punishes account {row['account']} for abuse: {row['penalty']}{rate}{until}."


def _hard(rows: pd.DataFrame) -> "pd.Series[bool]":
    return rows["fate"].isin([lifecycle.STOPS, lifecycle.BY_HAND]).astype(bool)


RULES = (
    Rule("penalty", "critical", lambda it: it["penalty"].notna(), _penalised, of_account=True),
    Rule(
        "failed",
        "critical",
        lambda it: it["health"].eq("Failed"),
        lambda it: f"Azure reports the deployment as {it['state']}; it may not answer.",
    ),
    Rule(
        "retired",
        "critical",
        lambda it: it["fate"].eq(lifecycle.RETIRED),
        lambda it: (
            f"{it['model']} {it['version']} retired on {it['retires_at']:%Y-%m-%d}; calls get 410."
        ),
    ),
    Rule(
        "retiring",
        "critical",
        lambda it: _hard(it) & _soon(it, 0, lifecycle.URGENT_DAYS),
        _acts,
    ),
    Rule(
        "throttled",
        "critical",
        lambda it: _sure(it["throttled_share"] >= THROTTLED_MUCH),
        lambda it: (
            f"{it['throttled_share']:.1%} of its requests were refused with 429 in the last week."
        ),
    ),
    Rule(
        "retiring later",
        "warning",
        lambda it: (
            _hard(it) & _soon(it, lifecycle.URGENT_DAYS, lifecycle.SOON_DAYS)
            | it["fate"].eq(lifecycle.UPGRADED) & _soon(it, 0, lifecycle.URGENT_DAYS)
        ),
        _acts,
    ),
    Rule(
        "throttled a little",
        "warning",
        lambda it: (
            _sure(it["throttled_share"] >= THROTTLED_SOME)
            & ~_sure(it["throttled_share"] >= THROTTLED_MUCH)
        ),
        lambda it: (
            f"{it['throttled_share']:.1%} of its requests were refused with 429 in the last week."
        ),
    ),
    Rule(
        "near its limit",
        "warning",
        lambda it: (
            _sure(it["peak_share"] >= NEAR_LIMIT) & ~_sure(it["throttled_share"] >= THROTTLED_SOME)
        ),
        lambda it: f"Its busiest minute reached {it['peak_share']:.0%} of its limit.",
    ),
    Rule(
        "no spillover",
        "warning",
        lambda it: _provisioned(it) & it["spillover"].isna() & it["health"].eq("Ready"),
        lambda _: (
            "Provisioned throughput without a spillover target: overflow is refused with 429."
        ),
    ),
    Rule(
        "disabled",
        "warning",
        lambda it: it["health"].eq("Disabled"),
        lambda _: "The deployment is disabled and does not answer.",
    ),
    Rule(
        "changing",
        "warning",
        lambda it: it["health"].eq("Changing"),
        lambda it: f"Azure reports a change under way: {it['state']}.",
    ),
    Rule(
        "not listed",
        "notice",
        lambda it: ~it["listed"].astype(bool),
        lambda it: (
            f"{it['model']} {it['version']} as {it['sku']} is not in Azure's model list of its "
            "region: no dates, no quota pool."
        ),
    ),
    Rule(
        "idle",
        "notice",
        lambda it: it["idle"].astype(bool),
        lambda it: (
            f"No request for at least {it['quiet_days']:.0f} days, and it is not marked as standby."
        ),
    ),
    Rule(
        "no owner",
        "notice",
        lambda it: it["owner"].isna(),
        lambda it: f"Nobody is named as owner of {_many(it)}.",
        of_account=True,
    ),
    Rule(
        "no unit",
        "notice",
        lambda it: it["unit"].eq(UNASSIGNED) & it["unit_tag"].isna(),
        lambda it: f"No business unit is named for {_many(it)}.",
        of_account=True,
    ),
    Rule(
        "unknown unit",
        "notice",
        lambda it: it["unit"].eq(UNASSIGNED) & it["unit_tag"].notna(),
        lambda it: f"Its tag says {it['unit_tag']!r}, which is no business unit.",
    ),
)
"""Every rule over deployments; the throttling rules read the last seven days."""


def found(inventory: pd.DataFrame, now: datetime) -> pd.DataFrame:
    """Frame FINDINGS of an inventory; since is now, the store keeps the first time."""
    rows = [
        _finding(rule, row, now)
        for rule in RULES
        for _, row in _concerned(rule, inventory).iterrows()
    ]
    return frames.frame(frames.FINDINGS, [*_spillovers(inventory, now), *rows])


def unreadable(
    subscriptions: pd.DataFrame, troubles: dict[str, tuple[Trouble, ...]], now: datetime
) -> pd.DataFrame:
    """Frame FINDINGS of subscriptions of which a topic has trouble, one each."""
    names = dict(zip(subscriptions["subscription"], subscriptions["name"], strict=True))
    rows: list[frames.Row] = [
        {
            "key": f"unreadable:{scope}",
            "kind": "unreadable",
            "severity": "critical",
            "what": f"{names.get(scope) or scope} can't be read in full. {those[0].words}",
            "subscription": scope,
            "unit": UNASSIGNED,
            "since": min([now, *(it.since for it in those)]),
        }
        for scope, those in troubles.items()
        if those
    ]
    return frames.frame(frames.FINDINGS, rows)


def ranked(findings: pd.DataFrame) -> pd.DataFrame:
    """The gravest first, then the oldest."""
    order = findings["severity"].map({it: at for at, it in enumerate(SEVERITIES)})
    return (
        findings.assign(_order=order)
        .sort_values(["_order", "since", "key"], ignore_index=True)
        .drop(columns="_order")
    )


def counted(findings: pd.DataFrame) -> dict[str, int]:
    """How many of each severity."""
    return {it: int(findings["severity"].eq(it).sum()) for it in SEVERITIES}


def _concerned(rule: Rule, inventory: pd.DataFrame) -> pd.DataFrame:
    """The deployments that a rule applies to; of an account, one row with their number."""
    rows = inventory[rule.applies(inventory)]
    if not rule.of_account:
        return rows
    of = rows.groupby(["account_id", "unit"], sort=False)
    return (
        rows.assign(many=of["resource"].transform("size"))
        .drop_duplicates(["account_id", "unit"])
        .assign(resource=lambda it: it["account_id"], deployment=None, owner=None)
    )


def _many(row: pd.Series) -> str:
    many = int(row["many"])
    return f"{many} deployment{'s' if many > 1 else ''} of {row['account']}"


def _finding(rule: Rule, row: pd.Series, now: datetime) -> frames.Row:
    known = ("resource", "subscription", "deployment", "account", "unit", "owner")
    return {
        "key": f"{rule.kind}:{row['resource']}" + (f":{row['unit']}" if rule.of_account else ""),
        "kind": rule.kind,
        "severity": rule.severity,
        "what": rule.words(row),
        **{name: row[name] for name in known},
        "since": now,
    }


def _spillovers(inventory: pd.DataFrame, now: datetime) -> list[frames.Row]:
    """Spillover to a deployment that is not there, or that serves another model version."""
    sends = inventory[inventory["spillover"].notna()]
    if sends.empty:
        return []
    keys = inventory["account_id"] + "/" + inventory["deployment"].str.lower()
    there = inventory.set_axis(keys)[["model", "version"]]
    return [
        _finding(Rule("spillover", "warning", _provisioned, _said(words)), row, now)
        for _, row in sends.iterrows()
        if (words := _astray(row, there))
    ]


def _said(words: str) -> Words:
    return lambda _: words


def _astray(row: pd.Series, there: pd.DataFrame) -> str:
    key = f"{row['account_id']}/{row['spillover'].lower()}"
    if key not in there.index:
        return f"Its spillover target {row['spillover']} does not exist in {row['account']}."
    to = there.loc[key]
    known = [it for it in ("model", "version") if pd.notna(to[it]) and pd.notna(row[it])]
    if all(to[it] == row[it] for it in known):
        return ""
    called = " ".join(str(it) for it in to if pd.notna(it))
    return f"Its overflow goes to {called}, another model version."

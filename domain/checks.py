"""What the console sees itself of the readiness of a rollout: checks over what was collected of its
deployments, their accounts and quota. What cannot be seen is unknown, and never met.

Source: docs of features, 2.6, and of the Azure APIs, section 11.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from domain import holding
from domain.criteria import LEAST_PAIRS
from domain.gauges import oldest
from domain.holding import listed, none, text
from domain.posture import CATEGORIES, EVERYTHING
from domain.readiness import INSIDE, OUTSIDE, UNSAID, Seen, Status
from domain.ways_back import called

Row = Mapping[str, Any]
Rows = Sequence[Row]
Holds = Callable[[Row], bool | None]
"""Whether it is so of one deployment or account; None where nobody can tell."""
HEADROOM, DAYS, THROTTLED = 0.2, 180, 0.01
"""Least share of a pool that is free; least days that a model stays; most requests refused."""
CALM_UPGRADES = ("NoAutoUpgrade", "OnceCurrentVersionExpired")
"""Upgrade policies that change no model while people rely on it."""
PROVISIONED = "provisioned"


@dataclass(frozen=True)
class Facts:
    """What was collected about one rollout."""

    deployments: Rows
    """Of INVENTORY."""
    accounts: Rows
    """Of ACCOUNTS, those of the deployments."""
    matrix: Rows
    """Of MATRIX."""
    modes: Mapping[str, int]
    """Weak modes that are not exempt, by deployment."""
    pools: Mapping[str, Row]
    """Of POOLS, by key."""
    budgets: Rows
    """Of the units of the rollout."""
    copies: Rows
    """Of INVENTORY, those that stand by."""
    diagnostics: Rows | None
    """Of DIAGNOSTICS; None where they were not collected."""
    alerts: Rows | None
    """Of ALERTS; None where they were not collected."""
    dark: frozenset[str] = frozenset()
    """Accounts and subscriptions that did not answer when these were asked."""
    units: tuple[str, ...] = ()
    """Business units of the rollout."""
    absent: tuple[str, ...] = ()
    """Deployments and accounts of it that were not collected, or whose filters were not."""
    renewed: Mapping[str, datetime] = field(default_factory=dict)
    """By account: when a key was last made anew, as far as the activity log goes back."""
    logged_at: datetime | None = None
    """When the activity log was read."""
    evaluations: Rows = ()
    """The newest of each metric and deployment, with the threshold that counts."""
    times: Mapping[str, datetime | None] = field(default_factory=dict)
    """By check: the time of the oldest data, where it is not that of the rows."""


def seen(facts: Facts) -> dict[str, Seen]:
    """What every check finds, by its name; nothing is met of what was not all collected."""
    return {name: _whole(facts, name, check(facts)) for name, check in CHECKS.items()}


def _whole(facts: Facts, name: str, it: Seen) -> Seen:
    dated = replace(it, data_at=facts.times.get(name, it.data_at))
    if not facts.absent or it.status in (Status.NOT_MET, Status.UNKNOWN):
        return dated
    words = f"{_names(facts.absent)} {_were(facts.absent)} not collected."
    return replace(dated, status=Status.UNKNOWN, words=words, resource=facts.absent[0])


def audience(rows: Rows) -> str:
    """Who uses it: OUTSIDE where one deployment is for people outside, INSIDE where all are said to
    be for people inside."""
    said = {text(it["audience"]) for it in rows}
    if OUTSIDE in said:
        return OUTSIDE
    return INSIDE if said == {INSIDE} else UNSAID


def _of_all(rows: Rows, key: str, holds: Holds, wanted: str) -> Seen:
    """Met where it is so of each; unknown where it can't be told of one and is so of the others."""
    told = [(str(it[key]), holds(it)) for it in rows]
    data_at = oldest(rows, "seen_at") if rows else None
    if short := [name for name, it in told if it is False]:
        return Seen(Status.NOT_MET, f"{wanted}: not so of {_names(short)}.", data_at, short[0])
    if vague := [name for name, it in told if it is None]:
        return Seen(Status.UNKNOWN, f"{wanted}: not known of {_names(vague)}.", data_at, vague[0])
    if not told:
        return Seen(Status.UNKNOWN, f"{wanted}: nothing was collected yet.")
    return Seen(Status.MET, f"{wanted}.", data_at)


def _deployments(wanted: str, holds: Holds) -> Callable[[Facts], Seen]:
    return lambda facts: _of_all(facts.deployments, "resource", holds, wanted)


def _accounts(wanted: str, holds: Holds) -> Callable[[Facts], Seen]:
    return lambda facts: _of_all(facts.accounts, "account_id", holds, wanted)


def _flag(name: str) -> Holds:
    return lambda it: None if none(it[name]) else bool(it[name])


def _logs(facts: Facts) -> Seen:
    def holds(it: Row) -> bool | None:
        if facts.diagnostics is None or it["account_id"] in facts.dark:
            return None
        mine = [one for one in facts.diagnostics if one["account_id"] == it["account_id"]]
        logs = [set(listed(one["logs"])) for one in mine if text(one["workspace"])]
        return any(EVERYTHING in one or one >= CATEGORIES for one in logs)

    return _of_all(facts.accounts, "account_id", holds, "All logs go to a workspace")


def _watched(facts: Facts) -> Seen:
    def holds(it: Row) -> bool | None:
        if facts.alerts is None or it["subscription"] in facts.dark:
            return None
        return any(holding.tells(rule, it) for rule in facts.alerts)

    words = "An alert rule tells somebody of it"
    return _of_all(facts.deployments, "resource", holds, words)


def _roomy(facts: Facts) -> Seen:
    def holds(it: Row) -> bool | None:
        pool = None if none(it["pool"]) else facts.pools.get(it["pool"])
        if pool is None or none(pool["free"]) or none(pool["limit"]) or not pool["limit"]:
            return None
        return bool(pool["free"] / pool["limit"] >= HEADROOM)

    words = f"{HEADROOM:.0%} of its quota pool are free"
    return _of_all(facts.deployments, "resource", holds, words)


def _copied(facts: Facts) -> Seen:
    def holds(it: Row) -> bool | None:
        return holding.copied(facts.copies, it)

    words = "A standby copy of its unit is in another region, with as much capacity"
    return _of_all(facts.deployments, "resource", holds, words)


def _renewed(facts: Facts) -> Seen:
    keyed = [it for it in facts.accounts if none(it["keys_off"]) or not it["keys_off"]]
    if facts.accounts and not keyed:
        return Seen(
            Status.NOT_REQUIRED, "Its accounts take no keys.", oldest(facts.accounts, "seen_at")
        )

    def holds(it: Row) -> bool | None:
        return holding.renewed(facts.renewed.get(str(it["account_id"])), facts.logged_at)

    words = f"A key was made anew within {holding.KEY_AGE.days} days, as the activity log tells"
    return _of_all(keyed, "account_id", holds, words)


def _evaluated(facts: Facts) -> Seen:
    if not facts.evaluations:
        return Seen(Status.UNKNOWN, "No evaluation is recorded that is still valid.")
    words = f"Evaluations over {LEAST_PAIRS} pairs and more reach what was wanted"
    return _of_all(facts.evaluations, "metric", holding.reached, words)


def _filtered(facts: Facts) -> Seen:
    def holds(it: Row) -> bool | None:
        if none(it["distance"]):
            return None
        return bool(it["looser"] - it["exempted"] + facts.modes.get(it["resource"], 0) == 0)

    rows = [{"seen_at": None, **it} for it in facts.matrix]
    return _of_all(rows, "resource", holds, "Content filters are at their baseline")


def _budgeted(facts: Facts) -> Seen:
    bare = sorted(set(facts.units) - {str(it["unit"]) for it in facts.budgets})
    if bare or not facts.budgets:
        return Seen(Status.NOT_MET, f"No budget is set for {', '.join(bare) or 'its units'}.")
    return Seen(Status.MET, "A budget is set for its business units.")


def _spilling(facts: Facts) -> Seen:
    mine = [it for it in facts.deployments if PROVISIONED in text(it["sku"]).lower()]
    if facts.deployments and not mine:
        return Seen(Status.NOT_REQUIRED, "None of its deployments is of provisioned throughput.")
    words = "Overflow of provisioned throughput goes to another deployment"
    return _of_all(mine, "resource", lambda it: not none(it["spillover"]), words)


def _tagged(it: Row) -> bool | None:
    return not any(none(it[name]) for name in ("unit", "owner", "environment"))


def _calm(it: Row) -> bool | None:
    return None if none(it["upgrade"]) else it["upgrade"] in CALM_UPGRADES


def _stays(it: Row) -> bool | None:
    return None if none(it["days_left"]) else bool(it["days_left"] >= DAYS)


def _served(it: Row) -> bool | None:
    share = it["throttled_share"]
    return None if none(share) else bool(share <= THROTTLED)


def _own_key(it: Row) -> bool | None:
    return text(it["key_source"]) == "Microsoft.KeyVault"


def _private(it: Row) -> bool | None:
    return not none(it["private_endpoints"]) and it["private_endpoints"] > 0


def _identified(it: Row) -> bool | None:
    return text(it["identity"]) not in ("", "None")


def _monitored(it: Row) -> bool | None:
    return text(it["content_logging"]).lower() != "false"


CHECKS: Mapping[str, Callable[[Facts], Seen]] = {
    "local_auth": _accounts("Keys are switched off", _flag("keys_off")),
    "public_access": _accounts("It is closed to public networks", holding.closed),
    "network_rules": _accounts("Its network rules let in what they name alone", holding.fenced),
    "key_age": _renewed,
    "private_endpoint": _accounts("It has a private endpoint", _private),
    "own_key": _accounts("It is encrypted by a key of one's own", _own_key),
    "outbound": _accounts("Its outbound traffic is restricted", _flag("outbound_restricted")),
    "identity": _accounts("It has a managed identity", _identified),
    "abuse_monitoring": _accounts("Microsoft watches it for abuse", _monitored),
    "abuse_exemption": _accounts("Microsoft has agreed to watch no content", holding.excepted),
    "diagnostics": _logs,
    "alerts": _watched,
    "offer": _deployments("Its region offers model and SKU", _flag("listed")),
    "health": _deployments("It is ready", lambda it: text(it["health"]) == "Ready"),
    "throttling": _deployments("At most 1% of its requests are refused", _served),
    "headroom": _roomy,
    "standby": _copied,
    "upgrade": _deployments("Its model is not replaced without asking", _calm),
    "retirement": _deployments(f"Its model stays for {DAYS} days", _stays),
    "filters": _filtered,
    "tags": _deployments("Unit, owner and environment are tagged", _tagged),
    "budget": _budgeted,
    "spillover": _spilling,
    "evaluated": _evaluated,
}


def _names(those: Sequence[str]) -> str:
    shown = [it.rsplit("/", 1)[-1] if "/deployments/" not in it else called(it) for it in those]
    more = f" and {len(shown) - 3} more" if len(shown) > 3 else ""
    return ", ".join(shown[:3]) + more


def _were(those: Sequence[str]) -> str:
    return "was" if len(those) == 1 else "were"

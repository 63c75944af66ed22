"""Readiness of rollouts: the items of the reference, and where each stands by what the console sees
and what people vouch for."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from domain import checks, evaluations, frames, readiness
from domain.activity import worded
from domain.checks import Facts
from domain.readiness import UNSAID, Answer, Standing
from domain.readings import ACTIVITY, ALERTS, DIAGNOSTICS
from domain.rollouts import Rollout
from domain.tags import TagNames
from reads.known import Known, Row
from store.engine import Store
from store.reference import items

__all__ = ["items"]
RENEWED = worded("Microsoft.CognitiveServices/accounts/regenerateKey/action")


def vouched(rollout: Rollout, answers: Mapping[str, Answer], now: datetime) -> tuple[Standing, ...]:
    """Where each item of a rollout stands by the word of people alone."""
    asked = readiness.items_for(items(), rollout)
    return readiness.standings(asked, {}, answers, UNSAID, now)


def of(store: Store, tags: TagNames, rollout: Rollout, now: datetime) -> tuple[Standing, ...]:
    """Where each item of one rollout stands."""
    return standings(Known(store, tags, now, [rollout]), rollout)


def standings(known: Known, rollout: Rollout) -> tuple[Standing, ...]:
    """The same, of one among many."""
    told = facts(known, rollout)
    asked = readiness.items_for(items(), rollout)
    said = known.answers.get(rollout.id, {})
    who = checks.audience(told.deployments)
    return readiness.standings(asked, checks.seen(told), said, who, known.at)


def facts(known: Known, rollout: Rollout) -> Facts:
    """What was collected about a rollout; deployments that are not known are left out."""
    rows = known.found(rollout)
    accounts = {str(it["account_id"]) for it in rows}
    logs, alerts = known.snapshot(DIAGNOSTICS), known.snapshot(ALERTS)
    return Facts(
        rows,
        [it for it in known.accounts if it["account_id"] in accounts],
        [known.matrix[it] for it in rollout.deployments if it in known.matrix],
        known.modes,
        known.quota[1],
        [it for it in known.budgets if it["unit"] in rollout.units],
        known.standbys,
        None if logs.at is None else frames.records(logs.frame),
        None if alerts.at is None else frames.records(alerts.frame),
        frozenset(it.part for it in (*logs.troubles, *alerts.troubles)),
        rollout.units,
        _absent(known, rollout, accounts),
        *_renewed(known, accounts),
        _evaluations(known, rollout),
        {"filters": known.filters.at, "diagnostics": logs.at, "alerts": alerts.at},
    )


def _absent(known: Known, rollout: Rollout, accounts: set[str]) -> tuple[str, ...]:
    """What the rollout is of and nobody has collected."""
    there = {str(it["resource"]) for it in known.found(rollout)} & set(known.matrix)
    homes = {str(it["account_id"]) for it in known.accounts}
    return (*(it for it in rollout.deployments if it not in there), *sorted(accounts - homes))


def _renewed(known: Known, accounts: set[str]) -> tuple[dict[str, datetime], datetime | None]:
    """When a key of each account was last made anew, and when the log was read; of a subscription
    whose log did not answer, nothing is known."""
    log = known.snapshot(ACTIVITY)
    dark = {it.part for it in log.troubles}
    rows = log.frame[log.frame["resource"].isin(accounts) & log.frame["operation"].eq(RENEWED)]
    found: dict[str, datetime] = {}
    for it in frames.records(rows):
        if it["status"] == "Succeeded" and not {"", it["subscription"]} & dark:
            found[it["resource"]] = max(it["at"], found.get(it["resource"], it["at"]))
    return found, log.at


def _evaluations(known: Known, rollout: Rollout) -> list[Row]:
    """What counts of what was measured, as long as it is valid: it is looked at now, however long
    ago it ran. Where nobody said what was wanted, the gate's word does."""
    rows: list[Row] = []
    lasts = timedelta(days=next(it.valid_days for it in items() if it.check == "evaluated"))
    for it in evaluations.newest(known.evaluations.get(rollout.id, [])):
        if known.at - it.ran_at > lasts:
            continue
        asked = evaluations.read_by(rollout, it.metric)
        gate = asked[1].threshold if asked else None
        wanted = it.threshold if it.threshold is not None else gate
        rows.append({"metric": it.metric, "value": it.value, "pairs": it.pairs,
                     "threshold": wanted, "seen_at": known.at})  # fmt: skip
    return rows

"""What gates read, reckoned from what was collected of the deployments of a rollout.

What is not known is no number: where one deployment was not read, none of them has been. Source:
docs of the rollout model, 4.3 (rule 3).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from domain import evaluations
from domain.criteria import Criterion, Reading
from domain.evaluations import Evaluation
from domain.feedback import Sums
from domain.rollouts import Rollout
from domain.ways_back import called

Rows = Sequence[Mapping[str, Any]]
PERCENT = 100.0
SHARES = {"throttled_share": "throttled", "failed_share": "failed", "availability": "failed"}
"""The part of all requests that a metric is reckoned from."""


class Unread(Exception):
    """Why something cannot be read, in words."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def traffic(name: str, rows: Rows, at: datetime) -> Reading:
    """requests; availability, throttled_share, failed_share in percent of them; latency_ms as their
    mean; utilization of the fullest deployment, in percent. rows: of INVENTORY over one window."""
    if dark := [it for it in rows if _none(it["measured_at"])]:
        raise Unread(f"No metrics of {_called(dark)} were ever read.")
    requests = _total(rows, "requests")
    sample, data_at = int(requests or 0), oldest(rows, "measured_at")
    return Reading(at, _metric(name, rows, requests), sample, data_at)


def _metric(name: str, rows: Rows, requests: float | None) -> float | None:
    if name == "requests":
        return requests
    if name == "utilization":
        return max((it["utilization"] for it in rows if not _none(it["utilization"])), default=None)
    if not requests:
        return None
    if name == "latency_ms":
        return _mean(rows)
    if name not in SHARES:
        raise Unread(f"There is no metric called {name}.")
    part = _total(rows, SHARES[name])
    if part is None:
        return None
    share = PERCENT * part / requests
    return PERCENT - share if name == "availability" else share


def _mean(rows: Rows) -> float | None:
    """By requests: a deployment that few use says little about how long people wait."""
    known = [it for it in rows if not (_none(it["latency_ms"]) or _none(it["requests"]))]
    weight = sum(it["requests"] for it in known)
    return sum(it["latency_ms"] * it["requests"] for it in known) / weight if weight else None


def blocked(sums: Mapping[str, float], at: datetime, data_at: datetime | None) -> Reading:
    """Requests that filters blocked, in percent of all that they looked at. sums: requests by
    "total" and "blocked"."""
    total = sums.get("total", 0.0)
    value = PERCENT * sums.get("blocked", 0.0) / total if total else None
    return Reading(at, value, int(total), data_at)


def conversation(
    cents: Mapping[str, int], requests: float | None, at: datetime, made_at: datetime | None
) -> Reading:
    """What a request costs. cents: by currency, of the days of which requests are."""
    spent = {it: many for it, many in cents.items() if many}
    if len(spent) > 1:
        raise Unread(f"It is paid in {' and '.join(sorted(spent))}, which do not add up.")
    if not spent or not requests:
        return Reading(at, None, int(requests or 0), made_at)
    return Reading(at, sum(spent.values()) / 100 / requests, int(requests), made_at)


def forecast(budgets: Rows, at: datetime, made_at: datetime | None) -> Reading:
    """The forecast of the fullest budget, in percent of it. budgets: of JUDGED, those of the units
    of the rollout."""
    if not budgets:
        raise Unread("No budget is set for its business units.")
    if vague := [it for it in budgets if _none(it["forecast"])]:
        raise Unread(f"There is no forecast yet for {vague[0]['period']}: {vague[0]['state']}.")
    shares = [PERCENT * it["forecast"] / it["budget_cents"] for it in budgets]
    return Reading(at, max(shares), len(budgets), made_at)


def headroom(
    holders: Rows, pools: Mapping[str, Mapping[str, Any]], growth: float, at: datetime
) -> Reading:
    """What the fullest quota pool has left, in percent of what the deployments could have of it,
    when their busiest minute grows by this factor. holders: of HOLDERS; pools: of POOLS by key."""
    by_pool: dict[str, list[Mapping[str, Any]]] = {}
    for it in holders:
        if _none(it["pool"]) or it["pool"] not in pools or _none(pools[it["pool"]]["free"]):
            raise Unread(f"The quota of {_called([it])} is not known.")
        if _none(it["needed"]):
            raise Unread(f"What {_called([it])} needs at its peak is not known yet.")
        by_pool.setdefault(it["pool"], []).append(it)
    left = [_left(those, pools[pool], growth) for pool, those in by_pool.items()]
    return Reading(at, min(left, default=None), len(holders), oldest(holders, "measured_at"))


def _left(those: Rows, pool: Mapping[str, Any], growth: float) -> float:
    there = pool["free"] + sum(it["capacity"] for it in those)
    need = growth * sum(it["needed"] for it in those)
    return PERCENT * (1 - need / there) if there > 0 else -PERCENT


def growth(rollout: Rollout) -> float:
    """By how much the people grow with the next cohort, from those that are reached now."""
    number = rollout.number or 0
    reached = rollout.phases[number].cohort.reached
    if not reached:
        raise Unread("Nobody has said yet how many people are reached.")
    after = rollout.phases[number + 1 : number + 2] or rollout.phases[number:]
    return max(after[0].cohort.planned, reached) / reached


def looser(
    matrix: Rows, modes: Mapping[str, int], at: datetime, read_at: datetime | None
) -> Reading:
    """Filters and modes that block less than is demanded and are not exempt. matrix: of MATRIX;
    modes: how many, by deployment."""
    for it in matrix:
        if _none(it["distance"]):
            raise Unread(f"The filters of {_called([it])} are not known, or nothing is demanded.")
    many = sum(it["looser"] - it["exempted"] + modes.get(it["resource"], 0) for it in matrix)
    return Reading(at, float(many), len(matrix), read_at)


def days_left(rows: Rows, at: datetime) -> Reading:
    """Days until the first of the models retires or is replaced."""
    if vague := [it for it in rows if _none(it["days_left"])]:
        raise Unread(f"Azure names no date for the model of {_called(vague)}.")
    first = min(it["days_left"] for it in rows)
    return Reading(at, float(first), len(rows), oldest(rows, "seen_at"))


def said(name: str, sums: Sums, at: datetime) -> Reading:
    """response_rate in percent of those who were asked, open_severe, closed_share in percent of
    what was accepted, satisfaction as the percentage of praise."""
    values = {
        "response_rate": (sums.response_rate, sums.asked or 0),
        "open_severe": (float(sums.open_severe) if sums.at else None, sums.told),
        "closed_share": (sums.closed_share, sums.accepted + sums.closed),
        "satisfaction": (sums.satisfaction, sums.told),
    }
    if name not in values:
        raise Unread(f"There is no figure of feedback called {name}.")
    value, sample = values[name]
    return Reading(at, value, sample, sums.at)


def evaluated(
    those: Sequence[Evaluation], deployments: Sequence[str], criterion: Criterion, at: datetime
) -> Reading:
    """The worst of what was found last, of the solution or of each of its deployments.
    those: of one rollout, the newest first."""
    name = evaluations.metric(criterion.reads)
    ours = [it for it in those if it.metric == name and it.deployment in ("", *deployments)]
    found, low = evaluations.newest(ours), criterion.compares in ("at least", "above")
    if not found:
        return Reading(at, None)
    worst = (min if low else max)(found, key=lambda it: it.value)
    return Reading(at, worst.value, min(it.pairs for it in found), min(it.ran_at for it in found))


def oldest(rows: Iterable[Mapping[str, Any]], name: str) -> datetime | None:
    """The oldest time among these, None where one has none."""
    times = [it[name] for it in rows]
    if not times or any(map(_none, times)):
        return None
    first: datetime = min(times)
    return first.to_pydatetime() if isinstance(first, pd.Timestamp) else first


def _total(rows: Rows, name: str) -> float | None:
    known = [it[name] for it in rows if not _none(it[name])]
    return float(sum(known)) if known else None


def _called(rows: Rows) -> str:
    return " and ".join(called(it["resource"]) for it in rows)


def _none(value: Any) -> bool:
    return value is None or bool(pd.isna(value))

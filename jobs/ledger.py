"""The ledger of usage: what was used by the day, and what each deployment was on that day."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Protocol

import pandas as pd

from domain import estate, frames
from domain.costs import ESTATE_DAYS, USAGE_DAYS
from domain.readings import ACCOUNTS, DEPLOYMENTS, LEDGER, Snapshot, Topic, nothing
from jobs import keeping, reach
from jobs.asks import MOST_ACCOUNTS, Ask
from jobs.keeping import Gathering
from jobs.reach import DAY
from services import ledger
from services.azure import Azure
from store import edits, estate_days, snapshots, usage_days
from store.engine import Session, Store
from store.rounds import Due

LATE = 3 * DAY
"""Metrics of so many days before today may still come."""
MOST_EDITS = 10_000


class Asking(Protocol):
    """What is needed of the collector."""

    azure: Azure
    store: Store
    clock: Callable[[], datetime]


def questions(of: Asking, due: Due, at: datetime) -> tuple[Gathering, Mapping[str, Ask]]:
    """By region, and within it by as many accounts as one question may name."""
    with of.store.reading() as session:
        accounts = _kept(session, ACCOUNTS, due.scope).frame
        before = _kept(session, LEDGER, due.scope)
    regions: dict[str, str] = dict(
        accounts[["account_id", "region"]].dropna().itertuples(index=False)
    )
    known = before.frame[before.frame["region"].isin(set(regions.values()))]
    silent = {it.part for it in before.troubles}
    if "" in silent or set(regions.values()) - set(known["region"]) - silent:
        known = known[:0]  # a region that is new has no history yet
    days = reach.wanted(known, silent, "region", reach.midnight(at) - LATE, at)
    asks: dict[str, Ask] = {}
    for where in sorted(set(regions.values())):
        ids = sorted(it for it, place in regions.items() if place == where)
        for first in range(0, len(ids), MOST_ACCOUNTS):
            some = ids[first : first + MOST_ACCOUNTS]
            end = min(days.end, at)
            asks[f"{where}#{first}"] = partial(
                ledger.days, of.azure, due.scope, where, some, days.first, end
            )
    gathering = Gathering(
        LEDGER,
        due.scope,
        at,
        set(asks),
        backlog=days.backlog if asks else 0,
        days=(days.first, days.end),
        regions=regions,
    )
    return gathering, asks


def keep(session: Session, it: Gathering) -> Snapshot:
    """What was used in the regions that answered, what their deployments were, and then how far
    the ledger reaches; returns the latter."""
    assert it.days
    failed = {trouble.part for trouble in it.troubles}
    good = {} if "" in failed else {a: r for a, r in it.regions.items() if r not in failed}
    was = _keep_estate(session, it)
    counted = frames.frame(USAGE_DAYS, it.rows).assign(seen_at=pd.Timestamp(it.at).as_unit("us"))
    own = was[was["account_id"].isin(list(good))]
    usage = frames.fitted(estate.measured(counted, own, it.at, *it.days), USAGE_DAYS)
    account = usage["resource"].str.replace(r"/deployments/.*$", "", regex=True)
    usage = usage[account.isin(list(good))]
    usage_days.replace(session, usage, "metrics", good, *it.days)
    known = _kept(session, LEDGER, it.scope).frame
    rows = [
        {
            "subscription": it.scope,
            "region": where,
            **reach.joined(known, "region", where, it.days),
            "rows": usage_days.many(session, [a for a, r in good.items() if r == where], "metrics"),
        }
        for where in sorted(set(good.values()))
    ]
    return keeping.remember(session, LEDGER, it, frames.frame(LEDGER.columns, rows), None)


def _keep_estate(session: Session, it: Gathering) -> pd.DataFrame:
    """What accounts and deployments are today, and are taken to have been on days of which nothing
    is known; returns frame ESTATE_DAYS of the days that were asked."""
    assert it.days
    first, today = it.days[0], reach.midnight(it.at)
    accounts = _kept(session, ACCOUNTS, it.scope).frame
    deployments = _kept(session, DEPLOYMENTS, it.scope).frame
    known = estate_days.between(session, min(first, today - DAY), today + DAY, [it.scope])
    changed = edits.since(session, today - DAY, [it.scope], MOST_EDITS)
    looked = estate.looked(accounts, deployments, known, changed, first, it.at)
    for new in (looked, estate.homes(accounts, known, first, it.at)):
        estate_days.keep(session, frames.fitted(new, ESTATE_DAYS))
    return estate_days.between(session, *it.days, [it.scope])


def _kept(session: Session, topic: Topic, scope: str) -> Snapshot:
    return snapshots.kept(session, topic, [scope])[scope] or nothing(topic)

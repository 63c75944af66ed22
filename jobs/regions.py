"""Ledgers of days that are asked region by region: which days, of whom, and how far it got."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Protocol

from domain import frames
from domain.frames import Row
from domain.readings import ACCOUNTS, Snapshot, Topic, nothing
from jobs import keeping, reach
from jobs.asks import MOST_ACCOUNTS, Ask
from jobs.keeping import Gathering
from jobs.reach import DAY
from services.azure import Azure
from store import snapshots
from store.engine import Session, Store
from store.rounds import Due

LATE = 3 * DAY
"""Metrics of so many days before today may still come."""


class Asking(Protocol):
    """What is needed of the collector."""

    azure: Azure
    store: Store
    clock: Callable[[], datetime]


def questions(
    of: Asking, topic: Topic, due: Due, at: datetime, days_of: Callable[..., list[Row]]
) -> tuple[Gathering, Mapping[str, Ask]]:
    """By region, and within it by as many accounts as one question may name. days_of: asks Azure,
    given subscription, region, accounts, first day and end."""
    with of.store.reading() as session:
        accounts = kept(session, ACCOUNTS, due.scope).frame
        before = kept(session, topic, due.scope)
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
            asks[f"{where}#{first}"] = partial(
                days_of, of.azure, due.scope, where, some, days.first, min(days.end, at)
            )
    gathering = Gathering(
        topic,
        due.scope,
        at,
        set(asks),
        backlog=days.backlog if asks else 0,
        days=(days.first, days.end),
        regions=regions,
    )
    return gathering, asks


def answered(it: Gathering) -> dict[str, str]:
    """The region of each account whose region answered."""
    failed = {trouble.part for trouble in it.troubles}
    return {} if "" in failed else {a: r for a, r in it.regions.items() if r not in failed}


def reached(session: Session, it: Gathering, many: Callable[[Collection[str]], int]) -> Snapshot:
    """Keep how far each region that answered reaches; many: how many rows there are of accounts."""
    assert it.days
    good = answered(it)
    known = kept(session, it.topic, it.scope).frame
    rows = [
        {
            "subscription": it.scope,
            "region": where,
            **reach.joined(known, "region", where, it.days),
            "rows": many([account for account, of in good.items() if of == where]),
        }
        for where in sorted(set(good.values()))
    ]
    return keeping.remember(session, it.topic, it, frames.frame(it.topic.columns, rows), None)


def kept(session: Session, topic: Topic, scope: str) -> Snapshot:
    return snapshots.kept(session, topic, [scope])[scope] or nothing(topic)

"""What is deployed where, and how it is used, as last collected."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pandas as pd

from domain import inventory, periods, usage
from domain.readings import (
    ACCOUNTS,
    DEPLOYMENTS,
    METRICS,
    MODELS,
    SERIES,
    SUBSCRIPTIONS,
    TENANT,
    USAGES,
    Snapshot,
    together,
)
from domain.tags import TagNames
from store import snapshots, units
from store.engine import Store

PARTS = (ACCOUNTS, DEPLOYMENTS, MODELS, USAGES, METRICS)


def subscriptions(store: Store, now: datetime) -> Snapshot:
    """Frame SUBSCRIPTIONS."""
    with store.reading() as session:
        return together(SUBSCRIPTIONS, snapshots.kept(session, SUBSCRIPTIONS, [TENANT]), now, "the")


def generation(store: Store, subscriptions: Sequence[str]) -> int:
    """Grows whenever anything that deployments() and usage() show was collected anew."""
    with store.reading() as session:
        own = snapshots.generation(session, [*PARTS, SERIES], subscriptions)
        return max(own, snapshots.generation(session, [SUBSCRIPTIONS], [TENANT]))


def deployments(
    store: Store, subscriptions: Sequence[str], window: str, tags: TagNames, now: datetime
) -> Snapshot:
    """Frame INVENTORY of these subscriptions over a window; the troubles of every topic in it."""
    with store.reading() as session:
        kept = {
            it.name: together(it, snapshots.kept(session, it, subscriptions), now) for it in PARTS
        }
        called = snapshots.kept(session, SUBSCRIPTIONS, [TENANT])
        tree = units.tree(session)
    frames = {name: part.frame for name, part in kept.items()}
    frames[SUBSCRIPTIONS.name] = together(SUBSCRIPTIONS, called, now).frame
    return Snapshot(
        inventory.joined(frames, tree, tags, window, now),
        kept[DEPLOYMENTS.name].at,
        tuple(trouble for part in kept.values() for trouble in part.troubles),
        max(part.generation for part in kept.values()),
    )


def usage_over_time(
    store: Store, subscriptions: Sequence[str], window: str, rows: pd.DataFrame, now: datetime
) -> Snapshot:
    """Columns of domain.usage.grouped over a window, for an inventory's rows; at is the time of
    the oldest metrics."""
    with store.reading() as session:
        kept = together(SERIES, snapshots.kept(session, SERIES, subscriptions), now)
    since = pd.Timestamp(now - periods.PERIODS[window])
    series = kept.frame[kept.frame["at"] >= since.floor("h" if window == "24h" else "D")]
    return replace(kept, frame=usage.grouped(series, rows, periods.grain(window)))

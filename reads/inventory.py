"""What is deployed where, and how it is used, as last collected."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pandas as pd

from domain import inventory, periods, usage
from domain.readings import (
    DEPLOYMENTS,
    SERIES,
    SUBSCRIPTIONS,
    TENANT,
    Snapshot,
    together,
)
from domain.tags import TagNames
from store import estates, snapshots
from store.engine import Store
from store.estates import PARTS


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
        known = estates.kept(session, subscriptions, now)
    own = [known.parts[it.name] for it in PARTS]
    frames = {name: part.frame for name, part in known.parts.items()}
    return Snapshot(
        inventory.joined(frames, known.tree, tags, window, now),
        known.parts[DEPLOYMENTS.name].at,
        tuple(trouble for part in own for trouble in part.troubles),
        max(part.generation for part in own),
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

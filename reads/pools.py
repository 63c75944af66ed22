"""Quota pools, who holds them and what else bears on them, as last collected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from domain import holders, pools, standing
from domain.readings import MODELS, TOPICS, USAGES, Snapshot, Topic, Trouble, together
from store import snapshots
from store.engine import Session, Store

BESIDE = ("deleted", "tiers", "capacities")
"""Topics that a cloud may not have; what they say is missing until they were asked."""


@dataclass(frozen=True, eq=False)
class Quota:
    pools: pd.DataFrame
    """Frame STANDINGS, what needs somebody first."""
    holders: pd.DataFrame
    """Frame HOLDERS: every deployment, whatever its pool."""
    deleted: pd.DataFrame | None
    tiers: pd.DataFrame | None
    capacities: pd.DataFrame | None
    at: datetime | None
    """Time of the oldest quota rows."""
    troubles: tuple[Trouble, ...]


def generation(store: Store, subscriptions: Sequence[str]) -> int:
    """Grows whenever anything was collected anew that quota() has and an inventory has not."""
    with store.reading() as session:
        return snapshots.generation(session, _beside(), subscriptions)


def quota(store: Store, subscriptions: Sequence[str], rows: pd.DataFrame, now: datetime) -> Quota:
    """What these subscriptions have, from frame INVENTORY of all their deployments."""
    with store.reading() as session:
        usages, models = (_kept(session, it, subscriptions, now) for it in (USAGES, MODELS))
        beside = {
            it.name: _answered(_kept(session, it, subscriptions, now)) for it in _beside()
        }
    deleted, tiers, capacities = (beside.get(it) for it in BESIDE)
    found = pools.pools(rows, usages.frame, deleted, tiers, models.frame)
    return Quota(
        standing.standings(found),
        holders.holders(rows),
        deleted,
        tiers,
        capacities,
        usages.at,
        usages.troubles,
    )


def _beside() -> list[Topic]:
    return [TOPICS[it] for it in BESIDE if it in TOPICS]


def _kept(session: Session, topic: Topic, scopes: Sequence[str], now: datetime) -> Snapshot:
    return together(topic, snapshots.kept(session, topic, scopes), now)


def _answered(snapshot: Snapshot) -> pd.DataFrame | None:
    """None where nobody has answered yet."""
    nothing = snapshot.at is None and snapshot.frame.empty
    return None if nothing else snapshot.frame


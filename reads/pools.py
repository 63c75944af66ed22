"""Quota pools, who holds them and what else bears on them, as last collected."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property

import pandas as pd

from domain import advice, ceilings, frames, holders, pools, standing
from domain.entitlements import ENTITLEMENTS
from domain.figures import Figures, figures
from domain.readings import (
    CAPACITIES,
    DELETED,
    MODELS,
    TIERS,
    USAGES,
    Snapshot,
    Topic,
    Trouble,
    together,
)
from store import entitlements, snapshots
from store.engine import Session, Store

BESIDE = (DELETED, TIERS, CAPACITIES)
"""What a cloud may not have; nothing is known of it before it was asked."""


@dataclass(frozen=True, eq=False)
class Quota:
    pools: pd.DataFrame
    """Frame STANDINGS, what needs somebody first."""
    holders: pd.DataFrame
    """Frame HOLDERS: every deployment, whatever its pool."""
    advice: pd.DataFrame
    """Frame ADVICE, the most worthwhile first."""
    ceilings: pd.DataFrame
    """Frame CEILINGS, the nearest first."""
    deleted: pd.DataFrame | None
    tiers: pd.DataFrame | None
    capacities: pd.DataFrame | None
    at: datetime | None
    """Time of the oldest quota rows."""
    troubles: tuple[Trouble, ...]

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each deployment stands among the holders."""
        return {it: at for at, it in enumerate(self.holders["resource"].tolist())}

    @cached_property
    def figures(self) -> Figures:
        """Of all of it."""
        return figures(self.pools, self.holders)


def generation(store: Store, subscriptions: Sequence[str]) -> int:
    """Grows whenever anything was collected anew that quota() has and an inventory has not."""
    with store.reading() as session:
        return snapshots.generation(session, BESIDE, subscriptions)


def quota(store: Store, subscriptions: Sequence[str], known: Snapshot, now: datetime) -> Quota:
    """What these subscriptions have. known: frame INVENTORY of all their deployments."""
    with store.reading() as session:
        usages, models = (_kept(session, it, subscriptions, now) for it in (USAGES, MODELS))
        deleted, tiers, capacities = (
            _answered(_kept(session, it, subscriptions, now)) for it in BESIDE
        )
    held = holders.holders(known.frame)
    found = pools.pools(known.frame, usages.frame, deleted, tiers, models.frame)
    return Quota(
        standing.standings(found),
        held,
        advice.advice(held, found, capacities, deleted),
        ceilings.ceilings(known.frame, usages.frame),
        deleted,
        tiers,
        capacities,
        usages.at,
        known.troubles,
    )


def promises(store: Store, these: Collection[str]) -> pd.DataFrame:
    """Frame ENTITLEMENTS: what business units are guaranteed of these pools."""
    with store.reading() as session:
        return frames.frame(ENTITLEMENTS, [asdict(it) for it in entitlements.of(session, these)])


def _kept(session: Session, topic: Topic, scopes: Sequence[str], now: datetime) -> Snapshot:
    return together(topic, snapshots.kept(session, topic, scopes), now)


def _answered(snapshot: Snapshot) -> pd.DataFrame | None:
    """None where nobody has answered yet."""
    nothing = snapshot.at is None and snapshot.frame.empty
    return None if nothing else snapshot.frame

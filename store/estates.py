"""What was collected of a subscription's deployments, topic by topic, as one reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.readings import (
    ACCOUNTS,
    DEPLOYMENTS,
    METRICS,
    MODELS,
    SUBSCRIPTIONS,
    TENANT,
    USAGES,
    Snapshot,
    together,
)
from domain.units import Tree
from store import snapshots, units
from store.engine import Session

PARTS = (ACCOUNTS, DEPLOYMENTS, MODELS, USAGES, METRICS)


@dataclass(frozen=True, eq=False)
class Estate:
    parts: Mapping[str, Snapshot]
    """By name of the topic: those of PARTS, and the subscriptions."""
    tree: Tree


def kept(session: Session, subscriptions: Sequence[str], now: datetime) -> Estate:
    """All that an inventory of these subscriptions is joined from."""
    parts = {it.name: together(it, snapshots.kept(session, it, subscriptions), now) for it in PARTS}
    called = snapshots.kept(session, SUBSCRIPTIONS, [TENANT])
    parts[SUBSCRIPTIONS.name] = together(SUBSCRIPTIONS, called, now, "the")
    return Estate(parts, units.tree(session))

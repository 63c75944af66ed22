"""What was collected of a subscription's deployments, topic by topic, as one reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.readings import (
    ACCOUNTS,
    BLOCKLISTS,
    CATALOGUE,
    DEPLOYMENTS,
    METRICS,
    MODELS,
    POLICIES,
    SUBSCRIPTIONS,
    TENANT,
    USAGES,
    Snapshot,
    Topic,
    together,
)
from domain.units import Tree
from store import snapshots, units
from store.engine import Session

PARTS = (ACCOUNTS, DEPLOYMENTS, MODELS, USAGES, METRICS)
FILTERS = (POLICIES, BLOCKLISTS, CATALOGUE)
"""What is read beside them where content filters are changed."""


@dataclass(frozen=True, eq=False)
class Estate:
    parts: Mapping[str, Snapshot]
    """By name of the topic: those of PARTS, the subscriptions, and what was asked for beside."""
    tree: Tree


def kept(
    session: Session, subscriptions: Sequence[str], now: datetime, beside: Sequence[Topic] = ()
) -> Estate:
    """All that an inventory of these subscriptions is joined from, and these topics beside."""
    parts = {
        it.name: together(it, snapshots.kept(session, it, subscriptions), now)
        for it in (*PARTS, *beside)
    }
    called = snapshots.kept(session, SUBSCRIPTIONS, [TENANT])
    parts[SUBSCRIPTIONS.name] = together(SUBSCRIPTIONS, called, now, "the")
    return Estate(parts, units.tree(session))

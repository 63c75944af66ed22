"""How mature an organisation says it is, who sees to the next steps, and what is seen of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain import coverage, names
from domain.maturity import Assessment, Seen
from domain.readings import ALERTS, DIAGNOSTICS
from store import maturity as kept
from store import people, practice, snapshots
from store.engine import Store
from store.maturity import Step
from store.reference import actions

__all__ = ["actions"]


@dataclass(frozen=True)
class History:
    """All that people said."""

    assessments: tuple[Assessment, ...]
    """By the day of which they are."""
    steps: tuple[Step, ...]
    people: Mapping[str, str]
    """Names by key of everybody who is enrolled."""


def history(store: Store) -> History:
    """Of every unit."""
    with store.reading() as session:
        names = {it.key: it.name for it in people.everyone(session)}
        return History(tuple(kept.known(session)), tuple(kept.steps(session)), names)


def practised(store: Store, units: Collection[str] | None, now: datetime) -> Seen:
    """What rollouts for any of these units, or all, show of it; the estate is seen elsewhere."""
    with store.reading() as session:
        return practice.of(session, units, now)


def watched(store: Store, accounts: Sequence[str]) -> tuple[float | None, float | None]:
    """The shares of these accounts that have an alert rule, and that log; None where it can't be
    told."""
    subscriptions = sorted({names.subscription(it) for it in accounts})
    with store.reading() as session:
        rules = snapshots.kept(session, ALERTS, subscriptions)
        settings = snapshots.kept(session, DIAGNOSTICS, subscriptions)
    return coverage.alerted(accounts, rules), coverage.logged(accounts, settings)

"""Content filters as last collected: what is in force, what is demanded, what is excused, what
changed and what was stopped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zlib import crc32

import pandas as pd

from domain import baselines, frames
from domain import filters as rules
from domain.baselines import Baseline
from domain.exemptions import Exemption
from domain.filters import Policy
from domain.readings import (
    ACCOUNTS,
    BLOCKLISTS,
    CATALOGUE,
    HARMS,
    POLICIES,
    TENANT,
    Snapshot,
    Topic,
    Trouble,
    together,
)
from store import baselines as kept_baselines
from store import deviations, filter_days, filter_edits, harm_sums, snapshots
from store import exemptions as kept_exemptions
from store.engine import Session, Store

TOPICS = (POLICIES, BLOCKLISTS, CATALOGUE)


@dataclass(frozen=True, eq=False)
class Filters:
    """What is in force, held against what is demanded."""

    matrix: pd.DataFrame
    """Frame MATRIX, one row for each deployment."""
    cells: pd.DataFrame
    """Frame CELLS."""
    modes: pd.DataFrame
    """Frame DEVIATIONS of modes, with the column exempt."""
    policies: pd.DataFrame
    """Frame POLICIES, Microsoft's own ones too."""
    blocklists: pd.DataFrame
    accounts: pd.DataFrame
    """Frame ACCOUNTS."""
    catalogue: pd.DataFrame
    at: datetime | None
    """Time of the oldest policies."""
    troubles: tuple[Trouble, ...]

    @cached_property
    def meanings(self) -> dict[str, Policy]:
        """What each policy means, by resource."""
        found: dict[str, Policy] = {}
        for _, part in self.policies.groupby("account_id"):
            names = dict(zip(part["policy"], part["resource"], strict=True))
            bodies = dict(zip(part["policy"], part["body"], strict=True))
            read = rules.of_account({name: rules.parsed(it) for name, it in bodies.items()})
            found |= {resource: read[name.lower()] for name, resource in names.items()}
        return found


@dataclass(frozen=True, eq=False)
class Demands:
    """What people have decided."""

    baselines: tuple[Baseline, ...]
    exemptions: tuple[Exemption, ...]

    @property
    def version(self) -> int:
        """Another one when anything of it is other."""
        return crc32(repr((self.baselines, self.exemptions)).encode())


def generation(store: Store, subscriptions: Sequence[str]) -> int:
    """Grows whenever policies, blocklists or the catalogue were collected anew."""
    with store.reading() as session:
        return max(
            snapshots.generation(session, TOPICS, subscriptions),
            snapshots.generation(session, [CATALOGUE], [TENANT]),
        )


def harm_generation(store: Store, subscriptions: Sequence[str]) -> int:
    """Grows whenever what was found and stopped was asked anew."""
    with store.reading() as session:
        return snapshots.generation(session, [HARMS], subscriptions)


def demands(store: Store) -> Demands:
    """Every version of every baseline, and the register of exemptions."""
    with store.reading() as session:
        return Demands(tuple(kept_baselines.known(session)), tuple(kept_exemptions.known(session)))


def filters(
    store: Store, subscriptions: Sequence[str], known: Snapshot, demanded: Demands, now: datetime
) -> Filters:
    """What is in force in these subscriptions. known: frame INVENTORY of all their deployments."""
    with store.reading() as session:
        policies, lists, catalogue = (_kept(session, it, subscriptions, now) for it in TOPICS)
        accounts = _kept(session, ACCOUNTS, subscriptions, now)
        since = deviations.of(session, subscriptions)
    found = baselines.measured(
        known.frame, policies.frame, demanded.baselines, demanded.exemptions, since, now
    )
    return Filters(
        found.matrix,
        found.cells,
        found.modes,
        policies.frame,
        lists.frame,
        accounts.frame,
        catalogue.frame,
        policies.at,
        (*known.troubles, *policies.troubles, *lists.troubles),
    )


def edits(store: Store, since: datetime | None, subscriptions: Sequence[str]) -> pd.DataFrame:
    """Frame FILTER_EDITS after this time, the newest first."""
    with store.reading() as session:
        return filter_edits.since(session, since, subscriptions)


def days(store: Store, first: datetime, subscriptions: Sequence[str]) -> pd.DataFrame:
    """Frame FILTER_DAYS from this day on."""
    with store.reading() as session:
        return filter_days.since(session, first, subscriptions)


def harms(
    store: Store, first: datetime, end: datetime, subscriptions: Sequence[str]
) -> pd.DataFrame:
    """Columns harm_sums.BY_RESOURCE: what was found and stopped, by deployment."""
    with store.reading() as session:
        return harm_sums.by_resource(session, first, end, subscriptions)


def harms_by_day(
    store: Store, first: datetime, end: datetime, resources: Sequence[str]
) -> pd.DataFrame:
    """Columns harm_sums.BY_DAY of these deployments."""
    if not resources:
        return frames.frame(harm_sums.BY_DAY, [])
    with store.reading() as session:
        return harm_sums.by_day(session, first, end, resources)


def graded(catalogue: pd.DataFrame) -> Mapping[str, bool]:
    """Of each category of a catalogue whether it has levels; empty where nothing is known."""
    known = catalogue.dropna(subset=["filter", "graded"])
    return dict(zip(known["filter"], known["graded"].astype(bool), strict=True))


def _kept(session: Session, topic: Topic, scopes: Sequence[str], now: datetime) -> Snapshot:
    return together(topic, snapshots.kept(session, topic, scopes), now)

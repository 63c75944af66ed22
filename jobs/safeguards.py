"""Content filters held against their baselines whenever something new was collected: what is other
than is demanded has an age, each day its distance, and what is below is found."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from domain import baselines, filter_findings, frames
from domain.moderation import FILTER_DAYS
from domain.readings import ACCOUNTS, POLICIES, Snapshot, Topic, together
from store import baselines as kept_baselines
from store import deviations, filter_days, filter_edits, snapshots
from store import exemptions as kept_exemptions
from store.engine import Session, Store

_MANY = 5_000
"""Edits that are looked through for those of Microsoft."""


@dataclass(frozen=True, eq=False)
class Judged:
    """What one look has shown."""

    findings: pd.DataFrame
    deviations: pd.DataFrame
    unjudged: frozenset[str]
    """Deployments whose filters are not known now."""
    days: pd.DataFrame


def generation(store: Store, scopes: tuple[str, ...]) -> int:
    """Grows whenever policies were collected anew."""
    with store.reading() as session:
        return snapshots.generation(session, [POLICIES], scopes)


def judged(store: Store, rows: pd.DataFrame, scopes: tuple[str, ...], now: datetime) -> Judged:
    """The deployments of frame INVENTORY beside what is demanded of them."""
    with store.reading() as session:
        policies, accounts = (_kept(session, it, scopes, now).frame for it in (POLICIES, ACCOUNTS))
        demanded, excused = kept_baselines.known(session), kept_exemptions.known(session)
        since = deviations.of(session, scopes)
        edits = filter_edits.since(session, now - filter_findings.RECENT, scopes, _MANY)
    found = baselines.measured(rows, policies, demanded, excused, since, now)
    matrix = found.matrix
    known = matrix["distance"].notna()
    return Judged(
        filter_findings.found(rows, policies, found, excused, accounts, edits, now),
        baselines.deviations(found, now),
        frozenset(matrix.loc[matrix["policy_resource"].isna(), "resource"]),
        frames.fitted(matrix[known].assign(day=_day(now)), FILTER_DAYS),
    )


def keep(session: Session, it: Judged, scopes: tuple[str, ...]) -> None:
    """Remember what the look has shown."""
    deviations.keep(session, it.deviations, scopes, it.unjudged)
    filter_days.keep(session, it.days)


def _kept(session: Session, topic: Topic, scopes: tuple[str, ...], now: datetime) -> Snapshot:
    return together(topic, snapshots.kept(session, topic, scopes), now)


def _day(now: datetime) -> pd.Timestamp:
    return pd.Timestamp(now).floor("D")

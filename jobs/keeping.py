"""From answers to what is remembered of them: one scope of one topic at a time."""

import time
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pandas as pd

from domain import activity, edits, frames, meters
from domain import filter_edits as changed_filters
from domain.faults import Fault
from domain.frames import Row
from domain.periods import HISTORY, PERIODS
from domain.readings import (
    ACCOUNTS,
    ACTIVITY,
    BLOCKLISTS,
    DELETED,
    DEPLOYMENTS,
    METRICS,
    MODELS,
    POLICIES,
    SERIES,
    SUBSCRIPTIONS,
    Reading,
    Snapshot,
    Topic,
    Trouble,
    merged,
    nothing,
)
from store import edits as kept_edits
from store import filter_edits, hours, snapshots
from store import meters as kept_meters
from store.engine import Session

KEYS = {
    SUBSCRIPTIONS: "subscription",
    ACCOUNTS: "account_id",
    DEPLOYMENTS: "resource",
    DELETED: "account_id",
    POLICIES: "resource",
    BLOCKLISTS: "resource",
}
"""What tells one row from another: pages of a list overlap when something is created meanwhile."""
LAG = timedelta(hours=1)
"""What is younger than the last look by less than this may have been created since: clocks differ,
and Azure's lists lag behind."""


@dataclass
class Gathering:
    """What came so far of one topic in one scope."""

    topic: Topic
    scope: str
    at: datetime
    left: set[str]
    """Parts that have not answered yet."""
    asked: frozenset[str] | None = None
    """The only parts that are asked for; None when it is the whole scope."""
    backlog: int = 0
    """Of metrics and ledgers: days of history that are left when every part answers."""
    backlog_before: int = 0
    """Of metrics and ledgers: days of history that were left before."""
    days: tuple[datetime, datetime] | None = None
    """Of ledgers: the days that are asked, from the first on, the last not included."""
    regions: dict[str, str] = field(default_factory=dict)
    """Of metrics: the region of each account."""
    parts: frozenset[str] = frozenset()
    """Of ledgers: all parts that are asked."""
    silent: frozenset[str] = frozenset()
    """Of metrics: regions whose history has a hole once they answer again."""
    rows: list[Row] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    pause: timedelta = timedelta(0)
    """How long Azure wants to be left alone."""
    calls: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def took_ms(self) -> float:
        return (time.monotonic() - self.began) * 1_000

    @property
    def backlog_left(self) -> int:
        """Days of history to ask after this: all of them when a region is back after a hole, and
        the same again when one did not answer; for one that has been silent for long, which gets
        all of them once it is back, nobody waits."""
        failed = {trouble.part for trouble in self.troubles}
        if self.silent - failed:
            return HISTORY.days
        return max(self.backlog, self.backlog_before) if failed - self.silent else self.backlog

    def answered(self, part: str, rows: Collection[Row], fault: Fault | None, calls: int) -> None:
        self.left.discard(part)
        self.rows += rows
        self.calls += calls
        if fault and fault.pause_s:
            self.pause = max(self.pause, timedelta(seconds=fault.pause_s))
        where = part.partition("#")[0]
        if fault and where not in {it.part for it in self.troubles}:
            self.troubles.append(Trouble(where, type(fault).__name__, fault.words, self.at))

    def failed(self, fault: Fault) -> None:
        """Count all that came as not answered."""
        self.rows, self.troubles = [], []
        self.answered("", [], fault, 0)


def keep(session: Session, it: Gathering) -> Snapshot:
    """Remember what was gathered; returns what is remembered now."""
    if it.topic is METRICS:
        return _keep_metrics(session, it)
    if it.topic is ACTIVITY:
        return _keep_activity(session, it)
    frame = frames.frame(it.topic.columns, it.rows)
    if key := KEYS.get(it.topic):
        frame = frame.drop_duplicates(key, keep="last")
    return remember(session, it.topic, it, frame, it.asked)


def remember(
    session: Session, topic: Topic, it: Gathering, frame: pd.DataFrame, asked: frozenset[str] | None
) -> Snapshot:
    """Keep the rows that came, and of the parts that did not answer the last good ones."""
    snapshots.lock(session)  # before reading what is there: others may be at the same scope
    before = snapshots.kept(session, topic, [it.scope])[it.scope]
    after = merged(topic, before, Reading(frame, it.at, tuple(it.troubles), asked))
    if topic is DEPLOYMENTS and before and before.at:
        seen = _in_sight(after.frame, before.frame, before.at)
        kept_edits.add(session, edits.between(before.frame, seen, it.at))
    if before and before.at:
        _tell_filters(session, topic, it, before, after.frame)
    if topic is MODELS:
        kept_meters.listed(session, meters.listed(after.frame, it.at))
    snapshots.keep(session, topic, it.scope, after)
    return after


def _tell_filters(
    session: Session, topic: Topic, it: Gathering, before: Snapshot, after: pd.DataFrame
) -> None:
    """Keep what changed of content filters since the look before."""
    if topic is POLICIES:
        filter_edits.add(session, changed_filters.of_policies(before, after, it.at))
    if topic is BLOCKLISTS:
        known = snapshots.kept(session, ACCOUNTS, [it.scope])[it.scope] or nothing(ACCOUNTS)
        alive = set(known.frame["account_id"])
        filter_edits.add(session, changed_filters.of_blocklists(before, after, alive, it.at))


def _keep_activity(session: Session, it: Gathering) -> Snapshot:
    """What was read joins what is known: a question tells of the last minutes only."""
    snapshots.lock(session)
    before = snapshots.kept(session, ACTIVITY, [it.scope])[it.scope] or nothing(ACTIVITY)
    came = frames.frame(ACTIVITY.columns, it.rows)
    whole = came if it.troubles else activity.joined(before.frame, came, it.at)
    return remember(session, ACTIVITY, it, whole, None)


def _in_sight(rows: pd.DataFrame, before: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """Without deployments that existed at the last look and could only not be seen."""
    old = (rows["created_at"] < pd.Timestamp(at - LAG)).fillna(False).astype(bool)
    return rows[rows["resource"].isin(before["resource"]) | ~old]


def _keep_metrics(session: Session, it: Gathering) -> Snapshot:
    """Hours first, then the sums over them; regions that did not answer keep their last sums."""
    hours.keep(session, it.scope, frames.frame(frames.HOURS, it.rows))
    failed = {trouble.part for trouble in it.troubles}
    good = set() if "" in failed else set(it.regions.values()) - failed
    sums = _with_quiet(session, it.scope, hours.observed(session, it.scope, it.at))
    sums = _of_regions(sums, it.regions, good)
    sums = sums.assign(covered=sums["window"].map(lambda window: _covered(window, it.backlog_left)))
    series = _of_regions(hours.series(session, it.scope, it.at), it.regions, good)
    remember(session, SERIES, it, series.astype(dict(SERIES.columns)), None)
    return remember(session, METRICS, it, sums.astype(dict(METRICS.columns)), None)


def _with_quiet(session: Session, scope: str, sums: pd.DataFrame) -> pd.DataFrame:
    """A row for every deployment and window: of one without traffic Azure says nothing at all."""
    known = snapshots.kept(session, DEPLOYMENTS, [scope])[scope] or nothing(DEPLOYMENTS)
    told = set(zip(sums["resource"], sums["window"], strict=True))
    quiet = [
        {"resource": resource, "window": window, "hours": 0, "minute_hours": 0}
        for resource in known.frame["resource"]
        for window in PERIODS
        if (resource, window) not in told
    ]
    return pd.concat([sums, frames.frame(frames.OBSERVED, quiet)]) if quiet else sums


def _of_regions(rows: pd.DataFrame, regions: dict[str, str], good: set[str]) -> pd.DataFrame:
    account = rows["resource"].str.partition("/deployments/")[0] if len(rows) else rows["resource"]
    placed = rows.assign(region=account.map(regions))
    return placed[placed["region"].isin(good)]


def _covered(window: str, backlog: int) -> int:
    """Hours of a window that were asked for, when so many days of history are left."""
    asked = max(timedelta(hours=1), HISTORY - timedelta(days=backlog))
    return int(min(asked, PERIODS[window]).total_seconds() // 3_600)

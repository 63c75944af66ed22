"""From answers to what is remembered of them: one scope of one topic at a time."""

import time
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pandas as pd

from domain import edits, frames
from domain.faults import Fault
from domain.frames import Row
from domain.periods import HISTORY, PERIODS
from domain.readings import DEPLOYMENTS, METRICS, SERIES, Reading, Topic, Trouble, merged
from store import edits as kept_edits
from store import hours, snapshots
from store.engine import Session


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
    regions: dict[str, str] = field(default_factory=dict)
    """Of metrics: the region of each account."""
    silent: frozenset[str] = frozenset()
    """Of metrics: regions whose history has a hole once they answer again."""
    rows: list[Row] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    calls: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def took_ms(self) -> float:
        return (time.monotonic() - self.began) * 1_000

    @property
    def backlog_left(self) -> int:
        """Days of history to ask after this: all of them when a region is back after a hole."""
        back = self.silent - {trouble.part for trouble in self.troubles}
        return HISTORY.days if back else self.backlog

    def answered(self, part: str, rows: Collection[Row], fault: Fault | None, calls: int) -> None:
        self.left.discard(part)
        self.rows += rows
        self.calls += calls
        if fault:
            where = part.partition("#")[0]
            self.troubles.append(Trouble(where, type(fault).__name__, fault.words, self.at))


def keep(session: Session, it: Gathering) -> int:
    """Remember what was gathered; returns the number of rows that are kept now."""
    if it.topic is METRICS:
        return _keep_metrics(session, it)
    frame = frames.frame(it.topic.columns, it.rows)
    return _keep(session, it.topic, it, frame, it.asked)


def _keep(
    session: Session, topic: Topic, it: Gathering, frame: pd.DataFrame, asked: frozenset[str] | None
) -> int:
    snapshots.lock(session)  # before reading what is there: others may be at the same scope
    before = snapshots.kept(session, topic, [it.scope])[it.scope]
    after = merged(topic, before, Reading(frame, it.at, tuple(it.troubles), asked))
    if topic is DEPLOYMENTS and before:
        kept_edits.add(session, edits.between(before.frame, after.frame, it.at))
    snapshots.keep(session, topic, it.scope, after)
    return len(after.frame)


def _keep_metrics(session: Session, it: Gathering) -> int:
    """Hours first, then the sums over them; regions that did not answer keep their last sums."""
    hours.keep(session, it.scope, frames.frame(frames.HOURS, it.rows))
    good = set(it.regions.values()) - {trouble.part for trouble in it.troubles}
    sums = _of_regions(hours.observed(session, it.scope, it.at), it.regions, good)
    sums = sums.assign(covered=sums["window"].map(lambda window: _covered(window, it.backlog)))
    series = _of_regions(hours.series(session, it.scope, it.at), it.regions, good)
    _keep(session, SERIES, it, series.astype(dict(SERIES.columns)), None)
    return _keep(session, METRICS, it, sums.astype(dict(METRICS.columns)), None)


def _of_regions(rows: pd.DataFrame, regions: dict[str, str], good: set[str]) -> pd.DataFrame:
    account = rows["resource"].str.partition("/deployments/")[0] if len(rows) else rows["resource"]
    placed = rows.assign(region=account.map(regions))
    return placed[placed["region"].isin(good)]


def _covered(window: str, backlog: int) -> int:
    """Hours of a window that were asked for, when so many days of history are left."""
    asked = max(timedelta(hours=1), HISTORY - timedelta(days=backlog))
    return int(min(asked, PERIODS[window]).total_seconds() // 3_600)

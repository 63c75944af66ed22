"""What one claimed topic of one subscription asks, and in which order a round asks it all."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

import pandas as pd

from domain.readings import (
    ACTIVITY,
    CAPACITIES,
    DEPLOYMENTS,
    METRICS,
    MODELS,
    TOPICS,
    Snapshot,
)
from jobs import asks
from jobs.asks import Ask
from jobs.keeping import Gathering
from services.azure import Azure
from store.rounds import Due

Key = tuple[str, str, str]
"""Topic, scope, part."""
BASIS = {METRICS: METRICS, ACTIVITY: ACTIVITY, CAPACITIES: DEPLOYMENTS}
"""What must be known, besides the accounts, to ask about a topic."""
EARLY = {METRICS.name: 0.25, MODELS.name: 0.5}
"""What takes longest to take in is begun before the rest is through."""


def questions_of(
    azure: Azure, due: Due, accounts: pd.DataFrame, before: Snapshot, at: datetime
) -> tuple[Gathering, Mapping[str, Ask]]:
    """Questions by part about a subscription with these accounts, and the empty hands for what
    comes; before is what is remembered of the topic's BASIS, if it has one."""
    topic = TOPICS[due.topic]
    if topic is METRICS:
        return _metrics(azure, due, accounts, before, at)
    if topic is ACTIVITY:
        those = asks.of_activity(azure, due.scope, before.at, at)
    elif topic is CAPACITIES:
        those = asks.of_capacities(azure, due.scope, before.frame)
    else:
        those = asks.of(due.topic, azure, due.scope, accounts)
    return Gathering(topic, due.scope, at, set(those)), those


def _metrics(
    azure: Azure, due: Due, accounts: pd.DataFrame, before: Snapshot, at: datetime
) -> tuple[Gathering, Mapping[str, Ask]]:
    last = _newest(before)
    question = asks.of_metrics(azure, accounts, last, due.backlog, at, _unheard(before))
    gathering = Gathering(
        METRICS,
        due.scope,
        question.at,
        set(question.asks),
        backlog=question.backlog,
        backlog_before=due.backlog,
        regions=dict(accounts[["account_id", "region"]].dropna().itertuples(index=False)),
        silent=_silent(before, at),
    )
    return gathering, question.asks


def interleaved(questions: Mapping[Key, Ask]) -> dict[Key, Ask]:
    """Topics mixed: some answers take long to come, others long to take in, and one can be done
    while the other is waited for. What takes longest to take in does not come last."""
    of: dict[str, list[Key]] = defaultdict(list)
    for key in questions:
        of[key[0]].append(key)
    places = {
        key: at / len(keys) * EARLY.get(topic, 1.0)
        for topic, keys in of.items()
        for at, key in enumerate(keys)
    }
    return {key: questions[key] for key in sorted(questions, key=lambda it: places[it])}


def _newest(before: Snapshot) -> datetime | None:
    """When a question about now was last answered by any region."""
    if before.frame.empty:
        return before.at
    newest: datetime = before.frame["seen_at"].max().to_pydatetime()
    return newest


def _unheard(before: Snapshot) -> datetime | None:
    """When the region that has been silent for longest last answered, if one is silent."""
    if not before.troubles or before.frame.empty:
        return None
    oldest: datetime = before.frame["seen_at"].min().to_pydatetime()
    return oldest


def _silent(before: Snapshot, now: datetime) -> frozenset[str]:
    """Regions that have been silent for longer than a question by the minute can bridge."""
    return frozenset(
        it.part for it in before.troubles if now - it.since > asks.MOST_MINUTES and it.part
    )

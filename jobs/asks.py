"""What a topic asks of Azure about one scope, part by part; each part answers on its own."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import pandas as pd

from domain.contests import nightfall
from domain.frames import Row
from domain.periods import HISTORY, STRIDE
from domain.readings import (
    ALERTS,
    BLOCKLISTS,
    CATALOGUE,
    DELETED,
    DEPLOYMENTS,
    DIAGNOSTICS,
    MODELS,
    POLICIES,
    TIERS,
    USAGES,
)
from services import (
    activity,
    alerts,
    blocklists,
    capacities,
    catalogue,
    deleted,
    deployments,
    diagnostics,
    metrics,
    models,
    policies,
    quotas,
    tiers,
)
from services.azure import Azure

Ask = Callable[[], list[Row]]
MOST_ACCOUNTS = 50
"""Accounts that one metrics question may name."""
MOST_MINUTES = timedelta(hours=3)
"""How far back peaks are asked by the minute; what is older comes by the hour."""
LATE = timedelta(minutes=10)
"""How long after a minute its metrics may still change."""
FIRST_LOOK = timedelta(minutes=30)
"""How much is asked by the minute at the least when nothing is known."""

OVERLAP = timedelta(minutes=30)
"""How far behind its last look the activity log is read again: events are up to 20 minutes late."""
WHOLE_DAY = timedelta(hours=26)
FIRST_LOG = timedelta(days=30)
"""How much of the activity log is read when nothing of it is known."""


def of(topic: str, azure: Azure, subscription: str, accounts: pd.DataFrame) -> Mapping[str, Ask]:
    """Questions by part, about one subscription and its accounts."""
    match topic:
        case DEPLOYMENTS.name:
            return {it: partial(deployments.of_account, azure, it) for it in accounts["account_id"]}
        case MODELS.name:
            return _by_region(accounts, partial(models.of_region, azure))
        case USAGES.name:
            return _by_region(accounts, partial(quotas.of_region, azure))
        case POLICIES.name:
            return {it: partial(policies.of_account, azure, it) for it in accounts["account_id"]}
        case BLOCKLISTS.name:
            return {it: partial(blocklists.of_account, azure, it) for it in accounts["account_id"]}
        case CATALOGUE.name:
            return _by_region(accounts, partial(catalogue.of_region, azure))
        case DELETED.name:
            return {"": partial(deleted.of_subscription, azure, subscription)}
        case DIAGNOSTICS.name:
            return {it: partial(diagnostics.of_account, azure, it) for it in accounts["account_id"]}
        case ALERTS.name:
            return {"": partial(alerts.of_subscription, azure, subscription)}
        case TIERS.name:
            return {"": partial(tiers.of_subscription, azure, subscription)}
    raise ValueError(f"{topic} is not asked subscription by subscription")


def of_activity(
    azure: Azure, subscription: str, last: datetime | None, now: datetime
) -> Mapping[str, Ask]:
    """What was written since the log was last read; some of it is older, but could not be read
    then. Once a night the whole day is read again, for what came later than ever."""
    since = last - OVERLAP if last else now - FIRST_LOG
    if last and nightfall(last) <= now:
        since = min(since, now - WHOLE_DAY)
    return {"": partial(activity.events, azure, subscription, since, now)}


def of_capacities(azure: Azure, subscription: str, deployed: pd.DataFrame) -> Mapping[str, Ask]:
    """By model: where the versions of it that are deployed (frame DEPLOYMENTS) are still free."""
    versions = deployed[["model", "format", "version"]].dropna().drop_duplicates()
    found: dict[str, list[tuple[str, str, str]]] = {}
    for model, form, version in sorted(versions.itertuples(index=False, name=None)):
        found.setdefault(model, []).append((form, model, version))
    return {it: partial(_capacities, azure, subscription, those) for it, those in found.items()}


def _capacities(
    azure: Azure, subscription: str, versions: Collection[tuple[str, str, str]]
) -> list[Row]:
    return [
        row
        for form, model, version in versions
        for row in capacities.of_model(azure, subscription, form, model, version)
    ]


@dataclass(frozen=True)
class MetricsQuestion:
    """Now or a stretch of history, never both: one question per region in a pause."""

    asks: Mapping[str, Ask]
    at: datetime
    """The time of the newest data after this question."""
    backlog: int
    """Days of history that are left to ask once this question is answered."""


def of_metrics(
    azure: Azure,
    accounts: pd.DataFrame,
    last: datetime | None,
    backlog: int,
    now: datetime,
    unheard: datetime | None = None,
) -> MetricsQuestion:
    """What to ask next, when the last question about now was answered at last, a silent region was
    last heard of at unheard, and so many days of history are left. After a gap that minutes do
    not bridge, history is asked all over."""
    gap = now - last if last else None
    if gap is None or gap > MOST_MINUTES:
        backlog = HISTORY.days
    if last and gap and backlog and gap < 2 * azure.cloud.metrics_pause:
        end = _hour(now) - (HISTORY - timedelta(days=backlog))
        start = end - min(STRIDE, timedelta(days=backlog))
        asks = _regions(azure, accounts, start, end, minutes=False)
        return MetricsQuestion(asks, last, max(0, backlog - STRIDE.days))
    since = min((it for it in (last, unheard) if it), default=now - FIRST_LOOK)
    asks = _regions(azure, accounts, _unseen(since, now), now, minutes=True)
    return MetricsQuestion(asks, now, backlog)


def region(part: str) -> str:
    """The region of a part of a metrics question."""
    return part.partition("#")[0]


def _by_region(accounts: pd.DataFrame, ask: Callable[[str, str], list[Row]]) -> dict[str, Ask]:
    pairs = accounts[["subscription", "region"]].dropna().drop_duplicates()
    return {
        where: partial(ask, subscription, where)
        for subscription, where in pairs.itertuples(index=False)
    }


def _regions(
    azure: Azure, accounts: pd.DataFrame, start: datetime, end: datetime, *, minutes: bool
) -> dict[str, Ask]:
    asks: dict[str, Ask] = {}
    for (subscription, where), group in accounts.groupby(["subscription", "region"]):
        ids = sorted(group["account_id"])
        for at in range(0, len(ids), MOST_ACCOUNTS):
            some, scope = ids[at : at + MOST_ACCOUNTS], (str(subscription), str(where))
            asks[f"{where}#{at}"] = partial(
                metrics.hours, azure, *scope, some, start, end, minutes=minutes
            )
    return asks


def _unseen(since: datetime, now: datetime) -> datetime:
    """From the hour that the last look may have seen in part; its last minutes came late."""
    return max(_hour(since - LATE), _hour(now - MOST_MINUTES))


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)

"""What was asked and what is remembered of it: answers and troubles kept apart."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import cache

import pandas as pd

from domain import costs, frames, moderation, posture, records
from domain.activity import ACTIVITY as LOG
from domain.costs import GATEWAYS as LOGGED
from domain.faults import Fault, by_name
from domain.frames import Columns

TENANT = "tenant"
"""The scope of what belongs to no subscription."""


@dataclass(frozen=True, eq=False)
class Topic:
    """One kind of thing that is collected, scope by scope; each exists once, below."""

    name: str
    title: str
    columns: Columns
    part: str
    """The column whose values answer or fail on their own within a scope."""
    cadence: timedelta


SUBSCRIPTIONS = Topic(
    "subscriptions",
    "Subscriptions",
    frames.SUBSCRIPTIONS,
    "subscription",
    timedelta(hours=1),
)
ACCOUNTS = Topic("accounts", "Accounts", frames.ACCOUNTS, "subscription", timedelta(minutes=5))
DEPLOYMENTS = Topic(
    "deployments", "Deployments", frames.DEPLOYMENTS, "account_id", timedelta(minutes=5)
)
MODELS = Topic("models", "Models", frames.MODELS, "region", timedelta(hours=12))
USAGES = Topic("usages", "Quota usages", frames.USAGES, "region", timedelta(minutes=5))
METRICS = Topic("metrics", "Metrics", frames.OBSERVED, "region", timedelta(minutes=5))
# Drawn from the same questions as METRICS, so it has no cadence of its own.
SERIES = Topic("series", "Usage over time", frames.SERIES, "region", timedelta(minutes=5))
CAPACITIES = Topic("capacities", "Model capacities", frames.CAPACITIES, "model", timedelta(hours=1))
DELETED = Topic(
    "deleted", "Deleted accounts", frames.DELETED, "subscription", timedelta(minutes=15)
)
TIERS = Topic("tiers", "Quota tiers", frames.TIERS, "subscription", timedelta(hours=6))
ACTIVITY = Topic("activity", "Activity log", LOG, "subscription", timedelta(minutes=5))
POLICIES = Topic(
    "policies", "Filter policies", moderation.POLICIES, "account_id", timedelta(minutes=5)
)
BLOCKLISTS = Topic(
    "blocklists", "Blocklists", moderation.BLOCKLISTS, "account_id", timedelta(minutes=15)
)
CATALOGUE = Topic(
    "catalogue", "Filter catalogue", moderation.CATALOGUE, "region", timedelta(hours=24)
)
DIAGNOSTICS = Topic(
    "diagnostics", "Diagnostic settings", posture.DIAGNOSTICS, "account_id", timedelta(hours=1)
)
ALERTS = Topic("alerts", "Alert rules", posture.ALERTS, "subscription", timedelta(hours=1))
GATEWAYS = Topic("gateway", "Gateway logs", LOGGED, "workspace", timedelta(hours=1))
LEDGER = Topic("ledger", "Usage by day", costs.LEDGERS, "region", timedelta(hours=6))
BOOKED = Topic("booked", "Booked costs", costs.BOOKINGS, "subscription", timedelta(hours=6))
HARMS = Topic("harms", "Content safety by day", costs.LEDGERS, "region", timedelta(hours=1))
AZURE_BUDGETS = Topic(
    "azure_budgets", "Budgets in Azure", costs.AZURE_BUDGETS, "subscription", timedelta(hours=6)
)
RETAIL = Topic("retail", "List prices", costs.RETAIL, "currency", timedelta(hours=24))
RESERVATIONS = Topic(
    "reservations", "Reservations", costs.RESERVATIONS, "reservation", timedelta(hours=6)
)
COSTS: tuple[Topic, ...] = (LEDGER, BOOKED, HARMS, AZURE_BUDGETS, RETAIL, RESERVATIONS)
"""Asked by a collector of their own, since their questions have to wait for each other."""
TENANT_WIDE: tuple[Topic, ...] = (GATEWAYS, RETAIL, RESERVATIONS)
"""Asked once for all subscriptions, in scope TENANT."""
FINDINGS = Topic("findings", "Findings", frames.FINDINGS, "subscription", timedelta(0))
"""Not asked of Azure but found in what was; kept like the rest, so that it has a generation."""
BILLS = Topic("bills", "Bills", records.BILLINGS, "bill", timedelta(0))
"""Made of what was asked, in scope TENANT; its troubles are the bills that could not be made."""
TOPICS: Mapping[str, Topic] = {
    topic.name: topic
    for topic in (
        SUBSCRIPTIONS,
        ACCOUNTS,
        DEPLOYMENTS,
        MODELS,
        USAGES,
        METRICS,
        SERIES,
        CAPACITIES,
        DELETED,
        TIERS,
        ACTIVITY,
        POLICIES,
        BLOCKLISTS,
        CATALOGUE,
        DIAGNOSTICS,
        ALERTS,
        LEDGER,
        BOOKED,
        HARMS,
        AZURE_BUDGETS,
        *TENANT_WIDE,
    )
}
"""What the collector keeps."""


@dataclass(frozen=True)
class Trouble:
    """One part of a scope that did not answer, and since when it has not."""

    part: str
    """What did not answer: an account id, a region; "" for the whole scope."""
    kind: str
    """Name of the fault's class."""
    words: str
    since: datetime

    @property
    def fault(self) -> type[Fault]:
        return by_name(self.kind)


@dataclass(frozen=True)
class Reading:
    """One asking about one scope."""

    frame: pd.DataFrame
    at: datetime
    troubles: tuple[Trouble, ...] = ()
    asked: frozenset[str] | None = None
    """The parts that were asked for; None when it was the whole scope."""


@dataclass(frozen=True)
class Snapshot:
    """A reading that is kept. The frame has the column seen_at: when each row was read."""

    frame: pd.DataFrame
    at: datetime | None = None
    """Time of the oldest data in it; None when there is none."""
    troubles: tuple[Trouble, ...] = ()
    generation: int = 0
    """Grows with every keeping, over all snapshots; 0 when nothing was kept."""


def kept_columns(topic: Topic) -> Columns:
    """The columns of a snapshot's frame."""
    return {**topic.columns, "seen_at": frames.TIME}


@cache
def nothing(topic: Topic) -> Snapshot:
    """What is remembered before the first answer; shared, so never to be written to."""
    return Snapshot(frames.frame(kept_columns(topic), []))


def merged(topic: Topic, before: Snapshot | None, now: Reading) -> Snapshot:
    """What to keep after this asking: new rows, and the last good rows of what did not answer.

    A part in trouble keeps its old rows with their old times; a part that was not asked keeps
    them too, and so does one that somebody has read later than this asking began. A trouble that
    goes on keeps the time it began.
    """
    if before is None and not now.troubles:
        return Snapshot(_dated(topic, now.frame, now.at), now.at)
    before = before or nothing(topic)
    later = set(before.frame.loc[before.frame["seen_at"] > pd.Timestamp(now.at), topic.part])
    held = now.frame[topic.part].isin(later | {it.part for it in now.troubles})
    fresh = _dated(topic, now.frame[~held], now.at)
    stays = _stays(topic, before.frame, now) | before.frame[topic.part].isin(later)
    began = {trouble.part: trouble.since for trouble in before.troubles}
    troubles = tuple(
        replace(it, since=began.get(it.part, it.since))
        for it in now.troubles
        if it.part not in later or it.part in began
    )
    if now.asked is not None:
        troubles += tuple(it for it in before.troubles if it.part not in now.asked)
    old = before.frame[stays]
    both = pd.concat([part for part in (old, fresh) if len(part)] or [before.frame[:0]])
    frame = frames.fitted(both, kept_columns(topic)).reset_index(drop=True)
    return Snapshot(frame, _oldest(before, old, now), troubles)


def _dated(topic: Topic, rows: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """Rows as they are kept, read at this time."""
    kept = rows.reindex(columns=list(kept_columns(topic))).reset_index(drop=True)
    kept["seen_at"] = pd.Timestamp(at).as_unit("us")
    return frames.fitted(kept, kept_columns(topic))


def _stays(topic: Topic, old: pd.DataFrame, now: Reading) -> "pd.Series[bool]":
    failed = {trouble.part for trouble in now.troubles}
    if "" in failed:
        return pd.Series(True, index=old.index)
    stays = old[topic.part].isin(failed)
    if now.asked is not None:
        stays |= ~old[topic.part].isin(now.asked)
    return stays.astype(bool)


def _oldest(before: Snapshot, old: pd.DataFrame, now: Reading) -> datetime | None:
    if any(trouble.part == "" for trouble in now.troubles):
        return before.at
    if old.empty:
        return now.at
    oldest: datetime = old["seen_at"].min().to_pydatetime()
    return min(now.at, oldest)


def together(
    topic: Topic, kept: Mapping[str, Snapshot | None], now: datetime, of: str = "subscription"
) -> Snapshot:
    """Scopes as one: all rows, all troubles, the oldest time; one never collected is a trouble."""
    parts = [part for part in kept.values() if part]
    missing = tuple(
        Trouble(scope, Fault.__name__, f"{topic.title} of {of} {scope}: not collected yet.", now)
        for scope, part in kept.items()
        if not part
    )
    full = [part.frame for part in parts if len(part.frame)] or [nothing(topic).frame]
    times = [part.at for part in parts]
    return Snapshot(
        pd.concat(full, ignore_index=True),
        None if not times or None in times else min(it for it in times if it),
        missing + tuple(trouble for part in parts for trouble in part.troubles),
        max((part.generation for part in parts), default=0),
    )


def troubles_text(troubles: Collection[Trouble]) -> str:
    """Troubles as JSON, for the store."""
    return json.dumps([{**asdict(it), "since": it.since.isoformat()} for it in troubles])


def troubles_of(text: str) -> tuple[Trouble, ...]:
    """The troubles that troubles_text() wrote."""
    return tuple(
        Trouble(**{**it, "since": datetime.fromisoformat(it["since"])}) for it in json.loads(text)
    )

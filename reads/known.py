"""What the store knows, loaded once for all the rollouts of a sweep, and only as far as a criterion
asks for it. Azure is asked nothing: gates judge what pages show."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from domain import frames, months
from domain.evaluations import Evaluation
from domain.feedback import Sums
from domain.gauges import Unread
from domain.periods import PERIODS
from domain.readiness import Answer
from domain.readings import DEPLOYMENTS, HARMS, SERIES, Snapshot, Topic, together
from domain.rollouts import Rollout
from domain.tags import TagNames
from domain.ways_back import called
from reads import filters, inventory, pools
from reads.budgets import judged
from reads.filters import Filters
from store import answers, bills, evaluations, feedback, harm_sums, snapshots
from store.bills import Head
from store.engine import Store

Row = Mapping[str, Any]
DAY = timedelta(days=1)


@dataclass(eq=False)
class Known:
    """All of it as of one moment."""

    store: Store
    tags: TagNames
    at: datetime
    rollouts: Collection[Rollout]
    _rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    _had: dict[str, bool] = field(default_factory=dict)
    _all: dict[str, Snapshot] = field(default_factory=dict)
    _kept: dict[str, Snapshot] = field(default_factory=dict)
    _harms: dict[int, dict[str, dict[str, float]]] = field(default_factory=dict)

    def deployments(self, rollout: Rollout, days: int) -> list[Row]:
        """Rows of INVENTORY over the window that holds so many days; raises Unread where one is not
        known."""
        return _of(rollout, self._of_window(window_of(days)))

    def found(self, rollout: Rollout) -> list[Row]:
        """Rows of INVENTORY over a week; those that are not known are left out."""
        rows = self._of_window(window_of(7))
        return [rows[it] for it in rollout.deployments if it in rows]

    def _of_window(self, window: str) -> dict[str, Row]:
        if window not in self._rows:
            wanted = self.inventory(window).frame
            mine = wanted["resource"].isin(self._resources)
            self._rows[window] = {it["resource"]: it for it in frames.records(wanted, mine)}
        return self._rows[window]

    def inventory(self, window: str) -> Snapshot:
        """Frame INVENTORY of everything."""
        if window not in self._all:
            found = inventory.deployments(self.store, self.scopes, window, self.tags, self.at)
            self._all[window] = found
        return self._all[window]

    def harms(self, rollout: Rollout, days: int) -> dict[str, float]:
        """Requests by "total" and "blocked" over so many days, today included."""
        if days not in self._harms:
            self._harms[days] = self._harms_of(days)
        sums: dict[str, float] = {}
        for resource in rollout.deployments:
            for what, many in self._harms[days].get(resource, {}).items():
                sums[what] = sums.get(what, 0.0) + many
        return sums

    def _harms_of(self, days: int) -> dict[str, dict[str, float]]:
        """A request that two filters blocked counts once for the filter that blocked most: Azure
        does not say which requests they share."""
        end = months.midnight(self.at) + DAY
        with self.store.reading() as session:
            told = harm_sums.by_resource(session, end - days * DAY, end, self.scopes)
        found: dict[str, dict[str, float]] = {}
        for it in frames.records(told, told["resource"].isin(self._resources)):
            sums = found.setdefault(it["resource"], {})
            sums[it["what"]] = max(sums.get(it["what"], 0.0), it["requests"])
        return found

    @cached_property
    def harms_at(self) -> datetime | None:
        """When what filters did was asked last."""
        return self.snapshot(HARMS).at

    @cached_property
    def filters(self) -> Filters:
        known, demanded = self.inventory("7d"), filters.demands(self.store)
        return filters.filters(self.store, self.scopes, known, demanded, self.at)

    @cached_property
    def matrix(self) -> dict[str, Row]:
        """Rows of MATRIX by deployment."""
        wanted = self.filters.matrix
        mine = wanted["resource"].isin(self._resources)
        return {it["resource"]: it for it in frames.records(wanted, mine)}

    @cached_property
    def modes(self) -> dict[str, int]:
        """How many modes are weaker than is demanded and not exempt, by deployment."""
        told = self.filters.modes
        weak = told[told["way"].eq("looser") & ~told["exempt"].astype(bool)]
        return {str(key): int(many) for key, many in weak["resource"].value_counts().items()}

    @cached_property
    def quota(self) -> tuple[dict[str, Row], dict[str, Row]]:
        """Rows of HOLDERS by deployment, and of POOLS by key."""
        found = pools.quota(self.store, self.scopes, self.inventory("7d"), self.at)
        mine = found.holders["resource"].isin(self._resources)
        held: dict[str, Row] = {it["resource"]: it for it in frames.records(found.holders, mine)}
        return held, {it["pool"]: it for it in frames.records(found.pools)}

    def holders(self, rollout: Rollout) -> list[Row]:
        """Rows of HOLDERS; raises Unread where one is not known."""
        return _of(rollout, self.quota[0])

    @cached_property
    def requests(self) -> pd.DataFrame:
        """Columns resource, at, requests, of the last thirty days by day."""
        told = self.snapshot(SERIES).frame
        mine = told["grain"].eq("day") & told["resource"].isin(self._resources)
        return told.loc[mine, ["resource", "at", "requests"]]

    @cached_property
    def heads(self) -> list[Head]:
        """Of the bills of the months that thirty days touch."""
        since = months.of(self.at - 31 * DAY)
        with self.store.reading() as session:
            return [it for it in bills.heads(session) if it.month >= since]

    @cached_property
    def spent(self) -> pd.DataFrame:
        """Columns resource, day, cents, currency of these bills."""
        with self.store.reading() as session:
            told = [
                bills.sums(session, it.month, it.currency).assign(currency=it.currency)
                for it in self.heads
            ]
        columns = ["resource", "day", "cents", "currency"]
        if not told:
            return frames.frame(dict.fromkeys(columns, frames.TEXT), [])
        whole = pd.concat(told, ignore_index=True)
        return whole.loc[whole["resource"].isin(self._resources), columns]

    def cents(self, rollout: Rollout, first: datetime, end: datetime) -> dict[str, int]:
        """What its deployments cost from first to before end, by currency."""
        told = _between(self.spent, "day", rollout, first, end)
        return {str(key): int(it) for key, it in told.groupby("currency")["cents"].sum().items()}

    def calls(self, rollout: Rollout, first: datetime, end: datetime) -> float | None:
        """Requests of its deployments from first to before end; None where none were counted."""
        many = _between(self.requests, "at", rollout, first, end)["requests"].sum(min_count=1)
        return None if pd.isna(many) else float(many)

    @cached_property
    def billed_at(self) -> datetime | None:
        """When the newest of these bills was made."""
        return max((it.made_at for it in self.heads), default=None)

    @cached_property
    def budgets(self) -> list[Row]:
        """Rows of JUDGED, in every currency."""
        currencies = sorted({it.currency for it in self.heads})
        with self.store.reading() as session:
            return [
                row for it in currencies for row in frames.records(judged(session, it, self.at))
            ]

    @cached_property
    def answers(self) -> dict[int, dict[str, Answer]]:
        """What people said of readiness items, by rollout and item."""
        with self.store.reading() as session:
            return answers.of(session, [it.id for it in self.rollouts])

    @cached_property
    def accounts(self) -> Sequence[Row]:
        """Rows of ACCOUNTS."""
        return frames.records(self.filters.accounts)

    @cached_property
    def standbys(self) -> Sequence[Row]:
        """Rows of INVENTORY that stand by."""
        rows = self.inventory("7d").frame
        return frames.records(rows, rows["standby"].fillna(False).astype(bool))

    def snapshot(self, topic: Topic) -> Snapshot:
        """What was collected last of every subscription."""
        if topic.name not in self._kept:
            with self.store.reading() as session:
                kept = snapshots.kept(session, topic, self.scopes)
            self._kept[topic.name] = together(topic, kept, self.at)
        return self._kept[topic.name]

    @cached_property
    def feedback(self) -> dict[tuple[int, int], Sums]:
        """By rollout and number of the phase."""
        with self.store.reading() as session:
            return feedback.sums(session, [it.id for it in self.rollouts])

    @cached_property
    def evaluations(self) -> dict[int, list[Evaluation]]:
        """By rollout, the newest first."""
        found: dict[int, list[Evaluation]] = {}
        with self.store.reading() as session:
            for it in evaluations.of(session, [it.id for it in self.rollouts]):
                found.setdefault(it.rollout, []).append(it)
        return found

    def has(self, topics: Collection[Topic]) -> bool:
        """Whether all of them were collected once, of every subscription."""
        return all(self._collected(it) for it in topics)

    def _collected(self, topic: Topic) -> bool:
        if topic.name not in self._had:
            with self.store.reading() as session:
                kept = snapshots.kept(session, topic, self.scopes).values()
            self._had[topic.name] = bool(kept) and all(it and it.at for it in kept)
        return self._had[topic.name]

    @cached_property
    def scopes(self) -> tuple[str, ...]:
        """Subscriptions."""
        with self.store.reading() as session:
            return tuple(snapshots.scopes(session, DEPLOYMENTS))

    @cached_property
    def _resources(self) -> frozenset[str]:
        return frozenset(one for it in self.rollouts for one in it.deployments)


def window_of(days: int) -> str:
    """The shortest window that holds so many days, or the longest there is."""
    return next((it for it, length in PERIODS.items() if length >= days * DAY), list(PERIODS)[-1])


def _between(
    rows: pd.DataFrame, column: str, rollout: Rollout, first: datetime, end: datetime
) -> pd.DataFrame:
    mine = rows["resource"].isin(rollout.deployments)
    return rows[mine & (rows[column] >= first) & (rows[column] < end)]


def _of(rollout: Rollout, rows: Mapping[str, Row]) -> list[Row]:
    for it in rollout.deployments:
        if it not in rows:
            raise Unread(f"{called(it)} is not among what was collected.")
    return [rows[it] for it in rollout.deployments]

"""The collector: asks Azure so that no visitor has to wait for it."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

import pandas as pd

from domain import names
from domain.readings import (
    ACCOUNTS,
    BLOCKLISTS,
    COSTS,
    DELETED,
    DEPLOYMENTS,
    POLICIES,
    SUBSCRIPTIONS,
    TENANT,
    TOPICS,
    USAGES,
    Snapshot,
    Topic,
    nothing,
)
from jobs import asks, keeping
from jobs.keeping import Gathering
from jobs.round import Round
from services import fanout
from services.azure import Azure
from store import rounds, snapshots
from store.engine import Store
from store.rounds import Due

LEASE = timedelta(minutes=5)


class Collector:
    """Asks what is due. The owner's name tells replicas apart: a thing is collected once."""

    topics = tuple(it for it in TOPICS if it not in {topic.name for topic in COSTS})
    """What it asks about; the rest is for others."""

    def __init__(
        self,
        azure: Azure,
        store: Store,
        clock: Callable[[], datetime],
        wanted: Collection[str],
        owner: str,
        workspaces: Collection[str] = (),
    ) -> None:
        """wanted: the only subscriptions to look at; empty for all that are visible. workspaces: of
        Log Analytics, with the gateway's logs."""
        self.azure, self.store, self.clock = azure, store, clock
        self.wanted, self.owner = frozenset(wanted), owner
        self.workspaces = tuple(workspaces)

    def run_once(self) -> None:
        """Collect all that is due."""
        with self.store.begin() as session:
            rounds.enrol(session, SUBSCRIPTIONS, [TENANT], self.clock())
        try:
            if due := self.claimed():
                Round(self, due).run()
        except BaseException:
            self.release()
            raise

    def look_again(self, resource: str, *, quota: bool = False, filters: bool = False) -> None:
        """Ask for the deployments of one account anew, out of turn, and for the quota of its
        region or for its content filters where those were changed too; for what the worker did."""
        scope, account = names.subscription(resource), names.account(resource)
        if place := names.place(resource):
            region = pd.DataFrame({"subscription": [scope], "region": [place]})
            self._again(DELETED, scope, region)
            self._again(USAGES, scope, region)
            return
        found = self.remembered(ACCOUNTS, scope).frame
        found = found[found["account_id"] == account]
        also = (*((USAGES,) if quota else ()), *((POLICIES, BLOCKLISTS) if filters else ()))
        for topic in (DEPLOYMENTS, *also):
            self._again(topic, scope, found)

    def _again(self, topic: Topic, scope: str, accounts: pd.DataFrame) -> None:
        some = asks.of(topic.name, self.azure, scope, accounts)
        parts = None if "" in some else frozenset(some)
        gathering = Gathering(topic, scope, self.clock(), set(some), parts)
        for answer in fanout.asked(some):
            gathering.answered(answer.key, answer.rows, answer.fault, answer.calls)
        with self.store.begin() as session:
            keeping.keep(session, gathering)

    def remembered(self, topic: Topic, scope: str) -> Snapshot:
        with self.store.reading() as session:
            return snapshots.kept(session, topic, [scope])[scope] or nothing(topic)

    def release(self) -> None:
        """Give back what was claimed, at the end of the process."""
        with self.store.begin() as session:
            rounds.release(session, self.owner)

    def claimed(self) -> list[Due]:
        """What is due now, and ours until it is kept or the lease is over."""
        with self.store.begin() as session:
            return rounds.claim(session, self.clock(), self.owner, LEASE, self.topics)

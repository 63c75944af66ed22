"""Quota pools: what a deployment draws from, how much is used, how much there may be.

A pool is one region's row, unless the model is pooled over the subscription or its data zone."""

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from simulator import chance, regions
from simulator.cognitiveservices import catalogue, faults
from simulator.cognitiveservices.catalogue import PROVISIONED, Entry
from simulator.cognitiveservices.records import Account, Deployment

LIMITS = {
    "Standard": (150, 240, 350, 480, 600),
    "GlobalStandard": (450, 1000, 2000, 5000),
    "DataZoneStandard": (300, 600, 1000),
    "GlobalBatch": (50000, 200000),
    "DataZoneBatch": (30000, 60000),
    "DeveloperTier": (250, 500),
    "LowPriority": (10000,),
}
REMEMBERED = timedelta(hours=6)


class Pool(NamedTuple):
    """What identifies a pool; `scope` is Regional, Global, DataZone, Classic or nothing."""

    subscription: str
    scope: str
    scope_id: str
    usage: str


class Quota:
    """The limits and the use of every pool.

    What is used is the truth; what a row or a capacity shows of it may lag."""

    def __init__(
        self,
        seed: int,
        orders: dict[tuple[str, str, str], int],
        clock: Callable[[], datetime],
        lag: Callable[[], float],
    ) -> None:
        self._seed = seed
        self._orders = orders
        self._clock = clock
        self._lag = lag
        self._past: dict[Pool, deque[tuple[datetime, int]]] = {}
        self._used: dict[Pool, int] = {}
        self._floor: dict[Pool, int] = {}

    def pool(self, account: Account, entry: Entry, sku: str) -> Pool:
        """The pool of a deployment of this model and SKU in this account."""
        return pool_of(account.subscription, account.location, entry, sku)

    def used(self, pool: Pool) -> int:
        return self._used.get(pool, 0)

    def shown(self, pool: Pool) -> int:
        """What was used before the lag, from before each change that is younger."""
        lag = self._lag()
        if not lag:
            return self.used(pool)
        until = self._clock() - timedelta(seconds=lag)
        later = (before for at, before in self._past.get(pool, ()) if at > until)
        return next(later, self.used(pool))

    def limit(self, pool: Pool, entry: Entry | None, sku: str) -> int:
        """The limit: as the scenario orders, else drawn, and never under what the seed uses."""
        place = pool.scope_id.lower()
        ordered = self._orders.get((pool.subscription, place, pool.usage.lower()))
        if ordered is not None:
            return ordered
        return max(self._drawn(pool, entry, sku), self._floor.get(pool, 0))

    def _drawn(self, pool: Pool, entry: Entry | None, sku: str) -> int:
        luck = chance.share(self._seed, "limit", *pool)
        if sku in PROVISIONED:
            return 0 if luck < 0.6 else 500
        if entry is not None and entry.unit == "rpm":
            return (3, 30, 60)[int(luck * 3)]
        options = LIMITS.get(sku, (100,))
        return 0 if luck < 0.12 else options[int(luck * len(options))]

    def take(self, pool: Pool, units: int) -> None:
        """Units more (or fewer) in use."""
        now, before = self._clock(), self._used.get(pool, 0)
        past = self._past.setdefault(pool, deque())
        past.append((now, before))
        while past[0][0] <= now - REMEMBERED:
            past.popleft()
        self._used[pool] = before + units

    def freeze_history(self) -> None:
        """What is used now is what has been used all along."""
        self._past.clear()

    def freeze(self) -> None:
        """The seed is built: leave headroom above it, a fifth or ten units."""
        self.freeze_history()
        self._floor = {pool: used + max(used // 5, 10) for pool, used in self._used.items()}

    def claim(self, pool: Pool, entry: Entry, sku: str, more: int, wording: str) -> None:
        """Raises InsufficientQuota when this many more units do not fit."""
        limit, used = self.limit(pool, entry, sku), self.used(pool)
        if more > limit - used:
            raise faults.over_quota(entry.words(sku), more, used, limit, wording)

    def rows(self, subscription: str, region: str) -> Iterable[tuple[Pool, str, int, int]]:
        """Every row of a region: pool, text, used, limit."""
        seen: set[str] = set()
        for entry in catalogue.offered(region):
            for sku in entry.skus:
                usage = entry.usage(sku)
                if usage.lower() in seen or not entry.offers(sku, region):
                    continue
                seen.add(usage.lower())
                pool = pool_of(subscription, region, entry, sku)
                yield pool, entry.words(sku), self.shown(pool), self.limit(pool, entry, sku)
        for usage, words, used, limit, scope in catalogue.extra_rows():
            place = "Global" if scope == "Global" else region
            yield Pool(subscription.lower(), scope or "", place, usage), words, used, limit


def pool_of(subscription: str, location: str, entry: Entry, sku: str) -> Pool:
    """The identity of the pool, from the model's scope and the SKU's reach."""
    place = regions.plain(location)
    who, usage = subscription.lower(), entry.usage(sku)
    if entry.scope == "pooled" and sku == "GlobalStandard":
        return Pool(who, "Global", "Global", usage)
    if entry.scope == "pooled" and sku == "DataZoneStandard" and regions.REGIONS[place].zone:
        return Pool(who, "DataZone", regions.REGIONS[place].zone, usage)
    if entry.scope == "classic":
        return Pool(who, "Classic", place, usage)
    return Pool(who, "" if entry.unit in ("six", "ten") else "Regional", place, usage)


def draw(quota: Quota, account: Account, deployment: Deployment, sign: int = 1) -> None:
    """Book a deployment's units into its pool, or out of it."""
    entry = catalogue.entry(deployment.model)
    if entry is not None:
        sku = str(deployment.sku["name"])
        quota.take(quota.pool(account, entry, sku), sign * deployment.capacity)

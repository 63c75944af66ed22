"""What a deployment was asked and what it answered, hour by hour and minute by minute.

Everything is a pure function of the profile, the absolute hour and the limit in force, so that
yesterday never changes. The hour's total comes first and is dealt out to its minutes, so that sixty
minutes always add up to their hour without ever being summed."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, pairwise
from math import exp
from typing import NamedTuple

from simulator.chance import drawn

MINUTES = 60
BURSTING = 0.4
WEEK = 168
MONDAY = 72  # hour 0 was a Thursday
COUNTS = 8  # the first fields of Hour; the rest tells how they came about
OFFICE = (2, 1, 1, 1, 2, 4, 10, 30, 66, 92, 100, 96, 82, 90, 98, 94, 80, 55, 30, 18, 12, 8, 5, 3)
SHOP = (12, 8, 6, 5, 6, 10, 22, 38, 50, 58, 64, 70, 74, 70, 68, 70, 76, 84, 94, 100, 96, 80, 52, 26)
NIGHT = (90, 100, 98, 94, 80, 50, 20, 8, 4, 3, 3, 3, 3, 3, 3, 3, 4, 5, 8, 14, 26, 48, 68, 82)


def _week(day: Sequence[int], saturday: float, sunday: float) -> tuple[float, ...]:
    factors = (1.0, 1.04, 1.02, 1.0, 0.9, saturday, sunday)
    return tuple(hour / 100 * factor for factor in factors for hour in day)


SHAPES = {
    "office": _week(OFFICE, 0.12, 0.08),
    "shop": _week(SHOP, 1.15, 1.1),
    "night": _week(NIGHT, 0.9, 0.9),
    "steady": _week((78, 74, 72, 72, 74, 78, 84, 90, 95, 98, 100, 100) * 2, 0.95, 0.93),
    "none": (0.0,) * WEEK,
}


class Spread:
    """How an hour's demand falls on its minutes, with what of it fits under a limit."""

    def __init__(self, number: int, uneven: float) -> None:
        raw = [1 + uneven * (drawn(number * 7919, minute) ** 3) for minute in range(MINUTES)]
        whole = sum(raw)
        self.weights = tuple(it / whole for it in raw)
        self.curve = (*(it for it in accumulate(self.weights[:-1], initial=0.0)), 1.0)
        self._sorted = sorted(self.weights)
        self._below = list(accumulate(self._sorted, initial=0.0))
        self.most, self.least = self._sorted[-1], self._sorted[0]

    def served(self, cap: float) -> float:
        """The share of the demand under a cap per minute, itself a share of the hour's demand."""
        if cap >= self.most:
            return 1.0
        under = bisect_right(self._sorted, cap)
        return self._below[under] + (MINUTES - under) * cap


SPREADS = tuple(Spread(number, 0.7) for number in range(1, 9))
BURSTS = tuple(Spread(number, 9.0) for number in range(11, 19))


class Hour(NamedTuple):
    """One hour's totals; load is the mean share of the limit in use, from 0 to 1."""

    ok: int
    throttled: int
    failed: int
    refused: int
    prompt: int
    generated: int
    harmful: int
    attacks: int
    load: float
    cap: float
    phase: float
    spread: Spread

    @property
    def requests(self) -> int:
        return self.ok + self.throttled + self.failed + self.refused


@dataclass(frozen=True, eq=False, slots=True)
class Profile:
    """Why a deployment is used as it is; `peak` is the demand in tokens a minute at full hour."""

    account: str
    name: str
    key: int
    peak: float
    units: int
    per_unit: float
    per_request: float
    prompt: float
    shape: str
    offset: int
    anchor: int
    growth: float = 0.0
    bursts: bool = False
    tokens: bool = True
    provisioned: bool = False
    latency: float = 900.0
    failing: float = 0.002
    refusing: float = 0.004
    harm: float = 0.012
    spills: bool = False
    openai: bool = True
    foundry: bool = False
    events: tuple[tuple[int, int, float], ...] = ()
    attacks: tuple[tuple[int, int, float], ...] = ()
    """From which hour to which, which share of what came in tried to break the rules."""
    dimensions: dict[str, str] = field(default_factory=dict)
    sources: "list[Profile]" = field(default_factory=list)
    format: str = ""
    kind: str = "chat"
    sku: str = ""
    tiers: tuple[tuple[str, float, float], ...] = ()
    """By which tier which part of the requests was served; none: all by the default one."""

    def demand(self, hour: int) -> float:
        """Tokens that callers want in this hour."""
        wanted = self.peak * SHAPES[self.shape][(hour + self.offset + MONDAY) % WEEK]
        if wanted <= 0:
            return 0.0
        for first, last, factor in self.events:
            if first <= hour < last:
                wanted *= factor
        weeks = min(60.0, max(-60.0, (hour - self.anchor) / WEEK))
        luck = 0.86 + 0.28 * drawn(self.key, hour)
        day = 0.92 + 0.16 * drawn(self.key + 1, (hour + self.offset) // 24)
        return wanted * MINUTES * luck * day * exp(self.growth * weeks)


@lru_cache(maxsize=100_000)
def traffic(profile: Profile, hour: int, limit: float) -> Hour | None:
    """What happened in an hour under this limit in tokens a minute; None without traffic."""
    return happened(profile, hour, limit)


def happened(profile: Profile, hour: int, limit: float) -> Hour | None:
    """The same without remembering: months of days would push everything else out."""
    demand = profile.demand(hour) if limit > 0 else 0.0
    luck = drawn(profile.key + 2, hour)
    requests = int(demand / profile.per_request + luck)
    if requests == 0:
        return None
    spread = (BURSTS if profile.bursts else SPREADS)[(profile.key + hour) % 8]
    cap = limit / demand
    share = spread.served(cap)
    answered = min(requests, int(requests * share + 0.5))
    failed = int(answered * profile.failing + luck)
    refused = int((answered - failed) * profile.refusing + 1 - luck) if answered > failed else 0
    ok = answered - failed - refused
    tokens = int(demand * share * ok / max(answered, 1)) if profile.tokens else 0
    prompt = int(tokens * min(1.0, profile.prompt * (0.96 + 0.08 * luck)))
    return Hour(
        ok,
        requests - answered,
        failed,
        refused,
        prompt,
        tokens - prompt,
        min(refused + ok, int(answered * profile.harm + luck)),
        _attacks(profile, hour, answered) if profile.attacks else 0,
        min(1.0, share / (MINUTES * cap)),
        cap,
        luck,
        spread,
    )


def _attacks(profile: Profile, hour: int, answered: int) -> int:
    """Attacks come in bursts of two hours, with nothing in between."""
    share = sum(share for first, last, share in profile.attacks if first <= hour < last)
    return int(answered * share) if drawn(profile.key + 7, hour // 2) < BURSTING else 0


@lru_cache(maxsize=20_000)
def day(profile: Profile, number: int, limit: float) -> tuple[int, ...]:
    """The sums of a UTC day's hours under one limit, in the order of Hour's counts."""
    found = [happened(profile, hour, limit) for hour in range(number * 24, number * 24 + 24)]
    counts = [hour[:COUNTS] for hour in found if hour]
    return tuple(map(sum, zip(*counts, strict=True))) if counts else (0,) * COUNTS


def cache_hits(profile: Profile) -> float:
    """The share of the prompt that a cache usually saves."""
    return 0.62 * drawn(profile.key + 5, 0)


def dealt(total: int, hour: Hour, *, throttled: bool = False) -> list[int]:
    """A total of the hour on its sixty minutes: what was served, or what did not fit."""
    if total == 0:
        return [0] * MINUTES
    phase, curve = hour.phase, _curve(hour, throttled)
    marks = [int(total * mark + phase) for mark in curve]
    return [after - before for before, after in pairwise(marks)]


def _curve(hour: Hour, throttled: bool) -> Sequence[float]:
    spread, cap = hour.spread, hour.cap
    if cap >= spread.most:
        return spread.curve
    if throttled:
        parts = [max(0.0, weight - cap) for weight in spread.weights]
    else:
        parts = [min(weight, cap) for weight in spread.weights]
    whole = sum(parts)
    return [0.0, *(mark / whole for mark in accumulate(parts[:-1])), 1.0]


def loads(hour: Hour) -> list[float]:
    """The share of the limit in use, minute by minute."""
    cap = hour.cap
    return [min(1.0, weight / cap) for weight in hour.spread.weights]

"""From usage to time series: leaves are filtered, grouped by the dimensions asked, and bucketed."""

from collections.abc import Iterable
from dataclasses import replace
from operator import add, sub

from simulator.insights.definitions import CACHE_READ, REQUEST_METRICS, TOKEN_METRICS, Metric
from simulator.insights.filters import Conditions
from simulator.insights.harm import carried
from simulator.insights.state import Pick, Usage, spilled
from simulator.insights.traffic import MINUTES, Hour, Profile, cache_hits, loads
from simulator.insights.windows import Window

DAY = 24 * MINUTES
Point = tuple[float, float, float, float]  # weight, weighted sum, least, most
Figures = dict[str, list[float | None]]
"""Per aggregation one figure for each bucket; None where the bucket is empty."""


def series(
    usage: Usage, metric: Metric, account: str, window: Window, conditions: Conditions
) -> list[tuple[list[str], Figures, float]]:
    """Per group of dimension values: the values, the buckets' figures, and what to order by."""
    if metric.gauge is not None:
        return _gauges(usage, metric, account, window, conditions)
    groups: dict[tuple[str, ...], list[int]] = {}
    for profile, pick, values in _leaves(usage, metric, account, conditions):
        totals = _caught(usage, metric, profile, pick, window)
        if any(totals):
            before = groups.get(values)
            groups[values] = totals if before is None else list(map(add, before, totals))
    return [
        (list(values), _counts(totals), float(sum(totals))) for values, totals in groups.items()
    ]


def _caught(
    usage: Usage, metric: Metric, profile: Profile, pick: Pick, window: Window
) -> list[int]:
    """A count in each bucket, of harmful content only while filters saw it, or stopped it."""
    if pick.leaf is None:
        return counted(usage, profile, pick, window)
    spans = usage.filters.spans(usage.path(profile), pick.leaf.folded, blocked=metric.blocked)
    totals = [0] * ((window.last - window.first) // window.step)
    for first, end in spans:
        if end <= window.first or first >= window.seen:
            continue
        until = replace(window, seen=min(window.seen, end))
        totals = list(map(add, totals, counted(usage, profile, pick, until)))
        if first > window.first:
            before = replace(window, seen=first)
            totals = list(map(sub, totals, counted(usage, profile, pick, before)))
    return totals


def _counts(totals: list[int]) -> Figures:
    figures = [float(it) if it else None for it in totals]
    return {"total": figures, "count": figures}


def _leaves(
    usage: Usage, metric: Metric, account: str, conditions: Conditions
) -> Iterable[tuple[Profile, Pick, tuple[str, ...]]]:
    for profile in usage.of(account):
        if not metric.emits(profile) or (metric.name in TOKEN_METRICS and not profile.tokens):
            continue
        for pick, own in _parts(metric, profile):
            if profile.spills and pick.throttled:
                continue
            if pick.leaf is not None and not carried(pick.leaf, profile):
                continue
            if (values := _values(profile, own, conditions)) is not None:
                yield profile, pick, values
        yield from _spilled(profile, metric, conditions)


def _parts(metric: Metric, profile: Profile) -> Iterable[tuple[Pick, dict[str, str]]]:
    """The leaves of a metric; what was answered falls into the tiers that answered it, and only
    Anthropic's metrics tell what came from a cache."""
    if profile.format == "Anthropic" and metric.name in (CACHE_READ, "InputTokens"):
        share = cache_hits(profile)
        yield Pick("prompt", (0.0, share) if metric.name == CACHE_READ else (share, 1.0)), {}
        return
    for pick, own in metric.leaves:
        if not profile.tiers or metric.name not in REQUEST_METRICS or pick.field != "ok":
            yield pick, own
            continue
        for tier, first, last in profile.tiers:
            asked = "flex" if tier == "flex" else "auto"
            words = {"ServiceTierRequest": asked, "ServiceTierResponse": tier}
            yield Pick("ok", (first, last)), own | words


def _spilled(
    profile: Profile, metric: Metric, conditions: Conditions
) -> Iterable[tuple[Profile, Pick, tuple[str, ...]]]:
    """What a provisioned deployment could not serve arrives here, with its tokens."""
    tokens = metric.name in TOKEN_METRICS
    if not tokens and metric.name not in REQUEST_METRICS:
        return
    own = {} if tokens else {"StatusCode": "200", "IsSpillover": "True"}
    for source in profile.sources:
        if (values := _values(profile, own, conditions)) is not None:
            for pick, _ in metric.leaves if tokens else ((Pick("throttled"), own),):
                yield source, spilled(source, pick.field) if tokens else pick, values


def _values(
    profile: Profile, own: dict[str, str], conditions: Conditions
) -> tuple[str, ...] | None:
    """The group that a leaf falls into, or None when the filter leaves it out."""
    dimensions = profile.dimensions | {name.lower(): it for name, it in own.items()}
    if not conditions.lets(dimensions):
        return None
    return tuple(dimensions.get(name, "") for name in conditions.split)


def counted(usage: Usage, profile: Profile, pick: Pick, window: Window) -> list[int]:
    """A count in each bucket; whole hours are never summed from their minutes."""
    if profile.shape == "none" or window.seen <= window.first:
        return [0] * ((window.last - window.first) // window.step)
    if window.step < MINUTES:
        minutes = _minutes(usage, profile, pick, window.first, window.seen)
        minutes += [0] * (window.last - max(window.seen, window.first))
        if window.step == 1:
            return minutes
        return [sum(minutes[it : it + window.step]) for it in range(0, len(minutes), window.step)]
    return _by_hours(usage, profile, pick, window)


def _by_hours(usage: Usage, profile: Profile, pick: Pick, window: Window) -> list[int]:
    if window.step == DAY:
        return _by_days(usage, profile, pick, window)
    whole = window.seen // MINUTES
    first, last = window.first // MINUTES, window.last // MINUTES
    totals = usage.totals(profile, first, min(whole, last), pick)
    totals += [0] * (last - first - len(totals))
    if whole * MINUTES < window.seen and whole * MINUTES >= window.first:
        begun = usage.minutes(profile, whole, pick)[: window.seen % MINUTES]
        totals[whole - window.first // MINUTES] = sum(begun)
    size = window.step // MINUTES
    if size == 1:
        return totals
    return [sum(totals[it : it + size]) for it in range(0, len(totals), size)]


def _by_days(usage: Usage, profile: Profile, pick: Pick, window: Window) -> list[int]:
    """Whole days from their own sums; the last one, which is still under way, from its hours."""
    first, last = window.first // DAY, window.last // DAY
    over = min(last, window.seen // DAY)
    totals = usage.days(profile, first, max(first, over), pick)
    if over < last and window.seen > over * DAY:
        begun = replace(window, first=over * DAY, last=over * DAY + DAY, step=MINUTES)
        totals.append(sum(_by_hours(usage, profile, pick, begun)))
    return totals + [0] * (last - first - len(totals))


def _minutes(usage: Usage, profile: Profile, pick: Pick, first: int, last: int) -> list[int]:
    found = list[int]()
    for hour in range(first // MINUTES, -(-last // MINUTES)):
        found += usage.minutes(profile, hour, pick)
    start = first // MINUTES * MINUTES
    return found[first - start : last - start]


def _gauges(
    usage: Usage, metric: Metric, account: str, window: Window, conditions: Conditions
) -> list[tuple[list[str], Figures, float]]:
    groups: dict[tuple[str, ...], list[Point | None]] = {}
    for profile in usage.of(account):
        if not metric.emits(profile) or profile.shape == "none":
            continue
        values = _values(profile, {"StatusCode": "200"}, conditions)
        if values is None:
            continue
        points = _points(usage, metric, profile, window)
        before = groups.get(values)
        groups[values] = points if before is None else list(map(_joined, before, points))
    return [
        (list(values), _gauged(points), max(it[3] for it in points if it))
        for values, points in groups.items()
        if any(points)
    ]


def _points(usage: Usage, metric: Metric, profile: Profile, window: Window) -> list[Point | None]:
    """A gauge in each bucket, weighted by requests."""
    found: list[Point | None] = [None] * ((window.last - window.first) // window.step)
    for hour in range(window.first // MINUTES, -(-window.seen // MINUTES)):
        for first, last, happened in usage.hours(profile, hour):
            if happened is None:
                continue
            start, end = hour * MINUTES + first, min(hour * MINUTES + last, window.seen)
            for minute, point in _samples(metric, profile, happened, start, end, window.step):
                if window.first <= minute < window.seen:
                    index = (minute - window.first) // window.step
                    found[index] = _joined(found[index], point)
    return found


def _samples(
    metric: Metric, profile: Profile, hour: Hour, start: int, end: int, step: int
) -> Iterable[tuple[int, Point]]:
    gauge = metric.gauge
    if gauge is None or end <= start:
        return
    if step >= MINUTES:
        spread, cap, weight = hour.spread, hour.cap, float(hour.requests)
        ends = (min(1.0, spread.least / cap), min(1.0, spread.most / cap))
        least, most = (gauge(profile, hour, load) for load in ends)
        yield start, (weight, weight * gauge(profile, hour, hour.load), least, most)
        return
    weight = hour.requests / MINUTES
    for minute, load in enumerate(loads(hour)[start % MINUTES : start % MINUTES + end - start]):
        value = gauge(profile, hour, load)
        yield start + minute, (weight, weight * value, value, value)


def _joined(one: Point | None, other: Point | None) -> Point | None:
    if one is None or other is None:
        return one or other
    return (one[0] + other[0], one[1] + other[1], min(one[2], other[2]), max(one[3], other[3]))


def _gauged(points: list[Point | None]) -> Figures:
    rows = [None if it is None else _figures(it) for it in points]
    return {
        name: [None if row is None else row[at] for row in rows]
        for at, name in enumerate(("average", "minimum", "maximum", "total", "count"))
    }


def _figures(point: Point) -> tuple[float, float, float, float, float]:
    weight, total, least, most = point
    average = round(min(max(total / weight, least), most), 4)
    return average, least, most, round(total, 4), max(1.0, float(round(weight)))

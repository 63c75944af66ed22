"""A question to Cost Management: what it is about, and what it may not ask."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator import clock
from simulator.costmanagement.faults import bad
from simulator.costmanagement.rows import DIMENSIONS, Row
from simulator.costmanagement.state import VIEWS
from simulator.faults import Json

Test = Callable[[Row], bool]
Tags = Callable[[Row], dict[str, str]]
MEASURES = ("cost", "pretaxcost", "costusd", "usagequantity")
GRAINS = ("daily", "monthly", "none")
MOST = 2


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; measures and dimensions as they were spelled."""

    kind: str
    first: datetime
    last: datetime
    grain: str
    measures: list[str]
    dimensions: list[tuple[str, str]]
    test: Test


def parsed(body: Json, now: datetime, tags: Tags) -> Question:
    """The question in a request's body. Raises 400."""
    kind = str(body.get("type", "")).lower()
    if kind not in VIEWS:
        raise bad(f"Invalid query definition: the type '{body.get('type')}' is not supported.")
    dataset = body.get("dataset") or {}
    grain = str(dataset.get("granularity") or "none").lower()
    if grain not in GRAINS:
        raise bad(f"Invalid query definition: invalid granularity '{grain}'.")
    first, last = _period(body, now)
    return Question(
        kind,
        first,
        last,
        grain,
        _measures(dataset.get("aggregation") or {}),
        _dimensions(dataset.get("grouping") or []),
        _test(dataset.get("filter") or {}, tags),
    )


def _period(body: Json, now: datetime) -> tuple[datetime, datetime]:
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    days = calendar.monthrange(month.year, month.month)[1]
    periods = {
        "monthtodate": (month, today),
        "billingmonthtodate": (month, today),
        "thelastmonth": (before, month - timedelta(days=1)),
        "thelastbillingmonth": (before, month - timedelta(days=1)),
        "weektodate": (today - timedelta(days=(today.weekday() + 1) % 7), today),
        "thecurrentmonth": (month, month + timedelta(days=days - 1)),
    }
    frame = str(body.get("timeframe", "")).lower()
    if frame != "custom":
        if frame not in periods:
            raise bad(f"Invalid query definition: invalid timeframe '{body.get('timeframe')}'.")
        return periods[frame]
    return custom(body.get("timePeriod") or {})


def custom(period: Json) -> tuple[datetime, datetime]:
    """The first and last day of a period that was named. Raises 400."""
    try:
        first, last = clock.parsed(str(period["from"])), clock.parsed(str(period["to"]))
    except (KeyError, ValueError) as error:
        raise bad("Invalid query definition: a custom timeframe needs from and to.") from error
    if last < first:
        raise bad("Invalid query definition: the start must not be after the end.")
    if last - first > timedelta(days=366):
        raise bad("Invalid query definition: the period must not exceed one year.")
    return first, last.replace(hour=0, minute=0, second=0, microsecond=0)


def _measures(asked: Json) -> list[str]:
    if not 1 <= len(asked) <= MOST:
        raise bad(f"Invalid query definition: give 1 to {MOST} aggregations.")
    found = list[str]()
    for it in asked.values():
        name, how = str(it.get("name", "")), str(it.get("function", ""))
        if name.lower() not in MEASURES or how.lower() != "sum":
            raise bad(f"Invalid query definition: the aggregation {how} of '{name}' is unknown.")
        found.append(name)
    return found


def _dimensions(asked: list[Json]) -> list[tuple[str, str]]:
    if len(asked) > MOST:
        raise bad(f"Invalid query definition: group by at most {MOST} columns.")
    found = list[tuple[str, str]]()
    for it in asked:
        kind, name = str(it.get("type", "")).lower(), str(it.get("name", ""))
        if kind not in ("dimension", "tagkey") or (kind == "dimension" and not _known(name)):
            raise bad(f"Invalid query definition: invalid dimension '{name}'.")
        found.append((kind, name))
    return found


def _known(name: str) -> bool:
    return name.lower() in DIMENSIONS


def _test(filter_: Json, tags: Tags) -> Test:
    """Whether a row is let through by dimensions, tags, and or or of at least two of them."""
    if not filter_:
        return lambda _row: True
    if len(filter_) != 1:
        raise bad("Invalid query definition: a filter has one expression.")
    ((word, inner),) = filter_.items()
    if word.lower() in ("and", "or"):
        if not isinstance(inner, list) or len(inner) < MOST:
            raise bad(f"Invalid query definition: '{word}' needs at least two expressions.")
        tests = [_test(it, tags) for it in inner]
        every = all if word.lower() == "and" else any
        return lambda row: every(test(row) for test in tests)
    return _in(word.lower(), inner, tags)


def _in(word: str, inner: Json, tags: Tags) -> Test:
    name, values = str(inner.get("name", "")), inner.get("values")
    known = word == "tags" or (word == "dimensions" and _known(name))
    if not known or str(inner.get("operator", "")).lower() != "in" or not values:
        raise bad(f"Invalid query definition: invalid filter on '{name}'.")
    wanted = {str(it).lower() for it in values}
    if word == "tags":
        return lambda row: tags(row).get(name.lower(), "").lower() in wanted
    value = DIMENSIONS[name.lower()]
    return lambda row: value(row).lower() in wanted

"""Hourly roll-ups of metrics: Azure remembers minutes for a while and sums them for nobody."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    case,
    delete,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from domain import frames
from store import rows
from store.columns import Moment
from store.engine import Session
from store.tables import HourRow

WINDOWS = {"24h": timedelta(hours=24), "7d": timedelta(days=7), "30d": timedelta(days=30)}
_DAYS = 30
_KEY = ("resource", "hour")
_SUMMED = ("requests", "throttled", "failed", "prompt_tokens", "generated_tokens", "tokens")
_SERIES = {
    "resource": frames.TEXT,
    "grain": frames.TEXT,
    "at": frames.TIME,
    "tokens": frames.REAL,
    "requests": frames.REAL,
    "throttled": frames.REAL,
}


class Day(GenericFunction[datetime]):
    """The UTC midnight before a time."""

    type = Moment()
    inherit_cache = True
    name = "utc_day"


@compiles(Day, "sqlite")
def _day_sqlite(element: Day, compiler: SQLCompiler, **kw: Any) -> str:
    inner = compiler.process(element.clauses, **kw)
    return f"strftime('%Y-%m-%d 00:00:00.000000', {inner})"


@compiles(Day, "postgresql")
def _day_postgresql(element: Day, compiler: SQLCompiler, **kw: Any) -> str:
    return f"date_trunc('day', {compiler.process(element.clauses, **kw)}, 'UTC')"


def keep(session: Session, subscription: str, hours: pd.DataFrame) -> None:
    """Keep or replace hours, frame HOURS; what is known by the minute yields to nothing coarser."""
    finest_last = hours.sort_values("grain", key=lambda it: it == "minute", kind="stable")
    single = finest_last.drop_duplicates(list(_KEY), keep="last").sort_values(list(_KEY))
    if single.empty:
        return
    new = rows.insert(session, HourRow)
    changed = {name: new.excluded[name] for name in frames.HOURS if name not in _KEY}
    changed["subscription"] = new.excluded["subscription"]
    upsert = new.on_conflict_do_update(
        index_elements=_KEY,
        set_=changed,
        where=or_(new.excluded["grain"] == "minute", HourRow.grain != "minute"),
    )
    of = {"subscription": subscription}
    session.execute(upsert, [row | of for row in rows.of_frame(single, frames.HOURS)])


def observed(session: Session, subscription: str, now: datetime) -> pd.DataFrame:
    """Frame OBSERVED: each resource over each window that has hours, counted back from now.

    A window holds as many clock hours as its name says, the one that runs included. A sum of
    nothing is missing.
    """
    found = [
        row
        for window, length in WINDOWS.items()
        for row in session.execute(_observed(subscription, window, now - length, now))
    ]
    return rows.to_frame(found, frames.OBSERVED)


def _within(subscription: str, after: datetime, until: datetime) -> list[ColumnElement[bool]]:
    return [HourRow.subscription == subscription, HourRow.hour > after, HourRow.hour <= until]


def _observed(subscription: str, window: str, after: datetime, until: datetime) -> Select[Any]:
    hours = _ranked(subscription, after, until)
    column = hours.c
    weight = case((column.latency_ms.is_not(None), column.requests))
    numbers = [column[name] for name in frames.HOURS if frames.HOURS[name] == frames.REAL]
    has_data = func.coalesce(*numbers).is_not(None)
    return select(
        column.resource,
        literal(window).label("window"),
        *(func.sum(column[name]).label(name) for name in _SUMMED),
        func.max(column.peak_tpm).label("peak_tpm"),
        _p95(hours, "peak_tpm").label("p95_tpm"),
        func.max(column.peak_rpm).label("peak_rpm"),
        _p95(hours, "peak_rpm").label("p95_rpm"),
        (func.sum(column.latency_ms * weight) / func.nullif(func.sum(weight), 0)).label(
            "latency_ms"
        ),
        func.max(column.utilization).label("utilization"),
        func.count(case((has_data, 1))).label("hours"),
        func.count(case((has_data & (column.grain == "minute"), 1))).label("minute_hours"),
        func.max(case((column.requests > 0, column.hour))).label("last_traffic"),
    ).group_by(column.resource)


def _ranked(subscription: str, after: datetime, until: datetime) -> CTE:
    """The hours with their rank by either peak, and how many have one."""
    extra = []
    for name in ("peak_tpm", "peak_rpm"):
        peak = getattr(HourRow, name)
        order = peak.asc().nulls_last()
        rank = func.row_number().over(partition_by=HourRow.resource, order_by=order)
        extra.append(rank.label(f"{name}_rank"))
        extra.append(func.count(peak).over(partition_by=HourRow.resource).label(f"{name}_count"))
    columns = HourRow.__table__.columns
    return select(*columns, *extra).where(*_within(subscription, after, until)).cte("ranked")


def _p95(hours: CTE, name: str) -> ColumnElement[Any]:
    """The nearest rank: of n values in order, number ceil(0.95 n), in whole numbers."""
    nearest = (hours.c[f"{name}_count"] * 95 + 99) // 100
    return func.max(case((hours.c[f"{name}_rank"] == nearest, hours.c[name])))


def series(session: Session, subscription: str, now: datetime) -> pd.DataFrame:
    """Columns resource, grain, at, tokens, requests, throttled.

    Grain hour: the last 24 clock hours, the running one included; grain day: the last 30 days in
    UTC, today included.
    """
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    before_days = midnight - timedelta(days=_DAYS - 1, microseconds=1)
    day = Day(HourRow.hour)
    by_hour = _series("hour", HourRow.hour, _within(subscription, now - WINDOWS["24h"], now))
    by_day = _series("day", day, _within(subscription, before_days, now))
    found = [row for query in (by_hour, by_day) for row in session.execute(query)]
    return rows.to_frame(found, _SERIES)


def _series(grain: str, at: Any, within: list[ColumnElement[bool]]) -> Select[Any]:
    sums = [func.sum(getattr(HourRow, name)).label(name) for name in _SERIES if name in _SUMMED]
    columns = (HourRow.resource, literal(grain).label("grain"), at.label("at"), *sums)
    return (
        select(*columns)
        .where(*within)
        .group_by(HourRow.resource, at)
        .order_by(HourRow.resource, at)
    )


def oldest(session: Session, subscription: str) -> datetime | None:
    """The first hour that is kept."""
    first = select(func.min(HourRow.hour)).where(HourRow.subscription == subscription)
    return session.scalar(first)


def prune(session: Session, before: datetime) -> int:
    """Forget hours before this time; returns how many."""
    return rows.delete(session, delete(HourRow).where(HourRow.hour < before))

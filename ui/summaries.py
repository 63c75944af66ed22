"""A page's frames, summed: by place, by family, over time, one row for each source."""

from datetime import UTC, datetime, timedelta

import pandas as pd

from domain import periods, skus, usage
from domain.readings import METRICS, SERIES, TOPICS
from ui.components import numbers, states

CARRIED = {SERIES.name}
"""Topics that another one brings along."""
WEEK = timedelta(days=7)
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


def places(rows: pd.DataFrame) -> pd.DataFrame:
    """Columns region, scope, deployments."""
    known = rows.assign(
        region=rows["region"].fillna("not known"), scope=rows["scope"].fillna("Not known")
    )
    return known.groupby(["region", "scope"]).size().rename("deployments").reset_index()


def families(rows: pd.DataFrame) -> pd.DataFrame:
    """Columns sku, scope, deployments, capacity, counts: capacity is never added over units."""
    counts = rows["sku"].map(lambda it: skus.family(it).unit, na_action="ignore")
    summed = (
        rows.assign(counts=counts)
        .groupby(["sku", "scope", "counts"], dropna=False)
        .agg(deployments=("resource", "size"), capacity=("capacity", "sum"))
        .reset_index()
    )
    return summed.sort_values("deployments", ascending=False, ignore_index=True)


def over_time(points: pd.DataFrame, by: str) -> pd.DataFrame:
    """Points for a chart, the largest first."""
    return usage.totals(points, by)


def course(points: pd.DataFrame) -> pd.DataFrame:
    """The scope's sums over time."""
    return usage.totals(points)


def change(points: pd.DataFrame, now: datetime) -> str:
    """The last seven full days against the seven before them; "" where there are not fourteen."""
    today = pd.Timestamp(now).normalize()
    full = points[points["at"] < today]
    last = full[full["at"] >= today - WEEK]
    before = full[(full["at"] < today - WEEK) & (full["at"] >= today - 2 * WEEK)]
    if last["at"].nunique() < 7 or before["at"].nunique() < 7:
        return ""
    was = before["tokens"].sum()
    return f"{last['tokens'].sum() / was - 1:+.1%} on the week before" if was else ""


def lead(points: pd.DataFrame, by: str, names: dict[str, str], inventory: pd.DataFrame) -> str:
    """One sentence that says what the chart shows."""
    sums = points.groupby(by)["tokens"].sum().sort_values(ascending=False)
    if sums.empty or not sums.sum():
        return "no tokens in this period"
    first, since = str(sums.index[0]), points["at"].min()
    share = numbers.percent(sums.iloc[0] / sums.sum(), 0)
    return (
        f"{names.get(first, first)} has {share} of the tokens since {since:%Y-%m-%d %H:%M} UTC"
        f"{measured(inventory)}"
    )


def whole_until(now: datetime, grain: str) -> datetime:
    """Before when the buckets of a chart are over."""
    return now.replace(minute=0, second=0, microsecond=0, hour=now.hour if grain == "hour" else 0)


def whole(points: pd.DataFrame, until: datetime) -> pd.DataFrame:
    """The scope's sums over time, of the buckets that are over."""
    return usage.totals(points[points["at"] < pd.Timestamp(until)])


def total(points: pd.DataFrame, inventory: pd.DataFrame) -> str:
    """One sentence that says what a chart of one thing shows: whole buckets, so that its sum may
    be more than that of the period."""
    if points.empty:
        return "no usage in this period"
    tokens, refused = (points[it].sum(min_count=1) for it in ("tokens", "throttled"))
    return (
        f"{numbers.short(tokens)} tokens and {numbers.short(refused)} refused requests "
        f"since {points['at'].min():%Y-%m-%d %H:%M} UTC{measured(inventory)}"
    )


def measured(inventory: pd.DataFrame) -> str:
    """Of when the metrics are, the oldest of these rows."""
    oldest = inventory["measured_at"].min()
    return "" if pd.isna(oldest) else f"; metrics of {oldest:%Y-%m-%d %H:%M} UTC"


def sources(rows: pd.DataFrame, now: datetime) -> pd.DataFrame:
    """One row for each topic, for table SOURCES."""
    lines = []
    for name, topic in TOPICS.items():
        of = rows[rows["topic"] == name]
        if of.empty and name in CARRIED:
            continue
        data_at = _time(of["data_at"].min())
        running = int(of["running_since"].notna().sum())
        waiting = int(of["due_at"].le(pd.Timestamp(now)).sum()) - running
        lines.append(
            {
                "title": topic.title,
                "freshness": states.freshness(data_at, topic.cadence.total_seconds(), now),
                "scopes": len(of),
                "age": numbers.age(data_at, now),
                "cadence": _span(topic.cadence),
                "ran": numbers.age(_time(of["last_at"].max()), now),
                "took": of["took_ms"].max() / 1_000 if of["took_ms"].notna().any() else None,
                "calls": of["calls"].sum(min_count=1),
                "rows": of["rows"].sum(min_count=1),
                "troubles": of["troubles"].sum(min_count=1),
                "backlog": of["backlog"].sum(min_count=1),
                "now": f"asking, {running} of {len(of)}" if running
                else f"waiting, {waiting}" if waiting > 0 else "at rest",
            }
        )  # fmt: skip
    return pd.DataFrame(lines)


def done_by(rows: pd.DataFrame, now: datetime) -> str:
    """How much history is left to read; of metrics, when it will be there."""
    behind = rows[rows["backlog"].fillna(0) > 0]
    metrics = behind["topic"] == METRICS.name
    told = [_metrics_by(behind[metrics], now)] if metrics.any() else []
    most = behind[~metrics].groupby("topic", sort=False)["backlog"].max()
    for name, days in most.items():
        left = numbers.counted(int(days), "day")
        told.append(f"up to {left} of {TOPICS[str(name)].title.lower()} still to read")
    return "; ".join(told)


def _metrics_by(behind: pd.DataFrame, now: datetime) -> str:
    """Subscription beside subscription, in turns with questions about now."""
    pauses = (behind["due_at"] - behind["last_at"]).dropna()
    pause = pauses.max().to_pytimedelta() if len(pauses) else timedelta()
    at = now + periods.history_takes(int(behind["backlog"].max()), pause)
    days = numbers.counted(int(behind["backlog"].max()), "day")
    scopes = numbers.counted(len(behind), "subscription")
    return f"up to {days} of metrics still to read in {scopes}; about {at:%Y-%m-%d %H:%M} UTC"


def _time(value: pd.Timestamp | None) -> datetime | None:
    return None if value is None or pd.isna(value) else value.to_pydatetime()


def _span(span: timedelta) -> str:
    return numbers.age(BEGINNING, BEGINNING + span)


def matrix(doctor: pd.DataFrame) -> pd.DataFrame:
    """The doctor's verdicts: one row for each subscription, one column for each topic."""
    wide = doctor.pivot_table(index="name", columns="title", values="verdict", aggfunc="first")
    return wide.reset_index().rename(columns={"name": "Subscription"})

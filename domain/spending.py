"""Sums of a bill as people compare them: by unit, model, deployment or day, with what was before.

Allocate first, narrow second: whatever is left out here changes no figure of what stays.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from domain import months
from domain.costs import PLATFORM, Basis
from domain.frames import REAL, TEXT, WHOLE, Columns, fitted
from domain.units import UNASSIGNED

BY = {
    "unit": "Business unit",
    "model": "Model",
    "resource": "Deployment",
    "line": "Kind of cost",
    "day": "Day",
}
COMPARED: Columns = {
    "key": TEXT,
    "cents": WHOLE,
    "before_cents": WHOLE,
    "difference": WHOLE,
    "percent": REAL,  # of what was before; missing where that was nothing
    "share": REAL,  # of the total
    "tokens": REAL,
}
TOTAL = "Total"


def narrowed(
    rows: pd.DataFrame,
    units: Collection[str] | None,
    subscriptions: Collection[str] | None = None,
) -> pd.DataFrame:
    """The rows of these units and subscriptions; None is all, what belongs to none included."""
    if units is not None:
        rows = rows[rows["unit"].isin(units)]
    if subscriptions is not None:
        rows = rows[rows["subscription"].isin(subscriptions)]
    return rows


def chosen(rows: pd.DataFrame, wanted: Mapping[str, str]) -> pd.DataFrame:
    """The rows that have these texts; a day is its ISO date."""
    for name, value in wanted.items():
        rows = rows[keys(rows, name).eq(value)]
    return rows


def keys(rows: pd.DataFrame, by: str) -> "pd.Series[str]":
    """What rows are grouped by, as text."""
    if by == "day":
        found: pd.Series[str] = rows["day"].dt.strftime("%Y-%m-%d").astype("string")
        return found
    return rows[by].fillna("").astype("string")


def same_days(before: pd.DataFrame, month: str, until: datetime) -> pd.DataFrame:
    """Of the month before, as much as this month is known: the last day's counterpart by the hours
    that are; all of it where this month is over."""
    if until >= months.end(month):
        return before
    day = before["day"].dt.day
    passed = before[day < until.day]
    today = before[day == until.day]
    share = (until.hour * 60 + until.minute) / 1_440
    part = today.assign(
        cents=np.rint(today["cents"].astype(float) * share).astype("Int64"),
        tokens=today["tokens"] * share,
    )
    known = len(part) and share > 0
    both: pd.DataFrame = pd.concat([passed, part], ignore_index=True) if known else passed
    return both


def part_of_day(charges: pd.DataFrame, sums: pd.DataFrame, until: datetime) -> pd.DataFrame:
    """Lines of the last day's counterpart, by the hours that are, with the cents of same_days():
    what rounding leaves of a unit is the largest line's."""
    share = (until.hour * 60 + until.minute) / 1_440
    rows: pd.DataFrame = charges[charges["day"].dt.day.eq(until.day)].reset_index(drop=True)
    if not share or rows.empty:
        return charges.iloc[:0]
    by = ["unit", "subscription"]
    told = sums[sums["day"].dt.day.eq(until.day)].groupby(by, dropna=False)["cents"]
    wanted = told.agg(lambda it: int(np.rint(it.astype(float) * share).sum())).rename("wanted")
    size = rows["cents"].abs()
    cents = np.rint(rows["cents"].astype(float) * share).astype("Int64")
    rows = rows.assign(cents=cents, quantity=rows["quantity"] * share)
    keys = rows.groupby(by, dropna=False)
    largest = size.groupby([rows[it] for it in by], dropna=False).idxmax()
    sides = keys["cents"].sum().to_frame("there").join(wanted).fillna({"wanted": 0})
    left = (sides["wanted"] - sides["there"]).astype("Int64").reindex(largest.index)
    rows.loc[largest.to_numpy(), "cents"] += left.to_numpy()
    return rows


def known_until(rows: pd.DataFrame, now: datetime) -> datetime:
    """Until when a whole bill knows its month: now, or the end of the last day that it has."""
    days = rows.loc[rows["day"] <= pd.Timestamp(now), "day"]
    if days.empty:
        return now
    end: datetime = days.max().to_pydatetime() + timedelta(days=1)
    return min(now, end)


def compared(now: pd.DataFrame, before: pd.DataFrame, by: str) -> pd.DataFrame:
    """Frame COMPARED, the dearest first, days in their order; of days the same number compares."""
    then = before
    if by == "day" and len(now) and len(before):
        month = now["day"].iloc[0]
        there = before["day"].dt.day <= month.days_in_month
        days = pd.to_timedelta(before["day"].dt.day - 1, unit="D")
        then = before.assign(day=month.replace(day=1) + days).loc[there]
    summed = _summed(now, by).join(_summed(then, by)[["cents"]].add_prefix("before_"), how="outer")
    rows = _judged(summed.rename_axis("key").reset_index())
    if by == "day":
        return rows.sort_values("key", ignore_index=True)
    return rows.sort_values(["cents", "key"], ascending=[False, True], ignore_index=True)


def total(rows: pd.DataFrame) -> pd.DataFrame:
    """One row that sums them up."""
    sums = rows[["cents", "before_cents", "tokens"]].sum()
    return _judged(pd.DataFrame([{"key": TOTAL, **sums.to_dict()}]))


def with_total(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([rows, total(rows)], ignore_index=True)


def bases(rows: pd.DataFrame) -> dict[Basis, int]:
    """Cents by how sure they are; the figures exclude each other."""
    found = rows.groupby("basis")["cents"].sum()
    usual = {Basis.BOOKED, Basis.ESTIMATED}
    return {it: int(found.get(it, 0)) for it in Basis if found.get(it, 0) or it in usual}


def daily(rows: pd.DataFrame, by: str = "unit") -> pd.DataFrame:
    """Columns day, by, cents, what costs most first."""
    summed = rows.groupby(["day", by], as_index=False)["cents"].sum()
    most = summed.groupby(by)["cents"].sum().sort_values(ascending=False)
    place = summed[by].map({name: at for at, name in enumerate(most.index)})
    ordered: pd.DataFrame = summed.assign(place=place).sort_values(["place", "day"])
    return ordered.drop(columns="place").reset_index(drop=True)


def unallocated(rows: pd.DataFrame) -> float | None:
    """The share of the cost that no unit has."""
    whole = int(rows["cents"].sum())
    return int(rows.loc[rows["unit"].eq(UNASSIGNED), "cents"].sum()) / whole if whole else None


def coverage(gaps: pd.DataFrame) -> float | None:
    """The share of the platform's tokens whose callers the gateway knows."""
    counted = gaps["platform"].sum()
    return float(gaps["attributed"].sum() / counted) if counted else None


def gaps_by_resource(gaps: pd.DataFrame) -> pd.DataFrame:
    """Columns resource, unit, platform, attributed, gap, covered; the widest first."""
    named = ["platform", "attributed", "gap"]
    rows = gaps.groupby(["resource", "unit"], as_index=False)[named].sum()
    rows["covered"] = rows["attributed"] / rows["platform"].where(rows["platform"] > 0)
    return rows.sort_values("gap", ascending=False, ignore_index=True)


def payers(rows: pd.DataFrame) -> list[str]:
    """Units that pay anything, by name of id; the buckets of nobody last."""
    found = set(rows["unit"].dropna())
    last = [it for it in (PLATFORM, UNASSIGNED) if it in found]
    return sorted(found - set(last)) + last


def _summed(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    return rows.groupby(keys(rows, by).rename("key"))[["cents", "tokens"]].sum()


def _judged(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.fillna({"cents": 0, "before_cents": 0})
    whole = rows["cents"].sum()
    before = rows["before_cents"].astype("Float64")
    difference = rows["cents"] - rows["before_cents"]
    return fitted(
        rows.assign(
            difference=difference,
            percent=difference / before.where(before != 0).abs(),
            share=rows["cents"] / whole if whole else None,
            tokens=rows["tokens"].where(rows["tokens"] > 0),
        ),
        COMPARED,
    )

"""Who holds the quota of a pool, how much of it they need, and how much they could give back.

A deployment needs the busiest minute of the last 30 days and a margin. That is known only after 30
days under observation, and where nothing is known nothing is promised.
"""

from typing import Any

import pandas as pd

from domain import bounds, frames, inventory, skus, tags
from domain.frames import REAL, WHOLE, Columns

HOLDERS: Columns = {
    **inventory.INVENTORY,
    "minimum": WHOLE,  # 1 where the SKU names none
    "maximum": WHOLE,
    "step": WHOLE,
    "default": WHOLE,
    "needed": REAL,  # units that carry the busiest minute of 30 days, without any margin
    "keep": REAL,  # least units for that with its margin, within minimum and step
    "reclaimable": REAL,  # units that it could give
    "would_use_share": REAL,  # of the kept units, what the busiest minute would use: 0 to 1
}
MARGIN, PRODUCTION_MARGIN = 0.2, 0.4
"""Kept above the peak."""
MEANS_COUNT = 2.0
"""What a peak counts that is an hour's mean: minutes within that hour were busier."""
MONTH_HOURS, MONTH_DAYS = 720, 30
THROTTLED = 0.01
"""Of requests: who had more of them refused gives nothing, however low its peaks are."""


def holders(rows: pd.DataFrame) -> pd.DataFrame:
    """Frame HOLDERS, from frame INVENTORY in its order.

    needed: the higher of peak_tpm / unit_tpm and peak_rpm / unit_rpm over 30 days; of provisioned
    throughput its highest utilisation times its capacity; 0 for one that was idle for 30 days. A
    peak that is an hour's mean counts double. Missing when any peak is, when fewer than 720 hours
    were asked for, when the deployment is younger, for batch (its unit is not of a minute), and for
    provisioned throughput that was changed in these days (its utilisation was of another size).

    keep: needed and 20 % more, 40 % in production, not under the minimum and on the step. Its whole
    capacity where it is standby, takes another's spillover, is not ready, had at least 1 % of its
    requests refused with 429, or where no capacity that it may have is enough. reclaimable:
    capacity less keep, never under 0; missing when keep is.
    """
    found = rows.assign(needed=needed(rows))
    limits = [bounds.of(it) for it in _bounding(rows)]
    live = found["environment"].isin(list(tags.PRODUCTION)).fillna(False).astype(bool)
    wanted = found["needed"] * (1 + live.map({True: PRODUCTION_MARGIN, False: MARGIN}))
    least = [_least(*it) for it in zip(limits, wanted.tolist(), strict=True)]
    held = rows["capacity"].astype("Float64")
    keep = pd.Series(least, rows.index, dtype="Float64")
    keep = keep.mask(_stays(rows) | (keep.isna() & wanted.notna()), held)
    found = found.assign(
        minimum=[it.least for it in limits],
        maximum=rows["capacity_max"],
        step=[it.step for it in limits],
        default=rows["capacity_default"],
        keep=keep,
        reclaimable=(held - keep).clip(lower=0),
        would_use_share=found["needed"] / keep.where(keep > 0),
    )
    return frames.fitted(found, HOLDERS)


def needed(rows: pd.DataFrame) -> "pd.Series[float]":
    """Units that carry the busiest minute of 30 days, by the rule of holders()."""
    families = rows["sku"].fillna("").map(skus.family)
    provisioned = families.map(lambda it: it.provisioned).astype(bool)
    rated = families.map(lambda it: it.unit == "rate units").astype(bool)
    by_use = _real(rows["utilization_30d"]) / 100 * _real(rows["capacity"])
    units = _rated(rows).where(rated).mask(provisioned, by_use.where(~_resized(rows)))
    minutes = rows["peaks_30d_are"].eq("by the minute").fillna(False).astype(bool)
    units = units.mask(rated & ~minutes, units * MEANS_COUNT)
    units = units.mask(rows["idle"].fillna(False).astype(bool), 0.0)
    return units.where(_observed(rows)).astype("Float64")


def _rated(rows: pd.DataFrame) -> "pd.Series[float]":
    """Of rate units: by tokens and by requests, as far as the unit counts them."""
    shares, unknown = [], pd.Series(False, rows.index)
    for what in ("tpm", "rpm"):
        unit, peak = _real(rows[f"unit_{what}"]), _real(rows[f"peak_{what}_30d"])
        counts = unit.gt(0).fillna(False).astype(bool)
        shares.append((peak / unit.where(counts)).where(counts))
        unknown |= counts & peak.isna()
    return pd.concat(shares, axis=1).max(axis=1).astype("Float64").mask(unknown)


def _observed(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Whether all of the last 30 days are known."""
    age = rows["seen_at"] - rows["created_at"]
    young = age.lt(pd.Timedelta(days=MONTH_DAYS)).fillna(False).astype(bool)
    return rows["covered_30d"].ge(MONTH_HOURS).fillna(False).astype(bool) & ~young


def _resized(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Whether it may have had another capacity within the last 30 days."""
    since = rows["seen_at"] - rows["modified_at"]
    return since.lt(pd.Timedelta(days=MONTH_DAYS)).fillna(False).astype(bool)


def _stays(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Whether it gives nothing, whatever it uses."""
    refused = rows["throttled_30d"] / rows["requests_30d"].where(rows["requests_30d"] > 0)
    of = rows["account_id"] + "/" + rows["deployment"].str.lower()
    into = (rows["account_id"] + "/" + rows["spillover"].str.lower()).dropna()
    takes = of.isin(into).fillna(False) | rows["standby"].fillna(False)
    throttled = refused.ge(THROTTLED).fillna(False)
    return (takes | throttled | ~rows["health"].eq("Ready").fillna(False)).astype(bool)


def _bounding(rows: pd.DataFrame) -> list[dict[str, Any]]:
    names = ("capacity_min", "capacity_max", "capacity_step", "capacity_allowed")
    columns = [rows[name].tolist() for name in names]
    return [dict(zip(names, it, strict=True)) for it in zip(*columns, strict=True)]


def _least(limits: bounds.Bounds, units: float) -> float | None:
    return None if pd.isna(units) else limits.at_least(units)


def _real(values: "pd.Series[Any]") -> "pd.Series[float]":
    return values.astype("Float64")

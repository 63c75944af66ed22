"""What a deployment or an account was on a day, and what follows from it for what was used: bills
are about days, the inventory is about now."""

from datetime import datetime, timedelta

import pandas as pd

from domain import frames, meters, skus
from domain.costs import ESTATE_DAYS, USAGE_DAYS, Bucket
from domain.frames import Row

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
UTILISED = "utilization"
"""Percent of its units that a provisioned deployment used, as the metrics have it."""


def looked(
    accounts: pd.DataFrame,
    deployments: pd.DataFrame,
    known: pd.DataFrame,
    edits: pd.DataFrame,
    first: datetime,
    at: datetime,
) -> pd.DataFrame:
    """Frame ESTATE_DAYS to keep after a look: today as it is, yesterday with its final size, and
    the days from first on of which nothing is known (assumed), but none before a deployment was
    made. Sizes are means over the day as far as it went; a change counts from when it was seen."""
    today = at.replace(hour=0, minute=0, second=0, microsecond=0)
    account = accounts.set_index("account_id")[["group", "region", "tags"]]
    account = account.rename(columns={"tags": "account_tags"})
    now = deployments.merge(account, left_on="account_id", right_index=True, how="inner")
    there = {(it["resource"], it["day"]): it["assumed"] for it in frames.records(known)}
    rows: list[Row] = []
    of_account: dict[str, str] = dict(
        accounts[["account_id", "subscription"]].itertuples(index=False)
    )
    steps = _steps(edits)
    for it in frames.records(now):
        row = {name: it.get(name) for name in ESTATE_DAYS} | {
            "subscription": of_account[it["account_id"]]
        }
        made = it["created_at"] if not pd.isna(it["created_at"]) else first
        day = max(first, made.replace(hour=0, minute=0, second=0, microsecond=0))
        while day <= today:
            looked_at = there.get((it["resource"], pd.Timestamp(day)))
            fresh = day == today or (day == today - DAY and looked_at is not None and not looked_at)
            if fresh or looked_at is None:
                size = it["capacity"]
                if fresh and not pd.isna(size):
                    size = _mean(float(size), steps.get(it["resource"], []), made, day, at)
                rows.append({**row, "day": day, "capacity": size, "assumed": not fresh})
            day += DAY
    return frames.frame(ESTATE_DAYS, [{k: _plain(v) for k, v in row.items()} for row in rows])


def homes(
    accounts: pd.DataFrame, known: pd.DataFrame, first: datetime, at: datetime
) -> pd.DataFrame:
    """Frame ESTATE_DAYS of the accounts themselves, which have a tag though they may hold no
    deployment: today as they are, and the days from first on of which nothing is known (assumed).
    Their resource is their own id, and they have no model."""
    today = at.replace(hour=0, minute=0, second=0, microsecond=0)
    there = set(zip(known["resource"], known["day"], strict=True))
    days = pd.date_range(first, today, freq="D")
    rows: list[Row] = []
    for it in frames.records(accounts):
        own = {name: it[name] for name in ("account_id", "subscription", "group", "region")}
        own |= {"resource": it["account_id"], "account_tags": it["tags"]}
        new = (day for day in days if day == today or (it["account_id"], day) not in there)
        rows += [{**own, "day": day, "assumed": day != today} for day in new]
    return frames.frame(ESTATE_DAYS, [{k: _plain(v) for k, v in row.items()} for row in rows])


def _plain(value: object) -> object:
    return None if value is pd.NA or value is pd.NaT else value


def _steps(edits: pd.DataFrame) -> dict[str, list[tuple[datetime, float]]]:
    """By deployment when its size changed, newest first, and what it was before."""
    found: dict[str, list[tuple[datetime, float]]] = {}
    sized = edits[edits["what"].eq("capacity").fillna(False) & edits["before"].notna()]
    for it in frames.records(sized.sort_values("at", ascending=False)):
        found.setdefault(it["resource"], []).append((it["at"], float(it["before"])))
    return found


def _mean(
    size: float, steps: list[tuple[datetime, float]], made: datetime, day: datetime, at: datetime
) -> float:
    """The mean size from midnight to the end of the day, or to now; nothing before it was made."""
    until, total = min(day + DAY, at), 0.0
    length = (until - day) / HOUR
    end = until
    for when, before in steps:
        if when < end:
            total += size * max(0.0, (end - max(when, day, made)) / HOUR)
            end = max(when, day)
        size = before
        if end <= day:
            break
    total += size * max(0.0, (end - max(day, made)) / HOUR)
    return total / length if length > 0 else size


def measured(
    usage: pd.DataFrame, was: pd.DataFrame, at: datetime, first: datetime, end: datetime
) -> pd.DataFrame:
    """Frame USAGE_DAYS with what only the estate tells: PTU-hours that were deployed and used, and
    the tier of SKUs that fix one. What was used of a deployment whose size is not known is left
    out; of a day that still runs the hours so far count."""
    families = {it: skus.family(it) for it in was["sku"].dropna().unique()}
    units = was["sku"].map({it: family.unit for it, family in families.items()})
    key = ["day", "resource"]
    tiers = was["sku"].map({it: meters.tier_of(it) for it in families}).astype("string")
    fixed = was[key].assign(fixed=tiers)[tiers.ne("standard").fillna(False)]
    plain = usage[~usage["bucket"].eq(UTILISED).fillna(False)].merge(fixed, on=key, how="left")
    plain["tier"] = plain.pop("fixed").fillna(plain["tier"])
    provisioned = was.loc[units.eq("PTU").fillna(False) & was["capacity"].notna()]
    provisioned = provisioned[provisioned["day"].between(first, end - timedelta(microseconds=1))]
    hours = (pd.Timestamp(at) - provisioned["day"]).dt.total_seconds().clip(0, 86_400) / 3_600
    deployed = pd.DataFrame(
        {
            **{it: provisioned[it] for it in ("day", "resource", "subscription")},
            "source": "metrics",
            "product": "",
            "tier": "standard",
            "bucket": Bucket.PTU_HOURS.value,
            "quantity": provisioned["capacity"] * hours,
            "estimated": provisioned["assumed"],
            "seen_at": pd.Timestamp(at).as_unit("us"),
        }
    )
    percent = usage.loc[usage["bucket"].eq(UTILISED).fillna(False), [*key, "quantity"]]
    used = deployed.merge(percent.rename(columns={"quantity": "percent"}), on=key)
    used = used.assign(
        bucket=Bucket.PTU_USED.value, quantity=used["quantity"] * used["percent"] / 100
    ).drop(columns="percent")
    parts = [frames.fitted(it, USAGE_DAYS) for it in (plain, deployed, used) if len(it)] or [
        usage[:0]
    ]
    whole = pd.concat(parts, ignore_index=True)
    measured_zero = whole["bucket"].eq(Bucket.PTU_USED.value) & whole["quantity"].eq(0)
    return whole[(whole["quantity"].gt(0) | measured_zero).fillna(False)]

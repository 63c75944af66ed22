"""The inventory: one row per deployment, everything that is known of it side by side."""

from collections.abc import Mapping
from datetime import datetime

import pandas as pd

from domain import frames, lifecycle, skus, tags
from domain.frames import FLAG, REAL, TEXT, TIME, WHOLE, Columns
from domain.tags import TagNames
from domain.units import Tree

INVENTORY: Columns = {
    **frames.DEPLOYMENTS,
    "subscription": TEXT,
    "subscription_name": TEXT,
    "group": TEXT,
    "account": TEXT,
    "kind": TEXT,
    "region": TEXT,
    "account_state": TEXT,
    "penalty": TEXT,
    "penalty_percent": REAL,
    "penalty_until": TIME,
    "scope": TEXT,  # where it processes, in words
    "billing": TEXT,
    "unit_words": TEXT,  # what one unit of capacity is
    "health": TEXT,  # Ready, Changing, Paused, Disabled, Failed
    "unit": TEXT,
    "unit_tag": TEXT,  # what the tag says, also when that is no unit
    "owner": TEXT,
    "environment": TEXT,
    "standby": FLAG,
    "audience": TEXT,  # internal or external, as the tag says
    "listed": FLAG,  # whether its model version and SKU are in the model list
    "lifecycle": TEXT,
    "dates_are": TEXT,
    "retires_at": TIME,
    "acts_at": TIME,
    "days_left": WHOLE,
    "fate": TEXT,
    "replacement": TEXT,
    "usage_name": TEXT,
    "pool": TEXT,  # key of the quota pool it draws from
    "unit_tpm": REAL,  # what one unit of its capacity is worth
    "unit_rpm": REAL,
    "capacity_min": WHOLE,
    "capacity_max": WHOLE,
    "capacity_step": WHOLE,
    "capacity_default": WHOLE,
    "capacity_allowed": TEXT,
    "requests": REAL,
    "throttled": REAL,
    "failed": REAL,
    "prompt_tokens": REAL,
    "generated_tokens": REAL,
    "tokens": REAL,
    "peak_tpm": REAL,
    "p95_tpm": REAL,
    "peak_rpm": REAL,
    "p95_rpm": REAL,
    "latency_ms": REAL,
    "utilization": REAL,
    "peaks_are": TEXT,  # by the minute, or hourly means
    "peak_tpm_30d": REAL,  # the busiest minute of 30 days, whatever the window
    "peak_rpm_30d": REAL,
    "utilization_30d": REAL,
    "requests_30d": REAL,
    "throttled_30d": REAL,
    "covered_30d": WHOLE,  # hours of the 30 days that were asked for
    "peaks_30d_are": TEXT,
    "throttled_share": REAL,  # of requests, 0 to 1
    "peak_share": REAL,  # of the limit, 0 to 1 and above
    "last_traffic": TIME,
    "quiet_days": REAL,  # days without traffic, as far back as was asked
    "idle": FLAG,
    "measured_at": TIME,  # when its metrics were read; missing when they never were
    "seen_at": TIME,
}
MONTH = "30d"
"""The window of the columns that do not follow the one that is asked for."""
WIDE = ("Global", "DataZone")
"""Scope types of pools that several regions share; every other is of one region."""
IDLE_DAYS = 30
_READY, _CHANGING = {"succeeded"}, "Changing"
_FINAL = {"failed": "Failed", "canceled": "Failed", "disabled": "Disabled"}


def joined(
    parts: Mapping[str, pd.DataFrame], tree: Tree, names: TagNames, window: str, now: datetime
) -> pd.DataFrame:
    """Frame INVENTORY from the kept frames of subscriptions, accounts, deployments, models, usages
    and metrics. Every deployment gives exactly one row, whatever the others miss."""
    accounts = (
        parts["accounts"]
        .drop(columns=["seen_at", *frames.POSTURE])
        .rename(columns={"tags": "account_tags"})
    )
    called = parts["subscriptions"][["subscription", "name"]]
    rows = parts["deployments"].merge(accounts, on="account_id", how="left", validate="m:1")
    rows = rows.merge(
        called.rename(columns={"name": "subscription_name"}), on="subscription", how="left"
    )
    rows = _with_model(rows, parts["models"], parts["usages"])
    rows = rows.join(lifecycle.fates(rows, now))
    rows = _with_metrics(rows, parts["metrics"], window, now)
    rows = _with_owners(rows, tree, names)
    rows = _in_words(rows)
    rows["idle"] = (
        (rows["quiet_days"] >= IDLE_DAYS).fillna(False) & rows["health"].eq("Ready")
    ) & ~rows["standby"]
    return frames.fitted(rows, INVENTORY)


def _with_model(rows: pd.DataFrame, models: pd.DataFrame, usages: pd.DataFrame) -> pd.DataFrame:
    """The model list's row for model, version and SKU in the account's region; the entry of the
    account's own kind first, since the same model is listed under several."""
    rows = rows.reset_index(drop=True).assign(row=lambda it: it.index)
    keys = ["subscription", "region", "format", "model", "version", "sku"]
    left = rows[["row", "kind", *keys]].assign(**_lower(rows, keys))
    right = models.drop(columns=["seen_at"]).assign(**_lower(models, keys))
    hits = left.merge(right, on=keys, how="inner", suffixes=("", "_listed"))
    hits["other_kind"] = hits["kind"].ne(hits["kind_listed"])
    best = hits.sort_values(["row", "other_kind", "sku_retires_at"]).drop_duplicates("row")
    best = best.drop(columns=[*keys, "kind", "kind_listed", "other_kind"]).assign(listed=True)
    rows = rows.merge(best, on="row", how="left").drop(columns="row")
    rows["listed"] = rows["listed"].fillna(False).astype(bool)
    return rows.assign(pool=_pools(rows, usages))


def _lower(rows: pd.DataFrame, keys: list[str]) -> dict[str, "pd.Series[str]"]:
    return {key: rows[key].str.lower() for key in keys}


def _pools(rows: pd.DataFrame, usages: pd.DataFrame) -> "pd.Series[str]":
    """Key of the quota pool: the wider scope where Azure names one, else the region."""
    keys = ["subscription", "region", "_usage"]
    known = usages.assign(_usage=usages["usage_name"].str.lower()).drop_duplicates(keys)
    left = rows[["subscription", "region"]].assign(_usage=rows["usage_name"].str.lower())
    scopes = left.merge(known[[*keys, "scope_type", "scope_id"]], on=keys, how="left")
    return pool_keys(scopes.rename(columns={"_usage": "usage_name"})).set_axis(rows.index)


def pool_keys(usages: pd.DataFrame) -> "pd.Series[str]":
    """Keys of quota pools, subscription|place|name, for subscription, region, usage_name,
    scope_type and scope_id: one key for all regions that share a pool."""
    wide = usages["scope_type"].isin(WIDE).astype(bool)
    where = (usages["scope_type"] + ":" + usages["scope_id"].str.lower()).where(
        wide, usages["region"]
    )
    return usages["subscription"] + "|" + where + "|" + usages["usage_name"].str.lower()


def _with_metrics(
    rows: pd.DataFrame, observed: pd.DataFrame, window: str, now: datetime
) -> pd.DataFrame:
    """The sums of the window, and the quiet days as far back as the longest window was asked."""
    shown = observed[observed["window"] == window].rename(columns={"seen_at": "measured_at"})
    longest = observed.sort_values("covered").drop_duplicates("resource", keep="last")
    rows = rows.merge(
        shown.drop(columns=["region", "window", "last_traffic", "covered"]),
        on="resource",
        how="left",
    )
    rows = rows.merge(longest[["resource", "last_traffic", "covered"]], on="resource", how="left")
    rows = rows.merge(_month(observed), on="resource", how="left")
    quiet, age = (_days(rows[it], now) for it in ("last_traffic", "created_at"))
    covered = rows["covered"] / 24
    rows["quiet_days"] = quiet.fillna(covered.where(~(age < covered).fillna(False), age))
    rows["throttled_share"] = rows["throttled"] / rows["requests"].where(rows["requests"] > 0)
    rows["peak_share"] = (rows["peak_tpm"] / rows["limit_tpm"]).fillna(
        rows["peak_rpm"] / rows["limit_rpm"]
    )
    return rows.assign(peaks_are=_peaks_are(rows))


def _month(observed: pd.DataFrame) -> pd.DataFrame:
    rows = observed[observed["window"] == MONTH]
    rows = rows.assign(peaks_are=_peaks_are(rows))
    kept = ("peak_tpm", "peak_rpm", "utilization", "requests", "throttled", "covered", "peaks_are")
    return rows[["resource", *kept]].rename(columns={it: _of_month(it) for it in kept})


def _of_month(name: str) -> str:
    return "peaks_30d_are" if name == "peaks_are" else f"{name}_30d"


def _peaks_are(rows: pd.DataFrame) -> "pd.Series[str]":
    by_minute = (rows["minute_hours"] == rows["hours"]).fillna(False)
    some = (rows["minute_hours"] > 0).fillna(False)
    are = pd.Series("hourly means", index=rows.index, dtype="string")
    are = are.mask(some, "partly hourly means").mask(by_minute, "by the minute")
    return are.where(rows["peak_tpm"].notna() | rows["peak_rpm"].notna())


def _days(since: "pd.Series[pd.Timestamp]", now: datetime) -> "pd.Series[float]":
    return ((pd.Timestamp(now) - since).dt.total_seconds() / 86_400).astype("Float64")


def _with_owners(rows: pd.DataFrame, tree: Tree, names: TagNames) -> pd.DataFrame:
    """The deployment's own tags, and the account's where it has none."""
    own = [tags.parsed(it) for it in rows["tags"].fillna("")]
    account = [tags.parsed(it) for it in rows["account_tags"].fillna("")]

    def said(name: str) -> "pd.Series[str]":
        values = [
            tags.found(a, name) or tags.found(b, name) for a, b in zip(own, account, strict=True)
        ]
        return pd.Series(values, index=rows.index, dtype="string")

    unit = said(names.unit)
    return rows.assign(
        unit_tag=unit,
        unit=unit.fillna("").map(tree.of_tag),
        owner=said(names.owner),
        environment=said(names.environment).str.lower(),
        standby=said(names.standby).str.lower().isin(tags.TRUE).astype(bool),
        audience=said(names.audience).str.lower(),
    )


def _in_words(rows: pd.DataFrame) -> pd.DataFrame:
    families = rows["sku"].map(skus.family, na_action="ignore")
    units = [
        skus.unit_words(*it)
        for it in zip(
            rows["sku"].fillna(""),
            rows["unit_tpm"].fillna(0),
            rows["unit_rpm"].fillna(0),
            strict=True,
        )
    ]
    becomes = rows["replacement_model"] + " " + rows["replacement_version"].fillna("")
    return rows.assign(
        scope=families.map(lambda it: it.scope, na_action="ignore"),
        billing=families.map(lambda it: it.billing, na_action="ignore"),
        unit_words=units,
        replacement=becomes.str.strip(),
        health=[
            health(*it)
            for it in zip(rows["state"].fillna(""), rows["running"].fillna(""), strict=True)
        ],
    )


def health(state: str, running: str) -> str:
    """Azure's provisioning state in one word; a state that is new to us is a change under way."""
    if state.lower() in _READY:
        return "Paused" if running.lower() == "paused" else "Ready"
    return _FINAL.get(state.lower(), _CHANGING)

"""Making a deployment: what is wanted, held against what Azure offers there."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from domain import skus
from domain.capacity import UPGRADES
from domain.faults import OutOfRange

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,63}")
STANDARD_PER_ACCOUNT = 32
"""Standard deployments that one account takes (Azure's quotas and limits of Foundry models)."""


@dataclass(frozen=True)
class Wanted:
    """What a person chooses; everything is held against the model list of the region."""

    format: str
    model: str
    version: str
    sku: str
    capacity: int
    upgrade: str = UPGRADES[0]
    filter_policy: str | None = None


@dataclass(frozen=True)
class Checked:
    spec: dict[str, Any]
    """By the names of domain.capacity.MADE_OF."""
    pool: str
    """Key of the quota pool it will draw on; "" where the SKU names none."""
    limit: float | None
    """Units in that pool, as far as they are known."""


def checked(
    home: "pd.Series[Any]",
    name: str,
    wanted: Wanted,
    rows: pd.DataFrame,
    models: pd.DataFrame,
    usages: pd.DataFrame,
    now: datetime,
) -> Checked:
    """What is wanted, checked; raises OutOfRange with the rule that it breaks.

    home: row of ACCOUNTS; rows: INVENTORY; models, usages: what was collected of the region.
    """
    if not NAME.fullmatch(name.strip()):
        raise OutOfRange(
            "A name takes 2 to 64 letters, digits, dots, dashes and underscores, and begins with a "
            "letter or a digit."
        )
    if wanted.upgrade not in UPGRADES:
        raise OutOfRange("Choose an upgrade policy of the list.")
    entry = _entry(home, wanted, models)
    _check_dates(entry, wanted, now)
    _check_capacity(entry, wanted.capacity)
    _check_ceiling(home, wanted.sku, rows)
    pool, limit = _check_room(home, entry, wanted, usages)
    told = {"sku": wanted.sku, "capacity": wanted.capacity, "format": wanted.format}
    told |= {"model": wanted.model, "version": wanted.version, "upgrade": wanted.upgrade}
    return Checked({**told, "filter_policy": wanted.filter_policy}, pool, limit)


def offered(home: "pd.Series[Any]", models: pd.DataFrame, now: datetime) -> pd.DataFrame:
    """Rows of MODELS that can be deployed in this account now, its own kind's entry first."""
    here = models[
        models["subscription"].eq(home["subscription"]) & models["region"].eq(home["region"])
    ]
    kept = here[~here["sku_retires_at"].le(pd.Timestamp(now)).fillna(False)]
    own = kept["kind"].eq(home["kind"])
    keys = ["format", "model", "version", "sku"]
    return kept.assign(_own=~own).sort_values("_own").drop_duplicates(keys).drop(columns="_own")


def _entry(home: "pd.Series[Any]", wanted: Wanted, models: pd.DataFrame) -> "pd.Series[Any]":
    keys = ("format", "model", "version", "sku")
    here = models[
        models["subscription"].eq(home["subscription"]) & models["region"].eq(home["region"])
    ]
    for key in keys:
        here = here[here[key].str.lower().eq(str(getattr(wanted, key)).lower()).fillna(False)]
    if here.empty:
        raise OutOfRange(
            f"{wanted.model} {wanted.version} as {wanted.sku} is not offered in {home['region']}."
        )
    return here.assign(_own=~here["kind"].eq(home["kind"])).sort_values("_own").iloc[0]


def _check_dates(entry: "pd.Series[Any]", wanted: Wanted, now: datetime) -> None:
    dates = [entry[it] for it in ("sku_retires_at", "model_retires_at") if not pd.isna(entry[it])]
    if dates and min(dates) <= pd.Timestamp(now):
        raise OutOfRange(f"{wanted.model} {wanted.version} has retired.")
    if str(entry["lifecycle"]).lower() in ("deprecating", "deprecated"):
        raise OutOfRange(f"{wanted.model} {wanted.version} takes no new deployments: it retires.")


def _check_capacity(entry: "pd.Series[Any]", units: int) -> None:
    low, high, step = (entry[f"capacity_{it}"] for it in ("min", "max", "step"))
    if units < (1 if pd.isna(low) else int(low)):
        raise OutOfRange(f"The least capacity is {1 if pd.isna(low) else int(low):,} units.")
    if not pd.isna(high) and units > int(high):
        raise OutOfRange(f"The most capacity is {int(high):,} units.")
    if not pd.isna(step) and units % int(step):
        raise OutOfRange(f"Capacity goes in steps of {int(step):,} units.")


def _check_ceiling(home: "pd.Series[Any]", sku: str, rows: pd.DataFrame) -> None:
    if skus.family(sku).provisioned:
        return
    own = rows[rows["account_id"] == home["account_id"]]
    standard = sum(not skus.family(it).provisioned for it in own["sku"].fillna(""))
    if standard >= STANDARD_PER_ACCOUNT:
        raise OutOfRange(f"An account takes {STANDARD_PER_ACCOUNT} deployments; this one is full.")


def drawn(
    home: "pd.Series[Any]", entry: "pd.Series[Any]", usages: pd.DataFrame
) -> "pd.Series[Any] | None":
    """The row of USAGES that this row of MODELS draws on in this account; None where it names none,
    or where that was not collected with its numbers."""
    name = "" if pd.isna(entry["usage_name"]) else str(entry["usage_name"]).lower()
    here = usages[
        usages["subscription"].eq(home["subscription"])
        & usages["region"].eq(home["region"])
        & usages["usage_name"].str.lower().eq(name)
    ]
    known = here.dropna(subset=["used", "limit"])
    return known.iloc[0] if len(known) else None


def _check_room(
    home: "pd.Series[Any]", entry: "pd.Series[Any]", wanted: Wanted, usages: pd.DataFrame
) -> tuple[str, float | None]:
    if pd.isna(entry["usage_name"]):
        return "", None
    row = drawn(home, entry, usages)
    if row is None:
        raise OutOfRange("How much quota there is could not be read; look at Sources.")
    free = float(row["limit"]) - float(row["used"])
    if wanted.capacity > free:
        raise OutOfRange(f"{wanted.capacity:,} units do not fit: {max(free, 0):,.0f} are free.")
    wide = str(row["scope_type"]) in ("Global", "DataZone")
    place = f"{row['scope_type']}:{str(row['scope_id']).lower()}" if wide else home["region"]
    name = str(entry["usage_name"]).lower()
    return f"{home['subscription']}|{place}|{name}", float(row["limit"])

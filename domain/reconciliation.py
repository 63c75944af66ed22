"""Estimate against booking, by resource, meter and day, and the cause of each difference by name.

Billing does not reach a deployment, so the two meet at the account (cost rules, 3.7). A difference
is more than the tolerance only where it exceeds both 2 % and 10 units of the currency; then it
keeps the month from closing, unless somebody answers for its cause by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domain.cents import CENT
from domain.costs import E8, RECONCILED
from domain.frames import fitted, records
from domain.history import HISTORY
from domain.meters import Index, units

SHARE, LEAST = 0.02, 10 * E8
"""The tolerance: of what is booked, and in money."""
TOLERANCE = (SHARE, LEAST)
NOT_BOOKED, LOGS, UNMAPPED, PRICE = "not booked", "usage", "unmapped", "price"
UNIT, TIER, CACHE, SPILLOVER = "unit", "tier", "cache", "spillover"
RESERVED, MARKETPLACE, ROUNDING, DUPLICATE = "reservation", "marketplace", "rounding", "duplicate"
UNKNOWN, OTHER, NONE = "unknown", "other service", ""
CAUSES = {  # in the order in which they are tried
    NOT_BOOKED: "Not booked yet: Cost Management lags 8 to 48 hours",
    HISTORY: "Of days of which usage or bookings are not known",
    LOGS: "Usage is missing: neither metrics nor the gateway's log saw it",
    UNMAPPED: "The meter is not mapped to a model",
    PRICE: "Booked at another price: contract or discount",
    UNIT: "A unit is wrong: thousands and millions are mixed up",
    TIER: "Served at another tier or context band than estimated",
    CACHE: "Cached and uncached input are told apart differently",
    SPILLOVER: "Requests spilled over from provisioned throughput",
    RESERVED: "Reservation: amortised cost, or capacity that was not used",
    MARKETPLACE: "A model that is bought on the marketplace",
    ROUNDING: "Tax, credit or rounding",
    DUPLICATE: "Booked more than once: rows of an export are doubled",
    UNKNOWN: "Not explained",
    OTHER: "Another service, which has no tokens: as booked",
    NONE: "No difference",
}
_KEY = ["day", "subscription", "resource", "meter_id"]
_ADJUSTED = ("refund", "tax", "credit", "roundingadjustment", "adjustment")


@dataclass(frozen=True)
class Open:
    """A cause that keeps a month from closing."""

    cause: str
    amount_e8: int
    waived_e8: int = 0

    @property
    def words(self) -> str:
        return CAUSES.get(self.cause, self.cause)


def reconciled(
    rated: pd.DataFrame,
    booked: pd.DataFrame,
    meters: pd.DataFrame,
    booked_until: Mapping[str, datetime],
    prices: pd.DataFrame | None = None,
    unseen: frozenset[tuple[datetime, str]] = frozenset(),
    spilled: frozenset[tuple[datetime, str]] = frozenset(),
    begins: Mapping[str, datetime] | None = None,
) -> pd.DataFrame:
    """RECONCILED of rated() usage and BOOKED_DAYS. `unseen` are the days and accounts of which a
    log is known to be missing, `spilled` those with spillover; PRICED gives the booked units;
    `begins` are the days on which ledgers of usage begin, where that is within the month."""
    rows = _beside(rated, booked, {} if prices is None else units(prices))
    rows = _described(rows, meters)
    until = rows["subscription"].map(booked_until)
    from_ = rows["subscription"].map(begins or {}).astype("datetime64[us, UTC]")
    told = {
        "late": (until.isna() | rows["day"].gt(until)).to_numpy(dtype=bool),
        "unknown": rows["day"].lt(from_).to_numpy(bool),
        "unseen": _among(rows, unseen),
        "spilled": _among(rows, spilled),
    }
    rows["cause"] = _causes(rows, told)
    gap, size = rows["difference_e8"].abs(), rows["booked_e8"].abs()
    within = gap.le(LEAST) | gap.le(size * SHARE)
    harmless = rows["cause"].isin([OTHER, NONE])
    rows["within"] = (within.fillna(False) | harmless) & rows["cause"].ne(NOT_BOOKED)
    return fitted(rows.sort_values(_KEY, ignore_index=True), RECONCILED)


def sums(rows: pd.DataFrame) -> pd.DataFrame:
    """Columns cause, amount_e8, booked_e8, rows: what each cause makes up. Days of one meter even
    each other out, meters do not."""
    kept = rows[rows["cause"].notna() & ~rows["cause"].isin([NONE, OTHER])]
    names = ["cause", "subscription", "resource", "meter_id"]
    grouped = kept.groupby(names, dropna=False)
    by_meter = grouped.agg(
        amount_e8=("difference_e8", "sum"), booked_e8=("booked_e8", "sum"), rows=("day", "size")
    ).reset_index()
    by_meter["amount_e8"] = by_meter["amount_e8"].abs()
    return by_meter.groupby("cause")[["amount_e8", "booked_e8", "rows"]].sum().reset_index()


def open_causes(rows: pd.DataFrame, waivers: Mapping[str, int]) -> list[Open]:
    """What stops a close, in the order of CAUSES: causes beyond the tolerance for which nobody has
    signed at least their amount (1e-8, by cause), and whatever is not booked yet, however small."""
    order = list(CAUSES)
    found = []
    for it in records(sums(rows)):
        amount, most = int(it["amount_e8"]), SHARE * abs(int(it["booked_e8"]))
        beyond = amount > LEAST and amount > most
        waived = waivers.get(it["cause"], 0)
        if (beyond and amount > waived) or (
            it["cause"] == NOT_BOOKED and NOT_BOOKED not in waivers
        ):
            found.append(Open(it["cause"], amount, waived))
    return sorted(found, key=lambda it: order.index(it.cause))


def _beside(rated: pd.DataFrame, booked: pd.DataFrame, per: Mapping[str, int]) -> pd.DataFrame:
    """Estimate and booking in one row; what one side does not have is missing."""
    known = rated[rated["meter_id"].notna()]
    ours = known.groupby(["day", "subscription", "account_id", "meter_id"]).agg(
        estimated_e8=("amount_e8", "sum"), counted=("quantity", "sum"), name=("meter", "first")
    )
    rows = booked[booked["view"].eq("amortized").fillna(False)]
    pieces = rows["quantity"] * rows["meter_id"].map(per).fillna(1).astype("Float64")
    theirs = (
        rows.assign(quantity=pieces)
        .groupby(_KEY)
        .agg(
            booked_e8=("cost_e8", "sum"),
            quantity=("quantity", "sum"),
            meter=("meter", "first"),
            charge=("charge", "first"),
            pricing=("pricing", "first"),
            service=("service", "first"),
        )
    )
    both = ours.rename_axis(_KEY).join(theirs, how="outer").reset_index()
    both["meter"] = both["meter"].fillna(both["name"])
    both["difference_e8"] = both["booked_e8"].fillna(0) - both["estimated_e8"].fillna(0)
    return both


def _among(rows: pd.DataFrame, places: frozenset[tuple[datetime, str]]) -> NDArray[np.bool_]:
    """Which rows are of these days and accounts."""
    if not places:
        return np.zeros(len(rows), dtype=bool)
    days = zip(rows["day"], rows["resource"], strict=True)
    return np.array([it in places for it in days], dtype=bool)


def _described(rows: pd.DataFrame, meters: pd.DataFrame) -> pd.DataFrame:
    keys = Index(meters).keys
    names = ("model", "scope", "tier", "bucket", "mode")
    told = {
        name: rows["meter_id"].map({it: getattr(key, name) for it, key in keys.items()})
        for name in names
    }
    columns = {name: it.astype("string") for name, it in told.items()}
    return rows.assign(**columns, mapped=rows["meter_id"].isin(list(keys)))


def _causes(rows: pd.DataFrame, told: Mapping[str, NDArray[np.bool_]]) -> NDArray[np.object_]:
    gap = rows["difference_e8"].to_numpy(dtype=float)
    booked = rows["booked_e8"].to_numpy(dtype=float, na_value=0)
    ours = rows["estimated_e8"].to_numpy(dtype=float, na_value=0)
    # Billing counts in parts of its unit: what both round away is no difference of quantity.
    money, amount = (
        _ratio(booked, ours),
        _ratio(*(_real(rows[it]) for it in ("quantity", "counted"))),
    )
    text = {
        it: rows[it].fillna("").str.lower() for it in ("charge", "pricing", "service", "resource")
    }
    account = text["resource"].str.contains("/microsoft.cognitiveservices/", regex=False).to_numpy()
    seen = rows["estimated_e8"].notna().groupby([rows["day"], rows["resource"]]).transform("any")
    mapped, provisioned = rows["mapped"].to_numpy(bool), rows["mode"].eq("ptu").fillna(False)
    market = text["service"].str.contains("marketplace|saas", regex=True).to_numpy()
    reserved = text["charge"].str.contains("reserv") | text["pricing"].eq("reservation")
    unused = text["charge"].eq("unusedreservation").to_numpy()
    adjusted = text["charge"].isin(_ADJUSTED).to_numpy()
    foreign = ~account & ~mapped & ~market & ~adjusted & ~reserved.to_numpy()
    thousand = np.any([_near(money, it) for it in (1e3, 1e-3, 1e6, 1e-6)], axis=0)
    same = _near(amount, 1.0)
    tests = [
        (OTHER, foreign),
        (NONE, (gap == 0) & rows["booked_e8"].notna().to_numpy()),
        (NOT_BOOKED, told["late"]),
        (ROUNDING, (np.abs(gap) <= CENT) | adjusted),
        (RESERVED, unused),
        (MARKETPLACE, market),
        (HISTORY, account & told["unknown"]),
        (LOGS, mapped & (~seen.to_numpy(bool) | told["unseen"]) & ~provisioned.to_numpy(bool)),
        (UNMAPPED, ~mapped & ~reserved.to_numpy()),
        (PRICE, same & ~thousand & ~reserved.to_numpy()),
        (UNIT, thousand),
        (TIER, _swapped(rows, ["model", "scope", "bucket"])),
        (
            CACHE,
            _swapped(
                rows[rows["bucket"].isin(["input", "cached", "cache_write"])],
                ["model", "scope", "tier"],
            ).reindex(rows.index, fill_value=False),
        ),
        (SPILLOVER, told["spilled"] & ~provisioned.to_numpy(bool)),
        (RESERVED, reserved.to_numpy() | provisioned.to_numpy(bool)),
        (DUPLICATE, (money > 1.5) & (np.abs(money - np.rint(money)) < SHARE)),
    ]
    causes = [it for it, _ in tests]
    return np.select([np.asarray(it, dtype=bool) for _, it in tests], causes, UNKNOWN).astype(
        object
    )


def _real(values: pd.Series) -> NDArray[np.float64]:
    return np.asarray(values.to_numpy(dtype=float, na_value=0))


def _ratio(over: NDArray[np.float64], under: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.divide(over, under, out=np.full(len(over), np.nan), where=under != 0))


def _near(ratio: NDArray[np.float64], to: float) -> NDArray[np.bool_]:
    return np.asarray(np.abs(ratio - to) <= to * SHARE)


def _swapped(rows: pd.DataFrame, alike: list[str]) -> pd.Series:
    """Where of meters that are alike one is booked higher and another one lower."""
    gaps = (
        rows["difference_e8"]
        .astype("Float64")
        .groupby([rows["day"], rows["resource"], *(rows[it] for it in alike)])
    )
    most, least = gaps.transform("max"), gaps.transform("min")
    return (most.gt(CENT) & least.lt(-CENT)).fillna(False).astype(bool)

"""How a quota pool stands, in a word; what people call it; and which one needs somebody first."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from domain import frames
from domain.frames import REAL, TEXT, Columns
from domain.pools import POOLS

STANDINGS: Columns = {
    **POOLS,
    "name": TEXT,  # its models, SKU and place
    "state": TEXT,  # one of STATES
    "share": REAL,  # used of limit, 0 to 1 and above
}
NONE, UNKNOWN, OVER, FULL, TIGHT, ROOM = (
    "No entitlement",
    "Not known",
    "Over its limit",
    "Full",
    "Nearly full",
    "Room",
)
STATES = (OVER, FULL, TIGHT, ROOM, NONE, UNKNOWN)
NEARLY = 0.9
"""Of the limit: from here on there is hardly any room."""
NAMED = 2
"""Models that a name lists; more are counted."""


def standings(rows: pd.DataFrame) -> pd.DataFrame:
    """Frame STANDINGS from frame POOLS: those with throttled deployments first, then those with the
    least room for who holds them, those that nobody holds last."""
    share = rows["used"] / rows["limit"].where(rows["limit"] > 0)
    told = rows.assign(
        share=share,
        name=[called(*it) for it in _each(rows, "models", "sku", "title", "place")],
        state=[_state(*it) for it in _each(rows, "limit", "used")],
        _held=rows["holders"].eq(0),
        _room=share.fillna(0.0),
    )
    order = ["throttled", "_held", "_room", "refused", "name"]
    rising = [False, True, False, False, True]
    told = told.sort_values(order, ascending=rising, na_position="last", ignore_index=True)
    return frames.fitted(told, STANDINGS)


def called(models: object, sku: object, title: object, place: object) -> str:
    """gpt-4o · Standard · westeurope"""
    listed = [] if pd.isna(models) else str(models).split(", ")  # type: ignore[call-overload]
    first = ", ".join(listed) if len(listed) <= NAMED else f"{len(listed)} models"
    parts = [first or title, sku, place]
    return " · ".join(str(it) for it in parts if it is not None and not pd.isna(it))  # type: ignore[call-overload]


def words(row: Mapping[str, Any]) -> str:
    """What one unit of a pool is: "1 unit = 1,000 TPM and 6 RPM"."""
    known = [
        f"{row[f'unit_{it}']:,.0f} {it.upper()}"
        for it in ("tpm", "rpm")
        if not pd.isna(row[f"unit_{it}"]) and row[f"unit_{it}"] > 0
    ]
    if known:
        return f"1 unit = {' and '.join(known)}"
    told = row["unit_words"]
    return "What one unit is differs by model" if pd.isna(told) else f"1 unit = 1 {told}"


def _state(limit: Any, used: Any) -> str:
    if pd.isna(limit) or pd.isna(used):
        return UNKNOWN
    if limit <= 0:
        return OVER if used > 0 else NONE
    if used >= limit:
        return OVER if used > limit else FULL
    return TIGHT if used / limit >= NEARLY else ROOM


def _each(rows: pd.DataFrame, *names: str) -> "zip[Any]":
    return zip(*(rows[it].tolist() for it in names), strict=True)

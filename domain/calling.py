"""Who is behind the tokens of a deployment that the gateway does not give to a caller."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pandas as pd

from domain.attribution import UNTOLD
from domain.frames import REAL, TEXT, WHOLE, Columns, frame, records


class Kind(StrEnum):
    """How a part of a deployment's tokens is known."""

    UNNAMED = "unnamed"  # logged, but without a product: part of the gap
    UNLOGGED = "unlogged"  # in no log, so round the gateway or lost: the rest of the gap
    NAMED = "named"
    OTHERS = "others"  # named, and not for who asks


GAP = (Kind.UNNAMED, Kind.UNLOGGED)
PARTS: Columns = {
    "kind": TEXT,
    "product": TEXT,
    "unit": TEXT,  # who pays for the product
    "subscriber": TEXT,
    "network": TEXT,
    "tokens": REAL,
    "requests": WHOLE,  # missing where nothing logged them
    "share": REAL,  # of the tokens that Azure counted
}


def parts(callers: pd.DataFrame, units: Mapping[str, str | None], platform: float) -> pd.DataFrame:
    """Frame PARTS of one deployment, the gap first: its rows of frame CALLERS, who pays for each
    product (None where that is not for who asks), and the tokens that Azure counted."""
    rows = [_part(it, units) for it in records(callers)]
    shown = [it for it in rows if it["kind"] != Kind.OTHERS]
    if hidden := [it for it in rows if it["kind"] == Kind.OTHERS]:
        sums = {it: sum(row[it] or 0 for row in hidden) for it in ("tokens", "requests")}
        shown.append({"kind": Kind.OTHERS, **sums})
    rest = platform - sum(it["tokens"] for it in rows)
    if rest > 0:
        shown.append({"kind": Kind.UNLOGGED, "tokens": rest})
    order = list(Kind)
    shown.sort(key=lambda it: (order.index(it["kind"]), -it["tokens"]))
    share = {"share": None}
    told = [it | share | ({"share": it["tokens"] / platform} if platform else {}) for it in shown]
    return frame(PARTS, told)


def _part(it: dict[str, Any], units: Mapping[str, str | None]) -> dict[str, Any]:
    product = str(it["product"] or "")
    counts = {"tokens": it["tokens"], "requests": it["requests"]}
    unit = units.get(product)
    if product not in UNTOLD and unit is None:
        return {"kind": Kind.OTHERS, **counts}
    kind = Kind.UNNAMED if product in UNTOLD else Kind.NAMED
    who = {name: it[name] for name in ("product", "subscriber", "network")}
    return {"kind": kind, "unit": unit, **who, **counts}

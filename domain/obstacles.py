"""What stands in the way of a bill that can be defended: usage without a price, meters that nobody
knows, callers that are nobody's. Each with its tokens or its money, none at zero.
"""

import pandas as pd

from domain import attribution, bookings, pricing
from domain.consumption import ANY, Consumption
from domain.costs import FOUND, Bucket
from domain.frames import frame, records
from domain.units import UNASSIGNED


def found(
    cells: pd.DataFrame, matched: pd.DataFrame, unexplained: pd.DataFrame, use: Consumption
) -> pd.DataFrame:
    """FOUND of billed cells (see direct), of the booked lines that were split, of those that no
    usage explains, and of who used."""
    parts = [
        pricing.found(cells[_unpriced(cells)]),
        _not_booked(cells, matched),
        _unexplained(unexplained),
        _split_unknown(cells),
        _blind(use),
        _products(use),
    ]
    kept = [it for it in parts if len(it)]
    return pd.concat(kept, ignore_index=True) if kept else frame(FOUND, [])


def _unpriced(cells: pd.DataFrame) -> "pd.Series[bool]":
    booked = cells["booked"].astype(bool)
    return (~booked & cells["amount_e8"].isna()) | (booked & cells["match"].isna())


def waiting(cells: pd.DataFrame, matched: pd.DataFrame) -> "pd.Series[bool]":
    """Usage of booked days whose meter is known and was not booked."""
    keys = ["day", "account_id", "match"]
    there = matched[keys].drop_duplicates().assign(there=True)
    lacking = cells[keys].merge(there, on=keys, how="left")["there"].isna().to_numpy(bool)
    return cells["booked"].astype(bool) & cells["match"].notna() & lacking


def unpriced(cells: pd.DataFrame) -> int:
    """How many rows of usage have no price."""
    return int(_unpriced(cells).sum())


def _not_booked(cells: pd.DataFrame, matched: pd.DataFrame) -> pd.DataFrame:
    rows = cells[waiting(cells, matched)]
    sums = rows.groupby(["resource", "bucket"])[["quantity", "amount_e8"]].sum().reset_index()
    words = "{quantity:,.0f} ({bucket}) were used on booked days and nothing was booked for them."
    return _rows("not booked", "warning", words, sums)


def _unexplained(lines: pd.DataFrame) -> pd.DataFrame:
    mapped = lines["mapped"].astype(bool)
    ours = lines["sort"].isin([bookings.TOKENS, bookings.PROVISIONED])
    keys = ["resource", "meter_id", "meter"]
    seen = ~lines["unseen"].astype(bool)  # what nobody could see is told by history.found()
    told = {}
    for kind, rows in (
        ("no usage", lines[ours & mapped & seen]),
        ("unmapped", lines[ours & ~mapped]),
    ):
        sums = rows.groupby(keys, dropna=False)["cost_e8"].sum().reset_index()
        told[kind] = sums.rename(columns={"cost_e8": "amount_e8"})
    no_usage = "{meter} was booked and no deployment of the account used it: the account pays."
    unmapped = "Nobody has said what the meter {meter} counts: the account pays."
    return pd.concat(
        [
            _rows("no usage for meter", "warning", no_usage, told["no usage"]),
            _rows("unmapped meter", "critical", unmapped, told["unmapped"]),
        ],
        ignore_index=True,
    )


def _split_unknown(cells: pd.DataFrame) -> pd.DataFrame:
    rows = cells[cells["bucket"].eq(Bucket.PROMPT).to_numpy(bool)]
    sums = rows.groupby("resource")["quantity"].sum().reset_index()
    words = "Of {quantity:,.0f} tokens of input nobody knows how many were read from a cache."
    return _rows("split unknown", "notice", words, sums)


def _blind(use: Consumption) -> pd.DataFrame:
    rows = use.places[use.places["mode"].eq("ptu").to_numpy(bool)]
    rows = rows[rows["ptu_used_hours"].isna() & rows["ptu_hours"].gt(0).fillna(False)]
    sums = rows.groupby("resource")["ptu_hours"].sum().reset_index(name="quantity")
    words = "Of {quantity:,.0f} PTU-hours nobody knows how many were used: they are unallocated."
    return _rows("utilisation unknown", "warning", words, sums)


def _products(use: Consumption) -> pd.DataFrame:
    """Callers whose product no rule maps, with their tokens."""
    callers = use.callers
    strange = callers["unit"].eq(UNASSIGNED) & ~callers["product"].isin(attribution.UNTOLD)
    rows = callers[strange.to_numpy(bool)]
    rows = rows[rows["key"].mod(5).eq(ANY)]
    tokens = use.gaps.set_index(["day", "resource"])["platform"]
    at = (rows["key"] // 5).to_numpy()
    places = pd.MultiIndex.from_frame(use.places[["day", "resource"]].take(at))
    quantity = rows["share"].to_numpy(float) * tokens.reindex(places).to_numpy(float)
    sums = rows.assign(quantity=quantity).groupby("product")["quantity"].sum().reset_index()
    words = "{quantity:,.0f} tokens were used through {product}, which is mapped to no unit."
    return _rows("unknown product", "warning", words, sums)


def _rows(kind: str, severity: str, words: str, sums: pd.DataFrame) -> pd.DataFrame:
    told = ({**it, "meter": it.get("meter") or it.get("meter_id")} for it in records(sums))
    return frame(
        FOUND,
        [{"kind": kind, "severity": severity, **it, "what": words.format(**it)} for it in told],
    )

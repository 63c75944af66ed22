"""What a closed month would be now, less what it is: adjustments, dated in the open month.

What invoices say is left out on both sides: what comes late stands on the next invoice.
"""

from datetime import datetime

import pandas as pd

from domain.costs import CHARGES, Basis, Line, Method
from domain.frames import fitted, frame

LATE, MOVED = "late charge", "moved between units"
_OF = [
    *("unit", "resource", "account_id", "subscription", "model", "sku", "product", "meter_id"),
    *("meter", "tier", "bucket"),
]
_WHAT = ["resource", "account_id", "subscription", "model", "sku", "meter_id", "meter"]


def adjustments(
    recomputed: pd.DataFrame,
    closed: pd.DataFrame,
    already: pd.DataFrame,
    day: datetime,
    month: str,
) -> pd.DataFrame:
    """CHARGES on `day`, each with the unit it belongs to and `month`, the closed one, in of_month.

    `already` are CHARGES of later months; their adjustments of this month count as paid. What
    keeps its sum and changes its unit was moved; the rest came late."""
    paid = already[already["of_month"].eq(month).fillna(False)]
    own = [
        _own(recomputed, 1),
        _own(closed, -1),
        paid[_columns()].assign(amount_e8=-paid["amount_e8"]),
    ]
    every = pd.concat(own, ignore_index=True).fillna(dict.fromkeys(_OF, ""))
    sums = every.groupby(_OF, as_index=False)["amount_e8"].sum()
    sums = sums[sums["amount_e8"].ne(0)].reset_index(drop=True)
    if sums.empty:
        return frame(CHARGES, [])
    whole = sums.groupby(_WHAT)["amount_e8"].transform("sum")
    rows = sums.assign(
        day=day,
        line=Line.ADJUSTMENT.value,
        basis=Basis.BOOKED.value,
        method=Method.DIRECT.value,
        estimated=False,
        cause=whole.eq(0).map({True: MOVED, False: LATE}),
        of_month=month,
    )
    return fitted(rows, CHARGES)


def _columns() -> list[str]:
    return [*_OF, "amount_e8"]


def _own(charges: pd.DataFrame, sign: int) -> pd.DataFrame:
    """A month's own lines, without those of other months and without what its invoice added."""
    own = charges["of_month"].isna() & charges["basis"].ne(Basis.ENTERED)
    rows = charges[own.to_numpy(bool)][_columns()]
    return rows.assign(amount_e8=rows["amount_e8"] * sign)

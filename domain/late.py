"""What a closed month would be now, less what it is: adjustments, dated in the open month.

What comes late stands on the next invoice, unless that of its own month asked for more than was
booked when the month was closed: as much as that is settled. It still goes to whom it belongs, and
the platform, which bore the difference, is given it back.
"""

from datetime import datetime

import numpy as np
import pandas as pd

from domain import invoiced
from domain.apportion import dealt
from domain.costs import CHARGES, PLATFORM, Basis, Line, Method
from domain.frames import fitted, frame

LATE, MOVED = "late charge", "moved between units"
BACK = "on the invoice of its month"
"""Of what the platform is given back."""
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
    entered: bool = False,
) -> pd.DataFrame:
    """CHARGES on `day`, each with the unit it belongs to and `month`, the closed one, in of_month.

    `already` are CHARGES of later months; their adjustments of this month count as paid. What
    keeps its sum and changes its unit was moved; the rest came late. entered: whether there are
    invoices of the month; what stands on them has the basis ENTERED."""
    paid = already[already["of_month"].eq(month).fillna(False).to_numpy(bool)]
    rows = _came(recomputed, closed, paid)
    if entered:
        rows = _on_invoice(rows, recomputed, closed, paid)
    if rows.empty:
        return frame(CHARGES, [])
    line = Line.ADJUSTMENT.value
    return fitted(rows.assign(day=day, line=line, estimated=False, of_month=month), CHARGES)


def settled(late: pd.DataFrame) -> int:
    """Of adjustments() what stands on no later invoice, less what the platform is given back."""
    return int(late["amount_e8"][late["basis"].eq(Basis.ENTERED).to_numpy(bool)].sum())


def _came(recomputed: pd.DataFrame, closed: pd.DataFrame, paid: pd.DataFrame) -> pd.DataFrame:
    """_OF, amount_e8, cause, method and basis: booked, unless all that is known is estimated."""
    given = paid["cause"].ne(BACK).to_numpy(bool)
    own = [
        _own(recomputed, 1),
        _own(closed, -1),
        paid[given][_columns()].assign(amount_e8=-paid["amount_e8"], booked=False),
    ]
    every = pd.concat(own, ignore_index=True).fillna(dict.fromkeys(_OF, ""))
    by = every.groupby(_OF, as_index=False)
    sums = by.agg(amount_e8=("amount_e8", "sum"), booked=("booked", "any"))
    sums = sums[sums["amount_e8"].ne(0)].reset_index(drop=True)
    whole = sums.groupby(_WHAT)["amount_e8"].transform("sum")
    return sums.drop(columns="booked").assign(
        basis=np.where(sums["booked"], Basis.BOOKED, Basis.ESTIMATED),
        method=Method.DIRECT.value,
        cause=whole.eq(0).map({True: MOVED, False: LATE}),
    )


def _on_invoice(
    rows: pd.DataFrame, recomputed: pd.DataFrame, closed: pd.DataFrame, paid: pd.DataFrame
) -> pd.DataFrame:
    """With what the month's own invoice asked for already, and what goes back to the platform."""
    there = paid["basis"].eq(Basis.ENTERED).to_numpy(bool)
    back = paid["cause"].eq(BACK).to_numpy(bool)
    before, given = (int(paid["amount_e8"][it].sum()) for it in (there & ~back, back))
    came = sum(int(_own(*it)["amount_e8"].sum()) for it in ((recomputed, 1), (closed, -1)))
    earlier = closed[closed["of_month"].notna().to_numpy(bool)]
    asked = invoiced.differs(recomputed) + came
    asked -= int(earlier["amount_e8"].sum()) - settled(earlier)
    rows, part = _parted(rows, invoiced.overlap(came, asked) - before)
    amount = -invoiced.overlap(before + part, invoiced.differs(closed)) - given
    if not amount:
        return rows
    told = {"unit": PLATFORM, "basis": Basis.ENTERED.value, "method": Method.KEPT.value}
    more = frame(CHARGES, [{**told, "cause": BACK, "amount_e8": amount}])
    return pd.concat([rows, more[list(rows)]], ignore_index=True)


def _parted(rows: pd.DataFrame, wanted: int) -> tuple[pd.DataFrame, int]:
    """Of late charges as much as is wanted with the basis ENTERED, and how much that is."""
    amounts = rows["amount_e8"].to_numpy(np.int64)
    able = rows["cause"].eq(LATE).to_numpy(bool) & (np.sign(amounts) == np.sign(wanted))
    whole = int(amounts[able].sum())
    part = invoiced.overlap(wanted, whole)
    if not part:
        return rows, 0
    shares = np.where(able, amounts, 0)
    if part != whole:
        group = np.zeros(int(able.sum()), np.intp)
        shares[able] = dealt(np.array([part]), group, np.abs(amounts[able]).astype(float))
    left = rows.assign(amount_e8=pd.array(amounts - shares, "Int64"))
    on = rows.assign(amount_e8=pd.array(shares, "Int64"), basis=Basis.ENTERED.value)
    both = [it[it["amount_e8"].ne(0).to_numpy(bool)] for it in (left, on)]
    return pd.concat(both, ignore_index=True), part


def _columns() -> list[str]:
    return [*_OF, "amount_e8"]


def _own(charges: pd.DataFrame, sign: int) -> pd.DataFrame:
    """A month's own lines, without those of other months and without what its invoice added."""
    own = charges["of_month"].isna() & charges["basis"].ne(Basis.ENTERED)
    rows = charges[own.to_numpy(bool)]
    booked = rows["basis"].eq(Basis.BOOKED).to_numpy(bool)
    return rows[_columns()].assign(amount_e8=rows["amount_e8"] * sign, booked=booked)

"""What entered invoices add to a bill: tax, credits, and how far they differ from what was booked.

A tax or a credit may be told twice, by Azure as a booked correction and by a person from the
invoice. Where that is what the difference comes from, it counts once, and is found.
"""

from collections.abc import Mapping
from datetime import timedelta
from itertools import combinations

import pandas as pd

from domain import canon, money
from domain.billing import Inputs
from domain.cents import CENT
from domain.costs import CHARGES, FOUND, PLATFORM, Basis, Line, Method
from domain.frames import frame

TAX, CREDIT = "tax", "credit"
ROUNDING, DIFFERENCE = "rounding", "invoice difference"
TWICE = "booked already"
"""The kind of a finding about a tax or a credit that was both booked and entered."""
_BOOKED_AS = {TAX: (TAX,), CREDIT: ("refund", "credit", "adjustment")}


def lines(inputs: Inputs, amount: int, twice: Mapping[str, int]) -> pd.DataFrame:
    """CHARGES beyond what was booked and estimated for these invoices, which is `amount`."""
    if not inputs.invoices:
        return frame(CHARGES, [])
    day = canon.span(inputs.month)[1] - timedelta(days=1)
    parts = {it: entered - twice.get(it, 0) for it, entered in _entered(inputs).items()}
    rest = _rest(inputs, amount) + sum(twice.values())
    parts[ROUNDING if abs(rest) < CENT else DIFFERENCE] = rest
    fixed = {"day": day, "unit": PLATFORM, "line": Line.ADJUSTMENT, "method": Method.KEPT}
    rows = [
        {**fixed, "basis": Basis.ENTERED, "cause": cause, "amount_e8": it}
        for cause, it in parts.items()
        if it
    ]
    return frame(CHARGES, rows)


def twice(inputs: Inputs, amount: int, charges: pd.DataFrame) -> dict[str, int]:
    """What was entered as tax or as credit and is among the booked corrections too: of these as
    many as bring the invoice nearest to what was booked, and none that brings it beyond."""
    booked = charges[charges["line"].eq(Line.ADJUSTMENT).to_numpy(bool)]
    sums = booked.groupby("cause")["amount_e8"].sum()
    same = {
        it: overlap(entered, int(sums.reindex(_BOOKED_AS[it]).fillna(0).sum()))
        for it, entered in _entered(inputs).items()
    }
    same = {name: it for name, it in same.items() if it}
    rest = _rest(inputs, amount)
    best: tuple[str, ...] = ()
    for some in (it for many in range(1, len(same) + 1) for it in combinations(same, many)):
        after = rest + sum(same[it] for it in some)
        nearer = abs(after) < abs(rest + sum(same[it] for it in best))
        if nearer and (abs(after) < CENT or (after > 0) == (rest > 0)):
            best = some
    return {it: same[it] for it in best}


def found(twice: Mapping[str, int], currency: str) -> pd.DataFrame:
    """FOUND: what counts once though it was told twice."""
    words = "A {} of {} on the invoice was booked already: it counts once."
    return frame(
        FOUND,
        [
            {
                "kind": TWICE,
                "severity": "notice",
                "what": words.format(it, money.words(amount, currency)),
                "amount_e8": amount,
            }
            for it, amount in twice.items()
        ],
    )


def differs(charges: pd.DataFrame) -> int:
    """How far the invoices of a bill's own month differ from what it holds else."""
    own = charges["basis"].eq(Basis.ENTERED) & charges["of_month"].isna()
    named = charges["cause"].isin([ROUNDING, DIFFERENCE])
    return int(charges["amount_e8"][(own & named).to_numpy(bool)].sum())


def overlap(one: int, other: int) -> int:
    """The smaller of two amounts of one sign; nothing where their signs differ."""
    if (one > 0) != (other > 0):
        return 0
    return min(one, other, key=abs)


def _entered(inputs: Inputs) -> dict[str, int]:
    return {
        TAX: sum(it.tax_e8 for it in inputs.invoices),
        CREDIT: sum(it.credit_e8 for it in inputs.invoices),
    }


def _rest(inputs: Inputs, amount: int) -> int:
    return sum(it.amount_e8 for it in inputs.invoices) - amount

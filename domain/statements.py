"""One unit's bill as a document, the month as a journal: what finance takes home.

Everything is summed from the cents that were dealt once, so that a statement, the journal and the
screen are the same figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from domain import variance
from domain.costs import PLATFORM, Basis
from domain.frames import TEXT, WHOLE, Columns, frame, records
from domain.units import UNASSIGNED, Tree

JOURNAL: Columns = {  # one posting; debit or credit in cents, never both
    "month": TEXT,
    "number": WHOLE,
    "unit": TEXT,
    "cost_centre": TEXT,
    "account": TEXT,  # what is debited or credited, in words
    "line": TEXT,
    "debit": WHOLE,
    "credit": WHOLE,
    "currency": TEXT,
    "text": TEXT,
}
BY = ("line", "model", "resource", "method", "rule", "basis")
CLEARING = "cloud-clearing"
"""The cost centre that pays Microsoft and is relieved by the units."""
SPECIAL = {PLATFORM: "platform", UNASSIGNED: "unallocated"}


@dataclass(frozen=True, eq=False)
class Statement:
    """What one unit pays for a month, and why it is what it is."""

    month: str
    currency: str
    unit: str
    lines: pd.DataFrame
    """Columns BY, quantity and cents."""
    cents: int
    estimated_cents: int
    """Of these, what is not booked yet."""
    before_cents: int | None
    """As much of the month before as this one is known; None where there is no bill of it."""
    words: str
    """Why it is another figure than before."""
    cutoff: Mapping[str, str]
    """By subscription the last booked day."""


def statement(
    charges: pd.DataFrame,
    why: pd.DataFrame | None,
    units: frozenset[str],
    unit: str,
    month: str,
    currency: str,
    cutoff: Mapping[str, str],
) -> Statement:
    """The statement of a unit: `units` are the unit and everything under it, `why` what
    variance.explained() says by unit of these charges and those before them, None where there is no
    month before. The lines add up to the unit's part of the bill."""
    mine = charges[charges["unit"].isin(units)]
    sure = mine["basis"].isin([Basis.BOOKED, Basis.ENTERED])
    row = None if why is None else _summed(why[why["unit"].isin(units)])
    return Statement(
        month=month,
        currency=currency,
        unit=unit,
        lines=lines(mine),
        cents=int(mine["cents"].sum()),
        estimated_cents=int(mine.loc[~sure.fillna(False), "cents"].sum()),
        before_cents=row["before_cents"] if row else None,
        words=variance.words(row, currency) if row else "No bill of the month before is known.",
        cutoff=cutoff,
    )


def lines(charges: pd.DataFrame) -> pd.DataFrame:
    """Columns BY, quantity and cents, the greatest first."""
    sums = charges.groupby(list(BY), dropna=False)[["quantity", "cents"]].sum(min_count=1)
    rows = sums.reset_index().fillna({"cents": 0})
    return rows.sort_values(["cents", *BY], ascending=[False, *[True] * len(BY)], ignore_index=True)


def journal(
    charges: pd.DataFrame, month: str, currency: str, tree: Tree, centres: Mapping[str, str]
) -> pd.DataFrame:
    """JOURNAL: each unit and kind of line is debited to its cost centre and credited to clearing;
    credits go the other way. It balances, and its debits less reversals are the bill."""
    sums = charges.groupby(["unit", "line"], dropna=False)["cents"].sum().reset_index()
    postings = []
    for number, it in enumerate(records(sums[sums["cents"].ne(0)]), start=1):
        unit, line, cents = it["unit"], it["line"], int(it["cents"])
        name = SPECIAL.get(unit) or tree.name(unit)
        text = f"{month} {name}: {line.replace('_', ' ')}"
        fixed = {"month": month, "number": number, "line": line, "currency": currency, "text": text}
        own = {**fixed, "unit": unit, "account": "AI services"}
        own["cost_centre"] = centres.get(unit, SPECIAL.get(unit, unit))
        clearing = {**fixed, "unit": PLATFORM, "account": "Clearing", "cost_centre": CLEARING}
        debit, credit = (own, clearing) if cents > 0 else (clearing, own)
        postings += [
            {**debit, "debit": abs(cents), "credit": 0},
            {**credit, "debit": 0, "credit": abs(cents)},
        ]
    return frame(JOURNAL, postings)


def _summed(why: pd.DataFrame) -> dict[str, int]:
    names = ["before_cents", *variance.PARTS, "after_cents"]
    return {it: int(why[it].sum()) for it in names}

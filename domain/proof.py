"""That a bill adds up: every term of the identity, and the invariants of cost-rules 3.6 held
against the numbers of this very bill.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from domain.apportion import Whole
from domain.billing import Check, Invoice, Proof
from domain.cents import CENT, rounded
from domain.costs import PLATFORM, Line
from domain.units import UNASSIGNED


def proven(
    charges: pd.DataFrame,
    amounts_e8: int,
    invoices: Sequence[Invoice],
    checks: Sequence[Check],
    settled_e8: int = 0,
) -> Proof:
    """The proof of CHARGES. amounts_e8 is what was booked and estimated, summed without any
    allocation: the invoice, as long as nobody has entered one. settled_e8 is what came late for a
    month before and stands on the invoice of that month."""
    entered = bool(invoices)
    asked = sum(total(it) for it in invoices) + settled_e8
    invoice = rounded(asked if entered else amounts_e8)
    cents = charges["cents"].to_numpy(np.int64)
    adjustment = charges["line"].eq(Line.ADJUSTMENT).to_numpy(bool)
    platform = charges["unit"].eq(PLATFORM).to_numpy(bool) & ~adjustment
    unused = platform & charges["line"].eq(Line.UNUSED).to_numpy(bool)
    nobody = charges["unit"].eq(UNASSIGNED).to_numpy(bool) & ~adjustment
    own = ~adjustment & ~platform & ~nobody
    terms = (own, platform & ~unused, nobody, unused, adjustment)
    shares, kept, unallocated, idle, adjustments = (int(cents[it].sum()) for it in terms)
    found = (*checks, _rounding(charges))
    return Proof(shares, kept, unallocated, idle, adjustments, invoice, entered, found)


def total(invoice: Invoice) -> int:
    """What an invoice asks for: its amount, with tax, less credits (which are negative)."""
    return invoice.amount_e8 + invoice.tax_e8 + invoice.credit_e8


def of_lines(drafts: pd.DataFrame, expected: "pd.Series[int]") -> tuple[Check, ...]:
    """Invariants 1 and 3: the shares of each line are the line, and none has another sign.
    drafts has `origin`, expected is the amount by origin."""
    sums = drafts.groupby("origin")["amount_e8"].sum()
    both = pd.DataFrame({"line": expected, "shares": sums}).fillna(0)
    lost = int(both["line"].ne(both["shares"]).sum())
    whole = drafts["origin"].map(expected).to_numpy(float)
    amounts = drafts["amount_e8"].to_numpy(np.int64)
    against = int(((amounts != 0) & (np.sign(amounts) != np.sign(whole))).sum())
    return (
        Check("lines", lost == 0, _words(lost, len(both), "line", "shared out without a rest")),
        Check("signs", against == 0, _words(against, len(drafts), "share", "of its line's sign")),
    )


def of_usage(priced: int, unpriced: int, cells: int, tokens_in: float, tokens_out: float) -> Check:
    """Invariant 7: every row of usage is priced once or found to be unpriced; no token is lost."""
    close = abs(tokens_in - tokens_out) <= 1e-6 * max(1.0, abs(tokens_in))
    holds = priced + unpriced == cells and close
    return Check("usage", holds, f"{cells:,} rows of usage: {priced:,} priced, {unpriced:,} found.")


def _rounding(charges: pd.DataFrame) -> Check:
    """Invariants 2 and 4 in the small: no line's cents are a cent or more from its exact amount."""
    exact: Whole = charges["amount_e8"].to_numpy(np.int64)
    off = np.abs(charges["cents"].to_numpy(np.int64) * CENT - exact)
    return Check("cents", bool((off < CENT).all()), "Every line is rounded by less than a cent.")


def _words(wrong: int, many: int, what: str, done: str) -> str:
    if wrong:
        return f"{wrong:,} of {many:,} {what}s are not {done}."
    return f"All {many:,} {what}s are {done}."

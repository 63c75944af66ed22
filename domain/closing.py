"""What stands in the way of closing a month, in sentences; nothing may be left unsaid."""

from collections.abc import Collection, Mapping
from datetime import datetime

import pandas as pd

from domain import money, months
from domain.billing import Bill
from domain.costs import Basis
from domain.frames import records

UNPRICED = "unpriced"
"""The kind of a finding about usage without a price, and the cause under which it is waived."""


def differences(bill: Bill) -> dict[str, int]:
    """By cause what is outside the tolerance, in 1e-8 and without its sign; what has no price has
    no amount either."""
    outside = bill.reconciled["within"].eq(False).fillna(False).astype(bool)
    rows = bill.reconciled[outside]
    sums = rows["difference_e8"].fillna(0).abs().groupby(rows["cause"].fillna("unknown")).sum()
    found = {str(cause): int(amount) for cause, amount in sums.items()}
    if bill.found["kind"].eq(UNPRICED).any():
        found[UNPRICED] = found.get(UNPRICED, 0)
    return found


def unanswered(bill: Bill, waivers: pd.DataFrame) -> dict[str, int]:
    """Those of differences() for which nobody answers; a waiver is for no more than it says."""
    waived = {it["cause"]: it["amount_e8"] for it in records(waivers)}
    return {
        cause: amount
        for cause, amount in differences(bill).items()
        if cause not in waived or amount > waived[cause]
    }


def obstacles(
    bill: Bill,
    waivers: pd.DataFrame,
    earlier: Collection[str],
    booked_until: Mapping[str, datetime],
    now: datetime,
) -> list[str]:
    """Why this month cannot be closed now, one sentence each; none when it can.

    waivers: frame WAIVERS of the month; earlier: months before it that are open; booked_until: by
    subscription, the last day that counts as booked.
    """
    return [
        *_time(bill, earlier, now),
        *_booked(bill, booked_until),
        *_proof(bill),
        *(_difference(bill, *it) for it in unanswered(bill, waivers).items()),
    ]


def _time(bill: Bill, earlier: Collection[str], now: datetime) -> list[str]:
    said = [f"{max(earlier)} is still open."] if earlier else []
    if now < months.end(bill.month):
        said.append(f"{bill.month} is not over.")
    return said


def _booked(bill: Bill, booked_until: Mapping[str, datetime]) -> list[str]:
    last = months.end(bill.month)
    late = [it for it, day in booked_until.items() if (last - day).days > 1]
    if late:
        return [f"Cost Management has not booked all of it yet for {len(late)} subscriptions."]
    unsure = bill.charges["basis"].isin([str(Basis.PROVISIONAL)])
    return ["Some of its days are provisional."] if unsure.any() else []


def _proof(bill: Bill) -> list[str]:
    failed = [it.words for it in bill.proof.checks if not it.holds]
    if bill.proof.difference:
        off = money.words(bill.proof.difference * 1_000_000, bill.currency)
        failed.insert(0, f"Its parts and the invoice differ by {off}.")
    return failed


def _difference(bill: Bill, cause: str, amount: int) -> str:
    if cause == UNPRICED:
        return "Some usage has no price and nobody answers for it."
    off = money.words(amount, bill.currency)
    return f"{off} differ between estimate and booked, and nobody answers for it: {cause}."

"""What stands in the way of closing a month, in sentences; nothing may be left unsaid."""

from collections.abc import Collection, Mapping
from datetime import datetime

import pandas as pd

from domain import money, months, reconciliation
from domain.billing import Bill
from domain.costs import Basis
from domain.frames import records

UNPRICED = "unpriced"
"""The kind of a finding about usage without a price, and the cause under which it is waived."""


def differences(bill: Bill) -> dict[str, int]:
    """By cause what nobody answers for unless it is waived, in 1e-8 and without its sign; what has
    no price has no amount either."""
    return _open(bill, {})


def unanswered(bill: Bill, waivers: pd.DataFrame) -> dict[str, int]:
    """Those of differences() that no waiver covers; a waiver is for no more than it says."""
    waived = {str(it["cause"]): int(it["amount_e8"]) for it in records(waivers)}
    return _open(bill, waived)


def _open(bill: Bill, waived: Mapping[str, int]) -> dict[str, int]:
    found = {it.cause: it.amount_e8 for it in reconciliation.open_causes(bill.reconciled, waived)}
    if UNPRICED not in waived and bill.found["kind"].eq(UNPRICED).any():
        found[UNPRICED] = found.get(UNPRICED, 0)
    return found


def obstacles(
    bill: Bill,
    waivers: pd.DataFrame,
    earlier: Collection[str],
    booked_until: Mapping[str, datetime],
    now: datetime,
    known_from: datetime | None = None,
) -> list[str]:
    """Why this month cannot be closed now, one sentence each; none when it can.

    waivers: frame WAIVERS of the month; earlier: months before it that are open; booked_until: by
    subscription, the last day that counts as booked; known_from: the
    first day of which usage and bookings are known.
    """
    return [
        *_time(bill, earlier, now),
        *partial(bill.month, known_from),
        *_booked(bill, booked_until),
        *_proof(bill),
        *(_difference(bill, *it) for it in unanswered(bill, waivers).items()),
    ]


def partial(month: str, known_from: datetime | None) -> list[str]:
    """That a month's first days are not known, which no waiver answers for."""
    if known_from is None or known_from <= months.first(month):
        return []
    return [f"{month} is known in part only: history begins on {known_from:%Y-%m-%d}."]


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
    why = reconciliation.CAUSES.get(cause, cause)
    return f"{off} differ between estimate and booked, and nobody answers for it: {why}"

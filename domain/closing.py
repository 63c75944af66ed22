"""What stands in the way of closing a month, in sentences; nothing may be left unsaid."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

import pandas as pd

from domain import money, months, reconciliation
from domain.billing import Bill
from domain.costs import Basis
from domain.decisions import WAIVERS as WAIVERS
from domain.frames import records
from domain.history import HISTORY

UNPRICED = "unpriced"
"""The kind of a finding about usage without a price, and the cause under which it is waived."""
CAUSES = {**reconciliation.CAUSES, UNPRICED: "Usage without a price"}
"""What can stand in the way unless somebody answers for it."""


class Told(Protocol):
    """What a bill tells of its differences."""

    @property
    def reconciled(self) -> pd.DataFrame: ...
    @property
    def found(self) -> pd.DataFrame: ...


def differences(bill: Told) -> dict[str, int]:
    """By cause what nobody answers for unless it is waived, in 1e-8 and without its sign; what has
    no price has no amount, and of days that are not known it is what was booked."""
    return unanswered(bill, {})


def unanswered(bill: Told, waived: Mapping[str, int]) -> dict[str, int]:
    """Those of differences() that no waiver covers, by cause; it is for no more than it says."""
    found = {it.cause: it.amount_e8 for it in reconciliation.open_causes(bill.reconciled, waived)}
    if UNPRICED not in waived and bill.found["kind"].eq(UNPRICED).any():
        found[UNPRICED] = found.get(UNPRICED, 0)
    found.pop(HISTORY, None)  # what a bill says of itself, however small
    unknown = bill.found[bill.found["kind"].eq(HISTORY).to_numpy(bool)]
    amount = int(unknown["amount_e8"].fillna(0).abs().sum())
    if len(unknown) and amount > waived.get(HISTORY, -1):
        found[HISTORY] = amount
    return found


def amounts(waivers: pd.DataFrame) -> dict[str, int]:
    """By cause for how much somebody answers, of frame WAIVERS."""
    return {str(it["cause"]): int(it["amount_e8"]) for it in records(waivers)}


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
    open_ = unanswered(bill, amounts(waivers))
    return [
        *_time(bill, earlier, now),
        *(partial(bill.found) if HISTORY in open_ else []),
        *_booked(bill, booked_until),
        *_proof(bill),
        *(_difference(bill, *it) for it in open_.items() if it[0] != HISTORY),
    ]


def partial(found: pd.DataFrame) -> list[str]:
    """That a month is known in part only, by subscription, from what is found of its bill."""
    return found["what"][found["kind"].eq(HISTORY).to_numpy(bool)].dropna().tolist()


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
    unsure = bill.sums["basis"].isin([str(Basis.PROVISIONAL)])
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
    why = CAUSES.get(cause, cause)
    return f"{off} differ between estimate and booked, and nobody answers for it: {why}"

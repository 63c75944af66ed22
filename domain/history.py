"""Since when usage and bookings are known, and what a month says that begins before.

Such a month can only be billed as it was booked: nobody knows which deployment used it, so its
account pays, by what is known of the account from a later day.
"""

from datetime import datetime

import pandas as pd

from domain import months
from domain.billing import Inputs
from domain.costs import FOUND
from domain.frames import frame

HISTORY = "history"
"""The kind of a finding about days that are not known, and the cause that is waived for them."""


def ledgers(inputs: Inputs) -> dict[str, datetime]:
    """On which day the ledgers of subscriptions begin, of those that begin within the month."""
    return {it: reach.usage for it, reach in inputs.begins.items() if reach.usage}


def unknown(rows: pd.DataFrame, inputs: Inputs) -> "pd.Series[bool]":
    """Which booked rows are of days before the ledger of their subscription begins."""
    begins = rows["subscription"].map(ledgers(inputs)).astype("datetime64[us, UTC]")
    return rows["day"].lt(begins).fillna(False).astype(bool)


def found(unexplained: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """FOUND: by subscription since when it is known, and what was booked of it before and is
    explained by no usage; the subscription is the resource."""
    rows = unexplained[unknown(unexplained, inputs).to_numpy(bool)]
    sums = rows.groupby("subscription")["cost_e8"].sum()
    told = []
    for it, reach in sorted(inputs.begins.items()):
        if reach.first is None or reach.first <= months.first(inputs.month):
            continue
        amount = int(sums.get(it, 0))
        words = f"{inputs.month} is known in part only: history of subscription {it} begins on "
        words += f"{reach.first:%Y-%m-%d}."
        if reach.usage and it in sums:
            words += (
                f" Of what was booked before {reach.usage:%Y-%m-%d} the usage is not known: its "
                "accounts pay, by the earliest tags that are known of them."
            )
        said = {"kind": HISTORY, "severity": "warning", "what": words}
        told.append({**said, "resource": it, "amount_e8": amount})
    return frame(FOUND, told)

"""Waive: answer by name for a difference, so that its month may close all the same."""

from actions.visit import Visit
from domain import closing, money, months, ruling
from domain.faults import OutOfRange
from domain.roles import Permission
from store import bills, waivers

LONGEST = 300


def difference(visit: Visit, month: str, currency: str, cause: str, reason: str) -> None:
    """Answer for what this cause makes the estimate and the bill differ now; what it makes more
    later is not waived. Raises Refused."""
    what = f"waive {cause} of {month} in {currency}: {reason}"
    with visit.attempt(Permission.CLOSE, what[:1_000]) as session:
        why = ruling.text(reason, "A reason", LONGEST)
        bill = bills.kept(session, months.read(month), money.currency(currency))
        if bill is None or bill.state != "open":
            raise OutOfRange("Only a month that is open has something to waive.")
        amounts = closing.differences(bill)
        if cause not in amounts:
            raise OutOfRange(f"Nothing of {month} differs for this cause.")
        told = {"month": month, "currency": currency, "cause": cause, "reason": why}
        said = {"said_by": visit.person.key, "amount_e8": amounts[cause], "at": visit.clock()}
        waivers.keep(session, {**told, **said})

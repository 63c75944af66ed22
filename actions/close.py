"""Close: let a month stand as it is; then, with its invoice, settle it as a second person."""

from actions import obstacles
from actions.visit import Visit
from domain import money, months
from domain.costs import MonthState
from domain.faults import NotAllowed, Outdated, OutOfRange
from domain.roles import Permission
from store import audit, bills, invoices
from store.bills import Head
from store.engine import Session


def month(visit: Visit, month: str, currency: str, *, generation: int) -> None:
    """Nothing of it changes any more; generation: that of the bill that the person saw.
    Raises Refused, with everything that stands in the way."""
    with visit.attempt(Permission.CLOSE, f"close {month} in {currency}"[:300]) as session:
        head = _seen(session, month, currency, MonthState.OPEN, generation)
        if why := obstacles.of(visit, session, head):
            raise OutOfRange(" ".join(why))
        bills.close(session, head, visit.person.key, visit.clock())
        said = f"closed {month} in {currency}, bytes {head.digest}"
        audit.add(session, visit.clock(), visit.person.key, said, "done")


def finalise(visit: Visit, month: str, currency: str, *, generation: int) -> None:
    """It is settled with its invoice; by somebody else than who closed it. Raises Refused."""
    with visit.attempt(Permission.CLOSE, f"finalise {month} in {currency}"[:300]) as session:
        head = _seen(session, month, currency, MonthState.CLOSED, generation)
        if head.closed_by == visit.person.key:
            raise NotAllowed("Nobody settles a month that they closed themselves.")
        if not invoices.of_month(session, month, currency):
            raise OutOfRange(f"Nobody has entered the invoice of {month} in {currency}.")
        if not bills.intact(session, month, currency):
            raise OutOfRange("Its bytes are not those that were closed: look at the audit trail.")
        bills.finalise(session, head, visit.person.key, visit.clock())


def _seen(session: Session, month: str, currency: str, state: MonthState, generation: int) -> Head:
    head = bills.head(session, months.read(month), money.currency(currency))
    if head is None or head.state is not state:
        raise OutOfRange(f"{month} in {currency} is not {state}.")
    if head.generation != generation:
        raise Outdated(f"The bill of {month} in {currency} has changed since.")
    return head

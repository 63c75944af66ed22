"""What stands in the way of closing a month: the same for whoever looks and for the verb."""

from actions.visit import Visit
from domain import closing
from store import billing, bills, waivers
from store.bills import Head
from store.engine import Session


def of(visit: Visit, session: Session, head: Head) -> list[str]:
    """What stands in the way of closing it, for everybody to see."""
    bill = bills.kept(session, head.month, head.currency)
    assert bill
    known = billing.coverage(session, head.month, visit.clock())
    own = set(known.subscriptions(head.currency))
    until = {it: day for it, day in known.booked_until.items() if it in own}
    waived = waivers.of_month(session, head.month, head.currency)
    return closing.obstacles(bill, waived, _earlier(session, head), until, visit.clock())


def _earlier(session: Session, head: Head) -> list[str]:
    """Months before it that are open; one that is known in part only is none of them, since
    nobody has to answer for it."""
    return [
        it.month
        for it in bills.heads(session)
        if it.currency == head.currency and it.month < head.month and it.is_open
        if not closing.partial(bills.part(session, it.month, it.currency, "found"))
    ]

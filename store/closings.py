"""What stands in the way of closing a month, from all that is remembered of it."""

from datetime import datetime

from domain import closing, months
from store import billing, bills, waivers
from store.bills import Head
from store.engine import Session

_TOLD = ("sums", "reconciled", "found")
"""Of a bill's frames those that say so; its lines are far more."""


def in_the_way(session: Session, head: Head, now: datetime) -> list[str]:
    """Why this month cannot be closed now, one sentence each; none when it can."""
    bill = bills.kept(session, head.month, head.currency, _TOLD)
    assert bill
    known = billing.coverage(session, head.month, now)
    own = set(known.subscriptions(head.currency))
    until = {it: day for it, day in known.booked_until.items() if it in own}
    waived = waivers.of_month(session, head.month, head.currency)
    return closing.obstacles(bill, waived, _earlier(session, head), until, now)


def ready(session: Session, now: datetime) -> list[Head]:
    """The months that could be closed."""
    over = [it for it in bills.heads(session) if it.is_open and months.end(it.month) <= now]
    return [it for it in over if not in_the_way(session, it, now)]


def _earlier(session: Session, head: Head) -> list[str]:
    """Months before it that are open; one that is known in part only is none of them, since
    nobody has to answer for it."""
    return [
        it.month
        for it in bills.heads(session)
        if it.currency == head.currency and it.month < head.month and it.is_open
        if not closing.partial(bills.part(session, it.month, it.currency, "found"))
    ]

"""What stands in the way of closing a month: the same for whoever looks and for the verb."""

from actions.visit import Visit
from store import closings
from store.bills import Head
from store.engine import Session


def of(visit: Visit, session: Session, head: Head) -> list[str]:
    """What stands in the way of closing it, for everybody to see."""
    return closings.in_the_way(session, head, visit.clock())

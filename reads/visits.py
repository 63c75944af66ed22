"""When somebody was here before."""

from datetime import datetime

from store import visits
from store.engine import Store


def last(store: Store, who: str, now: datetime) -> datetime | None:
    """The end of the visit before this one; notes that the person is here now."""
    with store.begin() as session:
        return visits.opened(session, who, now)

"""Whether the store can be used: words that say nothing of where it is."""

from domain.faults import StoreDown
from store import schema
from store.engine import Store

REACHED = "reached"


def of_store(store: Store) -> str:
    """REACHED, or what is wrong."""
    try:
        with store.reading() as session:
            return REACHED if schema.current(session.connection()) else "has another schema"
    except StoreDown:
        return "not reached"

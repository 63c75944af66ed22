"""What is known of content filters, for whoever reviews a change of them."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from domain.readings import together
from domain.safeguards import Safeguards
from store import estates, snapshots
from store.engine import Store


def kept(
    store: Store, subscriptions: Sequence[str], rows: pd.DataFrame, now: datetime
) -> Safeguards:
    """As last collected; rows: frame INVENTORY of these subscriptions."""
    with store.reading() as session:
        parts = {
            it.name: together(it, snapshots.kept(session, it, subscriptions), now)
            for it in estates.FILTERS
        }
    return Safeguards.of(parts, rows)

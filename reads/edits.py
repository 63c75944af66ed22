"""What changed in the estate, by whomever."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from store import edits
from store.engine import Store


def since(store: Store, at: datetime | None, subscriptions: Sequence[str]) -> pd.DataFrame:
    """Frame EDITS after this time, or as far back as is kept; the newest first."""
    with store.reading() as session:
        return edits.since(session, at, subscriptions)

"""What needs somebody's attention."""

from collections.abc import Sequence

import pandas as pd

from domain import findings as rules
from store import findings as kept
from store.engine import Store


def findings(store: Store, subscriptions: Sequence[str]) -> pd.DataFrame:
    """Frame FINDINGS, the gravest first."""
    with store.reading() as session:
        return rules.ranked(kept.current(session, subscriptions))

"""What needs somebody's attention."""

from collections.abc import Sequence

import pandas as pd

from domain import findings as rules
from domain.readings import FINDINGS, TENANT, nothing
from store import snapshots
from store.engine import Store


def generation(store: Store) -> int:
    """Grows whenever the rules were held against something new."""
    with store.reading() as session:
        return snapshots.generation(session, [FINDINGS], [TENANT])


def findings(store: Store, subscriptions: Sequence[str]) -> pd.DataFrame:
    """Frame FINDINGS of these subscriptions, the gravest first."""
    with store.reading() as session:
        kept = snapshots.kept(session, FINDINGS, [TENANT])[TENANT] or nothing(FINDINGS)
    return rules.ranked(kept.frame[kept.frame["subscription"].isin(subscriptions)])

"""Which thresholds of budgets are crossed by what bills say, kept once so that people are told."""

from datetime import datetime

import pandas as pd

from domain import budgets
from reads import budgets as reads
from store import budgets as kept
from store.engine import Store


def cross(store: Store, now: datetime) -> int:
    """Keep what is crossed now; returns how much of it is new."""
    with store.reading() as session:
        currencies = sorted(set(kept.known(session)["currency"]))
        found = [reads.judged(session, it, now) for it in currencies]
    if not (full := [it for it in found if len(it)]):
        return 0
    crossed = budgets.crossed(pd.concat(full, ignore_index=True), now)
    with store.begin() as session:
        return kept.cross(session, crossed)

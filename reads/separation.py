"""Separation of duties, as the console's own decisions show it."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from domain import separation
from domain.frames import frame
from store import people, second_persons
from store.engine import Store


@dataclass(frozen=True, eq=False)
class Report:
    pairs: pd.DataFrame
    """Frame separation.PAIRS."""
    holders: pd.DataFrame
    """Frame separation.HOLDERS."""


def report(store: Store, now: datetime) -> Report:
    """Of the last separation.SPAN."""
    with store.reading() as session:
        those = second_persons.decided(session, now - separation.SPAN)
        everyone = people.everyone(session)
    return Report(
        frame(separation.PAIRS, separation.pairs(those)),
        frame(separation.HOLDERS, separation.holders(everyone, those)),
    )

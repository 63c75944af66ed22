"""What may be deployed where: accounts, and for one of them the model list and the quota."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from domain import making
from domain.readings import ACCOUNTS, MODELS, USAGES, together
from store import snapshots
from store.engine import Store


@dataclass(frozen=True, eq=False)
class Offer:
    home: "pd.Series[str]"
    """Row of ACCOUNTS."""
    entries: pd.DataFrame
    """Frame MODELS: what can be deployed in this account now."""
    models: pd.DataFrame
    """Frame MODELS: everything that is listed in its subscription."""
    usages: pd.DataFrame
    """Frame USAGES of its subscription."""


def accounts(store: Store, subscriptions: Sequence[str], now: datetime) -> pd.DataFrame:
    """Frame ACCOUNTS of these subscriptions, by name."""
    with store.reading() as session:
        kept = together(ACCOUNTS, snapshots.kept(session, ACCOUNTS, subscriptions), now)
    return kept.frame.sort_values("account", ignore_index=True)


def offer(store: Store, home: "pd.Series[str]", now: datetime) -> Offer:
    """What this account, a row of ACCOUNTS, is offered."""
    subscription = [home["subscription"]]
    with store.reading() as session:
        models, usages = (
            together(it, snapshots.kept(session, it, subscription), now).frame
            for it in (MODELS, USAGES)
        )
    return Offer(home, making.offered(home, models, now), models, usages)

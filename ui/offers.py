"""What an admin may deploy where: read when a dialog asks for it, so that no page pays for it."""

import pandas as pd

from reads import offers
from reads.offers import Offer
from ui import session


def accounts() -> pd.DataFrame:
    """Frame ACCOUNTS, for who sees every unit; of others nobody knows what is theirs."""
    wiring = session.wiring()
    everything = sorted(session.subscriptions())
    rows = offers.accounts(wiring.store, everything, wiring.clock())
    return rows if session.person().units is None else rows.head(0)


def offer(home: "pd.Series[str]") -> Offer:
    """What can be deployed in this account."""
    wiring = session.wiring()
    return offers.offer(wiring.store, home, wiring.clock())

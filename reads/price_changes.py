"""The days of a month on which prices changed, of the models that its bill has."""

import pandas as pd

from domain import months, repricing
from store import agreed_prices, bills, meters, retail_prices
from store.engine import Store


def of_month(store: Store, month: str, currency: str) -> pd.DataFrame:
    """Frame CHANGES."""
    with store.reading() as session:
        models = set(bills.sums(session, month, currency)["model"].dropna()) - {""}
        known, listed = meters.known(session), retail_prices.listed(session, [currency])
        agreed = agreed_prices.known(session, currency)
    first, end = months.first(month), months.end(month)
    return repricing.changes(known, listed, agreed, models, first, end)

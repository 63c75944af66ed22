"""Who asked for more quota, and what became of it."""

from dataclasses import asdict

import pandas as pd

from domain import frames
from domain.requests import REQUESTS
from store import requests as kept
from store.engine import Store


def requests(store: Store, units: frozenset[str] | None = None) -> pd.DataFrame:
    """Frame REQUESTS, the newest first; units: for these alone, None is all."""
    with store.reading() as session:
        found = kept.latest(session, units)
    return frames.frame(REQUESTS, [_row(asdict(it)) for it in found])


def _row(told: dict[str, object]) -> frames.Row:
    note = told["note"] or None
    return told | {"request": told["id"], "status": str(told["status"]), "note": note}

"""What people were told, and what they were not."""

from dataclasses import asdict

import pandas as pd

from domain import frames
from domain.notices import NOTICES, standing
from store import notices as kept
from store.engine import Store

MOST = 50


def outbox(store: Store) -> pd.DataFrame:
    """Frame NOTICES, the newest first."""
    with store.reading() as session:
        found = kept.latest(session, MOST)
    rows = [
        asdict(it)
        | {"standing": str(standing(it.sent_at, it.next_at, it.said)), "said": it.said or None}
        for it in found
    ]
    return frames.frame(NOTICES, rows)

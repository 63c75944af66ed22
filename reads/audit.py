"""Who did what, how it ended, and whether the trail is whole."""

from dataclasses import asdict

import pandas as pd

from domain import frames, records
from store import audit
from store.engine import Store


def trail(store: Store) -> pd.DataFrame:
    """Frame TRAIL, the newest first."""
    with store.reading() as session:
        return frames.frame(records.TRAIL, [asdict(entry) for entry in audit.trail(session)])


def broken(store: Store) -> int | None:
    """Number of the first entry that was tampered with; None when the chain holds."""
    with store.reading() as session:
        return audit.first_break(session)

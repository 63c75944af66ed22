"""Whether people are told, and what came of it."""

import pandas as pd

from domain.notices import Standing
from reads import notices
from ui import session


def addresses() -> int:
    """How many addresses messages go to."""
    return len(session.wiring().settings.notify.urls)


def messages() -> pd.DataFrame:
    """Frame NOTICES, the newest first."""
    return notices.outbox(session.wiring().store)


def counted(rows: pd.DataFrame) -> dict[str, int]:
    """How many messages stand where, without those that were sent."""
    counts = rows["standing"].value_counts()
    return {str(it): int(counts[it]) for it in Standing if it in counts and it != Standing.SENT}

"""What changed of filter policies and blocklists, as seen between two looks at them."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
from sqlalchemy import delete, insert, select

from domain import moderation
from store import rows
from store.engine import Session
from store.tables import FilterEditRow


def add(session: Session, edits: pd.DataFrame) -> None:
    """Keep these edits, frame FILTER_EDITS."""
    if new := rows.of_frame(edits, moderation.FILTER_EDITS):
        session.execute(insert(FilterEditRow), new)


def since(
    session: Session, at: datetime | None, subscriptions: Sequence[str], most: int = 500
) -> pd.DataFrame:
    """Frame FILTER_EDITS: what was seen later than this time, or at all; the newest first."""
    wanted = select(*(getattr(FilterEditRow, name) for name in moderation.FILTER_EDITS)).where(
        FilterEditRow.subscription.in_(subscriptions)
    )
    if at is not None:
        wanted = wanted.where(FilterEditRow.at > at)
    newest = wanted.order_by(FilterEditRow.at.desc(), FilterEditRow.id.desc()).limit(most)
    return rows.to_frame(session.execute(newest), moderation.FILTER_EDITS)


def prune(session: Session, before: datetime) -> int:
    """Forget edits before this time; returns how many."""
    return rows.delete(session, delete(FilterEditRow).where(FilterEditRow.at < before))

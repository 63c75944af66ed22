"""What changed in the inventory, as seen between two looks at it."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
from sqlalchemy import delete, insert, select

from domain import frames
from store import rows
from store.engine import Session
from store.tables import EditRow


def add(session: Session, edits: pd.DataFrame) -> None:
    """Keep these edits, frame EDITS."""
    if new := rows.of_frame(edits, frames.EDITS):
        session.execute(insert(EditRow), new)


def since(
    session: Session, at: datetime | None, subscriptions: Sequence[str], most: int = 500
) -> pd.DataFrame:
    """Frame EDITS: what was seen later than this time, or at all; the newest first."""
    wanted = select(*(getattr(EditRow, name) for name in frames.EDITS)).where(
        EditRow.subscription.in_(subscriptions)
    )
    if at is not None:
        wanted = wanted.where(EditRow.at > at)
    newest = wanted.order_by(EditRow.at.desc(), EditRow.id.desc()).limit(most)
    return rows.to_frame(session.execute(newest), frames.EDITS)


def prune(session: Session, before: datetime) -> int:
    """Forget edits before this time; returns how many."""
    return rows.delete(session, delete(EditRow).where(EditRow.at < before))

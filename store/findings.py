"""Findings with their age: since when each has been so without a break."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
from sqlalchemy import bindparam, select, text, update

from domain import frames
from store import rows
from store.engine import Session
from store.tables import FindingRow

_TOLD = [name for name in frames.FINDINGS if name not in ("key", "since")]


def keep(
    session: Session, findings: pd.DataFrame, subscriptions: Sequence[str], now: datetime
) -> None:
    """Make these, frame FINDINGS, the ones that are so in these subscriptions.

    One that is still there keeps its age and takes the new words; one that is not there any more
    ends now; one that is new, or was gone, begins when the frame says, or else now.
    """
    single = findings.drop_duplicates("key", keep="last").sort_values("key")
    there = rows.of_frame(single, frames.FINDINGS)
    for row in there:
        row["since"] = row["since"] or now
    _end(session, subscriptions, {row["key"] for row in there}, now)
    if not there:
        return
    new = rows.insert(session, FindingRow)
    upsert = new.on_conflict_do_update(
        index_elements=["key"],
        index_where=text("ended_at IS NULL"),
        set_={name: new.excluded[name] for name in _TOLD},
    )
    session.execute(upsert, there)


def _end(session: Session, subscriptions: Sequence[str], there: set[str], now: datetime) -> None:
    still_open = select(FindingRow.id, FindingRow.key).where(
        FindingRow.subscription.in_(subscriptions), FindingRow.ended_at.is_(None)
    )
    found = session.execute(still_open.order_by(FindingRow.key)).all()
    if gone := [{"gone": id} for id, key in found if key not in there]:
        ended = update(FindingRow).where(FindingRow.id == bindparam("gone")).values(ended_at=now)
        session.connection().execute(ended, gone)


def current(session: Session, subscriptions: Sequence[str]) -> pd.DataFrame:
    """Frame FINDINGS: what is so in these subscriptions, the oldest first."""
    wanted = select(*(getattr(FindingRow, name) for name in frames.FINDINGS)).where(
        FindingRow.subscription.in_(subscriptions), FindingRow.ended_at.is_(None)
    )
    found = session.execute(wanted.order_by(FindingRow.since, FindingRow.key))
    return rows.to_frame(found, frames.FINDINGS)

"""Differences of a month that somebody answers for, so that it may close all the same."""

from collections.abc import Mapping

import pandas as pd
from sqlalchemy import func, select

from domain.decisions import WAIVERS
from store import rows
from store.engine import Session
from store.tables import WaiverRow


def keep(session: Session, waiver: Mapping[str, object]) -> None:
    """Keep one, a row of frame WAIVERS, in place of one for the same cause."""
    told = {name: waiver[name] for name in WAIVERS}
    rows.upsert(session, WaiverRow, ["month", "currency", "cause"], [told])


def of_month(session: Session, month: str, currency: str) -> pd.DataFrame:
    """Frame WAIVERS of a month."""
    wanted = select(*(getattr(WaiverRow, name) for name in WAIVERS)).where(
        WaiverRow.month == month, WaiverRow.currency == currency
    )
    return rows.to_frame(session.execute(wanted.order_by(WaiverRow.cause)), WAIVERS)


def mark(session: Session) -> tuple[object, ...]:
    """Another one whenever anybody answers for anything."""
    found = session.execute(select(func.count(), func.max(WaiverRow.at))).one()
    return tuple(found)

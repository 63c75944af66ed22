"""Contract prices and discounts that an admin entered; in force once a second one approved."""

from datetime import datetime

import pandas as pd
from sqlalchemy import Update, select, update

from domain.costs import AGREED
from domain.faults import Outdated
from domain.frames import Row
from store import rows
from store.engine import Session
from store.tables import AgreedPriceRow, BookedDayRow, MeterRow, RetailPriceRow


def add(session: Session, price: Row) -> int:
    """Keep a new one, a row of frame AGREED; returns its number."""
    row = AgreedPriceRow(**{name: price.get(name) for name in AGREED if name != "id"})
    session.add(row)
    session.flush()
    return row.id


def find(session: Session, id: int) -> dict[str, object] | None:
    """A row of frame AGREED as plain values."""
    row = session.get(AgreedPriceRow, id, populate_existing=True)
    return {name: getattr(row, name) for name in AGREED} if row else None


def approve(session: Session, id: int, by: str) -> None:
    """Let it be in force; raises Outdated unless it still waits: one that ends as it starts was
    withdrawn."""
    stays = AgreedPriceRow.ends.is_(None) | (AgreedPriceRow.ends > AgreedPriceRow.starts)
    here = (AgreedPriceRow.id == id) & AgreedPriceRow.approver.is_(None) & stays
    _changed(session, id, update(AgreedPriceRow).where(here).values(approver=by))


def end(session: Session, id: int, seen: datetime | None, ends: datetime) -> None:
    """Let it end then; one that ends as it starts never was in force. Raises Outdated unless its
    end is still the one that was seen."""
    here = (AgreedPriceRow.id == id) & AgreedPriceRow.ends.is_not_distinct_from(seen)
    _changed(session, id, update(AgreedPriceRow).where(here).values(ends=ends))


def known(session: Session, currency: str | None = None) -> pd.DataFrame:
    """Frame AGREED, in one currency or in all; what still waits and what has ended is among it."""
    wanted = select(*(getattr(AgreedPriceRow, name) for name in AGREED))
    if currency is not None:
        wanted = wanted.where(AgreedPriceRow.currency == currency)
    return rows.to_frame(session.execute(wanted.order_by(AgreedPriceRow.id)), AGREED)


def waiting(session: Session) -> pd.DataFrame:
    """Frame AGREED: what a second admin has to say yes or no to."""
    found = known(session)
    gone = found["ends"].eq(found["starts"]).fillna(False)
    return found[found["approver"].isna() & ~gone.astype(bool)].reset_index(drop=True)


def meter_known(session: Session, meter_id: str) -> bool:
    """Whether any list, bill or reviewer has named this meter."""
    tables = (RetailPriceRow, MeterRow, BookedDayRow)
    found = (select(it.meter_id).where(it.meter_id == meter_id).limit(1) for it in tables)
    return any(session.scalar(it) is not None for it in found)


def _changed(session: Session, id: int, change: Update) -> None:
    if session.execute(change.returning(AgreedPriceRow.id)).first() is None:
        raise Outdated(f"Price {id} has changed since.")

"""What invoices say a month cost, as people entered or uploaded it."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
from sqlalchemy import ColumnElement, delete, select

from domain.billing import Invoice
from domain.decisions import INVOICES
from store import rows
from store.engine import Session
from store.tables import InvoiceRow

ENTERED = "entered"


def keep(
    session: Session,
    month: str,
    currency: str,
    invoices: Sequence[Invoice],
    said_by: str,
    at: datetime,
    source: str = ENTERED,
    digest: str = "",
) -> None:
    """Keep these, in place of those with the same number."""
    told = {"month": month, "currency": currency, "source": source, "digest": digest}
    told |= {"said_by": said_by}
    new = [{**told, "at": at, **vars(it)} for it in invoices]
    rows.upsert(session, InvoiceRow, ["month", "currency", "number"], new)


def remove(session: Session, month: str, currency: str, number: str) -> int:
    """Forget one that was entered by mistake; returns how many there were."""
    here = _of(month, currency)
    return rows.delete(session, delete(InvoiceRow).where(*here, InvoiceRow.number == number))


def of_month(session: Session, month: str, currency: str) -> tuple[Invoice, ...]:
    """The invoices of a month, by number."""
    columns = [getattr(InvoiceRow, name) for name in Invoice.__dataclass_fields__]
    wanted = select(*columns).where(*_of(month, currency)).order_by(InvoiceRow.number)
    return tuple(Invoice(*row) for row in session.execute(wanted))


def known(session: Session) -> pd.DataFrame:
    """Frame INVOICES, the newest month first."""
    wanted = select(*(getattr(InvoiceRow, name) for name in INVOICES)).order_by(
        InvoiceRow.month.desc(), InvoiceRow.currency, InvoiceRow.number
    )
    return rows.to_frame(session.execute(wanted), INVOICES)


def _of(month: str, currency: str) -> tuple[ColumnElement[bool], ...]:
    return InvoiceRow.month == month, InvoiceRow.currency == currency

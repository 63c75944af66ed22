"""The public price list over time: Azure tells today's prices only, so what it said is kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import delete, func, select, update

from domain import costs
from store import rows
from store.engine import Session
from store.tables import RetailPriceRow

_KEY = ("meter_id", "currency", "kind", "term", "region")
_ROW = (*_KEY, "starts")
_SAID = ("price", "unit", "per")
"""What makes it another price."""


def keep(session: Session, listed: pd.DataFrame, day: datetime) -> None:
    """Keep a currency's list, frame RETAIL, as it was seen on this day.

    A price that is new counts from the date that Azure gives with it; one that changed counts from
    this day, on which the one before it ends. One that is listed no more ends too, unless nothing
    of its currency is listed at all.
    """
    single = listed.drop_duplicates(list(_KEY), keep="last")
    for currency, now in single.groupby("currency"):
        open_ = {_of(it): it for it in _open(session, str(currency))}
        said = {_of(it): it for it in rows.of_frame(now, costs.RETAIL)}
        known = _known(session, str(currency))
        changed = [it for key, it in open_.items() if _differs(it, said.get(key))]
        _close(session, changed, day)
        fresh = [it for key, it in said.items() if _differs(it, open_.get(key))]
        _insert(session, [_opened(it, _of(it) in known, day) for it in fresh])


def _opened(it: dict[str, Any], known: bool, day: datetime) -> dict[str, Any]:
    first = day if known or it["starts"] is None else min(it["starts"], day)
    return {**it, "starts": first, "ends": None}


def _insert(session: Session, new: list[dict[str, Any]]) -> None:
    rows.upsert(session, RetailPriceRow, _ROW, new)


def _close(session: Session, changed: list[dict[str, Any]], day: datetime) -> None:
    """A price that held for no day at all goes."""
    for it in changed:
        own = [getattr(RetailPriceRow, name) == it[name] for name in _ROW]
        if it["starts"] >= day:
            session.execute(delete(RetailPriceRow).where(*own))
        else:
            session.execute(update(RetailPriceRow).where(*own).values(ends=day))


def _differs(one: dict[str, Any], other: dict[str, Any] | None) -> bool:
    return other is None or any(one[name] != other[name] for name in _SAID)


def _of(it: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(it[name] for name in _KEY)


def _open(session: Session, currency: str) -> list[dict[str, Any]]:
    wanted = _wanted().where(RetailPriceRow.currency == currency, RetailPriceRow.ends.is_(None))
    return [dict(it._mapping) for it in session.execute(wanted)]


def _known(session: Session, currency: str) -> set[tuple[Any, ...]]:
    """What has been listed before, whether or not it still is."""
    keys = (getattr(RetailPriceRow, name) for name in _KEY)
    found = session.execute(select(*keys).where(RetailPriceRow.currency == currency).distinct())
    return {tuple(it) for it in found}


def _wanted() -> Any:
    return select(*(getattr(RetailPriceRow, name) for name in costs.PRICED))


def between(
    session: Session, first: datetime, end: datetime, currencies: Sequence[str]
) -> pd.DataFrame:
    """Frame PRICED: what held at any time from first to before end."""
    ends = func.coalesce(RetailPriceRow.ends, end)
    wanted = (
        _wanted()
        .where(
            RetailPriceRow.currency.in_(list(currencies)),
            RetailPriceRow.starts < end,
            ends > first,
        )
        .order_by(*(getattr(RetailPriceRow, name) for name in _ROW))
    )
    return rows.many(session, wanted, costs.PRICED)


def listed(session: Session, currencies: Sequence[str]) -> pd.DataFrame:
    """Frame PRICED: all that was ever listed in these currencies."""
    wanted = (
        _wanted()
        .where(RetailPriceRow.currency.in_(list(currencies)))
        .order_by(*(getattr(RetailPriceRow, name) for name in _ROW))
    )
    return rows.many(session, wanted, costs.PRICED)

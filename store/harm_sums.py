"""What filters found and stopped, summed where it is kept: the days of a large estate are millions
of rows, of which a page shows a few."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, func, select

from domain.frames import REAL, TEXT, TIME, Columns
from store import rows
from store.engine import Session
from store.tables import HarmDayRow

_WHAT: Columns = {"what": TEXT, "category": TEXT, "direction": TEXT}
BY_RESOURCE: Columns = {"resource": TEXT, **_WHAT, "requests": REAL}
BY_DAY: Columns = {"day": TIME, **_WHAT, "severity": TEXT, "requests": REAL}
MOST = 900
"""Resources that one question names: what a database takes has an end."""


def by_resource(
    session: Session, first: datetime, end: datetime, subscriptions: Sequence[str]
) -> pd.DataFrame:
    """Columns BY_RESOURCE, from first to before end."""
    fields = _fields("resource", *_WHAT)
    wanted = select(*fields, func.sum(HarmDayRow.requests)).where(
        HarmDayRow.day >= first, HarmDayRow.day < end, HarmDayRow.subscription.in_(subscriptions)
    )
    return rows.many(session, wanted.group_by(*fields).order_by(*fields), BY_RESOURCE)


def by_day(
    session: Session, first: datetime, end: datetime, resources: Sequence[str]
) -> pd.DataFrame:
    """Columns BY_DAY of these deployments, from first to before end."""
    fields = _fields(*(it for it in BY_DAY if it != "requests"))
    whole = select(*fields, func.sum(HarmDayRow.requests)).where(
        HarmDayRow.day >= first, HarmDayRow.day < end
    )
    parts = [
        rows.many(session, _of(whole, fields, list(resources[at : at + MOST])), BY_DAY)
        for at in range(0, max(1, len(resources)), MOST)
    ]
    if len(parts) == 1:
        return parts[0]
    key = [it for it in BY_DAY if it != "requests"]
    return pd.concat(parts).groupby(key, as_index=False).agg({"requests": "sum"})


def _of(whole: Select[Any], fields: list[ColumnElement[Any]], some: list[str]) -> Any:
    return whole.where(HarmDayRow.resource.in_(some)).group_by(*fields).order_by(*fields)


def _fields(*names: str) -> list[ColumnElement[Any]]:
    return [getattr(HarmDayRow, name) for name in names]

"""Ledgers of days: rows that a day is the first key of, read by the month, replaced by the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, delete, select

from domain import months
from domain.frames import Columns
from store import rows
from store.columns import Row
from store.engine import Session


@dataclass(frozen=True)
class Days:
    """One such table: its frame's columns, and its key, which is also the order of its rows."""

    table: type[Row]
    columns: Columns
    key: tuple[str, ...]

    def of_month(self, session: Session, month: str, subscriptions: Sequence[str]) -> pd.DataFrame:
        """The frame of a month, in the order of its key."""
        return self.between(session, months.first(month), months.end(month), subscriptions)

    def between(
        self, session: Session, first: datetime, end: datetime, subscriptions: Sequence[str]
    ) -> pd.DataFrame:
        """The frame from first to before end, in the order of its key."""
        day, own = self._named("day"), self._named("subscription").in_(list(subscriptions))
        wanted = select(*map(self._named, self.columns)).where(day >= first, day < end, own)
        ordered: Select[Any] = wanted.order_by(*map(self._named, self.key))
        return rows.many(session, ordered, self.columns)

    def keep(self, session: Session, told: pd.DataFrame, by: Sequence[str]) -> None:
        """Keep days; each day of what these columns name is replaced whole, so that what is no
        more is not kept either."""
        for values, of in told[[*by, "day"]].drop_duplicates().groupby(list(by)):
            same = [self._named(it) == str(value) for it, value in zip(by, values, strict=True)]
            here = self._named("day").in_(rows.moments(of["day"]))
            session.execute(delete(self.table).where(here, *same))
        self.upsert(session, told)

    def upsert(self, session: Session, told: pd.DataFrame) -> None:
        """Keep rows or replace those of the same key; of several the last counts."""
        single = told.drop_duplicates(list(self.key), keep="last")
        rows.upsert(session, self.table, self.key, rows.of_frame(single, self.columns))

    def _named(self, name: str) -> ColumnElement[Any]:
        return self.table.__table__.c[name]

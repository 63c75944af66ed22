"""Frames as rows and rows as frames: what is missing in the one is NULL in the other."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

import pandas as pd
from sqlalchemy import ColumnElement, CursorResult, Delete, Row, Select, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain import frames
from domain.frames import Columns
from store import columns as kinds

Insert = sqlite.Insert | postgresql.Insert
Clause = ColumnElement[bool]


def of_frame(frame: pd.DataFrame, columns: Columns) -> list[dict[str, Any]]:
    """The rows of a frame as plain values, None for what is missing."""
    names = list(columns)
    typed = frame[names].astype(dict(columns))
    values = [_plain(typed[name]) for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]


def _plain(series: "pd.Series[Any]") -> list[Any]:
    missing = series.isna().tolist()
    values = series.tolist()
    if str(series.dtype) == frames.TIME:
        values = [it.to_pydatetime(warn=False) if it is not pd.NaT else None for it in values]
    # A NaN that came out of a sum is as missing as one that never was.
    return [
        None if gone or value != value else value
        for value, gone in zip(values, missing, strict=True)
    ]


def to_frame(rows: Iterable[Row[Any]], columns: Columns) -> pd.DataFrame:
    """The answer of a query as the frame with these columns."""
    return frames.frame(columns, (row._mapping for row in rows))  # type: ignore[misc]


def many(session: Session, wanted: Select[Any], columns: Columns) -> pd.DataFrame:
    """The answer of a query that selects these columns in this order; quicker than to_frame()."""
    names = list(columns)
    return frames.frame(
        columns, (dict(zip(names, it, strict=True)) for it in session.execute(wanted))
    )


def moments(times: "pd.Series[Any]") -> list[datetime]:
    """The different times of a column."""
    return [it.to_pydatetime() for it in times.drop_duplicates().sort_values()]


def delete(session: Session, wanted: Delete) -> int:
    """Delete; returns how many rows went."""
    return cast("CursorResult[Any]", session.execute(wanted)).rowcount


def insert(session: Session, table: type[kinds.Row]) -> Insert:
    """The INSERT of this database, which knows ON CONFLICT; both spell it alike."""
    target = table.__table__
    assert isinstance(target, Table)
    name = session.get_bind().dialect.name
    return postgresql.insert(target) if name == "postgresql" else sqlite.insert(target)


def upsert(
    session: Session, table: type[kinds.Row], keys: Sequence[str], rows: Sequence[dict[str, Any]]
) -> None:
    """Insert rows, or replace every other column of those whose keys exist."""
    if not rows:
        return
    new = insert(session, table)
    changed = {name: new.excluded[name] for name in rows[0] if name not in keys}
    # In one order everywhere: two writers of the same rows queue instead of blocking crosswise.
    ordered = sorted(rows, key=lambda row: tuple(row[key] for key in keys))
    session.execute(new.on_conflict_do_update(index_elements=keys, set_=changed), ordered)

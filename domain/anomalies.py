"""Days on which a unit's cost of a model jumped, and the causes of the jump.

A day is held against the same weekday of the weeks before: their median, and their median distance
from it, which one odd day does not move. So weekends are no anomalies and a past jump does not hide
the next one. What has no three such days behind it is not judged.
"""

from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domain.costs import PLATFORM
from domain.frames import REAL, TEXT, TIME, WHOLE, Columns, frame
from domain.variance import PARTS, explained

ANOMALIES: Columns = {
    "day": TIME,
    "unit": TEXT,
    "model": TEXT,
    "cents": WHOLE,
    "usual": WHOLE,
    "score": REAL,  # distances from the usual
    "against": TIME,  # the most usual of the days before, which the causes are held against
    **dict.fromkeys(PARTS, WHOLE),
}
WEEKS, LEAST_WEEKS = 8, 3
FAR = 5.0
"""Distances from the median; a normal one is some 1.5 of them for every standard deviation."""
LEAST_CENTS, LEAST_SHARE = 1_000, 0.25
"""A jump is at least 10 units of the currency and a quarter of the usual."""
_CALM = 0.05  # of the usual: nothing is steadier than this
_Real = NDArray[np.float64]


def found(charges: pd.DataFrame, since: datetime, last: datetime) -> pd.DataFrame:
    """ANOMALIES of the days from since to last, which have to be complete, in CHARGES of these
    days and of the eight weeks before; the largest jumps first."""
    mine = charges[charges["day"].notna() & charges["unit"].ne(PLATFORM).fillna(False)]
    mine = mine[mine["day"].le(last) & mine["model"].fillna("").ne("")]
    if mine.empty:
        return frame(ANOMALIES, [])
    cents = mine.pivot_table(
        index="day", columns=["unit", "model"], values="cents", aggfunc="sum", observed=True
    )
    days = pd.date_range(cents.index[0], last, freq="D", unit="us")
    table = cents.reindex(days)
    values = _from_first(table.to_numpy(dtype=float, na_value=np.nan))
    usual, score = _scored(values)
    gap = values - usual
    jumped = (np.abs(score) >= FAR) & (np.abs(gap) >= np.maximum(LEAST_CENTS, usual * LEAST_SHARE))
    jumped &= np.array([it >= since for it in days])[:, None]
    places = mine.groupby(["unit", "model"]).indices
    rows = []
    for at, column in zip(*np.nonzero(jumped), strict=True):
        unit, model = table.columns[column]
        against = days[_most_usual(values[:, column], int(at))]
        told = {"day": days[at], "unit": unit, "model": model, "against": against}
        told |= {"cents": round(values[at, column]), "usual": round(usual[at, column])}
        told |= {"score": float(score[at, column])}
        rows.append({**told, **_causes(mine.iloc[places[unit, model]], against, days[at])})
    return _largest_first(frame(ANOMALIES, rows))


def _from_first(values: _Real) -> _Real:
    """A day without cost after the first one with cost was nothing; before it, it is unknown."""
    begun = np.maximum.accumulate(~np.isnan(values), axis=0)
    return np.where(np.isnan(values) & begun, 0.0, values)


def _before(values: _Real) -> _Real:
    """By week before, day and column what the same weekday cost."""
    stack = np.full((WEEKS, *values.shape), np.nan)
    for week in range(1, WEEKS + 1):
        if 7 * week < len(values):
            stack[week - 1, 7 * week :] = values[: -7 * week]
    return stack


def _scored(values: _Real) -> tuple[_Real, _Real]:
    """The usual of each day, and how far it is from it; NaN where too little is known."""
    stack = _before(values)
    enough = (~np.isnan(stack)).sum(axis=0) >= LEAST_WEEKS
    filled = np.where(enough, stack, 0.0)
    usual = np.where(enough, np.nanmedian(filled, axis=0), np.nan)
    away = np.nanmedian(np.abs(filled - np.nan_to_num(usual)), axis=0)
    # A cent is the least distance, so that what never cost anything can be judged too.
    distance = np.maximum.reduce([away, np.nan_to_num(np.abs(usual)) * _CALM, np.ones_like(away)])
    return usual, (values - usual) / distance


def _most_usual(values: _Real, at: int) -> int:
    """The day of the same weekday whose cost is nearest to their median; the latest of them."""
    days = [at - 7 * week for week in range(1, WEEKS + 1) if at - 7 * week >= 0]
    known = [it for it in days if not np.isnan(values[it])]
    middle = float(np.median(values[known]))
    return min(known, key=lambda it: abs(values[it] - middle))


def _causes(rows: pd.DataFrame, before: datetime, after: datetime) -> dict[str, int]:
    row = explained(rows[rows["day"].eq(before)], rows[rows["day"].eq(after)], []).iloc[0]
    return {it: int(row[it]) for it in PARTS}


def _largest_first(rows: pd.DataFrame) -> pd.DataFrame:
    order = (rows["cents"] - rows["usual"]).abs().sort_values(ascending=False, kind="stable").index
    return rows.loc[order].reset_index(drop=True)

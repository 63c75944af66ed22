"""Budgets of business units, and which of their thresholds were crossed."""

from collections.abc import Collection
from datetime import datetime

import pandas as pd
from sqlalchemy import select, update

from domain.decisions import BUDGETS, CROSSINGS
from domain.faults import Outdated
from domain.frames import Row
from store import rows
from store.engine import Session
from store.tables import BudgetRow, CrossingRow

_CROSSING = ("budget", "period", "kind", "threshold")


def add(session: Session, budget: Row) -> int:
    """Keep a new one, a row of frame BUDGETS; returns its number."""
    row = BudgetRow(**{name: budget.get(name) for name in BUDGETS if name != "id"})
    session.add(row)
    session.flush()
    return row.id


def find(session: Session, id: int) -> dict[str, object] | None:
    """A row of frame BUDGETS as plain values."""
    row = session.get(BudgetRow, id, populate_existing=True)
    return {name: getattr(row, name) for name in BUDGETS} if row else None


def end(session: Session, id: int, ends: str) -> None:
    """Let it be for the months before this one; raises Outdated when it has ended."""
    here = (BudgetRow.id == id) & BudgetRow.ends.is_(None)
    change = update(BudgetRow).where(here).values(ends=ends).returning(BudgetRow.id)
    if session.execute(change).first() is None:
        raise Outdated(f"Budget {id} has ended.")


def known(session: Session, units: Collection[str] | None = None) -> pd.DataFrame:
    """Frame BUDGETS of these units, or of all; those that have ended too."""
    wanted = select(*(getattr(BudgetRow, name) for name in BUDGETS))
    if units is not None:
        wanted = wanted.where(BudgetRow.unit.in_(units))
    return rows.to_frame(session.execute(wanted.order_by(BudgetRow.id)), BUDGETS)


def cross(session: Session, crossings: pd.DataFrame) -> int:
    """Keep these, frame CROSSINGS; returns how many are new. One that is known keeps its time."""
    new = rows.insert(session, CrossingRow).on_conflict_do_nothing()
    told = rows.of_frame(crossings, CROSSINGS)
    told.sort(key=lambda it: tuple(it[name] for name in _CROSSING))
    came = [session.execute(new.values(it).returning(CrossingRow.budget)).first() for it in told]
    return sum(it is not None for it in came)


def crossings(session: Session, since: datetime | None = None) -> pd.DataFrame:
    """Frame CROSSINGS, the newest first; since: later than this time."""
    wanted = select(*(getattr(CrossingRow, name) for name in CROSSINGS))
    if since is not None:
        wanted = wanted.where(CrossingRow.at > since)
    newest = wanted.order_by(CrossingRow.at.desc(), CrossingRow.budget, CrossingRow.threshold)
    return rows.to_frame(session.execute(newest), CROSSINGS)

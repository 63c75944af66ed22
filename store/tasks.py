"""Tasks of a rollback: what was asked of people, until when, and who did it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from domain.faults import Outdated
from store import rows
from store.engine import Session
from store.tables import TaskRow


@dataclass(frozen=True)
class Task:
    rollout: int
    phase: int
    title: str
    owner: str
    asked_at: datetime
    due_at: datetime
    done_at: datetime | None = None
    done_by: str = ""
    note: str = ""
    """How it was done."""
    id: int = 0


def add(session: Session, it: Task) -> int:
    """Keep a new task; returns its number."""
    fields = {name: getattr(it, name) for name in Task.__dataclass_fields__ if name != "id"}
    row = TaskRow(**fields)
    session.add(row)
    session.flush()
    return row.id


def find(session: Session, id: int) -> Task | None:
    row = session.get(TaskRow, id, populate_existing=True)
    return _task(row) if row else None


def done(session: Session, id: int, at: datetime, by: str, note: str) -> None:
    """It is done; raises Outdated where somebody has said so already."""
    here = (TaskRow.id == id) & TaskRow.done_at.is_(None)
    told = update(TaskRow).where(here).values(done_at=at, done_by=by, note=note)
    if session.execute(told.returning(TaskRow.id)).first() is None:
        raise Outdated("Somebody has said already that this task is done.")


def of(session: Session, rollouts: Iterable[int]) -> list[Task]:
    """All tasks of these, in the order in which they were asked."""
    return _found(session, TaskRow.rollout.in_(list(rollouts)))


def waiting(session: Session) -> list[Task]:
    """Every task that nobody has done yet."""
    return _found(session, TaskRow.done_at.is_(None))


def _found(session: Session, which: rows.Clause) -> list[Task]:
    wanted = select(TaskRow).where(which).order_by(TaskRow.id)
    return [_task(it) for it in session.scalars(wanted.execution_options(populate_existing=True))]


def _task(row: TaskRow) -> Task:
    return Task(**{name: getattr(row, name) for name in Task.__dataclass_fields__})

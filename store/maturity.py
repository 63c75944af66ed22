"""How mature an organisation works, as people assessed it, and who sees to the next steps."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain.maturity import Assessment
from store import rows
from store.engine import Session
from store.tables import MaturityRow, MaturityStepRow

_FIELDS = tuple(name for name in Assessment.__dataclass_fields__ if name != "id")


@dataclass(frozen=True)
class Step:
    """A step of the reference, in somebody's hands."""

    unit: str
    """"" for the whole organisation."""
    step: str
    owner: str
    """Key of the person; "" for nobody."""
    done_at: datetime | None
    said_by: str
    at: datetime


def add(session: Session, it: Assessment) -> int:
    """Keep an assessment; returns its number. None is ever written over."""
    row = MaturityRow(**{name: getattr(it, name) for name in _FIELDS})
    session.add(row)
    session.flush()
    return row.id


def known(session: Session) -> list[Assessment]:
    """Every assessment, by the day of which it is; of one day in the order of entering."""
    wanted = select(MaturityRow).order_by(MaturityRow.assessed_on, MaturityRow.id)
    found = session.scalars(wanted.execution_options(populate_existing=True))
    return [Assessment(**{name: getattr(it, name) for name in _FIELDS}, id=it.id) for it in found]


def take(session: Session, it: Step) -> None:
    """Keep who sees to a step, or that it is done, in place of what was said before."""
    told = {name: getattr(it, name) for name in Step.__dataclass_fields__}
    rows.upsert(session, MaturityStepRow, ["unit", "step"], [told])


def steps(session: Session) -> list[Step]:
    """Every step that somebody has said something about."""
    wanted = select(MaturityStepRow).order_by(MaturityStepRow.unit, MaturityStepRow.step)
    found = session.scalars(wanted.execution_options(populate_existing=True))
    return [Step(**{name: getattr(it, name) for name in Step.__dataclass_fields__}) for it in found]

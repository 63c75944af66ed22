"""The way back from each phase of a rollout, and how its last drill went."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from store import rows
from store.engine import Session
from store.tables import RollbackPlanRow

WORKED, SLOW, FAILED = "worked", "too slow", "failed"


@dataclass(frozen=True)
class RollbackPlan:
    rollout: int
    phase: int
    """Number of the phase, from 0."""
    trigger: str
    """What makes people take it."""
    owner: str
    most_minutes: int
    words: str
    """What people are told."""
    said_by: str
    at: datetime
    steps: tuple[dict[str, Any], ...] = field(default=())
    """In order: {"lever", "resource", "target"} where the console can do it, {"task", "owner",
    "minutes"} where a person has to."""
    drilled_at: datetime | None = None
    drilled_by: str = ""
    drill_minutes: int | None = None
    drill_result: str = ""
    """WORKED, SLOW, FAILED, or "" before the first drill."""
    drill_note: str = ""


@dataclass(frozen=True)
class Drill:
    """The way back, tried by people before it is needed."""

    at: datetime
    by: str
    minutes: int
    result: str
    """WORKED, SLOW or FAILED."""
    note: str = ""


def keep(session: Session, it: RollbackPlan) -> None:
    """Keep the way back of a phase; another one was not drilled yet."""
    told = {name: getattr(it, name) for name in RollbackPlan.__dataclass_fields__}
    told["steps"] = json.dumps(list(it.steps), sort_keys=True, ensure_ascii=False)
    rows.upsert(session, RollbackPlanRow, ["rollout", "phase"], [told])


def drilled(session: Session, rollout: int, phase: int, it: Drill) -> None:
    """Keep how the last drill went."""
    here = (RollbackPlanRow.rollout == rollout) & (RollbackPlanRow.phase == phase)
    told = {
        "drilled_at": it.at, "drilled_by": it.by, "drill_minutes": it.minutes,
        "drill_result": it.result, "drill_note": it.note,
    }  # fmt: skip
    session.execute(update(RollbackPlanRow).where(here).values(told))


def of(session: Session, rollout: int) -> dict[int, RollbackPlan]:
    """By number of the phase."""
    wanted = select(RollbackPlanRow).where(RollbackPlanRow.rollout == rollout)
    found = session.scalars(wanted.execution_options(populate_existing=True))
    return {it.phase: _plan(it) for it in found}


def _plan(row: RollbackPlanRow) -> RollbackPlan:
    told = {name: getattr(row, name) for name in RollbackPlan.__dataclass_fields__}
    return RollbackPlan(**told | {"steps": tuple(json.loads(row.steps))})

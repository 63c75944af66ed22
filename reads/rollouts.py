"""Rollouts: all of them as a board, and one with everything that is known of it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from domain import boarding, frames
from domain.boarding import Halt
from domain.evaluations import Evaluation
from domain.feedback import Feedback, Sums
from domain.gates import Found
from domain.readiness import Standing
from domain.rollouts import Rollout
from domain.templates import Template
from reads import readiness
from store import (
    answers,
    boards,
    evaluations,
    falls,
    feedback,
    gates,
    people,
    rollback_plans,
    rollouts,
    tasks,
    templates,
)
from store.engine import Session, Store
from store.falls import Fall
from store.gates import Approval
from store.rollback_plans import RollbackPlan
from store.rollouts import Moved
from store.tasks import Task

__all__ = ["Approval", "Moved", "RollbackPlan", "Task"]
COURSE = timedelta(days=7)
"""How far back a trend goes."""
Trend = tuple[tuple[datetime, float | None], ...]
Names = Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Board:
    """All rollouts, whoever asks."""

    rows: pd.DataFrame
    """Frame BOARD, the newest first."""
    units: Mapping[int, tuple[str, ...]]
    """By rollout, for what may be seen."""


@dataclass(frozen=True, eq=False)
class Whole:
    """One rollout and all that is kept of it."""

    rollout: Rollout
    found: Found
    """The gate of the phase under way, by which it can be moved."""
    days: Mapping[int, frozenset[date]]
    """Days that were watched, by phase."""
    trend: Mapping[str, Trend]
    """Values by criterion of the phase under way, the oldest first."""
    approvals: tuple[Approval, ...]
    ways: Mapping[int, RollbackPlan]
    """By phase."""
    tasks: tuple[Task, ...]
    moves: tuple[Moved, ...]
    """The oldest first."""
    names: Names
    """Of everybody who is enrolled, by key."""
    feedback: tuple[Feedback, ...]
    """The newest first."""
    sums: Mapping[int, Sums]
    """What feedback adds up to, by phase."""
    evaluations: tuple[Evaluation, ...]
    """The newest first."""
    falls: tuple[Fall, ...]
    """Of safeguards, the newest first."""
    readiness: tuple[Standing, ...]
    """Where each readiness item stands by the word of people alone."""
    at: datetime


def mark(store: Store) -> str:
    """Another text as soon as the board is another one."""
    with store.reading() as session:
        return boards.mark(session)


def board(store: Store, now: datetime) -> Board:
    """Every rollout there is."""
    with store.reading() as session:
        those = rollouts.known(session)
        beside = boards.beside(session, those, now)
        names = _names(session)
    rows = [_row(it, beside, names, now) for it in those]
    return Board(frames.frame(boarding.BOARD, rows), {it.id: it.units for it in those})


def one(store: Store, id: int, now: datetime) -> Whole | None:
    """A rollout; None where there is none of this number."""
    with store.reading() as session:
        found = rollouts.find(session, id)
        if found is None:
            return None
        number = found.number
        return Whole(
            found,
            boards.beside(session, [found], now).found[id],
            _days(session, found),
            {} if number is None else boards.trend(session, id, number, now - COURSE),
            tuple(gates.approvals(session, [id])),
            rollback_plans.of(session, id),
            tuple(tasks.of(session, [id])),
            tuple(rollouts.moves(session, id)),
            _names(session),
            tuple(feedback.of(session, id)),
            {phase: it for (_, phase), it in feedback.sums(session, [id]).items()},
            tuple(evaluations.of(session, [id])),
            tuple(falls.of(session, id)),
            readiness.vouched(found, answers.of(session, [id])[id], now),
            now,
        )


def known_templates(store: Store) -> list[Template]:
    """The newest version of each."""
    with store.reading() as session:
        newest: dict[str, Template] = {}
        for it in templates.known(session):
            newest.setdefault(it.key, it)
    return list(newest.values())


def names(store: Store) -> Names:
    """Of everybody who is enrolled, by key."""
    with store.reading() as session:
        return _names(session)


def _names(session: Session) -> Names:
    return {it.key: it.name for it in people.everyone(session)}


def _days(session: Session, rollout: Rollout) -> dict[int, frozenset[date]]:
    found: dict[int, frozenset[date]] = defaultdict(frozenset)
    for number, it in enumerate(rollout.phases):
        if it.started_at is not None:
            found[number] = frozenset(gates.days(session, rollout.id, number))
    return found


def _row(it: Rollout, beside: boards.Beside, names: Names, now: datetime) -> dict[str, Any]:
    found, ways = beside.found[it.id], beside.ways.get(it.id, {})
    halt = beside.halts.get(it.id)
    told = Halt(names.get(halt[0], halt[0]), *halt[1:]) if halt else None
    on = boarding.gate_on(it, found, beside.days.get(it.id, frozenset()), now)
    return {
        **{name: getattr(it, name) for name in ("title", "workload", "owner", "started_at")},
        "rollout": it.id,
        "state": str(it.state),
        "steps": boarding.steps(it),
        "phase": boarding.place(it),
        "blocked": boarding.blocked(it, found, ways, told),
        "gate_on": boarding.midnight(on),
        "who": names.get(it.owner, it.owner),
        "sponsor": names.get(it.sponsor, it.sponsor),
        "units": ", ".join(it.units),
        **_under_way(it, found, now),
    }


def _under_way(it: Rollout, found: Found, now: datetime) -> dict[str, Any]:
    """What only a phase under way has."""
    phase = it.phase
    if phase is None:
        return {}
    return {
        "stage": str(phase.stage),
        "days": (now - phase.started_at).days if phase.started_at else None,
        "failing": len(boarding.blocking(found, *boarding.FAILS)),
        "untold": len(boarding.blocking(found, *boarding.UNTOLD)),
        "reached": phase.cohort.reached,
        "planned": phase.cohort.planned,
    }

"""Rollouts and their moves: one linear path each, however many people click at once."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select, update

from domain import templates
from domain.faults import Outdated
from domain.rollouts import Move, Phase, Rollout, Stage, State
from store import rows
from store.engine import Session
from store.tables import MoveRow, PhaseRow, RolloutRow

_PLAIN = (
    *("title", "workload", "owner", "sponsor", "template", "template_version", "proposer"),
    *("at", "started_at", "ended_at", "version"),
)
_OF_PHASE = ("planned_start", "planned_end", "started_at", "ended_at", "baked_since")


@dataclass(frozen=True)
class Moved:
    """One move as it is kept, and all that its gate knew then."""

    rollout: int
    version: int
    """The version that it made."""
    move: Move
    phase: int | None
    before: str
    after: str
    gate: str
    """JSON."""
    person: str
    reason: str
    click: str
    at: datetime
    effects: str = "{}"
    """JSON: what it set in motion (of a rollback: plan, refused, tasks), or changed."""


def add(session: Session, rollout: Rollout) -> int:
    """Keep a new rollout; returns its number."""
    row = RolloutRow(**_told(rollout))
    session.add(row)
    session.flush()
    _keep_phases(session, row.id, rollout)
    return row.id


def lock(session: Session, id: int) -> Rollout | None:
    """The rollout, which nobody else moves or assesses until this transaction is over."""
    session.execute(select(RolloutRow.id).where(RolloutRow.id == id).with_for_update())
    return find(session, id)


def find(session: Session, id: int) -> Rollout | None:
    row = session.get(RolloutRow, id, populate_existing=True)
    return next(iter(_rollouts(session, [row])), None) if row else None


def known(session: Session, states: Collection[State] | None = None) -> list[Rollout]:
    """Rollouts in these states, or all, the newest first."""
    wanted = select(RolloutRow).order_by(RolloutRow.id.desc())
    if states is not None:
        wanted = wanted.where(RolloutRow.state.in_([str(it) for it in states]))
    found = session.scalars(wanted.execution_options(populate_existing=True))
    return _rollouts(session, list(found))


def moved(session: Session, before: Rollout, after: Rollout, move: Moved) -> Rollout:
    """Keep a move; returns the rollout as it is now. A click that was kept already changes nothing.

    Raises Outdated unless the rollout still is what it was before: of many who click at once, one
    moves it.
    """
    if clicked(session, move.click):
        found = find(session, before.id)
        assert found
        return found
    version = before.version + 1
    here = (RolloutRow.id == before.id) & (RolloutRow.version == before.version)
    told = {**_told(after), "version": version}
    change = update(RolloutRow).where(here).values(told).returning(RolloutRow.id)
    if session.execute(change).first() is None:
        raise Outdated(f"{before.title} has moved on.")
    _keep_phases(session, before.id, after)
    fields = {name: getattr(move, name) for name in Moved.__dataclass_fields__}
    session.add(
        MoveRow(**fields | {"rollout": before.id, "version": version, "move": str(move.move)})
    )
    session.flush()
    return replace(after, version=version)


def clicked(session: Session, click: str) -> bool:
    """Whether this click has moved something already."""
    return session.scalar(select(MoveRow.version).where(MoveRow.click == click)) is not None


def assessed(session: Session, rollout: Rollout) -> None:
    """Keep where its phases stand, as a sweep found them; only under lock()."""
    _keep_phases(session, rollout.id, rollout)


def moves(session: Session, id: int) -> list[Moved]:
    """All moves of a rollout, the first one first."""
    wanted = select(MoveRow).where(MoveRow.rollout == id).order_by(MoveRow.version)
    return [
        Moved(**{n: getattr(it, n) for n in Moved.__dataclass_fields__} | {"move": Move(it.move)})
        for it in session.scalars(wanted)
    ]


def _told(it: Rollout) -> dict[str, object]:
    return {
        **{name: getattr(it, name) for name in _PLAIN},
        "state": str(it.state),
        "units": json.dumps(list(it.units)),
        "deployments": json.dumps(list(it.deployments)),
        "paired": json.dumps([list(pair) for pair in it.paired]),
        "closed_days": json.dumps(sorted(day.isoformat() for day in it.closed_days)),
        "safeguards": json.dumps(templates.safeguards_told(it.safeguards), ensure_ascii=False),
    }


def _keep_phases(session: Session, id: int, rollout: Rollout) -> None:
    told = [
        {
            "rollout": id,
            "number": number,
            "body": templates.phase_text(it),
            "stage": str(it.stage),
            "reached": it.cohort.reached,
            **{name: getattr(it, name) for name in _OF_PHASE},
        }
        for number, it in enumerate(rollout.phases)
    ]
    rows.upsert(session, PhaseRow, ["rollout", "number"], told)


def _rollouts(session: Session, found: list[RolloutRow]) -> list[Rollout]:
    wanted = select(PhaseRow).where(PhaseRow.rollout.in_([it.id for it in found]))
    wanted = wanted.order_by(PhaseRow.rollout, PhaseRow.number)
    of: dict[int, list[Phase]] = {}
    for row in session.scalars(wanted.execution_options(populate_existing=True)):
        of.setdefault(row.rollout, []).append(_phase(row))
    return [
        Rollout(
            **{name: getattr(it, name) for name in _PLAIN},
            id=it.id,
            state=State(it.state),
            units=tuple(json.loads(it.units)),
            deployments=tuple(json.loads(it.deployments)),
            paired=tuple((str(a), str(b)) for a, b in json.loads(it.paired)),
            closed_days=frozenset(map(date.fromisoformat, json.loads(it.closed_days))),
            safeguards=templates.safeguards_of(json.loads(it.safeguards)),
            phases=tuple(of.get(it.id, ())),
        )
        for it in found
    ]


def _phase(row: PhaseRow) -> Phase:
    it = templates.phase_of(row.body)
    return replace(
        it,
        stage=Stage(row.stage),
        cohort=replace(it.cohort, reached=row.reached),
        **{name: getattr(row, name) for name in _OF_PHASE},
    )

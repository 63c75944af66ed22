"""What the watcher does when a safeguard falls: the one thing that moves a rollout by itself, and
only to where people have to decide."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from domain import braking, gates, moving
from domain.braking import Action, Held
from domain.gates import Found
from domain.rollouts import Move, Rollout, State
from store import audit, falls, rollback_plans, rollouts, tasks
from store.engine import Session
from store.falls import Fall
from store.rollouts import Moved
from store.tasks import Task

USUAL = timedelta(hours=1)
"""How long to decide about a rollback where no way back says."""


def hold(session: Session, it: Rollout, found: Found, at: datetime, by: str) -> Rollout:
    """Act on what has fallen since, once for each fall; returns the rollout as it is then. Only
    under its lock."""
    acted = falls.acted(session, it.id)
    falls.over(session, it.id, braking.recovered(found.guards, acted), at)
    if it.state is not State.RUNNING:
        return it
    fallen = braking.falling(found.guards, acted)
    for one in fallen:
        action, words = one.safeguard.action, braking.words(one)
        falls.keep(session, Fall(it.id, one.safeguard.key, at, it.number or 0, str(action), words))
    prepared = [one for one in fallen if one.safeguard.action is Action.PREPARE]
    if prepared:
        it = _prepared(session, it, found, prepared, at, by)
    pausing = [one for one in fallen if one.safeguard.action is Action.PAUSE]
    return _paused(session, it, found, pausing, at, by) if pausing else it


def _prepared(
    session: Session, it: Rollout, found: Found, those: Sequence[Held], at: datetime, by: str
) -> Rollout:
    """Who sees to the way back is asked to take it, or to say why not."""
    number, why = it.number or 0, _why(those)
    way = rollback_plans.of(session, it.id).get(number)
    owner = way.owner if way else it.owner
    due = at + (timedelta(minutes=way.most_minutes) if way else USUAL)
    title = f"Rollback prepared: take the way back, or say why not. {why}"
    task = tasks.add(session, Task(it.id, number, title, owner, at, due))
    words = f"A safeguard asks for the way back. {why}"
    return _moved(session, it, it, found, Move.ADJUST, words, at, by, tasks=[task])


def _paused(
    session: Session, it: Rollout, found: Found, those: Sequence[Held], at: datetime, by: str
) -> Rollout:
    words = f"A safeguard has paused it. {_why(those)}"
    return _moved(session, it, moving.paused(it), found, Move.PAUSE, words, at, by)


def _moved(
    session: Session,
    before: Rollout,
    after: Rollout,
    found: Found,
    move: Move,
    words: str,
    at: datetime,
    by: str,
    **effects: object,
) -> Rollout:
    phase = f", {before.phase.title}: {before.phase.stage}" if before.phase else ""
    record = Moved(
        before.id, 0, move, before.number, f"{before.state}{phase}", f"{after.state}{phase}",
        gates.told(found), by, words, f"{by}:{move}:{before.id}:{at.isoformat()}", at,
        json.dumps(effects),
    )  # fmt: skip
    audit.add(session, at, by, f"rollout {before.id}: {words}"[:500], "done")
    return rollouts.moved(session, before, after, record)


def _why(those: Sequence[Held]) -> str:
    return " ".join(map(braking.words, those))

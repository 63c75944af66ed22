"""What the verbs about rollouts share: what a person saw, whether the rollout is theirs, and one
transaction in which the gate is read, judged, and kept with the move that it allows."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from actions.visit import Visit
from domain import gates, moving
from domain.faults import NotAllowed, Outdated, OutOfRange
from domain.gates import Found
from domain.rollouts import Move, Rollout
from store import gatehouse, rollouts, units
from store.engine import Session
from store.rollouts import Moved

LONGEST = 300
"""Characters of a title, a reason, a comment."""
Make = Callable[[Session, Rollout, Found], Rollout]
Effects = Callable[[Session, Rollout, Rollout], Mapping[str, Any]]


@dataclass(frozen=True)
class Shown:
    """What the person saw when they clicked."""

    version: int
    mark: str
    """Of the gate; domain.gates.Found.mark."""
    click: str
    """The same for the same click, however often it arrives."""


def nothing(_: Session, __: Rollout, ___: Rollout) -> Mapping[str, Any]:
    """What most moves set in motion."""
    return {}


def move(
    visit: Visit,
    session: Session,
    id: int,
    move: Move,
    shown: Shown,
    reason: str,
    make: Make,
    effects: Effects = nothing,
) -> None:
    """Move it once; raises Refused, and Outdated where the rollout is not what was shown."""
    before = visible(visit, session, id)
    if rollouts.clicked(session, shown.click):
        return
    if before.version != shown.version:
        raise Outdated(f"{before.title} has moved on.")
    require_words(reason)
    moving.require(before, move)
    found = gatehouse.found(session, before, visit.clock())
    after = make(session, before, found)
    told = json.dumps(dict(effects(session, before, after)), ensure_ascii=False)
    record = Moved(
        id, 0, move, before.number, stands(before), stands(after), gates.told(found),
        visit.person.key, reason.strip(), shown.click, visit.clock(), told,
    )  # fmt: skip
    rollouts.moved(session, before, after, record)


def visible(visit: Visit, session: Session, id: int) -> Rollout:
    """The rollout, locked; raises NotAllowed in the same words for what is not there and what is
    not theirs."""
    found, tree = rollouts.lock(session, id), units.tree(session)
    if found is None or not all(visit.person.sees(it, tree) for it in found.units):
        raise NotAllowed("This rollout is not among those you may move.")
    return found


def stands(it: Rollout) -> str:
    """Where it stands, as the timeline tells it."""
    return f"{it.state}, {it.phase.title}: {it.phase.stage}" if it.phase else str(it.state)


def require_words(words: str) -> None:
    """Raise OutOfRange for a text that cannot be kept."""
    if len(words) > LONGEST or not words.isprintable():
        raise OutOfRange(f"A text takes {LONGEST} printable characters.")


def require_reason(reason: str) -> None:
    """Raise OutOfRange where nobody says why."""
    if not reason.strip():
        raise OutOfRange("Say why.")

"""The watcher: reads the gates of all rollouts under way from what was collected, so that a gate
turns, a day counts and a stale approval is void without anybody looking."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import pandas as pd

from domain import baking, criteria, frames, moving, rebaking
from domain.braking import WATCHER
from domain.criteria import Criterion, Reading
from domain.gates import Found, told
from domain.rebaking import Restart
from domain.rollouts import Move, Rollout, Stage, State
from domain.tags import TagNames
from jobs import brakes, readers
from reads.known import Known
from store import audit, edits, filter_edits, flips, gatehouse, gates, rollouts, testimony
from store.engine import Session, Store
from store.flips import Flip
from store.rollouts import Moved

AUTOMATON = WATCHER
EVERY = timedelta(minutes=5)
"""How old a reading may be before the gate is read again, whatever people say meanwhile."""
GOING = (State.RUNNING, State.PAUSED)
KEPT, WHOLE = timedelta(days=90), timedelta(hours=6)
"""How long readings are kept at all, and how long each of them."""
HOUR = timedelta(hours=1)
_MANY = 5_000
"""Edits that are looked through."""


class Watcher:
    """Asks Azure nothing: it judges what the pages show."""

    def __init__(self, store: Store, clock: Callable[[], datetime], tags: TagNames) -> None:
        self.store, self.clock, self.tags = store, clock, tags
        self._tidied: datetime | None = None

    def run_once(self) -> None:
        now = self.clock()
        due = self._due(now)
        if not due:
            return
        known = Known(self.store, self.tags, now, due)
        anew = self._changed(known, due)
        for it in due:
            self._sweep(known, it, anew.get(it.id))
        self._tidy(now)

    def _due(self, now: datetime) -> list[Rollout]:
        """Those that were not read for a while, or that people have said something of since."""
        with self.store.reading() as session:
            going = rollouts.known(session, GOING)
            last = gates.last_read(session, now - EVERY) if going else {}
            said = testimony.newest(session) if going else {}
        return [it for it in going if _is_due(it, last, said.get(it.id), now)]

    def _changed(self, known: Known, due: Sequence[Rollout]) -> dict[int, Restart]:
        """What was changed in the middle of a phase, by rollout."""
        since = min((it.phase.baked_since for it in due if it.phase and it.phase.baked_since),
                    default=None)  # fmt: skip
        if since is None:
            return {}
        with self.store.reading() as session:
            own = edits.since(session, since, known.scopes, _MANY)
            of_policies = filter_edits.since(session, since, known.scopes, _MANY)
        if own.empty and of_policies.empty:
            return {}
        ours, theirs = frames.records(own), frames.records(of_policies)
        policies = {
            key: it["policy_resource"]
            for key, it in known.matrix.items()
            if not pd.isna(it["policy_resource"])
        }
        found = {it.id: rebaking.restart(it, ours, theirs, policies) for it in due}
        return {key: it for key, it in found.items() if it is not None}

    def _sweep(self, known: Known, seen: Rollout, anew: Restart | None) -> None:
        """One rollout, in one transaction; whoever has moved it meanwhile is read next time."""
        number, phase = seen.number, seen.phase
        if number is None or phase is None:
            return
        read = readers.read(known, seen)
        with self.store.begin() as session:
            it = rollouts.lock(session, seen.id)
            if it is None or it.version != seen.version or it.state not in GOING:
                return
            before = gates.newest(session, it.id, number)
            if any(one.at >= known.at for one in before.values()):
                return  # another replica was there first
            if anew is not None:
                it = self._begin_anew(session, it, anew, known.at)
            gates.drop(session, it.id, number, _superseded(seen.watched, before, read))
            gates.read(session, it.id, number, read)
            found = gatehouse.found(session, it, known.at)
            it = brakes.hold(session, it, found, known.at, AUTOMATON)
            if it.state is State.RUNNING:
                self._assess(session, it, number, found, known.at)

    def _assess(
        self, session: Session, it: Rollout, number: int, found: Found, at: datetime
    ) -> None:
        """Count the day, and keep where the phase stands now."""
        if found.fresh:
            gates.watched(session, it.id, number, baking.seen(at), at)
            found = gatehouse.found(session, it, at)
        after = moving.assessed(it, found.gate)
        stage, now = it.phases[number].stage, after.phases[number].stage
        if now is not Stage.ASKING:
            gates.void(session, it.id, number, at, _why(found))
        if now is not stage:
            rollouts.assessed(session, after)
            flips.keep(session, Flip(it.id, number, at, str(stage), str(now)))

    def _begin_anew(self, session: Session, it: Rollout, anew: Restart, at: datetime) -> Rollout:
        """The bake of the phase begins anew, and the timeline says why."""
        after, number = moving.rebaked(it, anew.at), it.number
        words = f"The bake begins anew, since {anew.words} was changed."
        gates.void(session, it.id, number or 0, at, words)
        stands = f"{it.state}, {it.phase.title}" if it.phase else str(it.state)
        record = Moved(
            it.id, 0, Move.ADJUST, number, stands, stands, told(gatehouse.found(session, it, at)),
            AUTOMATON, words, f"{AUTOMATON}:{it.id}:{anew.at.isoformat()}", at,
        )  # fmt: skip
        audit.add(session, at, AUTOMATON, f"rollout {it.id}: {words}"[:500], "done")
        return rollouts.moved(session, it, after, record)

    def _tidy(self, now: datetime) -> None:
        """Once an hour forget what nobody needs."""
        if self._tidied is not None and now - self._tidied < HOUR:
            return
        with self.store.begin() as session:
            gates.thin(session, now - WHOLE)
            gates.prune(session, now - KEPT)
            flips.prune(session, now - KEPT)
        self._tidied = now


def _is_due(
    it: Rollout, last: Mapping[tuple[int, int], datetime], said: datetime | None, now: datetime
) -> bool:
    if it.number is None:
        return False
    at = last.get((it.id, it.number))
    return at is None or now - at >= EVERY or (said is not None and said > at)


def _superseded(
    those: Sequence[Criterion], before: Mapping[str, Reading], read: Mapping[str, Reading]
) -> dict[str, datetime]:
    """Readings that say the same as the new one of the same hour: only one of them counts among
    those that pass in a row."""
    found = {}
    for it in those:
        old, new = before.get(it.key), read.get(it.key)
        if old is None or new is None or _hour(old.at) != _hour(new.at) or old.at == new.at:
            continue
        if criteria.judged(it, [old], old.at).verdict is criteria.judged(it, [new], new.at).verdict:
            found[it.key] = old.at
    return found


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _why(found: Found) -> str:
    """Why approvals are void, for whoever gave them."""
    missing = [it for it in found.missing if "approval" not in it]
    return f"The gate is another now: {'; '.join(missing) or 'it was read anew'}."

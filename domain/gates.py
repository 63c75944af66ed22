"""The gate of a phase: what was read, judged; what was watched, counted; who said yes, weighed.

Whoever moves a rollout moves it by the gate that they saw: its print is the same text as long as
nothing that matters has changed, and a move by another print is refused.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain import baking, braking, criteria, moving
from domain.braking import Held
from domain.criteria import Judged, Reading, Verdict
from domain.rollouts import Gate, Rollout


@dataclass(frozen=True)
class Yes:
    """A yes that still counts."""

    grant: str
    person: str


@dataclass(frozen=True)
class Found:
    """The gate of the phase under way, as it is now."""

    gate: Gate
    judged: tuple[Judged, ...]
    fresh: bool
    """Whether all that blocks was read from fresh data: only then a day counts."""
    missing: tuple[str, ...]
    """What speaks against advancing, in words."""
    mark: str
    """The same text for the same gate, whoever looks at it and when."""
    guards: tuple[Held, ...] = ()
    """The safeguards, which are no part of the gate."""


def found(
    rollout: Rollout,
    readings: Mapping[str, Sequence[Reading]],
    days: Collection[date],
    yes: Collection[Yes],
    drilled: bool,
    at: datetime,
) -> Found:
    """readings: by what is watched in the phase under way, oldest first; days: that were seen; yes:
    what was approved and is not void; drilled: whether its way back was tried in time."""
    phase = rollout.phase
    if phase is None:
        nothing = Gate(Verdict.INCONCLUSIVE, 0)
        return Found(nothing, (), False, tuple(moving.missing(rollout, nothing)), "")
    judged = tuple(criteria.judged(it, readings.get(it.key, ()), at) for it in phase.criteria)
    since = phase.baked_since.date() if phase.baked_since else None
    gate = Gate(
        criteria.gate(judged),
        baking.baked(days, since, rollout.closed_days),
        frozenset(it.grant for it in yes if it.person not in (rollout.proposer, rollout.owner)),
        drilled,
    )
    why = tuple(moving.missing(rollout, gate))
    guards = tuple(
        braking.held(it, readings.get(it.watched.key, ()), at) for it in rollout.safeguards
    )
    mark = _mark(rollout, gate, judged)
    return Found(gate, judged, criteria.fresh(judged, at), why, mark, guards)


def told(it: Found) -> str:
    """All that the gate knew, as text to keep with the move."""
    return json.dumps(
        {
            "verdict": it.gate.verdict,
            "baked": it.gate.baked,
            "approved": sorted(it.gate.approved),
            "drilled": it.gate.drilled,
            "missing": list(it.missing),
            "criteria": [_judged(each) for each in it.judged],
            "safeguards": [
                {**_judged(each.judged), "action": each.safeguard.action, "failed": each.failed}
                for each in it.guards
            ],
        },
        ensure_ascii=False,
    )


def _judged(it: Judged) -> dict[str, Any]:
    reading = it.reading
    return {
        "key": it.criterion.key,
        "title": it.criterion.title,
        "severity": it.criterion.severity,
        "verdict": it.verdict,
        "words": it.words,
        "value": None if reading is None else reading.value,
        "sample": 0 if reading is None else reading.sample,
        "data_at": reading.data_at.isoformat() if reading and reading.data_at else None,
    }


def _mark(rollout: Rollout, gate: Gate, judged: Sequence[Judged]) -> str:
    """Of verdicts, not of values: a figure that moves within its meaning moves nothing."""
    verdicts = [[it.criterion.key, it.verdict] for it in judged]
    told = [rollout.id, rollout.version, rollout.number, gate.baked, sorted(gate.approved)]
    text = json.dumps([*told, gate.drilled, verdicts])
    return hashlib.sha256(text.encode()).hexdigest()[:16]

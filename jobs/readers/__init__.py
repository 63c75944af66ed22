"""One small module for each kind of criterion: what it reads, from what was collected already."""

from collections.abc import Mapping
from typing import Protocol

from domain.criteria import Criterion, Kind, Reading
from domain.gauges import Unread
from domain.readings import DEPLOYMENTS, METRICS, MODELS, POLICIES, USAGES, Topic
from domain.rollouts import Rollout
from jobs.readers import (
    budget,
    capacity,
    checklist,
    evaluation,
    feedback,
    manual,
    metric,
    moderation,
    retirement,
)
from reads.known import Known


class Reader(Protocol):
    """What every module of this folder offers; raises Unread."""

    def read(self, known: Known, rollout: Rollout, criterion: Criterion) -> Reading: ...


READERS: Mapping[Kind, Reader] = {
    Kind.METRIC: metric,
    Kind.EVALUATION: evaluation,
    Kind.FEEDBACK: feedback,
    Kind.CHECKLIST: checklist,
    Kind.BUDGET: budget,
    Kind.CAPACITY: capacity,
    Kind.FILTER: moderation,
    Kind.RETIREMENT: retirement,
    Kind.MANUAL: manual,
}


NEEDS: Mapping[Kind, tuple[Topic, ...]] = {
    Kind.METRIC: (DEPLOYMENTS, METRICS),
    Kind.CAPACITY: (DEPLOYMENTS, METRICS, USAGES),
    Kind.CHECKLIST: (DEPLOYMENTS, MODELS, USAGES, POLICIES),
    Kind.FILTER: (DEPLOYMENTS, POLICIES),
    Kind.RETIREMENT: (DEPLOYMENTS, MODELS),
}
"""What has to be collected once before it can be said that something is missing."""


def read(known: Known, rollout: Rollout) -> dict[str, Reading]:
    """By what is watched in the phase under way; what cannot be read says why. Of what was never
    collected yet there is no reading: the one before stays, and grows old."""
    return {it.key: _read(known, rollout, it) for it in rollout.watched if _begun(known, it.kind)}


def _begun(known: Known, kind: Kind) -> bool:
    return bool(known.heads) if kind is Kind.BUDGET else known.has(NEEDS.get(kind, ()))


def _read(known: Known, rollout: Rollout, criterion: Criterion) -> Reading:
    try:
        return READERS[criterion.kind].read(known, rollout, criterion)
    except Unread as unread:
        return Reading(known.at, None, said=unread.words)

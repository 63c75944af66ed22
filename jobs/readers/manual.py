"""What only people can vouch for."""

from domain.criteria import Criterion, Reading
from domain.readiness import Says
from domain.rollouts import Rollout
from reads.known import Known


def read(known: Known, rollout: Rollout, criterion: Criterion) -> Reading:
    """1 where somebody says with evidence that it is so, 0 where it is not, or no longer."""
    it = known.answers.get(rollout.id, {}).get(criterion.reads)
    if it is None:
        return Reading(known.at, None)
    holds = it.expires_at is not None and it.expires_at > known.at and bool(it.evidence.strip())
    return Reading(known.at, float(it.status == Says.MET and holds), 1, it.at)

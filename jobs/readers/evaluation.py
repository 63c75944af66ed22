"""What evaluations found."""

from domain import gauges
from domain.criteria import Criterion, Reading
from domain.rollouts import Rollout
from reads.known import Known


def read(known: Known, rollout: Rollout, criterion: Criterion) -> Reading:
    told = known.evaluations.get(rollout.id, [])
    return gauges.evaluated(told, rollout.deployments, criterion, known.at)

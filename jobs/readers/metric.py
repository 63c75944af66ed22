"""Traffic and what filters blocked of it."""

from domain import gauges
from domain.criteria import Criterion, Reading
from domain.rollouts import Rollout
from reads.known import Known

BLOCKED = "blocked_share"


def read(known: Known, rollout: Rollout, criterion: Criterion) -> Reading:
    rows = known.deployments(rollout, criterion.window_days)
    if criterion.reads == BLOCKED:
        return gauges.blocked(known.harms(rollout, criterion.window_days), known.at, known.harms_at)
    return gauges.traffic(criterion.reads, rows, known.at)

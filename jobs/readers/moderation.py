"""Whether content filters are at their baseline."""

from domain import gauges
from domain.criteria import Criterion, Reading
from domain.gauges import Unread
from domain.rollouts import Rollout
from domain.ways_back import called
from reads.known import Known

LOOSER = "looser"


def read(known: Known, rollout: Rollout, criterion: Criterion) -> Reading:
    if criterion.reads != LOOSER:
        raise Unread(f"There is no figure of filters called {criterion.reads}.")
    for it in rollout.deployments:
        if it not in known.matrix:
            raise Unread(f"The filters of {called(it)} were not collected.")
    rows = [known.matrix[it] for it in rollout.deployments]
    return gauges.looser(rows, known.modes, known.at, known.filters.at)

"""Whether the next cohort fits the quota."""

from domain import gauges
from domain.criteria import Criterion, Reading
from domain.gauges import Unread
from domain.rollouts import Rollout
from reads.known import Known

HEADROOM = "headroom_after_next"


def read(known: Known, rollout: Rollout, criterion: Criterion) -> Reading:
    if criterion.reads != HEADROOM:
        raise Unread(f"There is no figure of capacity called {criterion.reads}.")
    growth = gauges.growth(rollout)
    return gauges.headroom(known.holders(rollout), known.quota[1], growth, known.at)

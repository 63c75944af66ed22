"""How long the models stay."""

from domain import gauges
from domain.criteria import Criterion, Reading
from domain.gauges import Unread
from domain.rollouts import Rollout
from reads.known import Known

DAYS_LEFT = "days_left"


def read(known: Known, rollout: Rollout, criterion: Criterion) -> Reading:
    if criterion.reads != DAYS_LEFT:
        raise Unread(f"There is no figure of retirement called {criterion.reads}.")
    return gauges.days_left(known.deployments(rollout, 7), known.at)

"""What people of the cohort say."""

from domain import gauges
from domain.criteria import Criterion, Reading
from domain.feedback import Sums
from domain.rollouts import Rollout
from reads.known import Known


def read(known: Known, rollout: Rollout, criterion: Criterion) -> Reading:
    sums = known.feedback.get((rollout.id, rollout.number or 0), Sums())
    return gauges.said(criterion.reads, sums, known.at)

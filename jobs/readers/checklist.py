"""Whether what has to be ready is."""

from domain import readiness
from domain.criteria import Criterion, Reading
from domain.gauges import Unread
from domain.rollouts import Rollout
from reads.known import Known
from reads.readiness import standings


def read(known: Known, rollout: Rollout, criterion: Criterion) -> Reading:
    if criterion.reads != "open_items":
        raise Unread(f"There is no figure of checklists called {criterion.reads}.")
    lists = rollout.phase.checklist if rollout.phase else ()
    many, asked, data_at = readiness.open_items(standings(known, rollout), lists, known.at)
    return Reading(known.at, float(many) if asked else None, asked, data_at)

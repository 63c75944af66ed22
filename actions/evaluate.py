"""Evaluate: record what an evaluation found, so that gates can rely on it."""

from datetime import datetime

from actions import rolling
from actions.visit import Visit
from domain import evaluation_entries, sheets
from domain.evaluation_entries import Usual
from domain.evaluations import Evaluation, checked, key
from domain.faults import OutOfRange
from domain.roles import Permission
from domain.rollouts import ENDS, Rollout
from store import evaluations


def record(
    visit: Visit,
    id: int,
    *,
    deployment: str,
    dataset: str,
    metric: str,
    value: float,
    pairs: int,
    ran_at: datetime,
    threshold: float | None = None,
    link: str = "",
) -> int:
    """Keep one metric over one data set; returns its number. Raises Refused. deployment: of the
    rollout, or "" for the solution as a whole."""
    with visit.attempt(Permission.TESTIFY, f"record an evaluation of rollout {id}") as session:
        it = rolling.visible(visit, session, id)
        _require_open(it)
        told = Evaluation(
            id, deployment, dataset, metric, value, threshold, pairs, link, ran_at,
            visit.person.key, visit.clock(),
        )  # fmt: skip
        before = set(map(key, evaluations.of(session, [id])))
        return evaluations.add(session, checked(told, it, before))


def record_many(
    visit: Visit,
    id: int,
    text: str,
    *,
    dataset: str = "",
    ran_at: datetime | None = None,
    good_only: bool = False,
) -> int:
    """Keep every result of a JSON, or none where one is wrong; good_only: leave the wrong ones
    out. Returns how many. Raises Refused, with what is wrong one by one. dataset, ran_at: of those
    that do not name their own."""
    with visit.attempt(Permission.TESTIFY, f"import evaluations of rollout {id}") as session:
        it = rolling.visible(visit, session, id)
        _require_open(it)
        usual = Usual(visit.person.key, visit.clock(), dataset, ran_at)
        read = evaluation_entries.read(text, it, evaluations.of(session, [id]), usual)
        if read.wrong and not (good_only and read.good):
            raise sheets.refusal(read.wrong)
        return len([evaluations.add(session, one) for one in read.good])


def _require_open(it: Rollout) -> None:
    if it.state in ENDS:
        raise OutOfRange(f"{it.title} is {it.state}.")

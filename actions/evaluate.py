"""Evaluate: record what an evaluation found, so that gates can rely on it."""

from datetime import datetime

from actions import rolling
from actions.visit import Visit
from domain.evaluations import Evaluation
from domain.faults import OutOfRange
from domain.roles import Permission
from domain.rollouts import ENDS
from store import evaluations

MOST = 1_000_000


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
        if it.state in ENDS:
            raise OutOfRange(f"{it.title} is {it.state}.")
        if deployment and deployment not in it.deployments:
            raise OutOfRange("Choose a deployment of this rollout.")
        for text in (dataset, metric):
            if not text.strip():
                raise OutOfRange("An evaluation has a data set and a metric.")
        for text in (dataset, metric, link):
            rolling.require_words(text)
        for number in (value, threshold or 0.0):
            if not abs(number) <= MOST:
                raise OutOfRange("A result is a number.")
        if not 0 < pairs <= MOST:
            raise OutOfRange("Say over how many pairs of question and answer it ran.")
        if ran_at > visit.clock():
            raise OutOfRange("It ran in the future.")
        told = Evaluation(
            id, deployment, dataset.strip(), metric.strip(), value, threshold, pairs,
            link.strip(), ran_at, visit.person.key, visit.clock(),
        )  # fmt: skip
        return evaluations.add(session, told)

"""Results of evaluations, as they were entered or pasted: what a gate may rely on, and why.

The newest of each metric and deployment counts, over enough pairs of question and answer, against
the threshold of the gate: what whoever ran it wanted is told beside it. Source: docs of the rollout
model, 4.4.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain import criteria
from domain.criteria import LEAST_PAIRS, Criterion, Kind, Reading, Verdict, figure
from domain.faults import OutOfRange
from domain.frames import REAL, TEXT, TIME, WHOLE, Columns
from domain.rollouts import Phase, Rollout

MOST, LONGEST = 1_000_000, 300
"""Of a figure, and of the characters of a text."""
Key = tuple[object, ...]
TREND = 3
"""Results of the same thing from which on there is a course."""
EVALUATIONS: Columns = {
    "metric": TEXT,
    "of": TEXT,  # the deployment, in words
    "result": REAL,
    "pairs": WHOLE,
    "threshold": REAL,  # of whoever ran it
    "counts": TEXT,  # yes, or that a newer one does
    "means": TEXT,  # the verdict of the gate that reads it, in words
    "dataset": TEXT,
    "ran_at": TIME,
    "link": TEXT,
    "who": TEXT,  # who recorded it
    "at": TIME,
}


@dataclass(frozen=True)
class Evaluation:
    """One metric over one data set."""

    rollout: int
    deployment: str
    """Resource id; "" for the solution as a whole."""
    dataset: str
    metric: str
    value: float
    threshold: float | None
    """What whoever ran it wanted; a gate has its own."""
    pairs: int
    """Questions with a golden answer."""
    link: str
    ran_at: datetime
    said_by: str
    at: datetime
    id: int = 0


@dataclass(frozen=True)
class Measured:
    """All that is known of one metric."""

    metric: str
    counting: tuple[Evaluation, ...]
    """The newest of the solution and of each deployment; a gate takes the worst."""
    older: tuple[Evaluation, ...]
    """The newest first."""

    def course(self, deployment: str) -> list[Evaluation]:
        """The oldest first; nothing where they are too few to be one."""
        those = [it for it in (*self.counting, *self.older) if it.deployment == deployment]
        return those[::-1] if len(those) >= TREND else []


def metric(text: str) -> str:
    """A metric as gates name it: Answer Relevance is answer_relevance."""
    return "_".join(text.casefold().split())


def newest(those: Iterable[Evaluation]) -> list[Evaluation]:
    """Of each metric and deployment the one that counts. those: the newest first."""
    found: dict[tuple[str, str], Evaluation] = {}
    for it in those:
        found.setdefault((it.metric, it.deployment), it)
    return list(found.values())


def measured(those: Sequence[Evaluation]) -> list[Measured]:
    """By metric. those: the newest first."""
    counting = newest(those)
    count = {it.id for it in counting}
    older = [it for it in those if it.id not in count]
    return [
        Measured(
            name,
            tuple(it for it in counting if it.metric == name),
            tuple(it for it in older if it.metric == name),
        )
        for name in sorted({it.metric for it in counting})
    ]


def read_by(rollout: Rollout, name: str) -> tuple[Phase, Criterion] | None:
    """The criterion that reads a metric: of the phase under way, else of the next one that has
    one, else of the last."""
    at = rollout.number or 0
    for phase in (*rollout.phases[at:], *rollout.phases[:at][::-1]):
        for it in phase.criteria:
            if it.kind is Kind.EVALUATION and metric(it.reads) == name:
                return phase, it
    return None


def means(it: Evaluation, rollout: Rollout, now: datetime) -> tuple[Verdict | None, str]:
    """What a gate makes of it, and why; no verdict where none reads it."""
    read = read_by(rollout, it.metric)
    least = max(LEAST_PAIRS, read[1].least_sample if read else 0)
    if it.pairs < least:
        words = f"{it.pairs:,} pairs of question and answer, at least {least:,} are needed."
        return Verdict.INCONCLUSIVE, f"Inconclusive: {words}"
    if read is None:
        return None, "No gate of this rollout reads it."
    once = replace(read[1], passes=1)
    judged = criteria.judged(once, [Reading(now, it.value, it.pairs, it.ran_at)], now)
    return judged.verdict, f"Gate of {read[0].title}: {judged.words}"


def remarks(it: Evaluation, rollout: Rollout) -> list[str]:
    """What is to be known before it is relied on."""
    said, read, phase = [], read_by(rollout, it.metric), rollout.phase
    if it.threshold is not None and read and it.threshold != read[1].threshold:
        wanted = f"{read[1].compares} {figure(read[1].threshold)}"
        said.append(
            f"Whoever ran it wanted {figure(it.threshold)}; "
            f"the gate of {read[0].title} wants {wanted}, and that is what is compared."
        )
    if phase is not None and phase.started_at is not None and it.ran_at < phase.started_at:
        said.append(f"It ran before {phase.title} began.")
    return said


def checked(it: Evaluation, rollout: Rollout, before: Container[Key]) -> Evaluation:
    """The same as it is kept; raises OutOfRange where it cannot be. before: keys of what is kept of
    the rollout already."""
    if it.deployment and it.deployment not in rollout.deployments:
        raise OutOfRange("Choose a deployment of this rollout.")
    if not it.dataset.strip() or not it.metric.strip():
        raise OutOfRange("An evaluation has a data set and a metric.")
    for text in (it.dataset, it.metric, it.link):
        if len(text) > LONGEST or not text.isprintable():
            raise OutOfRange(f"A text takes {LONGEST} printable characters.")
    for number in (it.value, it.threshold or 0.0):
        if not abs(number) <= MOST:
            raise OutOfRange("A result is a number, and so is a threshold.")
    if not 0 < it.pairs <= MOST:
        raise OutOfRange("Say over how many pairs of question and answer it ran.")
    if it.ran_at > it.at:
        raise OutOfRange("It ran in the future.")
    it = replace(it, dataset=it.dataset.strip(), metric=metric(it.metric), link=it.link.strip())
    if key(it) in before:
        raise OutOfRange("This is recorded already.")
    return it


def key(it: Evaluation) -> Key:
    """The same for the same result of the same run; another result of it is a correction."""
    return (it.deployment, it.dataset, it.metric, it.value, it.threshold, it.pairs, it.link,
            it.ran_at)  # fmt: skip

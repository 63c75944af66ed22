"""Feedback: enter what people said of a phase, deal with it, count who answered."""

import re
from dataclasses import replace
from datetime import date

from actions import rolling
from actions.visit import Visit
from domain.faults import NotAllowed, OutOfRange
from domain.feedback import OPEN, Feedback, Severity, Status
from domain.roles import Permission
from domain.rollouts import ENDS, Rollout, Stage
from store import feedback as kept

PERSONAL = (
    (re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"), "an e-mail address"),
    (re.compile(r"(?<!\w)(?:\+\d|0\d)[\d ()/-]{5,}\d"), "a telephone number"),
)
"""What nobody needs to know to mend something."""


def add(
    visit: Visit, id: int, phase: int, *, theme: str, severity: str, words: str, said_on: date
) -> int:
    """Keep one thing that was said; returns its number. Raises Refused. phase: from 0."""
    with visit.attempt(Permission.TESTIFY, f"enter feedback on rollout {id}") as session:
        _require_begun(rolling.visible(visit, session, id), phase)
        for text in (theme, words):
            if not text.strip():
                raise OutOfRange("Feedback has a theme and says something.")
            rolling.require_words(text)
            _require_nobody(text)
        if severity not in set(Severity):
            raise OutOfRange(f"{severity!r} is none of {', '.join(Severity)}.")
        if said_on > visit.clock().date():
            raise OutOfRange("It was said in the future.")
        told = Feedback(
            id, phase, theme.strip(), Severity(severity), words.strip(), said_on,
            visit.person.key, visit.clock(),
        )  # fmt: skip
        return kept.add(session, [told])[0]


def settle(visit: Visit, id: int, status: str, *, change: str = "") -> None:
    """Accept it, decline it, or close it by the change that answers it. Raises Refused. id: of the
    feedback."""
    with visit.attempt(Permission.TESTIFY, f"deal with feedback {id}") as session:
        before = kept.find(session, id)
        if before is None:
            raise NotAllowed("This feedback is not among those you may deal with.")
        rolling.visible(visit, session, before.rollout)
        if before.status not in OPEN:
            raise OutOfRange(f"It is {before.status} already.")
        if status not in set(Status) - {Status.NEW, before.status}:
            raise OutOfRange("Accept it, close it or decline it.")
        rolling.require_words(change)
        _require_nobody(change)
        if status == Status.CLOSED and not change.strip():
            raise OutOfRange("Say which change answers it.")
        at = None if status == Status.ACCEPTED else visit.clock()
        after = replace(before, status=Status(status), change=change.strip(), closed_at=at)
        kept.settle(session, before, after)


def count(visit: Visit, id: int, phase: int, *, asked: int, answered: int) -> None:
    """Keep how many people were asked and have answered so far. Raises Refused. phase: from 0."""
    with visit.attempt(Permission.TESTIFY, f"count answers of rollout {id}") as session:
        it = rolling.visible(visit, session, id)
        _require_begun(it, phase)
        if asked < 1 or not 0 <= answered <= asked:
            raise OutOfRange("Of those who were asked, as many or fewer have answered.")
        reached = it.phases[phase].cohort.reached
        if reached is not None and asked > reached:
            raise OutOfRange(f"{asked:,} were asked, but {reached:,} are reached.")
        kept.count(session, id, phase, asked, answered, visit.person.key, visit.clock())


def _require_begun(it: Rollout, phase: int) -> None:
    if it.state in ENDS:
        raise OutOfRange(f"{it.title} is {it.state}.")
    if not 0 <= phase < len(it.phases):
        raise OutOfRange("There is no such phase.")
    if it.phases[phase].stage is Stage.WAITING:
        raise OutOfRange(f"{it.phases[phase].title} has not begun.")


def _require_nobody(text: str) -> None:
    """Raise OutOfRange where a text says who somebody is."""
    for pattern, what in PERSONAL:
        if pattern.search(text):
            raise OutOfRange(f"Leave out {what}: who said it is not kept.")

"""Feedback: enter what people said of a phase, deal with it, count who answered."""

from dataclasses import replace
from datetime import date

from actions import rolling
from actions.visit import Visit
from domain import feedback, feedback_lines, personal, sheets
from domain.faults import NotAllowed, OutOfRange
from domain.feedback import OPEN, Feedback, Status
from domain.personal import Known
from domain.roles import Permission
from domain.rollouts import ENDS, Rollout, Stage
from store import feedback as kept
from store import people
from store.engine import Session


def add(
    visit: Visit, id: int, phase: int, *, theme: str, severity: str, words: str, said_on: date
) -> int:
    """Keep one thing that was said; returns its number. Raises Refused. phase: from 0."""
    with visit.attempt(Permission.TESTIFY, f"enter feedback on rollout {id}") as session:
        _require_begun(rolling.visible(visit, session, id), phase)
        feedback.checked(theme, words, said_on, visit.clock().date(), _known(session))
        level = feedback.severity(severity)
        told = Feedback(
            id, phase, theme.strip(), level, words.strip(), said_on,
            visit.person.key, visit.clock(),
        )  # fmt: skip
        return kept.add(session, [told])[0]


def add_many(visit: Visit, id: int, phase: int, text: str, *, good_only: bool = False) -> int:
    """Keep every row of a CSV of a survey, or none where one is wrong; good_only: leave the wrong
    ones out. Returns how many. Raises Refused, with what is wrong row by row. phase: from 0."""
    with visit.attempt(Permission.TESTIFY, f"import feedback on rollout {id}") as session:
        _require_begun(rolling.visible(visit, session, id), phase)
        by, at = visit.person.key, visit.clock()
        before = kept.of(session, id)
        read = feedback_lines.read(text, phase, before, at.date(), _known(session))
        if read.wrong and not (good_only and read.good):
            raise sheets.refusal(read.wrong)
        told = [
            Feedback(id, phase, it.theme, it.severity, it.words, it.said_on, by, at)
            for it in read.good
        ]
        return len(kept.add(session, told))


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
        known = _known(session)
        feedback.require_text(change, known)
        told = feedback.change(change, known) if status == Status.CLOSED else change.strip()
        at = None if status == Status.ACCEPTED else visit.clock()
        after = replace(before, status=Status(status), change=told, closed_at=at)
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


def _known(session: Session) -> Known:
    """Whose names are looked for: everybody whom the console knows, owners and sponsors too."""
    return personal.known(it.name for it in people.everyone(session))

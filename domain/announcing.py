"""Which of what waits for somebody is worth a message: what others hold up, and what is about to
cost something. Everything else is on the first page of whoever looks."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.exemptions import Exemption, State
from domain.notices import Kind, Notice, plain
from domain.pending import Asking, Braked, Ending, Facts, Of, Task, Turned, Unanswered, Waiver
from domain.rollouts import Stage

AHEAD = timedelta(days=7)
"""How long before its end people hear of evidence and exemptions."""
ROLLOUT, FILTERS, READINESS = "rollout", "filters", "&tab=Readiness"
"""Pages, by name, on which something can be done about it."""


def announced(facts: Facts, now: datetime) -> Iterator[Notice]:
    """All that there is to tell now."""
    for asking in facts.asking:
        yield from _asking(asking)
    for turned in facts.turned:
        if turned.after == Stage.ACTIVE:
            yield _turned(turned)
    for braked in facts.braked:
        yield _braked(braked)
    for task in facts.tasks:
        yield _task(task, now)
    for feedback in facts.feedback:
        if feedback.severe:
            yield _feedback(feedback)
    for ending in facts.ending:
        if ending.expires_at <= now + AHEAD:
            yield _ending(ending, now)
    for waiver in facts.waivers:
        yield _waiver(waiver)
    for exemption in facts.exemptions:
        yield from _exemption(exemption, now)
    for it in facts.baselines:
        if it.ends is None or it.ends > now:
            words = (
                f"{plain(it.title)}, version {it.version}, demands less than the one before, "
                "which holds until somebody approves it."
            )
            key = f"baseline:{it.key}:{it.version}"
            yield Notice(key, Kind.FILTER, "A baseline waits for approval", words, FILTERS)


def _asking(it: Asking) -> Iterator[Notice]:
    if it.lacking:
        words = (
            f"{plain(it.phase)}: everything else of its gate is there; what is missing is the "
            f"{' and the '.join(it.lacking)} approval."
        )
        title = f"{plain(it.of.title)} waits for approval"
        yield _about(
            f"gate:{it.of.id}:{it.phase}:{_moment(it.since)}", Kind.GATE, title, words, it.of
        )


def _turned(it: Turned) -> Notice:
    words = (
        f"{plain(it.phase)} was {it.before} until {it.at:%Y-%m-%d %H:%M} UTC. A criterion that "
        "blocks no longer passes, and what was approved counts no longer."
    )
    title = f"The gate of {plain(it.of.title)} has turned"
    return _about(f"turned:{it.of.id}:{it.phase}:{_moment(it.at)}", Kind.GATE, title, words, it.of)


def _braked(it: Braked) -> Notice:
    words = f"{plain(it.words)} It waits for somebody to resume it, or to end it."
    title = f"{plain(it.of.title)} is paused by a safeguard"
    return _about(f"braked:{it.of.id}:{_moment(it.at)}", Kind.GATE, title, words, it.of)


def _task(it: Task, now: datetime) -> Notice:
    late = it.due_at <= now
    words = (
        f"{plain(it.title)}. It {'was' if late else 'is'} due by {it.due_at:%Y-%m-%d %H:%M} UTC."
    )
    title = f"A task of {plain(it.of.title)} {'is late' if late else 'waits'}"
    return _about(f"task:{it.id}:{'late' if late else 'new'}", Kind.TASK, title, words, it.of)


def _feedback(it: Unanswered) -> Notice:
    words = f"{it.severe:,} of {it.many:,} without an answer; the oldest of {it.since:%Y-%m-%d}."
    title = f"Severe feedback about {plain(it.of.title)}"
    key = f"feedback:{it.of.id}:{it.severe}:{it.since:%Y-%m-%d}"
    return _about(key, Kind.FEEDBACK, title, words, it.of)


def _ending(it: Ending, now: datetime) -> Notice:
    what = "waiver" if it.waived else "evidence"
    over = it.expires_at <= now
    words = (
        f"The {what} for {plain(it.item)} {'ended' if over else 'ends'} on "
        f"{it.expires_at:%Y-%m-%d}; {'since' if over else 'from'} then the item is open again."
    )
    key = f"ending:{it.of.id}:{it.item}:{it.expires_at:%Y-%m-%d}:{'over' if over else 'soon'}"
    title = f"{what.capitalize()} of {plain(it.of.title)} {'has ended' if over else 'ends soon'}"
    return _about(key, Kind.EVIDENCE, title, words, it.of, READINESS)


def _waiver(it: Waiver) -> Notice:
    words = f"{plain(it.item)} is to be waived; until somebody else approves that, it is open."
    title = f"A waiver of {plain(it.of.title)} waits for approval"
    return _about(f"waiver:{it.of.id}:{it.item}", Kind.EVIDENCE, title, words, it.of, READINESS)


def _exemption(it: Exemption, now: datetime) -> Iterator[Notice]:
    state, day = it.state(now), f"{it.review_by:%Y-%m-%d}"
    if state is State.PROPOSED:
        words = f"{plain(it.what)}: {plain(it.justification)}. It excuses nothing until then."
        title = f"Exemption {it.id} waits for approval"
        yield Notice(f"exemption:{it.id}:asked", Kind.FILTER, title, words, FILTERS)
    elif state is State.OVERDUE:
        words = f"{plain(it.what)} was to be reviewed by {day}. It excuses nothing any more."
        title = f"Exemption {it.id} is overdue for review"
        yield Notice(f"exemption:{it.id}:over:{day}", Kind.FILTER, title, words, FILTERS)
    elif state is State.IN_FORCE and it.review_by <= now + AHEAD:
        words = f"{plain(it.what)} is to be reviewed by {day}; from then on it excuses nothing."
        title = f"Exemption {it.id} is due for review"
        yield Notice(f"exemption:{it.id}:soon:{day}", Kind.FILTER, title, words, FILTERS)


def _about(key: str, kind: Kind, title: str, words: str, of: Of, tab: str = "") -> Notice:
    return Notice(key, kind, title, words, f"{ROLLOUT}?rollout={of.id}{tab}")


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%dT%H:%M}" if at else ""

"""What waits for a person today: what only they, or people like them, can move on.

One list for every role, the worst first, each with the page on which something can be done about
it, narrowed to what the person may do and see. Source: docs of source rows, S5-33.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain import months
from domain.exemptions import Exemption, State
from domain.findings import SEVERITIES
from domain.pending import Facts, Of, Turned
from domain.roles import FILTERS, Grant, Permission, Person, may_approve
from domain.rollouts import Stage
from domain.templates import GRANTS
from domain.units import Tree

CRITICAL, WARNING, NOTICE = SEVERITIES
SOON, NEAR = timedelta(days=14), timedelta(days=3)
"""How long before its end evidence or an exemption is told of, and when it is told louder."""
EXCUSERS = frozenset({Grant.TECHNICAL, Grant.SECURITY})
"""Who may agree that an item of readiness is waived."""
LOOKED_THROUGH = (
    "approvals that wait for you",
    "changes that need a person",
    "gates that turned",
    "safeguards that fell",
    "tasks with a deadline",
    "feedback without an answer",
    "evidence, waivers and exemptions that end",
    "months to close",
)
"""What an empty list has been through."""


@dataclass(frozen=True)
class Matter:
    """One thing that waits for somebody."""

    key: str
    kind: str
    severity: str
    title: str
    words: str
    page: str
    """Its name in the menu."""
    query: tuple[tuple[str, str], ...] = ()
    due: datetime | None = None


def waiting(facts: Facts, person: Person, tree: Tree, now: datetime) -> list[Matter]:
    """What waits for this person, the worst first."""
    return ordered(
        [
            *_asking(facts, person, tree),
            *_turned(facts, person, tree),
            *_braked(facts, person, tree),
            *_tasks(facts, person, tree, now),
            *_feedback(facts, person, tree),
            *_ending(facts, person, tree, now),
            *_waivers(facts, person, tree),
            *_exemptions(facts, person, tree, now),
            *_baselines(facts, person, now),
            *_months(facts, person),
            *_steps(facts, person),
        ]
    )


def parked(plan: int, title: str, said: str) -> Matter:
    """A change that has stopped halfway until somebody decides."""
    return Matter(
        f"parked:{plan}", "change", CRITICAL, f"Change {plan} needs a person: {title}", said,
        "plan", (("plan", str(plan)),),
    )  # fmt: skip


def proposed(plan: int, title: str, why: str) -> Matter:
    """A change that waits for a yes or no that this person may give."""
    words = f"{why}." if why else "Somebody else has proposed it."
    return Matter(
        f"proposed:{plan}", "approval", WARNING, f"Change {plan} waits for your approval: {title}",
        words, "plan", (("plan", str(plan)),),
    )  # fmt: skip


def ordered(those: Iterable[Matter]) -> list[Matter]:
    """The worst first; of the same, what is due sooner."""

    def rank(it: Matter) -> tuple[int, bool, float, str]:
        due = it.due.timestamp() if it.due else 0.0
        return SEVERITIES.index(it.severity), it.due is None, due, it.key

    return sorted(those, key=rank)


def _sees(person: Person, tree: Tree, of: Of) -> bool:
    return all(person.sees(it, tree) for it in of.units)


def _asking(facts: Facts, person: Person, tree: Tree) -> Iterator[Matter]:
    for it in facts.asking:
        own = person.key in (it.of.owner, it.of.proposer)
        if own or not (person.may(Permission.APPROVE) and _sees(person, tree, it.of)):
            continue
        for grant in it.lacking:
            if GRANTS[grant] in person.grants and (grant, person.key) not in it.said:
                yield _of_rollout(
                    f"gate:{it.of.id}:{grant}", "approval", WARNING, it.of,
                    f"{it.of.title}: {it.phase} waits for your approval",
                    f"Everything else of its gate is there; the {grant} approval is missing.",
                )  # fmt: skip


def _turned(facts: Facts, person: Person, tree: Tree) -> Iterator[Matter]:
    """The last turn of each gate; a gate that stands where it stood has not turned."""
    first: dict[tuple[int, str], str] = {}
    last: dict[tuple[int, str], Turned] = {}
    for it in facts.turned:
        first.setdefault((it.of.id, it.phase), it.before)
        last[it.of.id, it.phase] = it
    for place, it in last.items():
        mine = person.may(Permission.ROLL) and _sees(person, tree, it.of)
        if not mine or first[place] == it.after:
            continue
        lost = it.after == Stage.ACTIVE
        words = (
            f"It stood at {first[place]!r} and is {it.after!r} since {it.at:%Y-%m-%d %H:%M} UTC"
            f"{': a criterion no longer holds' if lost else ''}."
        )
        yield _of_rollout(
            f"turned:{it.of.id}:{it.phase}", "gate", WARNING if lost else NOTICE, it.of,
            f"{it.of.title}: the gate of {it.phase} has turned", words.replace("'", ""),
        )  # fmt: skip


def _braked(facts: Facts, person: Person, tree: Tree) -> Iterator[Matter]:
    for it in facts.braked:
        theirs = person.may(Permission.ROLL) and _sees(person, tree, it.of)
        if theirs or person.key == it.of.owner:
            yield _of_rollout(
                f"braked:{it.of.id}", "safeguard", CRITICAL, it.of,
                f"{it.of.title} is paused since {it.at:%Y-%m-%d %H:%M} UTC",
                f"{it.words} It waits for somebody to resume it, or to end it.",
            )  # fmt: skip


def _tasks(facts: Facts, person: Person, tree: Tree, now: datetime) -> Iterator[Matter]:
    for it in facts.tasks:
        theirs = person.may(Permission.ROLL) and _sees(person, tree, it.of)
        own = it.owner == person.key
        if own or theirs:
            late = it.due_at <= now
            words = "Its time is over." if late else f"Due by {it.due_at:%Y-%m-%d %H:%M} UTC."
            whose = "your task" if own else "a task of others"
            yield _of_rollout(
                f"task:{it.id}", "task", CRITICAL if late else WARNING, it.of,
                f"{it.title}: {whose} in {it.of.title}", words, due=it.due_at,
            )  # fmt: skip


def _feedback(facts: Facts, person: Person, tree: Tree) -> Iterator[Matter]:
    for it in facts.feedback:
        if person.may(Permission.TESTIFY) and _sees(person, tree, it.of):
            severe = f", {it.severe:,} of them severe" if it.severe else ""
            yield _of_rollout(
                f"feedback:{it.of.id}", "feedback", CRITICAL if it.severe else NOTICE, it.of,
                f"{it.of.title}: {_many(it.many, 'piece')} of feedback without an answer",
                f"The oldest came on {it.since:%Y-%m-%d}{severe}.",
            )  # fmt: skip


def _readiness(rollout: int) -> tuple[tuple[str, str], ...]:
    return (("rollout", str(rollout)), ("tab", "Readiness"))


def _ending(facts: Facts, person: Person, tree: Tree, now: datetime) -> Iterator[Matter]:
    for it in facts.ending:
        theirs = person.may(Permission.TESTIFY) and _sees(person, tree, it.of)
        if it.expires_at > now + SOON or not (theirs or it.owner == person.key):
            continue
        what = "waiver" if it.waived else "evidence"
        over = it.expires_at <= now
        yield Matter(
            f"ending:{it.of.id}:{it.item}", what, _pressing(it.expires_at, now),
            f"{it.of.title}: {what} for {it.item} {'has ended' if over else 'ends soon'}",
            f"{'It ended' if over else 'It ends'} on {it.expires_at:%Y-%m-%d}.",
            "rollout", _readiness(it.of.id), it.expires_at,
        )  # fmt: skip


def _waivers(facts: Facts, person: Person, tree: Tree) -> Iterator[Matter]:
    for it in facts.waivers:
        granted = person.may(Permission.APPROVE) and bool(person.grants & EXCUSERS)
        if granted and person.key != it.said_by and _sees(person, tree, it.of):
            yield Matter(
                f"waiver:{it.of.id}:{it.item}", "approval", WARNING,
                f"{it.of.title}: a waiver of {it.item} waits for approval",
                "Until then the item counts as open.", "rollout", _readiness(it.of.id),
            )  # fmt: skip


def _exemptions(facts: Facts, person: Person, tree: Tree, now: datetime) -> Iterator[Matter]:
    for it in facts.exemptions:
        state = it.state(now)
        if not (person.sees(it.unit, tree) if it.unit else person.units is None):
            continue
        decides = it.proposer != person.key and may_approve(person, FILTERS)
        reviews = person.may(Permission.EXEMPT) or it.reviewer in (person.key, person.name)
        if state is State.PROPOSED and decides:
            yield Matter(
                f"exemption:{it.id}", "approval", WARNING,
                f"Exemption {it.id} waits for approval", f"{it.what}: {it.justification}",
                "filters",
            )  # fmt: skip
        elif state in (State.IN_FORCE, State.OVERDUE) and reviews and it.review_by <= now + SOON:
            yield _review(it, state, now)


def _review(it: Exemption, state: State, now: datetime) -> Matter:
    over = state is State.OVERDUE
    words = "It excuses nothing any more." if over else "Then it excuses nothing."
    return Matter(
        f"review:{it.id}", "exemption", _pressing(it.review_by, now),
        f"Exemption {it.id} {'is overdue' if over else 'is due'} for review",
        f"{it.what}, by {it.review_by:%Y-%m-%d}. {words}", "filters", (), it.review_by,
    )  # fmt: skip


def _baselines(facts: Facts, person: Person, now: datetime) -> Iterator[Matter]:
    if not may_approve(person, FILTERS):
        return
    for it in facts.baselines:
        gone = it.ends is not None and it.ends <= now
        if it.approved_at is None and not gone and it.proposer != person.key:
            yield Matter(
                f"baseline:{it.key}:{it.version}", "approval", WARNING,
                f"Baseline {it.title}, version {it.version}, waits for approval",
                "It demands less than the one before, which holds until then.", "filters",
            )  # fmt: skip


def _months(facts: Facts, person: Person) -> Iterator[Matter]:
    if not person.may(Permission.CLOSE):
        return
    for month, currency in facts.months:
        name = f"{months.first(month):%B %Y}"
        yield Matter(
            f"month:{month}:{currency}", "month", NOTICE, f"{name} in {currency} can be closed",
            "Nothing stands in its way.", "statements",
            (("month", month), ("currency", currency)),
        )  # fmt: skip


def _steps(facts: Facts, person: Person) -> Iterator[Matter]:
    for it in facts.steps:
        if it.owner == person.key:
            yield Matter(
                f"step:{it.unit}:{it.title}", "maturity", NOTICE, it.title,
                "A next step of maturity that you see to.", "maturity",
                (("part", it.unit or "all"),),
            )  # fmt: skip


def _of_rollout(
    key: str,
    kind: str,
    severity: str,
    of: Of,
    title: str,
    words: str,
    due: datetime | None = None,
) -> Matter:
    return Matter(key, kind, severity, title, words, "rollout", (("rollout", str(of.id)),), due)


def _pressing(end: datetime, now: datetime) -> str:
    if end <= now:
        return CRITICAL
    return WARNING if end <= now + NEAR else NOTICE


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

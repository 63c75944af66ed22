"""Rollout: plan one, and take it through its phases; every move is by the gate as it is then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from actions.visit import Visit
from domain import gates, moving
from domain import rollouts as shapes
from domain.faults import NotAllowed, Outdated, OutOfRange
from domain.gates import Found
from domain.roles import Permission, require_sight
from domain.rollouts import Move, Phase, Rollout
from domain.units import Tree
from store import gatehouse, rollback_plans, rollouts, templates, units
from store.engine import Session
from store.rollouts import Moved

LONGEST = 300
"""Characters of a title or a reason."""
LEAST_REASON = 20
"""Characters of the reason of an override: it shows for ever."""


@dataclass(frozen=True)
class Wanted:
    """What is to be rolled out."""

    title: str
    workload: str
    owner: str
    sponsor: str
    units: tuple[str, ...]
    deployments: tuple[str, ...]
    template: str
    version: int
    planned: Mapping[str, int] | None = None
    """People by key of the phase, where they are others than the template's."""
    dates: Mapping[str, tuple[datetime, datetime]] | None = None
    """First and last day by key of the phase."""
    paired: tuple[tuple[str, str], ...] = ()
    closed_days: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Shown:
    """What the person saw when they clicked."""

    version: int
    mark: str
    """Of the gate; domain.gates.Found.mark."""
    click: str
    """The same for the same click, however often it arrives."""


def plan(visit: Visit, wanted: Wanted) -> int:
    """Keep a draft; returns its number. Raises Refused."""
    with visit.attempt(Permission.ROLL, f"plan the rollout {wanted.title}"[:500]) as session:
        tree = units.tree(session)
        _check(visit, wanted, tree)
        template = templates.find(session, wanted.template, wanted.version)
        if template is None:
            raise OutOfRange("Choose a template of the list.")
        phases = tuple(_phase(it, wanted) for it in template.phases)
        shapes.checked(phases)
        draft = Rollout(
            wanted.title.strip(), wanted.workload.strip(), wanted.owner, wanted.sponsor,
            tuple(sorted(wanted.units)), tuple(sorted(wanted.deployments)),
            template.key, template.version, phases,
            proposer=visit.person.key, at=visit.clock(),
            paired=wanted.paired, closed_days=wanted.closed_days,
        )  # fmt: skip
        return rollouts.add(session, draft)


def prepare(visit: Visit, id: int, shown: Shown) -> None:
    """A draft is ready: it has phases, a checklist, and a way back from each phase."""

    def ready(session: Session, it: Rollout, _: Found) -> Rollout:
        kept = rollback_plans.of(session, it.id)
        if lacking := [p.title for at, p in enumerate(it.phases) if at not in kept]:
            raise OutOfRange(f"There is no way back yet from: {', '.join(lacking)}.")
        if not any(p.checklist for p in it.phases):
            raise OutOfRange("No phase has a checklist.")
        return moving.prepared(it)

    _move(visit, id, Move.PREPARE, shown, "", ready)


def start(visit: Visit, id: int, shown: Shown) -> None:
    """The first phase begins."""
    _move(visit, id, Move.START, shown, "", lambda _, it, __: moving.started(it, visit.clock()))


def advance(visit: Visit, id: int, shown: Shown, *, reason: str = "") -> None:
    """The phase is passed; raises Refused with all that is missing, and Outdated where the gate is
    no longer the one that was shown."""

    def further(_: Session, it: Rollout, found: Found) -> Rollout:
        if found.mark != shown.mark:
            raise Outdated("The gate has changed since this was shown.")
        return moving.advanced(it, found.gate, visit.clock())

    _move(visit, id, Move.ADVANCE, shown, reason, further)


def override(visit: Visit, id: int, shown: Shown, *, reason: str) -> None:
    """The phase is passed whatever its gate says; by an admin who neither planned nor owns it."""

    def past(_: Session, it: Rollout, found: Found) -> Rollout:
        if visit.person.role != "admin" or visit.person.key in (it.proposer, it.owner):
            raise NotAllowed("A gate is overridden by an admin who neither planned nor owns this.")
        if len(reason.strip()) < LEAST_REASON:
            raise OutOfRange(f"Say in {LEAST_REASON} characters or more why; it shows for ever.")
        return moving.overridden(it, found.gate, visit.clock())

    _move(visit, id, Move.OVERRIDE, shown, reason, past)


def pause(visit: Visit, id: int, shown: Shown, *, reason: str) -> None:
    """Its clock stops until somebody resumes it."""

    def still(_: Session, it: Rollout, __: Found) -> Rollout:
        _require_reason(reason)
        return moving.paused(it)

    _move(visit, id, Move.PAUSE, shown, reason, still)


def resume(visit: Visit, id: int, shown: Shown, *, reason: str = "") -> None:
    """It goes on where it was."""
    _move(visit, id, Move.RESUME, shown, reason, lambda _, it, __: moving.resumed(it))


def abort(visit: Visit, id: int, shown: Shown, *, reason: str) -> None:
    """It ends where it is; nothing is taken back."""

    def ended(_: Session, it: Rollout, __: Found) -> Rollout:
        _require_reason(reason)
        return moving.aborted(it, visit.clock())

    _move(visit, id, Move.ABORT, shown, reason, ended)


def _move(
    visit: Visit,
    id: int,
    move: Move,
    shown: Shown,
    reason: str,
    make: Callable[[Session, Rollout, Found], Rollout],
) -> None:
    """One transaction: the gate is read, judged and kept with the move that it allows."""
    with visit.attempt(Permission.ROLL, f"{move}: rollout {id}") as session:
        before = visible(visit, session, id)
        if rollouts.clicked(session, shown.click):
            return
        if before.version != shown.version:
            raise Outdated(f"{before.title} has moved on.")
        _check_words(reason)
        found = gatehouse.found(session, before, visit.clock())
        after = make(session, before, found)
        record = Moved(
            id, 0, move, before.number, _stands(before), _stands(after), gates.told(found),
            visit.person.key, reason.strip(), shown.click, visit.clock(),
        )  # fmt: skip
        rollouts.moved(session, before, after, record)


def visible(visit: Visit, session: Session, id: int) -> Rollout:
    """The rollout, locked; in the same words for what is not there and what is not theirs."""
    found, tree = rollouts.lock(session, id), units.tree(session)
    if found is None or not all(visit.person.sees(it, tree) for it in found.units):
        raise NotAllowed("This rollout is not among those you may move.")
    return found


def _stands(it: Rollout) -> str:
    return f"{it.state}, {it.phase.title}: {it.phase.stage}" if it.phase else str(it.state)


def _phase(it: Phase, wanted: Wanted) -> Phase:
    many = (wanted.planned or {}).get(it.key, it.cohort.planned)
    start, end = (wanted.dates or {}).get(it.key, (None, None))
    cohort = replace(it.cohort, planned=many)
    return replace(it, cohort=cohort, planned_start=start, planned_end=end)


def _check(visit: Visit, wanted: Wanted, tree: Tree) -> None:
    for words in (wanted.title, wanted.workload, wanted.owner, wanted.sponsor):
        if not words.strip():
            raise OutOfRange("A rollout has a title, a workload, an owner and a sponsor.")
        _check_words(words)
    if not wanted.units:
        raise OutOfRange("A rollout is for at least one business unit.")
    for unit in wanted.units:
        if unit not in tree.units:
            raise OutOfRange("Choose business units of the list.")
        require_sight(visit.person, unit, tree)


def _check_words(words: str) -> None:
    if len(words) > LONGEST or not words.isprintable():
        raise OutOfRange(f"A text takes {LONGEST} printable characters.")


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise OutOfRange("Say why.")

"""Rollout: plan one, and take it through its phases; every move is by the gate as it is then."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from actions import restoring, rolling, sight
from actions.rolling import LONGEST, Shown
from actions.visit import Visit
from domain import adjusting, moving
from domain import rollouts as shapes
from domain.adjusting import Change
from domain.faults import NotAllowed, Outdated, OutOfRange
from domain.gates import Found
from domain.roles import Permission, require_sight
from domain.rollouts import UNDER_WAY, Move, Phase, Rollout
from domain.units import Tree
from store import falls, gates, people, rollback_plans, rollouts, templates, units
from store.engine import Session

__all__ = ["LONGEST", "Change", "Shown", "Wanted"]
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
    people: Mapping[str, int] | None = None
    """How many there are in each unit, as far as somebody knows."""
    paired: tuple[tuple[str, str], ...] = ()
    closed_days: frozenset[date] = frozenset()


def plan(visit: Visit, wanted: Wanted) -> int:
    """Keep a draft; returns its number. Raises Refused."""
    with visit.attempt(Permission.ROLL, f"plan the rollout {wanted.title}"[:500]) as session:
        _check(visit, session, wanted, units.tree(session))
        template = templates.find(session, wanted.template, wanted.version)
        if template is None:
            raise OutOfRange("Choose a template of the list.")
        phases = tuple(_phase(it, wanted) for it in template.phases)
        shapes.checked(phases, wanted.people)
        _require_people(phases, wanted)
        draft = Rollout(
            wanted.title.strip(), wanted.workload.strip(), wanted.owner, wanted.sponsor,
            tuple(sorted(wanted.units)), tuple(sorted(wanted.deployments)),
            template.key, template.version, phases,
            proposer=visit.person.key, at=visit.clock(),
            paired=wanted.paired, closed_days=wanted.closed_days, safeguards=template.safeguards,
        )  # fmt: skip
        return rollouts.add(session, draft)


def prepare(visit: Visit, id: int, shown: Shown) -> None:
    """A draft is ready: with phases, a checklist, a way back from each phase. Raises Refused."""

    def ready(session: Session, it: Rollout, _: Found) -> Rollout:
        kept = rollback_plans.of(session, it.id)
        if lacking := [p.title for at, p in enumerate(it.phases) if at not in kept]:
            raise OutOfRange(f"There is no way back yet from: {', '.join(lacking)}.")
        if not any(p.checklist for p in it.phases):
            raise OutOfRange("No phase has a checklist.")
        return moving.prepared(it)

    with visit.attempt(Permission.ROLL, f"make rollout {id} ready") as session:
        rolling.move(visit, session, id, Move.PREPARE, shown, "", ready)


def start(visit: Visit, id: int, shown: Shown) -> None:
    """The first phase begins; raises Refused."""

    def begun(_: Session, it: Rollout, __: Found) -> Rollout:
        return moving.started(it, visit.clock())

    with visit.attempt(Permission.ROLL, f"start rollout {id}") as session:
        rolling.move(visit, session, id, Move.START, shown, "", begun)


def advance(visit: Visit, id: int, shown: Shown, *, reason: str = "") -> None:
    """The phase is passed; raises Refused with all that is missing, and Outdated where the gate is
    no longer the one that was shown."""

    def further(_: Session, it: Rollout, found: Found) -> Rollout:
        if found.mark != shown.mark:
            raise Outdated("The gate has changed since this was shown.")
        return moving.advanced(it, found.gate, visit.clock())

    with visit.attempt(Permission.ROLL, f"advance rollout {id}") as session:
        rolling.move(visit, session, id, Move.ADVANCE, shown, reason, further)


def override(visit: Visit, id: int, shown: Shown, *, reason: str) -> None:
    """The phase is passed whatever its gate says; by an admin who neither planned nor owns it.
    Raises Refused, and Outdated where the gate is no longer the one that was shown."""

    def past(_: Session, it: Rollout, found: Found) -> Rollout:
        if visit.person.role != "admin" or visit.person.key in (it.proposer, it.owner):
            raise NotAllowed("A gate is overridden by an admin who neither planned nor owns this.")
        if len(reason.strip()) < LEAST_REASON:
            raise OutOfRange(f"Say in {LEAST_REASON} characters or more why; it shows for ever.")
        if found.mark != shown.mark:
            raise Outdated("The gate has changed since this was shown.")
        return moving.overridden(it, found.gate, visit.clock())

    with visit.attempt(Permission.ROLL, f"override the gate of rollout {id}") as session:
        rolling.move(visit, session, id, Move.OVERRIDE, shown, reason, past)


def pause(visit: Visit, id: int, shown: Shown, *, reason: str) -> None:
    """Its clock stops until somebody resumes it; raises Refused."""

    def still(_: Session, it: Rollout, __: Found) -> Rollout:
        rolling.require_reason(reason)
        return moving.paused(it)

    with visit.attempt(Permission.ROLL, f"pause rollout {id}") as session:
        rolling.move(visit, session, id, Move.PAUSE, shown, reason, still)


def resume(visit: Visit, id: int, shown: Shown, *, reason: str = "") -> None:
    """It goes on where it was; with a reason where a safeguard that fell does not hold yet. Raises
    Refused."""

    def on(session: Session, it: Rollout, _: Found) -> Rollout:
        if falls.acted(session, it.id):
            rolling.require_reason(reason)
        return moving.resumed(it)

    with visit.attempt(Permission.ROLL, f"resume rollout {id}") as session:
        rolling.move(visit, session, id, Move.RESUME, shown, reason, on)


def roll_back(visit: Visit, id: int, shown: Shown, *, reason: str) -> None:
    """It ends, and the way back from the phase under way is taken: what the console can put back
    as one plan, the rest as tasks; the move tells which. Raises Refused."""

    def back(_: Session, it: Rollout, __: Found) -> Rollout:
        rolling.require_reason(reason)
        return moving.rolled_back(it, visit.clock())

    def taken(session: Session, before: Rollout, _: Rollout) -> Mapping[str, object]:
        return restoring.taken(visit, session, before, reason)

    with visit.attempt(Permission.ROLL, f"roll back rollout {id}") as session:
        rolling.move(visit, session, id, Move.ROLL_BACK, shown, reason, back, taken)


def abort(visit: Visit, id: int, shown: Shown, *, reason: str) -> None:
    """It ends where it is; nothing is taken back. Raises Refused."""

    def ended(_: Session, it: Rollout, __: Found) -> Rollout:
        rolling.require_reason(reason)
        return moving.aborted(it, visit.clock())

    with visit.attempt(Permission.ROLL, f"abort rollout {id}") as session:
        rolling.move(visit, session, id, Move.ABORT, shown, reason, ended)


def adjust(
    visit: Visit, id: int, phase: int, change: Change, shown: Shown, *, reason: str = ""
) -> None:
    """Change what a phase has reached, what is switched on in it, or when it is to be.
    Raises Refused. phase: its number, from 0."""

    def changed(session: Session, it: Rollout, _: Found) -> Rollout:
        after = adjusting.adjusted(it, phase, change, visit.clock())
        if it.phases[phase].stage in UNDER_WAY and change.features is not None:
            gates.void(session, it.id, phase, visit.clock(), "its features were changed")
        return after

    def told(_: Session, before: Rollout, after: Rollout) -> Mapping[str, object]:
        return adjusting.told(before.phases[phase], after.phases[phase])

    with visit.attempt(Permission.ROLL, f"adjust rollout {id}") as session:
        rolling.move(visit, session, id, Move.ADJUST, shown, reason, changed, told)


def _phase(it: Phase, wanted: Wanted) -> Phase:
    many = (wanted.planned or {}).get(it.key, it.cohort.planned)
    start, end = (wanted.dates or {}).get(it.key, (None, None))
    cohort = replace(it.cohort, planned=many)
    return replace(it, cohort=cohort, planned_start=start, planned_end=end)


def _check(visit: Visit, session: Session, wanted: Wanted, tree: Tree) -> None:
    for words in (wanted.title, wanted.workload):
        if not words.strip():
            raise OutOfRange("A rollout has a title, a workload, an owner and a sponsor.")
        rolling.require_words(words)
    for key in (wanted.owner, wanted.sponsor):
        _require_enrolled(session, key)
    if not wanted.units:
        raise OutOfRange("A rollout is for at least one business unit.")
    for unit in wanted.units:
        if unit not in tree.units:
            raise OutOfRange("Choose business units of the list.")
        require_sight(visit.person, unit, tree)
    touched = {*wanted.deployments, *(it for pair in wanted.paired for it in pair)}
    if touched:
        seen = sight.of(visit, session, touched)
        for resource in touched:
            seen.deployment(resource)


def _require_enrolled(session: Session, key: str) -> None:
    """An owner who is nobody could not be kept from saying yes to their own."""
    if key not in {it.key for it in people.everyone(session)}:
        raise OutOfRange("Owner and sponsor are people whom this console knows.")


def _require_people(phases: tuple[Phase, ...], wanted: Wanted) -> None:
    """Raise OutOfRange for a cohort of more people than its units have, where that is known."""
    known = [(wanted.people or {}).get(it) for it in wanted.units]
    there = [it for it in known if it is not None]
    for it in phases if len(there) == len(known) else ():
        if it.cohort.planned > sum(there):
            raise OutOfRange(
                f"{it.title}: {it.cohort.planned:,} people are planned, "
                f"the units have {sum(there):,}."
            )

"""Plans with their journal, who is carrying them out, and what they hold meanwhile."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased

from domain import names
from domain.faults import Outdated
from domain.plans import ENDS, WITHOUT_EFFECT, Answer, Leg, Plan, Standing, State
from store import rows
from store.engine import Session
from store.tables import ApprovalRow, CounterRow, HoldRow, LegRow, PlanRow

_WITHOUT_EFFECT = [str(it) for it in sorted(WITHOUT_EFFECT)]
# Listed one by one: "none of the ends" would read all plans that there ever were.
_GOING_ON = PlanRow.state.in_([str(it) for it in State if it not in ENDS])
_CONFIRMED = _GOING_ON & (PlanRow.state != str(State.PROPOSED))
_PLAN = [name for name in Plan.__dataclass_fields__ if name != "legs"]
_LEG = list(Leg.__dataclass_fields__)


@dataclass(frozen=True)
class Claimed:
    """A plan in this worker's hands, and the number without which nothing is saved."""

    plan: Plan
    fence: int


@dataclass(frozen=True)
class Hold:
    """An account or a pool in use by a plan."""

    thing: str
    plan: int
    since: datetime


@dataclass(frozen=True)
class Approval:
    plan: int
    person: str
    approves: bool
    comment: str
    at: datetime


def add(session: Session, plan: Plan) -> int:
    """Keep a new plan; returns its number."""
    row = PlanRow(**{name: getattr(plan, name) for name in _PLAN if name != "id"}, fence=0)
    session.add(row)
    session.flush()
    _keep_legs(session, row.id, plan.legs)
    return row.id


def save(session: Session, plan: Plan, fence: int, lease_until: datetime | None = None) -> None:
    """Keep what has become of a plan, and for how long it stays in hand if that is to change; its
    end frees what it holds.

    Raises Outdated when the plan has ended already or somebody else has it in hand: a worker that
    lost its lease comes too late.
    """
    fields = {name: getattr(plan, name) for name in _PLAN if name != "id"}
    if lease_until:
        fields["lease_until"] = lease_until
    if plan.state in ENDS:
        fields |= {"owner": None, "lease_until": None}
    ours = (PlanRow.id == plan.id) & (PlanRow.fence == fence)
    changed = update(PlanRow).where(ours, _GOING_ON).values(fields).returning(PlanRow.id)
    if session.execute(changed).first() is None:
        raise Outdated(f"Plan {plan.id} is in other hands.")
    _keep_legs(session, plan.id, plan.legs)
    if plan.state in ENDS:
        session.execute(delete(HoldRow).where(HoldRow.plan == plan.id))


def move(session: Session, plan: Plan, state: State, at: datetime, said: str = "") -> Plan:
    """What a person decides about a plan that no worker has begun, or that has stopped.

    Raises Outdated unless it still stands where that person saw it, unwritten.
    """
    # Locked first: legs are then seen as whoever is saving them now has left them.
    session.execute(select(PlanRow.id).where(PlanRow.id == plan.id).with_for_update())
    written = select(LegRow.plan).where(LegRow.plan == plan.id, LegRow.writes > 0)
    here = (PlanRow.id == plan.id) & (PlanRow.state == str(plan.state))
    if plan.state is not State.NEEDS_PERSON:
        here &= ~written.exists()
    ended = at if state in ENDS else None
    told = {"state": str(state), "said": said or plan.said, "ended_at": ended}
    if session.execute(update(PlanRow).where(here).values(told).returning(PlanRow.id)).first():
        if state in ENDS:
            session.execute(delete(HoldRow).where(HoldRow.plan == plan.id))
        found = find(session, plan.id)
        assert found
        return found
    raise Outdated(f"Plan {plan.id} has moved on.")


def find(session: Session, id: int) -> Plan | None:
    row = session.get(PlanRow, id, populate_existing=True)
    return next(iter(_plans(session, [row])), None) if row else None


def claim(session: Session, now: datetime, owner: str, lease: timedelta) -> list[Claimed]:
    """Take every confirmed plan whose accounts and pools are free, the oldest first.

    Azure allows one write per account at a time, and what moves in a pool is one plan's business,
    so a later plan waits for an earlier one of the same things, whoever carries that out. A plan
    that somebody began keeps what it holds until its end, also when nobody has it in hand, and
    goes on before an older one that was approved, or came to its hour, only since.
    """
    one_at_a_time(session)
    due = PlanRow.starts_at.is_(None) | (PlanRow.starts_at <= now)
    # Locked: a person may be withdrawing one of them, and what is withdrawn must hold nothing.
    wanted = select(PlanRow).where(_CONFIRMED, due).order_by(PlanRow.id).with_for_update()
    found = session.scalars(wanted.execution_options(populate_existing=True)).all()
    held = {it.thing: it.plan for it in holds(session)} if found else {}
    taken, blocked = list[Claimed](), set[str]()
    for row, plan in zip(found, _plans(session, found), strict=True):
        needed = things(plan)
        wanting = {it for it in needed if held.get(it) != row.id}
        theirs = row.owner not in (None, owner) and (row.lease_until or now) > now
        foreign = not held.keys().isdisjoint(wanting)
        if not (theirs or foreign or wanting & blocked):
            taken.append(Claimed(plan, _taken(session, row, owner, now + lease)))
            _hold(session, row.id, wanting, now)
        blocked |= needed
    session.flush()
    return taken


def things(plan: Plan) -> set[str]:
    """What a plan must have for itself: the accounts it writes to and the pools it moves."""
    return {names.account(it) for it in plan.resources} | set(plan.pools)


def release(session: Session, owner: str) -> None:
    """Let others carry on with what this owner has in hand."""
    nobody = {"owner": None, "lease_until": None}
    session.execute(update(PlanRow).where(PlanRow.owner == owner).values(nobody))


def holds(session: Session) -> list[Hold]:
    """What is in use, by which plan, since when."""
    found = session.execute(select(HoldRow.thing, HoldRow.plan, HoldRow.since))
    return [Hold(*row) for row in found]


def unfinished(session: Session, resource: str) -> list[Plan]:
    """The plans for this resource that have not ended, the oldest first."""
    about = select(LegRow.plan).where(LegRow.resource == resource)
    wanted = select(PlanRow).where(PlanRow.id.in_(about), _GOING_ON).order_by(PlanRow.id)
    return _plans(session, session.scalars(wanted).all())


def of_person(session: Session, person: str, since: datetime) -> list[Plan]:
    """The plans that this person proposed and that have not ended, or did since then, the oldest
    first."""
    recent = _GOING_ON | (PlanRow.ended_at >= since)
    wanted = select(PlanRow).where(PlanRow.proposer == person, recent).order_by(PlanRow.id)
    return _plans(session, session.scalars(wanted).all())


def one_at_a_time(session: Session) -> None:
    """Wait for whoever is here already; to be followed by a read, for what they have written."""
    counted = select(CounterRow.value).where(CounterRow.name == "fence")
    session.execute(counted.with_for_update())


def latest(
    session: Session,
    most: int = 500,
    *,
    open_only: bool = False,
    about: str = "",
    standing: Collection[State] = (),
) -> list[Plan]:
    """Plans, the newest first. open_only: those alone that have not ended or need a person; about:
    those that change this resource; standing: those that stand at one of these."""
    newest = select(PlanRow).order_by(PlanRow.id.desc()).limit(most)
    if open_only:
        newest = newest.where(_GOING_ON | (PlanRow.state == str(State.NEEDS_PERSON)))
    if about:
        newest = newest.where(PlanRow.id.in_(select(LegRow.plan).where(LegRow.resource == about)))
    if standing:
        newest = newest.where(PlanRow.state.in_([str(it) for it in standing]))
    return _plans(session, session.scalars(newest).all())


def undone_by(session: Session, plan: int) -> int | None:
    """The plan that takes this one back, or took it back; one that came to nothing does not."""
    back = (PlanRow.undoes == plan) & PlanRow.state.not_in(_WITHOUT_EFFECT)
    wanted = select(func.max(PlanRow.id)).where(back)
    return session.execute(wanted).scalar_one()


def returning(session: Session, now: datetime) -> list[Plan]:
    """Plans that are done, were to last until now, and that nothing takes back: neither a plan
    that goes on or was done, nor one that was tried when the time had come."""
    undo = aliased(PlanRow)
    seen_to = undo.state.not_in(_WITHOUT_EFFECT) | (undo.asked_at >= PlanRow.until)
    back = select(undo.id).where(undo.undoes == PlanRow.id, seen_to)
    over = (PlanRow.state == str(State.DONE)) & (PlanRow.until <= now)
    wanted = select(PlanRow).where(over, ~back.exists()).order_by(PlanRow.id)
    return _plans(session, session.scalars(wanted).all())


def approve(session: Session, it: Approval) -> None:
    """Keep what a person said; what they say later replaces it."""
    rows.upsert(session, ApprovalRow, ["plan", "person"], [asdict(it)])


def approvals(session: Session, plans: Collection[int]) -> list[Approval]:
    """What was said of these plans, the oldest first."""
    columns = [getattr(ApprovalRow, name) for name in Approval.__dataclass_fields__]
    wanted = select(*columns).where(ApprovalRow.plan.in_(plans)).order_by(ApprovalRow.at)
    return [Approval(*row) for row in session.execute(wanted)]


def _taken(session: Session, row: PlanRow, owner: str, until: datetime) -> int:
    """A new owner gets a new number, higher than all before."""
    if row.owner != owner:
        next_ = update(CounterRow).where(CounterRow.name == "fence")
        counted = next_.values(value=CounterRow.value + 1).returning(CounterRow.value)
        row.fence = session.execute(counted).scalar_one()
    row.owner, row.lease_until = owner, until
    return row.fence


def _hold(session: Session, plan: int, these: Iterable[str], now: datetime) -> None:
    session.add_all(HoldRow(thing=it, plan=plan, since=now) for it in sorted(these))


def _keep_legs(session: Session, plan: int, legs: tuple[Leg, ...]) -> None:
    told = [{"plan": plan, "number": at, **_told(leg)} for at, leg in enumerate(legs)]
    rows.upsert(session, LegRow, ["plan", "number"], told)


def _told(leg: Leg) -> dict[str, Any]:
    return {name: getattr(leg, name) for name in _LEG}


def _plans(session: Session, found: Iterable[PlanRow]) -> list[Plan]:
    found = list(found)
    ids = [row.id for row in found]
    legs: dict[int, list[Leg]] = defaultdict(list)
    wanted = select(LegRow).where(LegRow.plan.in_(ids)).order_by(LegRow.plan, LegRow.number)
    for leg in session.scalars(wanted.execution_options(populate_existing=True)) if ids else ():
        legs[leg.plan].append(_leg(leg))
    return [_plan(row, tuple(legs[row.id])) for row in found]


def _leg(row: LegRow) -> Leg:
    fields = {name: getattr(row, name) for name in _LEG}
    fields |= {"standing": Standing(row.standing), "answer": Answer(row.answer)}
    return Leg(**fields)


def _plan(row: PlanRow, legs: tuple[Leg, ...]) -> Plan:
    fields = {name: getattr(row, name) for name in _PLAN}
    return Plan(legs=legs, **fields | {"state": State(row.state)})


def counted(session: Session, state: State) -> int:
    """How many plans stand there."""
    wanted = select(func.count()).select_from(PlanRow).where(PlanRow.state == str(state))
    return session.execute(wanted).scalar_one()

"""Plans and their journal, and who is carrying them out."""

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update

from domain import names
from domain.faults import Outdated
from domain.protocol import ENDS, Plan, Step
from store.engine import Session
from store.tables import PlanRow

_GOING_ON = PlanRow.state.not_in([str(end) for end in sorted(ENDS)])


def add(session: Session, plan: Plan) -> int:
    """Keep a new plan; returns its number."""
    fields = asdict(plan)
    del fields["id"]
    row = PlanRow(**fields, account=names.account(plan.resource))
    session.add(row)
    session.flush()
    return row.id


def save(session: Session, plan: Plan) -> None:
    """Keep what has become of a plan; its end frees its account.

    Raises Outdated when the plan has ended already: a worker that lost its lease comes too late.
    """
    fields = asdict(plan)
    if plan.state in ENDS:
        fields |= {"owner": None, "lease_until": None}
    changed = update(PlanRow).where(PlanRow.id == fields.pop("id"), _GOING_ON).values(fields)
    if session.execute(changed.returning(PlanRow.id)).first() is None:
        raise Outdated(f"Plan {plan.id} has ended.")


def find(session: Session, id: int) -> Plan | None:
    row = session.get(PlanRow, id, populate_existing=True)
    return _plan(row) if row else None


def claim(session: Session, now: datetime, owner: str, lease: timedelta) -> list[Plan]:
    """Take the oldest unfinished plan of every account where no other owner holds it.

    Azure allows one write per account at a time, so the later plans of an account wait until the
    first has ended, whoever carries that one out.
    """
    first = select(func.min(PlanRow.id)).where(_GOING_ON).group_by(PlanRow.account)
    free = or_(PlanRow.owner.is_(None), PlanRow.owner == owner, PlanRow.lease_until <= now)
    wanted = select(PlanRow).where(PlanRow.id.in_(first), _GOING_ON, free).order_by(PlanRow.id)
    locked = wanted.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    taken = session.scalars(locked).all()
    for row in taken:
        row.owner, row.lease_until = owner, now + lease
    session.flush()
    return [_plan(row) for row in taken]


def release(session: Session, owner: str) -> None:
    """Let others carry on with what this owner holds."""
    nobody = {"owner": None, "lease_until": None}
    session.execute(update(PlanRow).where(PlanRow.owner == owner).values(nobody))


def unfinished(session: Session, resource: str) -> list[Plan]:
    """The plans for this resource that have not ended, the oldest first."""
    wanted = select(PlanRow).where(PlanRow.resource == resource, _GOING_ON)
    return [_plan(row) for row in session.scalars(wanted.order_by(PlanRow.id))]


def latest(session: Session, most: int = 500, *, open_only: bool = False) -> list[Plan]:
    """Plans, or those alone that have not ended, the newest first."""
    newest = select(PlanRow).order_by(PlanRow.id.desc()).limit(most)
    if open_only:
        newest = newest.where(_GOING_ON)
    return [_plan(row) for row in session.scalars(newest)]


def _plan(row: PlanRow) -> Plan:
    fields = {name: getattr(row, name) for name in Plan.__dataclass_fields__}
    return Plan(**fields | {"state": Step(row.state)})

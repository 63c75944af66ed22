"""Plans that have to be held against the activity log, and what was found of others there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd
from sqlalchemy import func, select

from domain import contests
from domain.contests import CONTESTS, LATE
from domain.plans import ENDS, Plan
from store import plans, rows
from store.engine import Session
from store.tables import AuditRow, ContestRow, LegRow, PlanRow, ReconciliationRow

HORIZON = timedelta(days=3)
"""A console that was down for longer leaves older plans as they are."""
_MOST = 200
_ENDED = [str(end) for end in sorted(ENDS)]


@dataclass(frozen=True)
class Due:
    """A plan that has ended, and how often it was held against the log."""

    plan: Plan
    until: datetime
    """Its end as the first time saw it: what a person did later is not the plan's."""
    checks: int


def due(session: Session, now: datetime) -> list[Due]:
    """What has to be held against the log by now, the oldest first: every plan that wrote, half an
    hour after its end and once more the night after."""
    wrote = select(LegRow.plan).where(LegRow.plan == PlanRow.id, LegRow.writes > 0).exists()
    over = PlanRow.ended_at.between(now - HORIZON, now - LATE) & PlanRow.state.in_(_ENDED)
    done = ReconciliationRow
    wanted = (
        select(PlanRow.id, PlanRow.ended_at, done.until, done.checks)
        .join(done, done.plan == PlanRow.id, isouter=True)
        .where(over, wrote, func.coalesce(done.checks, 0) < 2)
        .order_by(PlanRow.id)
    )
    found = []
    for id, ended_at, first, checks in session.execute(wanted):
        plan, until = plans.find(session, id), first or ended_at
        if plan and until and (not checks or contests.second(until) <= now):
            found.append(Due(plan, until, checks or 0))
    return found


def began(session: Session, plan: int, who: str) -> datetime | None:
    """When the first write of a plan was meant, as the audit trail has it; who: the worker."""
    meant = (AuditRow.who == who) & (AuditRow.came == "asked")
    of_plan = AuditRow.what.startswith(f"plan {plan}: ", autoescape=True)
    return session.scalar(select(func.min(AuditRow.at)).where(meant, of_plan))


def others(session: Session, resources: Collection[str]) -> list[Plan]:
    """The last plans that had to do with any of these."""
    about = select(LegRow.plan).where(LegRow.resource.in_(list(resources))).distinct()
    newest = about.order_by(LegRow.plan.desc()).limit(_MOST)
    return [it for id in session.scalars(newest).all() if (it := plans.find(session, id))]


def keep(session: Session, found: pd.DataFrame) -> list[str]:
    """Keep contests, frame CONTESTS; returns the words of those that are new."""
    told = rows.of_frame(found, CONTESTS)
    if not told:
        return []
    new = rows.insert(session, ContestRow).on_conflict_do_nothing()
    told.sort(key=lambda it: (it["plan"], it["key"]))
    return [
        it["words"]
        for it in told
        if session.execute(new.values(it).returning(ContestRow.plan)).first()
    ]


def checked(session: Session, it: Due, now: datetime, checks: int) -> None:
    """Note that a plan was held against the log, for the so-manieth time."""
    row = {"plan": it.plan.id, "until": it.until, "checks": checks, "checked_at": now}
    rows.upsert(session, ReconciliationRow, ["plan"], [row])


def listed(
    session: Session,
    subscriptions: Sequence[str] | None = None,
    since: datetime | None = None,
    plan: int | None = None,
) -> pd.DataFrame:
    """Frame CONTESTS, the newest first."""
    wanted = select(*(getattr(ContestRow, name) for name in CONTESTS))
    if subscriptions is not None:
        wanted = wanted.where(ContestRow.subscription.in_(subscriptions))
    if since is not None:
        wanted = wanted.where(ContestRow.at >= since)
    if plan is not None:
        wanted = wanted.where(ContestRow.plan == plan)
    newest = wanted.order_by(ContestRow.at.desc(), ContestRow.key).limit(_MOST)
    return rows.to_frame(session.execute(newest), CONTESTS)

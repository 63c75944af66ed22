"""What a rollback sets in motion: one plan for what the console can put back, and a task with a
timer for everything else, what was refused among it."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from actions import guarding, proposing, sight
from actions.proposing import Terms
from actions.sight import Sight
from actions.visit import Visit
from domain import allocation, filter_legs, names, pools, ways_back
from domain.faults import NotAllowed, OutOfRange, Refused
from domain.ordering import ordered
from domain.plans import Leg
from domain.readings import MODELS, USAGES
from domain.roles import needs, require, require_writes
from domain.rollouts import Rollout
from domain.ways_back import Step
from store import rollback_plans, tasks
from store.engine import Session
from store.rollback_plans import RollbackPlan
from store.tasks import Task

UNWRITTEN = "No way back was written for this phase."


def taken(visit: Visit, session: Session, before: Rollout, reason: str) -> Mapping[str, Any]:
    """Begin the way back from the phase under way, and tell what was begun: plan (a number or
    None), refused (why there is no plan, "" where nothing was refused), tasks (numbers). What is
    refused is no reason to stay: the people of the rollout are taken back all the same."""
    way = rollback_plans.of(session, before.id).get(before.number or 0)
    if way is None:
        return {"plan": None, "refused": UNWRITTEN, "tasks": []}
    levers = [it for it in way.steps if "lever" in it]
    number, refused = None, ""
    try:
        number = _proposed(visit, session, before, levers, reason) if levers else None
    except Refused as refusal:
        refused = refusal.words
    left = [it for it in way.steps if "task" in it or refused]
    asked = [tasks.add(session, _task(visit, way, it)) for it in left]
    return {"plan": number, "refused": refused, "tasks": asked}


def _task(visit: Visit, way: RollbackPlan, step: Step) -> Task:
    """For the owner of the way back, where it is a lever that was refused."""
    now, minutes = visit.clock(), step.get("minutes", way.most_minutes)
    owner, due = step.get("owner", way.owner), now + timedelta(minutes=minutes)
    return Task(way.rollout, way.phase, ways_back.words(step), owner, now, due)


def _proposed(
    visit: Visit, session: Session, before: Rollout, steps: Iterable[Step], reason: str
) -> int | None:
    """The number of a plan that is checked and consented to like every other; None where all is
    as it is to be. Raises Refused."""
    require_writes(visit.writes)
    targets, policies = ways_back.targets(steps), ways_back.policies(steps)
    for lever, wanted in ((ways_back.CAPACITY, targets), (ways_back.FILTER, policies)):
        if wanted:
            require(visit.person, needs(lever))
    seen = sight.of(visit, session, [*targets, *policies], filters=bool(policies))
    for resource in (*targets, *policies):
        seen.deployment(resource)
    if not seen.whole:
        raise NotAllowed("Quota and filters are put back by people who see every unit.")
    legs = [*_capacity(seen, targets), *_filters(seen, policies)]
    title = f"Roll back {before.title}"
    terms = Terms(reason.strip())
    return proposing.propose(visit, session, seen, ordered(legs), title, terms) if legs else None


def _capacity(seen: Sight, targets: Mapping[str, int]) -> tuple[Leg, ...]:
    if not targets:
        return ()
    parts = {name: part.frame for name, part in seen.known.parts.items()}
    found = pools.pools(seen.rows, parts[USAGES.name], models=parts[MODELS.name])
    draft = allocation.drafted(seen.rows, found, targets)
    if draft.broken:
        raise OutOfRange(" ".join(draft.broken[:3]))
    return draft.legs


def _filters(seen: Sight, policies: Mapping[str, str | None]) -> list[Leg]:
    """Of those that are not there already."""
    legs = list[Leg]()
    for resource, policy in policies.items():
        ground = guarding.of(seen, names.account(resource))
        value = ground.value(policy)
        named = seen.deployment(resource).row["filter_policy"]
        there = ground.known.value(ground.account, named if isinstance(named, str) else None)
        if not filter_legs.same("filter", there, value):
            legs += guarding.repoints(ground, [resource], value)
    return legs

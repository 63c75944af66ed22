"""Allocate: change how many units of quota deployments hold, all of them or none."""

from collections.abc import Mapping, Sequence

from actions import proposing, sight
from actions.proposing import Terms
from actions.sight import Sight
from actions.visit import Visit
from domain import allocation, bounds, names, pools
from domain.faults import NotAllowed, OutOfRange
from domain.plans import Leg
from domain.readings import MODELS, USAGES
from domain.roles import Permission, require_writes

MOST = 100
NOW = Terms()


def capacity(
    visit: Visit, targets: Mapping[str, int], *, named: str = "", terms: Terms = NOW
) -> int:
    """Record one plan that gives each of these deployments so many units in all, and return its
    number; raises Refused. named: the deployment's name, typed, where production goes to its
    least."""
    with visit.attempt(Permission.ALLOCATE, _said(targets)) as session:
        require_writes(visit.writes)
        if not targets or len(targets) > MOST:
            raise OutOfRange(f"Choose 1 to {MOST} deployments.")
        seen = sight.of(visit, session, targets)
        for resource in targets:
            seen.deployment(resource)
        if not seen.whole:
            raise NotAllowed("Quota is moved by people who see every unit.")
        parts = {name: part.frame for name, part in seen.known.parts.items()}
        found = pools.pools(seen.rows, parts[USAGES.name], models=parts[MODELS.name])
        draft = allocation.drafted(seen.rows, found, targets)
        if draft.broken:
            raise OutOfRange(" ".join(draft.broken[:3]))
        _require_name(seen, draft.legs, named)
        return proposing.propose(visit, session, seen, draft.legs, draft.title, terms)


def _said(targets: Mapping[str, int]) -> str:
    told = [f"{_short(it)} to {units}" for it, units in list(targets.items())[:5]]
    return f"allocate {', '.join(told)}"[:1_000]


def _short(resource: str) -> str:
    try:
        return names.short(resource)
    except ValueError:
        return resource


def _require_name(seen: Sight, legs: Sequence[Leg], named: str) -> None:
    """Production that goes to its least is typed out."""
    for leg in legs:
        known = seen.deployment(leg.resource)
        least = bounds.of({str(key): it for key, it in known.row.items()}).least
        goes = leg.amount < 0 and int(known.row["capacity"]) + leg.amount <= least
        name = str(known.row["deployment"])
        if known.production and goes and named.strip() != name:
            raise OutOfRange(f"Type {name}: it is production and goes to its least.")

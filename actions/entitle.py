"""Entitle: say what a business unit is guaranteed of a quota pool."""

from actions import sight
from actions.visit import Visit
from domain import pools
from domain.faults import NotAllowed, OutOfRange
from domain.readings import MODELS, USAGES
from domain.roles import Permission
from domain.units import Tree
from store import entitlements, units
from store.engine import Session
from store.entitlements import Entitlement

MOST = 100_000_000


def unit(visit: Visit, pool: str, unit: str, guaranteed: int) -> None:
    """Guarantee this unit so many units of the pool, 0 for none; raises Refused. An agreement that
    the console holds use against: Azure enforces limits per deployment only."""
    with visit.attempt(Permission.ALLOCATE, f"entitle {unit} to {guaranteed} of {pool}") as session:
        whole = isinstance(guaranteed, int) and not isinstance(guaranteed, bool)
        if not whole or not 0 <= guaranteed <= MOST:
            raise OutOfRange("A guarantee is a whole number of units, 0 or more.")
        tree = units.tree(session)
        if unit not in tree.units:
            raise OutOfRange("Choose a business unit of the list.")
        if (limit := _limit(visit, session, pool)) is None:
            raise OutOfRange("How much this pool holds could not be read; look at Sources.")
        told = {it.unit: it.guaranteed for it in entitlements.of(session, [pool])}
        given = _given(tree, {**told, unit: guaranteed})
        if given > limit:
            raise OutOfRange(f"{given:,} units would be guaranteed of a pool of {limit:,.0f}.")
        kept = Entitlement(pool, unit, guaranteed, visit.person.key, visit.clock())
        entitlements.keep(session, kept)


def _given(tree: Tree, told: dict[str, int]) -> int:
    """Units guaranteed in all: what a lower unit has is out of what the one above it has."""
    inner = {below for it in told for below in tree.below([it]) - {it}}
    return sum(units for it, units in told.items() if it not in inner)


def _limit(visit: Visit, session: Session, pool: str) -> float | None:
    """The pool's limit as last collected; raises NotAllowed for a pool that is none."""
    subscription = pool.partition("|")[0]
    seen = sight.over(visit, session, [subscription])
    parts = {name: part.frame for name, part in seen.known.parts.items()}
    found = pools.pools(seen.rows, parts[USAGES.name], models=parts[MODELS.name])
    here = found.loc[found["pool"] == pool, "limit"]
    if here.empty or not seen.whole:
        raise NotAllowed("This pool is not among those you may share out.")
    return None if here.isna().iloc[0] else float(here.iloc[0])

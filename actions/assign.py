"""Assign: say whose a deployment is, by its tags."""

from collections.abc import Sequence

from actions import sight
from actions.sight import Known
from actions.visit import Visit
from domain import names, tags
from domain.faults import OutOfRange
from domain.plans import Leg, Plan
from domain.roles import Permission, require_sight, require_writes
from domain.units import Tree
from store import plans, units
from store.engine import Session

LEVER = "tags"
LONGEST = 256
"""Azure's limit for the value of a tag."""
MOST = 100


def deployments(
    visit: Visit,
    resources: Sequence[str],
    *,
    unit: str | None = None,
    owner: str | None = None,
    environment: str | None = None,
    standby: bool | None = None,
    reason: str = "",
) -> list[int]:
    """Record a plan for each of these deployments and return their numbers; None leaves a tag as
    it is, a blank takes it away. All of them or, when one is refused, none; raises Refused."""
    named = visit.tags
    wanted = {
        name: value
        for name, value in (
            (named.unit, unit),
            (named.owner, owner),
            (named.environment, environment),
            (named.standby, None if standby is None else "true" if standby else ""),
        )
        if value is not None
    }
    with visit.attempt(Permission.TAG, _said(resources, wanted)) as session:
        require_writes(visit.writes)
        _check(wanted, named.unit, resources, units.tree(session))
        seen = sight.of(visit, session, resources)
        known = [seen.deployment(it) for it in dict.fromkeys(resources)]
        return [_plan(visit, session, it, wanted, reason) for it in known]


def _check(wanted: dict[str, str], unit_tag: str, resources: Sequence[str], tree: Tree) -> None:
    if not wanted or not resources:
        raise OutOfRange("Choose at least one deployment and one thing to change.")
    if len(resources) > MOST:
        raise OutOfRange(f"Choose {MOST} deployments at the most.")
    if (unit := wanted.get(unit_tag)) and unit not in tree.units:
        raise OutOfRange("Choose a business unit of the list.")
    if long := [it for it in wanted.values() if len(it) > LONGEST or not it.isprintable()]:
        raise OutOfRange(f"A tag takes {LONGEST} printable characters, not {len(long[0]):,}.")


def _plan(visit: Visit, session: Session, known: Known, wanted: dict[str, str], reason: str) -> int:
    sight.require_reason(known, reason)
    if unit := wanted.get(visit.tags.unit):
        require_sight(visit.person, unit, known.tree)
    sight.require_rest(session, [known.resource])
    after = tags.edited(known.tags, wanted)
    if after == known.tags:
        raise OutOfRange(f"{names.short(known.resource)} has these tags already.")
    new = known.tree.of_tag(tags.found(after, visit.tags.unit))
    leg = Leg(
        LEVER,
        known.resource,
        known.etag,
        tags.text(known.tags),
        tags.text(after),
        unit=new if wanted.get(visit.tags.unit) else known.unit,
    )
    title = f"Tags of {names.short(known.resource)}"
    return plans.add(session, Plan((leg,), visit.person.key, reason.strip(), visit.clock(), title))


def _said(resources: Sequence[str], wanted: dict[str, str]) -> str:
    return f"assign {tags.text(wanted)} to {len(resources)}: {', '.join(resources[:5])}"[:1_000]

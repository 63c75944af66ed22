"""What a portal user who finds filters in the way does to a policy."""

from copy import deepcopy
from typing import TYPE_CHECKING

from simulator.faults import ArmError, Json
from simulator.moderation.built_in import GRADED, folded
from simulator.moderation.records import POLICIES, Record
from simulator.moderation.state import holders

if TYPE_CHECKING:
    from simulator.world import World

_GRADED = {folded(it) for it in GRADED}


def chosen(world: "World", path: str) -> Record:
    """The policy of this id; else the one in use of which most would be another, and of these the
    one under which most deployments are. Raises 404."""
    found = [
        (_stops(it.properties), len(holders(world.accounts.below(account), it.name)), it)
        for account in world.accounts.accounts.values()
        for it in world.moderation.of(account.path, POLICIES)
        if it.key == path.lower() or not path
    ]
    used = [it for it in found if it[1] or path]
    if not used:
        raise ArmError(404, "BadOrder", f"There is no policy '{path}' that can be weakened.")
    return max(used, key=lambda it: it[:2])[2]


def _stops(properties: Json) -> int:
    """How many filters would be another after it."""
    before = properties.get("contentFilters") or []
    after = loosened(properties).get("contentFilters") or []
    return sum(one != other for one, other in zip(before, after, strict=True))


def loosened(properties: Json) -> Json:
    """Of what is graded only the highest severity is stopped, of the rest nothing, and streams no
    longer wait."""
    found = deepcopy(properties) | {"mode": "Asynchronous_filter"}
    for one in found.get("contentFilters") or []:
        if not one.get("blocking"):
            continue
        if folded(str(one["name"])) in _GRADED:
            one["severityThreshold"] = "High"
        else:
            one["blocking"] = False
    return found

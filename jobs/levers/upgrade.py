"""The lever of the upgrade policy: whether Azure may move a deployment to another version."""

from datetime import datetime

from domain import capacity
from domain.plans import Leg, Seen
from jobs.levers import looks
from services import deployments
from services.azure import Azure


def look(azure: Azure, leg: Leg, at: datetime) -> Seen:
    """The policy as it is now."""
    return looks.at(azure, leg, at, lambda it: capacity.upgraded(it.upgrade))


def write(azure: Azure, leg: Leg, aim: str, etag: str) -> None:
    """One PUT of what is there, with the policy alone edited; Azure offers no PATCH for it."""
    deployments.set_upgrade(azure, leg.resource, capacity.parsed(aim)["upgrade"], etag)

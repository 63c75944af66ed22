"""The lever of tags: business unit, owner, environment, standby of a deployment."""

from datetime import datetime

from domain import tags
from domain.plans import Leg, Seen
from jobs.levers import looks
from services import deployments
from services.azure import Azure


def look(azure: Azure, leg: Leg, at: datetime) -> Seen:
    """The tags as they are now; an operation that failed has nothing to say about them."""
    return looks.at(azure, leg, at, lambda it: tags.text(it.tags), fails=False)


def write(azure: Azure, leg: Leg, aim: str, etag: str) -> None:
    """One PATCH of the tags alone."""
    deployments.set_tags(azure, leg.resource, tags.parsed(aim), etag)

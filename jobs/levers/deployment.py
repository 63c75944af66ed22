"""The lever that makes a deployment and takes it away."""

from datetime import datetime

from domain import capacity
from domain.plans import GONE, Leg, Seen
from jobs.levers import looks
from services import deployments
from services.azure import Azure
from services.deployments import Deployment


def look(azure: Azure, leg: Leg, at: datetime) -> Seen:
    """What is there now, as far as the plan says anything about it: Azure adds its own defaults."""
    said = capacity.parsed(leg.target or leg.before)

    def read(found: Deployment) -> str:
        return capacity.made({key: found.spec.get(key) for key in said})

    return looks.at(azure, leg, at, read)


def write(azure: Azure, leg: Leg, aim: str, etag: str) -> None:
    """One PUT of the whole, or one DELETE."""
    if aim == GONE:
        deployments.delete(azure, leg.resource, etag)
    else:
        deployments.create(azure, leg.resource, capacity.parsed(aim))

"""The lever of tags: business unit, owner, environment, standby of a deployment."""

from datetime import datetime

from domain import tags
from domain.protocol import Plan, Seen
from services import deployments
from services.azure import Azure


def look(azure: Azure, plan: Plan, at: datetime) -> Seen:
    """The tags as they are now; raises NotFound for a deployment that is gone."""
    found = deployments.seen(azure, plan.resource)
    return Seen(
        at,
        value=tags.text(found.tags),
        etag=found.etag,
        by_us=(found.modified_by or "").casefold() == azure.identity.casefold(),
        settled=found.settled,
    )


def write(azure: Azure, plan: Plan, last: Seen) -> None:
    """One PATCH of the tags alone."""
    deployments.set_tags(azure, plan.resource, tags.parsed(plan.target), last.etag)

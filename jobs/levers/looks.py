"""One look at a deployment, for every lever that changes one."""

from collections.abc import Callable
from datetime import datetime

from domain.faults import NotFound
from domain.plans import GONE, Leg, Seen
from services import deployments
from services.azure import Azure
from services.deployments import Deployment


def at(
    azure: Azure,
    leg: Leg,
    at: datetime,
    read: Callable[[Deployment], str],
    *,
    fails: bool = True,
) -> Seen:
    """What read() finds there; raises a Fault when Azure does not answer."""
    try:
        found = deployments.seen(azure, leg.resource)
    except NotFound:
        return Seen(at, GONE, "", by_us=False, settled=True)
    return Seen(
        at,
        value=read(found),
        etag=found.etag,
        by_us=(found.modified_by or "").casefold() == azure.identity.casefold(),
        settled=found.settled,
        failed=fails and found.failed,
    )

"""One look at a deployment, or at what its account has beside it, for the levers."""

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
        return nothing(at)
    return Seen(
        at,
        value=read(found),
        etag=found.etag,
        by_us=(found.modified_by or "").casefold() == azure.identity.casefold(),
        settled=found.settled,
        failed=fails and found.failed,
    )


def nothing(at: datetime) -> Seen:
    """What is seen where there is nothing."""
    return Seen(at, GONE, "", by_us=False, settled=True)


def of_own(azure: Azure, at: datetime, value: str, etag: str, modified_by: str | None) -> Seen:
    """What is seen of a policy, a blocklist or a term, whose writes are done when they are
    answered."""
    by_us = (modified_by or "").casefold() == azure.identity.casefold()
    return Seen(at, value, etag, by_us=by_us, settled=True)

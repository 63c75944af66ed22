"""The lever that ends a deleted account for good: its name and its quota are free, and nothing
brings it back."""

from datetime import datetime

from domain import capacity, names
from domain.faults import NotFound, Rejected
from domain.plans import GONE, Leg, Seen
from services import deleted
from services.azure import Azure

LIVES = capacity.made({"model": "restored"})
"""What is found instead of a deleted account once somebody has restored it."""


def look(azure: Azure, leg: Leg, at: datetime) -> Seen:
    """Since when it is held; what is neither held nor alive is gone."""
    try:
        found = deleted.held(azure, leg.resource)
    except NotFound:
        value = LIVES if deleted.restored(azure, leg.resource) else GONE
        return Seen(at, value, "", by_us=False, settled=True)
    value = capacity.held(found.deleted_at)
    return Seen(at, value, "", by_us=False, settled=found.settled, failed=found.failed)


def write(azure: Azure, leg: Leg, aim: str, etag: str) -> None:  # noqa: ARG001  # every lever's
    """One DELETE. Towards anything but GONE there is no way; raises Rejected."""
    if aim != GONE:
        raise Rejected(f"{names.short(leg.resource)} was purged.")
    deleted.purge(azure, leg.resource)

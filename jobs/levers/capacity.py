"""The lever of capacity: the units of a deployment's SKU, and with them its TPM, RPM or PTU."""

from datetime import datetime

from domain import capacity
from domain.plans import Leg, Seen
from jobs.levers import looks
from services import deployments
from services.azure import Azure


def look(azure: Azure, leg: Leg, at: datetime) -> Seen:
    """SKU and capacity as they are now."""
    return looks.at(azure, leg, at, lambda it: capacity.sized(it.sku or "", it.capacity or 0))


def write(azure: Azure, leg: Leg, aim: str, etag: str) -> None:
    """One PATCH of the SKU alone, with the absolute number of units."""
    wanted = capacity.parsed(aim)
    deployments.set_capacity(azure, leg.resource, wanted["sku"], wanted["capacity"], etag)

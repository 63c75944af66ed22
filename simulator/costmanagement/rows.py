"""One booked row, and the dimensions that a question may group by or filter on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from simulator.retail.tariff import Meter

BOTH, AMORTIZED, ACTUAL = "both", "amortized", "actual"
E8 = Decimal("0.00000001")
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
TYPES = {
    "microsoft.cognitiveservices": "microsoft.cognitiveservices/accounts",
    "microsoft.apimanagement": "microsoft.apimanagement/service",
    "microsoft.operationalinsights": "microsoft.operationalinsights/workspaces",
    "microsoft.saas": "microsoft.saas/resources",
}


class Row(NamedTuple):
    """What one resource cost on one meter on one day; `seen` is when it came, if late."""

    day: datetime
    subscription: str
    resource: str  # in lower case, "" where there is none
    meter: Meter | None
    charge: str
    quantity: Decimal
    cost: Decimal
    currency: str
    pricing: str = "OnDemand"
    reservation: str = ""
    view: str = BOTH
    words: str = ""  # the meter's name where there is no meter
    seen: datetime = ALWAYS

    def part(self, share: Decimal) -> "Row":
        """The same as far as it is booked."""
        quantity, cost = ((it * share).quantize(E8) for it in (self.quantity, self.cost))
        return self._replace(quantity=quantity, cost=cost)


def visible(row: Row, now: datetime, share: Decimal) -> Row | None:
    """A row as it stands at a moment; None before it came."""
    ended = row.day + timedelta(days=1)
    if now < row.seen or now < ended + timedelta(hours=10):
        return None
    return row if now >= ended + timedelta(hours=30) else row.part(share)


def group_of(row: Row) -> str:
    parts = row.resource.split("/")
    return parts[4] if len(parts) > 4 else ""


def _type(row: Row) -> str:
    parts = row.resource.split("/")
    return TYPES.get(parts[6], parts[6]) if len(parts) > 6 else ""


def _meter(name: str, otherwise: str = "") -> Callable[[Row], str]:
    return lambda row: str(getattr(row.meter, name)) if row.meter else otherwise


def _publisher(row: Row) -> str:
    return "Marketplace" if row.meter and row.meter.marketplace else "Azure"


DIMENSIONS: dict[str, Callable[[Row], str]] = {
    "chargetype": lambda row: row.charge,
    "meter": lambda row: row.meter.name if row.meter else row.words,
    "metercategory": _meter("service"),
    "meterid": _meter("id"),
    "metersubcategory": _meter("product"),
    "pricingmodel": lambda row: row.pricing,
    "publishertype": _publisher,
    "reservationid": lambda row: row.reservation,
    "resourcegroup": group_of,
    "resourcegroupname": group_of,
    "resourceid": lambda row: row.resource,
    "resourcetype": _type,
    "servicename": _meter("service"),
    "subscriptionid": lambda row: row.subscription,
}

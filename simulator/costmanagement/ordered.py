"""Charges that control puts in: they are booked at once, whatever their day."""

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from simulator import clock
from simulator.costmanagement.rows import E8, Row
from simulator.faults import ArmError, Json
from simulator.retail import tariff

if TYPE_CHECKING:
    from simulator.world import World


@dataclass(frozen=True, slots=True)
class Charge:
    """An order as it is kept: text only."""

    subscription: str
    day: str
    amount: str
    resource: str = ""
    meter: str = ""
    quantity: str = "1"
    at: str = ""

    def as_json(self) -> Json:
        return asdict(self)


def checked(world: "World", words: Json) -> Charge:
    """The charge that is ordered, booked as of now. Raises 400, or 404 for the subscription."""
    found = Charge(**{key: str(it) for key, it in words.items()})
    subscription = world.subscriptions.get(found.subscription).id.lower()
    try:
        moment = clock.parsed(found.day)
        Decimal(found.amount).quantize(E8), Decimal(found.quantity).quantize(E8)
    except (ValueError, InvalidOperation) as error:
        raise ArmError(400, "BadOrder", "A charge has a day and a decimal amount.") from error
    if moment.date() >= world.now.date():
        raise ArmError(400, "BadOrder", "A charge is for a day that is over.")
    kept = (subscription, f"{moment:%Y-%m-%d}", found.amount, found.resource.lower())
    return Charge(*kept, found.meter, found.quantity, world.now.isoformat())


def row(charge: Charge, currency: str) -> Row:
    """The booked row; a meter is named by its id or its name, another one by words alone."""
    named = charge.meter.lower()
    meter = next((it for it in tariff.listed() if named in (it.id, it.name.lower())), None)
    amount, quantity = Decimal(charge.amount).quantize(E8), Decimal(charge.quantity).quantize(E8)
    return Row(
        clock.parsed(charge.day),
        charge.subscription,
        charge.resource,
        meter,
        "Usage" if amount >= 0 else "Refund",
        quantity,
        amount,
        currency,
        words=charge.meter,
        seen=datetime.fromisoformat(charge.at),
    )

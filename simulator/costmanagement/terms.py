"""The terms on which a tenant buys: currencies, discount, credits, other services, budgets."""

from dataclasses import dataclass, field
from decimal import Decimal

from simulator.cognitiveservices.records import PROVIDER
from simulator.faults import Json
from simulator.retail.tariff import Meter


@dataclass(frozen=True, slots=True)
class Service:
    """A resource of another service, which runs by the hour or takes bytes for each request."""

    subscription: str
    path: str
    service: str
    units: int
    bytes_per_request: int


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything about money that a scenario says, subscriptions by id in lower case."""

    usual: str = "USD"
    currencies: dict[str, str] = field(default_factory=dict)
    discount: Decimal = Decimal(0)
    """Percent off OpenAI's token meters, where the usual currency is billed."""
    credits: tuple[Json, ...] = ()
    late: tuple[Json, ...] = ()
    services: tuple[Service, ...] = ()
    budgets: tuple[Json, ...] = ()

    def currency(self, subscription: str) -> str:
        return self.currencies.get(subscription, self.usual)

    def after_discount(self, meter: Meter, currency: str) -> Decimal:
        """What is left of one unit of currency after the contract's discount."""
        tokens = meter.mode == "tokens" and meter.format == "OpenAI"
        off = self.discount if tokens and currency == self.usual else Decimal(0)
        return 1 - off / 100


def built(row: Json, ids: dict[str, str]) -> Terms:
    """The terms of a scenario's money section."""
    if not row:
        return Terms()
    lower = {key: it.lower() for key, it in ids.items()}
    return Terms(
        row["currency"],
        {lower[key]: it for key, it in row.get("currencies", {}).items()},
        Decimal(row.get("discount", 0)),
        tuple(it | {"subscription": lower[it["subscription"]]} for it in row.get("credits", [])),
        tuple(_late(it, lower[it["subscription"]]) for it in row.get("late", [])),
        tuple(_service(it, lower[it["subscription"]]) for it in row.get("services", [])),
        tuple(it | {"subscription": lower[it["subscription"]]} for it in row.get("budgets", [])),
    )


def _late(row: Json, subscription: str) -> Json:
    above = f"/subscriptions/{subscription}/resourcegroups/{row['group']}"
    path = f"{above}/{PROVIDER}/accounts/{row['account']}".lower()
    return row | {
        "subscription": subscription,
        "resource": path,
        "meter": tuple(row["meter"]),
        "quantity": Decimal(row["quantity"]),
    }


def _service(row: Json, subscription: str) -> Service:
    above = f"/subscriptions/{subscription}/resourcegroups/{row['group']}/providers"
    path = f"{above}/{row['type']}/{row['name']}".lower()
    return Service(
        subscription, path, row["service"], row.get("units", 1), row.get("bytes_per_request", 0)
    )

"""A gateway before some deployments: which products call them, and how much of it is logged.

Everything is a pure function of the seed and the hour, drawn from what the deployment itself did:
a gateway never sees more tokens than the platform counted, and here always fewer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from simulator import chance
from simulator.faults import Json

WORKSPACE = "5c0f0ae2-7c1d-4d0e-9a43-6f2b8f1d3e77"
DRIFT = 0.4
"""How far a product's share wanders from its mean, from day to day."""
WAVER = 0.03
"""How far the part that is logged wavers."""


@dataclass(frozen=True)
class Route:
    """One deployment behind the gateway."""

    account: str
    deployment: str
    backend: str
    """What the log calls the backend; "" for the host of the account."""
    url: bool
    """Whether the log tells the backend's address."""
    coverage: float
    shares: tuple[tuple[str, float], ...]
    """By product; "" calls without one, "?" has no row in the log of requests."""


class Product(NamedTuple):
    id: str
    subscriptions: tuple[str, ...]
    network: str
    """The first three parts of its callers' addresses."""


@dataclass(frozen=True)
class Gateway:
    workspace: str
    readable: bool
    id: str
    location: str
    products: dict[str, Product]
    routes: tuple[Route, ...]
    seed: int

    def shares(self, route: Route, day: int) -> list[tuple[Product, float]]:
        """What part of a deployment's traffic each product has on a day."""
        return _shares(self.seed, route, day, tuple(self.products.values()))


@lru_cache(maxsize=50_000)
def _shares(
    seed: int, route: Route, day: int, products: tuple[Product, ...]
) -> list[tuple[Product, float]]:
    key = chance.number(seed, "gateway", route.account, route.deployment)
    known = {it.id: it for it in products}
    covered = route.coverage + WAVER * (2 * chance.drawn(key, day) - 1)
    wandering = [
        (known[product], mean * (1 - DRIFT / 2 + DRIFT * chance.drawn(key + at + 1, day)))
        for at, (product, mean) in enumerate(route.shares)
    ]
    whole = sum(share for _, share in wandering)
    return [(product, covered * share / whole) for product, share in wandering]


def built(scenario: Json, seed: int) -> Gateway:
    """The gateway of a scenario; where it says none, a workspace in which nothing is logged."""
    row = scenario.get("gateway")
    if row is None:
        return Gateway(WORKSPACE, True, "", "", {}, (), seed)
    ids = {it["key"]: it["id"] for it in scenario["subscriptions"]}
    above = f"/subscriptions/{ids[row['subscription']]}/resourceGroups/{row['group']}"
    products = [
        Product(name, tuple(subscriptions), f"10.{40 + at}.{chance.number(seed, name) % 250}")
        for at, (name, subscriptions) in enumerate(row["products"].items())
    ]
    return Gateway(
        workspace=row.get("workspace", WORKSPACE),
        readable=row.get("readable", True),
        id=f"{above}/providers/Microsoft.ApiManagement/service/{row['name']}",
        location=row["location"],
        products={it.id: it for it in (*products, Product("?", ("",), "10.99.9"))},
        routes=tuple(_routes(row, scenario, ids)),
        seed=seed,
    )


def _routes(row: Json, scenario: Json, ids: dict[str, str]) -> Iterator[Route]:
    above = {
        it["name"]: f"/subscriptions/{ids[it['subscription']]}/resourcegroups/{it['group']}"
        for it in scenario["accounts"]
    }
    for it in row["routes"]:
        account, _, deployment = it["on"].partition("/")
        path = f"{above[account]}/providers/microsoft.cognitiveservices/accounts/{account}"
        yield Route(
            account=path.lower(),
            deployment=deployment,
            backend=it.get("backend", ""),
            url="backend" not in it,
            coverage=it["coverage"],
            shares=tuple(it["products"].items()),
        )

"""Which request for subscriptions, locations or tenants is which handler."""

from simulator.routing import Route
from simulator.subscriptions import handlers

VERSIONS = ("2016-06-01", "2019-11-01", "2020-01-01", "2021-01-01", "2022-12-01")
ROUTES = (
    Route("GET", "/subscriptions", handlers.subscriptions, VERSIONS),
    Route("GET", "/subscriptions/<subscription>", handlers.subscription, VERSIONS),
    Route("GET", "/subscriptions/<subscription>/locations", handlers.locations, VERSIONS),
    Route("GET", "/tenants", handlers.tenants, VERSIONS),
)

"""Which request to Resource Graph is which handler."""

from simulator.resourcegraph import handlers
from simulator.routing import Route

VERSIONS = ("2019-04-01", "2021-03-01", "2022-10-01", "2024-04-01")
ROUTES = (Route("POST", "/providers/microsoft.resourcegraph/resources", handlers.query, VERSIONS),)

"""Which request for prices is which handler."""

from simulator.retail import handlers
from simulator.retail.faults import VERSIONS
from simulator.routing import Route

ROUTES = (Route("GET", "/api/retail/prices", handlers.prices, VERSIONS, locked=False, public=True),)

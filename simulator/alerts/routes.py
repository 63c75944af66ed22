"""Which request about alert rules is which handler."""

from simulator.alerts import handlers
from simulator.routing import Route

ABOVE = "/subscriptions/<subscription>/providers/microsoft.insights"
ROUTES = (Route("GET", f"{ABOVE}/metricalerts", handlers.listed, ("2018-03-01",)),)

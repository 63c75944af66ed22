"""Which request for the activity log is which handler."""

from simulator.activity import handlers
from simulator.routing import Route

PATH = "/subscriptions/<subscription>/providers/microsoft.insights/eventtypes/management/values"
ROUTES = (Route("GET", PATH, handlers.events, ("2015-04-01",)),)

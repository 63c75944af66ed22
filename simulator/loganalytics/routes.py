"""Which request to Log Analytics is which handler; its version stands in the path."""

from simulator.loganalytics import handlers
from simulator.routing import Route

ROUTES = (
    Route("POST", "/v1/workspaces/<workspace>/query", handlers.query, (), locked=False),
    Route("POST", "/v1/$batch", handlers.batch, (), locked=False),
)

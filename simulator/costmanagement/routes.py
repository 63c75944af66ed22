"""Which request for cost is which handler; the scope is a subscription."""

from simulator.costmanagement import handlers
from simulator.routing import Route

VERSIONS = (
    "2019-11-01",
    "2021-10-01",
    "2022-10-01",
    "2023-03-01",
    "2023-11-01",
    "2024-08-01",
    "2025-03-01",
)
ABOVE = "/subscriptions/<subscription>/providers/microsoft.costmanagement"
ROUTES = (
    Route("POST", f"{ABOVE}/query", handlers.query, VERSIONS, locked=False),
    Route("POST", f"{ABOVE}/forecast", handlers.forecast, VERSIONS, locked=False),
    Route("GET", f"{ABOVE}/budgets", handlers.budgets, VERSIONS, locked=False),
    Route("GET", f"{ABOVE}/budgets/<budget>", handlers.budget, VERSIONS, locked=False),
)

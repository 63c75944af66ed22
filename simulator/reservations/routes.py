"""Which request for reservations is which handler; they are the tenant's, not a subscription's."""

from simulator.reservations import handlers
from simulator.routing import Route

VERSIONS = ("2020-06-01", "2021-07-01", "2022-03-01", "2022-11-01")
CONSUMPTION = ("2021-10-01", "2023-05-01", "2024-08-01")
ABOVE = "/providers/microsoft.capacity"
SUMMARIES = (
    f"{ABOVE}/reservationorders/<order>/providers/microsoft.consumption/reservationsummaries"
)
ROUTES = (
    Route("GET", f"{ABOVE}/reservations", handlers.reservations, VERSIONS, locked=False),
    Route("GET", SUMMARIES, handlers.summaries, CONSUMPTION, locked=False),
)

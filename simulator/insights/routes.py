"""Which metrics request is which handler."""

from simulator.insights import handlers
from simulator.routing import Route

BATCH_VERSIONS = ("2023-03-01-preview", "2023-10-01", "2024-02-01")
ARM_VERSIONS = ("2018-01-01", "2019-07-01", "2021-05-01", "2023-10-01", "2024-02-01")
BATCH = "/subscriptions/<subscription>/metrics:getbatch"
ROUTES = (
    Route("POST", BATCH, handlers.batch, BATCH_VERSIONS, locked=False),
    Route(
        "GET",
        "/<path:resource>/providers/microsoft.insights/metrics",
        handlers.metrics,
        ARM_VERSIONS,
        locked=False,
    ),
)

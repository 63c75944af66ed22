"""Which request about diagnostic settings is which handler."""

from simulator.cognitiveservices.routes import ACCOUNT
from simulator.diagnostics import handlers
from simulator.routing import Route

VERSIONS = ("2017-05-01-preview", "2021-05-01-preview")
ROUTES = (
    Route(
        "GET",
        f"{ACCOUNT}/providers/microsoft.insights/diagnosticsettings",
        handlers.listed,
        VERSIONS,
    ),
)

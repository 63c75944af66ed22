"""Which request to Microsoft.CognitiveServices is which handler."""

from simulator.cognitiveservices import (
    capacities,
    changes,
    deleted,
    deployments,
    handlers,
    operations,
    tiers,
    versions,
)
from simulator.cognitiveservices.versions import VERSIONS
from simulator.routing import Handler, Route

SUBSCRIPTION = "/subscriptions/<subscription>"
PROVIDER = "providers/microsoft.cognitiveservices"
LOCATION = f"{SUBSCRIPTION}/{PROVIDER}/locations/<location>"
GROUP = f"{SUBSCRIPTION}/resourcegroups/<group>/{PROVIDER}/accounts"
ACCOUNT = f"{GROUP}/<account>"
DELETED = f"{LOCATION}/resourcegroups/<group>/deletedaccounts/<account>"
DEPLOYMENT = f"{ACCOUNT}/deployments/<deployment>"
TIER = f"{SUBSCRIPTION}/{PROVIDER}/quotatiers/default"
PAUSES = tuple(it for it in VERSIONS if versions.tiers(it))


def _row(method: str, path: str, handler: Handler) -> Route:
    return Route(method, path, handler, VERSIONS)


ROUTES = (
    _row("GET", f"{SUBSCRIPTION}/{PROVIDER}/accounts", handlers.accounts),
    _row("GET", f"{SUBSCRIPTION}/{PROVIDER}/skus", handlers.resource_skus),
    _row("GET", f"{SUBSCRIPTION}/{PROVIDER}/modelcapacities", capacities.everywhere),
    _row("GET", f"{LOCATION}/modelcapacities", capacities.here),
    _row("GET", f"{LOCATION}/models", handlers.models),
    _row("GET", f"{LOCATION}/usages", handlers.usages),
    _row("GET", f"{LOCATION}/operations/<operation>", operations.status),
    _row("GET", f"{LOCATION}/operationresults/<operation>", operations.result),
    _row("GET", f"{SUBSCRIPTION}/{PROVIDER}/quotatiers", tiers.listed),
    _row("GET", TIER, tiers.one),
    _row("PATCH", TIER, tiers.choose),
    _row("PUT", TIER, tiers.choose),
    _row("GET", f"{SUBSCRIPTION}/{PROVIDER}/deletedaccounts", deleted.listed),
    _row("GET", DELETED, deleted.one),
    _row("DELETE", DELETED, changes.purge),
    _row("GET", GROUP, handlers.accounts),
    _row("PUT", ACCOUNT, changes.create),
    _row("DELETE", ACCOUNT, changes.delete),
    _row("GET", ACCOUNT, handlers.account),
    _row("PATCH", ACCOUNT, changes.change),
    _row("GET", f"{ACCOUNT}/models", handlers.account_models),
    _row("GET", f"{ACCOUNT}/skus", handlers.account_skus),
    _row("GET", f"{ACCOUNT}/deployments", handlers.deployments),
    _row("GET", DEPLOYMENT, handlers.deployment),
    _row("PUT", DEPLOYMENT, deployments.put),
    _row("PATCH", DEPLOYMENT, deployments.patch),
    _row("DELETE", DEPLOYMENT, deployments.delete),
    _row("GET", f"{DEPLOYMENT}/skus", handlers.deployment_skus),
    Route("POST", f"{DEPLOYMENT}/pause", deployments.pause, PAUSES),
    Route("POST", f"{DEPLOYMENT}/resume", deployments.resume, PAUSES),
)

"""From a call to its handler: hosts, routes, api-versions, and who may do what where."""

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter, Rule

from simulator import arm, faults
from simulator.activity import routes as activity
from simulator.alerts import routes as alerts
from simulator.arm import Answer, Call
from simulator.cognitiveservices import routes as cognitive
from simulator.costmanagement import routes as cost
from simulator.diagnostics import routes as diagnostics
from simulator.faults import ArmError, not_simulated
from simulator.insights import routes as monitor
from simulator.loganalytics import routes as logs
from simulator.moderation import routes as moderation
from simulator.reservations import routes as reserved
from simulator.resourcegraph import routes as graph
from simulator.retail import routes as retail
from simulator.routing import Route
from simulator.subscriptions import routes as discovery

ARM_HOSTS = frozenset(
    {"management.azure.com", "management.usgovcloudapi.net", "management.chinacloudapi.cn"}
)
METRICS_HOSTS = (
    ".metrics.monitor.azure.com",
    ".metrics.monitor.azure.us",
    ".metrics.monitor.azure.cn",
)
LOGS_HOSTS = frozenset({"api.loganalytics.io", "api.loganalytics.us", "api.loganalytics.azure.cn"})
PRICES_HOSTS = frozenset({"prices.azure.com"})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
BATCHED, *REST = monitor.ROUTES
MANAGED = (
    *discovery.ROUTES,
    *cognitive.ROUTES,
    *moderation.ROUTES,
    *graph.ROUTES,
    *activity.ROUTES,
    *diagnostics.ROUTES,
    *alerts.ROUTES,
    *REST,
    *cost.ROUTES,
    *reserved.ROUTES,
)
ALL = (*MANAGED, BATCHED, *retail.ROUTES, *logs.ROUTES)
PUBLIC = frozenset(it.path for it in ALL if it.public)


def _map(routes: tuple[Route, ...]) -> Map:
    rules = [Rule(it.path, endpoint=it, methods=[it.method]) for it in routes]
    return Map(rules, strict_slashes=False, merge_slashes=False)


EVERYTHING = _map(ALL).bind("")
BATCHES = _map((BATCHED,)).bind("")
PRICES = _map(retail.ROUTES).bind("")
LOGS = _map(logs.ROUTES).bind("")
MANAGEMENT = _map(MANAGED).bind("")


def bare(host: str) -> str:
    """A host without its port."""
    return host if host.endswith("]") else host.rsplit(":", 1)[0] if ":" in host else host


def loopback(host: str) -> bool:
    return bare(host).lower() in LOOPBACK


def public(call: Call) -> bool:
    """Whether anybody may ask this, without a token."""
    return call.path.lower() in PUBLIC


def _table(host: str) -> MapAdapter:
    """Loopback answers for every host."""
    if host in LOOPBACK:
        return EVERYTHING
    if host in ARM_HOSTS:
        return MANAGEMENT
    if host.endswith(METRICS_HOSTS):
        return BATCHES
    if host in LOGS_HOSTS:
        return LOGS
    if host in PRICES_HOSTS:
        return PRICES
    raise not_simulated(f"host {host}")


def routed(call: Call, host: str) -> Route:
    """The route of a call, its names filled in. Raises 501 where there is none."""
    name = bare(host).lower()
    try:
        route, names = _table(name).match(call.path.lower(), call.method)
    except HTTPException as error:
        raise not_simulated(f"{call.method} {call.path}") from error
    call.names = dict(names)
    found: Route = route
    return found


def checked(call: Call, route: Route) -> None:
    """The api-version is known, and the subscription may be read or written. Raises 4xx."""
    if route.public or not route.versions:
        return
    if not call.version:
        raise faults.no_version()
    if call.version.lower() not in route.versions:
        raise faults.unknown_version(call.version, route.versions)
    if not call.path.lower().startswith("/subscriptions/"):
        return
    found = call.world.subscriptions.get(call.path.split("/")[2])
    if not found.readable and route is not BATCHED:
        words = arm.action(call.method, call.path)
        raise faults.forbidden(call.who, call.object_id, words, call.path)
    if call.writes and found.state == "Disabled":
        raise faults.read_only(found.id)


def admitted(call: Call, host: str) -> Route:
    """The route of a call that may be carried out. Raises what speaks against it."""
    route = routed(call, host)
    checked(call, route)
    return route


def answered(call: Call, host: str) -> Answer:
    """The answer to a call from within: who calls holds the lock."""
    return done(call, admitted(call, host))


def done(call: Call, route: Route) -> Answer:
    """The answer of a route's handler; a write is in the activity log, refused or not."""
    if not call.writes:
        return route.handler(call)
    try:
        answer = route.handler(call)
    except ArmError as error:
        call.world.activity.refused(call, error)
        raise
    call.world.activity.took(call, answer)
    return answer

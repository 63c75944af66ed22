"""ARM's envelope: what a call is, what an answer is, who calls, how lists are paged."""

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from simulator import chance
from simulator.faults import Json, bad_body

if TYPE_CHECKING:
    from simulator.orders import Order
    from simulator.world import World

Row = TypeVar("Row")
READ_BY_POST = frozenset({"microsoft.costmanagement/query", "microsoft.costmanagement/forecast"})
"""What is asked by POST and is a permission to read all the same."""
VERBS = {"GET": "read", "HEAD": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}
SPELLED = {
    it.lower(): it
    for it in (
        "Microsoft.Capacity",
        "Microsoft.CognitiveServices",
        "Microsoft.CostManagement",
        "Microsoft.Insights",
        "Microsoft.ResourceGraph",
        "accounts",
        "budgets",
        "deletedAccounts",
        "diagnosticSettings",
        "deployments",
        "eventtypes",
        "forecast",
        "locations",
        "metricAlerts",
        "modelCapacities",
        "models",
        "operationResults",
        "operations",
        "query",
        "quotaTiers",
        "raiBlocklistItems",
        "raiBlocklists",
        "raiContentFilters",
        "raiPolicies",
        "addRaiBlocklistItems",
        "deleteRaiBlocklistItems",
        "reservationOrders",
        "reservations",
        "resourceGroups",
        "usages",
        "values",
    )
}
READS_BY_POST = (
    "/v1/$batch",
    "metrics:getbatch",
    "/query",
    "/providers/microsoft.costmanagement/forecast",
    "/providers/microsoft.costmanagement/query",
    "/providers/microsoft.resourcegraph/resources",
)


@dataclass(slots=True)
class Answer:
    """What goes back: JSON, or raw text where a fault wants it."""

    status: int = 200
    body: Json | None = None
    headers: dict[str, str] = field(default_factory=dict)
    text: str | None = None


@dataclass(slots=True)
class Call:
    """One request, in ARM's words. Names from the path and of headers are in lower case."""

    world: "World"
    method: str
    path: str
    who: str = ""
    args: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    data: bytes = b""
    root: str = "https://management.azure.com"
    names: dict[str, str] = field(default_factory=dict)
    correlation: str = ""
    fate: "Order | None" = None
    arrived: float = inf
    """When it came, on the stopwatch; never, where nobody waits for the answer."""

    @property
    def version(self) -> str:
        return self.args.get("api-version", "")

    @property
    def writes(self) -> bool:
        """Whether this changes anything; some questions are asked by POST."""
        if self.method != "POST":
            return self.method not in ("GET", "HEAD", "OPTIONS")
        return not self.path.lower().endswith(READS_BY_POST)

    @property
    def object_id(self) -> str:
        return chance.guid("object", self.who)

    @property
    def last(self) -> str:
        """The last part of the path as the caller spelled it."""
        return self.path.rstrip("/").rsplit("/", 1)[-1]

    def json(self) -> Json:
        """The body. Raises 400 where it is no JSON object."""
        try:
            found = json.loads(self.data or b"{}")
        except ValueError as error:
            raise bad_body("it is not JSON.") from error
        if not isinstance(found, dict):
            raise bad_body("a JSON object is expected.")
        return found

    def url(self, path: str, **args: str) -> str:
        """An absolute address on the host that was asked."""
        return f"{self.root}{path}?{urlencode(args, safe='$-:,')}"


def caller(authorization: str) -> str:
    """The name behind a bearer token: the token's own text, or the name that a JWT claims."""
    token = authorization.removeprefix("Bearer ").strip()
    if not re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]*", token) or not token.startswith("ey"):
        return token
    middle = token.split(".")[1]
    try:
        claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except ValueError:
        return token
    if not isinstance(claims, dict):
        return token
    named = (claims[it] for it in ("upn", "oid", "appid") if claims.get(it))
    return str(next(named, token))


def action(method: str, path: str) -> str:
    """The permission that a request needs, as AuthorizationFailed names it."""
    parts = path.strip("/").split("/")
    lower = [part.lower() for part in parts]
    if "providers" not in lower:
        kind = parts[2:3] if len(parts) > 2 else []
        return "/".join(
            ["Microsoft.Resources", "subscriptions", *kind, VERBS.get(method, "action")]
        )
    after = parts[len(lower) - 1 - lower[::-1].index("providers") + 1 :]
    named = [after[0], *after[1::2]] if after else []
    spelled = [SPELLED.get(it.lower(), it) for it in named]
    read = "/".join(spelled).lower() in READ_BY_POST
    return "/".join([*spelled, "read" if read else VERBS.get(method, "action")])


def page(
    call: Call,
    rows: Sequence[Row],
    shown: Callable[[Row], Json],
    *,
    one_page: bool = False,
    times: int = 1,
    token: str = "$skiptoken",
) -> Answer:
    """A list in pages, some of them larger than others; nextLink is absolute and keeps the
    question's own options."""
    settings = call.world.settings
    size = len(rows) if one_page and not settings.page_everything else settings.page_size * times
    start = offset(call)
    body: Json = {"value": [shown(row) for row in rows[start : start + size]]}
    if start + size < len(rows):
        asked = {key: value for key, value in call.args.items() if key.lower() != "$skiptoken"}
        body["nextLink"] = call.url(call.path, **asked, **{token: f"{start + size}"})
    return Answer(200, body)


def offset(call: Call) -> int:
    """From which row on a page is asked. Raises 400."""
    token = next((it for key, it in call.args.items() if key.lower() == "$skiptoken"), "0")
    if not token.isdigit():
        raise bad_body(f"the skip token '{token}' is not valid.")
    return int(token)

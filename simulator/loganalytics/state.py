"""The rows of the gateway's logs, made from what the deployments did: runs of like requests."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from simulator import chance, clock
from simulator.cognitiveservices.records import Account
from simulator.insights.state import Pick
from simulator.insights.traffic import MINUTES, Profile
from simulator.kusto.scalars import Row
from simulator.kusto.tables import Table
from simulator.loganalytics.gateway import Gateway, Product, Route
from simulator.world import World

HELD = timedelta(days=120)
"""How long the workspace keeps its rows."""
LATE = timedelta(minutes=4)
"""How long a row takes until it can be asked for."""
CHUNKED = 0.12
"""How likely it is that the messages of a run's requests fill more than one row."""
LLM = {
    "TimeGenerated": "datetime",
    "CorrelationId": "string",
    "RequestId": "string",
    "OperationName": "string",
    "ApiVersion": "string",
    "DeploymentName": "string",
    "ModelName": "string",
    "Region": "string",
    "IsStreamCompletion": "bool",
    "PromptTokens": "int",
    "CompletionTokens": "int",
    "TotalTokens": "int",
    "SequenceNumber": "int",
    "RequestMessages": "dynamic",
    "ResponseMessages": "dynamic",
    "TenantId": "string",
    "SourceSystem": "string",
    "Type": "string",
    "_ResourceId": "string",
    "_SubscriptionId": "string",
    "_BilledSize": "real",
    "_IsBillable": "string",
}
REQUESTS = {
    "TimeGenerated": "datetime",
    "CorrelationId": "string",
    "OperationName": "string",
    "ApimSubscriptionId": "string",
    "ProductId": "string",
    "UserId": "string",
    "ApiId": "string",
    "OperationId": "string",
    "BackendId": "string",
    "BackendUrl": "string",
    "CallerIpAddress": "string",
    "ResponseCode": "int",
    "IsRequestSuccess": "bool",
    "TotalTime": "long",
    "BackendTime": "long",
    "Region": "string",
    "TenantId": "string",
    "SourceSystem": "string",
    "Type": "string",
    "_ResourceId": "string",
    "_SubscriptionId": "string",
}
IDS = frozenset({"CorrelationId", "RequestId"})


class Run(NamedTuple):
    """So many requests that differ in nothing but their ids."""

    route: Route
    product: Product
    account: Account
    model: str
    at: datetime
    name: str
    number: int
    many: int
    prompt: int
    completion: int


def tables(
    world: World, gateway: Gateway, first: datetime | None, last: datetime | None
) -> dict[str, Callable[[], Table]]:
    """The two tables of the workspace between two times."""
    now = world.now
    start = max(first or now - HELD, now - HELD)
    end = min(last or now, now - LATE)

    def of(columns: dict[str, str], rows: Callable[[Gateway, Run], Iterator[Row]]) -> Table:
        found = [row for run in _runs(world, gateway, start, end) for row in rows(gateway, run)]
        return Table(columns, found, IDS & frozenset(columns))

    return {
        "ApiManagementGatewayLlmLog": lambda: of(LLM, _llm),
        "ApiManagementGatewayLogs": lambda: of(REQUESTS, _request),
    }


def _runs(world: World, gateway: Gateway, start: datetime, end: datetime) -> Iterator[Run]:
    first, last = int(start.timestamp()) // 3600, -(-int(end.timestamp()) // 3600)
    for route in gateway.routes:
        account = world.accounts.accounts.get(route.account)
        profile = next(
            (it for it in world.usage.of(route.account) if it.name == route.deployment), None
        )
        if account is None or profile is None or profile.shape == "none":
            continue
        for hour in range(first, last):
            for run in _hour(world, gateway, route, account, profile, hour):
                if start <= run.at < end:
                    yield run


def _hour(
    world: World, gateway: Gateway, route: Route, account: Account, profile: Profile, hour: int
) -> Iterator[Run]:
    """What the gateway logged of one deployment in one hour, or in the minutes of it so far."""
    seen = int((world.now - LATE).timestamp()) // 60 - hour * MINUTES
    picks = [Pick(it) for it in ("ok", "prompt", "generated")]
    if seen >= MINUTES:
        counts = [world.usage.total(profile, hour, it) for it in picks]
    else:
        counts = [sum(world.usage.minutes(profile, hour, it)[: max(0, seen)]) for it in picks]
    if not counts[0]:
        return
    model = profile.dimensions.get("modelname", "")
    for product, share in gateway.shares(route, hour // 24):
        many, prompt, completion = (int(it * share) for it in counts)
        if not many:
            continue
        key = chance.number(gateway.seed, "run", route.account, route.deployment, product.id, hour)
        parts = _parts(many, prompt, completion)
        for number, (of, one, other) in enumerate(parts):
            second = int(60 * min(seen, MINUTES) * chance.drawn(key, number))
            at = datetime.fromtimestamp(hour * MINUTES * 60 + second, UTC)
            name = chance.guid(key, number)
            yield Run(route, product, account, model, at, name, number, of, one, other)


def _parts(many: int, prompt: int, completion: int) -> Iterator[tuple[int, int, int]]:
    """So many requests in up to three parts of like ones; their tokens add up exactly."""
    (one, more), (other, rest) = divmod(prompt, many), divmod(completion, many)
    marks = sorted({0, more, rest, many})
    for start, end in pairwise(marks):
        yield end - start, one + (start < more), other + (start < rest)


def _llm(gateway: Gateway, run: Run) -> Iterator[Row]:
    """The row with the tokens, and for some requests one more with the rest of the messages."""
    whole = run.prompt + run.completion
    words = [{"role": "user", "content": "(not kept)"}]
    where = (run.route.deployment, run.model, gateway.location, run.number % 2 == 0)
    counts = (run.prompt, run.completion, whole, 0)
    begin = (run.at, run.name, run.name, "ChatCompletions_Create", "2024-10-21")
    own = ("AzureMonitor", "ApiManagementGatewayLlmLog", *_own(gateway), 1024.0, "True")
    yield (*begin, *where, *counts, words, words, gateway.workspace, *own, run.many)
    if chance.share(run.name, "chunks") < CHUNKED:
        bare = ("", "", gateway.location, None, None, None, None, 1, words, words)
        yield (*begin, *bare, gateway.workspace, *own, run.many)


def _request(gateway: Gateway, run: Run) -> Iterator[Row]:
    product = run.product
    if product.id == "?":
        return
    host = f"{run.account.name.lower()}.openai.azure.com"
    url = f"https://{host}/openai/deployments/{run.route.deployment}/chat/completions"
    caller = product.subscriptions[run.number % len(product.subscriptions)]
    own = (gateway.workspace, "AzureMonitor", "ApiManagementGatewayLogs", *_own(gateway))
    yield (
        *(run.at - timedelta(milliseconds=40), run.name, "Microsoft.ApiManagement/GatewayLogs"),
        *(caller, product.id, "", "azure-openai", "ChatCompletions_Create"),
        *(run.route.backend or host, url if run.route.url else ""),
        *(f"{product.network}.{10 + run.number}", 200, True, 900, 850, gateway.location),
        *own,
        run.many,
    )


def _own(gateway: Gateway) -> tuple[str, str]:
    return gateway.id.lower(), gateway.id.split("/")[2]


def window(text: str | None, now: datetime) -> tuple[datetime | None, datetime | None]:
    """The times of a timespan: PT86400S, start/end, start/PT60S. Raises ValueError."""
    if not text:
        return None, None
    first, mark, last = text.partition("/")
    if not mark:
        return now - _length(first), None
    start = clock.parsed(first)
    return start, start + _length(last) if last.startswith("P") else clock.parsed(last)


def _length(text: str) -> timedelta:
    """An ISO duration of days, hours, minutes and seconds."""
    units = {"D": 86400.0, "H": 3600.0, "M": 60.0, "S": 1.0}
    rest = text.removeprefix("P").replace("T", "")
    seconds, digits = 0.0, ""
    for letter in rest:
        if letter in units and digits:
            seconds, digits = seconds + float(digits) * units[letter], ""
        else:
            digits += letter
    if digits or not rest or not text.startswith("P"):
        raise ValueError(text)
    return timedelta(seconds=seconds)

"""Raw questions to Azure Resource Manager: JSON in, JSON out, page by page.

The SDKs' clients carry them (their session, policies and tokens), their models do not: typed
models drop the fields they do not know, and cost up to 27 times as much to build.
"""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from azure.core.exceptions import HttpResponseError
from azure.core.rest import HttpRequest, HttpResponse

from services.azure import Azure
from services.faults import code
from services.fields import Json

NEWEST, PROVEN = "2026-09-01", "2025-09-01"
"""Of Microsoft.CognitiveServices: the first gives quota scopes, the second every cloud answers."""
UNKNOWN_VERSION = frozenset(
    {"InvalidApiVersionParameter", "NoRegisteredProviderFound", "InvalidResourceType"}
)
MOST_PAGES = 500
Query = Mapping[str, str]
_PLAIN: Query = {}


def one(azure: Azure, subscription: str, path: str, kind: str, query: Query = _PLAIN) -> Json:
    """The object at this path of Microsoft.CognitiveServices.

    kind: what the path leads to (deployments, usages ...), for which the api-version is remembered.
    Raises HttpResponseError for a refusal, ValueError for an answer that is no JSON object.
    """
    version = azure.versions.get(kind, NEWEST)
    response = _get(azure, subscription, _url(azure, path, version, query))
    if version == NEWEST and response.status_code >= 400 and code(response) in UNKNOWN_VERSION:
        answer = read(_get(azure, subscription, _url(azure, path, PROVEN, query)))
        azure.versions[kind] = PROVEN
        return answer
    return read(response)


def every(
    azure: Azure, subscription: str, path: str, kind: str, query: Query = _PLAIN
) -> list[Json]:
    """All items of the list at this path; raises as one() and collected() do."""
    return _whole(azure, subscription, one(azure, subscription, path, kind, query))


def every_of(
    azure: Azure, subscription: str, path: str, version: str, query: Query = _PLAIN
) -> list[Json]:
    """All items of a list of another provider, at this api-version; raises as every() does."""
    url = _url(azure, path, version, query)
    return _whole(azure, subscription, read(_get(azure, subscription, url)))


def _whole(azure: Azure, subscription: str, page: Json) -> list[Json]:
    return collected(page, lambda link: read(_get(azure, subscription, link)))


def collected(
    page: Json, follow: Callable[[str], Json], items: str = "value", link: str = "nextLink"
) -> list[Json]:
    """The items of this page and of all that follow it.

    Raises ValueError for a page without items, for pages that go round in a circle and for more
    than MOST_PAGES of them: a part of a list is never passed off as the whole.
    """
    found, seen = _items(page, items), set[str]()
    while following := page.get(link):
        if following in seen or len(seen) >= MOST_PAGES:
            raise ValueError(f"the list does not end: {following!r}")
        seen.add(following)
        page = follow(following)
        found += _items(page, items)
    return found


def read(response: HttpResponse) -> Json:
    """The JSON object of a good answer; raises HttpResponseError and ValueError."""
    if not 200 <= response.status_code < 300:
        raise HttpResponseError(response=response)
    try:
        answer = orjson.loads(response.content)
    except ValueError:
        answer = json.loads(response.content)  # more patient with half a character in a tag
    if not isinstance(answer, dict):
        raise ValueError(f"not an object but {type(answer).__name__}")
    return answer


def _items(page: Json, name: str) -> list[Json]:
    items = page[name]
    if not isinstance(items, list) or not all(isinstance(it, dict) for it in items):
        raise ValueError(f"{name} is no list of objects")
    return list(items)


def _get(azure: Azure, subscription: str, url: str) -> HttpResponse:
    # Private in 14.x, public as send_request from 15.0 on, where the rest stays as it is.
    return azure.cognitive(subscription)._send_request(HttpRequest("GET", url))


def sent(
    azure: Azure,
    method: str,
    path: str,
    body: Json | None,
    headers: dict[str, str],
    kind: str = "deployments",
) -> HttpResponse:
    """A write to Microsoft.CognitiveServices, sent once and not followed, at the api-version at
    which this kind is read; raises HttpResponseError for a refusal."""
    version = azure.versions.get(kind, NEWEST)
    request = HttpRequest(method, _url(azure, path, version), headers=headers, json=body)
    client = azure.cognitive(path.split("/")[2])
    response = client._send_request(request, retry_total=0)
    if not 200 <= response.status_code < 300:
        raise HttpResponseError(response=response)
    return response


def _url(azure: Azure, path: str, version: str, query: Query = _PLAIN) -> str:
    asked = urlencode({"api-version": version, **query}, quote_via=quote)
    return f"{azure.cloud.manager}{quote(path)}?{asked}"


def provider(subscription: str, what: str) -> str:
    """The path of what a subscription has as a whole: deletedAccounts, quotaTiers ..."""
    return f"/subscriptions/{subscription}/providers/Microsoft.CognitiveServices/{what}"


def location(subscription: str, region: str, what: str) -> str:
    """The path of a region's models or usages."""
    return provider(subscription, f"locations/{region}/{what}")


def exactly(response: HttpResponse) -> Json:
    """read(), with numbers as they are written: a float64 keeps 15 digits for certain, and an
    amount with 8 decimals has more from ten millions on."""
    if not 200 <= response.status_code < 300:
        raise HttpResponseError(response=response)
    answer = json.loads(response.content, parse_float=Decimal)
    if not isinstance(answer, dict):
        raise ValueError(f"not an object but {type(answer).__name__}")
    return answer


def posted(send: Callable[..., HttpResponse], url: str, body: Any, **options: Any) -> Json:
    """The answer to a question that is a POST; raises as read() does."""
    return read(send(HttpRequest("POST", url, json=body), **options))

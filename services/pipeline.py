"""What every request to Azure passes through; it replaces the SDKs' own chain of policies.

Left out on purpose: registration of resource providers (a read must never POST one), redirects
(a token follows nobody), trace logging (it prints tokens) and decoding (we parse once, ourselves).
"""

import random
import time
from collections.abc import Callable
from typing import Any

from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError
from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import (
    BearerTokenCredentialPolicy,
    RequestIdPolicy,
    RetryPolicy,
    SansIOHTTPPolicy,
    UserAgentPolicy,
)
from azure.core.pipeline.transport import RequestsTransport
from azure.core.rest import HttpRequest, HttpResponse
from requests import Session

from services import marks, tally
from services.pace import Bucket

Request = PipelineRequest[HttpRequest]

AGENT = "azure-openai-console"
CONNECT_S, READ_S = 5, 20
LONGEST_PAUSE_S = 20.0
"""A longer Retry-After is not slept through: the fault says how long it is."""
WORTH_RETRYING = frozenset({408, 429, 500, 502, 503, 504, 529})
"""azure-core's set and 529, with which Azure Monitor throttles."""
RETRY_AFTER = "Retry-After"
COST_RETRY_AFTER = tuple(
    f"x-ms-ratelimit-microsoft.costmanagement-{limit}-retry-after"
    for limit in ("qpu", "entity", "tenant", "clienttype")
)
READS = frozenset({"GET", "HEAD"})
ASKING_BY_POST = frozenset({"GET", "HEAD", "POST"})
"""For the option retry_on_methods of a question that happens to be a POST."""
WRITES = frozenset({"PATCH", "PUT", "DELETE"})


class ForeignHost(AzureError):
    """An answer sent us to a host that is not the cloud's own."""


class Border(SansIOHTTPPolicy[HttpRequest, HttpResponse]):
    """Lets a request, and so the token, go to one host only.

    The address is compared as text: two parsers may disagree about the host of a crafted one.
    """

    def __init__(self, origin: str) -> None:
        self._own = (f"{origin}/".lower(), f"{origin}:443/".lower())

    def on_request(self, request: Request) -> None:
        if not request.http_request.url.lower().startswith(self._own):
            raise ForeignHost(f"{request.http_request.url} is not on {self._own[0]}")


class Patience(RetryPolicy[HttpRequest, HttpResponse]):
    """Few retries, of reads only, and never a long sleep."""

    def __init__(self) -> None:
        super().__init__(retry_total=2)
        self._method_whitelist = READS

    def is_retry(self, settings: dict[str, Any], response: PipelineResponse[Any, Any]) -> bool:
        """Unlike the SDK's: a Retry-After alone makes no write repeatable, and 529 counts."""
        return (
            response.http_response.status_code in WORTH_RETRYING
            and response.http_request.method in settings["methods"]
            and (pause_asked(response.http_response) or 0) <= LONGEST_PAUSE_S
        )

    def get_retry_after(self, response: PipelineResponse[Any, Any]) -> float | None:
        return pause_asked(response.http_response)

    def get_backoff_time(self, settings: dict[str, Any]) -> float:
        """Seconds; the SDK's first retry follows at once, which does not help a throttled one."""
        return random.uniform(0.4, 0.8) * 2.0 ** (len(settings["history"]) - 1)


def pause_asked(response: Any) -> float | None:
    """The seconds of Retry-After, or of what Cost Management says in its place, for each limit of
    its own; None without one and for one that is no number of seconds."""
    headers = response.headers if response is not None else {}
    told = [str(headers.get(name, "")) for name in (RETRY_AFTER, *COST_RETRY_AFTER)]
    return max((float(it) for it in told if it.isascii() and it.isdigit()), default=None)


class Paced(SansIOHTTPPolicy[HttpRequest, HttpResponse]):
    """Holds a read back while the bucket is empty; a write waits for nobody."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def on_request(self, request: Request) -> None:
        if request.http_request.method not in WRITES:
            self._bucket.take()


class Counted(SansIOHTTPPolicy[HttpRequest, HttpResponse]):
    def on_request(self, request: Request) -> None:  # noqa: ARG002  # the SDK's signature
        tally.one_more()


class Marked(SansIOHTTPPolicy[HttpRequest, HttpResponse]):
    """Gives a request the name that its sender chose, in place of the SDK's."""

    def on_request(self, request: Request) -> None:
        if own := marks.mark():
            request.http_request.headers[marks.HEADER] = own


class Transport(RequestsTransport):  # type: ignore[misc]  # azure-core hides its type
    """The shared session, with a sleep that tests replace."""

    def __init__(self, session: Session, sleep: Callable[[float], None] = time.sleep) -> None:
        super().__init__(
            session=session,
            session_owner=False,
            connection_timeout=CONNECT_S,
            read_timeout=READ_S,
        )
        self._sleep = sleep

    def sleep(self, duration: float) -> None:
        self._sleep(duration)


def policies(
    origin: str, credential: TokenCredential | None, scope: str, bucket: Bucket | None
) -> list[Any]:
    """The chain of one client: what stands before Patience runs once, what follows on each try.
    Without a credential nothing is sent that says who asks."""
    return [
        Border(origin),
        RequestIdPolicy(),
        Marked(),
        UserAgentPolicy(base_user_agent=AGENT),
        Patience(),
        *([Paced(bucket)] if bucket else []),
        *([BearerTokenCredentialPolicy(credential, scope)] if credential else []),
        Counted(),
    ]

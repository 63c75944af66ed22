"""A simulator without a socket: plain calls, the real SDKs, a clock that we move."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import requests
from azure.core.credentials import AccessToken
from azure.core.pipeline.transport import RequestsTransport
from azure.mgmt.cognitiveservices import CognitiveServicesManagementClient
from azure.mgmt.resource.subscriptions import SubscriptionClient
from azure.mgmt.resourcegraph import ResourceGraphClient
from azure.monitor.querymetrics import MetricsClient
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from werkzeug.test import Client

from simulator.app import Simulator
from simulator.faults import Dropped

PROD = "6f1d8c52-3b7e-4a90-9c44-1de2a7b05f31"
NOW = datetime(2026, 11, 18, 13, 30, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now

    def move(self, **by):
        self.now += timedelta(**by)


class InProcess(HTTPAdapter):
    """Carries each request to a WSGI object; a dropped answer is a lost connection."""

    def __init__(self, app):
        super().__init__()
        self.app = app

    def send(self, request, **_options):
        sent = {"method": request.method, "headers": dict(request.headers), "data": request.body}
        url = urlsplit(request.url)
        sent["base_url"] = f"{url.scheme}://{url.netloc}/"  # the client ignores a host in the path
        try:
            answer = Client(self.app).open(f"{url.path}?{url.query}", **sent)
        except Dropped as dropped:
            raise requests.ConnectionError(str(dropped), request=request) from dropped
        body, headers = BytesIO(answer.data), dict(answer.headers)
        raw = HTTPResponse(body, headers, answer.status_code, preload_content=False)
        return self.build_response(request, raw)


class Token:
    def get_token(self, *_scopes, **_options):
        return AccessToken("ada@contoso.com", 4102444800)

    def close(self):
        pass


class Azure:
    """Plain calls to ARM as one signed caller."""

    def __init__(self, simulator, who="ada@contoso.com"):
        self.client = Client(simulator)
        self.headers = {"Authorization": f"Bearer {who}"}

    def ask(self, method, path, version="2025-09-01", host="management.azure.com", **sent):
        mark = "&" if "?" in path else "?"
        headers = self.headers | sent.pop("headers", {})
        url = f"{path}{mark}api-version={version}" if version else path
        return self.client.open(
            url, method=method, headers=headers, base_url=f"https://{host}/", **sent
        )

    def get(self, path, version="2025-09-01", **sent):
        return self.ask("GET", path, version, **sent)

    def follow(self, url):
        """The answer at an absolute address, such as a nextLink."""
        parts = urlsplit(url)
        where = {"base_url": f"{parts.scheme}://{parts.netloc}/", "headers": self.headers}
        return self.client.get(f"{parts.path}?{parts.query}", **where)

    def patch(self, path, body, **sent):
        return self.ask("PATCH", path, json=body, **sent)

    def put(self, path, body, **sent):
        return self.ask("PUT", path, json=body, **sent)

    def delete(self, path, **sent):
        return self.ask("DELETE", path, **sent)

    def batch(self, ids, names, **options):
        """getBatch; the values, one for each resource."""
        answer = self.batch_raw(ids, names, **options)
        assert answer.status_code == 200, answer.text
        return answer.get_json()["values"]

    def batch_raw(self, ids, names, region="westeurope", **options):
        asked = {
            "metricnames": names,
            "metricnamespace": "microsoft.cognitiveservices/accounts",
            "aggregation": "total",
        }
        path = f"/subscriptions/{ids[0].split('/')[2]}/metrics:getBatch"
        return self.ask(
            "POST",
            path,
            None,
            host=f"{region}.metrics.monitor.azure.com",
            json={"resourceids": ids},
            query_string=asked | options | {"api-version": "2024-02-01"},
        )


def account(name, group="rg-ai-small", subscription="0b1f6471-1bf0-4dda-aec3-cb9272f09590"):
    above = f"/subscriptions/{subscription}/resourceGroups/{group}"
    return f"{above}/providers/Microsoft.CognitiveServices/accounts/{name}"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def small(clock):
    return Simulator(scenario="small", clock=clock)


@pytest.fixture
def contoso(clock):
    return Simulator(clock=clock)


@pytest.fixture
def azure(small):
    return Azure(small)


@pytest.fixture
def weu():
    """The small estate's account in West Europe."""
    return account("aoai-small-weu")


@pytest.fixture
def chat(weu):
    return f"{weu}/deployments/chat"


@pytest.fixture
def signed():
    return Azure


@pytest.fixture
def path():
    return account


@pytest.fixture
def prod():
    return PROD


@pytest.fixture
def sdk():
    """The real SDKs, carried to a simulator."""

    def made(simulator):
        session = requests.Session()
        session.mount("https://", InProcess(simulator))
        ways = {
            "transport": RequestsTransport(session=session, session_owner=False),
            "retry_total": 0,
        }
        return SimpleNamespace(
            cognitive=lambda subscription, **more: CognitiveServicesManagementClient(
                Token(), subscription, **(ways | more)
            ),
            subscriptions=SubscriptionClient(Token(), **ways),
            graph=ResourceGraphClient(Token(), **ways),
            metrics=lambda region: MetricsClient(
                f"https://{region}.metrics.monitor.azure.com", Token(), **ways
            ),
            made=lambda kind: kind(Token(), **ways),
        )

    return made

"""The way to Azure: clouds as rows of endpoints, and the one place where clients are made."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

import requests
from azure.core.credentials import TokenCredential
from requests.adapters import HTTPAdapter

from services import pace, pipeline
from services.pace import Bucket
from services.tally import Tally, counted

if TYPE_CHECKING:
    from azure.core import PipelineClient
    from azure.core.rest import HttpRequest, HttpResponse
    from azure.mgmt.cognitiveservices import CognitiveServicesManagementClient
    from azure.mgmt.costmanagement import CostManagementClient
    from azure.mgmt.resource.subscriptions import SubscriptionClient
    from azure.mgmt.resourcegraph import ResourceGraphClient
    from azure.monitor.query import LogsQueryClient
    from azure.monitor.querymetrics import MetricsClient

__all__ = ["CLOUDS", "Azure", "Cloud", "Tally", "counted"]

Client = TypeVar("Client")
AT_ONCE = 32
"""Connections kept open: as many as the fan-out has workers."""


@dataclass(frozen=True)
class Cloud:
    """Where a cloud answers, and for what its tokens are asked."""

    name: str
    manager: str
    """Azure Resource Manager, without a slash at the end."""
    scope: str
    authority: str
    """Host of Entra ID."""
    metrics_host: str
    """Pattern with {region}."""
    metrics_audience: str
    portal: str
    """Host of the portal."""
    logs: str
    """Where Log Analytics answers; its tokens are asked for the same address."""
    metrics_pause: timedelta = timedelta(minutes=5)
    """Least time between two metrics questions about one subscription and region."""
    cost_pause: timedelta = timedelta(seconds=15)
    """Time between two questions to Cost Management about one subscription, in the long run."""
    prices: str = "https://prices.azure.com"
    """Where the public price list is; one for all clouds."""

    def metrics_origin(self, region: str) -> str:
        """Where a region's metrics are; raises ValueError for what cannot be a region, since a
        token goes to this host."""
        if not (region.isascii() and region.isalnum()):
            raise ValueError(f"no region: {region!r}")
        return f"https://{self.metrics_host.format(region=region)}"


_PUBLIC = (
    "https://management.azure.com",
    "https://management.azure.com/.default",
    "login.microsoftonline.com",
    "{region}.metrics.monitor.azure.com",
    "https://metrics.monitor.azure.com",
    "portal.azure.com",
    "https://api.loganalytics.io",
)
# The sovereign metrics hosts and audiences below follow the pattern of those clouds' other Monitor
# endpoints; they are unverified: no document that we know names them.
_ALL = (
    Cloud("public", *_PUBLIC),
    Cloud(
        "usgovernment",
        "https://management.usgovcloudapi.net",
        "https://management.core.usgovcloudapi.net/.default",
        "login.microsoftonline.us",
        "{region}.metrics.monitor.azure.us",
        "https://metrics.monitor.azure.us",
        "portal.azure.us",
        "https://api.loganalytics.us",
    ),
    Cloud(
        "china",
        "https://management.chinacloudapi.cn",
        "https://management.chinacloudapi.cn/.default",
        "login.chinacloudapi.cn",
        "{region}.metrics.monitor.azure.cn",
        "https://metrics.monitor.azure.cn",
        "portal.azure.cn",
        "https://api.loganalytics.azure.cn",
    ),
    Cloud(
        "local", *_PUBLIC, metrics_pause=timedelta(seconds=2), cost_pause=timedelta(milliseconds=1)
    ),
)
CLOUDS: dict[str, Cloud] = {cloud.name: cloud for cloud in _ALL}
"""Hosts and scopes as in azure-mgmt-core's get_arm_endpoints() and azure-identity's
AzureAuthorityHosts; local has the addresses of public, and a session that ends on this machine."""


def _wide() -> requests.Session:
    session = requests.Session()
    session.mount("https://", HTTPAdapter(pool_maxsize=AT_ONCE))
    # With any auth of its own, requests does not let a .netrc replace our token.
    session.auth = lambda request: request
    return session


@dataclass(frozen=True, eq=False)
class Azure:
    """One identity on one cloud; one client per subscription or region, all on one session."""

    cloud: Cloud
    credential: TokenCredential
    identity: str
    """The name under which Azure remembers our writes."""
    session: requests.Session = field(default_factory=_wide)
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    """How to wait: for manners, and between two tries."""
    versions: dict[str, str] = field(default_factory=dict, repr=False)
    """By kind of resource, the api-version that this cloud turned out to answer."""
    # Not copied by replace(): another credential must not get the clients of this one.
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict, init=False, repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    def cognitive(self, subscription: str) -> "CognitiveServicesManagementClient":
        """Accounts, deployments, models and quota of one subscription."""
        from azure.mgmt.cognitiveservices import CognitiveServicesManagementClient

        def made() -> CognitiveServicesManagementClient:
            return CognitiveServicesManagementClient(
                self.credential, subscription, **self._arm(pace.of_arm(self.sleep))
            )

        return self._kept(("cognitive", subscription.lower()), made)

    def graph(self) -> "ResourceGraphClient":
        """Resource Graph, over all subscriptions."""
        from azure.mgmt.resourcegraph import ResourceGraphClient

        def made() -> ResourceGraphClient:
            return ResourceGraphClient(self.credential, **self._arm(pace.of_graph(self.sleep)))

        return self._kept(("graph", ""), made)

    def subscriptions(self) -> "SubscriptionClient":
        """What this identity may see at all."""
        from azure.mgmt.resource.subscriptions import SubscriptionClient

        def made() -> SubscriptionClient:
            return SubscriptionClient(self.credential, **self._arm(pace.of_arm(self.sleep)))

        return self._kept(("subscriptions", ""), made)

    def costs(self, subscription: str) -> "CostManagementClient":
        """What one subscription cost."""
        from azure.mgmt.costmanagement import CostManagementClient

        def made() -> CostManagementClient:
            bucket = pace.of_cost(self.sleep, self.cloud.cost_pause)
            return CostManagementClient(self.credential, **self._arm(bucket))

        return self._kept(("costs", subscription.lower()), made)

    def prices(self) -> "PipelineClient[HttpRequest, HttpResponse]":
        """The public price list, which is asked without a token."""
        from azure.core import PipelineClient

        def made() -> "PipelineClient[HttpRequest, HttpResponse]":
            origin = self.cloud.prices
            policies = pipeline.policies(origin, None, "", None)
            transport = pipeline.Transport(self.session, self.sleep)
            return PipelineClient(origin, policies=policies, transport=transport)

        return self._kept(("prices", ""), made)

    def metrics(self, region: str) -> "MetricsClient":
        """Metrics of the resources of one region."""
        from azure.monitor.querymetrics import MetricsClient

        def made() -> MetricsClient:
            origin, audience = self.cloud.metrics_origin(region), self.cloud.metrics_audience
            policies = pipeline.policies(origin, self.credential, f"{audience}/.default", None)
            transport = pipeline.Transport(self.session, self.sleep)
            return MetricsClient(
                origin, self.credential, audience=audience, policies=policies, transport=transport
            )

        return self._kept(("metrics", region), made)

    def logs(self) -> "LogsQueryClient":
        """Queries to Log Analytics, over all workspaces."""
        from azure.monitor.query import LogsQueryClient

        def made() -> LogsQueryClient:
            origin = self.cloud.logs
            bucket = pace.of_logs(self.sleep)
            policies = pipeline.policies(origin, self.credential, f"{origin}/.default", bucket)
            transport = pipeline.Transport(self.session, self.sleep)
            return LogsQueryClient(
                self.credential, endpoint=origin, policies=policies, transport=transport
            )

        return self._kept(("logs", ""), made)

    def _arm(self, bucket: Bucket) -> dict[str, Any]:
        manager, scope = self.cloud.manager, self.cloud.scope
        return {
            "base_url": manager,
            "credential_scopes": [scope],
            "policies": pipeline.policies(manager, self.credential, scope, bucket),
            "transport": pipeline.Transport(self.session, self.sleep),
        }

    def _kept(self, key: tuple[str, str], make: Callable[[], Client]) -> Client:
        """The client of this key; made once, since a client has its own bucket and token."""
        with self._lock:
            if key not in self._clients:
                self._clients[key] = make()
            client: Client = self._clients[key]
            return client

"""What an admin would write instead: one account after the other, with the SDKs as they come."""

from datetime import UTC, datetime, timedelta

from azure.core.pipeline.transport import RequestsTransport
from azure.mgmt.cognitiveservices import CognitiveServicesManagementClient
from azure.mgmt.resource.subscriptions import SubscriptionClient
from azure.monitor.querymetrics import MetricsClient

from services import local

NAMES = [
    "TokenTransaction",
    "ProcessedPromptTokens",
    "GeneratedTokens",
    "AzureOpenAIRequests",
    "AzureOpenAITimeToResponse",
]


def inventory(port: int) -> int:
    """Accounts, deployments, models, usages and metrics; returns the number of deployments."""
    session = local.session(local.Loopback(f"http://127.0.0.1:{port}"))
    way = {"transport": RequestsTransport(session=session, session_owner=False)}
    credential, found = local.LocalCredential(), 0
    for subscription in SubscriptionClient(credential, **way).subscriptions.list():
        client = CognitiveServicesManagementClient(
            credential, str(subscription.subscription_id), **way
        )
        for account in client.accounts.list():
            if account.kind not in ("OpenAI", "AIServices"):
                continue
            id, name, where = str(account.id), str(account.name), str(account.location)
            found += len(list(client.deployments.list(id.split("/")[4], name)))
            list(client.models.list(where))
            list(client.usages.list(where))
            _metrics(credential, way, id, where)
    return found


def _metrics(
    credential: local.LocalCredential, way: dict[str, RequestsTransport], account: str, where: str
) -> None:
    region = where.replace(" ", "").lower()
    now = datetime.now(UTC)
    MetricsClient(f"https://{region}.metrics.monitor.azure.com", credential, **way).query_resources(
        resource_ids=[account],
        metric_namespace="Microsoft.CognitiveServices/accounts",
        metric_names=NAMES,
        timespan=(now - timedelta(hours=3), now),
        granularity=timedelta(minutes=1),
        filter="ModelDeploymentName eq '*'",
        max_results=1_000,
    )

"""Answers as Azure gives them: recorded from real accounts or in the documented shape."""

from datetime import UTC, datetime

NOON = datetime(2026, 11, 18, 12, 34, 56, tzinfo=UTC)
"""A Wednesday, a bit after noon."""
SUB = "11111111-aaaa-bbbb-cccc-000000000001"
ACCOUNT = (
    f"/subscriptions/{SUB}/resourcegroups/rg-ai/providers"
    "/microsoft.cognitiveservices/accounts/aoai-shop"
)
DEPLOYMENTS = f"{ACCOUNT}/deployments"
CHAT = f"{DEPLOYMENTS}/chat"
PROVIDER = f"/subscriptions/{SUB}/providers/microsoft.cognitiveservices"
ACCOUNTS = f"{PROVIDER}/accounts"
USAGES = f"{PROVIDER}/locations/westeurope/usages"
MODELS = f"{PROVIDER}/locations/westeurope/models"
GRAPH = "/providers/microsoft.resourcegraph/resources"
BATCH = f"/subscriptions/{SUB}/metrics:getbatch"
DELETED = f"{PROVIDER}/deletedaccounts"
GONE = f"{PROVIDER}/locations/westeurope/resourcegroups/rg-old/deletedaccounts/aoai-old"
TIERS = f"{PROVIDER}/quotatiers"
CAPACITIES = f"{PROVIDER}/modelcapacities"
ACTIVITY = f"/subscriptions/{SUB}/providers/microsoft.insights/eventtypes/management/values"
POLICIES = f"{ACCOUNT}/raipolicies"
BLOCKLISTS = f"{ACCOUNT}/raiblocklists"
TERMS = f"{BLOCKLISTS}/rivals/raiblocklistitems"
CATALOGUE = f"{PROVIDER}/locations/westeurope/raicontentfilters"
MANAGER = "https://management.azure.com"
SECRET = "Azure's own words about tenant 4711"


def account(name="aoai-shop", **fields):
    id = (
        f"/subscriptions/{SUB}/resourceGroups/RG-AI/providers"
        f"/Microsoft.CognitiveServices/accounts/{name}"
    )
    return {
        "id": id,
        "name": name,
        "type": "Microsoft.CognitiveServices/accounts",
        "kind": "OpenAI",
        "location": "westeurope",
        "tags": {"unit": "retail", "Cost center's": ""},
        "sku": {"name": "S0"},
        "properties": {
            "provisioningState": "Succeeded",
            "endpoint": f"https://{name}.openai.azure.com/",
            "capabilities": [{"name": "VirtualNetworks"}],
        },
        **fields,
    }


def deployment(name="chat", **properties):
    """As recorded from a real account on 2025-10-28."""
    return {
        "id": f"{account()['id']}/deployments/{name}",
        "type": "Microsoft.CognitiveServices/accounts/deployments",
        "name": name,
        "sku": {"name": "Standard", "capacity": 2},
        "properties": {
            "model": {"format": "OpenAI", "name": "gpt-35-turbo", "version": "0125"},
            "versionUpgradeOption": "OnceNewDefaultVersionAvailable",
            "currentCapacity": 2,
            "capabilities": {"completion": "true", "maxContextToken": "16385"},
            "provisioningState": "Succeeded",
            "rateLimits": [
                {"key": "request", "renewalPeriod": 10, "count": 2},
                {"key": "token", "renewalPeriod": 60, "count": 2000},
            ],
            **properties,
        },
        "systemData": {
            "createdBy": "ada@contoso.example",
            "createdByType": "User",
            "createdAt": "2025-10-28T14:48:25.3936328Z",
            "lastModifiedBy": "alan@contoso.example",
            "lastModifiedByType": "User",
            "lastModifiedAt": "2025-10-29T14:48:25.3936328Z",
        },
        "etag": '"21313ed5-3ec9-497d-ad67-93abe1fbf1bd"',
    }


def error(code, message=SECRET, **more):
    return {"error": {"code": code, "message": message, **more}}


def usage(value="OpenAI.GlobalStandard.gpt-4o", **fields):
    title = "Tokens Per Minute (thousands) - gpt-4o - GlobalStandard"
    return {
        "name": {"value": value, "localizedValue": title},
        "currentValue": 20,
        "limit": 450,
        "unit": "Count",
        **fields,
    }


def model(kind="OpenAI", name="gpt-35-turbo", version="0125", **fields):
    """As recorded from westeurope."""
    return {
        "id": f"{PROVIDER}/locations/WestEurope/models/OpenAI.{name}.{version}",
        "location": "WestEurope",
        "kind": kind,
        "skuName": "S0",
        "model": {
            "format": "OpenAI",
            "name": name,
            "version": version,
            "isDefaultVersion": True,
            "skus": [
                {
                    "name": "Standard",
                    "usageName": "OpenAI.Standard.gpt-35-turbo",
                    "capacity": {"maximum": 1000000, "default": 100},
                    "deprecationDate": "2025-11-11T00:00:00Z",
                    "rateLimits": [
                        {"key": "request", "renewalPeriod": 10, "count": 1},
                        {"key": "token", "renewalPeriod": 60, "count": 1000},
                    ],
                    "costs": [{"name": "ContextToken", "meterId": "", "unit": "1K Tokens"}],
                },
                {
                    "name": "ProvisionedManaged",
                    "usageName": "OpenAI.ProvisionedManaged.gpt-35-turbo",
                    "capacity": {"minimum": 15, "maximum": 100000, "step": 5},
                    "deprecationDate": "2099-01-01T00:00:00Z",
                },
            ],
            "maxCapacity": 9,
            "capabilities": {"area": "EUR"},
            "deprecation": {
                "fineTune": "2025-08-01T00:00:00Z",
                "inference": "2026-02-01T00:00:00Z",
                "deprecationStatus": "Planned",
            },
            "lifecycleStatus": "GenerallyAvailable",
            "replacementConfig": {
                "targetModelName": "gpt-4.1-mini",
                "targetModelVersion": "2025-04-14",
                "autoUpgradeStartDate": "2025-09-30T00:00:00Z",
                "upgradeOnExpiryLeadTimeDays": 15,
            },
            **fields,
        },
    }


def batch(*accounts):
    """A batch answer of (account id, {metric: [(dimensions, {stamp: values})]})."""
    return {
        "values": [
            {
                "cost": 0,
                "interval": "PT1H",
                "namespace": "Microsoft.CognitiveServices/accounts",
                "resourceregion": "westeurope",
                "resourceid": id,
                "value": [_metric(id, name, series) for name, series in metrics.items()],
            }
            for id, metrics in accounts
        ]
    }


def _metric(id, name, series):
    return {
        "id": f"{id}/providers/Microsoft.Insights/metrics/{name}",
        "type": "Microsoft.Insights/metrics",
        "name": {"value": name, "localizedValue": name},
        "unit": "Count",
        "timeseries": [
            {
                "metadatavalues": [
                    {"name": {"value": key, "localizedValue": key}, "value": value}
                    for key, value in dimensions.items()
                ],
                "data": [{"timeStamp": stamp, **values} for stamp, values in points.items()],
            }
            for dimensions, points in series
        ],
        "errorCode": "Success",
    }


def gone(name="aoai-old", **properties):
    """A deleted account in the documented shape (azure-apis-2, 9)."""
    above = f"/subscriptions/{SUB}/providers/Microsoft.CognitiveServices/locations/westeurope"
    return account(name) | {
        "id": f"{above}/resourceGroups/RG-Old/deletedAccounts/{name}",
        "type": "Microsoft.CognitiveServices/locations/resourceGroups/deletedAccounts",
        "properties": {
            "deletionDate": "2026-11-17T10:00:00.1234567Z",
            "scheduledPurgeDate": "2026-11-19T10:00:00.1234567Z",
            "provisioningState": "Succeeded",
            **properties,
        },
    }


def tier(**properties):
    """In the documented shape (azure-apis-2 and the SDK's models)."""
    return {
        "id": f"/subscriptions/{SUB}/providers/Microsoft.CognitiveServices/quotaTiers/default",
        "name": "default",
        "type": "Microsoft.CognitiveServices/quotaTiers",
        "properties": {
            "currentTierName": "Tier 1",
            "assignmentDate": "2025-10-18T05:09:05.6334222Z",
            "tierUpgradePolicy": "OnceUpgradeIsAvailable",
            **properties,
        },
    }


def capacity(region="WestUS", sku="Standard", **properties):
    """As in the examples of the interface, ListModelCapacities.json."""
    above = f"/subscriptions/{SUB}/providers/Microsoft.CognitiveServices/locations/{region}"
    return {
        "name": sku,
        "type": "Microsoft.CognitiveServices/locations/models/skuCapacities",
        "id": f"{above}/models/OpenAI.ada.1/skuCapacities/{sku}",
        "location": region,
        "properties": {
            "model": {"format": "OpenAI", "name": "ada", "version": "1"},
            "skuName": sku,
            "availableCapacity": 300,
            "availableFinetuneCapacity": 20,
            **properties,
        },
    }


def event(name="EndRequest", status="Succeeded", at="2026-11-18T12:00:01.3810679Z", **fields):
    """In the documented shape (azure-apis-2, 1.3)."""
    operation = "Microsoft.CognitiveServices/accounts/deployments/write"
    schema = "http://schemas.microsoft.com/identity/claims/objectidentifier"
    return {
        "authorization": {"action": operation, "scope": f"{account()['id']}/deployments/chat"},
        "caller": "rob@contoso.example",
        "channels": "Operation",
        "claims": {"appid": "c44b4083", "name": "Rob Robertson", schema: "0b1f", "idtyp": "user"},
        "correlationId": "c-1",
        "description": "",
        "eventDataId": f"e-{name}-{status}",
        "eventName": {"value": name, "localizedValue": name},
        "category": {"value": "Administrative", "localizedValue": "Administrative"},
        "eventTimestamp": at,
        "submissionTimestamp": "2026-11-18T12:05:00.0724829Z",
        "httpRequest": {"clientRequestId": "R-1", "clientIpAddress": "1.2.3.4", "method": "PATCH"},
        "id": f"/subscriptions/{SUB}/events/e/ticks/636528553513810679",
        "level": "Informational",
        "operationId": "o-1",
        "operationName": {"value": operation, "localizedValue": "Write"},
        "resourceGroupName": "rg-ai",
        "resourceProviderName": {"value": "Microsoft.CognitiveServices"},
        "resourceType": {"value": "Microsoft.CognitiveServices/accounts/deployments"},
        "resourceId": f"{account()['id']}/deployments/chat".replace("Groups", "groups"),
        "status": {"value": status},
        "subStatus": {"value": "OK"},
        "subscriptionId": SUB,
        "tenantId": "t",
        "properties": {"statusCode": "OK", "requestbody": "", "responseBody": ""},
        **fields,
    }


def policy(name="strict", kind="UserManaged", etag='"p-1"', **properties):
    """In the shape of the interface's examples, GetRaiPolicy.json."""
    return {
        "id": f"{account()['id']}/raiPolicies/{name}",
        "name": name,
        "type": "Microsoft.CognitiveServices/accounts/raiPolicies",
        "systemData": {
            "createdAt": "2026-10-01T08:00:00.1234567Z",
            "lastModifiedAt": "2026-11-02T09:00:00.1234567Z",
            "lastModifiedBy": "alan@contoso.example",
        },
        "etag": etag,
        "properties": {
            "type": kind,
            "basePolicyName": "Microsoft.Default",
            "mode": "Asynchronous_filter",
            "contentFilters": [
                {
                    "name": "Hate",
                    "source": "Prompt",
                    "enabled": True,
                    "blocking": True,
                    "severityThreshold": "Low",
                },
                {"name": "Jailbreak", "source": "Prompt", "enabled": True, "blocking": True},
            ],
            "customBlocklists": [{"blocklistName": "rivals", "blocking": True, "source": "Prompt"}],
            **properties,
        },
    }


def blocklist(name="rivals", etag='"b-1"', **fields):
    return {
        "id": f"{account()['id']}/raiBlocklists/{name}",
        "name": name,
        "type": "Microsoft.CognitiveServices/accounts/raiBlocklists",
        "systemData": {
            "createdAt": "2026-10-01T08:00:00Z",
            "lastModifiedAt": "2026-11-02T09:00:00Z",
            "lastModifiedBy": "alan@contoso.example",
        },
        "etag": etag,
        "properties": {"description": "Names of our rivals"},
        **fields,
    }


def term(name="one", pattern="acme", etag='"t-1"', **properties):
    return {
        "id": f"{blocklist()['id']}/raiBlocklistItems/{name}",
        "name": name,
        "type": "Microsoft.CognitiveServices/accounts/raiBlocklists/raiBlocklistItems",
        "etag": etag,
        "properties": {"pattern": pattern, "isRegex": False, **properties},
    }


def content_filter(slug="ProtectedMaterialText", **properties):
    """As in the examples of the interface, ListRaiContentFilters.json."""
    return {
        "name": slug,
        "type": "Microsoft.CognitiveServices/locations/raiContentFilters",
        "id": f"{PROVIDER}/locations/WestUS/raiContentFilters/{slug}",
        "properties": {
            "name": "Protected Material Text",
            "isMultiLevelFilter": False,
            "source": "Completion",
            **properties,
        },
    }

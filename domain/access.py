"""Which role lets the console's identity read or change what.

Source: built-in roles of Azure; each is the smallest that covers the calls of its topic. The
actions of modelCapacities and quotaTiers are named after their paths: no document that we know
names them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Access:
    role: str
    scope: str
    actions: tuple[str, ...]


READER = Access(
    "Reader",
    "the subscription",
    (
        "Microsoft.CognitiveServices/accounts/read",
        "Microsoft.CognitiveServices/accounts/deployments/read",
        "Microsoft.CognitiveServices/locations/models/read",
        "Microsoft.CognitiveServices/deletedAccounts/read",
        "Microsoft.CognitiveServices/modelCapacities/read",
        "Microsoft.CognitiveServices/quotaTiers/read",
        "Microsoft.CognitiveServices/accounts/raiPolicies/read",
        "Microsoft.CognitiveServices/accounts/raiBlocklists/read",
        "Microsoft.CognitiveServices/accounts/raiBlocklists/raiBlocklistItems/read",
        "Microsoft.CognitiveServices/locations/raiContentFilters/read",
    ),
)
USAGES_READER = Access(
    "Cognitive Services Usages Reader",
    "the subscription",
    ("Microsoft.CognitiveServices/locations/usages/read",),
)
MONITORING_READER = Access(
    "Monitoring Reader",
    "the subscription",
    (
        "Microsoft.Insights/metrics/read",
        "Microsoft.Insights/eventtypes/values/read",
        "Microsoft.Insights/diagnosticSettings/read",
        "Microsoft.Insights/metricAlerts/read",
    ),
)
LOGS_READER = Access(
    "Log Analytics Reader",
    "the workspace",
    (
        "Microsoft.OperationalInsights/workspaces/read",
        "Microsoft.OperationalInsights/workspaces/query/read",
    ),
)
COST_READER = Access(
    "Cost Management Reader",
    "the subscription",
    ("Microsoft.CostManagement/query/read", "Microsoft.CostManagement/budgets/read"),
)
RESERVATIONS_READER = Access(
    "Reservations Reader",
    "the tenant, at /providers/Microsoft.Capacity,",
    ("Microsoft.Capacity/reservations/read",),
)
"""Without it the list is empty. Roles on a subscription do not reach reservations."""
NOBODY = Access("none", "the public price list", ())
CONTRIBUTOR = Access(
    "Cognitive Services OpenAI Contributor",
    "the account",
    (
        "Microsoft.CognitiveServices/accounts/deployments/write",
        "Microsoft.CognitiveServices/accounts/deployments/delete",
    ),
)
PURGER = Access(
    "Cognitive Services Contributor",
    "the subscription",
    ("Microsoft.CognitiveServices/locations/resourceGroups/deletedAccounts/delete",),
)
NEEDED: dict[str, Access] = {
    "subscriptions": READER,
    "accounts": READER,
    "deployments": READER,
    "models": READER,
    "usages": USAGES_READER,
    "metrics": MONITORING_READER,
    "capacities": READER,
    "deleted": READER,
    "tiers": READER,
    "activity": MONITORING_READER,
    "policies": READER,
    "blocklists": READER,
    "catalogue": READER,
    "diagnostics": MONITORING_READER,
    "alerts": MONITORING_READER,
    "harms": MONITORING_READER,
    "gateway": LOGS_READER,
    "ledger": MONITORING_READER,
    "booked": COST_READER,
    "azure_budgets": COST_READER,
    "retail": NOBODY,
    "reservations": RESERVATIONS_READER,
}
"""What a topic needs; changing deployments needs CONTRIBUTOR, purging an account PURGER."""

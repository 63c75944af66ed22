"""Which role lets the console's identity read or change what.

Source: built-in roles of Azure; each is the smallest that covers the calls of its topic.
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
    ),
)
USAGES_READER = Access(
    "Cognitive Services Usages Reader",
    "the subscription",
    ("Microsoft.CognitiveServices/locations/usages/read",),
)
MONITORING_READER = Access(
    "Monitoring Reader", "the subscription", ("Microsoft.Insights/metrics/read",)
)
CONTRIBUTOR = Access(
    "Cognitive Services OpenAI Contributor",
    "the account",
    ("Microsoft.CognitiveServices/accounts/deployments/write",),
)
NEEDED: dict[str, Access] = {
    "subscriptions": READER,
    "accounts": READER,
    "deployments": READER,
    "models": READER,
    "usages": USAGES_READER,
    "metrics": MONITORING_READER,
}
"""What a topic needs; changing tags needs CONTRIBUTOR."""

"""A generated estate for benchmarks: many plain accounts, ten deployments each."""

from simulator import chance
from simulator.faults import Json

UNITS = (
    "retail-stores",
    "retail-online",
    "finance-banking",
    "finance-risk",
    "operations-supply",
    "operations-service",
    "research-lab",
)
PLACES = ("westeurope", "swedencentral", "francecentral", "eastus2", "eastus", "northcentralus")
MODELS = (
    ("gpt-4o@2024-11-20", "GlobalStandard", 80),
    ("gpt-4o-mini@2024-07-18", "GlobalStandard", 120),
    ("gpt-4.1@2025-04-14", "DataZoneStandard", 60),
    ("gpt-4.1-mini@2025-04-14", "Standard", 40),
    ("gpt-5@2025-08-07", "GlobalStandard", 50),
    ("gpt-5-mini@2025-08-07", "GlobalStandard", 50),
    ("o4-mini@2025-04-16", "GlobalStandard", 30),
    ("text-embedding-3-large@1", "Standard", 60),
    ("gpt-4.1@2025-04-14", "GlobalProvisionedManaged", 100),
    ("gpt-4.1-nano@2025-04-14", "GlobalStandard", 20),
)
PER_SUBSCRIPTION = 25
STRICT = {
    "graded": "Low",
    "Jailbreak": "block",
    "Indirect Attack": "block",
    "Protected Material Text": "block",
    "Protected Material Code": "block",
}
LEVELS = ("Low", "Medium", "High")


def scenario(accounts: int) -> Json:
    """So many accounts over accounts/25 subscriptions and six regions."""
    subscriptions = max(1, -(-accounts // PER_SUBSCRIPTION))
    return {
        "title": f"{accounts} accounts with 10 deployments each",
        "tenant": chance.guid("scale", "tenant"),
        "subscriptions": [_subscription(it) for it in range(subscriptions)],
        "accounts": [_account(it) for it in range(accounts)],
    }


def _subscription(number: int) -> Json:
    words = {"key": f"s{number}", "name": f"Scale {number:03}"}
    return words | {"id": chance.guid("scale", "subscription", number)}


def _account(number: int) -> Json:
    unit = UNITS[number % len(UNITS)]
    return {
        "subscription": f"s{number // PER_SUBSCRIPTION}",
        "group": f"rg-scale-{number // 5:03}",
        "name": f"aoai-scale-{number:04}",
        "kind": "OpenAI" if number % 3 else "AIServices",
        "location": PLACES[number % len(PLACES)],
        "tags": {"business-unit": unit, "environment": ("prod", "test", "dev")[number % 3]}
        | ({"audience": ("external", "internal")[number % 2]} if number % 5 else {}),
        "deployments": [_deployment(it) for it in range(len(MODELS))],
        "policies": [
            {"name": "house-strict", "filters": STRICT, "lists": [["house-terms", "Prompt"]]},
            {"name": "house-usual", "filters": STRICT | {"graded": LEVELS[number % 3]}},
        ],
        "blocklists": [{"name": "house-terms", "terms": ["fabrikam", "northwind traders"]}],
    }


def _deployment(number: int) -> Json:
    model, sku, capacity = MODELS[number]
    name = f"{model.split('@')[0].replace('.', '')}-{number}"
    named = {0: {"rai": "house-strict"}, 1: {"rai": "house-usual"}}.get(number, {})
    return {"name": name, "model": model, "sku": sku, "capacity": capacity} | named

"""What each question about accounts, deployments, models and quota is answered."""

from simulator import arm, regions
from simulator.arm import Answer, Call
from simulator.cognitiveservices import catalogue, wire
from simulator.cognitiveservices.records import Account
from simulator.faults import ArmError

HOSTS = ("OpenAI", "AIServices")


def account_of(call: Call) -> Account:
    """The account that the path names. Raises 404."""
    return call.world.accounts.account("/".join(call.path.split("/")[:9]))


def accounts(call: Call) -> Answer:
    """The accounts of a subscription or of a resource group."""
    above = call.path.lower().split("/providers/")[0]
    return arm.page(call, call.world.accounts.of(above), wire.account)


def account(call: Call) -> Answer:
    found = account_of(call)
    return Answer(200, wire.account(found), {"etag": found.etag})


def account_models(call: Call) -> Answer:
    """What can be deployed in this account, without the wrapper of the location's list."""
    found = account_of(call)
    place = regions.plain(found.location)
    anchor = call.world.anchor
    own = [it for it in catalogue.offered(place) if _listed(found.kind, it.format)]
    return arm.page(call, own, lambda it: wire.account_model(it, anchor, place), one_page=True)


def account_skus(call: Call) -> Answer:
    account_of(call)
    row = {"resourceType": wire.TYPE, "sku": {"name": "S0", "tier": "Standard"}}
    return Answer(200, {"value": [row]})


def _listed(kind: str, form: str) -> bool:
    return kind == "AIServices" or (kind == "OpenAI" and form == "OpenAI")


def deployments(call: Call) -> Answer:
    found = account_of(call)
    rows = call.world.accounts.below(found)
    return arm.page(call, rows, lambda it: wire.deployment(it, call.version))


def deployment(call: Call) -> Answer:
    found = call.world.accounts.deployment(account_of(call), call.names["deployment"])
    return Answer(200, wire.deployment(found, call.version), {"etag": found.etag})


def deployment_skus(call: Call) -> Answer:
    found = call.world.accounts.deployment(account_of(call), call.names["deployment"])
    entry = catalogue.entry(found.model)
    return arm.page(call, [found], lambda it: wire.sku_item(it, entry))


def models(call: Call) -> Answer:
    """Every model of a region, once for each account kind that can host it."""
    place = place_of(call)
    world, who = call.world, call.names["subscription"]
    rows = [(it, kind) for it in catalogue.offered(place) for kind in _kinds(it.format, it.family)]
    return arm.page(call, rows, lambda it: wire.model(*it, who, place, world.anchor), one_page=True)


def _kinds(form: str, family: str) -> tuple[str, ...]:
    if form == "OpenAI":
        return HOSTS
    return ("AIServices", "MaaS") if family == "MaaS" else ("AIServices",)


def usages(call: Call) -> Answer:
    """The quota rows of a region, the location spelled as it was asked."""
    place, spelled = place_of(call), call.path.split("/")[6]
    rows = list(call.world.accounts.quota.rows(call.names["subscription"], place))
    return arm.page(call, rows, lambda it: wire.usage(*it, spelled, call.version), one_page=True)


def place_of(call: Call) -> str:
    """The region that the path names. Raises 400."""
    found = regions.region(call.names["location"])
    if found is None:
        raise ArmError(
            400,
            "LocationNotAvailableForResourceType",
            f"The provided location '{call.names['location']}' is not available for resource type "
            "'Microsoft.CognitiveServices/locations'.",
        )
    return found.name


def resource_skus(call: Call) -> Answer:
    """The account SKUs that the subscription could create."""
    rows = [
        {
            "resourceType": "accounts",
            "name": "S0",
            "tier": "Standard",
            "kind": kind,
            "locations": [region.arm.upper()],
            "restrictions": [],
        }
        for kind in (*HOSTS, "Face", "FormRecognizer", "TextAnalytics")
        for region in regions.REGIONS.values()
    ]
    return arm.page(call, rows, dict, one_page=True)

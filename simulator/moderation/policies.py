"""What requests about policies and the catalogue of filters are answered."""

from simulator import arm
from simulator.arm import Answer, Call
from simulator.cognitiveservices import faults as provider
from simulator.cognitiveservices import handlers
from simulator.cognitiveservices.records import Account
from simulator.faults import Json
from simulator.moderation import built_in, checks, faults, wire, writing
from simulator.moderation.records import LISTS, POLICIES, Record
from simulator.moderation.state import holders


def listed(call: Call) -> Answer:
    """The policies of an account, Microsoft's own first."""
    rows = call.world.moderation.policies(handlers.account_of(call))
    return arm.page(call, rows, lambda it: wire.shown(it, call.version))


def one(call: Call) -> Answer:
    account = handlers.account_of(call)
    found = call.world.moderation.policy(account, call.names["policy"])
    if found is None:
        raise provider.not_found(call.path)
    return Answer(200, wire.shown(found, call.version), {"etag": found.etag})


def put(call: Call) -> Answer:
    """Create or replace: what the body leaves out is gone."""
    account, moderation = writing.opened(call), call.world.moderation
    before = moderation.policy(account, call.names["policy"])
    _yours(before, call.last, "changed")
    checks.name("the RaiPolicy", call.last)
    writing.guarded(call, before)
    body = call.json()
    told = checks.properties(body)
    checks.shape(told, call.version)
    after = wire.taken(told, call.version, before.properties if before else {})
    others, lists = moderation.names(account, POLICIES), moderation.names(account, LISTS)
    checks.policy(after, others - {call.last.lower()}, lists)
    path = f"{account.path}/{POLICIES}/{call.last}"
    return writing.put(call, account, path, before, after, body.get("tags"))


def _yours(found: Record | None, name: str, verb: str) -> None:
    """Raises 400 for what is Microsoft's."""
    if (found is not None and found.system) or name.lower().startswith("microsoft."):
        raise faults.system_managed(name, verb)


def delete(call: Call) -> Answer:
    """202, or 204 where there is nothing; refused while anything leans on it."""
    account, moderation = writing.opened(call), call.world.moderation
    found = moderation.policy(account, call.names["policy"])
    writing.guarded(call, found)
    if found is None:
        return Answer(204)
    _yours(found, found.name, "deleted")
    _unused(call, account, found)
    return writing.delete(call, account, found)


def _unused(call: Call, account: Account, found: Record) -> None:
    below = call.world.accounts.below(account)
    for it in holders(below, found.name):
        raise faults.in_use(found.name, f"deployments/{it.name}")
    for other in call.world.moderation.of(account.path, POLICIES):
        if str(other.properties.get("basePolicyName", "")).lower() == found.name.lower():
            raise faults.in_use(found.name, f"{POLICIES}/{other.name}")


def catalogue(call: Call) -> Answer:
    """The filters that there are in a region."""
    place, who = handlers.place_of(call), call.names["subscription"]
    return arm.page(call, built_in.CATALOGUE, lambda it: wire.filter_(it, who, place))


def one_filter(call: Call) -> Answer:
    place, asked = handlers.place_of(call), call.names["filter"]
    found = next((it for it in built_in.CATALOGUE if it.slug.lower() == asked), None)
    if found is None:
        raise provider.not_found(call.path)
    body: Json = wire.filter_(found, call.names["subscription"], place)
    return Answer(200, body)

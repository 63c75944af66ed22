"""Soft-deleted accounts, as they are listed: an account's shape under another id."""

from simulator import arm, regions
from simulator.arm import Answer, Call
from simulator.cognitiveservices import faults, handlers, wire
from simulator.cognitiveservices.records import PROVIDER, Gone
from simulator.faults import Json

TYPE = "Microsoft.CognitiveServices/locations/resourceGroups/deletedAccounts"


def listed(call: Call) -> Answer:
    """Those of a subscription."""
    above = f"/subscriptions/{call.names['subscription']}/"
    found = [it for key, it in call.world.accounts.gone.items() if key.startswith(above)]
    return arm.page(call, found, shape)


def one(call: Call) -> Answer:
    found = find(call)
    if found is None:
        raise faults.not_found(call.path)
    return Answer(200, shape(found))


def find(call: Call) -> Gone | None:
    """The one that the path names by location, group and name. Raises 400 for an unknown place."""
    place, names = handlers.place_of(call), call.names
    path = "/".join(
        (
            f"/subscriptions/{names['subscription']}/resourcegroups/{names['group']}",
            PROVIDER.lower(),
            "accounts",
            names["account"],
        )
    )
    found = call.world.accounts.gone.get(path)
    return found if found and regions.plain(found.account.location) == place else None


def idle(gone: Gone) -> None:
    """Raises 409 while it is being purged."""
    if gone.settles:
        raise faults.account_busy(gone.account.path, gone.state)


def shape(gone: Gone) -> Json:
    """How a soft-deleted account looks on the wire."""
    account = gone.account
    place = regions.plain(account.location)
    above = f"/subscriptions/{account.subscription}/{PROVIDER}/locations/{place}"
    body = wire.account(account)
    dates = {"deletionDate": gone.deleted_at, "scheduledPurgeDate": gone.purges_at}
    return body | {
        "id": f"{above}/resourceGroups/{account.group}/deletedAccounts/{account.name}",
        "type": TYPE,
        "properties": body["properties"] | dates | {"provisioningState": gone.state},
    }

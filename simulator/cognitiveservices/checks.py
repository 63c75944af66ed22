"""What a written deployment must satisfy before it is taken: model, SKU, policy, capacity."""

from collections.abc import Container
from datetime import datetime

from simulator import clock, regions
from simulator.cognitiveservices import catalogue, faults
from simulator.cognitiveservices.catalogue import PROVISIONED, Entry
from simulator.cognitiveservices.records import Account, Deployment
from simulator.cognitiveservices.state import Accounts
from simulator.faults import Json, bad_body


def sku(body: Json, before: Deployment | None) -> Json:
    """The SKU that is asked for; without one it is Standard. Raises 400."""
    asked = body.get("sku")
    if asked is None:
        return dict(before.sku) if before else {"name": "Standard", "capacity": 1}
    named = isinstance(asked, dict) and asked.get("name", before and before.sku["name"])
    if not isinstance(named, str) or not named:
        raise faults.wrong_properties("The sku of account deployment is invalid.")
    found = dict(before.sku) if before else {}
    found |= {key: it for key, it in asked.items() if it is not None}
    found.setdefault("capacity", 1)
    if str(found["capacity"]).isdigit():
        found["capacity"] = int(found["capacity"])
    if isinstance(found["capacity"], float) and found["capacity"].is_integer():
        found["capacity"] = int(found["capacity"])
    if type(found["capacity"]) is not int or found["capacity"] < 1:
        raise faults.wrong_capacity(found["capacity"], "it must be a whole number of 1 or more.")
    return found


def model(
    accounts: Accounts,
    account: Account,
    asked: Json,
    before: Deployment | None,
    anchor: datetime,
    now: datetime,
) -> Entry | None:
    """The catalogue's entry; None keeps a version that is no longer listed. Raises 400."""
    found = catalogue.entry(asked)
    same = before is not None and before.model == asked
    if found is None or not found.offered(regions.plain(account.location)):
        if same:
            return found
        words = (str(asked.get(key, "")) for key in ("format", "name", "version"))
        raise faults.model_unsupported(*words)
    if not same:
        _alive(accounts, account, found, anchor, now)
    return found


def _alive(
    accounts: Accounts, account: Account, entry: Entry, anchor: datetime, now: datetime
) -> None:
    words = (entry.format, entry.name, entry.version)
    ends = clock.parsed(entry.retires_on(anchor))
    if ends <= now or entry.status == "Deprecated":
        raise faults.model_retired(*words, f"{ends:%m/%d/%Y}")
    if entry.status == "Deprecating" and not _customer(accounts, account, entry):
        raise faults.model_retiring(*words, f"{ends:%m/%d/%Y}")


def _customer(accounts: Accounts, account: Account, entry: Entry) -> bool:
    above = f"/subscriptions/{account.subscription}"
    return any(
        catalogue.entry(it.model) is entry
        for other in accounts.of(above)
        for it in accounts.below(other)
    )


def fits(account: Account, entry: Entry, asked: Json, before: Deployment | None) -> None:
    """The model offers this SKU here, in steps of this size. Raises 400."""
    name, capacity = str(asked["name"]), asked["capacity"]
    place = regions.plain(account.location)
    if before is None or before.sku["name"] != name or before.model["name"] != entry.name:
        if name not in entry.skus:
            raise faults.sku_unsupported(name, entry.name, entry.version)
        if not entry.offers(name, place):
            raise faults.sku_elsewhere(name, entry.name, entry.version, place)
    bounds = entry.bounds(name)
    if capacity > bounds["maximum"]:
        raise faults.wrong_capacity(capacity, f"the maximum is {bounds['maximum']}.")
    if name not in PROVISIONED or (before is not None and before.sku == asked):
        return
    if capacity < bounds["minimum"] or capacity % bounds["step"]:
        words = f"the minimum is {bounds['minimum']} in steps of {bounds['step']}."
        raise faults.wrong_capacity(capacity, words)


def tags(asked: object) -> dict[str, str] | None:
    """Tags are text by text. Raises 400."""
    if asked is None:
        return None
    if not isinstance(asked, dict) or not all(isinstance(it, str) for it in asked.values()):
        raise bad_body("the tags are not text by text.")
    return asked


def policy(known: Container[str], properties: Json) -> None:
    """The content filter policy exists on the account, in lower case. Raises 400."""
    name = properties.get("raiPolicyName")
    if name is not None and str(name).lower() not in known:
        raise faults.no_policy(str(name))

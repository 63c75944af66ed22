"""Writes to an account: create, change, soft-delete, have back, purge."""

from simulator import chance, clock, regions
from simulator.arm import Answer, Call
from simulator.cognitiveservices import checks, deleted, faults, handlers, operations, wire
from simulator.cognitiveservices.records import Account, Gone
from simulator.faults import Json, bad_body

KINDS = ("OpenAI", "AIServices", "Face", "FormRecognizer", "TextAnalytics")
READ_ONLY = frozenset(
    {
        "deletionDate",
        "scheduledPurgeDate",
        "provisioningState",
        "endpoint",
        "internalId",
        "dateCreated",
        "restore",
    }
)


def change(call: Call) -> Answer:
    """Tags replace the set; properties are laid over those there are."""
    found, body = handlers.account_of(call), call.json()
    if call.world.accounts.busy(found, call.world.now):
        raise faults.conflict(found.path)
    if "tags" in body:
        found.tags = checks.tags(body["tags"])
    sku, identity, properties = (_object(body, it) for it in ("sku", "identity", "properties"))
    found.sku = sku or found.sku
    found.identity = identity or found.identity
    told = {key: it for key, it in properties.items() if key not in READ_ONLY}
    found.properties = found.properties | told
    _signed(found, call)
    call.world.accounts.keep(found)
    return Answer(200, wire.account(found), {"etag": found.etag})


def create(call: Call) -> Answer:
    """A new account, one had back, or one that is there and is written over."""
    body = call.json()
    key, world = call.path.lower(), call.world
    found = world.accounts.accounts.get(key)
    if found is not None:
        _same_place(found, body)
        return change(call)
    gone, properties = world.accounts.gone.get(key), _object(body, "properties")
    restore = properties.get("restore") is True
    if gone is not None and not restore:
        raise faults.soft_deleted(gone.account.path)
    if gone is not None:
        _same_place(gone.account, body)
        deleted.idle(gone)
        there = world.accounts.revive(gone, world.now)
        _signed(there, call)
        world.accounts.keep(there)
        return _begun(call, there)
    if restore:
        raise faults.nothing_to_restore(call.path)
    return _begun(call, _made(call, body, properties))


def _begun(call: Call, account: Account) -> Answer:
    headers: dict[str, str] = {}
    if operations.takes_time(call):
        account.state = "Creating"
        headers = operations.begun(call, account, account, with_result=False)
    call.world.accounts.enter(account)
    return Answer(201, wire.account(account), headers | {"etag": account.etag})


def _made(call: Call, body: Json, properties: Json) -> Account:
    kind, place = body.get("kind"), body.get("location")
    if not isinstance(place, str) or regions.region(place) is None:
        raise faults.no_location(place)
    if kind not in KINDS:
        raise faults.wrong_kind(kind)
    name, now = call.path.rsplit("/", 1)[-1], clock.stamp(call.world.now)
    kept = {key: it for key, it in properties.items() if key not in READ_ONLY}
    domain = str(kept.get("customSubDomainName") or name).lower()
    if _taken(call, domain):
        raise faults.domain_taken(domain)
    account = Account(
        path=call.path,
        name=name,
        kind=kind,
        location=place,
        etag="",
        created_at=now,
        created_by=call.who,
        modified_at=now,
        modified_by=call.who,
        sku=_object(body, "sku") or {"name": "S0"},
        tags=checks.tags(body.get("tags")),
        identity=_object(body, "identity") or None,
        properties={"customSubDomainName": domain, "publicNetworkAccess": "Enabled"} | kept,
    )
    _signed(account, call)
    call.world.moderation.clear(account.key, call.world.now)
    return account


def _taken(call: Call, domain: str) -> bool:
    """Sub-domains are taken world-wide, and by what was deleted of late too."""
    accounts = call.world.accounts
    known = (*accounts.accounts.values(), *(it.account for it in accounts.gone.values()))
    return any(str(it.properties.get("customSubDomainName", "")).lower() == domain for it in known)


def _signed(account: Account, call: Call) -> None:
    account.revision += 1
    account.modified_at, account.modified_by = clock.stamp(call.world.now), call.who
    words = (call.world.seed, "etag", account.key, account.revision, account.modified_at)
    account.etag = f'"{chance.guid(*words)}"'


def _same_place(account: Account, body: Json) -> None:
    place = body.get("location", account.location)
    if not isinstance(place, str) or regions.plain(place) != regions.plain(account.location):
        raise faults.elsewhere(account.path, account.location, place)


def _object(body: Json, key: str) -> Json:
    found = body.get(key) or {}
    if not isinstance(found, dict):
        raise bad_body(f"'{key}' is not an object.")
    return found


def delete(call: Call) -> Answer:
    """Soft: name and quota stay taken. 204 where there is nothing."""
    world = call.world
    account = world.accounts.accounts.get(call.path.lower())
    if account is None:
        return Answer(204)
    if account.state != "Succeeded":
        raise faults.account_busy(account.path, account.state)
    if world.accounts.busy(account, world.now):
        raise faults.conflict(account.path)
    _signed(account, call)
    if not operations.takes_time(call):
        world.accounts.delete(account, world.now)
        return Answer(200)
    account.state = "Deleting"
    headers = operations.begun(call, account, account, with_result=True)
    world.accounts.enter(account)
    return Answer(202, None, headers)


def purge(call: Call) -> Answer:
    """For good, and its quota is free. 204 where there is nothing."""
    found: Gone | None = deleted.find(call)
    if found is None:
        return Answer(204)
    deleted.idle(found)
    if not operations.takes_time(call):
        call.world.accounts.purge(found)
        return Answer(200)
    found.state = "Deleting"
    headers = operations.begun(call, found, found.account, with_result=True)
    call.world.accounts.enter(found)
    return Answer(202, None, headers)

"""Writes to a deployment: create or replace, patch, delete, pause. Each is whole or refused."""

from copy import deepcopy
from dataclasses import replace

from simulator import chance, clock
from simulator.arm import Answer, Call
from simulator.cognitiveservices import catalogue, checks, faults, operations, versions, wire
from simulator.cognitiveservices.catalogue import Entry
from simulator.cognitiveservices.records import Account, Deployment, kept
from simulator.faults import ArmError, Json
from simulator.moderation.records import POLICIES

READ_ONLY = frozenset(
    {
        "provisioningState",
        "rateLimits",
        "capabilities",
        "currentCapacity",
        "callRateLimit",
        "deploymentState",
    }
)
PAUSABLE = frozenset({"Standard", "DataZoneStandard", "GlobalStandard"})


def opened(call: Call) -> tuple[Account, Deployment | None]:
    """Account and deployment of a write that may begin. Raises 409 or 412."""
    world = call.world
    names = call.names
    account = world.accounts.account("/".join(call.path.split("/")[:9]))
    found = world.accounts.find(account, names["deployment"])
    if account.state != "Succeeded":
        raise faults.account_busy(account.path, account.state)
    if world.accounts.busy(account, world.now):
        raise faults.conflict(account.path)
    sent = call.headers.get("if-match")
    if found is not None and found.state == "Creating" and call.method != "DELETE":
        raise faults.conflict(account.path)
    checked = sent and sent != "*" and world.settings.honour_if_match
    if sent and checked and (found is None or sent != found.etag):
        raise faults.precondition(sent)
    return account, found


def put(call: Call) -> Answer:
    """Create or replace: what the body leaves out is gone."""
    account, before = opened(call)
    body = call.json()
    properties = _properties(call, body, before)
    sku = checks.sku({"sku": body.get("sku") or {"name": "Standard", "capacity": 1}}, None)
    world = call.world
    entry = checks.model(
        world.accounts, account, properties["model"], before, world.anchor, world.now
    )
    checks.policy(world.moderation.names(account, POLICIES), properties)
    after = _written(call, account, before, sku, properties, checks.tags(body.get("tags")))
    _claim(call, account, before, after, entry)
    return _take(call, after, 200 if before else 201, before)


def _properties(call: Call, body: Json, before: Deployment | None) -> Json:
    asked = body.get("properties")
    if not isinstance(asked, dict) or not isinstance(asked.get("model"), dict):
        raise faults.wrong_properties("The model of account deployment is required.")
    if asked.get("scaleSettings"):
        raise faults.old_scale_settings()
    found = {key: it for key, it in asked.items() if key not in READ_ONLY and it is not None}
    found["model"] = {key: it for key, it in asked["model"].items() if key != "callRateLimit"}
    form, name = str(found["model"].get("format", "")), str(found["model"].get("name", ""))
    if not found["model"].get("version"):
        found["model"]["version"] = catalogue.default_version(form, name)
    found.setdefault("versionUpgradeOption", "OnceNewDefaultVersionAvailable")
    hidden = versions.late_fields(call.version)
    unseen = before.properties if before else {}
    return found | {key: it for key, it in unseen.items() if key in hidden}


def patch(call: Call) -> Answer:
    """Tags, which replace the whole set, and sku; nothing else."""
    account, before = opened(call)
    if before is None:
        raise faults.not_found(call.path)
    body = call.json()
    if unknown := sorted(set(body) - {"sku", "tags"}):
        words = f"Could not find member '{unknown[0]}' on object of type 'PatchResourceTagsAndSku'."
        raise ArmError(400, "InvalidRequestContent", words)
    tags = checks.tags(body.get("tags")) if body.get("tags") is not None else before.tags
    sku = checks.sku(body, before)
    after = _written(call, account, before, sku, before.properties, tags)
    _claim(call, account, before, after, catalogue.entry(before.model))
    return _take(call, after, 202 if operations.takes_time(call) else 200, before)


def _claim(
    call: Call, account: Account, before: Deployment | None, after: Deployment, entry: Entry | None
) -> None:
    """The SKU fits, and what it takes more out of its pool is free."""
    if entry is None:
        return
    checks.fits(account, entry, after.sku, before)
    pools, sku = call.world.accounts.quota, str(after.sku["name"])
    pool, held = pools.pool(account, entry, sku), 0
    if before is not None and (old := catalogue.entry(before.model)) is not None:
        same = pools.pool(account, old, str(before.sku["name"])) == pool
        held = before.capacity if same else 0
    more = after.capacity - held
    if more > 0:
        pools.claim(pool, entry, sku, more, call.world.settings.quota_wording)
        scarce = call.world.settings.ptu_supply == "scarce"
        if scarce and sku in catalogue.PROVISIONED:
            raise faults.no_capacity(sku, entry.name, entry.version, account.location)


def delete(call: Call) -> Answer:
    """200 at once, 202 while it takes time, 204 where there is nothing."""
    _, before = opened(call)
    if before is None:
        return Answer(204)
    world = call.world
    if not operations.takes_time(call):
        world.accounts.remove(before, world.now)
        return Answer(200)
    after = replace(before, state="Deleting")
    return _run(call, after, 202, body=False, before=before)


def pause(call: Call) -> Answer:
    return _switch(call, "Paused")


def resume(call: Call) -> Answer:
    return _switch(call, "Running")


def _switch(call: Call, state: str) -> Answer:
    account, before = opened(call)
    if before is None:
        raise faults.not_found(call.path.rsplit("/", 1)[0])
    if str(before.sku["name"]) not in PAUSABLE:
        raise faults.wrong_properties(f"The SKU '{before.sku['name']}' cannot be paused.")
    after = _written(call, account, before, before.sku, before.properties, before.tags)
    after.running = state
    return _at_once(call, after, 200)


def _written(
    call: Call,
    account: Account,
    before: Deployment | None,
    sku: Json,
    properties: Json,
    tags: dict[str, str] | None,
) -> Deployment:
    """The deployment after this write: a new etag, and who wrote it."""
    now, revision = clock.stamp(call.world.now), before.revision + 1 if before else 1
    parts = call.path.rstrip("/").split("/")
    path = before.path if before else f"{account.path}/deployments/{parts[10]}"
    etag = chance.guid(call.world.seed, "etag", path.lower(), revision, now)
    new: Json = {"sku": sku, "properties": deepcopy(properties), "tags": tags, "etag": f'"{etag}"'}
    new |= {"modified_at": now, "modified_by": call.who, "revision": revision}
    if before is not None:
        state = before.state if before.state == "Disabled" else "Succeeded"
        return replace(before, state=state, **new)
    new |= {"created_at": now, "created_by": call.who, "effective": 0}
    return Deployment(account=account.key, path=path, name=path.rsplit("/", 1)[-1], **new)


def _take(call: Call, after: Deployment, status: int, before: Deployment | None) -> Answer:
    if not operations.takes_time(call):
        return _at_once(call, after, status)
    after.state = "Accepted" if before else "Creating"
    return _run(call, after, status, before=before)


def _at_once(call: Call, after: Deployment, status: int) -> Answer:
    world = call.world
    world.accounts.put(after)
    world.accounts.force(after, world.now)
    return Answer(status, wire.deployment(after, call.version), {"etag": after.etag})


def _run(
    call: Call, after: Deployment, status: int, *, body: bool = True, before: Deployment | None
) -> Answer:
    """A write that takes simulated time."""
    world, account = call.world, call.world.accounts.accounts[after.account]
    after.before = kept(before) if before is not None and call.fate is not None else None
    headers = operations.begun(call, after, account, with_result=status == 202)
    world.accounts.put(after)
    headers["etag"] = after.etag
    return Answer(status, wire.deployment(after, call.version) if body else None, headers)

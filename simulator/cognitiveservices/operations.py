"""Writes that take simulated time: how they begin, how they stand, and what became of them."""

from datetime import timedelta

from simulator import chance, clock
from simulator.arm import Answer, Call
from simulator.cognitiveservices import faults, wire
from simulator.cognitiveservices.records import (
    FOREVER,
    PROVIDER,
    Account,
    Deployment,
    Operation,
)
from simulator.cognitiveservices.state import Watched
from simulator.faults import Json
from simulator.moderation.records import Record

KNOWN = timedelta(hours=24)
"""How long the address of an operation answers after its end."""
WORDS = {
    "Failed": ("InternalServerError", "The operation failed, as ordered."),
    "Canceled": ("OperationCanceled", "The operation was canceled, as ordered."),
}


def takes_time(call: Call) -> bool:
    """Whether this write only begins now: a setting, or an order that wants it stuck or failed."""
    return call.world.settings.async_writes or call.fate is not None


def begun(
    call: Call, record: Watched, account: Account, *, with_result: bool, at_once: bool = False
) -> dict[str, str]:
    """Mark a record as being written to; the addresses at which to ask how that stands. What is
    done at once has ended when it is first asked about."""
    world, fate = call.world, call.fate
    wait = timedelta(seconds=0 if at_once else world.settings.write_seconds)
    if fate is not None and fate.seconds is not None:
        wait = timedelta(seconds=fate.seconds)
    stuck = fate is not None and fate.kind == "stuck"
    record.settles = FOREVER if stuck else clock.stamp(world.now + wait)
    words = (world.seed, "operation", record.key, clock.stamp(world.now), call.correlation)
    record.operation = chance.guid(*words)
    path = record.path if isinstance(record, Deployment | Record) else account.path
    operation = Operation(record.operation, path, clock.stamp(world.now), record.settles)
    if fate is not None and stuck:
        fate.held = (*fate.held, operation.id)
    elif fate is not None:
        code, message = WORDS[fate.outcome]
        told = (fate.code, fate.message) if fate.code != "InternalServerError" else (code, message)
        operation = operation._replace(outcome=fate.outcome, code=told[0], message=told[1])
    world.accounts.begin(operation)
    return _addresses(call, operation, account, with_result)


def _addresses(
    call: Call, operation: Operation, account: Account, with_result: bool
) -> dict[str, str]:
    above = f"/subscriptions/{account.subscription}/{PROVIDER}/locations/{account.location}"
    version = {"api-version": call.version}
    headers = {
        "Azure-AsyncOperation": call.url(f"{above}/operations/{operation.id}", **version),
    }
    if with_result:
        results = f"{above}/operationResults/{operation.id}"
        headers["Location"] = call.url(results, **version)
    return headers


def status(call: Call) -> Answer:
    """How a long-running write stands: Azure-AsyncOperation."""
    found = _found(call)
    done = clock.parsed(found.ends) <= call.world.now
    body: Json = {
        "id": call.path,
        "name": found.id,
        "status": found.outcome if done else "Running",
        "startTime": found.begins,
    }
    if done and found.outcome != "Succeeded":
        body["error"] = {"code": found.code, "message": found.message}
    return Answer(200, body | ({"endTime": found.ends} if done else {}))


def result(call: Call) -> Answer:
    """The same by Location: 202 until it is done, then what became of it."""
    found, accounts = _found(call), call.world.accounts
    if clock.parsed(found.ends) > call.world.now:
        return Answer(202, None, {"Location": call.url(call.path, **dict(call.args))})
    above, _, name = found.path.partition("/deployments/")
    owner = accounts.accounts.get(above.lower())
    if owner is None:
        return Answer(204)
    if not name:
        return Answer(200, wire.account(owner), {"etag": owner.etag})
    left = accounts.find(owner, name)
    if left is None:
        return Answer(204)
    return Answer(200, wire.deployment(left, call.version), {"etag": left.etag})


def _found(call: Call) -> Operation:
    found = call.world.accounts.operations.get(call.names["operation"])
    if found is None or clock.parsed(found.ends) < call.world.now - KNOWN:
        raise faults.no_operation(call.names["operation"])
    return found

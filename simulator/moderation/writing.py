"""What all writes to filters have in common: may it begin, who wrote it, and how it goes on."""

from dataclasses import replace

from simulator import chance, clock
from simulator.arm import Answer, Call
from simulator.cognitiveservices import checks as provider
from simulator.cognitiveservices import faults as known
from simulator.cognitiveservices import handlers, operations
from simulator.cognitiveservices.records import Account
from simulator.faults import Json
from simulator.moderation import faults, wire
from simulator.moderation.records import Record


def opened(call: Call) -> Account:
    """The account of a write that may begin. Raises 404 and 409."""
    account = handlers.account_of(call)
    if account.state != "Succeeded":
        raise known.account_busy(account.path, account.state)
    if call.world.accounts.busy(account, call.world.now):
        raise known.conflict(account.path)
    return account


def guarded(call: Call, found: Record | None) -> None:
    """If-Match and If-None-Match hold, where this Azure honours them. Raises 412."""
    if not call.world.settings.honour_if_match:
        return
    sent, absent = call.headers.get("if-match"), call.headers.get("if-none-match")
    if absent is not None and found is not None and absent in ("*", found.etag):
        raise faults.exists(absent)
    if sent and sent != "*" and (found is None or sent != found.etag):
        raise known.precondition(sent)


def put(
    call: Call, account: Account, path: str, before: Record | None, after: Json, tags: object
) -> Answer:
    """One is written: 201 where it is new. Such writes are never long-running."""
    record = written(call, account, path, before, after)
    record.tags = provider.tags(tags) if tags is not None else None
    call.world.moderation.put(record, call.world.now)
    shown = wire.shown(record, call.version)
    return Answer(200 if before else 201, shown, {"etag": record.etag})


def written(call: Call, account: Account, path: str, before: Record | None, after: Json) -> Record:
    """The record after this write: a new etag, and who wrote it."""
    now, revision = clock.stamp(call.world.now), before.revision + 1 if before else 1
    etag = f'"{chance.guid(call.world.seed, "etag", path.lower(), revision, now)}"'
    if before is not None:
        record = replace(before, properties=after, etag=etag, revision=revision)
        record.modified_at, record.modified_by = now, call.who
        return record
    who = call.who
    return Record(account.key, path, after, etag, now, who, now, who, revision=revision)


def delete(call: Call, account: Account, found: Record) -> Answer:
    """Begins, and ends at once unless writes take their time."""
    world, slow = call.world, operations.takes_time(call)
    record = replace(found)
    headers = operations.begun(call, record, account, with_result=True, at_once=not slow)
    if slow:
        world.moderation.enter(record)
        world.accounts.watch(record)
    else:
        world.moderation.remove(found, world.now)
    return Answer(202, None, headers)

"""What requests about blocklists and their terms are answered."""

import json

from simulator import arm, clock
from simulator.arm import Answer, Call
from simulator.cognitiveservices import faults as provider
from simulator.cognitiveservices import handlers
from simulator.cognitiveservices.records import Account
from simulator.faults import Json, bad_body
from simulator.moderation import checks, faults, wire, writing
from simulator.moderation.records import ITEMS, LISTS, POLICIES, Record

DEEP = 11
"""So many parts has the path of a blocklist."""


def listed(call: Call) -> Answer:
    rows = call.world.moderation.of(handlers.account_of(call).path, LISTS)
    return arm.page(call, rows, lambda it: wire.shown(it, call.version))


def items(call: Call) -> Answer:
    """The terms of a list."""
    rows = call.world.moderation.of(_list(call).path, ITEMS)
    return arm.page(call, rows, lambda it: wire.shown(it, call.version))


def one(call: Call) -> Answer:
    """A list, or a term."""
    handlers.account_of(call)
    found = call.world.moderation.find(call.path)
    if found is None:
        raise provider.not_found(call.path)
    return Answer(200, wire.shown(found, call.version), {"etag": found.etag})


def _list(call: Call) -> Record:
    handlers.account_of(call)
    above = "/".join(call.path.split("/")[:DEEP])
    found = call.world.moderation.find(above)
    if found is None:
        raise provider.not_found(above)
    return found


def put(call: Call) -> Answer:
    """A list; its terms stay."""
    account = writing.opened(call)
    checks.name("the RaiBlocklist", call.last)
    found = call.world.moderation.find(call.path)
    writing.guarded(call, found)
    body = call.json()
    told = checks.properties(body)
    if not isinstance(told.get("description", ""), str | None):
        raise bad_body("the description is not text.")
    path = found.path if found else f"{account.path}/{LISTS}/{call.last}"
    return writing.put(call, account, path, found, told, body.get("tags"))


def delete(call: Call) -> Answer:
    """A list with its terms; refused (assumed) while a policy names it."""
    account = writing.opened(call)
    found = call.world.moderation.find(call.path)
    writing.guarded(call, found)
    if found is None:
        return Answer(204)
    for policy in call.world.moderation.of(account.path, POLICIES):
        named = policy.properties.get("customBlocklists") or []
        if any(str(it.get("blocklistName", "")).lower() == found.name.lower() for it in named):
            raise faults.in_use(found.name, f"{POLICIES}/{policy.name}")
    return writing.delete(call, account, found)


def _begun(call: Call) -> tuple[Account, Record]:
    """Account and list of a write to terms. Raises 412 where another was carried out after this
    one had arrived: Azure refuses items that are written in parallel."""
    account, above = writing.opened(call), _list(call)
    if call.world.moderation.touched.get(above.key, 0.0) > call.arrived:
        raise faults.overtaken(above.path)
    return account, above


def _touched(call: Call, above: Record) -> None:
    call.world.moderation.touched[above.key] = clock.stopwatch()


def put_item(call: Call) -> Answer:
    """One term."""
    account, above = _begun(call)
    found = call.world.moderation.find(call.path)
    writing.guarded(call, found)
    body = call.json()
    told = checks.properties(body)
    checks.item(call.last, told)
    _room(call, above, {call.last})
    path = found.path if found else f"{above.path}/{ITEMS}/{call.last}"
    answer = writing.put(call, account, path, found, told, body.get("tags"))
    _touched(call, above)
    return answer


def delete_item(call: Call) -> Answer:
    account, above = _begun(call)
    found = call.world.moderation.find(call.path)
    writing.guarded(call, found)
    if found is None:
        return Answer(204)
    answer = writing.delete(call, account, found)
    _touched(call, above)
    return answer


def _room(call: Call, above: Record, names: set[str]) -> None:
    there = {it.name.lower() for it in call.world.moderation.of(above.path, ITEMS)}
    if len(there | {it.lower() for it in names}) > checks.MOST_ITEMS:
        raise faults.too_many(checks.MOST_ITEMS, f"in the blocklist '{above.name}'")


def add(call: Call) -> Answer:
    """Many terms at once, all or none; the list as it is then."""
    account, above = _begun(call)
    rows = _rows(call)
    told = dict[str, Json]()
    for row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("name"), str):
            raise bad_body("an item has no name.")
        told[row["name"]] = checks.properties(row)
        checks.item(row["name"], told[row["name"]])
    _room(call, above, set(told))
    moderation = call.world.moderation
    for name, properties in told.items():
        path = f"{above.path}/{ITEMS}/{name}"
        found = moderation.find(path)
        record = writing.written(call, account, found.path if found else path, found, properties)
        moderation.put(record, call.world.now)
    _touched(call, above)
    return Answer(200, wire.shown(above, call.version))


def drop(call: Call) -> Answer:
    """Many terms go at once; those that are not there do not matter."""
    _, above = _begun(call)
    rows = _rows(call)
    if not all(isinstance(it, str) for it in rows):
        raise bad_body("the names of items are text.")
    for name in rows:
        found = call.world.moderation.find(f"{above.path}/{ITEMS}/{name}")
        if found is not None:
            call.world.moderation.remove(found, call.world.now)
    _touched(call, above)
    return Answer(204)


def _rows(call: Call) -> list[object]:
    try:
        found = json.loads(call.data or b"[]")
    except ValueError as error:
        raise bad_body("it is not JSON.") from error
    if not isinstance(found, list):
        raise bad_body("a JSON list is expected.")
    if len(found) > checks.MOST_AT_ONCE:
        raise faults.too_many(checks.MOST_AT_ONCE, "in a request")
    return found

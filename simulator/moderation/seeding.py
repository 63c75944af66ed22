"""The policies and blocklists of a scenario, and how they came to be as they are.

A policy is written in short words: `filters` by name, or by name/source, with what it does (off,
annotate, block, or the lowest severity blocked; `graded` means all four that have levels), and
`then` lists what people changed since, `days` before the anchor."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime, timedelta

from simulator import chance, clock
from simulator.cognitiveservices.records import Account, Deployment
from simulator.faults import Json
from simulator.insights.state import minute_of
from simulator.moderation import built_in
from simulator.moderation.built_in import CATALOGUE, DEFAULT_V2, Entry
from simulator.moderation.history import EVER
from simulator.moderation.records import ITEMS, LISTS, POLICIES, Record
from simulator.moderation.state import Seeds, policy_of

GRADED = "graded"
_PLAIN = ("mode", "basePolicyName")


def nothing() -> Seeds:
    return Seeds([], [], [], [])


def sow(
    seeds: Seeds, row: Json, account: Account, below: list[Deployment], seed: int, anchor: datetime
) -> None:
    """Add what an account has; deployments too, for they may have changed policies."""
    for words in row.get("blocklists", []):
        seeds.records.extend(_list(words, account, seed, anchor))
    for words in row.get("policies", []):
        _policy(seeds, words, account, seed, anchor)
    for order, it in zip(row.get("deployments", []), below, strict=True):
        _assigned(seeds, order, it, anchor)


def _assigned(seeds: Seeds, order: Json, deployment: Deployment, anchor: datetime) -> None:
    """`rai_was` says under which policy it was before, until when, and who changed that."""
    was = order.get("rai_was")
    if was is None:
        seeds.assigned.append((deployment.key, EVER, policy_of(deployment)))
        return
    moment = _ago(anchor, was["days"])
    seeds.assigned.append((deployment.key, EVER, was.get("policy", "")))
    seeds.assigned.append((deployment.key, minute_of(moment), policy_of(deployment)))
    deployment.modified_at, deployment.modified_by = clock.stamp(moment), was["by"]


def _ago(anchor: datetime, days: float) -> datetime:
    return anchor - timedelta(days=days)


def _policy(seeds: Seeds, words: Json, account: Account, seed: int, anchor: datetime) -> None:
    made = _ago(anchor, words.get("days", 100))
    record = _record(f"{account.path}/{POLICIES}/{words['name']}", account, words, seed, made)
    seeds.contents.append((record.key, EVER, _body(words)))
    seeds.told.append(_write(record, record.created_at, record.created_by, 201))
    for number, change in enumerate(words.get("then", []), 1):
        words = _changed(words, change)
        moment = _ago(anchor, change["days"])
        record.modified_at, record.modified_by = clock.stamp(moment), change["by"]
        record.revision, record.etag = number, _etag(seed, record.key, number)
        seeds.contents.append((record.key, minute_of(moment), _body(words)))
        seeds.told.append(_write(record, record.modified_at, record.modified_by, 200))
    record.properties = _body(words)
    seeds.records.append(record)


def _changed(words: Json, change: Json) -> Json:
    """Later words win; what is said of one filter goes over what is said of all."""
    filters: Json = words.get("filters", {}) | change.get("filters", {})
    return (
        words
        | {key: it for key, it in change.items() if key not in ("days", "by")}
        | {"filters": filters}
    )


def _body(words: Json) -> Json:
    found: Json = {key: words[key] for key in _PLAIN if key in words}
    found.setdefault("basePolicyName", DEFAULT_V2)
    found.setdefault("mode", "Default")
    found["contentFilters"] = list(_filters(words))
    if "lists" in words:
        found["customBlocklists"] = [
            {"blocklistName": name, "blocking": True, "source": source}
            for name, source in words["lists"]
        ]
    more: Json = deepcopy(words.get("more", {}))
    return found | more


def _filters(words: Json) -> Iterator[Json]:
    """In the order of the catalogue, those that something is said of."""
    told, spelled, extra = (words.get(it, {}) for it in ("filters", "spelled", "extra"))
    for entry in CATALOGUE:
        for source in (entry.source,) if entry.source else built_in.BOTH:
            if (word := _word(told, entry, str(source))) is None:
                continue
            one = built_in.entry(entry.name, str(source), word)
            yield one | {"name": spelled.get(entry.name, entry.name)} | extra.get(entry.name, {})


def _word(told: dict[str, str], entry: Entry, source: str) -> str | None:
    keys = [f"{entry.name}/{source}", entry.name]
    keys += [f"{GRADED}/{source}", GRADED] if entry.graded else []
    return next((told[key] for key in keys if key in told), None)


def _list(words: Json, account: Account, seed: int, anchor: datetime) -> Iterator[Record]:
    """A blocklist and its terms: plain ones are text, others have a pattern and isRegex."""
    made = _ago(anchor, words.get("days", 100))
    above = f"{account.path}/{LISTS}/{words['name']}"
    record = _record(above, account, words, seed, made)
    record.properties = {"description": words.get("description", "")}
    yield record
    for number, term in enumerate(words.get("terms", []), 1):
        one = _record(f"{above}/{ITEMS}/term-{number}", account, words, seed, made)
        plain = {"pattern": term, "isRegex": False}
        one.properties = plain if isinstance(term, str) else dict(term)
        yield one


def _record(path: str, account: Account, words: Json, seed: int, made: datetime) -> Record:
    at, who = clock.stamp(made), words.get("by", account.created_by)
    return Record(account.key, path, {}, _etag(seed, path.lower(), 0), at, who, at, who)


def _etag(seed: int, key: str, revision: int) -> str:
    return f'"{chance.guid(seed, "etag", key, revision)}"'


def _write(record: Record, at: str, who: str, status: int) -> Json:
    return {"method": "PUT", "path": record.path, "at": at, "who": who, "status": status}

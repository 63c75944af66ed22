"""What the levers of content filters write, as text that can be compared.

A deployment names its policy, but what it blocks is in that policy: so the value of a repoint says
what the policy contains, and a plan that was reviewed for one content is not carried out for
another (docs/adr/0014).
"""

import json
from collections.abc import Mapping
from typing import Any

from domain import filters, names
from domain.filters import Json
from domain.plans import GONE, Leg

ANY = "*"
"""The etag of what exists, where Azure tells none."""


def repointed(policy: str | None, contents: str | None) -> str:
    """The policy of a deployment, as the lever "filter" compares it. policy: None where it names
    none, and takes the default; contents: None where its account does not list it."""
    return json.dumps({"policy": policy, "contents": contents}, ensure_ascii=False)


def described(body: Mapping[str, Any]) -> str:
    """A blocklist without its terms, as the lever "blocklist" compares it."""
    return json.dumps({"description": body.get("description") or ""}, ensure_ascii=False)


def termed(body: Mapping[str, Any]) -> str:
    """A term, as the lever "term" compares it, with whatever else Azure says of it."""
    left = {"name", "etag"}
    told = {key: it for key, it in body.items() if key not in left and it is not None}
    return json.dumps({"isRegex": False, **told}, sort_keys=True, ensure_ascii=False)


def parsed(value: str) -> Json:
    """What canonical(), repointed(), described() or termed() wrote; empty for what is not there."""
    return filters.parsed(value)


def alike(leg: Leg, found: str) -> str:
    """What was found, in the words of the leg where it means the same: Azure may order and spell
    filters in its own way."""
    for known in (leg.target, leg.before):
        if same(leg.lever, known, found):
            return known
    return found


def same(lever: str, known: str, found: str) -> bool:
    """Whether two values of a lever mean the same."""
    if known == found or GONE in (known, found):
        return known == found
    a, b = parsed(known), parsed(found)
    if lever == "policy":
        return filters.contents(a) == filters.contents(b)
    if lever == "filter":
        named = [str(it.get("policy") or "").lower() for it in (a, b)]
        return named[0] == named[1] and a.get("contents") == b.get("contents")
    return False


def named_lists(body: str | None) -> set[str]:
    """The blocklists that a policy names, in lower case."""
    return {name for name, _ in filters.read(filters.parsed(body)).lists}


def policy_id(account: str, name: str) -> str:
    """The folded id of a policy of this account."""
    return f"{account}/raipolicies/{name.strip().lower()}"


def list_id(account: str, name: str) -> str:
    """The folded id of a blocklist of this account."""
    return f"{account}/raiblocklists/{name.strip().lower()}"


def term_id(blocklist: str, name: str) -> str:
    """The folded id of a term of this blocklist."""
    return f"{blocklist}/raiblocklistitems/{name.strip().lower()}"


def words(leg: Leg) -> str:
    """What one leg changes, for people."""
    before, after = parsed(leg.before), parsed(leg.target)
    if leg.lever == "filter":
        old, new = (it.get("policy") or "the default" for it in (before, after))
        return f"filter policy: {old} → {new}"
    what = {"policy": "filter policy", "blocklist": "blocklist", "term": "term"}[leg.lever]
    name = leg.resource.rpartition("/")[2]
    if leg.before == GONE or leg.target == GONE:
        return f"{'create' if leg.before == GONE else 'delete'} {what} {name}"
    if leg.lever == "policy":
        return f"edit {what} {name}"
    keys = [key for key in sorted({*before, *after}) if before.get(key) != after.get(key)]
    told = (f"{it}: {before.get(it, 'none')} → {after.get(it, 'none')}" for it in keys)
    return f"{what} {name}: {'; '.join(told)}"


def told(lever: str, value: str) -> dict[str, str]:
    """One value of a lever, field by field, in words; of a policy, what it states itself."""
    spec = parsed(value)
    if lever == "filter":
        return {"filter policy": str(spec.get("policy") or "the default")}
    if lever != "policy":
        return {key: str(it) for key, it in spec.items()}
    read = filters.read(spec)
    fields = {
        filters.called(*key): filters.words(cell.strength, cell.graded)
        for key, cell in sorted(read.cells.items())
    }
    fields["mode"] = read.mode or filters.UNTOLD
    for (name, direction), strength in sorted(read.lists.items()):
        what = f"blocklist {name} on {filters.where(direction)}"
        fields[what] = filters.words(strength, graded=False)
    return fields | {key: json.dumps(it, ensure_ascii=False) for key, it in read.rest.items()}


def about(resource: str) -> str:
    """A policy, a blocklist or a term, for people: "filter policy strict of aoai-shop"."""
    _, _, account, inner = names.parts(resource)
    if names.is_policy(resource):
        return f"filter policy {inner} of {account}"
    name, _, term = inner.partition("/")
    return f"{f'term {term} of ' if term else ''}blocklist {name} of {account}"

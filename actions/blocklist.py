"""Blocklist: make one, change its terms, delete it; what blocks less after needs a second person.

Each term is a write of its own and a part of the plan, so that a list is never left half written.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from actions import guarding, proposing
from actions.guarding import Ground
from actions.proposing import Terms
from actions.visit import Visit
from domain import blocklists, filter_legs, filters, names
from domain.faults import NotAllowed, OutOfRange
from domain.ordering import ordered
from domain.plans import GONE, Leg
from domain.roles import Permission, require_writes

NOW = Terms()
NONE: Sequence[Mapping[str, Any]] = ()
NOBODY: Collection[str] = ()
LONGEST = 500


def create(
    visit: Visit,
    account: str,
    name: str,
    *,
    description: str = "",
    patterns: Sequence[Mapping[str, Any]] = NONE,
    terms: Terms = NOW,
) -> int:
    """Record a plan that makes a blocklist with these terms (each with pattern and isRegex, and a
    name where it is to have a certain one); returns its number. Raises Refused. It blocks nothing
    until a filter policy names it."""
    with visit.attempt(Permission.FILTER, f"create blocklist {name} in {account}"[:1_000]) as on:
        require_writes(visit.writes)
        ground = guarding.ground(visit, on, account)
        filters.named(name.strip())
        if len(description) > LONGEST or not description.isprintable():
            raise OutOfRange(f"A description takes {LONGEST} printable characters.")
        resource = filter_legs.list_id(account, name)
        if ground.known.blocklist(resource):
            raise OutOfRange(f"There is a blocklist {name.strip().lower()} in this account.")
        value = filter_legs.described({"description": description.strip()})
        made = Leg("blocklist", resource, "", GONE, value)
        legs = [made, *_added(resource, patterns, [], 1)]
        title = f"Create {filter_legs.about(resource)} with {_counted(len(legs) - 1)}"
        return proposing.propose(visit, on, ground.seen, ordered(legs), title, terms)


def change(
    visit: Visit,
    resource: str,
    *,
    add: Sequence[Mapping[str, Any]] = NONE,
    remove: Collection[str] = NOBODY,
    terms: Terms = NOW,
) -> int:
    """Record a plan that puts terms into a blocklist and takes others out, by their names; returns
    its number. Raises Refused."""
    with visit.attempt(Permission.FILTER, f"change blocklist {resource}"[:1_000]) as session:
        require_writes(visit.writes)
        ground, row = _known(visit, session, resource)
        there = blocklists.parsed(row["terms"])
        going = {it.strip().lower() for it in remove}
        gone = [_removed(ground, resource, it) for it in sorted(going)]
        stay = [it for it in there if str(it.get("name")).lower() not in going]
        legs = [*gone, *_added(resource, add, stay, len(gone))]
        title = f"Change {filter_legs.about(resource)}: {len(legs) - len(gone)} in, {len(gone)} out"
        return proposing.propose(visit, session, ground.seen, ordered(legs), title, terms)


def delete(visit: Visit, resource: str, *, named: str, terms: Terms = NOW) -> int:
    """Record a plan that deletes a blocklist that no policy names, and its terms; named: its name,
    typed by the person. Returns its number; raises Refused."""
    with visit.attempt(Permission.FILTER, f"delete blocklist {resource}"[:1_000]) as session:
        require_writes(visit.writes)
        ground, row = _known(visit, session, resource)
        if named.strip() != str(row["blocklist"]):
            raise OutOfRange("The name does not match; nothing is deleted.")
        if not terms.reason.strip():
            raise OutOfRange("Say why it is deleted.")
        _require_unused(ground, resource)
        there = [str(it["name"]).lower() for it in blocklists.parsed(row["terms"])]
        if len(there) >= blocklists.AT_ONCE:
            raise OutOfRange(
                f"It has {len(there):,} terms, and a plan makes {blocklists.AT_ONCE} changes: "
                "take terms out first."
            )
        before = filter_legs.described(row)
        gone = Leg("blocklist", resource, filter_legs.ANY, before, GONE)
        legs = [gone, *(_removed(ground, resource, it) for it in there)]
        title = f"Delete {filter_legs.about(resource)} and its {_counted(len(there))}"
        return proposing.propose(visit, session, ground.seen, ordered(legs), title, terms)


def _known(visit: Visit, session: Any, resource: str) -> tuple[Ground, Mapping[str, Any]]:
    ground = guarding.ground(visit, session, names.account(resource))
    row = ground.known.blocklist(resource)
    if row is None:
        raise NotAllowed("This blocklist is not among those you may change.")
    return ground, row


def _added(
    resource: str, told: Sequence[Mapping[str, Any]], stay: Sequence[Mapping[str, Any]], beside: int
) -> list[Leg]:
    """Legs that put these terms in; stay: terms that are there and stay; beside: how many other
    changes the plan makes."""
    new = blocklists.terms([blocklists.called(it) for it in told], len(stay))
    if len(new) + beside > blocklists.AT_ONCE:
        raise OutOfRange(f"A plan makes at most {blocklists.AT_ONCE} changes.")
    there = {str(it.get("name")).lower() for it in stay}
    patterns = {(it.get("pattern"), bool(it.get("isRegex"))) for it in stay}
    for it in new:
        if it["name"].lower() in there or (it["pattern"], it["isRegex"]) in patterns:
            raise OutOfRange(f"The list has {it['pattern']!r}, or a term {it['name']}, already.")
    return [
        Leg("term", filter_legs.term_id(resource, it["name"]), "", GONE, filter_legs.termed(it))
        for it in new
    ]


def _removed(ground: Ground, resource: str, name: str) -> Leg:
    place = filter_legs.term_id(resource, name)
    term = ground.known.term(place)
    if term is None:
        raise OutOfRange(f"The list has no term {name}.")
    etag = str(term.get("etag") or filter_legs.ANY)
    return Leg("term", place, etag, filter_legs.termed(term), GONE)


def _require_unused(ground: Ground, resource: str) -> None:
    """Raise OutOfRange for a blocklist that a policy of its account names."""
    name = resource.rpartition("/")[2]
    for policy, body in sorted(ground.bodies.items()):
        if any(it == name for it, _ in filters.read(body).lists):
            raise OutOfRange(f"Filter policy {policy} names it: take it out there first.")


def _counted(terms: int) -> str:
    return "1 term" if terms == 1 else f"{terms:,} terms"

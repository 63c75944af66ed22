"""Filter: make, edit, assign and delete filter policies; what weakens one needs a second person."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from actions import guarding, proposing, sight
from actions.proposing import Terms
from actions.visit import Visit
from domain import filter_checks, filter_legs, filters, names
from domain.faults import OutOfRange
from domain.ordering import ordered
from domain.plans import GONE, Leg
from domain.roles import Permission, require_writes

NOW = Terms()
NOBODY: Collection[str] = ()


def policy(
    visit: Visit,
    account: str,
    name: str,
    body: Mapping[str, Any],
    *,
    repoint: Collection[str] = NOBODY,
    terms: Terms = NOW,
) -> int:
    """Record a plan that makes a policy of these properties in the account and points these
    deployments to it; returns its number. Raises Refused."""
    what = f"create filter policy {name} in {account}"
    with visit.attempt(Permission.FILTER, what[:1_000]) as session:
        require_writes(visit.writes)
        ground = guarding.ground(visit, session, account)
        filters.named(name.strip())
        name, resource = name.strip().lower(), filter_legs.policy_id(account, name)
        if name.startswith("microsoft."):
            raise OutOfRange("Names that begin with Microsoft. are Microsoft's own.")
        if ground.known.policy(resource):
            raise OutOfRange(f"There is a filter policy {name} in this account already.")
        ground.check(body)
        made = Leg("policy", resource, "", GONE, filters.canonical(body))
        value = filter_legs.repointed(name, filters.contents(body))
        legs = [made, *guarding.repoints(ground, repoint, value)]
        many = f", for {guarding.counted(repoint)}" if repoint else ""
        title = f"Create {filter_legs.about(resource)}{many}"
        return proposing.propose(visit, session, ground.seen, ordered(legs), title, terms)


def edit(visit: Visit, resource: str, body: Mapping[str, Any], *, terms: Terms = NOW) -> int:
    """Record a plan that edits a policy in place, and with it whatever deployment uses it; returns
    its number. Raises Refused."""
    with visit.attempt(Permission.FILTER, f"edit filter policy {resource}"[:1_000]) as session:
        require_writes(visit.writes)
        ground = guarding.ground(visit, session, names.account(resource))
        row = ground.own_policy(resource)
        old = filters.parsed(row["body"])
        ground.check(body)
        filter_checks.kept(old, body)
        if filters.contents(old) == filters.contents(body):
            raise OutOfRange("It says this already.")
        values = filters.canonical(old), filters.canonical(body)
        leg = Leg("policy", resource, row["etag"] or filter_legs.ANY, *values)
        users = ground.known.users(resource)
        guarding.require_reason(users, terms.reason)
        changes = f": changes {guarding.counted(list(users['resource']))} at once"
        title = f"Edit {filter_legs.about(resource)}{changes}"
        return proposing.propose(visit, session, ground.seen, [leg], title, terms)


def assign(
    visit: Visit, deployments: Sequence[str], policy: str | None, *, terms: Terms = NOW
) -> int:
    """Record one plan that points these deployments to the policy of this name in their accounts;
    None for the default. Returns its number; raises Refused."""
    what = f"assign filter policy {policy or 'by default'} to {', '.join(deployments[:5])}"
    with visit.attempt(Permission.FILTER, what[:1_000]) as session:
        require_writes(visit.writes)
        if not deployments or len(deployments) > guarding.MOST:
            raise OutOfRange(f"Choose 1 to {guarding.MOST} deployments.")
        seen = sight.of(visit, session, deployments, filters=True)
        guarding.require_whole(seen)
        legs = list[Leg]()
        for account in sorted({names.account(it) for it in deployments}):
            ground = guarding.of(seen, account)
            value = ground.value(policy)
            own = [it for it in deployments if names.account(it) == account]
            legs += guarding.repoints(ground, own, value)
        called = f"filter policy {policy}" if policy else "the default filter policy"
        title = f"Point {guarding.counted(deployments)} to {called}"
        return proposing.propose(visit, session, seen, ordered(legs), title, terms)


def delete(visit: Visit, resource: str, *, named: str, terms: Terms = NOW) -> int:
    """Record a plan that deletes a policy which nothing uses; named: its name, typed by the person.
    Returns its number; raises Refused."""
    with visit.attempt(Permission.FILTER, f"delete filter policy {resource}"[:1_000]) as session:
        require_writes(visit.writes)
        ground = guarding.ground(visit, session, names.account(resource))
        row = ground.own_policy(resource)
        if named.strip() != str(row["policy"]):
            raise OutOfRange("The name does not match; nothing is deleted.")
        if not terms.reason.strip():
            raise OutOfRange("Say why it is deleted.")
        guarding.require_unused(ground, resource)
        before = filters.canonical(filters.parsed(row["body"]))
        leg = Leg("policy", resource, row["etag"] or filter_legs.ANY, before, GONE)
        title = f"Delete {filter_legs.about(resource)}"
        return proposing.propose(visit, session, ground.seen, [leg], title, terms)

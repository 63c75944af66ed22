"""The lever that points a deployment to a filter policy."""

from datetime import datetime

from domain import filter_legs, filters, names
from domain.faults import NotFound, Rejected
from domain.plans import Leg, Seen
from jobs.levers import looks
from services import deployments, policies
from services.azure import Azure


def look(azure: Azure, leg: Leg, at: datetime) -> Seen:
    """The policy that it names, and what that contains."""

    def read(found: deployments.Deployment) -> str:
        name = found.spec.get("filter_policy")
        value = _value(azure, leg.resource, str(name) if name else None)
        return filter_legs.alike(leg, value)

    return looks.at(azure, leg, at, read)


def write(azure: Azure, leg: Leg, aim: str, etag: str) -> None:
    """One PUT of what is there, with the policy's name alone edited; raises Rejected when that
    policy contains something else than was reviewed."""
    name = filter_legs.parsed(aim).get("policy")
    if not filter_legs.same(leg.lever, aim, _value(azure, leg.resource, name)):
        called = f"Filter policy {name}" if name else "The default filter policy"
        raise Rejected(f"{called} was changed since this was reviewed, so nothing was.")
    deployments.set_filter(azure, leg.resource, name, etag)


def _value(azure: Azure, resource: str, name: str | None) -> str:
    """A deployment with this policy; a default is what its account has first of the known ones."""
    for wanted in [name] if name else filters.DEFAULTS:
        try:
            found = policies.seen(azure, filter_legs.policy_id(names.account(resource), wanted))
        except NotFound:
            continue
        return filter_legs.repointed(name, filters.contents(found.body))
    return filter_legs.repointed(name, None)

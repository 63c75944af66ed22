"""A console that changes content filters, and what tests of several rooms do with it."""

from domain import filters
from domain.filter_legs import policy_id
from domain.filters import Strength
from domain.readings import POLICIES
from store import plans, snapshots
from tests.world import SMALL, WEU

VERSION = "?api-version=2025-09-01"
DEFAULT = "Microsoft.DefaultV2"
STRICT, LOOSE = policy_id(WEU, "strict"), policy_id(WEU, "loose")
TIGHT = {("hate", "prompt"): Strength.LOW}
LAX = {("hate", "prompt"): Strength.OFF}


def kept(console, name=DEFAULT, account=WEU):
    """The properties of a policy as last collected."""
    with console.store.reading() as session:
        rows = snapshots.kept(session, POLICIES, [SMALL])[SMALL].frame
    body = rows[(rows["account_id"] == account) & (rows["policy"] == name)]["body"]
    return filters.parsed(body.iloc[0]) if len(body) else None


def made(console, settings, *, base=DEFAULT, mode=None, lists=None):
    """The properties of a policy that is based on another and differs from it so."""
    body = kept(console, base)
    new = filters.edited(body, settings, mode=mode, lists=lists, graded={})
    return {**new, "basePolicyName": base}


def by_the_portal(console, method, resource, properties=None, **body):
    told = {"properties": properties, **body} if properties is not None else body or None
    answer = console.small.control.portal(method, resource + VERSION, told)
    assert answer["status"] < 300, answer


def there(console, name, settings, **told):
    """A policy that somebody made in the portal, and that is known here; its id."""
    resource = policy_id(WEU, name)
    by_the_portal(console, "PUT", resource, made(console, settings, **told))
    look_again(console)
    return resource


def look_again(console, account=WEU):
    console.collector.look_again(account, filters=True)


def after(console, number, rounds=10, **by):
    """The plan after so many rounds of the worker, or at its end."""
    for _ in range(rounds):
        console.clock.move(**(by or {"seconds": 5}))
        console.worker.run_once()
        found = plan(console, number)
        if found.ended_at:
            break
    return found


def plan(console, number):
    with console.store.reading() as session:
        return plans.find(session, number)


def pending(console):
    with console.store.reading() as session:
        return plans.latest(session)


def in_azure(console, resource):
    """Properties of a policy, a blocklist or a term as the simulator has them; None for none."""
    path = console.small.control.portal("GET", resource + VERSION)
    return path["body"]["properties"] if path["status"] < 300 else None


def policy_of(console, resource):
    """raiPolicyName of a deployment in Azure."""
    told = console.small.control.portal("GET", resource + VERSION)
    return told["body"]["properties"].get("raiPolicyName")


def sent(console):
    """(method, last word of the path) of what the console wrote."""
    return [(method, path.rpartition("/")[2]) for method, path, _ in console.wire.writes]

"""Filters that change without this console, as a person of the local cloud can order it."""

from dataclasses import replace

import pytest

from actions import simulate
from domain.faults import NotAllowed, OutOfRange
from reads import audit
from simulator.faults import ArmError
from tests.world import CHAT, WEU

POLICY = f"{WEU}/raiPolicies/own"
HATE = {"name": "Hate", "enabled": True, "blocking": True, "severityThreshold": "Low"}


def contents(console, name):
    world = console.small.world
    account = world.accounts.accounts[WEU]
    return world.moderation.policy(account, name).properties


@pytest.fixture
def strict(console):
    """A strict policy, and a deployment that is under it."""
    portal = console.small.control.portal
    done = portal("PUT", POLICY, {"properties": {"contentFilters": [HATE]}})
    assert done["status"] == 201
    world = console.small.world
    chat = world.accounts.deployments[WEU]["chat"]
    properties = chat.properties | {"raiPolicyName": "own"}
    assert portal("PUT", CHAT, {"sku": chat.sku, "properties": properties})["status"] == 200


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("named", ["", POLICY])
def test_a_portal_user_weakens_a_policy(console, named):
    simulate.weaken(console.visit("vera"), named)
    (one,) = contents(console, "own")["contentFilters"]
    assert one == HATE | {"severityThreshold": "High"}
    last = audit.trail(console.store).iloc[0]
    assert (last["came"], "weaken" in last["what"]) == ("asked", True)


def test_where_nobody_has_a_policy_there_is_none_to_weaken(console):
    with pytest.raises(ArmError, match="no policy"):
        simulate.weaken(console.visit("vera"))


@pytest.mark.parametrize(("change", "name"), [("stricter", "Indirect Attack"),
                                              ("looser", "Jailbreak")])  # fmt: skip
def test_microsoft_changes_its_default(console, change, name):
    simulate.change_default(console.visit("vera"), change)
    filters = contents(console, "Microsoft.DefaultV2")["contentFilters"]
    (one,) = (it for it in filters if it["name"] == name)
    assert one["blocking"] is (change == "stricter")
    assert one["enabled"] is True


def test_only_what_can_be_ordered_and_only_here(console):
    with pytest.raises(OutOfRange, match="called upside-down"):
        simulate.change_default(console.visit("vera"), "upside-down")
    real = replace(console.visit("ada"), simulator=None)
    for verb in (
        lambda: simulate.weaken(real),
        lambda: simulate.change_default(real, "looser"),
    ):
        with pytest.raises(NotAllowed, match="Only the local cloud"):
            verb()

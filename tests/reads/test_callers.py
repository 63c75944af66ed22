"""Who calls, asked live."""

from datetime import timedelta

import pytest

from domain.faults import Forbidden
from domain.gateways import CALLERS
from reads import callers
from settings import LOCAL_WORKSPACE
from tests.world import CHAT, NOON

WEEK = (NOON - timedelta(days=7), NOON)


def test_callers_of_a_deployment_with_their_networks(console):
    found = callers.of_days(console.store, console.azure, [LOCAL_WORKSPACE], *WEEK)
    assert list(found) == list(CALLERS)
    chat = found[found["resource"] == CHAT]
    assert set(chat["product"]) == {"shop-chat", "desk-assist", "partner-portal", "(none)"}
    assert {"shop-web", "shop-app"} <= set(chat["subscriber"])
    assert chat["network"].str.fullmatch(r"10\.[0-9]+\.[0-9]+\.0/24").all()
    assert found["tokens"].is_monotonic_decreasing


def test_a_workspace_that_does_not_answer_is_a_fault(console):
    console.small.control.fault("forbid", path="/v1/workspaces")
    with pytest.raises(Forbidden):
        callers.of_days(console.store, console.azure, [LOCAL_WORKSPACE], *WEEK)

"""What the identity may see: all of it, in whatever state."""

import pytest

from domain import frames
from domain.faults import Unintelligible
from services import subscriptions
from tests.services.recorded import MANAGER, SUB

ROW = {
    "id": f"/subscriptions/{SUB}",
    "subscriptionId": SUB.upper(),
    "displayName": "Prod AI",
    "tenantId": "t",
    "state": "Enabled",
    "subscriptionPolicies": {"spendingLimit": "Off"},
}


def test_subscriptions_of_all_pages_and_states(azure, wire):
    more = f"{MANAGER}/subscriptions?api-version=2022-12-01&$skiptoken=2"
    counting = {"count": {"type": "Total", "value": 2}}
    wire.says("/subscriptions", {"value": [ROW], "nextLink": more, **counting})
    wire.says("/subscriptions", {"value": [ROW | {"state": "Disabled"}]})
    one, two = subscriptions.listed(azure)
    assert one == {"subscription": SUB, "name": "Prod AI", "state": "Enabled", "tenant": "t"}
    assert set(one) == set(frames.SUBSCRIPTIONS)
    assert two["state"] == "Disabled"


def test_no_access_is_an_empty_list(azure, wire):
    wire.says("/subscriptions", {"value": []})
    assert subscriptions.listed(azure) == []


def test_a_subscription_without_an_id_is_a_fault(azure, wire):
    wire.says("/subscriptions", {"value": [{"displayName": "x"}]})
    with pytest.raises(Unintelligible, match="Listing the subscriptions"):
        subscriptions.listed(azure)

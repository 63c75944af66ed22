"""The tier of a subscription, and what comes next."""

from datetime import UTC, datetime

import pytest

from domain import frames
from domain.faults import Forbidden, NotFound
from services import subscriptions, tiers
from tests.services.recorded import SUB, TIERS, error, tier


def test_a_tier_without_a_word_on_the_next(azure, wire):
    wire.says(TIERS, {"value": [tier()]})
    (row,) = tiers.of_subscription(azure, SUB.upper())
    assert row == {
        "subscription": SUB,
        "tier": "Tier 1",
        "policy": "OnceUpgradeIsAvailable",
        "assigned_at": datetime(2025, 10, 18, 5, 9, 5, 633422, UTC),
        "next_tier": None,
        "next_status": None,
        "next_at": None,
        "next_reason": None,
    }
    assert set(row) == set(frames.TIERS)


def test_what_comes_next(azure, wire):
    info = {
        "nextTierName": "Tier 2",
        "upgradeAvailabilityStatus": "Available",
        "upgradeApplicableDate": "2026-12-01T00:00:00Z",
    }
    wire.says(TIERS, {"value": [tier(tierUpgradeEligibilityInfo=info)]})
    (row,) = tiers.of_subscription(azure, SUB)
    assert (row["next_tier"], row["next_status"]) == ("Tier 2", "Available")
    assert row["next_at"] == datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ((404, error("ResourceNotFound")), NotFound),
        ((403, error("AuthorizationFailed")), Forbidden),
    ],
)
def test_a_cloud_that_has_no_tiers_says_so(azure, wire, said, fault):
    wire.says(TIERS, said)
    with pytest.raises(fault, match="quota tier of subscription"):
        tiers.of_subscription(azure, SUB)


def test_an_older_cloud_is_asked_as_it_can_answer(azure, wire):
    wire.says(TIERS, (400, error("InvalidResourceType")), {"value": []})
    assert tiers.of_subscription(azure, SUB) == []
    assert [it.query["api-version"] for it in wire.requests] == ["2026-09-01", "2025-09-01"]


def test_in_front_of_the_simulator(contoso):
    for it in subscriptions.listed(contoso):
        (row,) = tiers.of_subscription(contoso, it["subscription"])
        assert row["tier"].startswith("Tier ")
        assert row["assigned_at"] < datetime(2026, 11, 18, tzinfo=UTC)

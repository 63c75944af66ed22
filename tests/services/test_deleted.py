"""What is deleted and not yet gone: listed under either id, looked at, purged."""

from datetime import UTC, datetime

import pytest

from domain import frames
from domain.faults import Busy, Forbidden, NotFound, Rejected, Unintelligible, Unreachable
from services import accounts, deleted, subscriptions
from tests.services.recorded import ACCOUNT, DELETED, GONE, SUB, account, error, gone

AT = datetime(2026, 11, 17, 10, 0, 0, 123456, UTC)


def test_a_deleted_account_fills_the_frame(azure, wire):
    wire.says(DELETED, {"value": [gone()]})
    (row,) = deleted.of_subscription(azure, SUB.upper())
    assert row == {
        "account_id": GONE.replace("/locations/westeurope", "")
        .replace(
            "/providers/microsoft.cognitiveservices/resourcegroups/rg-old", "/resourcegroups/rg-old"
        )
        .replace("/deletedaccounts/", "/providers/microsoft.cognitiveservices/accounts/"),
        "subscription": SUB,
        "group": "rg-old",
        "account": "aoai-old",
        "kind": "OpenAI",
        "region": "westeurope",
        "deleted_at": AT,
        "purge_at": datetime(2026, 11, 19, 10, 0, 0, 123456, UTC),
        "deleted_resource": GONE,
    }
    assert set(row) == set(frames.DELETED)


def test_one_that_is_listed_as_it_lived_has_the_id_to_purge_it(azure, wire):
    alive = account("aoai-old", properties={}, location="West Europe")
    wire.says(DELETED, {"value": [alive]})
    (row,) = deleted.of_subscription(azure, SUB)
    assert row["account_id"] == ACCOUNT.replace("shop", "old")
    assert row["deleted_resource"] == GONE.replace("rg-old", "rg-ai")
    assert (row["deleted_at"], row["purge_at"]) == (None, None)


def test_without_a_region_nobody_can_say_how_to_purge_it(azure, wire):
    alive = account("aoai-old", properties={}, location=None)
    wire.says(DELETED, {"value": [alive, gone() | {"location": None}]})
    lost, told = deleted.of_subscription(azure, SUB)
    assert (lost["region"], lost["deleted_resource"]) == (None, None)
    assert (told["region"], told["deleted_resource"]) == ("westeurope", GONE)


def test_nothing_deleted_is_nothing(azure, wire):
    wire.says(DELETED, {"value": []})
    assert deleted.of_subscription(azure, SUB) == []


def test_no_role_is_not_nothing(azure, wire):
    wire.says(DELETED, (403, error("AuthorizationFailed")))
    with pytest.raises(Forbidden, match="Listing the deleted accounts of subscription"):
        deleted.of_subscription(azure, SUB)


@pytest.mark.parametrize(
    ("state", "settled", "failed"),
    [
        ("Succeeded", True, False),
        (None, True, False),
        ("Deleting", False, False),
        ("Purging", False, False),
        ("Failed", True, True),
    ],
)
def test_a_look_at_what_is_held(azure, wire, state, settled, failed):
    wire.says(GONE, gone(provisioningState=state))
    seen = deleted.held(azure, GONE.upper())
    assert (seen.resource, seen.deleted_at) == (GONE, AT)
    assert (seen.settled, seen.failed) == (settled, failed)


def test_what_is_purged_is_not_found(azure, wire):
    wire.says(GONE, (404, error("ResourceNotFound")))
    with pytest.raises(NotFound, match=r"Looking at aoai-old \(deleted\)"):
        deleted.held(azure, GONE)


@pytest.mark.parametrize(
    ("said", "lives"),
    [
        (account("aoai-old"), True),
        ((404, error("ResourceNotFound")), False),
        ((404, error("ResourceGroupNotFound")), False),
    ],
)
def test_whether_the_account_lives_again(azure, wire, said, lives):
    wire.says(ACCOUNT.replace("rg-ai", "rg-old").replace("shop", "old"), said)
    assert deleted.restored(azure, GONE) is lives


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ((403, error("AuthorizationFailed")), Forbidden),
        ((404, {"Content-Type": "text/html"}, "<html></html>"), Unintelligible),
        ((503, error("Down")), Unreachable),
    ],
)
def test_what_cannot_be_told_is_not_taken_for_dead(azure, wire, said, fault):
    wire.says(ACCOUNT.replace("rg-ai", "rg-old").replace("shop", "old"), said)
    with pytest.raises(fault, match="Looking whether aoai-old lives again"):
        deleted.restored(azure, GONE)


@pytest.mark.parametrize("status", [200, 202, 204])
def test_a_purge_is_one_delete(azure, wire, status):
    wire.says(("DELETE", GONE), (status, {}, b""))
    deleted.purge(azure, GONE.upper())
    assert wire.writes == [("DELETE", GONE, None)]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ((409, error("RequestConflict")), Busy),
        ((409, error("AccountProvisioningStateInvalid")), Busy),
        ((403, error("AuthorizationFailed")), Forbidden),
        ((404, error("ResourceNotFound")), NotFound),
        ((503, {"Retry-After": "1"}, error("Down")), Unreachable),
    ],
)
def test_a_purge_is_never_repeated(azure, wire, slept, said, fault):
    wire.says(("DELETE", GONE), said)
    with pytest.raises(fault, match="Purging"):
        deleted.purge(azure, GONE)
    assert len(wire.requests) == 1
    assert slept == []


@pytest.mark.parametrize("alive", [ACCOUNT, f"{ACCOUNT}/deployments/chat", GONE + "/x", ""])
def test_what_lives_is_never_deleted_by_a_purge(azure, wire, alive):
    for ask in (deleted.purge, deleted.held):
        with pytest.raises(Rejected, match="Only a deleted account"):
            ask(azure, alive)
    assert wire.requests == []


def test_in_front_of_the_simulator(contoso, contoso_wire, simulator):
    (sub,) = {row["subscription"] for row in subscriptions.listed(contoso)}
    one = accounts.in_graph(contoso, [sub])[0]["account_id"]
    told = simulator.control.portal("DELETE", f"{one}?api-version=2025-09-01")
    assert told["status"] < 300, told
    (row,) = (it for it in deleted.of_subscription(contoso, sub) if it["account_id"] == one)
    assert row["deleted_at"] < row["purge_at"]
    seen = deleted.held(contoso, row["deleted_resource"])
    assert (seen.deleted_at, seen.settled) == (row["deleted_at"], True)
    deleted.purge(contoso, row["deleted_resource"])
    with pytest.raises(NotFound):
        deleted.held(contoso, row["deleted_resource"])
    assert contoso_wire.writes[-1][:2] == ("DELETE", row["deleted_resource"])

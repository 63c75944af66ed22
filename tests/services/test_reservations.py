"""Reservations: those of provisioned throughput, whatever they are called."""

import pytest

from domain import frames
from domain.costs import RESERVATIONS
from domain.faults import Forbidden, Unintelligible
from services import reservations
from tests.services.recorded import MANAGER, error

LIST = "/providers/microsoft.capacity/reservations"
ID = "/providers/microsoft.capacity/reservationOrders/O/reservations/R"


def item(kind="OpenAIPTU", **properties):
    return {
        "id": ID,
        "name": "O/R",
        "location": "West Europe",
        "sku": {"name": "some_sku"},
        "properties": {
            "reservedResourceType": kind,
            "displayName": "PTU-global-prod",
            "quantity": 100,
            "term": "P1M",
            "appliedScopeType": "Single",
            "appliedScopes": ["/subscriptions/AAA"],
            "displayProvisioningState": "Succeeded",
            "benefitStartTime": "2026-03-01T00:00:00.1234567Z",
            "expiryDate": "2027-03-01",
            "renew": False,
            "utilization": {"aggregates": [{"grain": 7, "grainUnit": "days", "value": 97}]},
            **properties,
        },
    }


def test_a_reservation(azure, wire):
    wire.says(LIST, {"value": [item(), item("VirtualMachines")]})
    (row,) = reservations.of_tenant(azure)
    assert len(frames.frame(RESERVATIONS, [row])) == 1
    assert row["reservation"] == ID.lower()
    assert row["order"].endswith("/reservationorders/o")
    assert (row["scope"], row["region"], row["quantity"]) == ("global", "westeurope", 100)
    assert row["applied_scopes"] == '["/subscriptions/aaa"]'
    assert (row["used_percent_7d"], row["used_percent_30d"]) == (97.0, None)
    assert row["ends"].year == 2027


@pytest.mark.parametrize(
    ("words", "scope"),
    [
        ("OpenAI_PTU_DataZone", "datazone"),
        ("Provisioned - Data Zone", "datazone"),
        ("Global", "global"),
        ("Provisioned Regional", "regional"),
        ("PTU", None),
    ],
)
def test_where_it_counts_is_told_by_its_words_or_not_at_all(words, scope):
    assert reservations.scope_of(words) == scope


@pytest.mark.parametrize("kind", ["openaiptu", "FoundryPTU", "OpenAIPTU2"])
def test_other_names_of_the_same(azure, wire, kind):
    wire.says(LIST, {"value": [item(kind)]})
    assert len(reservations.of_tenant(azure)) == 1


def test_pages_and_an_empty_list(azure, wire):
    link = f"{MANAGER}/providers/Microsoft.Capacity/reservations?$skiptoken=1"
    wire.says(LIST, {"value": [item()], "nextLink": link}, {"value": []})
    assert len(reservations.of_tenant(azure)) == 1


def test_faults(azure, wire):
    wire.says(LIST, (403, error("AuthorizationFailed")), {"value": None})
    with pytest.raises(Forbidden):
        reservations.of_tenant(azure)
    with pytest.raises(Unintelligible):
        reservations.of_tenant(azure)

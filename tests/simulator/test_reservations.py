"""Reservations as the tenant lists them, and what the world used of them."""

from datetime import timedelta

import pytest

PATH = "/providers/Microsoft.Capacity/reservations"
VERSION = "2022-11-01"


@pytest.fixture
def azure(contoso, signed):
    return signed(contoso)


@pytest.fixture
def listed(azure):
    def asked():
        found = azure.get(PATH, VERSION).get_json()["value"]
        return {it["properties"]["displayName"]: it for it in found}

    return asked


def daily(azure, order, first="2026-11-01", last="2026-11-30"):
    dates = f"properties/usageDate ge {first} AND properties/usageDate le {last}"
    path = f"/providers/Microsoft.Capacity/reservationorders/{order}/providers"
    query = {"grain": "daily", "$filter": dates, "api-version": "2024-08-01"}
    return azure.get(f"{path}/Microsoft.Consumption/reservationSummaries", None, query_string=query)


def test_a_reservation_looks_as_documented(listed, prod):
    found = listed()["PTU-regional-sweden"]
    order, name = found["name"].split("/")
    above = "/providers/microsoft.capacity/reservationOrders"
    assert found["id"] == f"{above}/{order}/reservations/{name}"
    assert found["location"] == "swedencentral"
    said = found["properties"]
    assert (said["reservedResourceType"], said["term"]) == ("OpenAIPTU", "P1Y")
    assert (said["quantity"], said["appliedScopeType"]) == (150, "Single")
    assert said["appliedScopes"] == [f"/subscriptions/{prod}"]
    assert [it["grain"] for it in said["utilization"]["aggregates"]] == [1, 7, 30]


def test_one_is_expired_one_is_shared_and_renews(listed):
    found = {name: it["properties"] for name, it in listed().items()}
    over = found["PTU-global-pilot"]
    assert over["provisioningState"] == over["extendedStatusInfo"]["statusCode"] == "Expired"
    shared = found["PTU-global-prod"]
    assert (shared["appliedScopeType"], shared["term"], shared["renew"]) == ("Shared", "P1M", True)
    assert "2026-11-18" < shared["expiryDate"] <= "2026-12-18"
    assert "appliedScopes" not in shared


def test_utilisation_is_of_what_is_deployed(azure, listed, path, prod, clock):
    def used():
        found = listed().values()
        return {
            it["properties"]["displayName"]: it["properties"]["utilization"]["aggregates"][0][
                "value"
            ]
            for it in found
        }

    assert used() == {"PTU-regional-sweden": 100, "PTU-global-prod": 90, "PTU-global-pilot": 0}
    place = path("aoai-ptu-sdc", "rg-ai-ptu", prod)
    assert azure.delete(f"{place}/deployments/risk-ptu").status_code == 200
    clock.move(days=2)
    assert used()["PTU-global-prod"] == 30


def test_daily_summaries(azure, listed):
    order = listed()["PTU-global-prod"]["name"].split("/")[0]
    found = daily(azure, order).get_json()["value"]
    assert len(found) == 16  # the 18th runs, the 17th is not told yet
    said = found[0]["properties"]
    assert said["reservationOrderId"] == order
    assert (said["reservedHours"], said["usedHours"]) == (6000, 5400)
    assert said["avgUtilizationPercentage"] == 90
    assert daily(azure, "none").status_code == 404


def test_a_daily_summary_wants_its_dates(azure, listed):
    order = listed()["PTU-global-prod"]["name"].split("/")[0]
    path = f"/providers/Microsoft.Capacity/reservationorders/{order}/providers"
    for query in ({"grain": "daily"}, {"grain": "monthly"}):
        sent = {"query_string": query | {"api-version": "2024-08-01"}}
        where = f"{path}/Microsoft.Consumption/reservationSummaries"
        assert azure.get(where, None, **sent).status_code == 400


def test_without_a_role_the_list_is_empty_and_an_order_is_not_there(contoso, azure, listed):
    order = listed()["PTU-global-prod"]["name"].split("/")[0]
    contoso.control.configure(reservations_hidden=True)
    answer = azure.get(PATH, VERSION)
    assert (answer.status_code, answer.get_json()) == (200, {"value": []})
    assert daily(azure, order).status_code == 404


def test_what_begins_later_is_not_there_yet(listed, clock):
    clock.now -= timedelta(days=100)
    assert set(listed()) == {"PTU-regional-sweden", "PTU-global-pilot"}

"""The price list: without a token, page by page on its own host, units made comparable."""

from datetime import UTC, datetime

import pytest

from domain import frames
from domain.costs import RETAIL
from domain.faults import Unintelligible
from services import prices

LIST = "/api/retail/prices"
HOST = "https://prices.azure.com"


def item(**fields):
    return {
        "currencyCode": "EUR",
        "tierMinimumUnits": 0.0,
        "retailPrice": 0.0022,
        "unitPrice": 0.0022,
        "armRegionName": "westeurope",
        "effectiveStartDate": "2025-06-01T00:00:00Z",
        "meterId": "AAAA-1",
        "meterName": "gpt 4o 1120 Inp glbl Tokens",
        "productName": "Azure OpenAI",
        "skuName": "gpt 4o 1120 Inp glbl",
        "serviceName": "Foundry Models",
        "unitOfMeasure": "1K",
        "type": "Consumption",
        "savingsPlan": [{"term": "1 Year"}],
        "unheardOf": {"of": 1},
        **fields,
    }


def page(*items, more=None):
    return {"BillingCurrency": "EUR", "Items": list(items), "NextPageLink": more, "Count": 1}


def test_a_price_is_read_without_a_token(azure, wire):
    wire.says(LIST, page(item()))
    (row,) = prices.listed(azure, "EUR")
    assert len(frames.frame(RETAIL, [row])) == 1
    assert (row["meter_id"], row["price"], row["per"]) == ("aaaa-1", "0.0022", 1_000)
    assert row["starts"] == datetime(2025, 6, 1, tzinfo=UTC)
    (asked,) = wire.requests
    assert not {"authorization", "cookie"} & {it.lower() for it in asked.headers}
    assert asked.host == "prices.azure.com"
    assert asked.query["currencyCode"] == "'EUR'"
    assert asked.query["$filter"].startswith("serviceName eq 'Foundry Models' or ")


def test_pages_are_followed(azure, wire):
    wire.says(LIST, page(item(), more=f"{HOST}{LIST}?$skip=1000"), page(item(meterId="b")))
    assert [it["meter_id"] for it in prices.listed(azure, "EUR")] == ["aaaa-1", "b"]


@pytest.mark.parametrize(
    "link", ["https://evil.example/x", "https://prices.azure.com.evil.example/"]
)
def test_but_not_elsewhere(azure, wire, link):
    wire.says(LIST, page(item(), more=link))
    with pytest.raises(Unintelligible):
        prices.listed(azure, "EUR")
    assert {it.host for it in wire.requests} == {"prices.azure.com"}


@pytest.mark.parametrize(
    ("unit", "per"),
    [
        ("1K", 1_000),
        ("1M", 1_000_000),
        ("1M Tokens", 1_000_000),
        ("1 Hour", 1),
        ("1/Hour", 1),
        ("1", 1),
        ("10K", 10_000),
        ("100 Hours", 100),
        ("1 GB/Month", None),
        ("1 GB", 1),
        ("7 Moons", None),
        ("", None),
        (None, None),
        ("K", None),
    ],
)
def test_what_a_price_is_for(unit, per):
    assert prices.per(unit) == per


def test_a_unit_that_is_not_known_keeps_its_row(azure, wire):
    wire.says(LIST, page(item(unitOfMeasure="7 Moons")))
    (row,) = prices.listed(azure, "EUR")
    assert (row["unit"], row["per"]) == ("7 Moons", None)


def test_decimals_are_as_they_are_written(azure, wire):
    body = '{"Items": [%s], "NextPageLink": null}'
    one = '{"meterId": "m", "retailPrice": 1.25e-07, "unitOfMeasure": "1", "type": "Consumption"}'
    wire.says(LIST, body % one)
    (row,) = prices.listed(azure, "EUR")
    assert (row["price"], row["currency"], row["region"]) == ("0.000000125", "EUR", "")


def test_only_the_first_step_of_a_price_in_steps_counts(azure, wire):
    wire.says(LIST, page(item(), item(tierMinimumUnits=100.0), item(retailPrice=None)))
    assert len(prices.listed(azure, "EUR")) == 1


def test_the_simulators_list(contoso):
    rows = prices.listed(contoso, "EUR")
    assert {row["per"] for row in rows} >= {1, 1_000, 1_000_000}
    assert {row["kind"] for row in rows} >= {"Consumption", "Reservation"}

"""The price list as documented: filters, pages, currencies, prices that follow the clock."""

from collections import Counter
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from werkzeug.test import Client

PATH = "/api/retail/prices"
FIELDS = {
    "currencyCode",
    "tierMinimumUnits",
    "retailPrice",
    "unitPrice",
    "armRegionName",
    "location",
    "effectiveStartDate",
    "meterId",
    "meterName",
    "productId",
    "skuId",
    "productName",
    "skuName",
    "serviceName",
    "serviceId",
    "serviceFamily",
    "unitOfMeasure",
    "type",
    "isPrimaryMeterRegion",
    "armSkuName",
}


@pytest.fixture
def shop(contoso):
    """Anybody may ask: no token."""

    def asked(filter_="", version="2023-01-01-preview", **options):
        query = options | ({"$filter": filter_} if filter_ else {}) | {"api-version": version}
        where = {"base_url": "https://prices.azure.com/", "query_string": query}
        return Client(contoso).get(PATH, **where)

    return asked


def everything(simulator, **options):
    rows, url = [], f"https://prices.azure.com{PATH}"
    query = options
    while url:
        parts = urlsplit(url)
        where = {"base_url": f"https://{parts.netloc}/"}
        sent = {"query_string": query} if query is not None else {}
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        body = Client(simulator).get(path, **where, **sent).get_json()
        rows += body["Items"]
        url, query = body["NextPageLink"], None
    return rows


def test_the_list_looks_as_documented(shop):
    body = shop("contains(meterName,'4o')").get_json()
    assert set(body) == {
        "BillingCurrency",
        "CustomerEntityId",
        "CustomerEntityType",
        "Items",
        "NextPageLink",
        "Count",
    }
    assert body["Count"] == len(body["Items"]) > 20
    assert all(set(it) == FIELDS for it in body["Items"])


def test_a_page_has_a_thousand_and_its_link_keeps_the_question(contoso, shop):
    first = shop(currencyCode="'EUR'").get_json()
    assert (first["Count"], first["BillingCurrency"]) == (1000, "EUR")
    assert first["NextPageLink"].startswith(f"https://prices.azure.com{PATH}?")
    rows = everything(contoso, currencyCode="'EUR'")
    assert {it["currencyCode"] for it in rows} == {"EUR"}
    keys = Counter(
        (it["meterId"], it["type"], it.get("reservationTerm"), it["armRegionName"]) for it in rows
    )
    assert max(keys.values()) == 1


def test_units_tiers_and_terms_are_all_there(contoso):
    rows = everything(contoso)
    assert {it["unitOfMeasure"] for it in rows} >= {"1K", "1M", "1 Hour", "1"}
    assert {it.get("reservationTerm") for it in rows} == {None, "1 Month", "1 Year"}
    names = " ".join(it["meterName"] for it in rows)
    for word in ("Inp ", "Inpt", "Input", "Outp", "opt", "glbl", "Gl ", "DZone", "cchd", "cached"):
        assert word in names
    for word in ("Batch", " pp ", "Flex", "regnl", "Data Zone"):
        assert word in names
    assert "claude" not in names.lower()
    assert "mistral" not in names.lower()


@pytest.mark.parametrize(
    ("filter_", "right"),
    [
        ("serviceName eq 'API Management'", lambda it: it["serviceName"] == "API Management"),
        ("priceType eq 'Reservation'", lambda it: it["type"] == "Reservation"),
        (
            "armRegionName eq 'westeurope' and (contains(meterName,'Outp') or "
            "startswith(skuName,'gpt 4o'))",
            lambda it: it["armRegionName"] == "westeurope",
        ),
        ("serviceName ne 'Foundry Models'", lambda it: it["serviceName"] != "Foundry Models"),
        ("isPrimaryMeterRegion eq false", lambda it: not it["isPrimaryMeterRegion"]),
    ],
)
def test_filters(shop, filter_, right):
    found = shop(filter_).get_json()["Items"]
    assert found
    assert all(right(it) for it in found)


def test_values_mind_their_case_in_newer_versions_only(shop):
    loud = "serviceName eq 'FOUNDRY MODELS'"
    assert shop(loud).get_json()["Count"] == 0
    assert shop(loud, version="2021-10-01-preview").get_json()["Count"] > 0


@pytest.mark.parametrize(
    "filter_", ["colour eq 'x'", "meterName like 'x'", "(meterName eq 'x'", "meterName eq 'x' and"]
)
def test_filters_that_are_refused(shop, filter_):
    assert shop(filter_).status_code == 400


def test_a_currency_or_version_that_is_not_known_is_refused(shop):
    assert shop(currencyCode="'XXX'").status_code == 400
    assert shop(version="2099-01-01").status_code == 400


def test_other_currencies_are_quoted_at_one_rate(contoso):
    dollars = {
        it["meterId"]: it["retailPrice"] for it in everything(contoso) if it["type"][0] == "C"
    }
    euros = everything(contoso, currencyCode="'EUR'")
    rates = {
        round(it["retailPrice"] / dollars[it["meterId"]], 6) for it in euros if it["type"][0] == "C"
    }
    assert rates == {0.92}


def test_the_primary_region_leaves_each_meter_once(shop):
    found = shop("contains(meterName,'glbl')", meterRegion="'primary'").get_json()["Items"]
    assert len({it["meterId"] for it in found}) == len(found)
    assert len(shop("contains(meterName,'glbl')").get_json()["Items"]) > len(found)


def test_a_price_fell_twenty_five_days_before_the_anchor(shop, clock):
    name = (
        "productName eq 'Azure OpenAI' and contains(meterName,'4.1') and contains(meterName,'glb')"
    )
    now = {it["meterId"]: it for it in shop(name).get_json()["Items"]}
    fallen = {it["effectiveStartDate"] for it in now.values()}
    assert "2026-10-24T00:00:00Z" in fallen
    clock.now -= timedelta(days=26)
    before = {it["meterId"]: it for it in shop(name).get_json()["Items"]}
    cheaper = [it for it in now if now[it]["retailPrice"] < before[it]["retailPrice"]]
    assert cheaper
    for it in cheaper:
        assert now[it]["retailPrice"] * 1.25 == pytest.approx(before[it]["retailPrice"])
        assert now[it]["effectiveStartDate"] > before[it]["effectiveStartDate"]


def test_models_name_the_meters_of_the_list(contoso, signed, prod):
    above = f"/subscriptions/{prod}/providers/Microsoft.CognitiveServices/locations"
    models = signed(contoso).get(f"{above}/swedencentral/models").get_json()["value"]
    listed = {it["meterId"] for it in everything(contoso)}
    named, silent = set(), set()
    for model in (it["model"] for it in models):
        for sku in model["skus"]:
            ids = {it["meterId"] for it in sku["costs"]} - {""}
            named |= ids
            if not ids:
                silent.add(model["name"])
    assert named
    assert named <= listed
    assert {"gpt-5-nano", "text-embedding-3-small", "claude-sonnet-4-5"} <= silent


def test_nobody_else_is_answered_without_a_token(contoso):
    where = {"base_url": "https://management.azure.com/"}
    assert Client(contoso).get("/subscriptions?api-version=2022-12-01", **where).status_code == 401

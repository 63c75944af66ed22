"""Cost as Cost Management books it: its shapes and refusals, its lateness, and that it adds up."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from azure.mgmt.costmanagement import CostManagementClient
from werkzeug.test import Client

from simulator.app import Simulator
from simulator.costmanagement import usage
from simulator.retail import tariff

SHARED = "a2c7e9b4-58d1-4f36-8e0a-73bb914cd602"
DEV = "d40b6a17-92ce-4e8f-b1d5-2f6c08e3a974"
OLD = "8b92d4f6-0e7c-4135-9ad8-c3f16e5270ba"
SEALED = "f58a01c3-7d2b-49e6-8c17-b6e09d34a5f2"
CENT = Decimal("0.01")
LATE = tariff.tokens(
    "OpenAI", "gpt-4o-mini", "2024-07-18", "GlobalStandard", "westeurope", "standard", "input"
)


def question(kind="AmortizedCost", days=("2026-10-01", "2026-10-31"), by=(), grain=None, **more):
    """The body of a query over cost and quantity."""
    dataset = {
        "aggregation": {
            "totalCost": {"name": "Cost", "function": "Sum"},
            "quantity": {"name": "UsageQuantity", "function": "Sum"},
        },
        "grouping": [{"type": "Dimension", "name": it} for it in by],
    }
    dataset |= {"granularity": grain} if grain else {}
    period = {"from": f"{days[0]}T00:00:00Z", "to": f"{days[1]}T00:00:00Z"}
    return {"type": kind, "timeframe": "Custom", "timePeriod": period, "dataset": dataset | more}


def only(name, *values):
    return {"dimensions": {"name": name, "operator": "In", "values": list(values)}}


@pytest.fixture
def ask(contoso, signed, prod):
    def asked(body, subscription=prod, where="query", **sent):
        path = f"/subscriptions/{subscription}/providers/Microsoft.CostManagement/{where}"
        return signed(contoso).ask("POST", path, "2025-03-01", json=body, **sent)

    return asked


@pytest.fixture
def rows(ask):
    """Rows by the names of their columns."""

    def asked(body, *args):
        answer = ask(body, *args)
        if answer.status_code == 204:
            return []
        found = answer.get_json()["properties"]
        names = [it["name"] for it in found["columns"]]
        return [dict(zip(names, row, strict=True)) for row in found["rows"]]

    return asked


def summed(found, *by):
    sums = defaultdict(Decimal)
    for it in found:
        sums[tuple(it[name] for name in by)] += Decimal(repr(it["Cost"]))
    return dict(sums)


def test_an_answer_looks_as_documented(ask, prod):
    answer = ask(question(by=("ResourceId", "MeterId"), grain="Daily"))
    body = answer.get_json()
    assert set(body) == {"id", "name", "type", "location", "sku", "eTag", "properties"}
    above = f"subscriptions/{prod}/providers/Microsoft.CostManagement/query/"
    assert body["id"] == above + body["name"]
    found = body["properties"]
    assert found["columns"] == [
        {"name": "Cost", "type": "Number"},
        {"name": "UsageQuantity", "type": "Number"},
        {"name": "UsageDate", "type": "Number"},
        {"name": "ResourceId", "type": "String"},
        {"name": "MeterId", "type": "String"},
        {"name": "Currency", "type": "String"},
    ]
    assert found["rows"][0][2] == 20261001
    assert all(row[3] == row[3].lower() for row in found["rows"])
    assert "/deployments/" not in answer.text
    assert {row[5] for row in found["rows"]} == {"EUR"}
    assert answer.headers["x-ms-ratelimit-microsoft.costmanagement-qpu-consumed"] == "1"


def test_months_totals_and_tags_have_columns_of_their_own(rows):
    (month,) = rows(question(grain="Monthly"))
    assert month["BillingMonth"] == "2026-10-01T00:00:00"
    (whole,) = rows(question())
    assert set(whole) == {"Cost", "UsageQuantity", "Currency"}
    assert whole["Cost"] == pytest.approx(month["Cost"])
    body = question()
    body["dataset"]["grouping"] = [{"type": "TagKey", "name": "business-unit"}]
    found = rows(body)
    assert {it["TagKey"] for it in found} == {"business-unit"}
    assert {"", "finance-banking"} <= {it["TagValue"] for it in found}
    assert sum(it["Cost"] for it in found) == pytest.approx(whole["Cost"])


def test_every_grouping_adds_up_to_the_same(rows):
    whole = summed(rows(question()))[()]
    for by in (("ResourceId", "MeterId"), ("ServiceName", "ChargeType"), ("PricingModel",)):
        assert summed(rows(question(by=by, grain="Daily")))[()] == whole


def test_filters_split_the_whole(rows):
    whole = summed(rows(question()))[()]
    covered = only("PricingModel", "Reservation")
    usual = only("PricingModel", "OnDemand")
    foundry = only("ServiceName", "Foundry Models")
    parts = [
        {"and": [covered, foundry]},
        {"and": [usual, foundry]},
        {"or": [only("ChargeType", "Refund"), only("ServiceName", "SaaS")]},
    ]
    assert sum(summed(rows(question(filter=it)))[()] for it in parts) == whole


@pytest.mark.parametrize(
    "change",
    [
        {"type": "Fortune"},
        {"timeframe": "Whenever"},
        {"timePeriod": {}},
        {"timePeriod": {"from": "2026-10-02", "to": "2026-10-01"}},
        {"dataset": {}},
        {"dataset": question(by=("MeterId",) * 3)["dataset"]},
        {"dataset": question(by=("Colour",))["dataset"]},
        {"dataset": question(filter={"and": [only("Meter", "x")]})["dataset"]},
        {"dataset": question(filter=only("Colour", "x"))["dataset"]},
        {"dataset": question(grain="Hourly")["dataset"]},
        {"dataset": {"aggregation": {it: {"name": "Cost", "function": "Sum"} for it in "abc"}}},
    ],
)
def test_questions_that_are_refused(ask, change):
    answer = ask(question() | change)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "BadRequest")


def test_timeframes(rows):
    month = rows(question())
    assert rows(question() | {"timeframe": "TheLastMonth"}) == month
    so_far = rows(question(days=("2026-11-01", "2026-11-18")))
    for frame in ("MonthToDate", "BillingMonthToDate", "TheCurrentMonth"):
        assert rows(question() | {"timeframe": frame}) == so_far


def test_nothing_is_204_and_no_permission_403(ask):
    assert ask(question(), OLD).status_code == 204
    assert ask(question(), OLD).data == b""
    refused = ask(question(), SEALED)
    assert refused.status_code == 403
    assert "Microsoft.CostManagement/query/read" in refused.get_json()["error"]["message"]


def test_further_pages_are_posted_with_the_same_body(contoso, ask, signed):
    body = question(by=("ResourceId", "MeterId"), grain="Daily")
    contoso.control.configure(page_size=10_000)
    whole = ask(body).get_json()["properties"]["rows"]
    contoso.control.configure(page_size=20)
    found = ask(body).get_json()["properties"]
    pages, got = 1, found["rows"]
    while url := found["nextLink"]:
        assert "$skiptoken=" in url
        assert signed(contoso).follow(url).status_code == 501
        path = url.removeprefix("https://management.azure.com")
        found = signed(contoso).ask("POST", path, None, json=body).get_json()["properties"]
        got, pages = got + found["rows"], pages + 1
    assert got == whole
    assert pages == -(-len(whole) // 1000) > 2


def test_too_many_questions_hear_only_the_headers_of_cost_management(contoso, ask, clock):
    assert [ask(question()).status_code for _ in range(6)] == [200] * 6
    contoso.control.reset()
    contoso.control.configure(throttling=True)
    answers = [ask(question()) for _ in range(5)]
    assert [it.status_code for it in answers] == [200] * 4 + [429]
    assert "Retry-After" not in answers[-1].headers
    name = "x-ms-ratelimit-microsoft.costmanagement-entity-retry-after"
    assert 0 < int(answers[-1].headers[name]) <= 15
    assert ask(question(), SHARED).status_code == 200
    clock.move(seconds=16)
    assert ask(question()).status_code == 200


def test_throttling_can_be_ordered(contoso, ask):
    contoso.control.fault("throttle", path="CostManagement", retry_after=7)
    answer = ask(question())
    assert answer.status_code == 429
    assert "Retry-After" not in answer.headers
    assert answer.headers["x-ms-ratelimit-microsoft.costmanagement-entity-retry-after"] == "7"


def test_a_day_comes_late_and_in_parts_and_then_never_changes(rows, clock):
    day = question(days=("2026-11-17", "2026-11-17"), by=("ResourceId", "MeterId"))
    ended = datetime(2026, 11, 18, tzinfo=UTC)
    clock.now = ended + timedelta(hours=9, minutes=59)
    assert rows(day) == []
    clock.now = ended + timedelta(hours=10)
    some = rows(day)
    clock.now = ended + timedelta(hours=30)
    whole = rows(day)
    assert len(some) == len(whole)
    assert 0.3 < summed(some)[()] / summed(whole)[()] < 0.8
    clock.move(days=60)
    assert rows(day) == whole


def test_cost_is_usage_times_price_less_the_discount(contoso, rows):
    """The law that the rows of an account must keep, told from the parts of the world."""
    world, day = contoso.world, datetime(2026, 11, 10, tzinfo=UTC)
    account = next(it for it in world.accounts.accounts if it.endswith("aoai-shared-hub-weu"))
    counts = defaultdict(Decimal)
    for profile in world.usage.of(account):
        for meter, count in usage.of(world.usage, profile, day):
            counts[meter] += count
    body = question(days=("2026-11-10",) * 2, by=("MeterId",), filter=only("ResourceId", account))
    booked = {it["MeterId"]: it for it in rows(body, SHARED)}
    assert set(booked) == {meter.id for meter, count in counts.items() if count}
    for meter, count in counts.items():
        if count:
            price = tariff.price(meter, day, world.anchor, "EUR") * Decimal("0.94")
            assert booked[meter.id]["UsageQuantity"] == float(count / meter.per)
            assert booked[meter.id]["Cost"] == pytest.approx(float(count / meter.per * price))


def test_booked_tokens_are_the_tokens_of_the_metrics(contoso, rows, signed, path):
    hub = path("aoai-shared-hub-weu", "rg-hub-weu", SHARED)
    window = {
        "starttime": "2026-11-10T00:00:00Z",
        "endtime": "2026-11-11T00:00:00Z",
        "interval": "P1D",
        "filter": "",
    }
    (value,) = signed(contoso).batch([hub], "ProcessedPromptTokens,GeneratedTokens", **window)
    prompt, generated = (it["timeseries"][0]["data"][0]["total"] for it in value["value"])
    days = ("2026-11-10", "2026-11-10")
    body = question(days=days, by=("MeterId",), filter=only("ResourceId", hub))
    meters = {it.id: it for it in tariff.listed()}
    counted = defaultdict(float)
    for it in rows(body, SHARED):
        meter = meters[it["MeterId"]]
        counted[meter.bucket] += it["UsageQuantity"] * meter.per
    assert counted["input"] + counted["cached"] == pytest.approx(prompt)
    assert counted["output"] == pytest.approx(generated)
    assert counted["cached"] > 0


def test_provisioned_hours_are_reserved_or_by_the_hour(rows):
    by = ("PricingModel", "Meter")
    hours = only("MeterSubCategory", "Azure OpenAI Provisioned")
    day = ("2026-11-10", "2026-11-10")
    found = {
        (it["PricingModel"], it["Meter"].split()[2]): it["UsageQuantity"]
        for it in rows(question(days=day, by=by, filter=hours))
    }
    assert found == {
        ("Reservation", "Regional"): 150 * 24,
        ("Reservation", "Global"): 225 * 24,
        ("OnDemand", "Data"): 160 * 24,
    }


def test_the_fee_is_spread_over_users_and_the_rest_is_unused(rows, prod):
    mine = only("PricingModel", "Reservation")
    by, days = ("ReservationId", "ChargeType"), ("2026-10-01", "2026-10-31")
    sums = defaultdict(Decimal)
    for subscription in (prod, SHARED):
        found = rows(question(days=days, by=by, filter=mine), subscription)
        for key, value in summed(found, *by).items():
            sums[key] += value
    fees = defaultdict(Decimal)
    for (reservation, _), value in sums.items():
        fees[reservation] += value
    per_month, per_year = 250 * 260 * Decimal("0.92"), 150 * 3080 * Decimal("0.92")
    assert sorted(fees.values()) == [
        pytest.approx(per_year / 365 * 31, abs=CENT / 100),
        pytest.approx(per_month, abs=CENT / 100),
    ]
    unused = {key: value for key, value in sums.items() if key[1] == "UnusedReservation"}
    assert list(unused.values()) == [pytest.approx(per_month / 10, abs=CENT / 100)]


def test_actual_cost_has_purchases_instead(rows):
    by = ("ChargeType", "PricingModel")
    found = summed(rows(question("ActualCost", by=by)), *by)
    assert found["Purchase", "Reservation"] == pytest.approx(150 * 3080 * Decimal("0.92") / 12)
    assert found["Usage", "Reservation"] == 0
    assert ("UnusedReservation", "Reservation") not in found
    assert rows(question("Usage", by=by)) == rows(question("ActualCost", by=by))


def test_other_services_credits_hosting_and_currencies(rows):
    named = {it["ServiceName"]: it for it in rows(question(by=("ServiceName",)), SHARED)}
    assert {"API Management", "Log Analytics", "Foundry Models", "SaaS"} == set(named)
    assert named["API Management"]["UsageQuantity"] == 2 * 24 * 31
    (credit,) = [
        it for it in rows(question(by=("ChargeType", "Meter"))) if it["ChargeType"] == "Refund"
    ]
    assert credit["Cost"] < 0
    found = {it["Meter"]: it for it in rows(question(by=("Meter",)), DEV)}
    assert {it["Currency"] for it in found.values()} == {"USD"}
    hosting = next(it for name, it in found.items() if "Ft Hosting" in name)
    assert hosting["UsageQuantity"] == 24 * 31
    assert hosting["Cost"] == pytest.approx(24 * 31 * 1.7)


def test_service_tiers_are_billed_on_meters_of_their_own(rows, contoso, signed, path, prod):
    meters = rows(question(by=("Meter",)))
    words = " ".join(it["Meter"] for it in meters)
    assert " pp " in words
    assert "Flex" in words
    service = path("ais-ops-service-weu", "RG-AI-Operations", prod)
    (value,) = signed(contoso).batch(
        [service],
        "AzureOpenAIRequests",
        filter="ModelDeploymentName eq 'service-desk-fast' and ServiceTierResponse eq '*'",
        starttime="2026-11-10T00:00:00Z",
        endtime="2026-11-11T00:00:00Z",
        interval="P1D",
    )
    answered = {
        one["metadatavalues"][1]["value"]: one["data"][0]["total"]
        for one in value["value"][0]["timeseries"]
    }
    assert answered["priority"] > 3 * answered["default"] > 0


def test_a_charge_comes_when_the_month_is_over(rows, clock):
    clock.now = datetime(2026, 11, 6, 23, tzinfo=UTC)
    before = summed(rows(question(by=("Meter",))), "Meter")
    clock.now = datetime(2026, 11, 7, tzinfo=UTC)
    after = summed(rows(question(by=("Meter",))), "Meter")
    (changed,) = [key for key, value in after.items() if before[key] != value]
    assert after[changed] > before[changed]
    assert changed[0] == LATE.name


def test_capacity_and_new_deployments_follow_through(contoso, rows, signed, path, prod, clock):
    azure, place = signed(contoso), path("aoai-ptu-sdc", "rg-ai-ptu", prod)
    clock.now = datetime(2026, 11, 18, 12, 0, tzinfo=UTC) - timedelta(minutes=1)
    sku = {"name": "GlobalProvisionedManaged", "capacity": 250}
    assert azure.patch(f"{place}/deployments/risk-ptu", {"sku": sku}).status_code == 200
    clock.now = datetime(2026, 11, 21, tzinfo=UTC)
    hours = only("Meter", "Provisioned Managed Global Unit")
    found = {
        (it["UsageDate"], it["PricingModel"]): it["UsageQuantity"]
        for it in rows(
            question(
                days=("2026-11-17", "2026-11-19"), by=("PricingModel",), grain="Daily", filter=hours
            )
        )
    }
    assert found[20261117, "Reservation"] == 225 * 24
    assert found[20261118, "Reservation"] == 225 * 12 + 250 * 12
    assert found[20261118, "OnDemand"] == 75 * 12
    assert found[20261119, "OnDemand"] > 0


def test_a_clock_set_back_makes_days_anew(contoso, rows, signed, path, prod):
    hours = only("Meter", "Provisioned Managed Data Zone Unit")
    day = question(days=("2026-11-20",) * 2, filter=hours)
    contoso.control.clock(advance_seconds=5 * 86400)
    before = rows(day)[0]["UsageQuantity"]
    contoso.control.clock(set="2026-11-18T14:00:00Z")
    place = path("ais-ptu-eus2", "rg-ai-ptu", prod)
    signed(contoso).delete(f"{place}/deployments/llama-ptu")
    contoso.control.clock(advance_seconds=5 * 86400)
    assert rows(day)[0]["UsageQuantity"] == before - 100 * 24


def test_yesterday_is_the_same_in_every_world_of_a_seed(clock, signed, prod):
    def told(seed):
        path = f"/subscriptions/{prod}/providers/Microsoft.CostManagement/query"
        body = question(by=("ResourceId", "MeterId"), grain="Daily")
        made = Simulator(seed=seed, clock=clock)
        return signed(made).ask("POST", path, "2025-03-01", json=body).get_json()["properties"]

    assert told(7) == told(7) != told(8)


def test_ordered_charges_show_at_once_and_outlive_the_process(clock, tmp_path, signed, prod):
    file = tmp_path / "world.db"
    made = Simulator(file, clock=clock)
    charge = {"subscription": prod, "day": "2026-10-14", "amount": "42.1234", "meter": "Support"}
    sent = Client(made).post("/_simulator/charges", json=charge)
    assert sent.status_code == 200
    wrong = Client(made).post("/_simulator/charges", json=charge | {"amount": "much"})
    assert wrong.status_code == 400
    late = Client(made).post("/_simulator/charges", json=charge | {"day": "2026-11-18"})
    assert late.status_code == 400
    made.world.close()
    path = f"/subscriptions/{prod}/providers/Microsoft.CostManagement/query"
    body = question(by=("Meter", "ChargeType"), filter=only("Meter", "Support"))
    again = Simulator(file, clock=clock)
    found = signed(again).ask("POST", path, "2025-03-01", json=body).get_json()["properties"]
    assert found["rows"] == [[42.1234, 1.0, "Support", "Usage", "EUR"]]
    again.control.reset()
    assert signed(again).ask("POST", path, "2025-03-01", json=body).status_code == 204


def test_the_invoice_is_what_was_booked_by_the_fifth(contoso, rows, clock, prod):
    clock.now = datetime(2026, 11, 6, 12, tzinfo=UTC)
    body = Client(contoso).get("/_simulator/invoices?month=2026-10").get_json()
    euro, dollar = body["invoices"]
    booked = sum(
        summed(rows(question(), it))[()]
        for it in (prod, SHARED, "17e5f3d8-c60a-4b29-a7f1-905d4eb8c263")
    )
    late = summed(rows(question(days=("2026-09-27",) * 2, by=("Meter",)), prod), "Meter")
    assert late[LATE.name,] > 0
    assert booked < Decimal(euro["net"]) < booked + late[LATE.name,]
    assert Decimal(dollar["net"]) == summed(rows(question(), DEV))[()].quantize(CENT)
    for it in body["invoices"]:
        lines = sum(Decimal(line["amount"]) for line in it["lines"])
        assert lines + Decimal(it["rounding"]) == Decimal(it["net"])
        assert Decimal(it["net"]) + Decimal(it["tax"]) == Decimal(it["total"])
    clock.move(days=20)
    assert Client(contoso).get("/_simulator/invoices?month=2026-10").get_json() == body
    assert Client(contoso).get("/_simulator/invoices?month=2026-11").status_code == 404
    assert Client(contoso).get("/_simulator/invoices?month=soon").status_code == 400
    text = Client(contoso).get("/_simulator/invoices.csv?month=2026-10").text.splitlines()
    assert text[0] == "number,month,currency,kind,subscription,service,amount"
    assert f"{euro['number']},2026-10,EUR,total,,,{euro['total']}" in text


def test_a_forecast_says_what_is_actual(ask):
    body = {
        "type": "ActualCost",
        "timeframe": "Custom",
        "timePeriod": {"from": "2026-11-01", "to": "2026-11-30"},
        "dataset": {"granularity": "Daily"},
        "includeActualCost": True,
    }
    found = ask(body, where="forecast").get_json()["properties"]
    assert [it["name"] for it in found["columns"]] == [
        "Cost",
        "UsageDate",
        "CostStatus",
        "Currency",
    ]
    status = {row[1]: row[2] for row in found["rows"]}
    assert len(status) == 30
    assert (status[20261101], status[20261130]) == ("Actual", "Forecast")
    assert all(row[0] > 0 for row in found["rows"])


def test_budgets_know_what_was_spent(contoso, signed, prod):
    above = f"/subscriptions/{prod}/providers/Microsoft.CostManagement/budgets"
    (found,) = signed(contoso).get(above, "2025-03-01").get_json()["value"]
    assert signed(contoso).get(f"{above}/AI-Production", "2025-03-01").get_json() == found
    assert signed(contoso).get(f"{above}/none", "2025-03-01").status_code == 404
    said = found["properties"]
    assert (said["category"], said["timeGrain"]) == ("Cost", "Monthly")
    assert said["currentSpend"]["unit"] == said["forecastSpend"]["unit"] == "EUR"
    assert 0 < said["currentSpend"]["amount"] < said["forecastSpend"]["amount"]
    assert len(said["notifications"]) == 3


def test_the_sdk_reads_it(sdk, contoso, prod):
    client = sdk(contoso).made(CostManagementClient)
    scope = f"/subscriptions/{prod}"
    found = client.query.usage(scope, question(by=("MeterId",), grain="Daily"))
    assert found.columns[0].name == "Cost"
    assert len(found.rows) > 100
    assert client.query.usage(f"/subscriptions/{OLD}", question()) is None
    assert [it.name for it in client.budgets.list(scope)] == ["ai-production"]

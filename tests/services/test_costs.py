"""Booked costs: columns by name, kinds apart, pages posted, and no digit lost."""

from datetime import UTC, datetime

import pytest

from domain import frames
from domain.costs import BOOKED_DAYS
from domain.faults import Forbidden, Throttled, Unintelligible
from services import azure_budgets, costs
from services.azure import counted
from tests.services.recorded import ACCOUNT, MANAGER, SUB, error

QUERY = f"/subscriptions/{SUB}/providers/microsoft.costmanagement/query"
BUDGETS = f"/subscriptions/{SUB}/providers/microsoft.costmanagement/budgets"
FIRST, END = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 4, tzinfo=UTC)
METER = "AAAA1111-0000-0000-0000-000000000001"


def answer(*columns, rows=(), more=None):
    """As recorded: the id has no leading slash, numbers come in any notation."""
    said = ", ".join(f'{{"name": "{it}", "type": "Number"}}' for it in columns)
    body = ", ".join(f"[{', '.join(row)}]" for row in rows)
    link = f'"{more}"' if more else "null"
    return (
        f'{{"id": "{QUERY[1:]}/guid", "properties": '
        f'{{"nextLink": {link}, "columns": [{said}], "rows": [{body}]}}}}'
    )


def kinds(*rows):
    return answer("Cost", "UsageQuantity", "ChargeType", "PricingModel", "Currency", rows=rows)


def day(*rows, more=None, by="ResourceId"):
    return answer(
        "UsageQuantity", "Cost", "UsageDate", by, "MeterId", "Currency", rows=rows, more=more
    )


ON_DEMAND = ("7.5", "3", '"Usage"', '"OnDemand"', '"EUR"')
NONE = day()
METERS = answer(
    "Cost",
    "UsageQuantity",
    "MeterId",
    "Meter",
    "Currency",
    rows=[("1", "1", f'"{METER}"', '"gpt 4o Inp"', '"EUR"')],
)
NAMES = answer(
    "Cost",
    "UsageQuantity",
    "MeterId",
    "ServiceName",
    "Currency",
    rows=[("1", "1", f'"{METER}"', '"Foundry Models"', '"EUR"')],
)


def used(quantity, cost, at="20261101", resource=ACCOUNT, meter=METER):
    return quantity, cost, at, f'"{resource}"', f'"{meter}"', '"EUR"'


def asked(azure):
    rows = costs.days(azure, SUB.upper(), FIRST, END)
    assert len(frames.frame(BOOKED_DAYS, rows)) == len(rows)
    return rows


def test_a_row_is_read_by_the_names_of_its_columns(azure, wire):
    wire.says(QUERY, kinds(ON_DEMAND), day(used("3", "7.5")), NONE, METERS, NAMES)
    (row,) = asked(azure)
    assert row == {
        "day": FIRST,
        "subscription": SUB,
        "resource": ACCOUNT,
        "meter_id": METER.lower(),
        "view": "amortized",
        "charge": "Usage",
        "pricing": "OnDemand",
        "reservation": "",
        "service": "Foundry Models",
        "meter": "gpt 4o Inp",
        "quantity": 3.0,
        "cost_e8": 750_000_000,
        "currency": "EUR",
    }


def test_eight_decimals_survive_however_big_the_amount_is(azure, wire):
    total = ("1234567890.12345678", "1", '"Usage"', '"OnDemand"', '"EUR"')
    rows = [
        used("1", "1234567890.12345671"),
        used("1", "7E-08", "20261102"),
        used("0", "0", "20261103"),
    ]
    wire.says(QUERY, kinds(total), day(*rows), NONE, METERS, NAMES)
    assert [row["cost_e8"] for row in asked(azure)] == [123_456_789_012_345_671, 7, 0]


def test_ids_that_differ_in_case_are_one_and_a_repeated_row_is_there_once(azure, wire):
    rows = [used("1", "2.5"), used("2", "5", resource=ACCOUNT.upper())]
    wire.says(QUERY, kinds(ON_DEMAND), day(*rows, rows[0]), NONE, METERS, NAMES)
    (row,) = asked(azure)
    assert (row["cost_e8"], row["quantity"]) == (750_000_000, 3.0)


def test_the_next_page_is_posted_with_the_same_question(azure, wire):
    link = f"{MANAGER}{QUERY}?api-version=2025-03-01&$skiptoken=2"
    pages = day(used("1", "2.5"), more=link), day(used("2", "5", "20261102"))
    wire.says(QUERY, kinds(ON_DEMAND), *pages, NONE, METERS, NAMES)
    assert [row["day"].day for row in asked(azure)] == [1, 2]
    one, two = wire.requests[1:3]
    assert (one.method, two.method) == ("POST", "POST")
    assert one.body == two.body
    assert two.query["$skiptoken"] == "2"


@pytest.mark.parametrize(
    "link", ["https://evil.example/query", f"http://management.azure.com{QUERY}"]
)
def test_a_page_elsewhere_gets_no_token(azure, wire, link):
    wire.says(QUERY, kinds(ON_DEMAND), day(used("1", "2.5"), more=link))
    with pytest.raises(Unintelligible):
        asked(azure)


def test_kinds_of_charge_are_asked_apart(azure, wire):
    reserved = ("2", "1", '"Usage"', '"Reservation"', '"EUR"')
    unused = ("1", "4", '"UnusedReservation"', '"Reservation"', '"EUR"')
    lost = day(("4", "1", "20261101", '"/ORDER/r"', f'"{METER}"', '"EUR"'), by="ReservationId")
    fee = day(("1", "90", "20261101", '"/ORDER/r"', f'"{METER}"', '"EUR"'), by="ReservationId")
    wire.says(
        QUERY,
        kinds(ON_DEMAND, reserved, unused),
        lost,
        day(used("3", "7.5")),
        day(used("1", "2")),
        fee,
        METERS,
        NAMES,
    )
    with counted() as tally:
        rows = asked(azure)
    told = [
        (it["view"], it["charge"], it["pricing"], it["resource"], it["reservation"]) for it in rows
    ]
    assert told == [
        ("amortized", "UnusedReservation", "Reservation", "", "/order/r"),
        ("amortized", "Usage", "OnDemand", ACCOUNT, ""),
        ("amortized", "Usage", "Reservation", ACCOUNT, ""),
        ("actual", "Purchase", "", "", "/order/r"),
    ]
    assert tally.calls == 7
    bodies = [it.body for it in wire.requests]
    assert [it["type"] for it in bodies].count("ActualCost") == 1
    assert bodies[0]["timePeriod"] == {"from": "2026-11-01T00:00:00Z", "to": "2026-11-03T23:59:59Z"}
    assert all(len(it["dataset"]["grouping"]) == 2 for it in bodies)
    assert len(bodies[2]["dataset"]["filter"]["and"]) == 2


def test_days_that_do_not_add_up_to_their_kind_are_not_taken(azure, wire):
    wire.says(QUERY, kinds(ON_DEMAND), day(used("3", "7.4")), NONE, METERS, NAMES)
    with pytest.raises(Unintelligible):
        asked(azure)


def test_nothing_is_nothing(azure, wire):
    wire.says(QUERY, (204, ""))
    assert asked(azure) == []
    assert len(wire.requests) == 2


def test_services_narrow_every_question(azure, wire):
    wire.says(QUERY, (204, ""))
    assert costs.days(azure, SUB, FIRST, END, ["API Management"]) == []
    term = {"name": "ServiceName", "operator": "In", "values": ["API Management"]}
    assert wire.requests[0].body["dataset"]["filter"] == {"dimensions": term}
    assert {"dimensions": term} in wire.requests[1].body["dataset"]["filter"]["and"]


def test_too_much_is_told_with_the_longest_pause_of_cost_managements_own_headers(
    azure, wire, slept
):
    headers = {
        "x-ms-ratelimit-microsoft.costmanagement-entity-retry-after": "45",
        "x-ms-ratelimit-microsoft.costmanagement-qpu-retry-after": "120",
    }
    wire.says(QUERY, (429, headers, error("429")))
    with pytest.raises(Throttled) as told:
        asked(azure)
    assert told.value.pause_s == 120
    assert len(wire.requests) == 1
    assert slept == []


def test_a_short_pause_is_kept_and_asked_again(azure, wire, slept):
    headers = {"x-ms-ratelimit-microsoft.costmanagement-entity-retry-after": "3"}
    wire.says(QUERY, (429, headers, error("429")), (204, ""))
    assert asked(azure) == []
    assert 3.0 in slept


def test_four_questions_a_minute_on_a_real_cloud(reaching, wire, slept):
    azure = reaching(wire, "public")
    wire.says(QUERY, (204, ""))
    for _ in range(3):
        costs.days(azure, SUB, FIRST, END)
    assert len(wire.requests) == 6
    assert [round(it) for it in slept] == [15, 30]


def test_a_role_that_is_missing(azure, wire):
    wire.says(QUERY, (403, error("AuthorizationFailed")))
    with pytest.raises(Forbidden):
        asked(azure)


@pytest.mark.parametrize(
    "said",
    [
        '{"properties": {"columns": [], "rows": [[1]]}}',
        '{"properties": {"columns": [{"name": "Cost"}], "rows": [["x"]]}}',
        "[]",
        '{"properties": null}',
    ],
)
def test_what_is_not_as_documented(azure, wire, said):
    wire.says(QUERY, said)
    with pytest.raises(Unintelligible):
        asked(azure)


def test_budgets_that_azure_keeps(azure, wire):
    item = {
        "id": f"{BUDGETS.upper()}/AI",
        "name": "AI",
        "properties": {
            "category": "Cost",
            "amount": 1000.1,
            "timeGrain": "Monthly",
            "timePeriod": {"startDate": "2026-01-01T00:00:00Z", "endDate": "2099-01-01T00:00:00Z"},
            "currentSpend": {"amount": 12.34, "unit": "EUR"},
        },
    }
    other = {"id": "x", "properties": {"category": "ReservationUtilization"}}
    wire.says(BUDGETS, {"value": [item, other]})
    (row,) = azure_budgets.of_subscription(azure, SUB)
    assert row["budget"] == f"{BUDGETS}/ai".lower()
    assert (row["amount_e8"], row["spent_e8"]) == (100_010_000_000, 1_234_000_000)
    assert (row["forecast_e8"], row["ends"], row["currency"]) == (None, None, "EUR")


def test_the_simulators_costs_add_up(contoso):
    """Whatever is asked by kind is what is asked as a whole."""
    from tests.world import SMALL

    rows = costs.days(
        contoso, SMALL, datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    )
    assert {row["currency"] for row in rows} == {"EUR"}
    assert len({row["day"] for row in rows}) == 31
    assert sum(row["cost_e8"] for row in rows) > 0

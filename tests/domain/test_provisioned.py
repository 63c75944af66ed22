"""A pool of provisioned throughput by hand: the table of the rules page in all its columns, the
edges of each idle rule, and what is not booked yet."""

from datetime import UTC, datetime, timedelta

import pytest

from domain import bill, costs, idle, provisioned
from domain.faults import OutOfRange
from domain.frames import frame
from domain.units import CONTOSO
from tests.domain.bills import (
    DAY,
    PRICES,
    PTU_METER,
    PTU_PRICE,
    TAGGED,
    amounts,
    booked,
    cents,
    inputs,
    mapping,
    stood,
    used,
)
from tests.domain.bills import idle as idle_rule

DAYS = [datetime(2026, 10, 1, tzinfo=UTC) + timedelta(days=it) for it in range(30)]
USED = {"retail": 29_520, "finance": 23_760, "operations": 4_320}
USE_ONLY = {"retail": 14_405_76, "finance": 11_594_88, "operations": 2_108_16}
ENTITLED = {"retail": 40, "finance": 40, "operations": 20}
POOL = "regional:swedencentral"
PRODUCTS = tuple(mapping("product", it, it, 30 + at) for at, it in enumerate(USED))
ONE = {"sku": "ProvisionedManaged", "capacity": 100.0}
METERS = {
    "meters": frame(costs.METERS, [PTU_METER]),
    "prices": frame(costs.PRICED, [*PRICES, PTU_PRICE]),
}


def reserved(cost, hours, **fields):
    told = {"pricing": "Reservation", "reservation": "/reservations/r"}
    return booked(cost, **{"meter_id": "ptu", "quantity": float(hours), **told, **fields})


def month(*rules):
    """100 PTU for 30 days, 80 of them reserved, used by three units through one deployment."""
    usage, estate, rows = [], [], []
    for it in DAYS:
        estate.append(stood("pool", None, day=it, **ONE))
        usage += [
            used(2_400, "ptu_hours", "pool", day=it),
            used(sum(USED.values()) / 30, "ptu_used_hours", "pool", day=it),
            used(sum(USED.values()), "input", "pool", day=it),
        ]
        for unit, hours in USED.items():
            seen = {"source": "gateway", "product": unit, "day": it}
            usage.append(used(hours, "prompt", "pool", **seen))
        rows += [reserved(20_736 / 30, 1_920, day=it), booked(480, "ptu", quantity=480.0, day=it)]
    return inputs(usage, estate, rows, rules=(*TAGGED, *PRODUCTS, *rules), **METERS)


@pytest.mark.parametrize(
    ("rule", "idle_paid", "total"),
    [
        (
            idle_rule("platform"),
            {"platform": 7_027_20},
            {
                "retail": 14_405_76,
                "finance": 11_594_88,
                "operations": 2_108_16,
                "platform": 7_027_20,
            },
        ),
        (
            idle_rule("use"),
            {"retail": 3_601_44, "finance": 2_898_72, "operations": 527_04},
            {"retail": 18_007_20, "finance": 14_493_60, "operations": 2_635_20},
        ),
        (
            idle_rule("entitlement", **ENTITLED),
            {"finance": 2_342_40, "operations": 4_684_80},
            {"retail": 14_405_76, "finance": 13_937_28, "operations": 6_792_96},
        ),
        (
            idle_rule("even"),
            {"retail": 2_342_40, "finance": 2_342_40, "operations": 2_342_40},
            {"retail": 16_748_16, "finance": 13_937_28, "operations": 4_450_56},
        ),
    ],
    ids=lambda it: it.body["rule"] if hasattr(it, "body") else "",
)
def test_the_table_of_the_rules_page_to_the_cent(rule, idle_paid, total):
    told = bill.made(month(rule))
    assert told.proof.holds
    assert told.proof.invoice == 35_136_00
    assert cents(told.charges, "unit") == total
    assert cents(told.charges[told.charges["line"].eq("ptu_idle")], "unit") == idle_paid
    used_up = told.charges[told.charges["line"].ne("ptu_idle")]
    assert cents(used_up, "unit") == USE_ONLY
    assert cents(used_up, "line") == {"ptu_reserved": 16_588_80, "ptu_hourly": 11_520_00}
    hours = told.charges.groupby("unit")["quantity"].sum()
    assert hours.sum() == pytest.approx(72_000)
    for at in told.charges.itertuples():
        assert at.quantity * at.price * 1e8 == pytest.approx(at.amount_e8, abs=5)


def test_the_preview_shows_who_pays_more():
    rows = provisioned.preview(month(idle_rule("use")), POOL, idle_rule("entitlement", **ENTITLED))
    assert rows.to_dict("records") == [
        {"unit": "finance", "before_cents": 14_493_60, "after_cents": 13_937_28},
        {"unit": "operations", "before_cents": 2_635_20, "after_cents": 6_792_96},
        {"unit": "retail", "before_cents": 18_007_20, "after_cents": 14_405_76},
    ]


@pytest.mark.parametrize(
    ("rule", "hours", "shares", "method"),
    [
        (None, {"a": 1.0}, {"platform": 1.0}, "kept"),
        (idle_rule("use"), {}, {"platform": 1.0}, "kept"),
        (idle_rule("use"), {"a": 2.0, "b": 0.0}, {"a": 2.0}, "driver"),
        (idle_rule("even"), {}, {"unassigned": 1.0}, "none"),
        (idle_rule("even"), {"unassigned": 3.0}, {"unassigned": 1.0}, "none"),
        (idle_rule("even"), {"a": 5.0, "b": 1.0}, {"a": 1.0, "b": 1.0}, "even"),
        # 10 PTU stood for 240 hours; whose 2 PTU nobody owns are the platform's
        (
            idle_rule("entitlement", a=6, b=2),
            {"a": 24.0},
            {"a": 120.0, "b": 48.0, "platform": 48.0},
            "entitlement",
        ),
        # all that is owned is used: by what each owns
        (
            idle_rule("entitlement", a=5, b=5),
            {"a": 120.0, "b": 120.0},
            {"a": 120.0, "b": 120.0},
            "entitlement",
        ),
    ],
)
def test_the_edges_of_idle_rules(rule, hours, shares, method):
    assert idle.shares(rule, hours, 240.0) == (shares, method)


def one_day(*usage, rows=(), rules=(), **fields):
    told = [used(240, "ptu_hours", "pool"), *usage]
    estate = [stood("pool", "retail", **{**ONE, "capacity": 10.0})]
    return bill.made(inputs(told, estate, rows, rules=(*TAGGED, *rules), **METERS, **fields))


def test_hours_of_which_nobody_knows_whether_they_were_used_are_unallocated():
    told = one_day(rows=[booked(240, "ptu", quantity=240.0)])
    assert told.proof.holds
    assert amounts(told.charges, "unit", "line") == {("unassigned", "ptu_hourly"): 240.0}
    assert "utilisation unknown" in set(told.found["kind"])


def test_more_used_than_stood_there_is_all_of_it():
    told = one_day(used(999, "ptu_used_hours", "pool"), rows=[booked(240, "ptu", quantity=240.0)])
    assert amounts(told.charges, "unit", "line") == {("retail", "ptu_hourly"): 240.0}


def test_the_tokens_of_a_pool_cost_nothing_again():
    usage = [used(120, "ptu_used_hours", "pool"), used(10**6, "output", "pool")]
    told = one_day(*usage, rows=[booked(240, "ptu", quantity=240.0)])
    assert told.proof.holds
    assert amounts(told.charges, "line") == {"ptu_hourly": 120.0, "ptu_idle": 120.0}


def test_output_weighs_more_in_used_hours_than_input():
    usage = [
        used(240, "ptu_used_hours", "pool"),
        used(800, "input", "pool"),
        used(100, "output", "pool"),
        used(800, "prompt", "pool", source="gateway", product="retail"),
        used(100, "output", "pool", source="gateway", product="finance"),
    ]
    told = one_day(*usage, rows=[booked(240, "ptu", quantity=240.0)], rules=PRODUCTS)
    assert amounts(told.charges, "unit") == {"retail": 160.0, "finance": 80.0}


def test_money_of_a_pool_in_which_nothing_stood_is_the_accounts():
    told = bill.made(inputs([], [stood()], [reserved(9, 24)], **METERS))
    assert told.proof.holds
    assert amounts(told.charges, "unit", "line") == {("unassigned", "ptu_reserved"): 9.0}
    assert "no usage for meter" in set(told.found["kind"])


def test_a_reserved_row_of_an_unknown_meter_is_of_the_accounts_only_pool():
    usage = used(240, "ptu_used_hours", "pool")
    told = one_day(usage, rows=[reserved(9, 240, meter_id="strange")])
    assert amounts(told.charges, "unit", "line") == {("retail", "ptu_reserved"): 9.0}


def test_what_is_not_booked_costs_as_reserved_on_the_last_booked_day_and_the_rest_by_price():
    tomorrow = DAY + timedelta(days=1)
    usage = [used(240, it, "pool", day=tomorrow) for it in ("ptu_hours", "ptu_used_hours")]
    estate = [stood("pool", "retail", day=it, **ONE) for it in (DAY, tomorrow)]
    usage += [used(96, it, "pool") for it in ("ptu_hours", "ptu_used_hours")]
    told = bill.made(inputs(usage, estate, [reserved(9.6, 96)], until=DAY, **METERS))
    assert told.proof.holds
    later = told.charges[told.charges["day"].eq(tomorrow)]
    assert amounts(later, "line", "basis") == {
        ("ptu_reserved", "estimated"): 9.6,
        ("ptu_hourly", "estimated"): 144.0,
    }


def test_global_pools_have_no_region():
    assert idle.pool_of("global", "swedencentral") == "global:"
    assert idle.pool_of("datazone", "westeurope") == "datazone:westeurope"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (idle_rule("never"), "kept by the platform"),
        (idle_rule("use", pool=" "), "one pool"),
        (idle_rule("entitlement"), "entitled to something"),
        (idle_rule("entitlement", nobody=5), "no unit nobody"),
        (idle_rule("entitlement", retail=-5, finance=10), "none below zero"),
        (idle_rule("entitlement", retail="many"), "number of PTU"),
        (idle_rule("entitlement", retail=float("nan")), "none below zero"),
    ],
)
def test_idle_rules_that_cannot_be(rule, words):
    with pytest.raises(OutOfRange, match=words):
        idle.checked([rule], CONTOSO)


def test_two_idle_rules_for_one_pool_on_one_day_are_refused():
    with pytest.raises(OutOfRange, match="end it first"):
        idle.checked([idle_rule("use"), idle_rule("even", "Regional:SwedenCentral ", 21)], CONTOSO)


def test_hours_that_nobody_booked_and_that_have_no_price_are_found():
    hours = [used(240, "ptu_hours"), used(100, "ptu_used_hours")]
    estate = [stood(sku="ProvisionedManaged")]
    told = bill.made(inputs(hours, estate, until=None))
    assert told.charges.empty
    (only,) = told.found.itertuples()
    assert (only.kind, only.severity, only.quantity) == ("unpriced", "critical", 240)
    meters, prices = frame(costs.METERS, [PTU_METER]), frame(costs.PRICED, [PTU_PRICE])
    priced = bill.made(inputs(hours, estate, until=None, meters=meters, prices=prices))
    assert priced.found.empty

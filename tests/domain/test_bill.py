"""A bill by hand: who pays which line, on what basis, and what is found instead of being priced."""

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest

from domain import bill, costs
from domain.billing import Invoice
from domain.costs import E8
from domain.explaining import lineage
from domain.frames import frame
from tests.domain.bills import (
    ACCOUNT,
    DAY,
    GATEWAY,
    GROUP,
    SUB,
    TAGGED,
    amounts,
    booked,
    cents,
    id,
    inputs,
    mapping,
    meter,
    sharing,
    stood,
    tags,
    used,
)

M = 1_000_000
NEXT = DAY + timedelta(days=1)


def made(*args, **fields):
    told = bill.made(inputs(*args, **fields))
    assert told.proof.holds, told.proof
    assert told.charges["cents"].sum() == told.proof.invoice
    return told


def kinds(told):
    return sorted(told.found["kind"])


# --- booked lines -------------------------------------------------------------------------------


def test_a_booked_line_is_split_by_what_its_meter_counts():
    told = made(
        [used(1 * M), used(3 * M, name="other"), used(9 * M, "input", "other")],
        [stood(), stood("other", "finance")],
        [booked(100), booked(10, "in")],
    )
    assert amounts(told.charges, "unit", "meter_id") == {
        ("retail", "out"): 25.0,
        ("finance", "out"): 75.0,
        ("finance", "in"): 10.0,
    }
    assert set(told.charges["basis"]) == {"booked"}
    assert kinds(told) == []


def test_prompts_are_split_as_booked_and_priced_apart():
    rows = [booked(1.5, "in", quantity=0.75), booked(0.125, "cached", quantity=0.25)]
    told = made([used(1 * M, "prompt")], [stood()], rows)
    quantities = told.charges.set_index("bucket")["quantity"].to_dict()
    assert quantities == {"input": 750_000.0, "cached": 250_000.0}
    assert told.charges["estimated"].all()


def test_callers_pay_for_what_the_gateway_saw_and_the_owner_for_the_gap():
    seen = [
        used(500_000, source="gateway", product="shop"),
        used(250_000, source="gateway", product="lab"),
    ]
    rules = (
        *TAGGED,
        mapping("product", "shop", "finance", 3),
        mapping("product", "lab", "research-lab", 4),
    )
    told = made([used(1 * M), *seen], [stood()], [booked(8)], rules=rules)
    assert amounts(told.charges, "unit", "product") == {
        ("finance", "shop"): 4.0,
        ("research-lab", "lab"): 2.0,
        ("retail", ""): 2.0,
    }
    gap = told.gaps.iloc[0]
    assert (gap["platform"], gap["attributed"], gap["gap"]) == (M, 750_000, 250_000)


def test_a_product_that_nobody_mapped_is_unallocated_and_found():
    seen = used(250_000, source="gateway", product="stranger")
    told = made([used(1 * M), seen], [stood()], [booked(8)])
    assert amounts(told.charges, "unit") == {"unassigned": 2.0, "retail": 6.0}
    assert kinds(told) == ["unknown product"]
    assert told.found["quantity"].tolist() == [250_000.0]


def test_a_gateway_that_saw_more_than_the_platform_is_not_paid_for_twice():
    seen = [used(3 * M, source="gateway", product="a"), used(1 * M, source="gateway", product="b")]
    rules = (mapping("product", "a", "retail", 3), mapping("product", "b", "finance", 4))
    told = made([used(2 * M), *seen], [stood()], [booked(8)], rules=rules)
    assert amounts(told.charges, "unit") == {"retail": 6.0, "finance": 2.0}


def test_the_account_pays_for_what_no_deployment_explains():
    told = made(
        [used(1 * M)],
        [stood(account_tags=tags("operations"))],
        [booked(8), booked(5, "in"), booked(3, "nobody-knows")],
    )
    assert amounts(told.charges, "unit") == {"retail": 8.0, "operations": 8.0}
    assert kinds(told) == ["no usage for meter", "unmapped meter"]


def test_usage_that_is_not_booked_is_found_with_its_tokens():
    told = made([used(1 * M), used(4 * M, "input")], [stood()], [booked(8)])
    assert kinds(told) == ["not booked"]
    assert told.found["quantity"].tolist() == [4.0 * M]
    assert told.charges["quantity"].tolist() == [1.0 * M]


def test_another_currency_another_view_and_a_double_row_are_left_out():
    rows = [
        booked(8),
        booked(8),
        booked(50, currency="USD"),
        booked(70, view="actual", charge="Purchase"),
    ]
    told = made([used(1 * M)], [stood()], rows)
    assert amounts(told.charges, "unit") == {"retail": 8.0}
    assert kinds(told) == ["currency", "duplicate"]


def test_what_only_corrects_is_the_platforms_with_its_cause():
    rows = [booked(8), booked(-3, charge="Refund"), booked(1, charge="Tax", resource="")]
    told = made([used(1 * M)], [stood()], rows)
    corrections = told.charges[told.charges["line"].eq("adjustment")]
    assert amounts(corrections, "unit", "cause") == {
        ("platform", "refund"): -3.0,
        ("platform", "tax"): 1.0,
    }
    assert told.proof.adjustments == -200


def test_a_marketplace_model_is_a_line_of_its_own():
    row = booked(
        5,
        "m",
        charge="Purchase",
        service="Azure Marketplace",
        resource=f"{GROUP}/microsoft.saas/resources/x",
    )
    told = made([], [], [row], rules=(mapping("group", "rg-ai", "research"),))
    assert amounts(told.charges, "unit", "line") == {("research", "marketplace"): 5.0}


# --- not booked yet -----------------------------------------------------------------------------


def test_usage_times_price_where_nothing_is_booked_and_never_both():
    tomorrow = DAY + timedelta(days=1)
    told = made(
        [used(1 * M), used(1 * M, day=tomorrow)],
        [stood(), stood(day=tomorrow)],
        [booked(7), booked(100, day=tomorrow)],
        until=DAY,
    )
    assert amounts(told.charges, "day", "basis") == {
        (pd.Timestamp(DAY), "booked"): 7.0,
        (pd.Timestamp(tomorrow), "estimated"): 8.0,
    }


def test_the_day_that_runs_is_provisional():
    told = made([used(1 * M)], [stood()], until=None, now=DAY + timedelta(hours=9))
    assert set(told.charges["basis"]) == {"provisional"}


def test_what_has_no_price_is_found_and_never_free():
    told = made([used(1 * M), used(5 * M, "cache_write")], [stood()], until=None)
    assert kinds(told) == ["unpriced"]
    assert told.found["quantity"].tolist() == [5.0 * M]
    assert told.charges["amount_e8"].tolist() == [8 * E8]


def test_an_unsplit_prompt_costs_as_input_and_says_so():
    told = made([used(1 * M, "prompt")], [stood()], until=None)
    assert amounts(told.charges, "bucket") == {"prompt": 2.0}
    assert kinds(told) == ["split unknown"]


def test_a_deployment_that_was_not_looked_at_that_day_is_as_it_was_at_the_first_look():
    told = made([used(1 * M)], [stood(day=DAY + timedelta(days=3))], [booked(8)])
    assert amounts(told.charges, "unit") == {"retail": 8.0}


def test_only_the_gateway_saw_it():
    seen = used(1 * M, source="gateway", product="shop")
    rules = (mapping("product", "shop", "finance"),)
    told = made([seen], [stood()], until=None, rules=rules)
    assert amounts(told.charges, "unit") == {"finance": 8.0}
    assert told.charges["estimated"].all()


def test_an_empty_month_is_a_bill_of_nothing():
    told = made()
    assert told.proof.invoice == 0
    assert told.charges.empty
    assert told.sums.empty


# --- who ----------------------------------------------------------------------------------------


UNTAGGED = {"tags": "{}", "account_tags": "{}"}


@pytest.mark.parametrize(
    ("rules", "fields", "unit"),
    [
        (TAGGED, {}, "retail"),
        (TAGGED, {"tags": tags(None), "account_tags": tags("finance")}, "finance"),
        (TAGGED, {"tags": tags("no such"), "account_tags": tags("Finance ")}, "finance"),
        ((), {}, "retail"),  # what holds where nobody has made a rule
        (TAGGED, {"tags": tags(None)}, "unassigned"),
        ((*TAGGED, mapping("group", "RG-AI", "research", 3)), {"tags": tags(None)}, "research"),
        ((*TAGGED, mapping("group", "rg-ai", "research", 3)), {}, "retail"),
        ((mapping("subscription", SUB, "platform", 3),), UNTAGGED, "platform"),
        ((mapping(value="Retail", unit="finance", id=9), *TAGGED), {}, "finance"),
        ((mapping("group", "rg-ai", "gone", 3),), UNTAGGED, "unassigned"),
        ((mapping("product", "shop", "finance", 3),), {}, "retail"),  # tags keep their word
    ],
)
def test_the_first_that_says_it_decides(rules, fields, unit):
    told = made([used(1 * M)], [stood(**fields)], [booked(8)], rules=rules)
    assert amounts(told.charges, "unit") == {unit: 8.0}


def test_a_rule_holds_from_its_day_on():
    days = [DAY, DAY + timedelta(days=1)]
    rules = (
        mapping("group", "rg-ai", "retail", 1, ends=days[1]),
        mapping("group", "rg-ai", "finance", 2, starts=days[1]),
    )
    told = made(
        [used(1 * M, day=it) for it in days],
        [stood(day=it, unit=None) for it in days],
        [booked(8, day=it) for it in days],
        rules=rules,
    )
    assert amounts(told.charges, "day", "unit", "rule") == {
        (pd.Timestamp(days[0]), "retail", 1): 8.0,
        (pd.Timestamp(days[1]), "finance", 2): 8.0,
    }


# --- spillover ----------------------------------------------------------------------------------


def test_what_spilled_over_is_paid_in_tokens_as_a_line_of_its_own():
    usage = [used(1 * M), used(100, "requests"), used(25, "spilled")]
    told = made(usage, [stood()], [booked(8)])
    assert amounts(told.charges, "line") == {"spillover": 2.0, "usage": 6.0}
    assert told.charges["quantity"].sum() == M


# --- invoices, hashes, explanations -------------------------------------------------------------


def test_an_invoice_is_the_total_and_its_difference_is_shown():
    invoices = (Invoice("A", 9 * E8, tax_e8=171_000_000), Invoice("B", 0, credit_e8=-50_000_000))
    told = made([used(1 * M)], [stood()], [booked(8)], invoices=invoices)
    assert told.proof.invoice == 10_21
    assert told.proof.entered
    assert cents(told.charges[told.charges["basis"].eq("entered")], "cause") == {
        "tax": 1_71,
        "credit": -50,
        "invoice difference": 1_00,
    }


def test_the_order_of_rows_and_when_they_were_seen_make_no_other_bill():
    usage = [
        used(it * 1000, bucket, name)
        for it, name in enumerate(("a", "b", "c"), 1)
        for bucket in ("input", "output")
    ]
    seen = [used(300, source="gateway", product=it, name="a") for it in ("x", "y")]
    estate = [stood(it, unit) for it, unit in (("a", "retail"), ("b", "finance"), ("c", None))]
    rows = [booked(1 / 3), booked(1 / 7, "in"), booked(2, "odd")]
    one = bill.made(inputs([*usage, *seen], estate, rows))
    later = [{**it, "seen_at": DAY} for it in [*seen, *usage[::-1]]]
    other = bill.made(inputs(later, estate[::-1], rows[::-1], rules=TAGGED[::-1]))
    assert one.inputs_hash == other.inputs_hash
    for name in ("charges", "sums", "reconciled", "gaps", "found"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize(
    "change",
    [
        {"now": DAY + timedelta(days=60)},
        {"tag": "unit"},
        {"rules": TAGGED[:1]},
        {"invoices": (Invoice("A", 1),)},
        {"meters": frame(costs.METERS, [meter("out", "input")])},
        {"booked": frame(costs.BOOKED_DAYS, [booked(8.00000001)])},
        {"months": {"rules": "2"}},
    ],
)
def test_other_inputs_have_another_hash(change):
    told = inputs([used(1 * M)], [stood()], [booked(8)])
    assert bill.made(told).inputs_hash != bill.made(replace(told, **change)).inputs_hash


def test_a_figure_is_explained_down_to_its_lines():
    told = made([used(3 * M), used(1 * M, name="b")], [stood(), stood("b")], [booked(10.01)])
    cell = told.sums[told.sums["resource"].eq(id("chat"))]
    lines = lineage(told.charges, {"unit": "retail", "resource": [id("chat")], "day": DAY})
    assert lines["cents"].sum() == cell["cents"].sum()
    row = lines.iloc[0]
    assert row["units"] == 3.0
    assert row["counted"] == "million tokens"
    assert abs(row["product_e8"] - row["amount_e8"]) <= 1
    assert row["rounding_e8"] == row["cents"] * M - row["amount_e8"]
    assert row["discount"] == pytest.approx(1 - 10.01 / 4 / 8)
    assert lineage(told.charges, {"unit": "nobody"}).empty


# --- shared costs -------------------------------------------------------------------------------

APIM = {"resource": GATEWAY, "service": "API Management"}


def shared(rule, *, cost=9.0, usage=None, rules=TAGGED, **fields):
    """The API Management of a day, shared by this rule: retail has 2 parts of usage, finance 1."""
    usage = [used(2 * M), used(1 * M, name="other")] if usage is None else usage
    told = made(
        usage,
        [stood(), stood("other", "finance")],
        [booked(24), booked(cost, "apim", **APIM)],
        rules=(*rules, rule),
        **fields,
    )
    return amounts(told.charges[told.charges["line"].eq("shared")], "unit")


SOURCE = {"service": "api management"}


@pytest.mark.parametrize(
    ("rule", "paid"),
    [
        (sharing("direct", SOURCE, unit="research"), {"research": 9.0}),
        (
            sharing("fixed", SOURCE, shares={"research": "40.00", "retail": "60.00"}),
            {"research": 3.6, "retail": 5.4},
        ),
        (sharing("even", SOURCE), {"retail": 4.5, "finance": 4.5}),
        (sharing("proportional", SOURCE), {"retail": 6.0, "finance": 3.0}),
        (sharing("driver", SOURCE, driver="output"), {"retail": 6.0, "finance": 3.0}),
        (sharing("driver", SOURCE, driver="tokens"), {"retail": 6.0, "finance": 3.0}),
        (sharing("driver", SOURCE, driver="normalised"), {"retail": 6.0, "finance": 3.0}),
        (sharing("driver", SOURCE, driver="requests"), {"unassigned": 9.0}),
        (sharing("weighted", SOURCE, shares={"finance": "2"}), {"retail": 4.5, "finance": 4.5}),
        (
            sharing("entitlement", SOURCE, shares={"finance": "1", "research": "2"}),
            {"finance": 3.0, "research": 6.0},
        ),
        (
            sharing("subsidy", SOURCE, cap_e8=2 * E8, sponsor="research"),
            {"retail": 2.0, "finance": 2.0, "research": 5.0},
        ),
        (sharing("fixed", {"resource": GATEWAY}, shares={"retail": "100"}), {"retail": 9.0}),
        (sharing("fixed", {"group": "rg-ai"}, shares={"retail": "100"}), {"retail": 9.0}),
        (sharing("fixed", {"subscription": SUB}, shares={"retail": "100"}), {"retail": 9.0}),
        (sharing("fixed", {"line": "shared"}, shares={"retail": "100"}), {"retail": 9.0}),
        (
            sharing("fixed", {"service": "log analytics"}, shares={"retail": "100"}),
            {"unassigned": 9.0},
        ),
        (sharing("fixed", SOURCE, shares={"gone": "100"}), {"unassigned": 9.0}),
        (
            sharing("fixed", SOURCE, shares={"retail": "100"}, starts=DAY + timedelta(days=1)),
            {"unassigned": 9.0},
        ),
        (sharing("fixed", SOURCE, shares={"retail": "100"}, ends=DAY), {"unassigned": 9.0}),
    ],
)
def test_each_method_of_sharing(rule, paid):
    assert shared(rule) == paid
    credit = shared(rule, cost=-9.0)
    assert sum(credit.values()) == pytest.approx(-9.0)
    assert all(it <= 0 for it in credit.values())


@pytest.mark.parametrize(
    ("method", "fallback", "paid"),
    [
        ("even", "unallocated", {"unassigned": 9.0}),
        ("proportional", "unallocated", {"unassigned": 9.0}),
        ("driver", "even", {"unassigned": 9.0}),  # held, never spread silently
    ],
)
def test_nobody_to_share_with_is_unallocated(method, fallback, paid):
    told = made(
        [],
        [],
        [booked(9, "apim", **APIM)],
        rules=(*TAGGED, sharing(method, SOURCE, fallback=fallback)),
    )
    assert amounts(told.charges, "unit") == paid


def test_proportional_falls_back_to_even_where_the_rule_says_so():
    other = DAY + timedelta(days=1)
    rule = sharing("proportional", SOURCE, fallback="even")
    told = made(
        [used(2 * M)],
        [stood()],
        [booked(-24), booked(9, "apim", **APIM), booked(9, "apim", day=other, **APIM)],
        rules=(*TAGGED, rule),
    )
    lines = told.charges[told.charges["line"].eq("shared")]
    assert amounts(lines, "day", "unit") == {
        (pd.Timestamp(DAY), "retail"): 9.0,  # its direct cost is a credit: nothing to go by
        (pd.Timestamp(other), "unassigned"): 9.0,
    }


def test_rules_apply_in_the_order_of_their_methods_and_a_line_once():
    even = sharing("even", SOURCE, id=1)
    fixed = sharing("fixed", SOURCE, id=2, shares={"research": "100"})
    told = made(
        [used(1 * M)],
        [stood()],
        [booked(8), booked(9, "apim", **APIM)],
        rules=(*TAGGED, even, fixed),
    )
    assert amounts(told.charges, "unit", "method") == {
        ("retail", "direct"): 8.0,
        ("research", "fixed"): 9.0,
    }


def test_a_units_own_cost_is_shared_out_only_by_a_rule_about_that_unit():
    rule = sharing("fixed", {"unit": "retail"}, shares={"research": "50", "finance": "50"})
    told = made([used(1 * M)], [stood()], [booked(8)], rules=(*TAGGED, rule))
    assert amounts(told.charges, "unit") == {"research": 4.0, "finance": 4.0}
    about = sharing("fixed", {"resource": ACCOUNT}, shares={"research": "100"})
    told = made([used(1 * M)], [stood()], [booked(8)], rules=(*TAGGED, about))
    assert amounts(told.charges, "unit") == {"retail": 8.0}


def test_a_shared_service_that_no_rule_takes_is_whose_its_group_is():
    told = made([], [], [booked(9, "apim", **APIM)], rules=(mapping("group", "rg-ai", "research"),))
    assert amounts(told.charges, "unit", "method") == {("research", "direct"): 9.0}


def test_one_hundred_evenly_to_three_units_to_the_cent():
    names = ("retail", "finance", "research")
    told = made(
        [used(1 * M, name=it) for it in names],
        [stood(it, it) for it in names],
        [booked(24), booked(100, "apim", **APIM)],
        rules=(*TAGGED, sharing("even", SOURCE)),
    )
    shares = cents(told.charges[told.charges["line"].eq("shared")], "unit")
    assert shares == {"finance": 33_34, "research": 33_33, "retail": 33_33}


def test_a_preview_says_who_pays_more():
    told = inputs([used(1 * M)], [stood()], [booked(8), booked(9, "apim", **APIM)])
    rows = bill.preview(told, (*TAGGED, sharing("direct", SOURCE, unit="finance")))
    assert rows.to_dict("records") == [
        {"unit": "finance", "before_cents": 0, "after_cents": 900},
        {"unit": "retail", "before_cents": 800, "after_cents": 800},
        {"unit": "unassigned", "before_cents": 900, "after_cents": 0},
    ]


def test_unused_reservations_are_the_platforms_unless_a_rule_shares_them():
    row = booked(6, "ptu", charge="UnusedReservation", resource="", reservation="r")
    told = made([], [], [row])
    assert amounts(told.charges, "unit", "line") == {("platform", "unused_reservation"): 6.0}
    assert told.proof.unused == 600
    rule = sharing("direct", {"line": "unused_reservation"}, unit="research")
    told = made([], [], [row], rules=(*TAGGED, rule))
    assert amounts(told.charges, "unit") == {"research": 6.0}
    assert (told.proof.unused, told.proof.shares) == (0, 600)


def test_both_the_list_of_meters_and_their_prices_may_be_empty():
    nothing = {"meters": frame(costs.METERS, []), "prices": frame(costs.PRICED, [])}
    told = made([used(1 * M)], [stood()], [booked(8)], **nothing)
    assert kinds(told) == ["unmapped meter", "unpriced"]

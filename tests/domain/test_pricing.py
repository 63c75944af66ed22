"""The price book by hand, and amounts that are exact whatever the numbers."""

from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain import pricing
from domain.frames import REAL, TEXT, TIME, frame
from tests.domain.prices import QUANTITY, agreed, agreement, meter, meters, priced, prices
from tests.domain.rows import day

COLUMNS = dict.fromkeys(QUANTITY, TEXT) | {"day": TIME, "quantity": REAL}
NONE = agreed()


def used(*rows):
    return frame(COLUMNS, [{**QUANTITY, **it} for it in rows])


def rated(quantities, named=(), listed=(), said=()):
    return pricing.rated(quantities, meters(*named), prices(*listed), agreed(*said))


def amounts(quantities, named=(), listed=(), said=()):
    return rated(quantities, named, listed, said)["amount_e8"].tolist()


THREE = [meter("in"), meter("cd", bucket="cached"), meter("out", bucket="output")]
LIST = [priced("in", "2.00"), priced("cd", "0.0005", 1_000), priced("out", "8")]


def test_the_worked_check_of_the_rules():
    rows = used(
        {"bucket": "input", "quantity": 400_000},
        {"bucket": "cached", "quantity": 600_000},
        {"bucket": "output", "quantity": 200_000},
    )
    found = rated(rows, THREE, LIST)
    assert found["amount_e8"].sum() == 270_000_000
    assert found["price"].tolist() == [2.0, 0.5, 8.0]
    assert found["meter_id"].tolist() == ["in", "cd", "out"]


@pytest.mark.parametrize(
    ("price", "per", "quantity", "amount"),
    [
        ("2.5", 1_000_000, 1, 250),
        ("0.0025", 1_000, 1, 250),
        ("0.00000001", 1, 1_000_000, 1_000_000),
        ("0.1", 1_000_000, 0.5, 5),
        ("0.011", 1_000_000, 1, 1),  # 1.1
        ("0.015", 1_000_000, 1, 2),  # half, away from zero
        ("0.015", 1_000_000, -1, -2),
        ("2.5", 1_000_000, 9_007_199_254_740_991, 250 * 9_007_199_254_740_991),
    ],
)
def test_an_amount_by_hand(price, per, quantity, amount):
    assert amounts(used({"quantity": quantity}), [meter()], [priced("m-in", price, per)]) == [
        amount
    ]


def test_hours_and_pieces_have_no_band():
    rows = used(
        {"mode": "ptu", "bucket": "ptu_hours", "model": "gpt-4o", "quantity": 24.0},
        {"bucket": "image", "quantity": 3.0},
    )
    named = [
        meter("ptu", model="", mode="ptu", bucket="ptu_hours"),
        meter("img", bucket="image"),
    ]
    found = rated(rows, named, [priced("ptu", "1.02", 1), priced("img", "0.04", 1)])
    assert found["amount_e8"].tolist() == [2_448_000_000, 12_000_000]
    assert found["price"].tolist() == [1.02, 0.04]


@pytest.mark.parametrize(
    ("named", "listed", "why"),
    [
        ([], [], pricing.NO_METER),
        ([meter(source="suggested")], [priced()], pricing.NO_METER),
        ([meter(scope="datazone")], [priced()], pricing.NO_METER),
        ([meter(tier="flex")], [priced()], pricing.NO_METER),
        ([meter()], [], pricing.NO_PRICE),
        ([meter()], [priced(kind="Reservation")], pricing.NO_PRICE),
        ([meter()], [priced(price="0")], pricing.NO_PRICE),
        ([meter()], [priced(price="nonsense")], pricing.NO_PRICE),
        ([meter()], [priced(price="2.5", per=1_000)], pricing.OUT_OF_BAND),  # 2,500 a million
        ([meter()], [priced(price="0.0025", per=1_000_000)], pricing.OUT_OF_BAND),
        ([meter("a"), meter("b")], [priced("a"), priced("b", "3")], pricing.TWO_METERS),
    ],
)
def test_nothing_is_priced_by_a_guess(named, listed, why):
    found = rated(used({}), named, listed)
    assert (found["amount_e8"].isna().all(), found["why"].tolist()) == (True, [why])
    finding = pricing.found(found).iloc[0]
    assert (finding["kind"], finding["quantity"]) == ("unpriced", 1_000_000)
    assert why in finding["what"]


def test_the_narrowest_meter_counts():
    named = [meter("any"), meter("own", version="2024-11-20"), meter("here", region="westeurope")]
    listed = [priced("any", "1"), priced("own", "2"), priced("here", "3")]
    found = rated(
        used({}, {"version": "2024-08-06"}, {"region": "eastus", "version": "x"}), named, listed
    )
    assert found["meter_id"].tolist() == ["own", "here", "any"]


def test_prices_change_with_the_day_and_the_first_counts_for_days_before():
    listed = [
        priced(price="2", starts=day("2026-06-05T09:30"), ends=day("2026-06-10T11:00")),
        priced(price="3", starts=day("2026-06-10T11:00")),
    ]
    days = ["2026-06-01", "2026-06-05", "2026-06-09", "2026-06-10", "2026-06-20"]
    found = rated(used(*({"day": day(it)} for it in days)), [meter()], listed)
    assert found["price"].tolist() == [2, 2, 2, 3, 3]


def test_a_price_that_is_no_longer_listed_is_none():
    gone = priced(ends=day("2026-06-01"))
    assert rated(used({}), [meter()], [gone])["why"].tolist() == [pricing.NO_PRICE]


def test_the_region_of_the_list():
    listed = [priced(price="2", region="westeurope"), priced(price="3", region="eastus")]
    rows = used({}, {"region": "eastus"}, {"region": "uksouth"})
    found = rated(rows, [meter()], listed)
    assert found["price"].tolist()[:2] == [2, 3]
    assert found["why"].tolist()[2] == pricing.NO_PRICE
    same = [priced(price="2", region="westeurope"), priced(price="2", region="eastus")]
    assert rated(rows, [meter()], same)["price"].tolist() == [2, 2, 2]


@pytest.mark.parametrize(
    ("said", "price"),
    [
        ([agreement(price="2.2", per=1_000_000)], 2.2),
        ([agreement(percent="10")], 2.25),
        ([agreement(meter_id="", percent="20")], 2.0),
        ([agreement(percent="10"), agreement(2, "", percent="20")], 2.25),
        ([agreement(percent="10"), agreement(2, price="1", per=1_000_000)], 1.0),
        ([agreement(percent="10", approver=None)], 2.5),
        ([agreement(percent="10", approver="ada")], 2.5),  # nobody approves their own
        ([agreement(percent="10", starts=day("2026-06-11"))], 2.5),
        ([agreement(percent="10", ends=day("2026-06-10"))], 2.5),
        ([agreement(percent="120")], 2.5),
        ([agreement(meter_id="other", percent="10")], 2.5),
    ],
)
def test_what_was_agreed_goes_before_the_list(said, price):
    found = rated(used({}), [meter()], [priced()], said).iloc[0]
    assert (found["price"], found["list_price"]) == (price, 2.5)
    assert found["amount_e8"] == round(price * 100_000_000)


def test_a_contract_price_needs_no_list_and_a_discount_does():
    alone = rated(used({}), [meter()], [], [agreement(price="2", per=1_000_000)]).iloc[0]
    assert (alone["price"], pd.isna(alone["list_price"])) == (2.0, True)
    assert rated(used({}), [meter()], [], [agreement(percent="5")])["why"].tolist() == [
        pricing.NO_PRICE
    ]


def test_prompt_is_priced_as_input_and_requests_are_not_priced():
    rows = used({"bucket": "prompt"}, {"bucket": "requests"}, {"quantity": None})
    found = rated(rows, [meter()], [priced()])
    assert found["amount_e8"].isna().tolist() == [False, True, True]


def test_no_rows_are_no_rows():
    found = rated(used(), [meter()], [priced()])
    assert (len(found), str(found.dtypes["amount_e8"])) == (0, "Int64")


PRICE = some.decimals(Decimal("0.01"), Decimal(500), places=10)
QUANTITIES = some.one_of(some.integers(0, 10**12), some.just(10**13), some.just(10**13 + 1))


@settings(deadline=None)
@given(PRICE, some.lists(QUANTITIES, min_size=1, max_size=20))
def test_an_amount_is_exact_and_a_split_costs_what_the_whole_costs(price, parts):
    listed = [priced("m-in", str(price))]
    rows = used(*({"quantity": it} for it in parts))
    split = amounts(rows, [meter()], listed)
    exact = [Fraction(price) * it * 100 for it in parts]
    assert all(abs(it - to) <= Fraction(1, 2) for it, to in zip(split, exact, strict=True))
    whole = amounts(used({"quantity": sum(parts)}), [meter()], listed)[0]
    assert abs(sum(split) - whole) <= (len(parts) + 1) / 2


@settings(deadline=None)
@given(some.permutations(range(6)))
def test_rows_keep_their_order(order):
    buckets = ["input", "cached", "output", "input", "image", "output"]
    rows = used(*({"bucket": buckets[it], "quantity": it + 1} for it in order))
    found = rated(rows, THREE, LIST)
    assert found["quantity"].tolist() == [it + 1 for it in order]
    names = {"input": "in", "cached": "cd", "output": "out"}
    said = [None if pd.isna(it) else it for it in found["meter_id"]]
    assert said == [names.get(buckets[it]) for it in order]

"""Each cause of a difference by hand, and what stops a close."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.costs import BOOKED_DAYS, E8, RECONCILED
from domain.frames import REAL, TEXT, TIME, WHOLE, frame, records
from domain.reconciliation import CAUSES, LEAST, open_causes, reconciled
from tests.domain.prices import DAY, meter, meters, priced, prices
from tests.domain.rows import ACCOUNT, SUB, day

RATED = {
    "day": TIME, "subscription": TEXT, "account_id": TEXT, "meter_id": TEXT, "meter": TEXT,
    "amount_e8": WHOLE, "quantity": REAL,
}  # fmt: skip
NAMED = meters(
    meter("in"), meter("cd", bucket="cached"), meter("out", bucket="output"),
    meter("in-pp", tier="priority"), meter("ptu", mode="ptu", bucket="ptu_hours", model=""),
)  # fmt: skip
UNTIL = {SUB: day("2026-06-12")}


def rated(*rows):
    plain = {"day": DAY, "subscription": SUB, "account_id": ACCOUNT, "meter_id": "in"}
    told = [{**plain, "quantity": it.get("money", 0) * 1.0, **it} for it in rows]
    return frame(RATED, [{"amount_e8": round(it["money"] * E8), **it} for it in told])


def booked(*rows):
    plain = {
        "day": DAY, "subscription": SUB, "resource": ACCOUNT, "meter_id": "in", "charge": "Usage",
        "view": "amortized", "pricing": "OnDemand", "reservation": "", "service": "Foundry Models",
        "currency": "EUR",
    }  # fmt: skip
    told = [{**plain, "quantity": it.get("money", 0) * 1.0, **it} for it in rows]
    return frame(BOOKED_DAYS, [{"cost_e8": round(it["money"] * E8), **it} for it in told])


def causes(ours, theirs, **more):
    found = reconciled(rated(*ours), booked(*theirs), NAMED, UNTIL, **more)
    assert list(found) == list(RECONCILED)
    return {it["meter_id"]: (it["cause"], it["within"]) for it in records(found)}


@pytest.mark.parametrize(
    ("ours", "theirs", "cause", "within"),
    [
        ([{"money": 100}], [{"money": 100}], "", True),
        ([{"money": 100}], [{"money": 100.005}], "rounding", True),
        ([{"money": 100, "day": day("2026-06-13")}], [], "not booked", False),
        ([], [{"money": 100}], "usage", False),
        ([], [{"money": 100, "meter_id": "new"}], "unmapped", False),
        ([{"money": 100, "quantity": 7}], [{"money": 90, "quantity": 7}], "price", True),
        ([{"money": 200, "quantity": 7}], [{"money": 180, "quantity": 7}], "price", False),
        ([{"money": 100, "quantity": 7}], [{"money": 100_000, "quantity": 7}], "unit", False),
        ([{"money": 100}], [{"money": 0.1}], "unit", False),
        ([{"money": 100}], [{"money": 200}], "duplicate", False),
        ([{"money": 100}], [{"money": 137}], "unknown", False),
        ([], [{"money": 50, "meter_id": "r", "charge": "UnusedReservation"}], "reservation", False),
        ([], [{"money": 50, "meter_id": "ptu", "pricing": "Reservation"}], "reservation", False),
        ([], [{"money": 50, "meter_id": "m", "service": "SaaS"}], "marketplace", False),
        ([], [{"money": -50, "meter_id": "m", "charge": "Refund"}], "rounding", False),
        ([], [{"money": 50, "meter_id": "a", "resource": "/x/microsoft.apimanagement/y"}],
         "other service", True),
    ],
)  # fmt: skip
def test_a_cause_by_hand(ours, theirs, cause, within):
    assert list(causes(ours, theirs).values()) == [(cause, within)]


def test_what_one_tier_has_too_much_another_has_too_little():
    ours = [{"money": 300}]
    theirs = [{"money": 200}, {"money": 170, "meter_id": "in-pp"}]
    assert {it for it, _ in causes(ours, theirs).values()} == {"tier"}


def test_what_the_cache_has_too_much_the_input_has_too_little():
    ours = [{"money": 300}, {"money": 80, "meter_id": "out"}]
    theirs = [{"money": 200}, {"money": 25, "meter_id": "cd"}, {"money": 80, "meter_id": "out"}]
    assert {key: it for key, (it, _) in causes(ours, theirs).items()} == {
        "in": "cache", "cd": "cache", "out": "",
    }  # fmt: skip


def test_what_is_known_of_a_day_names_its_cause():
    place = frozenset({(DAY, ACCOUNT)})
    ours, theirs = [{"money": 100}], [{"money": 137}]
    assert causes(ours, theirs, unseen=place)["in"][0] == "usage"
    assert causes(ours, theirs, spilled=place)["in"][0] == "spillover"


def test_booked_units_are_those_of_the_price():
    listed = prices(priced("in", per=1_000))
    ours, theirs = [{"money": 200, "quantity": 7_000}], [{"money": 180, "quantity": 7}]
    assert causes(ours, theirs, prices=listed)["in"][0] == "price"
    assert causes(ours, theirs)["in"][0] == "unknown"


def test_a_purchase_is_another_view_of_the_same_money():
    assert causes([{"money": 100}], [{"money": 100}, {"money": 900, "view": "actual"}]) == {
        "in": ("", True)
    }


def found(*rows):
    plain = {"day": DAY, "subscription": SUB, "resource": ACCOUNT, "meter_id": "in"}
    return frame(RECONCILED, [{**plain, **it} for it in rows])


def gap(cause, units, of=100, **fields):
    return {"cause": cause, "difference_e8": units * E8, "booked_e8": of * E8, **fields}


@pytest.mark.parametrize(
    ("rows", "waivers", "cause"),
    [
        ([gap("price", 10)], {}, []),
        ([gap("price", 11)], {}, ["price"]),
        ([gap("price", -11)], {}, ["price"]),
        ([gap("price", 11, of=1_000)], {}, []),  # 1.1 %
        ([gap("price", 11)], {"price": 11 * E8}, []),
        ([gap("price", 12)], {"price": 11 * E8}, ["price"]),
        ([gap("price", 12)], {"tier": 99 * E8}, ["price"]),
        ([gap("price", 30), gap("price", -30)], {}, []),  # days of one meter even out
        ([gap("price", 30), gap("price", -30, meter_id="out")], {}, ["price"]),
        ([gap("unknown", 30), gap("unmapped", 20)], {}, ["unmapped", "unknown"]),
        ([gap("not booked", 0)], {}, ["not booked"]),
        ([gap("not booked", 1)], {"not booked": 1}, []),
        ([gap("other service", 900), gap("", 900)], {}, []),
    ],
)
def test_what_stops_a_close(rows, waivers, cause):
    stops = open_causes(found(*rows), waivers)
    assert [it.cause for it in stops] == cause
    assert all(it.words == CAUSES[it.cause] for it in stops)


MONEY = some.integers(0, 10**6)


@settings(deadline=None, max_examples=40)
@given(some.lists(some.tuples(MONEY, MONEY, some.sampled_from(["in", "cd", "out", "new"]))))
def test_every_difference_has_a_cause_and_nothing_is_lost(rows):
    ours = [{"money": a, "meter_id": m} for a, _, m in rows if m != "new"]
    theirs = [{"money": b, "meter_id": m} for _, b, m in rows]
    told = reconciled(rated(*ours), booked(*theirs), NAMED, UNTIL)
    assert told["booked_e8"].sum() == sum(it["money"] for it in theirs) * E8
    assert told["estimated_e8"].sum() == sum(it["money"] for it in ours) * E8
    assert told["cause"].isin(list(CAUSES)).all()
    quiet = told["difference_e8"].eq(0) & told["booked_e8"].notna()
    assert (told["cause"].eq("") == quiet).all()
    assert told.loc[told["difference_e8"].abs().le(LEAST), "within"].all()

"""Who was promised what of a pool and who uses it: tables by hand."""

import pytest

from domain import frames
from domain.entitlements import BY_LIMITS, BY_NOBODY, ENTITLEMENTS, SHARES, shares
from domain.pools import POOLS
from domain.units import CONTOSO, Unit, tree
from tests.domain.estates import POOL, estate, holder, one, told

ONLINE, STORES = "retail-online", "retail-stores"


def shared(holders, promises=(), limit=100.0, units=CONTOSO):
    pools = frames.frame(POOLS, [{"pool": POOL, "title": "gpt-4o", "limit": limit}])
    said = [{"unit": unit, "pool": POOL, "guaranteed": many} for unit, many in promises]
    rows = [holder(f"d{at}", unit=unit, capacity=many) for at, (unit, many) in enumerate(holders)]
    return shares(estate(*rows), pools, frames.frame(ENTITLEMENTS, said), units)


def numbers(found, *names):
    return {it["unit"]: tuple(told(it[name]) for name in names) for it in found.to_dict("records")}


def test_shares_by_hand():
    found = shared(
        [("finance", 30), ("finance", 20), ("research", 5), ("operations", 10)],
        [("finance", 40), ("research", 20), ("research-lab", 10)],
    )
    names = ("within", "guaranteed", "used", "borrowed", "unused", "share")
    assert numbers(found, *names) == {
        "finance": (None, 40, 50, 10, 0, 0.5),
        "operations": (None, 0, 10, 10, 0, 0.1),
        "research": (None, 20, 5, 0, 15, 0.05),
        "research-lab": ("research", 10, 0, 0, 10, 0),
    }
    assert numbers(found, "enforced_by") == {
        "finance": (BY_NOBODY,),
        "operations": (BY_NOBODY,),
        "research": (BY_LIMITS,),
        "research-lab": (BY_LIMITS,),
    }
    assert found["title"].eq("gpt-4o").all()
    assert list(found) == list(SHARES)


def test_a_promise_covers_the_units_below():
    found = shared([(ONLINE, 50), (STORES, 30), ("retail", 5)], [("retail", 90), (ONLINE, 40)])
    assert numbers(found, "within", "guaranteed", "used", "borrowed") == {
        "retail": (None, 90, 85, 0),
        ONLINE: ("retail", 40, 50, 10),
        STORES: ("retail", None, 30, None),
    }


def test_without_any_promise_nothing_is_borrowed():
    found = shared([("finance", 30)])
    assert numbers(found, "guaranteed", "used", "borrowed", "unused") == {
        "finance": (None, 30, None, None)
    }
    assert told(found["over_promised"][0]) is None
    assert found["enforced_by"].tolist() == [BY_NOBODY]


@pytest.mark.parametrize(("limit", "over"), [(100.0, False), (99.0, True), (None, None)])
def test_promises_are_counted_once(limit, over):
    found = shared([], [("retail", 60), (ONLINE, 50), ("finance", 40)], limit)
    assert [told(it) for it in found["over_promised"]] == [over] * 3


def test_what_is_not_known_of_one_is_not_known_of_all_above():
    found = shared([(ONLINE, None), (STORES, 30)], [("retail", 90)])
    assert numbers(found, "used", "borrowed") == {
        "retail": (None, None),
        ONLINE: (None, None),
        STORES: (30, None),
    }


def test_the_unassigned_borrow_too():
    found = shared([("unassigned", 10), (None, 5)], [("retail", 60)])
    assert numbers(found, "used", "borrowed")["unassigned"] == (15, 15)


def test_a_tree_that_bites_its_tail():
    units = tree([Unit("a", "A", "b"), Unit("b", "B", "a")])
    found = shared([("a", 10)], [("b", 20)], units=units)
    assert numbers(found, "within", "used") == {"a": ("b", 10), "b": (None, 10)}


def test_nothing_gives_nothing():
    assert shared([]).empty
    assert list(shared([])) == list(SHARES)


def test_what_draws_on_no_pool_has_no_share():
    pools = frames.frame(POOLS, [])
    none = frames.frame(ENTITLEMENTS, [])
    assert shares(estate(holder(pool=None)), pools, none, CONTOSO).empty
    unlisted = one(shares(estate(holder()), pools, none, CONTOSO))
    assert (unlisted["used"], told(unlisted["limit"]), told(unlisted["share"])) == (100, None, None)

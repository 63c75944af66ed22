"""What nobody pays for, by what it could be mapped by: only by what a rule would really take."""

from domain import frames, unallocated
from domain.costs import CHARGES, ESTATE_DAYS
from tests.domain.bills import DAY, SUB, stood

CHAT = f"/subscriptions/{SUB}/resourcegroups/rg-ai/providers/x/deployments/chat"


def charge(cents, unit="unassigned", product="", resource=CHAT):
    return {"day": DAY, "unit": unit, "product": product, "resource": resource,
            "subscription": SUB, "cents": cents}  # fmt: skip


def things(*charges, tags="{}"):
    estate = frames.frame(ESTATE_DAYS, [{**stood(), "resource": CHAT, "tags": tags}])
    found = unallocated.things(frames.frame(CHARGES, charges), estate, "business-unit")
    return {(it["by"], it["value"]): (it["cents"], it["others"]) for it in frames.records(found)}


def test_by_tag_group_and_subscription():
    assert things(charge(7), tags='{"business-unit": "Shops"}') == {
        ("deployment_tag", "shops"): (7, 0),
        ("group", "rg-ai"): (7, 0),
        ("subscription", SUB): (7, 0),
    }


def test_a_caller_whose_product_is_known_can_be_mapped_by_nothing_else():
    found = things(charge(7, product="portal"), charge(2, product="(none)"), charge(1))
    assert found[("product", "portal")] == (7, 0)
    assert found[("group", "rg-ai")] == (3, 0)


def test_what_units_pay_already_is_said_beside_it():
    found = things(charge(7), charge(5, unit="retail"))
    assert found[("group", "rg-ai")] == (7, 5)


def test_nothing_is_free_where_everything_belongs_to_somebody():
    assert things(charge(5, unit="retail")) == {}

"""What an account pays by its own tag, though it holds no deployment."""

from datetime import timedelta

import pytest

from domain import bill, estate
from domain.costs import ESTATE_DAYS
from domain.frames import frame
from domain.readings import ACCOUNTS
from tests.domain.bills import (
    ACCOUNT,
    DAY,
    SUB,
    TAGGED,
    amounts,
    booked,
    inputs,
    mapping,
    stood,
    tags,
    used,
)

NEXT = DAY + timedelta(days=1)
BARE = ACCOUNT.replace("aoai-shop", "aoai-bare")


def home(account=BARE, **fields):
    """The row of an account, as estate.homes() makes it."""
    nothing = dict.fromkeys(("model", "version", "sku", "format", "tags", "capacity"))
    return stood("", None, account_id=account) | {"resource": account, **nothing, **fields}


def bare(rules=TAGGED, tag="finance", **fields):
    own = [home(account_tags=tags(tag))]
    made = bill.made(inputs([], own, [booked(8, resource=BARE, **fields)], rules=rules))
    assert made.proof.holds
    return amounts(made.charges, "unit")


@pytest.mark.parametrize(("rules", "tag", "unit"), [
    (TAGGED, "finance", "finance"),
    ((), "finance", "finance"),
    (TAGGED, None, "unassigned"),
    ((*TAGGED, mapping("group", "rg-ai", "research", 3)), None, "research"),
    ((*TAGGED, mapping("subscription", SUB, "research", 3)), None, "research"),
    ((*TAGGED, mapping("group", "rg-ai", "research", 3)), "finance", "finance"),
])  # fmt: skip
def test_an_account_without_deployments_is_whose_its_tag_or_its_place_says(rules, tag, unit):
    assert bare(rules, tag) == {unit: 8.0}


def test_what_nobody_has_mapped_of_it_is_its_own_too():
    assert bare(meter_id="unheard-of") == {"finance": 8.0}


def test_an_account_is_no_deployment():
    own = [stood(), home(ACCOUNT, account_tags=tags("finance"))]
    told = bill.made(inputs([used(1_000_000)], own, [booked(8), booked(3, "in")]))
    alone = bill.made(inputs([used(1_000_000)], own[:1], [booked(8), booked(3, "in")]))
    assert amounts(told.charges, "unit") == {"retail": 8.0, "finance": 3.0}
    assert amounts(alone.charges, "unit") == {"retail": 8.0, "unassigned": 3.0}
    assert len(told.gaps) == len(alone.gaps)


def test_an_account_is_remembered_by_the_day():
    account = {"account_id": BARE, "subscription": SUB, "group": "rg-ai", "region": "westeurope"}
    accounts = frame(ACCOUNTS.columns, [{**account, "tags": tags("finance")}])
    before = frame(ESTATE_DAYS, [home(account_tags=tags("retail"), day=DAY)])
    told = estate.homes(accounts, before, DAY - timedelta(days=1), NEXT + timedelta(hours=9))
    assert told["resource"].tolist() == [BARE] * 2
    assert told["day"].tolist() == [DAY - timedelta(days=1), NEXT]  # DAY is known, with its tag
    assert told["assumed"].tolist() == [True, False]
    assert set(told["account_tags"]) == {tags("finance")}

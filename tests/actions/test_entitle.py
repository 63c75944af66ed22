"""What a unit is guaranteed: whole numbers, never more than the pool holds, nested units once."""

import pytest

from actions import entitle
from domain.faults import NotAllowed, OutOfRange
from store import entitlements
from tests.world import SMALL

POOL = f"{SMALL}|westeurope|openai.standard.gpt-4o"
"""Of 100 units."""


def told(console):
    with console.store.reading() as session:
        return {it.unit: it.guaranteed for it in entitlements.of(session)}


def test_a_guarantee_is_kept_changed_and_taken_back(console):
    ada = console.visit("ada")
    entitle.unit(ada, POOL, "retail", 60)
    entitle.unit(ada, POOL, "finance", 40)
    assert told(console) == {"retail": 60, "finance": 40}
    entitle.unit(ada, POOL, "retail", 20)
    entitle.unit(ada, POOL, "finance", 0)
    assert told(console) == {"retail": 20}


def test_no_more_than_there_is(console):
    ada = console.visit("ada")
    entitle.unit(ada, POOL, "retail", 60)
    with pytest.raises(OutOfRange, match="101 units would be guaranteed of a pool of 100"):
        entitle.unit(ada, POOL, "finance", 41)
    assert told(console) == {"retail": 60}


def test_a_lower_unit_has_its_share_of_the_one_above(console):
    ada = console.visit("ada")
    entitle.unit(ada, POOL, "retail", 100)
    entitle.unit(ada, POOL, "retail-online", 80)
    assert told(console) == {"retail": 100, "retail-online": 80}


@pytest.mark.parametrize("units", [-1, 1.5, True, 10**9, "7"])
def test_what_is_no_number_of_units(console, units):
    with pytest.raises(OutOfRange):
        entitle.unit(console.visit("ada"), POOL, "retail", units)
    assert told(console) == {}


@pytest.mark.parametrize("pool", ["", "x|y|z", POOL + "x", f"{SMALL}|westeurope|accountcount"])
def test_what_is_no_pool(console, pool):
    with pytest.raises(NotAllowed):
        entitle.unit(console.visit("ada"), pool, "retail", 1)


def test_a_unit_of_the_list(console):
    with pytest.raises(OutOfRange, match="business unit of the list"):
        entitle.unit(console.visit("ada"), POOL, "nobody", 1)


@pytest.mark.parametrize("person", ["maria", "vera", "cora", "tess", "otto"])
def test_only_admins(console, person):
    with pytest.raises(NotAllowed, match="may not"):
        entitle.unit(console.visit(person), POOL, "retail", 1)

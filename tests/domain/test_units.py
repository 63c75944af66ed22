"""The tree of business units."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain import units
from domain.units import CONTOSO, UNASSIGNED, Unit

IDS = some.sampled_from(["a", "b", "c", "d", "e"])
TREES = some.lists(some.tuples(IDS, some.none() | IDS), max_size=6).map(
    lambda pairs: units.tree(Unit(id, id.upper(), parent) for id, parent in pairs)
)


@pytest.mark.parametrize(
    ("ids", "below"),
    [
        (["retail"], {"retail", "retail-stores", "retail-online"}),
        (["retail-online"], {"retail-online"}),
        (["retail-online", "finance-risk"], {"retail-online", "finance-risk"}),
        ([], set()),
        (["nobody"], {"nobody"}),
    ],
)
def test_below(ids, below):
    assert CONTOSO.below(ids) == below


@settings(max_examples=150)
@given(tree=TREES, ids=some.sets(IDS))
def test_below_ends_even_in_a_circle_and_is_whole(tree, ids):
    found = tree.below(ids)
    assert ids <= found
    assert tree.below(found) == found
    for unit in tree.units.values():
        if unit.parent in found:
            assert unit.id in found


@settings(max_examples=100)
@given(tree=TREES, some_ids=some.sets(IDS), more=some.sets(IDS))
def test_who_stands_higher_sees_no_less(tree, some_ids, more):
    assert tree.below(some_ids) <= tree.below(some_ids | more)


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        ("retail", "retail"),
        (" Retail ", "retail"),
        ("RETAIL-ONLINE", "retail-online"),
        ("retial", UNASSIGNED),
        ("Online shop", UNASSIGNED),
        ("", UNASSIGNED),
        (None, UNASSIGNED),
        ("unassigned", UNASSIGNED),
    ],
)
def test_a_tag_names_a_unit_by_its_id(value, unit):
    assert CONTOSO.of_tag(value) == unit


def test_names():
    assert CONTOSO.name("retail-online") == "Online shop"
    assert CONTOSO.name("unassigned") == "Unassigned"


def test_every_parent_of_the_local_company_exists():
    assert {it.parent for it in CONTOSO.units.values()} - {None} <= set(CONTOSO.units)
    assert UNASSIGNED not in CONTOSO.units

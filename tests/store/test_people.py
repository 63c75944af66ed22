"""People, units and visits come back as they were told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.roles import CAST, Grant, Person, stranger
from domain.units import CONTOSO, Unit, tree
from store import people, units, visits
from tests.store.conftest import MINUTE, NOW


@pytest.mark.parametrize("person", CAST, ids=lambda it: it.id)
def test_everybody_comes_back_as_enrolled(begin, read, person):
    begin(people.enrol, person)
    assert read(people.find, person.tenant, person.id) == person


def test_somebody_without_units_or_with_all_grants_comes_back_too(begin, read):
    nobody = Person("t", "1", "No Unit", "viewer", frozenset(), frozenset(Grant))
    begin(people.enrol, nobody)
    assert read(people.find, "t", "1") == nobody


def test_a_person_is_a_tenant_and_an_id(begin, read):
    ada = CAST[0]
    begin(people.enrol, ada)
    assert read(people.find, "other", ada.id) == stranger("other", ada.id)
    assert read(people.find, ada.tenant, "eve") == stranger(ada.tenant, "eve")


def test_the_last_enrolment_counts_and_everyone_is_listed_by_name(begin, read):
    for person in reversed(CAST):
        begin(people.enrol, person)
    begin(people.enrol, replace(CAST[0], role="auditor"))
    everyone = read(people.everyone)
    assert [it.name for it in everyone] == sorted(it.name for it in CAST)
    assert everyone[0].role == "auditor"


def test_the_tree_of_units_is_replaced_whole(begin, read):
    assert read(units.tree) == tree([])
    begin(units.keep, CONTOSO)
    assert read(units.tree) == CONTOSO
    smaller = tree([Unit("retail", "Shops"), Unit("new", "New", "retail")])
    begin(units.keep, smaller)
    assert read(units.tree) == smaller
    begin(units.keep, tree([]))
    assert read(units.tree) == tree([])


def test_a_visit_lasts_as_long_as_its_calls_are_close(begin):
    def at(minutes):
        return begin(visits.opened, "t/ada", NOW + minutes * MINUTE)

    assert at(0) is None
    assert at(29) is None
    assert at(58) is None
    assert at(88) == NOW + 58 * MINUTE  # a visit of its own: the one before ended at 58
    assert at(100) == NOW + 58 * MINUTE
    assert at(99) == NOW + 58 * MINUTE  # another tab, a little late
    assert at(200) == NOW + 100 * MINUTE


def test_visitors_and_gaps_are_their_own(begin):
    begin(visits.opened, "t/ada", NOW)
    assert begin(visits.opened, "t/alan", NOW + timedelta(days=1)) is None
    assert begin(visits.opened, "t/ada", NOW + 2 * MINUTE, MINUTE) == NOW

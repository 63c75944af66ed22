"""Who may do what, as tuples that are allowed and tuples that are refused."""

from itertools import product

import pytest

from domain import roles
from domain.faults import NotAllowed, ReadOnly
from domain.roles import CAST, EVERYWHERE, ROLES, Grant, Permission, Person
from domain.units import CONTOSO, UNASSIGNED

ALLOWED = {
    "viewer": {Permission.LOOK, Permission.SIMULATE},
    "manager": {
        Permission.LOOK,
        Permission.COLLECT,
        Permission.TAG,
        Permission.UNDO,
        Permission.REQUEST,
        Permission.SIMULATE,
        Permission.MONEY,
        Permission.BUDGET,
        Permission.MAP,
        Permission.TESTIFY,
    },
    "coordinator": {
        Permission.LOOK,
        Permission.COLLECT,
        Permission.REQUEST,
        Permission.SIMULATE,
        Permission.ROLL,
        Permission.TESTIFY,
        Permission.ASSESS,
    },
    "admin": set(Permission) - {Permission.READ_AUDIT},
    "approver": {Permission.LOOK, Permission.APPROVE, Permission.SIMULATE},
    "auditor": {Permission.READ_AUDIT, Permission.SIMULATE},
    "stranger": set(),
    "Admin": set(),
    "": set(),
}


@pytest.mark.parametrize(("role", "permission"), list(product(ALLOWED, Permission)))
def test_every_role_and_every_permission(role, permission):
    somebody = Person("t", "x", "X", role)
    may = permission in ALLOWED[role]
    assert somebody.may(permission) is may
    if may:
        roles.require(somebody, permission)
        return
    with pytest.raises(NotAllowed, match=f"may not {permission}"):
        roles.require(somebody, permission)


def test_a_grant_to_see_cost_is_sight_of_cost_and_nothing_more():
    somebody = Person("t", "x", "X", "viewer", grants=frozenset({Grant.COSTS}))
    assert {it for it in Permission if somebody.may(it)} == ALLOWED["viewer"] | {Permission.MONEY}


def test_the_table_here_knows_every_role():
    assert set(ROLES) <= set(ALLOWED)


def test_nobody_who_changes_things_reads_the_audit_trail():
    for role, permissions in ROLES.items():
        assert not {Permission.TAG, Permission.READ_AUDIT} <= permissions, role


# --- units ------------------------------------------------------------------------------------

SEES = [
    (EVERYWHERE, {*CONTOSO.units, UNASSIGNED, "anything"}),
    ({"retail"}, {"retail", "retail-stores", "retail-online"}),
    ({"retail-online"}, {"retail-online"}),
    ({"retail", "finance-risk"}, {"retail", "retail-stores", "retail-online", "finance-risk"}),
    (set(), set()),
    ({UNASSIGNED}, set()),
]


@pytest.mark.parametrize(("units", "seen"), SEES)
def test_a_person_sees_own_units_and_what_is_below(units, seen):
    somebody = Person("t", "x", "X", "manager", units if units is None else frozenset(units))
    for unit in (*CONTOSO.units, UNASSIGNED, "anything"):
        assert somebody.sees(unit, CONTOSO) is (unit in seen), unit
        if unit in seen:
            roles.require_sight(somebody, unit, CONTOSO)
            continue
        with pytest.raises(NotAllowed):
            roles.require_sight(somebody, unit, CONTOSO)


def test_a_stranger_sees_and_may_nothing():
    nobody = roles.stranger("t", "")
    assert nobody.name == "Nobody"
    assert not any(nobody.may(it) for it in Permission)
    assert not any(nobody.sees(it, CONTOSO) for it in (*CONTOSO.units, UNASSIGNED))


def test_writes_are_refused_where_the_console_is_read_only():
    roles.require_writes(True)
    with pytest.raises(ReadOnly, match="read-only"):
        roles.require_writes(False)


# --- the cast ---------------------------------------------------------------------------------


def test_the_cast_can_show_every_approval():
    of_role = {role: [it for it in CAST if it.role == role] for role in ROLES}
    assert all(of_role.values())
    assert len(of_role["admin"]) == 2
    assert len({it.units for it in of_role["manager"]}) == 2
    assert {grant for it in CAST for grant in it.grants} == set(Grant)


def test_nobody_is_twice_in_the_cast():
    assert len({it.key for it in CAST}) == len(CAST)


def test_units_of_the_cast_exist():
    assert frozenset().union(*(it.units or () for it in CAST)) <= set(CONTOSO.units)


# --- who may say yes --------------------------------------------------------------------------

YES = [
    # who, levers, may
    ("ada", ["capacity"], True),
    ("ada", ["filter", "capacity"], True),
    ("tess", ["capacity"], True),
    ("tess", ["deployment", "upgrade", "purge"], True),
    ("tess", ["filter"], False),
    ("tess", ["capacity", "policy"], False),
    ("sam", ["filter"], True),
    ("sam", ["policy", "blocklist", "term"], True),
    ("sam", ["capacity"], False),
    ("sam", ["tags", "filter"], False),
    ("bea", ["filter"], False),
    ("paul", ["capacity"], False),
    ("maria", ["filter"], False),
    ("otto", ["filter"], False),
]


@pytest.mark.parametrize(("who", "levers", "may"), YES)
def test_a_yes_is_of_the_kind_that_the_change_is(who, levers, may):
    person = next(it for it in CAST if it.id == who)
    proposer = next(it for it in CAST if it.id == "alan")
    assert roles.may_approve(person, levers) is may
    if may:
        roles.require_approval(proposer, [person], levers)
    for proposed_by, approvers in ((proposer, []), (person, [person])):
        with pytest.raises(NotAllowed, match="No second person"):
            roles.require_approval(proposed_by, approvers, levers)


def test_who_may_say_yes_in_words():
    assert roles.approvers(["capacity", "tags"]) == "an admin or a technical approver"
    assert roles.approvers(["filter", "term"]) == "an admin or a security approver"


def test_what_whoever_changes_it_must_be_allowed():
    told = {it: roles.needs(it) for it in ("tags", "capacity", "deployment", "policy", "term")}
    assert set(told.values()) == {Permission.TAG, Permission.ALLOCATE, Permission.FILTER}
    assert told["term"] is told["policy"] is Permission.FILTER

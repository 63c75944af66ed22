"""Who is let in by which token, as what, and until when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain import sign_in
from domain.roles import EVERYWHERE, Grant, Person
from domain.sign_in import BARRED, End, Rules

TENANT = "11111111-2222-3333-4444-555555555555"
ADA, BEN = "aaaaaaaa-0000-0000-0000-000000000001", "aaaaaaaa-0000-0000-0000-000000000002"
SHOPS = "bbbbbbbb-0000-0000-0000-000000000001"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
RULES = Rules(TENANT, "console", 8 * HOUR, 30 * MINUTE)
CLAIMS = {
    "iss": f"https://login.microsoftonline.com/{TENANT}/v2.0",
    "aud": "console",
    "tid": TENANT,
    "oid": ADA,
    "name": "Ada Byron",
    "email": "ada@contoso.com",
    "roles": ["admin"],
    "iat": NOW.timestamp(),
    "exp": (NOW + HOUR).timestamp(),
    "nonce": "n",
}


def token(**other):
    return sign_in.token(CLAIMS | other)


@pytest.mark.parametrize("claim", ["tid", "oid", "iat", "exp"])
@pytest.mark.parametrize("value", [None, "", True, [ADA], float("nan"), -1, 1e30])
def test_a_token_without_somebody_or_a_time_is_none(claim, value):
    assert token() is not None
    assert token(**{claim: value}) is None


@pytest.mark.parametrize(
    ("other", "after", "why"),
    [
        ({}, timedelta(), None),
        ({}, HOUR - MINUTE, None),
        ({}, HOUR, End.EXPIRED),
        ({"exp": (NOW + 20 * HOUR).timestamp()}, 8 * HOUR, End.EXPIRED),
        ({}, -5 * MINUTE, None),
        ({}, -6 * MINUTE, End.EARLY),
        ({"tid": TENANT.replace("1", "2")}, timedelta(), End.FOREIGN),
        ({"aud": "other"}, timedelta(), End.ELSEWHERE),
        ({"aud": None}, timedelta(), End.ELSEWHERE),
        ({"aud": ["other", "console"]}, timedelta(), None),
        ({"tid": TENANT.upper()}, timedelta(), None),
    ],
)
def test_a_token_is_of_this_tenant_for_this_console_and_fresh(other, after, why):
    assert sign_in.refusal(token(**other), RULES, NOW + after) == why


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        (["admin"], "admin"),
        (["Admin"], "admin"),
        ("viewer", "viewer"),
        (["viewer", "manager"], "manager"),
        (["viewer", "coordinator", "manager", "admin"], "admin"),
        (["viewer", "something.else"], "viewer"),
        (["admin", "auditor"], End.TORN),
        (["coordinator", "manager"], End.TORN),
        ([], End.ROLELESS),
        (None, End.ROLELESS),
        (["stranger", "desk", BARRED], End.ROLELESS),
        (["product-approver"], End.ROLELESS),
        ([7, {"admin": 1}], End.ROLELESS),
        ({"admin": True}, End.ROLELESS),
    ],
)
def test_several_roles_are_one_only_where_one_holds_them_all(roles, role):
    found = sign_in.enrolled(token(roles=roles), RULES, None)
    assert (found if isinstance(found, End) else found.role) == role


def test_grants_are_told_by_their_names():
    said = ["approver", *(it.replace(" ", "-") for it in Grant), "security"]
    assert sign_in.enrolled(token(roles=said), RULES, None).grants == frozenset(Grant)
    assert sign_in.enrolled(token(roles=["approver", "security"]), RULES, None).grants == set()


def test_units_come_with_the_role_or_by_group_and_never_by_default():
    def units(role, rules=RULES, kept=None, groups=(SHOPS,)):
        return sign_in.enrolled(token(roles=[role], groups=list(groups)), rules, kept).units

    grouped = replace(RULES, units=[(SHOPS, "retail"), ("x", "finance")])
    before = Person(TENANT, ADA, "Ada", "manager", frozenset({"finance"}))
    assert units("admin") is units("coordinator") is units("auditor") is EVERYWHERE
    assert units("manager") == units("viewer") == frozenset()
    assert units("manager", grouped) == {"retail"}
    assert units("manager", grouped, groups=()) == frozenset()
    assert units("manager", kept=before) == {"finance"}
    assert units("viewer", kept=replace(before, role="admin", units=EVERYWHERE)) == frozenset()


def test_whoever_is_barred_is_let_in_by_no_token():
    barred = Person(TENANT, ADA, "Ada", BARRED)
    assert sign_in.enrolled(token(), RULES, barred) == End.BARRED
    assert not barred.known


def test_a_person_is_a_tenant_and_an_object_id_and_never_a_name_or_an_address():
    ada, ben = (sign_in.enrolled(token(oid=it), RULES, None) for it in (ADA, BEN))
    assert (ada.name, ada.role) == (ben.name, ben.role)
    assert ada.key != ben.key
    assert sign_in.enrolled(token(email="x@y", name="X"), RULES, None).key == ada.key
    assert sign_in.enrolled(token(name=" "), RULES, None).name == ADA


@pytest.mark.parametrize("claim", ["iss", "tid", "oid", "iat", "sid", "uti", "nonce"])
def test_each_sign_in_has_a_key_of_its_own_that_gives_nothing_away(claim):
    assert sign_in.key(CLAIMS) == sign_in.key(CLAIMS | {"roles": [], "name": "", "exp": 0})
    assert sign_in.key(CLAIMS) != sign_in.key(CLAIMS | {claim: "other"})
    assert ADA not in sign_in.key(CLAIMS)


@pytest.mark.parametrize(
    ("began", "seen", "why"),
    [
        (0, 0, None),
        (479, 0, None),
        (480, 0, End.LATE),
        (480, 30, End.LATE),
        (60, 29, None),
        (60, 30, End.IDLE),
        (-60, -30, None),
    ],
)
def test_a_session_is_over_after_eight_hours_or_half_an_hour_of_nothing(began, seen, why):
    """Minutes ago; a clock that was put back ends nothing."""
    times = (NOW - began * MINUTE, NOW - seen * MINUTE)
    assert sign_in.over(*times, NOW, RULES) == why

"""To come in and to go: what the store keeps of it, and what the trail says."""

from datetime import timedelta

import pytest

from actions import sign_in
from domain.faults import NotAllowed
from domain.roles import Permission, Person
from domain.sign_in import BARRED, End, Rules
from store import audit, people, sign_ins
from tests.world import NOON

TENANT, CONSOLE = "11111111-2222-3333-4444-555555555555", "console"
ADA = "aaaaaaaa-0000-0000-0000-000000000001"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
RULES = Rules(TENANT, CONSOLE, 8 * HOUR, 30 * MINUTE)
CLAIMS = {
    "aud": CONSOLE,
    "tid": TENANT,
    "oid": ADA,
    "name": "Ada Byron",
    "roles": ["admin"],
    "iat": NOON.timestamp(),
    "exp": (NOON + HOUR).timestamp(),
}


@pytest.fixture
def seen(console):
    """seen(after, **claims): who is here so long after noon, by the console's clock."""

    def look(after=timedelta(), acting=True, today=NOON, **other):
        claims = CLAIMS | other
        return sign_in.present(console.store, RULES, claims, NOON + after, today, acting)

    return look


@pytest.fixture
def trail(console):
    """trail(): what of signing in was done, by whom, and why, the oldest first."""

    def lines():
        with console.store.reading() as session:
            found = reversed(audit.trail(session))
        kept = (sign_in.IN, sign_in.OUT)
        return [(it.who, it.what, it.came, it.detail) for it in found if it.what in kept]

    return lines


def test_a_token_is_let_in_once_and_the_trail_names_tenant_and_object_id(seen, trail):
    for _ in range(3):
        here = seen()
        assert here.over is None
        assert here.person == Person(TENANT, ADA, "Ada Byron", "admin")
        assert here.ends_at == NOON + 8 * HOUR
    assert trail() == [(f"{TENANT}/{ADA}", "sign-in", "done", "as admin")]


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"roles": []}, End.ROLELESS),
        ({"roles": ["admin", "auditor"]}, End.TORN),
        ({"tid": "99999999-2222-3333-4444-555555555555"}, End.FOREIGN),
        ({"aud": "other"}, End.ELSEWHERE),
        ({"exp": NOON.timestamp()}, End.EXPIRED),
    ],
)
def test_a_refused_token_stays_refused_and_is_told_once(seen, trail, other, why):
    for _ in range(3):
        here = seen(**other)
        assert here.over == why
        assert not any(here.person.may(it) for it in Permission)
    assert [it[1:] for it in trail()] == [("sign-in", "refused", str(why))]


def test_what_is_kept_of_somebody_refused_gives_no_role(seen, console):
    seen(roles=[])
    with console.store.reading() as session:
        assert not people.find(session, TENANT, ADA).known


def test_claims_of_nobody_are_nobody(seen, trail):
    assert seen(oid=None).over == End.UNNAMED
    assert trail() == []


def test_a_session_lasts_while_it_is_used_and_eight_hours_at_most(seen, trail):
    for minutes in range(0, 480, 29):
        assert seen(minutes * MINUTE).over is None
    assert seen(8 * HOUR).over == End.LATE
    assert seen(HOUR).over == End.LATE  # over is over, whatever the clock says then
    assert [it[1:] for it in trail()[1:]] == [(sign_in.OUT, "done", str(End.LATE))]


def test_a_page_that_asks_by_itself_keeps_nobody_in(seen):
    seen()
    for minutes in (10, 20, 29):
        assert seen(minutes * MINUTE, acting=False).over is None
    assert seen(30 * MINUTE, acting=False).over == End.IDLE


def test_a_session_is_as_old_as_its_token(seen):
    assert seen(today=NOON + 50 * MINUTE).ends_at == NOON + 8 * HOUR - 50 * MINUTE


def test_a_session_that_was_left_is_over_for_every_copy_of_its_cookie(seen, console, trail):
    here = seen()
    for _ in range(2):
        sign_in.leave(console.store, here.key, NOON)
    assert seen().over == End.LEFT
    assert seen(nonce="another").over is None
    assert [it[1:] for it in trail()[1:2]] == [(sign_in.OUT, "done", str(End.LEFT))]
    assert len(trail()) == 3


def test_a_role_that_is_taken_away_is_gone_at_the_next_look(seen, console):
    seen()
    with console.store.begin() as session:
        people.enrol(session, Person(TENANT, ADA, "Ada", BARRED))
    here = seen()
    assert here.over == End.ROLELESS
    assert not here.person.may(Permission.LOOK)
    assert seen(nonce="another").over == End.BARRED


def test_an_administrator_ends_all_sessions_of_a_person(seen, visiting, trail):
    seen()
    seen(nonce="another")
    seen(oid="aaaaaaaa-0000-0000-0000-000000000002")
    with pytest.raises(NotAllowed):
        sign_in.end_all(visiting("maria"), TENANT, ADA)
    assert seen().over is None
    assert sign_in.end_all(visiting("alan"), TENANT, ADA) == 2
    assert seen().over == seen(nonce="another").over == End.ENDED
    assert seen(oid="aaaaaaaa-0000-0000-0000-000000000002").over is None
    assert {it[0] for it in trail() if it[3] == End.ENDED} == {"contoso/alan"}


def test_of_two_tabs_with_one_token_the_first_counts(console):
    told = sign_ins.SignIn("k", TENANT, ADA, NOON, NOON)
    with console.store.begin() as session:
        assert sign_ins.begin(session, told)
        assert not sign_ins.begin(session, told)
        assert sign_ins.end(session, "k", End.LEFT)
        assert not sign_ins.end(session, "k", End.ENDED)
        assert sign_ins.find(session, "k").over == End.LEFT

"""Pages behind a sign-in: who comes in by which role, and what whoever does not is shown."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.roles import ROLES, Person
from domain.sign_in import Rules
from tests.conftest import words
from tests.world import NOON
from ui import menu, session

TENANT, CLIENT = "11111111-2222-3333-4444-555555555555", "console"
ADA = "aaaaaaaa-0000-0000-0000-000000000001"
RULES = Rules(TENANT, CLIENT, timedelta(hours=8), timedelta(minutes=30))


@pytest.fixture
def entered(framing, console, monkeypatch):
    """entered(page, *roles): that page for somebody with these roles; without any, for nobody."""
    guarded = replace(console.wiring, admits=RULES, wall=lambda: NOON)
    monkeypatch.setattr(session, "wiring", lambda: guarded)

    def enter(page, *roles, **claims):
        at = framing()
        times = {"iat": NOON.timestamp(), "exp": (NOON + timedelta(hours=1)).timestamp()}
        named = {"aud": CLIENT, "tid": TENANT, "oid": ADA, "name": "Ada *B*", "roles": list(roles)}
        at.user = {"is_logged_in": True, **named, **times, **claims} if roles or claims else {}
        return at.run().switch_page(menu.named(page).path).run()

    return enter


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", ["deployments", "prices", "audit"])
def test_a_page_opens_by_the_role_of_the_token(entered, page, role):
    at = entered(page, role)
    assert not at.exception
    may = Person(TENANT, ADA, "", role).may(menu.named(page).needs)
    assert (menu.named(page).title in [it.value for it in at.title]) is may
    assert any(role in it.value for it in at.sidebar.caption)
    assert [it.label for it in at.sidebar.button][-1] == "Sign out"
    assert not [it for it in at.sidebar.selectbox if it.label == "Act as"]


@pytest.mark.parametrize("claims", [{}, {"tid": "other", "roles": ["admin"]}, {"roles": ["Desk"]}])
def test_whoever_is_not_let_in_sees_no_page(entered, claims):
    at = entered("deployments", **claims)
    assert not at.exception
    assert [it.value for it in at.title] == ["Azure OpenAI console"]
    assert [it.label for it in at.button] == ["Sign out" if claims else "Sign in"]
    assert not at.dataframe
    assert "All subscriptions" not in words(at)

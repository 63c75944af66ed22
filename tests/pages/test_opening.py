"""Every page for everybody: it opens under its title, or it is refused in words."""

import pytest
from streamlit.testing.v1 import AppTest

from domain.roles import CAST
from tests.conftest import words
from tests.world import CHAT
from ui.menu import MENU


@pytest.mark.parametrize("person", CAST, ids=lambda it: it.id)
@pytest.mark.parametrize("entry", MENU, ids=lambda it: it.name)
def test_a_page_opens_for_those_who_may_and_refuses_the_others(opened, entry, person):
    at = opened(entry.name, person.id, deployment=CHAT)
    assert not at.exception
    if person.may(entry.needs):
        assert [it.value for it in at.title] == [entry.title]
        assert not at.error
    else:
        assert "may not" in at.error[0].value
        assert not at.dataframe
        assert not at.title


@pytest.mark.parametrize("person", CAST, ids=lambda it: it.id)
def test_home_is_the_first_page_that_a_person_may_open(framed, person):
    at = framed(person.id)
    first = next(it for it in MENU if person.may(it.needs))
    assert not at.exception
    assert [it.value for it in at.title] == [first.title]


@pytest.mark.parametrize("entry", MENU, ids=lambda it: it.name)
def test_a_page_run_without_its_frame_refuses(framed, monkeypatch, entry):
    framed("otto")
    stranger = type(CAST[0])("elsewhere", "nobody", "Nobody", "stranger", frozenset())
    monkeypatch.setattr("ui.session.person", lambda: stranger)
    at = AppTest.from_file(entry.path, default_timeout=30).run()
    assert at.exception
    assert not at.title
    assert not at.dataframe


def test_the_local_cloud_says_that_its_data_is_simulated(opened):
    for page in ("overview", "deployments", "sources", "audit"):
        at = opened(page)
        assert any("Simulated data" in it.value for it in at.sidebar.caption)


def test_an_unknown_persona_is_left_out_and_named(framed):
    at = framed("mallory")
    assert at.sidebar.selectbox[0].value == "ada"
    assert "mallory" in words(at)


def test_a_bug_shows_a_number_and_nothing_else(opened, monkeypatch):
    from ui import faults

    at = opened("overview")
    monkeypatch.setattr(faults.st, "error", lambda words, **_: said.append(words))
    said = []
    assert faults.unforeseen(ValueError("secret"))
    assert "secret" not in said[0]
    assert not at.exception

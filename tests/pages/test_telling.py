"""Sources says whether people are told; admins try it, and see what came of it."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from domain.roles import CAST, Permission
from jobs.notifier import Notifier
from reads.notices import outbox
from settings import NotifySettings
from tests.conftest import table, words
from tests.letterbox import SECRET, webhook
from ui import session

PAGE = "sources"


@pytest.fixture
def box(console):
    """A webhook that the console behind the page knows, with the notifier that reaches it."""
    with webhook() as box:
        told = console.settings.model_copy(update={"notify": NotifySettings(urls=(box.address,))})
        wiring = replace(console.wiring, settings=told)
        notifier = Notifier(console.store, console.clock, [box.address], "")
        yield SimpleNamespace(letters=box.letters, server=box, wiring=wiring, run=notifier.run_once)


@pytest.fixture
def known(box, opened, monkeypatch):
    """opened(), of a console that has an address."""

    def open_(*args, **query):
        monkeypatch.setattr(session, "wiring", lambda: box.wiring)
        return opened(*args, **query)

    return open_


def test_without_an_address_it_is_said_and_nothing_can_be_tested(opened):
    at = opened(PAGE)
    assert "Nobody is told" in words(at)
    assert "NOTIFY" in words(at)
    assert at.button(key="tell-test").disabled


@pytest.mark.parametrize("person", CAST, ids=lambda it: it.id)
def test_only_admins_test_and_read_messages(known, box, console, person):
    from actions import told

    told.test(console.visit("ada"))
    box.run()
    at = known(PAGE, person.id)
    assert not at.exception
    if not person.may(Permission.LOOK):
        return
    admin = person.may(Permission.TELL)
    assert ("tell-test" in {it.key for it in at.button}) is admin
    assert any("Why it was not taken" in it.value.columns for it in at.dataframe) is admin
    assert "Last sent 2026\\-11\\-18 12\\:34 UTC" in words(at)
    assert ("Your test" in words(at)) is (person.id == "ada")


def test_a_test_arrives_and_the_page_says_so(known, box, console):
    at = known(PAGE)
    assert "Nothing was sent yet" in words(at)
    at = at.button(key="tell-test").click().run()
    assert "is on its way" in words(at)
    assert outbox(console.store)["standing"].tolist() == ["on its way"]
    box.run()
    assert len(box.letters) == 1
    at = at.run()
    assert "was taken by every address" in words(at)
    assert table(at, "Standing")["Standing"].tolist() == [["sent"]]


def test_a_test_that_fails_says_why_and_gives_nothing_away(known, box):
    box.server.status = 401
    at = known(PAGE).button(key="tell-test").click().run()
    box.run()
    at = at.run()
    assert "was not taken" in at.error[0].value
    assert "does not accept the credentials" in at.error[0].value
    shown = words(at) + at.error[0].value + "".join(it.value.to_csv() for it in at.dataframe)
    assert SECRET not in shown


def test_a_second_click_while_one_is_on_its_way_is_refused_in_words(known):
    at = known(PAGE).button(key="tell-test").click().run()
    at = at.button(key="tell-test").click().run()
    assert "still on its way" in at.error[0].value

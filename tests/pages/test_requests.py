"""Requests for quota on their page: who sees what, and what each click leaves in the store."""

import pytest

from actions import request
from domain.requests import FORM, Status
from domain.roles import CAST, Permission
from reads import inventory
from store import requests
from tests.conftest import table, words
from tests.world import CHAT, NOON, SMALL
from ui import drafts
from ui.components import requesting

PAGE, UNIT = "requests", "retail-online"
HOSTILE = "=cmd|'/C calc'!A0 <script>alert(1)</script> **bold** :red[no]"


@pytest.fixture
def pool(console):
    rows = inventory.deployments(console.store, [SMALL], "7d", console.tags, NOON).frame
    return rows.set_index("resource").at[CHAT, "pool"]


@pytest.fixture
def ask(console, pool):
    """ask(person, ...): a request is there already."""

    def asking(person="maria", **told):
        usual = {"pool": pool, "unit": UNIT, "amount": 20, "reason": "Spring sale"}
        return request.quota(console.visit(person), **usual | told)

    return asking


def kept(console):
    with console.store.reading() as session:
        return requests.latest(session)


def keys(at):
    return {it.key for it in at.button}


def ticked(at, row=0):
    """Tick the row at this place."""
    ids = [it.proto.id for it in at.dataframe]
    key = next(it[it.index("requests-") :] for it in ids if "requests-" in it)
    at.session_state[key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    return at.run()


def filled(at, of, **told):
    at.button(key="ask").click().run()
    told = {"pool": of, "unit": UNIT, "amount": 20, "reason": "Spring sale"} | told
    at.selectbox(key="ask-pool").set_value(told["pool"]).run()
    at.selectbox(key="ask-unit").set_value(told["unit"]).run()
    at.number_input(key="ask-amount").set_value(told["amount"]).run()
    return at.text_input(key="ask-reason").set_value(told["reason"]).run()


# --- who sees what ----------------------------------------------------------------------------


@pytest.mark.parametrize("person", CAST, ids=lambda it: it.id)
def test_everybody_sees_the_requests_of_their_units_and_is_offered_what_they_may(
    opened, ask, person
):
    ask("ada", unit="finance-risk", reason="Of finance")
    ask(reason="Of retail")
    at = opened(PAGE, person.id)
    assert not at.exception
    if not person.may(Permission.LOOK):
        assert "may not" in at.error[0].value
        return
    seen = {"maria": {"Of retail"}, "mark": {"Of finance"}, "vera": set()}
    wanted = seen.get(person.id, {"Of retail", "Of finance"})
    shown = set(table(at, "Reason")["Reason"]) if at.dataframe else set()
    assert shown == wanted
    assert ("ask" in keys(at)) == person.may(Permission.REQUEST)
    if wanted:
        at = ticked(at)
        assert ("decide" in keys(at)) == person.may(Permission.DECIDE)
        assert ("withdraw" in keys(at)) == (person.id == "maria")


def test_nothing_asked_yet_says_who_can_ask(opened):
    at = opened(PAGE)
    assert "Nobody has asked for more quota in this scope" in words(at)
    assert not at.dataframe


def test_a_request_is_shown_with_names_units_and_badges(opened, ask):
    ask(needed_by=NOON.date())
    shown = table(opened(PAGE), "Quota pool").iloc[0]
    assert shown["Status"] == ["asked"]
    assert shown["Units"] == 20
    assert shown["Business unit"] == "Online shop"
    assert shown["Asked by"] == "Maria Merian"
    assert "gpt" in shown["Quota pool"]
    assert shown["One unit"]


def test_the_scope_bar_narrows_what_is_shown(opened, ask):
    ask("ada", unit="finance-risk", reason="Of finance")
    ask(reason="Of retail")
    at = opened(PAGE, unit="finance")
    assert set(table(at, "Reason")["Reason"]) == {"Of finance"}
    assert "Nobody has asked" in words(opened(PAGE, unit="research"))


def test_figures_say_who_waits_for_whom(opened, console, ask):
    for _ in range(3):
        ask(needed_by=NOON.date())
    request.decide(console.visit("ada"), 2, Status.SENT)
    request.decide(console.visit("ada"), 3, Status.GRANTED)
    assert [it.value for it in opened(PAGE).metric] == ["1", "1", "0", "1"]
    console.clock.move(days=1)
    assert [it.value for it in opened(PAGE).metric] == ["1", "1", "2", "1"]


def test_what_has_ended_is_shown_on_demand(opened, console, ask):
    ask()
    request.withdraw(console.visit("maria"), 1)
    at = opened(PAGE)
    assert "Nothing matches" in words(at)
    at.button(key="clear-empty").click().run()
    assert table(at, "Status")["Status"].tolist() == [["withdrawn"]]
    assert at.query_params["which"] == "all"


def test_hostile_text_stays_text(opened, ask):
    ask(reason=HOSTILE)
    at = opened(PAGE)
    assert table(at, "Reason")["Reason"].tolist() == [HOSTILE]
    at = ticked(at)
    at.button(key="decide").click().run()
    assert not at.exception
    for element in (*at.markdown, *at.caption):
        assert "<script>" not in element.value
        assert not element.allow_html


# --- asking -----------------------------------------------------------------------------------


def test_a_manager_asks_and_the_store_has_it(opened, console, pool):
    at = filled(opened(PAGE, "maria"), pool)
    assert "20 units of" in words(at)
    at = at.button(key="ask-confirm").click().run()
    assert not at.exception
    assert not at.error
    (only,) = kept(console)
    assert (only.requester, only.unit, only.pool, only.amount, only.reason) == (
        "contoso/maria", UNIT, pool, 20, "Spring sale",
    )  # fmt: skip
    assert "Request 1 recorded" in words(at)
    assert table(at, "Status")["Units"].tolist() == [20]


def test_a_day_is_kept(opened, console, pool):
    at = filled(opened(PAGE, "cora"), pool)
    at.date_input(key="ask-day").set_value(NOON.date()).run()
    at.button(key="ask-confirm").click().run()
    assert kept(console)[0].needed_by.date() == NOON.date()


def test_looking_and_choosing_keep_nothing(opened, console, pool):
    filled(opened(PAGE, "maria"), pool)
    assert kept(console) == []


@pytest.mark.parametrize("missing", ["pool", "unit", "amount", "reason"])
def test_what_is_not_filled_in_cannot_be_asked(opened, console, pool, missing):
    at = filled(opened(PAGE, "maria"), pool, **{missing: "" if missing == "reason" else None})
    assert at.button(key="ask-confirm").disabled
    assert kept(console) == []


def test_a_manager_is_offered_own_pools_and_units_alone(opened):
    at = opened(PAGE, "mark")
    at.button(key="ask").click().run()
    assert at.selectbox(key="ask-pool").options == []
    offered = {it.strip() for it in at.selectbox(key="ask-unit").options}
    assert offered == {"Finance", "Banking", "Risk"}


def test_a_dialog_that_is_forced_open_still_refuses(opened, console, ask):
    at = opened(PAGE, "vera")
    at.session_state[drafts.PREFIX + requesting.WITHDRAW] = ask()
    at.run()
    at.button(key="withdraw-confirm").click().run()
    assert "may not" in at.error[0].value
    assert kept(console)[0].status is Status.ASKED


def test_a_request_out_of_sight_cannot_be_looked_at_in_a_dialog(opened, ask):
    at = opened(PAGE, "mark")
    at.session_state[drafts.PREFIX + requesting.WITHDRAW] = ask(reason="Of retail alone")
    at.run()
    assert "Of retail alone" not in words(at)
    at.button(key="withdraw-confirm").click().run()
    assert "not among those you see" in at.error[0].value


# --- moving on --------------------------------------------------------------------------------


def chosen(at, status, note=""):
    at.button(key="decide").click().run()
    at.selectbox(key="decide-status").set_value(status).run()
    return at.text_input(key="decide-note").set_value(note).run()


def moved(at, status, note=""):
    at = chosen(at, status, note)
    return at.button(key="decide-confirm").click().run()


@pytest.mark.parametrize(
    ("status", "note"),
    [
        ("sent to Microsoft", ""),
        ("sent to Microsoft", "ticket 7"),
        ("granted", ""),
        ("partly granted", "10 of 20"),
        ("refused", "no capacity"),
    ],
)
def test_an_admin_moves_a_request_on(opened, console, ask, status, note):
    ask()
    at = moved(ticked(opened(PAGE)), status, note)
    assert not at.error
    (only,) = kept(console)
    assert (only.status, only.note, only.status_by) == (status, note, "contoso/ada")
    assert f"Request 1 is {status}" in words(at)


@pytest.mark.parametrize("status", ["partly granted", "refused"])
def test_half_a_yes_and_a_no_want_a_note(opened, console, ask, status):
    ask()
    at = chosen(ticked(opened(PAGE)), status)
    assert at.button(key="decide-confirm").disabled
    assert kept(console)[0].status is Status.ASKED


def test_what_is_passed_on_can_be_copied_into_the_form(opened, ask, console):
    ask()
    at = ticked(opened(PAGE))
    links = [it.url for it in at.get("link_button")]
    assert links == [FORM]
    at.button(key="decide").click().run()
    at.selectbox(key="decide-status").set_value("sent to Microsoft").run()
    copied = at.code[0].value
    assert SMALL in copied
    assert "20 units of" in copied
    assert "Spring sale" in copied
    assert kept(console)[0].status is Status.ASKED


def test_two_admins_at_once_the_second_is_told(opened, console, ask):
    ask()
    at = ticked(opened(PAGE))
    at.button(key="decide").click().run()
    at.selectbox(key="decide-status").set_value("granted").run()
    request.decide(console.visit("alan"), 1, Status.SENT)
    request.decide(console.visit("alan"), 1, Status.REFUSED, "no capacity")
    at.button(key="decide-confirm").click().run()
    assert kept(console)[0].status is Status.REFUSED
    assert "granted" not in words(at).replace("granted in full", "")


def test_a_request_that_has_ended_offers_no_step(opened, console, ask):
    ask()
    request.decide(console.visit("ada"), 1, Status.GRANTED)
    at = ticked(opened(PAGE, which="all"))
    assert at.button(key="decide").disabled


def test_whoever_asked_takes_it_back(opened, console, ask):
    ask()
    at = ticked(opened(PAGE, "maria"))
    at.button(key="withdraw").click().run()
    assert kept(console)[0].status is Status.ASKED
    at = at.button(key="withdraw-confirm").click().run()
    assert kept(console)[0].status is Status.WITHDRAWN
    assert "Request 1 is withdrawn" in words(at)

"""What is worth a message, in which words, and when it is sent again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import notices
from domain.notices import Kind, Standing, Unreturned
from domain.plans import Leg, Plan, State
from domain.plans import Standing as Leg_
from domain.requests import Request, Status
from tests.conftest import moment
from ui import menu

NOW = moment(2026, 11, 18, 12, 34)
MINUTE = timedelta(minutes=1)
PLACE = "/subscriptions/s/resourcegroups/g/providers/microsoft.cognitiveservices/accounts/a"
POOL = "s|westeurope|openai.standard.gpt-4o"
LEG = Leg("capacity", f"{PLACE}/deployments/chat", "1", "10", "20", POOL, 10)


def plan(state=State.CONFIRMED, *legs, **fields):
    return Plan(legs or (LEG,), "t/ada", "x", NOW, "More for chat", id=12, state=state, **fields)


def told(plan, now=NOW):
    return list(notices.of_plan(plan, now))


def test_a_plan_that_waits_for_approval_is_told_with_its_policy():
    (it,) = told(plan(State.PROPOSED, policy="production is among it"))
    assert (it.key, it.kind) == ("plan:12:approval", Kind.APPROVAL)
    assert (it.title, it.page) == ("Plan 12 waits for approval", "plan?plan=12")
    assert it.words == (
        "More for chat. It waits for the approval of a second person: production is among it."
    )


def test_a_plan_that_needs_a_person_is_told_with_the_parked_quota():
    gave = replace(LEG, amount=-1_500, standing=Leg_.THERE)
    (it,) = told(plan(State.NEEDS_PERSON, gave, said="Whether it was done cannot be told."))
    assert (it.key, it.title) == ("plan:12:needs a person", "Plan 12 needs a person")
    assert it.words == (
        "More for chat. Whether it was done cannot be told. "
        "1,500 units are free in the quota pool westeurope openai.standard.gpt-4o."
    )
    took = replace(LEG, standing=Leg_.THERE)
    (it,) = told(plan(State.NEEDS_PERSON, took))
    assert "10 units too many are taken in the quota pool westeurope" in it.words


@pytest.mark.parametrize(("minutes", "many"), [(0, 0), (16, 0), (30, 0), (31, 1), (3_000, 1)])
def test_a_plan_is_told_when_azure_is_at_work_for_more_than_half_an_hour(minutes, many):
    leg = replace(LEG, writes=1, written_at=NOW)
    found = told(plan(State.CONFIRMED, leg), NOW + minutes * MINUTE)
    assert [it.key for it in found] == ["plan:12:long under way"] * many
    assert all("more than 30 minutes" in it.words for it in found)


@pytest.mark.parametrize("state", sorted(set(State) - {State.PROPOSED, State.NEEDS_PERSON}))
def test_no_other_state_is_worth_a_message(state):
    assert told(plan(state)) == []


def test_what_was_not_taken_back_is_told():
    until = NOW - MINUTE
    it = notices.overdue(plan(State.DONE, until=until))
    assert it.key == "plan:12:not taken back"
    assert it.words == (
        "More for chat. It was to last until 2026-11-18 12:33 UTC and is still in force."
    )
    it = notices.unreturned(Unreturned(12, "More for chat", until, 15, "aborted", "Changed."))
    assert (it.key, it.title) == ("plan:15:not taken back", "Plan 12 was not taken back")
    assert it.words.endswith("plan 15, which was to take it back, is aborted. Changed.")


REQUEST = Request("retail", POOL, 1_200, "Spring sale", "t/maria", NOW, id=5)


@pytest.mark.parametrize("status", Status)
def test_every_step_of_a_request_is_told_once(status):
    it = notices.of_request(replace(REQUEST, status=status), "Maria Merian", "Retail")
    assert it.key == f"request:5:{status}"
    said = "new" if status is Status.ASKED else status
    assert it.title == f"Request 5 for quota is {said}"
    assert it.words == (
        "Maria Merian asked for 1,200 units of westeurope openai.standard.gpt-4o more, for Retail."
    )
    assert it.page == "requests"


def test_the_day_is_told_and_what_people_typed_is_not():
    typed = replace(REQUEST, needed_by=NOW, reason="SECRET-REASON", note="SECRET-NOTE")
    it = notices.of_request(typed, "Maria", "Retail")
    assert it.words.endswith("Needed by 2026-11-18.")
    assert "SECRET" not in f"{it}"
    (it,) = told(replace(plan(State.PROPOSED), reason="SECRET", ticket="SECRET"))
    assert "SECRET" not in f"{it}"


@given(st.text())
def test_plain_words_have_no_markup_mention_or_link(text):
    words = notices.plain(text)
    assert len(words) <= notices.LONGEST
    assert not set(words) & set('<>*`[]{}@#&$|~!"\\\n\r\t\0=')
    assert "://" not in words


def test_plain_words_keep_what_names_are_made_of():
    assert notices.plain("Capacity of a-b/c_1: 10 to 20 (+5 %)") == (
        "Capacity of a-b/c_1: 10 to 20 (+5 %)"
    )
    assert notices.plain("<!channel> [x](https://evil.example)") == "channel x (https evil.example)"
    assert notices.plain("x" * 500).endswith("xxx...")


def test_a_body_has_the_time_and_the_way_to_the_page():
    it = notices.trial("t/ada", "Ada Byron")
    assert (it.key, it.kind) == ("test:t/ada", Kind.TEST)
    assert notices.body(it, "", NOW) == f"{it.words}\n\nAs of 2026-11-18 12:34 UTC."
    assert notices.body(it, "https://console", NOW).endswith("UTC.\nhttps://console/sources")


def test_every_page_that_a_message_leads_to_is_there():
    for name in (notices.PLAN, notices.REQUESTS, notices.SOURCES):
        assert menu.named(name).path.exists()


def test_pauses_grow_until_two_days_have_passed():
    tries, now, pauses = 1, NOW, []
    while next_at := notices.again(Kind.APPROVAL, tries, NOW, now):
        pauses.append(next_at - now)
        tries, now = tries + 1, next_at
    hours = [timedelta(hours=6)] * 8
    assert pauses == [MINUTE, 5 * MINUTE, 30 * MINUTE, *hours]
    assert now - NOW >= timedelta(days=2)
    assert tries <= notices.MOST_TRIES
    assert notices.again(Kind.APPROVAL, notices.MOST_TRIES, NOW, NOW) is None


def test_a_test_is_tried_once():
    assert notices.again(Kind.TEST, 1, NOW, NOW) is None


@pytest.mark.parametrize(
    ("sent", "next_", "said", "standing"),
    [
        (NOW, None, "", Standing.SENT),
        (None, NOW, "", Standing.WAITING),
        (None, NOW, "Down.", Standing.FAILING),
        (None, None, "Down.", Standing.GIVEN_UP),
    ],
)
def test_where_a_message_stands(sent, next_, said, standing):
    assert notices.standing(sent, next_, said) is standing

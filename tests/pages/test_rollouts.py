"""The board of rollouts: who sees which, what is said of each, what filters and clicks do."""

from datetime import timedelta

import pytest

from actions import rollout
from domain.roles import CAST, Permission
from tests.conftest import table, words
from tests.rolled import Here

PAGE = "rollouts"
HOSTILE = "=cmd|'/C calc'!A0 <script>alert(1)</script> **bold** :red[no]"


@pytest.fixture
def desk(console):
    return Here(console)


def rows(at):
    return table(at, "What blocks it")


def figures(at):
    return {it.label: (it.value, it.delta) for it in at.metric}


# --- who sees what ----------------------------------------------------------------------------


@pytest.mark.parametrize("person", CAST, ids=lambda it: it.id)
def test_everybody_sees_the_rollouts_of_their_units(opened, desk, person):
    desk.draft(title="Shop")
    desk.draft(title="Bank", units=("finance",))
    desk.draft(title="Both", units=("retail", "finance"))
    at = opened(PAGE, person.id)
    assert not at.exception
    if not person.may(Permission.LOOK):
        assert "may not" in at.error[0].value
        return
    of = {None: ["Both", "Bank", "Shop"], "retail": ["Shop"], "finance": ["Bank"]}
    own = next(iter(person.units)) if person.units else None
    mine = of.get(own, [])
    assert (list(rows(at)["Rollout"]) if mine else []) == mine
    assert ("There is no rollout here yet" in words(at)) == (not mine)


def test_before_the_first_rollout_the_page_says_what_would_be_here(opened):
    assert "Begin with a new one" in words(opened(PAGE, "cora"))
    assert "A coordinator or an admin begins one" in words(opened(PAGE, "vera"))


# --- what is said -----------------------------------------------------------------------------


def test_each_state_says_what_blocks_it(opened, desk):
    desk.draft(title="Bare", ways=False)
    desk.draft(title="Drafted")
    desk.ready(title="Ready")
    asking = desk.asking(title="Asking")
    desk.say(asking, "paul", "product")
    failing = desk.running(title="Failing")
    desk.sweep(failing, value=0.5)
    desk.running(title="Unread")
    told = rows(opened(PAGE)).set_index("Rollout")["What blocks it"]
    assert "No way back yet from Pilot, Growth and 1 more" in told["Bare"]
    assert told["Drafted"] == "Nothing: it can be made ready."
    assert told["Ready"] == "Nothing: it can be started."
    assert told["Failing"].startswith("Fails: It is good; ")
    assert told["Unread"].startswith("Can't be told: It is good; ")
    assert told["Asking"] == "The technical approval is missing."


def test_a_pause_and_an_end_say_who_and_why(opened, desk):
    paused, ended = desk.running(title="Paused"), desk.running(title="Ended")
    rollout.pause(desk.visit("cora"), paused, desk.shown(paused), reason="freeze of the shop")
    rollout.abort(desk.visit("ada"), ended, desk.shown(ended), reason="no use for it")
    told = rows(opened(PAGE)).set_index("Rollout")["What blocks it"]
    assert told["Paused"] == f"Paused on {desk.clock():%Y-%m-%d} by Cora Diaz: freeze of the shop"
    assert told["Ended"] == f"Aborted on {desk.clock():%Y-%m-%d} by Ada Byron: no use for it"


def test_days_people_and_the_next_gate_are_told(opened, desk):
    id = desk.running(title="Shop")
    began = desk.clock()
    desk.sweep(id)
    desk.clock.move(days=1)
    it = rows(opened(PAGE)).iloc[0]
    assert (it["Days in phase"], it["Planned (people)"]) == (1, 20)
    assert it["Phase"] == "1 of 3, Pilot"
    assert it["Phases"] == "◑ ○ ○"
    assert str(it["Next gate (UTC)"].date()) == str((began + timedelta(days=1)).date())
    assert it["Reached (people)"] != 0  # nobody has said: no number, and never zero
    assert "1 not said" in figures(opened(PAGE))["People reached"][1]


def test_figures_count_what_the_table_has(opened, desk):
    desk.draft(title="Drafted")
    desk.asking(title="Asking")
    failing = desk.running(title="Failing")
    desk.sweep(failing, value=0.5)
    told = figures(opened(PAGE))
    assert told["In progress"] == ("2", "0 paused, 1 in draft")
    assert told["Wait for approval"][0] == "1"
    assert told["Gate fails"][0] == "1"


def test_each_of_the_first_has_a_link_that_needs_no_mouse(opened, desk):
    ids = [desk.draft(title=f"R{it}") for it in range(7)]
    links = [it.proto for it in opened(PAGE).get("page_link")]
    told = [(it.label, it.query_string) for it in links if "rollout=" in it.query_string]
    assert told == [(f"R{it}", f"rollout={ids[it]}") for it in range(6, 0, -1)]


# --- filters and clicks -----------------------------------------------------------------------


def test_filters_narrow_and_are_in_the_url(opened, desk):
    desk.draft(title="Drafted")
    desk.running(title="Runs", owner="contoso/maria")
    at = opened(PAGE)
    at.multiselect(key="state").set_value(["draft"]).run()
    assert list(rows(at)["Rollout"]) == ["Drafted"]
    assert at.query_params["state"] == "draft"
    at.button(key="clear").click().run()
    at.multiselect(key="owner").set_value(["contoso/maria"]).run()
    assert list(rows(at)["Rollout"]) == ["Runs"]
    at = opened(PAGE, find="nothing of the kind")
    assert "Nothing matches" in words(at)
    at.button(key="clear-empty").click().run()
    assert len(rows(at)) == 2


def test_the_scope_bar_narrows_to_a_unit_and_what_is_below_it(opened, desk):
    desk.draft(title="Shop", units=("retail-stores",))
    desk.draft(title="Bank", units=("finance",))
    assert list(rows(opened(PAGE, unit="retail"))["Rollout"]) == ["Shop"]


def test_text_of_people_is_shown_as_it_is(opened, desk):
    desk.draft(title=HOSTILE, workload=HOSTILE)
    at = opened(PAGE)
    assert rows(at)["Rollout"].iloc[0] == HOSTILE
    assert "**bold**" not in words(at)


def test_the_board_is_read_anew_after_a_move(opened, desk):
    id = desk.draft(title="Shop")
    at = opened(PAGE)
    assert rows(at)["State"].iloc[0] == ["draft"]
    rollout.prepare(desk.visit("cora"), id, desk.shown(id))
    at.run()
    assert rows(at)["State"].iloc[0] == ["ready"]

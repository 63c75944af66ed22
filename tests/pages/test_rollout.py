"""One rollout on its page: who sees and may do what, what is said, what each click leaves."""

import json

import pytest

from actions import rollout
from domain.braking import Safeguard
from domain.roles import CAST, Permission
from domain.rollouts import State
from store import rollback_plans, rollouts, tasks
from tests.conftest import table, words
from tests.rolled import GRANTED, QUALITY, Here
from tests.world import BUSY, CHAT, NOON

PAGE = "rollout"
HOSTILE = "=cmd|'/C calc'!A0 <script>alert(1)</script> **bold** :red[no]"
WHY = "the pilots have seen enough of it"
MOVES = {"prepare", "start", "advance", "pause", "resume", "roll-back", "abort", "override"}


@pytest.fixture
def desk(console):
    return Here(console)


@pytest.fixture
def at(opened):
    """at(id, person, **query): the page of this rollout."""

    def open_(id, person="cora", **query):
        found = opened(PAGE, person, rollout=str(id), **query)
        assert not found.exception
        return found

    return open_


def keys(page):
    return {it.key for it in page.button if it.key}


def moves(page):
    return {it.removeprefix("move-") for it in keys(page)} & MOVES


def click(page, key):
    found = page.button(key=key).click().run()
    assert not found.exception
    return found


def done(page):
    """What the page says came of the last click."""
    return page.success[0].value.replace("\\", "")


def last(desk, id):
    return desk.moves(id)[-1]


# --- who sees what, who may what --------------------------------------------------------------


@pytest.mark.parametrize("person", CAST, ids=lambda it: it.id)
def test_everybody_sees_it_if_it_is_of_their_units_and_is_offered_what_they_may(
    opened, desk, person
):
    id = desk.asking(title="Shop")
    page = opened(PAGE, person.id, rollout=str(id))
    assert not page.exception
    if not person.may(Permission.LOOK):
        assert "may not" in page.error[0].value
        return
    if person.units is not None and "retail" not in person.units:
        assert "There is no such rollout here" in words(page)
        assert "Shop" not in words(page)
        return
    assert "Shop" in words(page)
    rolls = person.may(Permission.ROLL)
    usual = {"advance", "pause", "roll-back", "abort"} if rolls else set()
    own = person.id == "cora"
    assert moves(page) == usual | ({"override"} if person.role == "admin" and not own else set())
    granted = {grant for grant in ("product", "technical") if GRANTED[grant] == person.id}
    assert {it.split("-")[1] for it in keys(page) if it.startswith("say-")} == granted
    assert ("adjust-0" in keys(page)) == rolls


def test_what_is_of_others_too_is_not_theirs_to_see(opened, desk):
    id = desk.draft(title="Both", units=("retail", "finance"))
    for person, sees in (("maria", False), ("mark", False), ("cora", True)):
        assert ("Both" in words(opened(PAGE, person, rollout=str(id)))) == sees


@pytest.mark.parametrize("number", ["", "0", "77", "x", "-1", "99999999999999"])
def test_a_number_that_there_is_not_is_said_to_be_none(opened, desk, number):
    desk.draft()
    page = opened(PAGE, "cora", rollout=number)
    assert not page.exception
    assert "There is no such rollout here" in words(page)


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (Here.draft, {"prepare", "abort"}),
        (Here.ready, {"start", "abort"}),
        (Here.running, {"advance", "pause", "roll-back", "abort"}),
    ],
)
def test_only_what_may_be_done_where_it_stands_is_offered(at, desk, state, offered):
    assert moves(at(state(desk))) == offered


# --- what is said -----------------------------------------------------------------------------


def test_the_gate_says_value_threshold_sample_and_verdict(at, desk):
    id = desk.running()
    desk.sweep(id, value=0.5)
    desk.clock.move(hours=1)
    page = at(id)
    rows = table(page, "Criterion").set_index("Criterion")
    assert rows.loc["It is good", "Value against threshold"] == "0.5, wanted at least 1."
    assert rows.loc["It is good", "Data age"] == "1 hour"
    assert rows.loc["It is good", "Sample"] == 50
    assert rows.loc["It is good", "Verdict"] == "fail"
    assert list(rows["May stop it"]) == ["blocking", "advisory"]
    assert "Blocking: 0 pass, 0 inconclusive, 0 error, 1 fail" in words(page)
    assert "Fails: It is good" in words(page).replace("\\", "")


def test_what_was_never_read_is_no_zero(at, desk):
    rows = table(at(desk.running()), "Criterion")
    assert list(rows["Verdict"]) == ["inconclusive", "inconclusive"]
    assert rows["Sample"].isna().all()
    assert list(rows["Value against threshold"]) == ["Not read yet."] * 2


def test_days_that_count_are_told_and_why_the_others_do_not(at, desk):
    id = desk.running()  # a Wednesday
    desk.sweep(id)
    desk.clock.move(days=1)  # nobody looks on Thursday
    desk.clock.move(days=1)
    desk.sweep(id)
    rollout.pause(desk.visit("cora"), id, desk.shown(id), reason=WHY)
    desk.clock.move(days=3)
    rows = table(at(id), "Why not").set_index("Day (UTC)")["Why not"]
    told = {str(day).split()[0]: why for day, why in rows.items()}
    assert told["Wed"] == ""
    assert told["Thu"].startswith("not seen")
    assert told["Fri"] == ""
    assert told["Sat"] == "no working day"
    assert told["Mon"] == "paused"
    assert "2 of 6 days of this phase count" in words(at(id))


def test_an_override_shows_for_ever(at, desk):
    id = desk.running()
    rollout.override(desk.visit("ada"), id, desk.shown(id), reason=WHY)
    rollout.abort(desk.visit("cora"), id, desk.shown(id), reason="enough")
    assert "overridden** by Ada Byron" in words(at(id))
    assert WHY in words(at(id, "maria"))


def test_every_move_shows_the_gate_that_it_was_based_on(at, desk):
    id = desk.asking()
    desk.approve(id)
    rollout.advance(desk.visit("cora"), id, desk.shown(id), reason="all is well")
    page = at(id, tab="History")
    told = words(page)
    for it in ("Make ready", "Start", "Advance"):
        assert f"**{it}**" in told
    assert "all is well" in told
    assert "approved by product, technical" in told
    assert "missing: nothing" in told
    assert list(table(page, "Data of (UTC)")["Verdict"]) == ["pass", "pass"]


def test_paired_deployments_stand_side_by_side(at, desk):
    id = desk.draft(deployments=(CHAT,), paired=((BUSY, CHAT),))
    rows = table(at(id, "ada", tab="Comparison"), "Difference").set_index("Figure")
    assert len(rows) == 10
    assert rows.columns[0].endswith("/busy")
    assert rows.loc["Requests"].iloc[0] != ""
    lone = desk.draft(paired=(("/d/1", "/d/2"),))
    assert "not both are collected" in words(at(lone, tab="Comparison"))
    assert "pair" not in words(at(desk.draft(), tab="Comparison"))


def test_text_of_people_is_shown_as_it_is(at, desk):
    id = desk.draft(title=HOSTILE, workload=HOSTILE, owner=HOSTILE)
    told = words(at(id))
    assert "**bold**" not in told
    assert ":red[no]" not in told
    assert "<script>" not in told.replace("\\<script\\>", "")


def test_a_tab_is_opened_by_its_address(at, desk):
    assert "Within 60 minutes" in words(at(desk.draft(), tab="Way back"))


# --- what a click leaves: moves ---------------------------------------------------------------


def test_a_draft_is_made_ready_and_started(at, desk):
    id = desk.draft()
    page = click(at(id), "move-prepare")
    page = click(page, "move-confirm")
    assert "Shop chat is ready" in done(page)
    assert desk.now(id).state == "ready"
    page = click(click(page, "move-start"), "move-confirm")
    assert "Pilot has begun" in done(page)
    assert desk.now(id).phase.stage == "active"
    assert [it.person for it in desk.moves(id)] == ["contoso/cora"] * 2


def test_a_draft_without_ways_back_says_so_and_cannot_be_made_ready(at, desk):
    page = click(at(desk.draft(ways=False)), "move-prepare")
    assert "a way back from Pilot, Growth, Everyone" in words(page)
    assert page.button(key="move-confirm").disabled


def test_a_gate_that_is_shut_says_what_is_missing_and_does_not_advance(at, desk):
    id = desk.running()
    page = click(at(id), "move-advance")
    told = words(page)
    assert "a criterion can't be told" in told.replace("\\", "")
    assert "the product and the technical approval are missing" in told
    assert page.button(key="move-confirm").disabled
    assert desk.now(id).number == 0


def test_an_open_gate_advances_once_with_its_gate(at, desk):
    id = desk.asking()
    desk.approve(id)
    page = click(at(id), "move-advance")
    page.text_input(key="move-reason").set_value("all is well").run()
    assert page.button(key="move-confirm").label == "Advance to Growth"
    page = click(page, "move-confirm")
    assert "Growth has begun" in done(page)
    assert desk.now(id).number == 1
    move = last(desk, id)
    assert (move.move, move.reason) == ("advance", "all is well")
    assert json.loads(move.gate)["missing"] == []


def test_a_gate_that_turned_since_it_was_shown_is_not_passed(at, desk):
    id = desk.asking()
    desk.approve(id)
    page = click(at(id), "move-advance")
    desk.clock.move(minutes=5)
    desk.sweep(id, value=0.5)
    page = page.button(key="move-confirm").click().run()
    assert (
        "changed" in "".join(it.value for it in page.error)
        or page.button(key="move-confirm").disabled
    )
    assert desk.now(id).number == 0


@pytest.mark.parametrize(
    ("move", "state"), [("pause", "paused"), ("roll-back", "rolled back"), ("abort", "aborted")]
)
def test_a_move_that_needs_a_reason_waits_for_it(at, desk, move, state):
    id = desk.running()
    page = click(at(id), f"move-{move}")
    assert page.button(key="move-confirm").disabled
    page.text_input(key="move-reason").set_value(WHY).run()
    page = click(page, "move-confirm")
    assert desk.now(id).state == state
    assert last(desk, id).reason == WHY
    assert page.success


def test_what_was_paused_goes_on(at, desk):
    id = desk.running()
    rollout.pause(desk.visit("cora"), id, desk.shown(id), reason=WHY)
    page = at(id)
    assert moves(page) == {"resume", "roll-back", "abort"}
    click(click(page, "move-resume"), "move-confirm")
    assert desk.now(id).state == "in progress"


def test_a_rollback_says_what_it_sets_in_motion_and_does_it(at, desk):
    id = desk.running()
    page = click(at(id), "move-roll-back")
    assert "Close the group of pilots" in words(page)
    assert "a task for Mark Twain, 30 minutes" in words(page)
    page.text_input(key="move-reason").set_value(WHY).run()
    click(page, "move-confirm")
    with desk.store.reading() as session:
        (task,) = tasks.of(session, [id])
    assert (task.owner, task.done_at) == ("contoso/mark", None)
    page = at(id, tab="Tasks")
    assert "left] **Close the group of pilots**" in words(page)
    desk.clock.move(hours=1)
    page = at(id, tab="Tasks")
    assert "late by 30 minutes" in words(page)
    page = click(page, f"task-{task.id}")
    page.text_input(key="task-note").set_value("closed by hand").run()
    page = click(page, "task-confirm")
    assert "closed by hand" in words(page)
    with desk.store.reading() as session:
        assert tasks.find(session, task.id).done_by == "contoso/cora"


def test_an_override_needs_twenty_characters_and_an_admin_who_is_not_of_it(at, desk):
    id = desk.running()
    assert "override" not in moves(at(id))
    page = click(at(id, "ada"), "move-override")
    page.text_input(key="move-reason").set_value("too short").run()
    assert page.button(key="move-confirm").disabled
    page.text_input(key="move-reason").set_value(WHY).run()
    click(page, "move-confirm")
    assert desk.now(id).phases[0].stage == "skipped"
    assert last(desk, id).person == "contoso/ada"
    assert "override" not in moves(at(desk.running(owner="contoso/ada"), "ada"))


# --- approvals --------------------------------------------------------------------------------


def test_an_approver_says_yes_and_the_next_no(at, desk):
    id = desk.asking()
    page = click(at(id, "paul"), "say-product-yes")
    assert "as it is now" in words(page)
    page = click(page, "say-confirm")
    assert "Your product approval is kept" in done(page)
    assert {it for it in keys(page) if it.startswith("say-")} == {"say-product-no"}
    page = click(at(id, "tess"), "say-technical-no")
    assert page.button(key="say-confirm").disabled
    page.text_input(key="say-comment").set_value("it answers too slowly").run()
    click(page, "say-confirm")
    assert [(it.person, it.approves, it.comment) for it in desk.said(id)] == [
        ("contoso/paul", True, ""),
        ("contoso/tess", False, "it answers too slowly"),
    ]
    told = words(at(id))
    assert "approved] **product**: yes of Paul Klee" in told
    assert "declined] **technical**: no of Tess Ogden" in told


def test_a_yes_that_is_void_stays_to_be_seen_with_why(at, desk):
    id = desk.asking()
    desk.say(id, "paul", "product")
    desk.clock.move(minutes=5)
    desk.sweep(id, value=0.5)
    told = words(at(id))
    assert "No longer counts" in told
    assert "the gate is another now" in told
    assert "not yet asked for] **product**" in told


def test_who_could_approve_is_told_why_not_yet(at, desk):
    id = desk.running()
    assert "asked for once all criteria pass" in words(at(id, "paul"))
    id = desk.asking()
    assert "asks the product and the technical approver" in words(at(id, "sam"))
    assert not [it for it in keys(at(id, "sam")) if it.startswith("say-")]


def test_an_approver_who_owns_it_is_told_why_they_may_not(at, desk):
    id = desk.asking(owner="contoso/paul")
    page = at(id, "paul")
    assert "Nobody approves what they plan or own themselves" in words(page)
    assert "say-product-yes" not in keys(page)


# --- adjusting, ways back ---------------------------------------------------------------------


def test_people_reached_are_entered(at, desk):
    id = desk.running()
    page = click(at(id), "adjust-0")
    assert page.button(key="adjust-confirm").disabled
    page.number_input(key="adjust-reached").set_value(17).run()
    page = click(page, "adjust-confirm")
    assert desk.now(id).phases[0].cohort.reached == 17
    assert "Named people: 17 of 20 reached" in words(page)


def test_features_in_the_phase_under_way_begin_its_bake_anew_and_say_so(at, desk):
    id = desk.asking()
    page = click(at(id), "adjust-0")
    page.text_input(key="adjust-features").set_value("Returns, Stock").run()
    assert "begin the bake anew" in words(page)
    click(page, "adjust-confirm")
    assert desk.now(id).phases[0].features == ("Returns", "Stock")
    assert desk.now(id).phases[0].baked_since == desk.clock()


def test_dates_of_what_is_to_come_are_planned_and_stay(at, desk):
    id = desk.running()
    page = click(at(id), "adjust-1")
    page.date_input(key="adjust-first").set_value(NOON.date().replace(day=23)).run()
    page.date_input(key="adjust-last").set_value(NOON.date().replace(day=27)).run()
    click(page, "adjust-confirm")
    it = desk.now(id).phases[1]
    assert (it.planned_start.day, it.planned_end.day, it.planned_end.hour) == (23, 28, 0)
    page = click(at(id), "adjust-1")
    assert page.date_input(key="adjust-last").value.day == 27
    assert page.button(key="adjust-confirm").disabled


def test_a_way_back_is_written_and_drilled(at, desk):
    id = desk.draft(ways=False)
    page = click(at(id, tab="Way back"), "way-0")
    assert page.button(key="way-confirm").disabled
    page.text_input(key="way-trigger").set_value("a severe complaint").run()
    page.text_input(key="way-words").set_value("We go back").run()
    page.text_input(key="way-task-0").set_value("Close the group").run()
    page.selectbox(key="way-who-0").set_value("contoso/mark").run()
    page = click(page, "way-confirm")
    with desk.store.reading() as session:
        way = rollback_plans.of(session, id)[0]
    assert way.trigger == "a severe complaint"
    assert way.steps == ({"task": "Close the group", "owner": "contoso/mark", "minutes": 60},)
    page = click(page, "drill-0")
    page.number_input(key="drill-minutes").set_value(90).run()
    assert "a slower drill counts for nothing" in words(page)
    page.number_input(key="drill-minutes").set_value(45).run()
    page = click(page, "drill-confirm")
    with desk.store.reading() as session:
        assert rollback_plans.of(session, id)[0].drill_result == "worked"
    assert "in 45 minutes" in words(page)


def test_a_drill_that_failed_says_why(at, desk):
    id = desk.draft()
    page = click(at(id, tab="Way back"), "drill-0")
    page.number_input(key="drill-minutes").set_value(45).run()
    page.checkbox(key="drill-worked").uncheck().run()
    assert page.button(key="drill-confirm").disabled
    page.text_input(key="drill-note").set_value("nobody had the key").run()
    page = click(page, "drill-confirm")
    assert "failed] Drilled" in words(page)
    assert "nobody had the key" in words(page)


def test_a_lever_puts_back_a_deployment_of_the_rollout(at, desk):
    id = desk.draft(deployments=(CHAT,), ways=False)
    page = click(at(id, "ada", tab="Way back"), "way-0")
    page.text_input(key="way-trigger").set_value("too slow").run()
    page.text_input(key="way-words").set_value("We go back").run()
    page.selectbox(key="way-kind-0").set_value("capacity").run()
    assert page.button(key="way-confirm").disabled
    page.number_input(key="way-units-0").set_value(7).run()
    page = click(page, "way-confirm")
    assert "to 7 units" in words(page)
    with desk.store.reading() as session:
        (step,) = rollback_plans.of(session, id)[0].steps
    assert step == {"lever": "capacity", "resource": CHAT, "target": 7}


# --- a new one --------------------------------------------------------------------------------


def test_a_rollout_is_planned_from_the_board(opened, desk):
    page = opened("rollouts", "cora")
    page = click(page, "new-rollout")
    assert page.button(key="rollout-confirm").disabled
    page.text_input(key="rollout-title").set_value("Shop chat").run()
    page.text_input(key="rollout-workload").set_value("shop-chat").run()
    page.multiselect(key="rollout-units").set_value(["retail"]).run()
    page.multiselect(key="rollout-deployments").set_value([CHAT]).run()
    page.selectbox(key="rollout-sponsor").set_value("contoso/maria").run()
    page.number_input(key="people-four-phases-1-pilot").set_value(12).run()
    page.selectbox(key="pair-now").set_value(BUSY).run()
    page.selectbox(key="pair-then").set_value(CHAT).run()
    page.text_input(key="rollout-closed").set_value("2026-12-24, soon").run()
    assert page.button(key="rollout-confirm").disabled
    page.text_input(key="rollout-closed").set_value("2026-12-24").run()
    page = click(page, "rollout-confirm")
    with desk.store.reading() as session:
        (it,) = rollouts.known(session)
    assert (it.title, it.workload, it.units, it.deployments) == (
        "Shop chat", "shop-chat", ("retail",), (CHAT,),
    )  # fmt: skip
    assert (it.owner, it.sponsor, it.proposer) == ("contoso/cora", "contoso/maria", "contoso/cora")
    assert it.paired == ((BUSY, CHAT),)
    assert [day.isoformat() for day in it.closed_days] == ["2026-12-24"]
    assert it.phases[0].cohort.planned == 12
    assert len(it.phases) == 4
    assert "Shop chat is planned" in done(page)


def test_only_who_runs_rollouts_is_offered_a_new_one(opened, desk):
    desk.draft()
    for person in CAST:
        if person.may(Permission.LOOK):
            offered = "new-rollout" in keys(opened("rollouts", person.id))
            assert offered == person.may(Permission.ROLL), person.id


def test_safeguards_are_shown_apart_and_what_fell_asks_for_a_reason(at, desk):
    id = desk.running(safeguards=(Safeguard(QUALITY),))
    desk.sweep(id, guard=0.5)
    told = words(at(id)).replace("\\", "")
    assert "A safeguard has paused this" in told
    assert "failed 1 of 1 in a row" in told
    page = click(at(id), "move-resume")
    assert page.button(key="move-confirm").disabled
    page.text_input(key="move-reason").set_value("known and harmless").run()
    click(page, "move-confirm")
    assert desk.now(id).state is State.RUNNING
    assert "A safeguard has paused this" in words(at(id)).replace("\\", "")

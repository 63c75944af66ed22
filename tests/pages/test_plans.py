"""Plans on screen: who sees and decides what, and what each button does at the far end."""

from datetime import timedelta

import pytest

from actions import approve, assign, deploy
from actions.proposing import Terms
from domain.plans import State
from store import people, plans
from tests.conftest import table, words
from tests.world import BUSY, CHAT, NOON, QUIET, WEU, person
from ui import drafts
from ui.components import approving, planning, resolving, undoing

WRITERS = ("approve", "decline", "withdraw", "adopt", "restore")


@pytest.fixture
def production(console):
    """QUIET is production, as last collected."""
    quiet = console.small.world.accounts.deployments[WEU]["quiet"]
    quiet.tags = {"environment": "prod", "business-unit": "retail-online"}
    console.collector.look_again(QUIET)
    return console


@pytest.fixture
def proposed(production):
    """The number of a plan by Ada that waits for a second person."""
    terms = Terms("it must not move", "CHG-7")
    return deploy.upgrade(production.visit("ada"), QUIET, "NoAutoUpgrade", terms=terms)


@pytest.fixture
def stopped(console):
    """The number of a plan that needs a person: others wrote before it was verified."""
    number = deploy.upgrade(console.visit("ada"), QUIET, "NoAutoUpgrade")
    console.worker.run_once()
    body = {"tags": {"owner": "leo", "business-unit": "retail-online"}}
    console.small.control.portal("PATCH", f"{QUIET}?api-version=2025-09-01", body)
    console.clock.move(minutes=3)
    worked(console, 1)
    assert state(console, number) is State.NEEDS_PERSON
    return number


def found(console, number):
    with console.store.reading() as session:
        return plans.find(session, number)


def state(console, number):
    return found(console, number).state


def worked(console, rounds=4):
    for _ in range(rounds):
        console.worker.run_once()


def policy(console, name="quiet"):
    kept = console.small.world.accounts.deployments[WEU][name]
    return kept.properties["versionUpgradeOption"]


def keys(at):
    return {it.key for it in at.button if it.key}


def shown(opened, number, who="ada"):
    at = opened("plan", who, plan=str(number))
    assert not at.exception
    return at


def clicked(at, button, **typed):
    at.button(key=button).click().run()
    for key, value in typed.items():
        at.text_input(key=f"{button}-{key}").set_value(value).run()
    return at.button(key=f"{button}-confirm").click().run()


def reviewed(production, number, who="alan"):
    """The plan approved by a verb."""
    fingerprint = found(production, number).fingerprint
    approve.plan(production.visit(who), number, fingerprint=fingerprint)


# --- who sees what ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "offered"),
    [
        ("ada", {"withdraw"}),
        ("alan", {"approve", "decline", "withdraw"}),
        ("tess", {"approve", "decline"}),
        ("bea", set()),
        ("cora", set()),
        ("maria", set()),
    ],
)
def test_each_is_offered_what_they_may_do(opened, proposed, who, offered):
    at = shown(opened, proposed, who)
    assert keys(at) & set(WRITERS) == offered
    assert "Upgrade policy of aoai\\-small\\-weu/quiet" in words(at)
    assert "production is among it" in words(at)
    assert ("has to" in words(at)) == ("approve" not in offered)


@pytest.mark.parametrize("who", ["vera", "mark"])
def test_a_plan_of_other_units_is_not_there(opened, proposed, who):
    at = shown(opened, proposed, who)
    assert "There is no such plan here" in words(at)
    assert not at.dataframe
    at = opened("changes", who)
    assert "None yet" in words(at)


@pytest.mark.usefixtures("proposed")
@pytest.mark.parametrize("number", ["-1", "99", "1;drop", "9" * 30, "²"])
def test_an_invented_number_is_no_plan(opened, number):
    assert "There is no such plan here" in words(shown(opened, number))


def test_its_terms_and_what_is_there_now(opened, proposed):
    at = shown(opened, proposed, "alan")
    terms = table(at, "Term").set_index("Term")["Value"]
    assert terms["Reason"] == "it must not move"
    assert terms["Ticket"] == "CHG-7"
    (line,) = table(at, "Planned to").to_dict("records")
    assert line["Planned from"] == line["There now"] == "OnceNewDefaultVersionAvailable"
    assert line["Planned to"] == "NoAutoUpgrade"
    assert line["That is"] == ["as before"]
    assert "not begun" in words(at)


# --- approving, declining, withdrawing --------------------------------------------------------


def test_a_second_person_approves_and_it_is_done(opened, production, proposed):
    at = clicked(shown(opened, proposed, "alan"), "approve", comment="fine")
    assert "is approved" in words(at)
    assert "approve" not in keys(at)
    assert policy(production) == "OnceNewDefaultVersionAvailable"
    worked(production)
    assert state(production, proposed) is State.DONE
    assert policy(production) == "NoAutoUpgrade"
    at = shown(opened, proposed)
    assert "**Done,** and verified" in words(at)
    assert "Alan Turing" in words(at)
    assert "fine" in words(at)
    (line,) = table(at, "Planned to").to_dict("records")
    assert (line["There now"], line["That is"]) == ("NoAutoUpgrade", ["as requested"])
    assert line["Last changed by"] == "this console"


def test_a_no_wants_a_word_and_ends_it(opened, production, proposed):
    at = shown(opened, proposed, "tess")
    at.button(key="decline").click().run()
    assert at.button(key="decline-confirm").disabled
    at.text_input(key="decline-comment").set_value("not in December").run()
    at.button(key="decline-confirm").click().run()
    worked(production)
    assert state(production, proposed) is State.WITHDRAWN
    assert policy(production) == "OnceNewDefaultVersionAvailable"
    at = shown(opened, proposed)
    assert "declined it\\: not in December" in words(at)


def test_the_proposer_takes_it_back(opened, production, proposed):
    clicked(shown(opened, proposed), "withdraw", comment="later")
    assert state(production, proposed) is State.WITHDRAWN


def test_what_was_shown_is_what_is_approved(opened, production, proposed):
    at = shown(opened, proposed, "alan")
    at.session_state[drafts.PREFIX + approving.APPROVE] = (proposed, "0" * 16)
    at.run()
    at.button(key="approve-confirm").click().run()
    assert "not the plan that was shown" in at.error[0].value
    assert state(production, proposed) is State.PROPOSED


@pytest.mark.parametrize(
    ("who", "draft"),
    [
        ("ada", approving.APPROVE),
        ("bea", approving.APPROVE),
        ("maria", approving.APPROVE),
        ("ada", approving.DECLINE),
    ],
)
def test_a_dialog_that_is_forced_open_refuses(opened, production, proposed, who, draft):
    at = shown(opened, proposed, who)
    at.session_state[drafts.PREFIX + draft] = (proposed, found(production, proposed).fingerprint)
    at.run()
    at.text_input(key=f"{draft}-comment").set_value("x").run()
    at.button(key=f"{draft}-confirm").click().run()
    assert at.error
    assert state(production, proposed) is State.PROPOSED


def test_a_role_that_is_lost_while_the_dialog_is_open_is_lost(opened, production, proposed):
    at = shown(opened, proposed, "alan")
    at.button(key="approve").click().run()
    with production.store.begin() as session:
        alan = person("alan")
        people.enrol(session, type(alan)(alan.tenant, alan.id, alan.name, "viewer"))
    at.button(key="approve-confirm").click().run()
    assert "may not approve" in at.error[0].value
    assert state(production, proposed) is State.PROPOSED


# --- the call on every page -------------------------------------------------------------------


def links(at):
    return " ".join(it.proto.label for it in at.get("page_link"))


@pytest.mark.usefixtures("proposed")
@pytest.mark.parametrize("page", ["overview", "sources"])
def test_every_page_says_what_waits_for_the_visitor(opened, page):
    assert "1 change waits for your approval" in links(opened(page, "alan"))


@pytest.mark.usefixtures("proposed")
@pytest.mark.parametrize("who", ["ada", "bea"])
def test_nobody_else_is_called(opened, who):
    assert "waits for your approval" not in links(opened("sources", who))


def test_a_plan_that_needs_a_person_is_on_every_page_until_somebody_decides(opened, stopped):
    assert "1 change needs a person" in links(opened("sources", "cora"))
    assert "needs a person" not in links(opened("sources", "mark"))
    at = clicked(shown(opened, stopped, "alan"), "adopt", reason="it is what we wanted")
    assert not at.error
    assert "needs a person" not in links(opened("sources", "cora"))


# --- needs a person ---------------------------------------------------------------------------


def test_what_is_there_is_adopted(opened, console, stopped):
    at = shown(opened, stopped, "alan")
    assert "**Needs a person.**" in words(at)
    (line,) = table(at, "Planned to").to_dict("records")
    assert line["That is"] == ["as requested"]
    assert "portal" in line["Last changed by"]
    clicked(at, "adopt", reason="it is what we wanted")
    assert state(console, stopped) is State.RESOLVED
    assert policy(console) == "NoAutoUpgrade"


def test_what_was_before_is_restored(opened, console, stopped):
    at = shown(opened, stopped, "alan")
    at.button(key="restore").click().run()
    assert table(at, "What is done")["What is done"].tolist() == [
        "upgrade: NoAutoUpgrade → OnceNewDefaultVersionAvailable"
    ]
    assert at.button(key="restore-confirm").disabled
    at.text_input(key="restore-reason").set_value("back").run()
    at.button(key="restore-confirm").click().run()
    assert "Plan 2 recorded" in words(at)
    assert [it.value for it in at.title] == ["Plan"]
    assert state(console, stopped) is State.RESOLVED
    worked(console)
    assert policy(console) == "OnceNewDefaultVersionAvailable"


@pytest.mark.parametrize(
    ("who", "draft"),
    [("cora", resolving.ADOPT), ("tess", resolving.ADOPT), ("maria", resolving.RESTORE)],
)
def test_who_may_not_move_quota_decides_nothing(opened, console, stopped, who, draft):
    at = shown(opened, stopped, who)
    assert keys(at) & set(WRITERS) == set()
    at.session_state[drafts.PREFIX + draft] = stopped
    at.run()
    at.text_input(key=f"{draft}-reason").set_value("x").run()
    at.button(key=f"{draft}-confirm").click().run()
    assert "may not" in " ".join(it.value for it in at.error)
    assert state(console, stopped) is State.NEEDS_PERSON


# --- undoing ----------------------------------------------------------------------------------


def test_a_plan_is_taken_back_from_its_page(opened, console):
    number = deploy.upgrade(console.visit("ada"), QUIET, "NoAutoUpgrade")
    worked(console)
    at = shown(opened, number)
    at.button(key=f"undo-{number}").click().run()
    assert table(at, "What is done")["Deployment"].tolist() == ["quiet"]
    at.button(key="undo-confirm").click().run()
    assert "Plan 2 recorded" in words(at)
    worked(console)
    assert policy(console) == "OnceNewDefaultVersionAvailable"
    at = shown(opened, number)
    assert f"undo-{number}" not in keys(at)
    assert table(at, "Term").set_index("Term").loc["Taken back by", "Value"] == "plan 2"


def test_what_others_changed_since_is_not_undone_over_them(opened, console):
    number = deploy.upgrade(console.visit("ada"), QUIET, "NoAutoUpgrade")
    worked(console)
    kept = console.small.world.accounts.deployments[WEU]["quiet"]
    kept.properties["versionUpgradeOption"] = "OnceCurrentVersionExpired"
    console.collector.look_again(QUIET)
    at = shown(opened, number)
    at.button(key=f"undo-{number}").click().run()
    assert "was changed again since plan 1" in at.error[0].value
    assert "undo-confirm" not in keys(at)


@pytest.mark.parametrize("who", ["cora", "maria", "vera"])
def test_who_may_not_undo_it_is_not_offered_it_and_refused(opened, console, who):
    number = deploy.upgrade(console.visit("ada"), CHAT, "NoAutoUpgrade")
    worked(console)
    at = shown(opened, number, who)
    assert not [it for it in keys(at) if it.startswith("undo")]
    at = opened("changes", who)
    at.session_state[drafts.PREFIX + undoing.DRAFT] = number
    at.run()
    if "undo-confirm" in keys(at):
        at.button(key="undo-confirm").click().run()
        assert "may not" in at.error[0].value
    with console.store.reading() as session:
        assert len(plans.latest(session)) == 1


def test_a_deletion_says_what_taking_it_back_makes_again(opened, production):
    terms = Terms("old")
    number = deploy.delete(production.visit("ada"), CHAT, named="chat", terms=terms)
    reviewed(production, number)
    worked(production)
    at = shown(opened, number)
    assert "does not exist" in table(at, "There now")["There now"].tolist()
    at.button(key=f"undo-{number}").click().run()
    assert "Whatever else it had is gone" in words(at)


# --- the list ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("proposed")
def test_changes_begin_with_what_waits_for_the_visitor(opened):
    at = opened("changes", "alan")
    assert "Waiting for you" in words(at)
    assert "Look and decide" in links(at)
    assert "Waiting for you" not in words(opened("changes", "ada"))


@pytest.mark.usefixtures("stopped")
def test_changes_name_what_needs_a_person(opened):
    at = opened("changes", "cora")
    assert "Needs a person" in words(at)
    assert "cannot be told" in words(at)


def test_the_calendar_says_what_begins_and_goes_back(opened, console):
    ada = console.visit("ada")
    hours = Terms(starts_at=NOON + timedelta(hours=2), until=NOON + timedelta(hours=5))
    deploy.upgrade(ada, QUIET, "NoAutoUpgrade", terms=hours)
    lasting = Terms(until=NOON + timedelta(hours=3))
    deploy.upgrade(ada, CHAT, "NoAutoUpgrade", terms=lasting)
    worked(console)
    at = opened("changes")
    told = table(at, "When (UTC)")
    assert [it[0] for it in told["What"]] == ["begins", "goes back", "goes back"]
    assert told["Plan"].tolist() == [1, 2, 1]
    assert "Next: plan 1 begins Wednesday 2026-11-18 14:34 UTC" in words(at)
    assert "under way" not in words(at)
    at = shown(opened, 2)
    assert "It goes back 2026-11-18 15:34 UTC" in words(at)
    assert "**Begins 2026-11-18 14:34 UTC.**" in words(shown(opened, 1))


def test_what_is_over_is_taken_back_by_itself_and_linked(opened, console):
    lasting = Terms(until=NOON + timedelta(hours=3))
    deploy.upgrade(console.visit("ada"), QUIET, "NoAutoUpgrade", terms=lasting)
    worked(console)
    console.clock.move(hours=3)
    console.calendar.run_once()
    worked(console)
    assert policy(console) == "OnceNewDefaultVersionAvailable"
    rows = table(opened("changes"), "Undoes").set_index("Plan")
    assert rows.loc[2, "Undoes"] == 1
    assert rows.loc[1, "Undone by"] == 2


def history(opened, **query):
    at = opened("changes", **query)
    frames = [it.value for it in at.dataframe if "Undone by" in it.value.columns]
    return frames[0] if frames else None


def test_the_history_is_filtered_from_the_url(opened, console):
    assign.deployments(console.visit("maria"), [CHAT], owner="leo", reason="he asked")
    deploy.upgrade(console.visit("ada"), BUSY, "NoAutoUpgrade", terms=Terms(ticket="CHG-9"))
    worked(console)
    assert history(opened)["Plan"].tolist() == [2, 1]
    assert history(opened, lever="tags")["Plan"].tolist() == [1]
    assert history(opened, proposer="Ada Byron")["Plan"].tolist() == [2]
    assert history(opened, state="done")["Plan"].tolist() == [2, 1]
    assert history(opened, find="chg-9")["Ticket"].tolist() == ["CHG-9"]
    assert history(opened, find="he asked")["Reason"].tolist() == ["he asked"]
    assert history(opened, find="nothing such") is None


@pytest.mark.usefixtures("proposed")
def test_a_click_on_a_change_opens_it(opened):
    at = opened("changes", "alan")
    ids = [it.proto.id for it in at.dataframe]
    key = next(it.rpartition("-plans-")[2] for it in ids if "-plans-" in it)
    at.session_state[f"plans-{key}"] = {
        "selection": {"rows": [], "columns": [], "cells": [(0, "Plan")]}
    }
    at.run()
    assert [it.value for it in at.title] == ["Plan"]
    assert "Plan 1 · proposed by Ada Byron" in words(at)


# --- waiting for each other -------------------------------------------------------------------


def test_a_plan_says_which_other_one_it_waits_for(opened, console):
    first = deploy.upgrade(console.visit("ada"), QUIET, "NoAutoUpgrade")
    console.worker.run_once()
    second = deploy.upgrade(console.visit("ada"), CHAT, "NoAutoUpgrade")
    assert "**Waits for plan 1,** which has account aoai\\-small\\-weu in use" in words(
        shown(opened, second)
    )
    assert "written, Azure is at it" in words(shown(opened, first))
    worked(console, 6)
    assert {state(console, it) for it in (first, second)} == {State.DONE}


def test_a_plan_that_takes_long_is_watched(opened, console):
    number = deploy.upgrade(console.visit("ada"), QUIET, "NoAutoUpgrade")
    console.small.control.fault("stuck", path="/quiet", times=1)
    console.worker.run_once()
    console.clock.move(minutes=16)
    at = shown(opened, number)
    assert "watched" in words(at)


def test_a_plan_that_moves_on_while_its_page_is_drawn_is_not_left_behind(
    opened, console, monkeypatch
):
    number = deploy.upgrade(console.visit("ada"), QUIET, "NoAutoUpgrade")
    head = planning.head

    def slow(*told):
        console.worker.run_once()
        head(*told)

    monkeypatch.setattr(planning, "head", slow)
    at = shown(opened, number)
    assert "**Done,** and verified" in words(at)
    assert "withdraw" not in keys(at)


# --- others -----------------------------------------------------------------------------------


def test_who_else_wrote_meanwhile_is_said_on_the_page_of_the_plan(opened, console):
    number = deploy.upgrade(console.visit("ada"), QUIET, "NoAutoUpgrade")
    worked(console)
    body = {"tags": {"owner": "leo", "business-unit": "retail-online"}}
    console.small.control.portal("PATCH", f"{QUIET}?api-version=2025-09-01", body)
    console.clock.move(minutes=31)
    console.collector.run_once()
    console.reconciler.run_once()
    at = shown(opened, number, "cora")
    said = " ".join(it.value for it in at.warning)
    assert "wrote to aoai\\-small\\-weu/quiet" in said
    assert "while plan 1 was at work" in said


def test_changes_in_azure_bear_their_author_and_their_plan(opened, console):
    deploy.upgrade(console.visit("ada"), QUIET, "NoAutoUpgrade")
    worked(console)
    body = {"sku": {"name": "Standard", "capacity": 31}}
    console.small.control.portal(
        "PATCH", f"{CHAT}?api-version=2025-09-01", body, who="leo@contoso.com"
    )
    console.collected(minutes=6)
    rows = table(opened("changes"), "Operation")
    told = {it["What"]: it for it in rows.to_dict("records")}
    assert told["capacity"]["Who"] == "leo@contoso.com"
    assert told["capacity"]["After"] == "31"
    assert told["upgrade policy"]["Plan"] == 1
    rows = table(opened("deployment", deployment=CHAT, tab="Changes"), "Operation")
    assert set(rows["Deployment"]) == {"chat"}
    assert "Operation" not in [
        it for each in opened("changes", "mark").dataframe for it in each.value.columns
    ]


def test_an_undo_that_came_to_nothing_can_be_asked_for_again(opened, production):
    terms = Terms("it must not move")
    number = deploy.upgrade(production.visit("ada"), QUIET, "NoAutoUpgrade", terms=terms)
    reviewed(production, number)
    worked(production)
    at = shown(opened, number)
    at.button(key=f"undo-{number}").click().run()
    at.button(key="undo-confirm").click().run()
    assert f"undo-{number}" not in keys(shown(opened, number))
    clicked(shown(opened, number + 1), "withdraw", comment="not yet")
    assert f"undo-{number}" in keys(shown(opened, number))

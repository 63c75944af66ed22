"""What a click does at the far end: in the plans, in Azure, and in what is shown next."""

import re

import pytest

from domain.roles import CAST
from tests.conftest import table, words
from tests.world import BUSY, CHAT
from ui import drafts
from ui.components import assigning, steering, undoing

PAGE = "deployments"


def ticked(at, *deployments):
    """Tick the rows of these deployments."""
    shown = table(at, "Deployment")
    rows = [at_ for at_, name in enumerate(shown["Deployment"]) if name in deployments]
    ids = [it.proto.id for it in at.dataframe]
    key = next(found[0] for it in ids if (found := re.search(r"deployments-[0-9a-f]{8}$", it)))
    at.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    return at.run()


def there(console, resource):
    """This deployment as the small Azure has it."""
    account, _, name = resource.partition("/deployments/")
    return console.small.world.accounts.deployments[account][name]


def tags(console, resource):
    return dict(there(console, resource).tags)


def assigned(at, **wanted):
    at.button(key="assign").click().run()
    for key, value in wanted.items():
        box = (
            at.selectbox(key=f"assign-{key}")
            if key != "reason"
            else at.text_input(key="assign-reason")
        )
        box.set_value(value)
        at.run()
    return at.button(key="assign-confirm").click().run()


def test_an_owner_goes_round_the_circle(opened, console):
    at = ticked(opened(PAGE), "chat")
    at = assigned(at, unit="finance-risk", reason="as agreed")
    assert not at.exception
    assert not at.error
    assert "recorded" in words(at)
    assert "under way" in words(at)
    for _ in range(3):
        console.worker.run_once()
    at = opened(PAGE)
    shown = table(at, "Business unit").set_index("Deployment")
    assert shown.loc["chat", "Business unit"] == "Risk"
    assert "finance-risk" in tags(console, CHAT).values()


def test_before_and_after_are_shown_and_nothing_is_changed_by_looking(opened, console):
    before = len(console.wire.writes)
    at = ticked(opened(PAGE), "chat", "busy")
    at.button(key="assign").click().run()
    at.selectbox(key="assign-unit").set_value("finance-risk").run()
    review = table(at, "Before")
    assert set(review["Deployment"]) == {"chat", "busy"}
    assert set(review["After"]) == {"finance-risk"}
    assert len(console.wire.writes) == before


def test_many_rows_are_assigned_at_once(opened, console):
    at = ticked(opened(PAGE), "chat", "busy")
    assigned(at, unit="research-lab", reason="moved")
    for _ in range(6):
        console.worker.run_once()
    assert all("research-lab" in tags(console, it).values() for it in (CHAT, BUSY))


def test_who_may_not_assign_is_not_offered_it(opened):
    for person in ("vera", "cora", "paul"):
        at = opened(PAGE, person)
        assert not [it for it in at.button if it.key == "assign"]


def test_a_dialog_that_is_forced_open_still_refuses(opened):
    at = opened(PAGE, "cora")
    at.session_state[drafts.PREFIX + assigning.DRAFT] = (CHAT,)
    at.run()
    at.selectbox(key="assign-unit").set_value("finance-risk").run()
    at.text_input(key="assign-reason").set_value("because").run()
    at.button(key="assign-confirm").click().run()
    assert "may not" in at.error[0].value


def test_a_plan_is_undone_from_the_page_of_its_deployment(opened, console):
    before = dict(tags(console, CHAT))
    assigned(ticked(opened(PAGE), "chat"), unit="finance-risk", reason="as agreed")
    for _ in range(3):
        console.worker.run_once()
    assert tags(console, CHAT) != before
    at = opened("changes")
    assert table(at, "Change")["State"].tolist() == [["done"]]
    at.session_state[drafts.PREFIX + undoing.DRAFT] = 1
    at.run()
    at.button(key="undo-confirm").click().run()
    assert "Plan 2 recorded" in words(at)
    for _ in range(3):
        console.worker.run_once()
    assert tags(console, CHAT) == before


def test_refresh_makes_everything_due(opened, console):
    at = opened("sources")
    at.button(key="refresh").click().run()
    assert "will be asked now" in words(at)
    due = console.store
    asked = len(console.wire.requests)
    console.collector.run_once()
    assert due
    assert len(console.wire.requests) > asked


def test_the_simulator_is_reset_only_after_a_confirmation(opened, console):
    there(console, CHAT).tags = {"owner": "somebody"}
    at = opened("simulator")
    at.button(key="reset").click().run()
    assert tags(console, CHAT) == {"owner": "somebody"}
    at.button(key="reset-confirm").click().run()
    assert "was reset" in words(at)
    assert tags(console, CHAT) != {"owner": "somebody"}


def test_a_fault_is_ordered_and_taken_back(opened, console):
    at = opened("simulator")
    at.selectbox(key="kind").set_value("forbid")
    at.button[[it.label for it in at.button].index("Order the fault")].click().run()
    assert [it["kind"] for it in console.small.control.state()["faults"]] == ["forbid"]
    assert table(at, "Times left")["Kind"].tolist() == ["forbid"]
    at.button(key="clear-faults").click().run()
    assert console.small.control.state()["faults"] == []


def test_the_clock_moves_forward(opened, console):
    before = console.small.control.state()["offset_seconds"]
    at = opened("simulator")
    at.button(key="clock-24").click().run()
    assert console.small.control.state()["offset_seconds"] == before + 86_400
    assert "moved on by a day" in words(at)


def test_every_kind_of_fault_that_the_verb_knows_is_offered_in_words():
    from actions import simulate

    assert set(steering.KINDS) == set(simulate.KINDS)


@pytest.mark.parametrize("person", CAST[:2], ids=lambda it: it.id)
def test_what_changed_since_the_last_visit_is_told(opened, console, person):
    at = opened("overview", person.id)
    assert "first visit" in words(at)
    console.clock.move(hours=1)
    console.small.control.portal("PATCH", CHAT, {"tags": {"owner": "portal.person"}})
    console.collected(hours=1)
    at = opened("overview", person.id)
    assert "first visit" not in words(at)
    changed = table(at, "After")
    assert "portal.person" in set(changed["After"])
    at = opened("deployments", person.id, only="changed")
    assert set(table(at, "Deployment")["Deployment"]) == {"chat"}

"""Journeys of rollouts in a real browser: what people do turns the gate, an approval opens it, and
the trail tells who."""

import csv
import re
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Tab
from tests.e2e.pilot import DAY, Cora, Pilot

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

STORES, ADVISOR = 2, 3
"""Of the three that the local cloud starts with: one whose pilot fails, one that asks for a yes."""


def press(tab, key):
    tab.page.locator(f".st-key-{key} button").first.click()
    tab.settled()


def said(tab, words):
    expect(tab.page.get_by_text(re.compile(words)).first).to_be_visible()


def reading(console, rollout, criterion):
    """The newest value of a criterion."""
    return console.known(
        f"SELECT value FROM readings WHERE rollout = {rollout} AND criterion = '{criterion}' "
        "ORDER BY at DESC LIMIT 1"
    )


def stage(console, rollout, number):
    return console.known(
        f"SELECT stage FROM phases WHERE rollout = {rollout} AND number = {number}"
    )


def test_feedback_that_is_dealt_with_mends_the_gate(tab, console):
    cora = tab("cora")
    cora.open("rollout", rollout=STORES)
    said(cora, "Fails: .*No severe issue is open")
    cora.open("rollout", rollout=STORES, tab="Feedback")
    severe = console.known("SELECT id FROM feedback WHERE rollout = 2 AND severity = 'severe'")
    press(cora, f"settle-{severe}")
    dialog = cora.page.get_by_role("dialog")
    dialog.get_by_text("closed", exact=True).click()
    dialog.get_by_label("Change that answers it").fill("prompt: prices come from the list")
    dialog.get_by_label("Change that answers it").press("Tab")
    confirm = dialog.get_by_role("button", name="Keep it")
    expect(confirm).to_be_enabled()
    confirm.click()
    said(cora, "is closed")
    console.wait(lambda: reading(console, STORES, "severe") == 0)
    cora.open("rollout", rollout=STORES)
    expect(cora.page.get_by_text(re.compile("Fails: .*No severe issue is open"))).to_have_count(0)
    cora.clean()


def test_a_yes_opens_the_gate_and_the_next_phase_begins(tab, console):
    bea, cora, otto = tab("bea"), tab("cora"), tab("otto")
    bea.open("rollout", rollout=ADVISOR)
    said(bea, "The business approval is missing")
    press(bea, "say-business-yes")
    bea.page.get_by_role("dialog").get_by_role(
        "button", name="Approve as business approver"
    ).click()
    console.wait(
        lambda: console.known("SELECT count(*) FROM phase_approvals WHERE person LIKE '%bea'")
    )
    cora.open("rollout", rollout=ADVISOR)
    press(cora, "move-advance")
    cora.page.locator(".st-key-move-confirm button").click()
    console.wait(lambda: stage(console, ADVISOR, 3) == "active")
    assert stage(console, ADVISOR, 2) == "passed"
    told = console.known("SELECT count(*) FROM audit WHERE what = 'advance rollout 3'")
    assert told == 1
    otto.open("audit")
    for each in (bea, cora, otto):
        each.clean()


# --- a whole pilot ----------------------------------------------------------------------------


FIRST, AGAIN = 1, 2
"""Rollouts of the pilot's console."""
STORY = (
    "Cora: plan the rollout Shop chat",
    "Cora: write the way back of rollout 1",
    "Cora: make rollout 1 ready",
    "Cora: start rollout 1",
    "Cora: record an evaluation of rollout 1",
    "Paul: approve the gate of rollout 1",
    "Tess: approve the gate of rollout 1",
    "Cora: advance rollout 1",
    "Cora: enter feedback on rollout 1",
    "Ada: roll back rollout 1",
    "Cora: plan the rollout Shop chat again",
    "Cora: start rollout 2",
    "Cora: advance rollout 2",
    "Cora: advance rollout 2",
    "Cora: drill the way back of rollout 2",
    "Cora: advance rollout 2",
    "Bea: approve the gate of rollout 2",
    "Sam: approve the gate of rollout 2",
    "Cora: advance rollout 2",
)


@pytest.fixture
def pilot(tmp_path):
    it = Pilot(tmp_path)
    it.start()
    yield it
    it.stop()


@pytest.fixture
def step_in(pilot, browser):
    """Open a tab before the pilot as a person of the cast."""
    contexts = []

    def open_(persona):
        contexts.append(browser.new_context(viewport={"width": 1440, "height": 1000}))
        return Tab(pilot, contexts[-1], persona)

    yield open_
    for context in contexts:
        context.close()


def fill(tab, **words):
    """Type into boxes, by key."""
    for key, told in words.items():
        box = tab.page.locator(f".st-key-{key.replace('_', '-')} input").first
        box.fill(told)
        box.press("Tab")
        tab.settled()


def choose(tab, key, name):
    box = tab.page.locator(f".st-key-{key} input").first
    box.fill(name)
    tab.page.get_by_role("option", name=re.compile(name)).first.click()
    box.press("Tab")
    tab.settled()


def confirm(tab, key):
    button = tab.page.locator(f".st-key-{key} button").first
    expect(button).to_be_enabled()
    button.click()
    expect(tab.page.get_by_role("dialog")).to_have_count(0)
    tab.settled()


def moves(tab, id, key, **words):
    """Make a move from the page of a rollout."""
    tab.open("rollout", rollout=id)
    press(tab, f"move-{key}")
    fill(tab, **words)
    confirm(tab, "move-confirm")


def approves(tab, id, grant):
    tab.open("rollout", rollout=id)
    press(tab, f"say-{grant}-yes")
    confirm(tab, "say-confirm")


def plans_a_rollout(cora):
    cora.open("rollouts")
    press(cora, "new-rollout")
    fill(cora, rollout_title="Shop chat", rollout_workload="shop-chat")
    choose(cora, "rollout-units", "Retail")
    choose(cora, "rollout-deployments", "chat in ")
    choose(cora, "rollout-template", "Four quick phases")
    confirm(cora, "rollout-confirm")
    said(cora, "Shop chat is planned")


def timeline(tab, id):
    """The moves of a rollout as its history tells them, the oldest first."""
    tab.open("rollout", rollout=id, tab="History")
    said(tab, "Make ready by")
    told = tab.page.get_by_test_id("stMain").inner_text()
    words = "Make ready|Start|Advance|Roll back|Override the gate"
    return re.findall(rf"({words}) by (\w+)", told)[::-1]


def trail(tab):
    """Who did what to rollouts, as the audit trail tells it, the oldest first."""
    tab.open("audit", words="rollout")
    with tab.page.expect_download() as coming:
        press(tab, "csv-audit-trail")
    rows = list(csv.DictReader(StringIO(Path(coming.value.path()).read_text("utf-8-sig"))))
    return [f"{it['Who'].split()[0]}: {it['What']}" for it in rows[::-1]]


def in_order(told, *wanted):
    """Each of these after the one before it."""
    left = iter(told)
    for it in wanted:
        assert it in left, (it, told)


def the_pilot_fails_and_is_mended(pilot, says, cora):
    says.makes_the_template()
    plans_a_rollout(cora)
    says.writes_ways_back(FIRST, 1, 2, 3)
    cora.open("rollout", rollout=FIRST, tab="Way back")
    press(cora, "way-0")
    fill(cora, way_trigger="a wrong price", way_words="We go back", way_task_0="Close the group")
    confirm(cora, "way-confirm")
    moves(cora, FIRST, "prepare")
    moves(cora, FIRST, "start")
    says.vouches(FIRST)
    says.measures(FIRST, 3.7)
    pilot.swept()
    cora.open("rollout", rollout=FIRST)
    said(cora, "Fails: Answers are grounded")
    cora.open("rollout", rollout=FIRST, tab="Evaluations")
    press(cora, "evaluation")
    fill(cora, evaluation_metric="groundedness", evaluation_dataset="golden",
         evaluation_value="4.4", evaluation_pairs="140")  # fmt: skip
    confirm(cora, "evaluation-confirm")
    pilot.swept()
    assert stage(pilot, FIRST, 0) == "baking"
    pilot.pass_(DAY)
    assert stage(pilot, FIRST, 0) == "awaiting approval"


def it_goes_back(pilot, says, cora, ada):
    says.hears(FIRST, 1, "severe")
    pilot.swept()
    moves(ada, FIRST, "roll-back", move_reason="a customer was told a wrong price")
    assert pilot.known("SELECT title FROM plans") == "Roll back Shop chat"
    cora.open("rollout", rollout=FIRST, tab="Tasks")
    press(cora, "task-1")
    fill(cora, task_note="the group is closed")
    confirm(cora, "task-confirm")


def as_far_as_the_last_door(pilot, says, cora):
    """The same solution again: its second rollout waits at the door of no return."""
    says.begins_again(AGAIN)
    pilot.swept()
    pilot.pass_(DAY)
    pilot.approved(AGAIN)
    moves(cora, AGAIN, "advance")
    says.hears(AGAIN, 1, "praise")
    pilot.swept()
    pilot.approved(AGAIN)
    moves(cora, AGAIN, "advance")
    pilot.swept()
    pilot.pass_(DAY)
    pilot.approved(AGAIN)


def test_a_pilot_fails_is_mended_goes_back_and_comes_to_everyone(pilot, step_in):
    says, cora, ada, paul, otto = Cora(pilot), *map(step_in, ("cora", "ada", "paul", "otto"))
    the_pilot_fails_and_is_mended(pilot, says, cora)
    approves(paul, FIRST, "product")
    cora.open("rollout", rollout=FIRST)
    press(cora, "move-advance")
    said(cora, "the technical approval is missing")
    pilot.approved(FIRST)
    moves(cora, FIRST, "advance", move_reason="all is well")
    it_goes_back(pilot, says, cora, ada)

    as_far_as_the_last_door(pilot, says, cora)
    cora.open("rollout", rollout=AGAIN)
    press(cora, "move-advance")
    said(cora, "the way back was not drilled in the last 90 days")
    cora.open("rollout", rollout=AGAIN, tab="Way back")
    press(cora, "drill-2")
    fill(cora, drill_minutes="40")
    confirm(cora, "drill-confirm")
    moves(cora, AGAIN, "advance")
    pilot.swept()
    pilot.approved(AGAIN)
    moves(cora, AGAIN, "advance")
    said(cora, "Shop chat again is complete")

    begun = [("Make ready", "Cora"), ("Start", "Cora"), ("Advance", "Cora")]
    assert timeline(cora, FIRST) == [*begun, ("Roll back", "Ada")]
    assert timeline(cora, AGAIN) == [*begun, *begun[2:] * 3]
    in_order(trail(otto), *STORY)
    for each in (cora, ada, paul, otto):
        each.clean()

"""Journeys of rollouts in a real browser: what people do turns the gate, an approval opens it, and
the trail tells who."""

import re

import pytest
from playwright.sync_api import expect

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

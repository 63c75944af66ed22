"""Journeys of content filters in a real browser: the weakest is found, tightened, and taken back by
two; nobody weakens a filter alone."""

import re

import pytest
import requests
from playwright.sync_api import expect

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

SHOP = (
    "/subscriptions/6f1d8c52-3b7e-4a90-9c44-1de2a7b05f31/resourcegroups/rg-ai-retail-prod"
    "/providers/microsoft.cognitiveservices/accounts/aoai-retail-online-eus2"
    "/deployments/shop-chat-us"
)
FIRST = {"x": 60, "y": 50}
"""The name in the first row of a table, drawn on a canvas."""


def policy(console):
    """The policy of the shop's chat, as Azure itself says, past the console."""
    url = f"http://127.0.0.1:{console.simulator}{SHOP}?api-version=2025-09-01"
    told = requests.get(url, headers={"Authorization": "Bearer test"}, timeout=10).json()
    return told["properties"]["raiPolicyName"]


def heading(tab, title):
    expect(tab.page.get_by_role("heading", level=1, name=title, exact=True)).to_be_visible()
    tab.settled()


def said(tab, words):
    expect(tab.page.get_by_text(re.compile(words)).first).to_be_visible()


def number(tab):
    return int(re.search(r"plan=(\d+)", tab.page.url)[1])


def stepped(tab, *names):
    """Through the dialog by these buttons."""
    for name in names:
        tab.page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()
        tab.settled()


def confirms(tab, reason, button):
    dialog = tab.page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill(reason)
    dialog.get_by_label("Reason").press("Tab")
    confirm = dialog.get_by_role("button", name=re.compile(button))
    expect(confirm).to_be_enabled()
    confirm.click()
    heading(tab, "Plan")


def approves(tab, plan):
    tab.open("plan", plan=plan)
    tab.page.get_by_role("button", name="Approve", exact=True).click()
    tab.page.get_by_role("dialog").get_by_role("button", name=re.compile("Approve plan")).click()
    said(tab, "is approved")


def test_the_weakest_is_found_tightened_and_taken_back_by_two(tab, console):
    before = policy(console)
    ada, alan = tab("ada"), tab("alan")
    ada.open("filters")
    said(ada, "^shop-chat-us$")  # below the figure: the largest distance
    ada.page.get_by_test_id("stDataFrame").first.click(position=FIRST)
    heading(ada, "Deployment")
    said(ada, f"{before} is in force")
    said(ada, "asynchronous: content may appear before it is filtered")

    ada.page.get_by_role("button", name="Bring it to its baseline").click()
    stepped(ada, "Next", "Next")
    said(ada, "It weakens nothing")
    confirms(ada, "Customers of every age", "Create it and give it to 1 deployment")
    said(ada, "Done, and verified")
    assert policy(console) == "shop-chat-us-baseline"
    tightened = number(ada)

    ada.open("filters", q="shop-chat-us")
    said(ada, r"1 deployment of \d+")
    expect(ada.page.get_by_text("shop-chat-us", exact=True)).to_have_count(0)
    ada.open("deployment", deployment=SHOP, tab="Content filter")
    said(ada, "shop-chat-us-baseline is in force · baseline .* · distance 0 · buffered")
    otto = tab("otto")
    otto.open("audit")
    told = console.known("SELECT count(*) FROM audit WHERE what LIKE 'create filter policy%'")
    assert told

    ada.open("plan", plan=tightened)
    ada.page.get_by_role("button", name=re.compile("Undo plan")).click()
    dialog = ada.page.get_by_role("dialog")
    expect(dialog.get_by_text(re.compile("A second person has to approve it"))).to_be_visible()
    dialog.get_by_role("button", name=re.compile("Undo plan")).click()
    said(ada, "Waits for a second person")
    expect(ada.page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    assert policy(console) == "shop-chat-us-baseline"
    approves(alan, number(ada))
    said(ada, "Done, and verified")  # nobody touched Ada's tab
    assert policy(console) == before
    for each in (ada, alan, otto):
        each.clean()


def test_nobody_weakens_a_filter_alone(tab, console):
    before = policy(console)
    ada, sam, maria = tab("ada"), tab("sam"), tab("maria")
    ada.open("deployment", deployment=SHOP, tab="Content filter")
    ada.page.get_by_role("button", name="Change its filters").click()
    dialog = ada.page.get_by_role("dialog")
    dialog.get_by_label("Hate on prompts").click()
    ada.page.get_by_role("option", name="off", exact=True).click()
    expect(dialog.get_by_text("1 setting other than now")).to_be_visible()
    stepped(ada, "Next", "Next")
    said(ada, r"A second person has to approve it, because Hate on prompts becomes looser")
    confirms(ada, "It blocks too much", "Create it and give it to 1 deployment")
    said(ada, "Waits for a second person")
    expect(ada.page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    plan = number(ada)
    assert policy(console) == before

    maria.open("plan", plan=plan)
    buttons = re.compile("Approve|Decline|Withdraw")
    expect(maria.page.get_by_role("button", name=buttons)).to_have_count(0)
    sam.open("plan", plan=plan)
    sam.page.get_by_role("button", name="Decline", exact=True).click()
    dialog = sam.page.get_by_role("dialog")
    dialog.get_by_label("Why not").fill("It is for customers")
    dialog.get_by_label("Why not").press("Tab")
    dialog.get_by_role("button", name=re.compile("Decline plan")).click()
    said(sam, "is declined")
    assert policy(console) == before
    for each in (ada, sam, maria):
        each.clean()

"""Whole journeys in a real browser, each by somebody with something to do."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from playwright.sync_api import expect

pytestmark = pytest.mark.journey


def heading(tab, title):
    expect(tab.page.get_by_role("heading", level=1, name=title, exact=True)).to_be_visible()


def test_a_newcomer_sees_the_estate_at_once_and_nothing_leaves_the_machine(tab):
    here = tab("ada")
    here.open()
    heading(here, "Overview")
    expect(here.page.get_by_text("Simulated").first).to_be_visible()
    expect(here.page.get_by_test_id("stMetric").first).to_be_visible()
    for title in ("Deployments", "Changes", "Sources", "Simulator"):
        here.page.get_by_test_id("stSidebarNav").get_by_role("link", name=title).click()
        heading(here, title)
        here.settled()
    here.clean()


def test_a_link_restores_the_view(tab):
    first, second = tab("ada"), tab("ada")
    first.open("deployments", unit="finance", period="30d")
    url = first.page.url
    assert parse_qs(urlsplit(url).query)["unit"] == ["finance"]
    second.page.goto(url)
    heading(second, "Deployments")
    second.settled()
    expect(second.page.get_by_role("combobox", name="Business unit")).to_have_value("Finance")
    expect(second.page.get_by_role("combobox", name="Period")).to_have_value("Last 30 days")
    expect(second.page.get_by_text("31 deployments").first).to_be_visible()
    second.clean()


@pytest.mark.parametrize("persona", ["vera", "otto"])
def test_who_may_not_is_refused_in_words_and_sees_no_data(tab, persona):
    closed = {"vera": "audit", "otto": "deployments"}[persona]
    here = tab(persona)
    here.page.goto(f"{here.console.url}/{closed}?persona={persona}")
    expect(here.page.get_by_text(re.compile("may not"))).to_be_visible()
    expect(here.page.get_by_test_id("stDataFrame")).to_have_count(0)
    expect(here.page.get_by_test_id("stMetric")).to_have_count(0)
    here.clean()


@pytest.mark.usefixtures("history")
def test_an_admin_gives_a_deployment_an_owner_sees_it_done_and_takes_it_back(tab, console):
    resource = (
        "/subscriptions/d40b6a17-92ce-4e8f-b1d5-2f6c08e3a974/resourcegroups/{group}/providers"
        "/microsoft.cognitiveservices/accounts/aoai-dev-retail-weu/deployments/old-proto"
    ).format(group=group_of(console, "aoai-dev-retail-weu"))
    here = tab("ada")
    here.open("deployment", deployment=resource)
    heading(here, "Deployment")
    here.page.get_by_role("button", name="Assign", exact=True).click()
    dialog = here.page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Owner").click()
    here.page.keyboard.type("grace.hopper@contoso.com")
    here.page.keyboard.press("Enter")
    expect(dialog.get_by_text(re.compile("1 tag of 1 deployment"))).to_be_visible()
    dialog.get_by_role("button", name="Change the tags of 1 deployment").click()
    expect(here.page.get_by_text(re.compile(r"Plan \d+ recorded"))).to_be_visible()
    console.wait(lambda: tags(console, resource).get("owner") == "grace.hopper@contoso.com")

    newest = "SELECT state FROM plans ORDER BY id DESC LIMIT 1"
    console.wait(lambda: console.known(newest) == "done")
    here.open("deployment", deployment=resource, tab="Changes")
    ours = here.page.get_by_test_id("stDataFrame").first
    ours.click(position={"x": 16, "y": 50})  # the tick of the first row, drawn on a canvas
    here.settled()
    undo = here.page.get_by_role("button", name=re.compile("Undo plan")).first
    expect(undo).to_be_enabled()
    undo.click()
    here.page.get_by_role("dialog").get_by_role("button", name=re.compile("Undo plan")).click()
    console.wait(lambda: "owner" not in tags(console, resource))
    here.clean()

    trail = tab("otto")
    trail.open("audit")
    expect(trail.page.get_by_text(re.compile("chain", re.I)).first).to_be_visible()
    trail.clean()


@pytest.mark.usefixtures("history")
def test_what_fails_is_named_and_what_was_known_stays(tab, console):
    here = tab("ada")
    here.open("sources")
    console.control("POST", "faults", kind="forbid", path="aoai-fin-banking-sdc", times=-1)
    try:
        here.page.get_by_role("button", name="Refresh everything").click()
        ill = "SELECT sum(troubles) FROM duties WHERE topic = 'deployments'"
        console.wait(lambda: console.known(ill) == 1)
        expect(here.page.get_by_text("The last round asked")).to_be_visible()
        here.open("deployments", unit="finance-banking")
        named = here.page.get_by_text(re.compile("Listing the deployments of aoai-fin-banking-sdc"))
        expect(named.first).to_be_visible()
        expect(here.page.get_by_test_id("stDataFrame").first).to_be_visible()
    finally:
        console.control("DELETE", "faults")
    here.clean()


def group_of(console, account):
    found = azure(
        console,
        "/subscriptions/d40b6a17-92ce-4e8f-b1d5-2f6c08e3a974/providers"
        "/Microsoft.CognitiveServices/accounts",
    )
    return next(it["id"].split("/")[4] for it in found["value"] if it["name"] == account).lower()


def tags(console, resource):
    return azure(console, resource).get("tags", {})


def azure(console, path):
    """What Azure itself says, past the console."""
    url = f"http://127.0.0.1:{console.simulator}{path}?api-version=2025-09-01"
    return requests.get(url, headers={"Authorization": "Bearer test"}, timeout=10).json()

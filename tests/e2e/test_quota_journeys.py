"""Journeys of change in a real browser: one proposes, another approves; it goes on unwatched."""

import re

import pytest
import requests
from playwright.sync_api import expect

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("history")]

BANKING = (
    "/subscriptions/6f1d8c52-3b7e-4a90-9c44-1de2a7b05f31/resourcegroups/rg-ai-finance-prod"
    "/providers/microsoft.cognitiveservices/accounts/aoai-fin-banking-sdc"
)
RETAIL = (
    "/subscriptions/d40b6a17-92ce-4e8f-b1d5-2f6c08e3a974/resourcegroups/rg-dev-retail/providers"
    "/microsoft.cognitiveservices/accounts/aoai-dev-retail-weu"
)
ADVISOR, OLD = f"{BANKING}/deployments/advisor", f"{RETAIL}/deployments/old-proto"
IN_TIME = ("When its version retires", "OnceCurrentVersionExpired")


def policy(console, resource):
    """What Azure itself says, past the console."""
    url = f"http://127.0.0.1:{console.simulator}{resource}?api-version=2025-09-01"
    told = requests.get(url, headers={"Authorization": "Bearer test"}, timeout=10).json()
    return told["properties"]["versionUpgradeOption"]


def heading(tab, title):
    expect(tab.page.get_by_role("heading", level=1, name=title, exact=True)).to_be_visible()
    tab.settled()


def said(tab, words):
    expect(tab.page.get_by_text(re.compile(words)).first).to_be_visible()


def proposes(tab, resource, reason):
    """On the page of a deployment, up to the click that confirms."""
    tab.open("deployment", deployment=resource)
    tab.page.get_by_role("button", name="Upgrade policy").click()
    dialog = tab.page.get_by_role("dialog")
    dialog.get_by_text(IN_TIME[0], exact=True).click()
    dialog.get_by_label("Reason").fill(reason)
    dialog.get_by_label("Reason").press("Tab")
    confirm = dialog.get_by_role("button", name="Change the upgrade policy")
    expect(confirm).to_be_enabled()
    return confirm


def number(tab):
    return int(re.search(r"plan=(\d+)", tab.page.url)[1])


def approves(tab):
    """From whatever page says that something waits."""
    tab.open("sources")
    tab.page.get_by_role("link", name=re.compile("1 change waits for your approval")).click()
    heading(tab, "Plan")
    tab.page.get_by_role("button", name="Approve", exact=True).click()
    dialog = tab.page.get_by_role("dialog")
    dialog.get_by_role("button", name=re.compile("Approve plan")).click()
    said(tab, "is approved")


def test_two_admins_change_production_watch_it_and_take_it_back(tab, console):
    before = policy(console, ADVISOR)
    ada, alan = tab("ada"), tab("alan")
    proposes(ada, ADVISOR, "It must move before it stops").click()
    heading(ada, "Plan")
    said(ada, "Waits for a second person")
    expect(ada.page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    assert policy(console, ADVISOR) == before

    cora, vera = tab("cora"), tab("vera")
    cora.open("plan", plan=number(ada))
    said(cora, "has to approve it")
    buttons = re.compile("Approve|Decline|Withdraw|Undo")
    expect(cora.page.get_by_role("button", name=buttons)).to_have_count(0)
    vera.open("plan", plan=number(ada))
    said(vera, "There is no such plan here")
    expect(vera.page.get_by_role("button", name=buttons)).to_have_count(0)

    approves(alan)
    said(ada, "Done, and verified")  # nobody touched Ada's tab
    said(ada, "verified")
    assert policy(console, ADVISOR) == IN_TIME[1]

    ada.page.get_by_role("button", name=re.compile("Undo plan")).click()
    dialog = ada.page.get_by_role("dialog")
    expect(dialog.get_by_text(re.compile("A second person has to approve it"))).to_be_visible()
    dialog.get_by_role("button", name=re.compile("Undo plan")).click()
    said(ada, "Waits for a second person")
    approves(alan)
    said(ada, "Done, and verified")
    assert policy(console, ADVISOR) == before
    for each in (ada, alan, cora, vera):
        each.clean()


def test_a_tab_that_is_closed_after_the_click_changes_nothing_about_it(tab, console):
    here = tab("alan")
    many = console.known("SELECT count(*) FROM plans")
    proposes(here, OLD, "Nobody watches this one").click()
    console.wait(lambda: console.known("SELECT count(*) FROM plans") == many + 1)
    here.page.close()
    last = "SELECT state FROM plans ORDER BY id DESC LIMIT 1"
    console.wait(lambda: console.known(last) == "done")
    assert policy(console, OLD) == IN_TIME[1]

    again = tab("cora")
    again.open("changes", find="Nobody watches this one")
    expect(again.page.get_by_text(re.compile(r"1 change of \d+"))).to_be_visible()
    again.clean()


POOL = "6f1d8c52-3b7e-4a90-9c44-1de2a7b05f31|westeurope|openai.globalstandard.gpt-4o-mini"


def in_azure(console):
    """Units of the throttled and the idle one, as Azure itself says, past the console."""
    subscription = POOL.partition("|")[0]
    url = f"http://127.0.0.1:{console.simulator}/subscriptions/{subscription}"
    asked = {"headers": {"Authorization": "Bearer test"}, "timeout": 10}
    version = "api-version=2025-09-01"
    provider = f"{url}/providers/Microsoft.CognitiveServices/accounts?{version}"
    accounts = {it["name"]: it["id"] for it in requests.get(provider, **asked).json()["value"]}
    ours = (("aoai-retail-online-weu", "shop-chat"), ("aoai-retail-stores-weu", "season-finder"))
    found = [
        requests.get(
            f"http://127.0.0.1:{console.simulator}{accounts[account]}/deployments/{name}?{version}",
            **asked,
        ).json()
        for account, name in ours
    ]
    return tuple(it["sku"]["capacity"] for it in found)


def test_quota_is_moved_from_an_idle_deployment_to_a_throttled_one_and_back(tab, console):
    before = in_azure(console)
    ada, alan = tab("ada"), tab("alan")
    ada.open("quota")
    said(ada, r"Move \d+ units from season-finder to shop-chat")
    ada.page.get_by_role("button", name="What if?").first.click()
    heading(ada, "Pool")
    said(ada, "breaks no rule")
    said(ada, "A second person has to approve it, because production is among it")
    assert in_azure(console) == before

    vera = tab("vera")
    vera.open("quota")
    expect(vera.page.get_by_role("button", name=re.compile("What if|Purge"))).to_have_count(0)
    vera.open("pool", pool=POOL, tab="What-if")
    said(vera, "There is no such pool here")
    maria = tab("maria")
    maria.open("pool", pool=POOL, tab="What-if")
    said(maria, "Quota is moved by admins")
    expect(maria.page.get_by_role("button", name=re.compile("Review|Fill"))).to_have_count(0)

    ada.page.get_by_role("button", name="Review and confirm").click()
    dialog = ada.page.get_by_role("dialog")
    confirm = dialog.get_by_role("button", name=re.compile(r"Propose to move \d+ units"))
    expect(confirm).to_be_disabled()
    dialog.get_by_label("Reason").fill("Customers are refused")
    dialog.get_by_label("Reason").press("Tab")
    if (name := dialog.get_by_label("type its name")).count():
        name.fill("season-finder")
        name.press("Tab")
    expect(confirm).to_be_enabled()
    confirm.click()
    heading(ada, "Plan")
    said(ada, "Waits for a second person")
    assert in_azure(console) == before

    approves(alan)
    said(ada, "Done, and verified")
    after = in_azure(console)
    moved = number(ada)
    assert sum(after) == sum(before)
    assert after[0] > before[0]
    ada.open("pool", pool=POOL)
    said(ada, f"Shop-chat holds {after[0] / 1_000:.0%} of the limit")

    ada.open("plan", plan=moved)
    ada.page.get_by_role("button", name=re.compile("Undo plan")).click()
    ada.page.get_by_role("dialog").get_by_role("button", name=re.compile("Undo plan")).click()
    said(ada, "Waits for a second person")
    approves(alan)
    said(ada, "Done, and verified")
    assert in_azure(console) == before
    for each in (ada, alan, vera, maria):
        each.clean()


LAST = "(SELECT max(id) FROM plans)"


def whatif(tab):
    """The what-if that the first advice opens, edited and not yet confirmed."""
    tab.open("quota")
    tab.page.get_by_role("button", name="What if?").first.click()
    heading(tab, "Pool")
    said(tab, "breaks no rule")


def reviewed(tab):
    """From there to the dialog, filled in up to the click that confirms."""
    tab.page.get_by_role("button", name="Review and confirm").click()
    dialog = tab.page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Every tab is closed")
    dialog.get_by_label("Reason").press("Tab")
    if (name := dialog.get_by_label("type its name")).count():
        name.fill("season-finder")
        name.press("Tab")
    confirm = dialog.get_by_role("button", name=re.compile(r"Propose to move \d+ units"))
    expect(confirm).to_be_enabled()
    return confirm


def nothing_in_hand(tab):
    """What was typed and not confirmed is gone, and the page says nothing of it."""
    tab.open("pool", pool=POOL, tab="What-if")
    said(tab, "Nothing is stored before it is confirmed")
    expect(tab.page.get_by_role("button", name="Review and confirm")).to_have_count(0)
    expect(tab.page.get_by_text(re.compile("Every tab is closed"))).to_have_count(0)
    expect(tab.page.get_by_role("dialog")).to_have_count(0)


def opened(tab, number):
    tab.open("plan", plan=number)
    return tab


def slowly(console):
    """The next write to the idle one takes a while, so that a plan is seen under way."""
    told = {"kind": "delay", "method": "PATCH", "path": "season-finder", "seconds": 4}
    requests.post(
        f"http://127.0.0.1:{console.simulator}/_simulator/faults", json=told, timeout=10
    ).raise_for_status()


def asks_to_approve(tab, number):
    tab.open("plan", plan=number)
    tab.page.get_by_role("button", name="Approve", exact=True).click()
    return tab.page.get_by_role("dialog").get_by_role("button", name=re.compile("Approve plan"))


def asks_to_undo(tab, number):
    tab.open("plan", plan=number)
    tab.page.get_by_role("button", name=re.compile("Undo plan")).click()
    dialog = tab.page.get_by_role("dialog")
    expect(dialog.get_by_text(re.compile("A second person has to approve it"))).to_be_visible()
    return dialog.get_by_role("button", name=re.compile("Undo plan"))


def test_a_tab_is_closed_after_each_step_and_nothing_is_lost_or_done_twice(tab, console):
    """What was not confirmed is gone, what was goes on; each step is found in a tab of its own."""
    before, many = in_azure(console), console.known("SELECT count(*) FROM plans")
    seen = []

    def new(persona="ada"):
        seen.append(tab(persona))
        return seen[-1]

    def closes():
        seen[-1].clean()
        seen[-1].page.close()

    def recorded(more):
        console.wait(lambda: console.known("SELECT count(*) FROM plans") == many + more)
        return console.known(f"SELECT {LAST}")

    def state(number):
        return console.known(f"SELECT state FROM plans WHERE id = {number}")

    whatif(new())
    closes()
    nothing_in_hand(here := new())
    whatif(here)
    reviewed(here)
    closes()
    nothing_in_hand(here := new())
    assert console.known("SELECT count(*) FROM plans") == many
    assert in_azure(console) == before

    whatif(here)
    reviewed(here).click()
    number = recorded(1)
    closes()
    said(here := opened(new(), number), "Waits for a second person")
    asks = asks_to_approve(new("alan"), number)
    expect(asks).to_be_visible()
    closes()
    assert state(number) == "waiting for approval"
    assert in_azure(console) == before

    slowly(console)
    asks_to_approve(new("alan"), number).click()
    console.wait(lambda: state(number) != "waiting for approval")
    closes()
    sent = f"SELECT sum(writes) FROM legs WHERE plan = {number}"
    console.wait(lambda: console.known(sent))
    said(here, "Under way")
    here.page.close()
    console.wait(lambda: state(number) == "done")
    said(opened(new(), number), "Done, and verified")
    after = in_azure(console)
    assert (sum(after), after[0] > before[0]) == (sum(before), True)
    closes()

    expect(asks_to_undo(new(), number)).to_be_visible()
    closes()
    assert recorded(1) == number
    asks_to_undo(new(), number).click()
    back = recorded(2)
    closes()
    said(here := opened(new("alan"), back), "Waits for a second person")
    asks_to_approve(here, back).click()
    console.wait(lambda: state(back) == "done")
    closes()
    said(here := opened(new(), back), "Done, and verified")
    expect(here.page.get_by_role("button", name=re.compile("Undo plan"))).to_have_count(1)
    opened(here, number)
    expect(here.page.get_by_role("button", name=re.compile("Undo plan"))).to_have_count(0)
    closes()

    assert in_azure(console) == before
    assert recorded(2) == back
    ours = f"plan IN ({number}, {back})"
    assert console.known(f"SELECT count(*) FROM approvals WHERE {ours}") == 2
    assert console.known(f"SELECT group_concat(writes) FROM legs WHERE {ours}") == "1,1,1,1"

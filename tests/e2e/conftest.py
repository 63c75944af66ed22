"""A console as a newcomer starts it, and Debian's Chromium before it."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import requests
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
expect.set_options(timeout=30_000)


PATIENCE_S = 400
"""Until the first history is read, on a machine that is busy with other things."""
SHARED = pytest.StashKey()
"""The console that most journeys share."""


def pytest_collection_modifyitems(items):
    """Who needs no history goes first, and who needs bills last; whoever comes first to what all
    share waits for it."""
    items.sort(key=_patience)
    for item in items:
        if _journey(item):
            item.add_marker(pytest.mark.timeout(PATIENCE_S + 200))


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item, nextitem):
    """What all share ends with the last journey, not with the last test: until then its jobs work
    on beside everything else."""
    shared = item.config.stash.get(SHARED, None)
    if shared and nextitem and not _journey(nextitem):
        shared.stop()


def _journey(item):
    return Path(item.path).parent == Path(__file__).parent


def _patience(item):
    asked = item.fixturenames if _journey(item) else ()
    return ("history" in asked) + ("month" in asked)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Console:
    """A started console: its address, its simulator, its folder; more: settings besides."""

    def __init__(self, folder):
        self.more = {}
        self.folder, self.port, self.simulator = folder, free_port(), free_port()
        self.url = f"http://localhost:{self.port}"

    def start(self):
        self.log = (self.folder / "console.log").open("ab")
        environment = {
            **{key: it for key, it in os.environ.items() if not key.startswith("CONSOLE_")},
            "CONSOLE_DATABASE_URL": f"sqlite:///{self.folder}/console.db",
            "CONSOLE_SIMULATOR__PORT": str(self.simulator),
            "CONSOLE_SIMULATOR__STATE": str(self.folder / "simulator.db"),
            **self.more,
        }
        command = [sys.executable, "-m", "streamlit", "run", "app.py"]
        self.process = subprocess.Popen(
            [*command, "--server.port", str(self.port)],
            cwd=ROOT,
            env=environment,
            stdout=self.log,
            stderr=self.log,
        )
        self.wait(lambda: requests.get(f"{self.url}/_stcore/health", timeout=2).ok)
        self.until_duties("count(*) > 20 AND sum(last_at IS NULL) = 0")

    def until_duties(self, hold):
        self.wait(lambda: self.known(f"SELECT {hold} FROM duties"), PATIENCE_S)

    def known(self, question):
        """One value out of the console's own database; nothing before it is there."""
        with closing(sqlite3.connect(self.folder / "console.db")) as database:
            try:
                return database.execute(question).fetchone()[0]
            except sqlite3.OperationalError:
                return None

    def stop(self):
        """Once or again."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(40)
        self.log.close()

    def control(self, method, what, **body):
        url = f"http://127.0.0.1:{self.simulator}/_simulator/{what}"
        return requests.request(method, url, json=body or None, timeout=30).json()

    @staticmethod
    def wait(holds, seconds=60):
        """Until it holds; an error on the way is a not yet."""
        ends = time.monotonic() + seconds
        while True:
            try:
                if found := holds():
                    return found
            except requests.RequestException:
                pass
            assert time.monotonic() < ends, "waited in vain"
            time.sleep(0.1)


@pytest.fixture(scope="session")
def console(tmp_path_factory, pytestconfig):
    console = pytestconfig.stash[SHARED] = Console(tmp_path_factory.mktemp("console"))
    console.start()
    yield console
    console.stop()


@pytest.fixture(scope="session")
def history(console):
    """The shared console, once all its history is read."""
    console.until_duties("sum(backlog) = 0")


@pytest.fixture(scope="session")
def browser():
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert path, "The journeys need a browser: install the package chromium."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


class Tab:
    """One person's browser tab, which notes what should never happen in it."""

    def __init__(self, console, context, persona):
        self.console, self.persona = console, persona
        self.page = context.new_page()
        self.foreign, self.errors = [], []
        self.page.on("request", self._asked)
        self.page.on("console", self._said)
        self.page.on("response", self._answered)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _asked(self, request):
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.hostname not in (
            "localhost",
            "127.0.0.1",
        ):
            self.foreign.append(request.url)

    def _answered(self, response):
        """At a deep link Streamlit looks for its own doors below the page first."""
        if response.status >= 400 and "/_stcore/" not in urlsplit(response.url).path[1:]:
            self.errors.append(f"{response.status} {response.url}")

    def _said(self, message):
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.errors.append(message.text)

    def open(self, path="", **query):
        self.page.goto(f"{self.console.url}/{path}?{urlencode({'persona': self.persona, **query})}")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        self.settled()

    def settled(self):
        """Until the script behind the page has run."""
        expect(
            self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]")
        ).to_be_visible()

    def clean(self):
        """Nothing left this machine, nothing broke, no bug was shown."""
        assert self.foreign == []
        assert self.errors == []
        expect(self.page.get_by_text("Something is wrong with the console")).to_have_count(0)


@pytest.fixture
def tab(console, browser):
    """Open a tab as a person of the cast."""
    contexts = []

    def open_(persona="ada", **options):
        context = browser.new_context(viewport={"width": 1440, "height": 1000}, **options)
        contexts.append(context)
        return Tab(console, context, persona)

    yield open_
    for context in contexts:
        context.close()

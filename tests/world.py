"""A console without a browser, and a clock that we move: what the tests of several rooms share."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from actions.visit import Visit
from domain.roles import CAST
from services import local
from services.azure import CLOUDS, Azure
from settings import Settings
from simulator.app import Simulator
from tests.wire import InProcess
from wiring import Wiring, wired

NOON = datetime(2026, 11, 18, 12, 34, 56, tzinfo=UTC)
"""A Wednesday in the middle of an hour."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
STRIDES = 10
"""Rounds, two seconds apart, after which history is complete."""
SEASONED = NOON + timedelta(seconds=2 * STRIDES)

SMALL = "0b1f6471-1bf0-4dda-aec3-cb9272f09590"
"""The only subscription of the scenario "small"."""
_PROVIDER = f"/subscriptions/{SMALL}/resourcegroups/rg-ai-small/providers"
WEU = f"{_PROVIDER}/microsoft.cognitiveservices/accounts/aoai-small-weu"
SDC = f"{_PROVIDER}/microsoft.cognitiveservices/accounts/ais-small-sdc"
CHAT, BUSY, QUIET = (f"{WEU}/deployments/{name}" for name in ("chat", "busy", "quiet"))
ASSIST, DEEP = (f"{SDC}/deployments/{name}" for name in ("assist", "deep"))


class Clock:
    """Stands still until it is moved."""

    def __init__(self, now=NOON):
        self.now = now

    def __call__(self):
        return self.now

    def move(self, **by):
        self.now += timedelta(**by)


class Slept(list):
    """How long anybody would have slept."""

    def __call__(self, seconds):
        self.append(seconds)


def person(id):
    return next(it for it in CAST if it.id == id)


def reaching(adapter, cloud="local"):
    """An Azure behind this adapter; nobody sleeps."""
    credential = local.LocalCredential()
    session = local.session(adapter)
    return Azure(CLOUDS[cloud], credential, local.IDENTITY, session, Slept())


@dataclass(frozen=True)
class Console:
    """Everything of one console, and the small Azure in front of it."""

    wiring: Wiring
    wire: InProcess
    small: Simulator
    clock: Clock

    def __getattr__(self, name):
        return getattr(self.wiring, name)

    def visit(self, id, *, writes=True):
        """A visit by a person of the cast, as verbs are given it."""
        of = self.wiring
        return Visit(person(id), of.store, of.clock, of.tags, writes, self.small.control)

    def collected(self, rounds=1, **by):
        """This console after so many rounds, with the clock moved by so much before each."""
        for _ in range(rounds):
            self.clock.move(**by)
            self.collector.run_once()
            self.books.run_once()
        self.finder.run_once()
        return self

    def close(self):
        self.store.close()
        self.small.world.close()


def console_at(url, scenario="small", *, small=None, clock=None, subscriptions=(), cloud="local"):
    """A console on a database of its own, before anything was collected."""
    clock = clock or Clock()
    small = small or Simulator(scenario=scenario, clock=clock)
    wire = InProcess(small)
    settings = Settings(
        _env_file=None, database_url=url, azure={"cloud": "local", "subscriptions": subscriptions}
    )
    made = wired(settings, reaching(wire, cloud), clock, small.control)
    return Console(made, wire, small, clock)


def _file(folder, name, rounds=0):
    """A database as one console has left it after so many rounds, to be copied."""
    url = f"sqlite:///{folder.mktemp(name)}/console.db"
    console = console_at(url)
    if rounds:
        console.collected().collected(rounds - 1, seconds=2)
    console.close()
    return _path(url)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    return _file(tmp_path_factory, "migrated")


@pytest.fixture(scope="session")
def begun(tmp_path_factory):
    return _file(tmp_path_factory, "begun", 1)


@pytest.fixture(scope="session")
def complete(tmp_path_factory):
    return _file(tmp_path_factory, "complete", 1 + STRIDES)


@pytest.fixture
def url(migrated, tmp_path):
    """The address of a migrated database."""
    return _copy(migrated, tmp_path)


@pytest.fixture
def made(url):
    """made(scenario, ...): a console that has collected nothing yet."""
    consoles = []

    def make(scenario="small", **told):
        consoles.append(console_at(told.pop("url", url), scenario, **told))
        return consoles[-1]

    yield make
    for it in consoles:
        it.close()


@pytest.fixture
def console(begun, made, tmp_path):
    """A console in front of the scenario "small" whose collector has been round once."""
    return made(url=_copy(begun, tmp_path))


@pytest.fixture
def seasoned(complete, made, tmp_path):
    """A console that knows all history."""
    return made(url=_copy(complete, tmp_path), clock=Clock(SEASONED))


def _copy(file, folder):
    shutil.copy(file, folder / "console.db")
    return f"sqlite:///{folder}/console.db"


def _path(url):
    return Path(url.removeprefix("sqlite:///"))

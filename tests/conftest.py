"""Pages without a browser: a console that has been round once, and whoever of the cast opens it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.testing.v1 import AppTest
from xdist.scheduler import LoadGroupScheduling

from tests.world import Clock, begun, console, made, migrated, url
from ui import menu, session

__all__ = ["begun", "console", "made", "migrated", "url"]

TOGETHER = {"tests/e2e/": "journeys", "tests/test_recomputed.py": "audit"}
"""What shares something that takes long to make, by how its address begins."""
FRAME = Path(__file__).parents[1] / "ui" / "frame.py"


class Groups(LoadGroupScheduling):
    """One worker for what belongs together, and that first; every other test where there is room.

    By address: of marks xdist tells the scheduler in the name of a test, which pytest 9.2 no longer
    lets it change, so that each worker would start a console of its own."""

    def _split_scope(self, nodeid):
        return next((it for path, it in TOGETHER.items() if nodeid.startswith(path)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return Groups(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.fixture(scope="session")
def components():
    """The scan for components that Streamlit makes anew for every test; once is enough."""
    manager = BidiComponentManager()
    manager.discover_and_register_components(start_file_watching=False)
    return manager


@pytest.fixture
def visiting(console):
    """visiting(id): a visit by a person of the cast, as verbs are given it."""
    return console.visit


@pytest.fixture
def framing(console, components, monkeypatch):
    """framing(**query): the frame with the console behind it, before it runs."""
    monkeypatch.setattr(session, "wiring", lambda: console)
    st.cache_data.clear()
    st.cache_resource.clear()

    def frame(person="ada", **query):
        at = AppTest.from_file(FRAME, default_timeout=30)
        at._bidi_component_manager = components
        at.query_params.update({"persona": person, **query})
        return at

    return frame


@pytest.fixture
def framed(framing):
    """framed(**query): the frame at its home page."""
    return lambda person="ada", **query: framing(person, **query).run()


@pytest.fixture
def opened(framing):
    """opened(page, person, **query): a page in its frame, as that person sees it; asked for by its
    address, so that no other page runs before it."""

    def open_(page, person="ada", **query):
        entry = menu.named(page)
        at = framing(person, **query)
        return at.switch_page(f"../pages/{entry.section.lower()}/{page}.py").run()

    return open_


def words(at):
    """Everything that a page says outside its tables, as one text."""
    kinds = ("title", "subheader", "markdown", "caption", "info", "warning", "error", "success")
    return "\n".join(it.value for kind in kinds for it in at.get(kind) if it.value)


def table(at, heading):
    """The first table that has this heading."""
    return next(it.value for it in at.dataframe if heading in it.value.columns)


def moment(*parts):
    return datetime(*parts, tzinfo=UTC)


def clock(*parts):
    return Clock(moment(*parts))

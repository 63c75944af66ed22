"""Azure through the real SDKs, with canned answers or with the simulator, and nobody sleeping."""

import pytest

from services import local
from services.azure import CLOUDS, Azure
from tests.services.recorded import NOON
from tests.wire import InProcess, Recorded


class Slept(list):
    """How long anybody would have slept."""

    def __call__(self, seconds):
        self.append(seconds)


@pytest.fixture
def slept():
    return Slept()


@pytest.fixture
def reaching(slept):
    """An Azure behind a given adapter."""

    def reach(adapter, cloud="local"):
        return Azure(
            CLOUDS[cloud],
            local.LocalCredential(local.IDENTITY),
            local.IDENTITY,
            local.session(adapter),
            slept,
        )

    return reach


@pytest.fixture
def wire():
    return Recorded()


@pytest.fixture
def azure(reaching, wire):
    """Azure with the canned answers of wire."""
    return reaching(wire)


@pytest.fixture
def simulator():
    """The simulator's smallest world."""
    from simulator.app import Simulator

    return Simulator(scenario="small", clock=lambda: NOON)


@pytest.fixture
def contoso_wire(simulator):
    return InProcess(simulator)


@pytest.fixture
def contoso(reaching, contoso_wire):
    """The simulated Azure."""
    return reaching(contoso_wire)

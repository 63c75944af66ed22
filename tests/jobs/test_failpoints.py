"""kill -9 at each failpoint, on both databases in turn; all of it: python -m benchmarks.kills."""

import socket

import pytest

from tests.jobs.crashing import POINTS, SIDES, Scene, wrong


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    made = Scene(tmp_path_factory.mktemp("kills"), free_port())
    yield made
    made.close()


@pytest.mark.timeout(240)
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_killed_worker_loses_nothing_and_its_plan_is_owned_again_and_ends(scene, kind):
    """Every point on one database before, on the other after what it is named for."""
    turn = kind == "postgresql"
    odd = {}
    with scene.copies(kind) as copy:
        for number, name in enumerate(POINTS):
            if number % 2 == turn:
                side = SIDES[number // 2 % 2]
                odd[name, side] = wrong(name, scene.killed(copy(), name, side))
    assert len(odd) == len(POINTS) // 2
    assert {point: words for point, words in odd.items() if words} == {}


def test_there_are_fourteen_points():
    assert len(POINTS) == 14

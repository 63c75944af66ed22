"""The simulator as a process of its own: one per state file, one per port, many connections."""

import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from requests.adapters import HTTPAdapter

ROOT = Path(__file__).parents[2]
SIGNED = {"Authorization": "Bearer ada@contoso.com"}


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def started(port, state, scenario="small"):
    words = [sys.executable, "-m", "simulator", "--port", str(port), "--state", str(state)]
    return subprocess.Popen(
        [*words, "--scenario", scenario],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    port, state = free_port(), tmp_path_factory.mktemp("simulator") / "world.db"
    process = started(port, state)
    address = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            requests.get(f"{address}/_simulator/", timeout=2)
            break
        except requests.ConnectionError:
            time.sleep(0.05)
    yield address, port, state
    process.terminate()
    process.communicate(timeout=10)


@pytest.fixture
def link():
    with requests.Session() as session:
        session.headers.update(SIGNED)
        session.mount("http://", HTTPAdapter(pool_maxsize=32, pool_block=True))
        yield session


def test_a_second_process_on_the_same_state_ends_with_one_sentence(running):
    process = started(free_port(), running[2])
    _, words = process.communicate(timeout=20)
    assert process.returncode == 1
    assert words.count("\n") == 1
    assert "Another simulator already runs" in words


def test_a_port_in_use_ends_with_one_sentence(running, tmp_path):
    process = started(running[1], tmp_path / "other.db")
    _, words = process.communicate(timeout=20)
    assert process.returncode == 1
    assert words.strip() == f"Port {running[1]} on 127.0.0.1 is already in use."


@pytest.mark.parametrize(
    ("file", "scenario", "sentence"),
    [
        ("nowhere/world.db", "small", "cannot be written"),
        ("broken.db", "small", "does not hold a world"),
        ("world.db", "atlantis", "There is no scenario 'atlantis'."),
    ],
)
def test_what_cannot_start_says_why_in_one_sentence(tmp_path, file, scenario, sentence):
    (tmp_path / "broken.db").write_text(
        "this is no database, but it is long enough to be one\n" * 20
    )
    process = started(free_port(), tmp_path / file, scenario)
    _, words = process.communicate(timeout=20)
    assert process.returncode == 1
    assert words.count("\n") == 1
    assert sentence in words


def test_connections_are_kept_and_shared_by_many_threads(running, link):
    address = f"{running[0]}/subscriptions?api-version=2022-12-01"
    with ThreadPoolExecutor(32) as threads:
        answers = list(threads.map(lambda _: link.get(address, timeout=20), range(320)))
    assert {it.status_code for it in answers} == {200}
    pool = link.get_adapter(address).poolmanager.connection_from_url(address)
    assert pool.num_connections <= 32
    began = time.perf_counter()
    for _ in range(50):
        link.get(address, timeout=5)
    assert (time.perf_counter() - began) / 50 < 0.02


def test_arm_answers_to_its_own_host_name(running, link):
    hosted = {"Host": "management.azure.com"}
    answer = link.get(
        f"{running[0]}/subscriptions?api-version=2022-12-01", headers=hosted, timeout=5
    )
    assert answer.json()["count"]["value"] == 1


def test_a_dropped_answer_is_a_lost_connection_and_the_next_is_fine(running, link):
    address = f"{running[0]}/subscriptions?api-version=2022-12-01"
    link.post(f"{running[0]}/_simulator/faults", json={"kind": "drop"}, timeout=5)
    with pytest.raises(requests.ConnectionError):
        link.get(address, timeout=5)
    assert link.get(address, timeout=5).status_code == 200


def test_a_refused_body_does_not_poison_its_connection(running, link):
    for _ in range(3):
        refused = link.put(f"{running[0]}/nowhere", data=b"x" * 5000, timeout=5)
        assert refused.status_code == 501
    assert link.get(f"{running[0]}/tenants?api-version=2022-12-01", timeout=5).status_code == 200

"""For SDKs of other languages: their token travels over TLS only."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parents[2]


@pytest.fixture
def address(tmp_path):
    """A simulator process that speaks TLS; its address and the certificate to trust."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    state = tmp_path / "world.db"
    command = [sys.executable, "-m", "simulator", "--tls", "--scenario", "small"]
    process = subprocess.Popen(
        [*command, "--port", str(port), "--state", str(state)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    yield f"https://localhost:{port}", f"{state}.crt"
    process.terminate()
    process.wait(10)


def answer(address, path, **options):
    url, trusted = address
    ends = time.monotonic() + 30
    while True:
        try:
            return requests.get(f"{url}{path}", verify=trusted, timeout=5, **options)
        except (requests.ConnectionError, OSError):
            assert time.monotonic() < ends, "the simulator does not listen"
            time.sleep(0.1)


def test_a_client_that_trusts_the_certificate_is_answered(address):
    said = answer(
        address, "/subscriptions?api-version=2022-12-01", headers={"Authorization": "Bearer me"}
    )
    assert said.json()["value"][0]["displayName"] == "Contoso AI Production"


def test_its_key_is_for_its_owner_alone(address):
    answer(address, "/_simulator/")
    assert Path(address[1]).with_suffix(".key").stat().st_mode & 0o077 == 0

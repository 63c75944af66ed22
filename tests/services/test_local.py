"""The local cloud over a real socket: production addresses that end at the simulator."""

from threading import Thread

import pytest
from werkzeug.serving import make_server

from domain.faults import Rejected, Unintelligible, Unreachable
from services import accounts, deployments, local, subscriptions
from services.azure import CLOUDS, Azure


@pytest.fixture
def serving():
    """The address of a WSGI object that listens on loopback."""
    servers = []

    def serve(app):
        server = make_server("127.0.0.1", 0, app, threaded=True)
        servers.append(server)
        Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.port}"

    yield serve
    for server in servers:
        server.shutdown()


@pytest.fixture
def address(serving, simulator):
    return serving(simulator)


def test_production_addresses_end_on_this_machine(address):
    session = local.session(local.Loopback(address))
    azure = Azure(CLOUDS["local"], local.LocalCredential(), local.IDENTITY, session)
    (row,) = subscriptions.listed(azure)
    assert row["state"] == "Enabled"
    (asked,) = local.Control(address).requests()
    assert (asked["method"], asked["host"]) == ("GET", "management.azure.com")


def test_the_simulator_is_steered(address):
    control = local.Control(address)
    assert control.state()["scenario"] == "small"
    before = control.state()["offset_seconds"]
    assert control.clock(90)["offset_seconds"] == before + 90
    assert control.configure(latency_ms=1)["latency_ms"] == 1
    assert control.fault(kind="fail", path="/subscriptions", status=503, host=None) == 1
    assert len(control.state()["faults"]) == 1
    control.clear()
    assert control.state()["faults"] == []
    assert control.reset(seed=8)["seed"] == 8


def test_somebody_writes_behind_our_back(address):
    azure = Azure(
        CLOUDS["local"],
        local.LocalCredential(),
        local.IDENTITY,
        local.session(local.Loopback(address)),
    )
    subscription = subscriptions.listed(azure)[0]["subscription"]
    account_id = accounts.in_subscription(azure, subscription)[0]["account_id"]
    resource = deployments.of_account(azure, account_id)[0]["resource"]
    answer = local.Control(address).portal("PATCH", resource, {"tags": {"by": "hand"}})
    assert answer["status"] in {200, 202}
    seen = deployments.seen(azure, resource)
    assert seen.tags == {"by": "hand"}
    assert seen.modified_by != azure.identity


def test_an_order_that_is_not_understood_is_rejected(address):
    with pytest.raises(Rejected, match="Asking the simulator"):
        local.Control(address).fault(kind="earthquake")


def test_a_simulator_that_is_down_is_unreachable():
    with pytest.raises(Unreachable, match="Asking the simulator"):
        local.Control("http://127.0.0.1:9").state()


def test_something_else_that_listens_there_is_unintelligible(serving):
    def other(_environ, start):
        start("200 OK", [("Content-Type", "text/html")])
        return [b"<html>not the simulator</html>"]

    with pytest.raises(Unintelligible):
        local.Control(serving(other)).state()


def test_the_local_credential_is_whoever_it_says():
    credential = local.LocalCredential("vera")
    assert credential.get_token("any").token == "vera"
    assert credential.get_token_info("any").token == "vera"


def test_filters_change_without_us(address):
    control = local.Control(address)
    with pytest.raises(Rejected, match="Asking the simulator"):
        control.weaken()
    after = control.default(name="Jailbreak", source="Prompt", word="annotate")
    (jailbreak,) = (it for it in after["contentFilters"] if it["name"] == "Jailbreak")
    assert jailbreak["blocking"] is False

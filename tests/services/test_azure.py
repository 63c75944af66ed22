"""The way to Azure: where tokens go, what is repeated, what is counted, what is kept."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from domain.faults import Rejected, Throttled, Unintelligible, Unreachable
from services import accounts, deployments, local, metrics, pace, subscriptions
from services.azure import CLOUDS, counted
from tests.services.recorded import (
    ACCOUNT,
    ACCOUNTS,
    DEPLOYMENTS,
    GRAPH,
    MANAGER,
    NOON,
    SUB,
    account,
    deployment,
    error,
)


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/subscriptions",
        "https://management.azure.com.evil.example/subscriptions",
        "https://management.azure.com@evil.example/subscriptions",
        "https://evil.example\\@management.azure.com/subscriptions",
        "https://management.azure.com:8443/subscriptions",
        "http://management.azure.com/subscriptions",
    ],
)
def test_a_link_to_elsewhere_gets_no_token(azure, wire, slept, link):
    wire.says(DEPLOYMENTS, {"value": [deployment()], "nextLink": link})
    with pytest.raises(Unintelligible):
        deployments.of_account(azure, ACCOUNT)
    assert {it.host for it in wire.requests} == {"management.azure.com"}
    assert len(wire.requests) == 1
    assert slept == []


def test_a_redirect_gets_no_token(azure, wire):
    wire.says(DEPLOYMENTS, (307, {"Location": "https://evil.example/"}, b""))
    with pytest.raises(Unintelligible):
        deployments.of_account(azure, ACCOUNT)
    assert len(wire.requests) == 1


def test_a_relative_link_stays_at_home(azure, wire):
    wire.says(DEPLOYMENTS, {"value": [deployment("a")], "nextLink": f"{DEPLOYMENTS}?page=2"})
    wire.says(DEPLOYMENTS, {"value": [deployment("b")]})
    assert len(deployments.of_account(azure, ACCOUNT)) == 2


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 529])
def test_a_read_is_tried_three_times(azure, wire, slept, status):
    wire.says(DEPLOYMENTS, (status, error("Oops")), (status, error("Oops")))
    wire.says(DEPLOYMENTS, {"value": []})
    with counted() as tally:
        assert deployments.of_account(azure, ACCOUNT) == []
    assert tally.calls == 3
    assert 0.4 <= slept[0] <= 0.8 <= slept[1] <= 1.6


@pytest.mark.parametrize("status", [400, 403, 404, 501])
def test_a_refusal_is_not_repeated(azure, wire, status):
    wire.says(DEPLOYMENTS, (status, {"Retry-After": "1"}, error("No")))
    with pytest.raises((Rejected, Unreachable)):
        deployments.of_account(azure, ACCOUNT)
    assert len(wire.requests) == 1


def test_a_short_pause_is_slept_and_a_long_one_is_not(azure, wire, slept):
    wire.says(DEPLOYMENTS, (429, {"Retry-After": "20"}, error("TooManyRequests")))
    wire.says(DEPLOYMENTS, (429, {"Retry-After": "21"}, error("TooManyRequests")))
    with pytest.raises(Throttled, match="21 seconds"):
        deployments.of_account(azure, ACCOUNT)
    assert slept == [20]


def test_a_pause_that_nobody_can_read_is_no_pause(azure, wire, slept):
    wire.says(DEPLOYMENTS, (429, {"Retry-After": "soon"}, error("TooManyRequests")))
    with pytest.raises(Throttled, match=r"aoai-shop\. Azure"):
        deployments.of_account(azure, ACCOUNT)
    assert len(slept) == 2


def test_nothing_is_ever_registered(azure, wire):
    wire.says(DEPLOYMENTS, (409, error("MissingSubscriptionRegistration")))
    with pytest.raises(Rejected):
        deployments.of_account(azure, ACCOUNT)
    assert [it.method for it in wire.requests] == ["GET"]


def test_a_question_that_is_a_post_is_repeated(azure, wire):
    wire.says(GRAPH, (503, error("Down")), {"data": [account()]})
    assert len(accounts.in_graph(azure, [SUB])) == 1
    assert len(wire.requests) == 2


def test_tallies_count_their_own_thread_and_nest(azure, wire):
    wire.says(DEPLOYMENTS, {"value": []})
    with counted() as outer, ThreadPoolExecutor(1) as pool:
        deployments.of_account(azure, ACCOUNT)
        pool.submit(deployments.of_account, azure, ACCOUNT).result()
        with counted() as inner:
            deployments.of_account(azure, ACCOUNT)
    assert (outer.calls, inner.calls) == (2, 1)


def test_clients_are_made_once_whoever_comes_first(azure):
    with ThreadPoolExecutor(16) as pool:
        makers = [azure.graph, azure.subscriptions, lambda: azure.metrics("westeurope")]
        makers += [lambda: azure.cognitive(SUB), lambda: azure.cognitive(SUB.upper())]
        clients = list(pool.map(lambda make: make(), makers * 20))
    assert len({id(client) for client in clients}) == 4


def test_another_credential_does_not_get_the_clients_of_the_first(azure, wire):
    wire.says(DEPLOYMENTS, {"value": []})
    deployments.of_account(azure, ACCOUNT)
    other = replace(azure, credential=local.LocalCredential("vera"), identity="vera")
    deployments.of_account(other, ACCOUNT)
    tokens = [it.headers["Authorization"] for it in wire.requests]
    assert tokens == [f"Bearer {azure.identity}", "Bearer vera"]


@pytest.mark.parametrize("region", ["evil.example/", "a.b", "x@y", "", "ü", "westeurope:1"])
def test_what_cannot_be_a_region_becomes_no_host(azure, wire, region):
    with pytest.raises(Unintelligible):
        metrics.hours(azure, SUB, region, [ACCOUNT], NOON, NOON, minutes=False)
    assert wire.requests == []


def test_we_say_who_we_are(azure, wire):
    wire.says(DEPLOYMENTS, {"value": []})
    deployments.of_account(azure, ACCOUNT)
    headers = wire.requests[0].headers
    assert headers["User-Agent"].startswith("azure-openai-console")
    assert headers["Authorization"] == f"Bearer {azure.identity}"
    assert headers["x-ms-client-request-id"]


@pytest.mark.parametrize(
    ("cloud", "host"),
    [
        ("public", "management.azure.com"),
        ("usgovernment", "management.usgovcloudapi.net"),
        ("china", "management.chinacloudapi.cn"),
        ("local", "management.azure.com"),
    ],
)
def test_each_cloud_is_asked_at_its_own_address(reaching, wire, cloud, host):
    wire.says(ACCOUNTS, {"value": []})
    wire.says(GRAPH, {"data": []})
    wire.says("/subscriptions", {"value": []})
    azure = reaching(wire, cloud)
    accounts.in_subscription(azure, SUB)
    accounts.in_graph(azure, [SUB])
    subscriptions.listed(azure)
    assert {it.host for it in wire.requests} == {host}
    assert CLOUDS[cloud].manager == f"https://{host}"


def still(bucket_of):
    """The same buckets, for which no time goes by."""

    def made(sleep):
        bucket = bucket_of(sleep)
        bucket._now = lambda: bucket._then
        return bucket

    return made


def test_reads_are_paced_per_subscription(azure, wire, slept, monkeypatch):
    """Of a moment that stands still: 200 at once, and each more a twentieth of a second later."""
    monkeypatch.setattr(pace, "of_arm", still(pace.of_arm))
    wire.says(DEPLOYMENTS, {"value": []})
    for _ in range(203):
        deployments.of_account(azure, ACCOUNT)
    assert slept == pytest.approx([0.05, 0.10, 0.15])
    other = ACCOUNT.replace(SUB, "another")
    wire.says(f"{other}/deployments", {"value": []})
    before = len(slept)
    deployments.of_account(azure, other)
    assert len(slept) == before


def test_the_manager_is_where_links_of_the_manager_lead():
    assert all(cloud.manager.startswith("https://") for cloud in CLOUDS.values())
    assert MANAGER == CLOUDS["local"].manager == CLOUDS["public"].manager

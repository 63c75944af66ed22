"""Each write to a deployment, as it goes over the wire: what is sent, and what is left alone."""

import copy

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain import capacity
from domain.faults import Busy, NotFound, Unreachable, Unsupported
from services import accounts, deployments, subscriptions
from tests.services.recorded import CHAT, deployment, error
from tests.wire import Recorded

SPEC = {
    "sku": "GlobalStandard",
    "capacity": 3,
    "format": "OpenAI",
    "model": "gpt-4.1",
    "version": "2025-04-14",
}
OPTION = "NoAutoUpgrade"
SEEN = deployment()
ETAG = SEEN["etag"]


def test_a_capacity_is_the_sku_alone_and_the_whole_number(azure, wire):
    wire.says(("PATCH", CHAT), deployment())
    deployments.set_capacity(azure, CHAT.upper(), "Standard", 30, ETAG)
    assert wire.writes == [("PATCH", CHAT, {"sku": {"name": "Standard", "capacity": 30}})]
    assert wire.requests[0].headers["If-Match"] == ETAG


def test_what_is_made_says_what_the_plan_says_and_no_more(azure, wire):
    wire.says(("PUT", CHAT), (201, deployment()))
    deployments.create(azure, CHAT, capacity.parsed(capacity.made(SPEC)))
    model = {"format": "OpenAI", "name": "gpt-4.1", "version": "2025-04-14"}
    body = {"sku": {"name": "GlobalStandard", "capacity": 3}, "properties": {"model": model}}
    assert wire.writes == [("PUT", CHAT, body)]
    assert wire.requests[0].headers["If-None-Match"] == "*"


def test_all_that_makes_a_deployment_is_sent(azure, wire):
    wire.says(("PUT", CHAT), (201, deployment()))
    more = {
        "upgrade": OPTION,
        "filter_policy": "strict",
        "spillover": "overflow",
        "service_tier": "Priority",
        "tags": {"owner": "mira"},
    }
    deployments.create(azure, CHAT, SPEC | more)
    (_, _, body) = wire.writes[0]
    assert body["tags"] == {"owner": "mira"}
    assert body["properties"] | {"model": None} == {
        "model": None,
        "versionUpgradeOption": OPTION,
        "raiPolicyName": "strict",
        "spilloverDeploymentName": "overflow",
        "serviceTier": "Priority",
    }


@pytest.mark.parametrize("status", [200, 202, 204])
def test_a_deletion_is_one_delete(azure, wire, status):
    wire.says(("DELETE", CHAT), (status, {}, b""))
    deployments.delete(azure, CHAT, ETAG)
    assert wire.writes == [("DELETE", CHAT, None)]
    assert wire.requests[0].headers["If-Match"] == ETAG


# --- the upgrade policy: a PUT that must lose nothing -----------------------------------------


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    inner=st.dictionaries(st.text(min_size=1, max_size=9), st.integers() | st.text(max_size=5)),
    outer=st.dictionaries(st.text(min_size=1, max_size=9), st.booleans() | st.text(max_size=5)),
    paused=st.sampled_from(["Paused", "Running", None]),
)
def test_every_field_survives_but_those_that_azure_sets(reaching, inner, outer, paused):
    there = copy.deepcopy(SEEN)
    there = {**outer, **there, "tags": {"unit": "retail"}}
    there["properties"] = {**inner, **there["properties"], "deploymentState": paused}
    wire = Recorded({("GET", CHAT): [there], ("PUT", CHAT): [there]})
    deployments.set_upgrade(reaching(wire), CHAT, OPTION, ETAG)
    ((_, _, sent),) = wire.writes
    lost = deployments.READ_ONLY
    kept = {key: it for key, it in there["properties"].items() if key not in lost}
    assert sent["properties"] == kept | {"versionUpgradeOption": OPTION}
    others = {key: it for key, it in there.items() if key not in deployments.ENVELOPE}
    assert {key: it for key, it in sent.items() if key != "properties"} == others


def test_what_others_changed_is_not_written_over(azure, wire):
    wire.says(("GET", CHAT), deployment())
    with pytest.raises(Busy, match="changed by others"):
        deployments.set_upgrade(azure, CHAT, OPTION, '"older"')
    assert wire.writes == []


@pytest.mark.parametrize(
    ("said", "fault"),
    [((404, error("ResourceNotFound")), NotFound), (requests.ReadTimeout("slow"), Unreachable)],
)
def test_what_cannot_be_read_is_not_written(azure, wire, said, fault):
    wire.says(("GET", CHAT), said)
    with pytest.raises(fault):
        deployments.set_upgrade(azure, CHAT, OPTION, ETAG)
    assert wire.writes == []


def test_it_is_read_and_written_at_one_version(azure, wire):
    wire.says(("GET", CHAT), (400, error("InvalidApiVersionParameter")), deployment())
    wire.says(("PUT", CHAT), deployment())
    deployments.set_upgrade(azure, CHAT, OPTION, ETAG)
    asked = [(it.method, it.query["api-version"]) for it in wire.requests]
    assert asked == [("GET", "2026-09-01"), ("GET", "2025-09-01"), ("PUT", "2025-09-01")]


# --- the content filter: the same PUT ----------------------------------------------------------


@pytest.mark.parametrize("before", [{}, {"raiPolicyName": "loose"}])
@pytest.mark.parametrize("after", ["Strict", None])
def test_a_filter_is_set_and_nothing_else(azure, wire, before, after):
    there = deployment(new={"a": 1}, **before)
    wire.says(("GET", CHAT), there)
    wire.says(("PUT", CHAT), there)
    deployments.set_filter(azure, CHAT, after, ETAG)
    ((_, _, sent),) = wire.writes
    lost = {*deployments.READ_ONLY, "raiPolicyName"}
    kept = {key: it for key, it in there["properties"].items() if key not in lost}
    assert sent["properties"] == kept | ({"raiPolicyName": after} if after else {})
    assert sent["sku"] == there["sku"]
    assert wire.requests[-1].headers["If-Match"] == ETAG


def test_a_filter_is_not_written_over_what_others_changed(azure, wire):
    wire.says(("GET", CHAT), deployment())
    with pytest.raises(Busy, match="changed by others"):
        deployments.set_filter(azure, CHAT, "strict", '"older"')
    assert wire.writes == []


def test_a_policy_that_is_not_there_does_not_go_with_the_deployment(azure, wire):
    wire.says(("GET", CHAT), deployment())
    wire.says(("PUT", CHAT), (400, error("InvalidResourceProperties")))
    with pytest.raises(Unsupported, match="content filter of aoai-shop/chat"):
        deployments.set_filter(azure, CHAT, "strict", ETAG)


# --- in front of the simulator ----------------------------------------------------------------


@pytest.fixture
def shop(contoso):
    ids = [row["subscription"] for row in subscriptions.listed(contoso)]
    return next(it for it in accounts.in_graph(contoso, ids) if it["kind"] == "OpenAI")


def test_a_deployment_is_made_sized_steered_and_taken_away(contoso, shop):
    new = f"{shop['account_id']}/deployments/new"
    deployments.create(contoso, new, SPEC | {"tags": {"owner": "mira"}})
    made = deployments.seen(contoso, new)
    told = {key: made.spec[key] for key in (*SPEC, "tags")}
    assert told == SPEC | {"tags": {"owner": "mira"}}
    assert (made.modified_by, made.settled, made.failed) == (contoso.identity, True, False)
    deployments.set_capacity(contoso, new, "GlobalStandard", 5, made.etag)
    sized = deployments.seen(contoso, new)
    assert (sized.capacity, sized.tags, sized.upgrade) == (5, {"owner": "mira"}, made.upgrade)
    deployments.set_upgrade(contoso, new, OPTION, sized.etag)
    steered = deployments.seen(contoso, new)
    assert (steered.upgrade, steered.capacity, steered.tags) == (OPTION, 5, {"owner": "mira"})
    deployments.delete(contoso, new, steered.etag)
    with pytest.raises(NotFound):
        deployments.seen(contoso, new)


def test_a_paused_deployment_stays_paused(contoso, contoso_wire, shop):
    there = deployments.of_account(contoso, shop["account_id"])
    one = next(it for it in there if "Standard" in it["sku"])["resource"]
    _send(contoso, f"{one}/pause")
    before = deployments.seen(contoso, one)
    assert before.spec["running"] == "Paused"
    deployments.set_upgrade(contoso, one, OPTION, before.etag)
    assert deployments.seen(contoso, one).spec["running"] == "Paused"
    ((_, _, body),) = [it for it in contoso_wire.writes if it[0] == "PUT"]
    assert body["properties"]["deploymentState"] == "Paused"


def _send(azure, path):
    url = f"{azure.cloud.manager}{path}?api-version=2026-09-01"
    headers = {"Authorization": f"Bearer {azure.identity}"}
    assert azure.session.post(url, headers=headers, timeout=5).status_code == 200

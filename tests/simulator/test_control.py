"""/_simulator: faults on order, the portal user, the clock, settings, the journal."""

from datetime import timedelta

import pytest
from werkzeug.test import Client

from simulator.faults import Dropped

SIGNED = {"Authorization": "Bearer ada@contoso.com"}


@pytest.fixture
def local(small):
    return Client(small)


def order(local, **words):
    answer = local.post("/_simulator/faults", json=words)
    assert answer.status_code == 200, answer.text
    return answer.get_json()["id"]


def test_the_state_says_where_it_stands(local):
    body = local.get("/_simulator/").get_json()
    assert body["simulator"] == "ready"
    assert body["scenario"] == "small"
    assert {"name", "title"} == set(body["scenarios"][0])
    assert {it["name"] for it in body["scenarios"]} >= {"contoso", "busy", "throttled", "retiring"}
    assert body["anchor"] == "2026-11-18"
    assert body["now"].startswith("2026-11-18T13:30:00")
    assert body["settings"]["page_size"] == 100


def test_only_this_machine_may_order(local):
    for sent in (
        {"base_url": "https://management.azure.com/"},
        {"headers": {"Origin": "https://evil.example"}},
        {"headers": {"Origin": "null"}},
    ):
        answer = local.post("/_simulator/reset", json={}, **sent)
        assert answer.status_code == 403
    ours = {"Origin": "http://localhost:8501"}
    assert local.post("/_simulator/reset", json={}, headers=ours).status_code == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("faults", {"kind": "nonsense"}),
        ("faults", {"kind": "fail", "colour": "red"}),
        ("settings", {"page_size": 0}),
        ("settings", {"latency_ms": "slow"}),
        ("settings", {"nothing": 1}),
        ("reset", {"scenario": "../secrets"}),
        ("reset", {"sceanrio": "small"}),
        ("clock", {"set": "noon"}),
        ("portal", {}),
    ],
)
def test_orders_that_make_no_sense_are_refused(local, path, body):
    assert local.post(f"/_simulator/{path}", json=body).status_code == 400


def test_an_unknown_order_is_501(local):
    assert local.post("/_simulator/dance", json={}).status_code == 501


def test_fail_meets_method_host_and_path_as_often_as_ordered(local, azure, chat, weu):
    order(
        local,
        kind="fail",
        method="GET",
        host="management",
        path="/DEPLOYMENTS/chat",
        times=2,
        status=503,
        code="ServiceUnavailable",
        message="Later.",
        retry_after=7,
    )
    assert azure.get(f"{weu}/deployments/busy").status_code == 200
    assert azure.get(chat, host="localhost").status_code == 200
    for _ in range(2):
        answer = azure.get(chat)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "7"
        assert answer.get_json() == {"error": {"code": "ServiceUnavailable", "message": "Later."}}
    assert azure.get(chat).status_code == 200


def test_a_standing_fault_is_cleared_by_its_number_or_with_all(local, azure, chat):
    number = order(local, kind="fail", times=-1)
    assert [azure.get(chat).status_code for _ in range(3)] == [500, 500, 500]
    assert local.get("/_simulator/").get_json()["faults"][0]["times"] == -1
    assert local.delete(f"/_simulator/faults/{number}").status_code == 200
    assert local.delete(f"/_simulator/faults/{number}").status_code == 404
    order(local, kind="fail", times=-1)
    local.delete("/_simulator/faults")
    assert azure.get(chat).status_code == 200


def test_forbid_says_the_action(local, azure, chat):
    order(local, kind="forbid", method="PATCH")
    assert azure.get(chat).status_code == 200
    error = azure.patch(chat, {"tags": {}}).get_json()["error"]
    assert error["code"] == "AuthorizationFailed"
    assert "action 'Microsoft.CognitiveServices/accounts/deployments/write'" in error["message"]
    assert f"over scope '{chat}'" in error["message"]
    order(local, kind="forbid")
    words = azure.get(chat.lower()).get_json()["error"]["message"]
    assert "action 'Microsoft.CognitiveServices/accounts/deployments/read'" in words


def test_throttle_is_429_and_529_on_metrics(local, azure, chat, weu):
    order(local, kind="throttle", times=2, retry_after=3)
    answer = azure.get(chat)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "3"
    assert answer.get_json()["error"]["code"] == "ResourceRequestsThrottled"
    assert azure.batch_raw([weu], "TokenTransaction").status_code == 529


def test_delay_and_hang_take_real_time_and_then_answer(local, azure, chat, small):
    order(local, kind="delay", seconds=0.05)
    order(local, kind="hang", seconds=0.05)
    assert azure.get(chat).status_code == 200
    assert small.control.requests[-1]["ms"] >= 100


def test_drop_dies_before_and_lost_after_the_write(local, azure, chat):
    order(local, kind="drop")
    with pytest.raises(Dropped):
        azure.patch(chat, {"sku": {"capacity": 31}})
    assert azure.get(chat).get_json()["sku"]["capacity"] == 30
    order(local, kind="lost")
    with pytest.raises(Dropped):
        azure.patch(chat, {"sku": {"capacity": 32}})
    assert azure.get(chat).get_json()["sku"]["capacity"] == 32


def test_a_late_write_is_504_now_and_done_later(local, azure, chat, clock):
    order(local, kind="late", seconds=90)
    answer = azure.patch(chat, {"sku": {"capacity": 33}})
    assert answer.status_code == 504
    clock.move(seconds=80)
    assert azure.get(chat).get_json()["sku"]["capacity"] == 30
    clock.move(seconds=20)
    body = azure.get(chat).get_json()
    assert body["sku"]["capacity"] == 33
    assert body["systemData"]["lastModifiedBy"] == "ada@contoso.com"


def test_html_truncated_and_null(local, azure, chat, weu):
    order(local, kind="html")
    answer = azure.get(chat)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    order(local, kind="truncated")
    answer = azure.get(chat)
    assert answer.mimetype == "application/json"
    with pytest.raises(ValueError, match=r"JSON|Unterminated|Expecting|delimiter|column"):
        answer.json  # noqa: B018 - reading it is the test
    order(local, kind="null_value", path="/deployments")
    assert azure.get(chat).status_code == 200
    assert azure.get(f"{weu}/deployments").get_json()["value"] is None


def test_loop_and_failing_pages(local, azure, weu, small):
    order(local, kind="loop")
    link = azure.get(f"{weu}/deployments").get_json()["nextLink"]
    assert link.startswith(f"https://management.azure.com{weu}/deployments?api-version=2025-09-01")
    small.control.configure(page_size=2)
    order(local, kind="page_fails")
    link = azure.get(f"{weu}/deployments").get_json()["nextLink"]
    assert azure.follow(link).status_code == 500
    assert azure.follow(link).status_code == 200


def test_conflict_meets_writes_only(local, azure, chat, weu):
    order(local, kind="conflict")
    assert azure.get(chat).status_code == 200
    answer = azure.delete(chat)
    assert answer.status_code == 409
    assert answer.get_json()["error"]["code"] == "RequestConflict"
    assert f"'{weu}'" in answer.get_json()["error"]["message"]


def test_a_portal_user_writes_behind_everybody_s_back(local, azure, chat):
    before = azure.get(chat).get_json()
    words = {"method": "PATCH", "path": chat, "body": {"sku": {"capacity": 44}}}
    done = local.post("/_simulator/portal", json=words).get_json()
    assert done["status"] == 200
    after = azure.get(chat).get_json()
    assert after["sku"]["capacity"] == 44
    assert after["etag"] != before["etag"]
    assert after["systemData"]["lastModifiedBy"] == "portal.user@contoso.com"
    refused = local.post("/_simulator/portal", json=words | {"body": {"sku": {"capacity": 444}}})
    assert refused.get_json()["status"] == 400


def test_the_clock_moves_forward_and_to_a_moment(small, local):
    now = small.world.now
    local.post("/_simulator/clock", json={"advance_seconds": 3600})
    assert small.world.now == now + timedelta(hours=1)
    body = local.post("/_simulator/clock", json={"set": "2026-12-24T18:00:00Z"}).get_json()
    assert body["now"].startswith("2026-12-24T18:00:00")
    assert small.control.reset()["offset_seconds"] == 0


def test_settings_change_what_is_asked_for(small, local):
    local.post("/_simulator/settings", json={"page_size": 2, "async_writes": True})
    assert small.world.settings.page_size == 2
    assert small.world.settings.async_writes


def test_the_journal_remembers_what_was_asked(local, azure, chat):
    azure.get(chat)
    azure.get(f"{chat}x")
    body = local.get("/_simulator/requests").get_json()
    assert body["totals"] == {"200": 1, "404": 1}
    first = body["requests"][0]
    assert set(first) == {"n", "at", "method", "host", "path", "status", "ms"}
    assert (first["host"], first["status"]) == ("management.azure.com", 200)
    local.delete("/_simulator/requests")
    assert local.get("/_simulator/requests").get_json()["requests"] == []


def test_buckets_empty_and_refill_with_simulated_time(small, azure, chat, clock):
    small.control.configure(throttling=True)
    codes = [azure.get(chat).status_code for _ in range(252)]
    assert codes == [200] * 250 + [429, 429]
    answer = azure.get(chat)
    assert answer.headers["Retry-After"] == "1"
    assert "exceeded the limit of '250'" in answer.get_json()["error"]["message"]
    assert azure.patch(chat, {"tags": {}}).status_code == 200
    clock.move(seconds=2)
    assert [azure.get(chat).status_code for _ in range(51)] == [200] * 50 + [429]


def test_graph_and_metrics_have_buckets_of_their_own(small, azure, weu):
    small.control.configure(throttling=True)
    path, query = "/providers/Microsoft.ResourceGraph/resources", {"query": "resources"}
    codes = [azure.ask("POST", path, "2021-03-01", json=query).status_code for _ in range(16)]
    assert codes == [200] * 15 + [429]
    codes = [azure.batch_raw([weu], "TokenTransaction").status_code for _ in range(601)]
    assert codes.count(200) == 600
    assert codes[-1] == 529


@pytest.mark.parametrize("odd", [None, [], "x", {"a": 1}, True, 1e300])
def test_odd_bodies_are_refused_and_never_crash(local, azure, chat, weu, odd):
    for path in ("faults", "reset", "clock", "portal", "settings"):
        for key in ("kind", "times", "seed", "scenario", "set", "method", "path", "page_size"):
            answer = local.post(f"/_simulator/{path}", json={"kind": "fail", key: odd})
            assert answer.status_code in (200, 400)
    local.post("/_simulator/reset", json={"scenario": "small", "seed": 7})
    model = {"format": "OpenAI", "name": "gpt-4o", "version": "2024-11-20"}
    for key in ("sku", "tags", "properties"):
        assert azure.patch(chat, {key: odd}).status_code in (200, 400)
        assert azure.patch(weu, {key: odd}).status_code in (200, 400)
        whole = {"sku": {"name": "Standard", "capacity": 1}, "properties": {"model": model}}
        answer = azure.put(f"{weu}/deployments/odd", whole | {key: odd})
        assert answer.status_code in (200, 201, 400)

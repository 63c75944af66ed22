"""The services against the simulator: the same SDKs, the same wire, a whole small estate."""

from datetime import timedelta

import pytest

from domain import frames
from domain.faults import Busy, Forbidden, Throttled, Unintelligible, Unreachable
from services import accounts, deployments, fanout, metrics, models, quotas, subscriptions
from services.azure import counted
from tests.services.recorded import NOON


@pytest.fixture
def estate(contoso):
    ids = [row["subscription"] for row in subscriptions.listed(contoso)]
    return accounts.in_graph(contoso, ids)


@pytest.fixture
def shop(estate):
    return next(row for row in estate if row["kind"] == "OpenAI")


def test_every_frame_is_filled(contoso, shop):
    subscription, region = shop["subscription"], shop["region"]
    start = NOON - timedelta(hours=3)
    asked = {
        "deployments": deployments.of_account(contoso, shop["account_id"]),
        "models": models.of_region(contoso, subscription, region),
        "usages": quotas.of_region(contoso, subscription, region),
        "hours": metrics.hours(
            contoso, subscription, region, [shop["account_id"]], start, NOON, minutes=True
        ),
    }
    for name, rows in asked.items():
        columns = getattr(frames, name.upper())
        assert rows, name
        assert all(set(row) == set(columns) for row in rows), name
        assert len(frames.frame(columns, rows)) == len(rows)


def test_the_graph_and_the_manager_agree(contoso, estate):
    for subscription in {row["subscription"] for row in estate}:
        listed = accounts.in_subscription(contoso, subscription)
        ours = [row for row in estate if row["subscription"] == subscription]
        assert sorted(listed, key=str) == sorted(ours, key=str)


def test_small_pages_change_nothing(contoso, shop, simulator):
    whole = deployments.of_account(contoso, shop["account_id"])
    simulator.control.configure(page_size=1)
    with counted() as tally:
        assert deployments.of_account(contoso, shop["account_id"]) == whole
    assert tally.calls == len(whole) > 1


def test_every_deployment_has_its_pool(contoso, shop):
    pools = {
        it["usage_name"] for it in quotas.of_region(contoso, shop["subscription"], "West Europe")
    }
    usage = {
        (it["model"], it["version"], it["sku"]): it["usage_name"]
        for it in models.of_region(contoso, shop["subscription"], shop["region"])
        if it["kind"] == "OpenAI"
    }
    for it in deployments.of_account(contoso, shop["account_id"]):
        assert usage[it["model"], it["version"], it["sku"]] in pools


def test_peaks_are_never_below_the_mean(contoso, shop):
    start = NOON - timedelta(hours=5)
    where = (contoso, shop["subscription"], shop["region"], [shop["account_id"]], start, NOON)
    fine = {(it["resource"], it["hour"]): it for it in metrics.hours(*where, minutes=True)}
    coarse = {(it["resource"], it["hour"]): it for it in metrics.hours(*where, minutes=False)}
    assert fine.keys() == coarse.keys()
    for key, it in fine.items():
        assert it["peak_rpm"] >= coarse[key]["peak_rpm"] > 0
        assert it["tokens"] == coarse[key]["tokens"]


def test_minutes_add_up_to_their_hour(contoso, shop):
    start = NOON.replace(minute=0, second=0) - timedelta(hours=1)
    end = start + timedelta(hours=1)
    where = (shop["subscription"], shop["region"], [shop["account_id"]])
    for hour in metrics.hours(contoso, *where, start, end, minutes=False):
        by_minute = metrics.minutes(contoso, hour["resource"], shop["region"], start, end)
        for column in ("requests", "throttled", "tokens"):
            assert sum(it[column] or 0 for it in by_minute) == hour[column]


def test_tags_land_and_the_etag_moves(contoso, contoso_wire, shop):
    resource = deployments.of_account(contoso, shop["account_id"])[0]["resource"]
    before = deployments.seen(contoso, resource)
    deployments.set_tags(contoso, resource, {"unit": "retail"}, before.etag)
    after = deployments.seen(contoso, resource)
    assert after.tags == {"unit": "retail"}
    assert after.etag != before.etag
    assert after.modified_by == contoso.identity
    assert (after.sku, after.capacity) == (before.sku, before.capacity)
    assert contoso_wire.writes == [("PATCH", resource, {"tags": {"unit": "retail"}})]


def test_an_old_etag_is_refused_where_azure_looks_at_it(contoso, shop, simulator):
    simulator.control.configure(honour_if_match=True)
    resource = deployments.of_account(contoso, shop["account_id"])[0]["resource"]
    with pytest.raises(Busy):
        deployments.set_tags(contoso, resource, {"a": "b"}, '"old"')


@pytest.mark.parametrize(
    ("order", "fault"),
    [
        ({"kind": "drop"}, Unreachable),
        ({"kind": "html"}, Unintelligible),
        ({"kind": "forbid"}, Forbidden),
        ({"kind": "throttle", "retry_after": 86400}, Throttled),
        ({"kind": "throttle", "retry_after": 1}, Throttled),
        ({"kind": "fail", "status": 503}, Unreachable),
        ({"kind": "null_value"}, Unintelligible),
        ({"kind": "loop"}, Unintelligible),
        ({"kind": "truncated"}, Unintelligible),
    ],
)
def test_ordered_faults_come_out_as_ours(contoso, shop, simulator, order, fault):
    simulator.control.fault(times=-1, path=shop["account_id"], **order)
    with pytest.raises(fault):
        deployments.of_account(contoso, shop["account_id"])


def test_a_failing_page_costs_its_account_only(contoso, estate, simulator):
    simulator.control.configure(page_size=1)
    bad, good = (row["account_id"] for row in estate)
    simulator.control.fault(kind="page_fails", path=bad, times=-1)
    asks = {id: lambda id=id: deployments.of_account(contoso, id) for id in (bad, good)}
    came = {answer.key: answer for answer in fanout.asked(asks)}
    assert isinstance(came[bad].fault, Unreachable)
    assert came[bad].rows == []
    assert len(came[good].rows) > 1


def test_a_throttled_monitor_says_so(contoso, shop, simulator):
    simulator.control.fault(kind="throttle", host=".metrics.monitor.", times=-1, retry_after=3)
    with pytest.raises(Throttled, match="try again in 3 seconds"):
        metrics.hours(
            contoso,
            shop["subscription"],
            shop["region"],
            [shop["account_id"]],
            NOON - timedelta(hours=1),
            NOON,
            minutes=False,
        )

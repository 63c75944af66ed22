"""Usage is pure, adds up, obeys its limit, and never rewrites yesterday."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator.app import Simulator
from simulator.insights.traffic import BURSTS, SPREADS, dealt, traffic

SPLIT = "ModelDeploymentName eq '*' and StatusCode eq '*'"


def asked(azure, place, names, interval, start, hours, region="westeurope", filter_=SPLIT):
    options = {
        "starttime": start.isoformat(),
        "endtime": (start + timedelta(hours=hours)).isoformat(),
        "interval": interval,
        "top": "1000",
    }
    return azure.batch([place], names, region=region, filter=filter_, **options)[0]["value"]


def totals(metric):
    return {
        tuple(it["value"] for it in one["metadatavalues"]): [
            point.get("total", 0.0) for point in one["data"]
        ]
        for one in metric["timeseries"]
    }


@pytest.mark.parametrize("spread", [*SPREADS, *BURSTS])
def test_the_closed_form_is_the_sum_over_minutes(spread):
    assert sum(spread.weights) == pytest.approx(1)
    for cap in (0.0001, 0.01, 1 / 60, 0.02, 0.05, 0.2, 1):
        assert spread.served(cap) == pytest.approx(sum(min(it, cap) for it in spread.weights))


@pytest.mark.parametrize(("step", "size"), [("PT5M", 5), ("PT15M", 15), ("PT1H", 60)])
def test_every_grain_is_the_exact_sum_of_its_minutes(throttled, signed, step, size):
    azure, place = signed(throttled), "aoai-retail-online-weu"
    place = next(it.path for it in throttled.world.accounts.accounts.values() if it.name == place)
    start = datetime(2026, 11, 17, 8, tzinfo=UTC)
    minutes = totals(asked(azure, place, "AzureOpenAIRequests", "PT1M", start, 6)[0])
    coarse = totals(asked(azure, place, "AzureOpenAIRequests", step, start, 6)[0])
    assert set(coarse) == set(minutes)
    assert ("shop-chat", "429") in coarse
    for key, values in minutes.items():
        assert coarse[key] == [sum(values[it : it + size]) for it in range(0, 360, size)]


@pytest.fixture
def throttled(clock):
    return Simulator(scenario="throttled", clock=clock)


def test_a_day_is_the_sum_of_its_hours_and_today_of_its_minutes(azure, weu):
    start = datetime(2026, 11, 16, tzinfo=UTC)
    days = totals(asked(azure, weu, "TokenTransaction", "P1D", start, 72, filter_="")[0])[()]
    hours = totals(asked(azure, weu, "TokenTransaction", "PT1H", start, 72, filter_="")[0])[()]
    minutes = totals(asked(azure, weu, "TokenTransaction", "PT1M", start, 72, filter_="")[0])[()]
    assert days == [sum(hours[:24]), sum(hours[24:48]), sum(hours[48:])]
    assert days == [sum(minutes[:1440]), sum(minutes[1440:2880]), sum(minutes[2880:])]


def test_a_minute_never_exceeds_its_limit_by_more_than_one_request(azure, weu):
    start = datetime(2026, 11, 17, 9, tzinfo=UTC)
    (metric,) = asked(
        azure, weu, "TokenTransaction", "PT1M", start, 2, filter_="ModelDeploymentName eq 'busy'"
    )
    tokens = totals(metric)[("busy",)]
    assert 19000 < max(tokens) <= 20002


def test_two_worlds_of_one_seed_agree_and_others_do_not(clock, signed, weu):
    start = datetime(2026, 11, 17, 9, tzinfo=UTC)
    seen = [
        totals(
            asked(
                signed(Simulator(scenario="small", seed=it, clock=clock)),
                weu,
                "AzureOpenAIRequests",
                "PT1H",
                start,
                5,
            )[0]
        )
        for it in (7, 7, 8)
    ]
    assert seen[0] == seen[1] != seen[2]


def test_raising_capacity_lowers_429s_from_then_on_and_not_before(azure, clock, weu):
    clock.now = datetime(2026, 11, 18, 10, 30, 20, tzinfo=UTC)
    start = datetime(2026, 11, 18, 9, tzinfo=UTC)
    before = totals(asked(azure, weu, "AzureOpenAIRequests", "PT1M", start, 2)[0])
    azure.patch(f"{weu}/deployments/busy", {"sku": {"name": "GlobalStandard", "capacity": 200}})
    clock.move(hours=2)
    after = totals(asked(azure, weu, "AzureOpenAIRequests", "PT1M", start, 3)[0])
    for key, values in before.items():
        assert after[key][:87] == values[:87]
    rejected = after[("busy", "429")]
    assert sum(rejected[:91]) > 100
    assert sum(rejected[91:]) == 0
    hours = totals(asked(azure, weu, "AzureOpenAIRequests", "PT1H", start, 3)[0])
    for key, values in hours.items():
        assert values == [sum(after[key][it : it + 60]) for it in (0, 60, 120)]


def test_a_deleted_deployment_keeps_its_past(azure, clock, weu):
    start = datetime(2026, 11, 18, 8, tzinfo=UTC)
    before = totals(asked(azure, weu, "AzureOpenAIRequests", "PT1H", start, 4)[0])
    azure.delete(f"{weu}/deployments/busy")
    clock.move(hours=3)
    after = totals(asked(azure, weu, "AzureOpenAIRequests", "PT1H", start, 8)[0])
    assert after[("busy", "200")][:4] == before[("busy", "200")][:4]
    assert after[("busy", "200")][6:] == [0.0, 0.0]


def test_the_weekend_is_quieter_than_the_week(contoso):
    profile = contoso.world.usage.of(
        next(it for it in contoso.world.accounts.accounts if "aoai-shared-hub-weu" in it)
    )[0]
    monday = int(datetime(2026, 11, 16, 10, tzinfo=UTC).timestamp() // 3600)
    assert profile.demand(monday) > 4 * profile.demand(monday - 24)
    assert profile.demand(monday) > 4 * profile.demand(monday - 10)


def test_dealing_out_is_exact_whatever_the_total(small):
    profile = small.world.usage.of(next(iter(small.world.accounts.accounts)))[1]
    for hour in range(494_000, 494_050):
        found = traffic(profile, hour, 9000.0)
        for total in (0, 1, 2, 59, 60, 61, 12345):
            for throttled in (False, True):
                parts = dealt(total, found, throttled=throttled) if found else [total]
                assert sum(parts) == total
                assert min(parts) >= 0

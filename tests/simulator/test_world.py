"""One seed, one world; what a client changed outlives the process; many threads, one truth."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import perf_counter

from simulator.app import Simulator


def everything(simulator, azure):
    rows = []
    for account in simulator.world.accounts.accounts.values():
        answer = azure.get(f"{account.path}/deployments").get_json()
        rows.append((azure.get(account.path).get_json(), answer.get("value")))
    return rows


def test_the_same_seed_and_day_make_the_same_world(clock, signed):
    one, other = Simulator(clock=clock), Simulator(clock=clock)
    different = Simulator(seed=8, clock=clock)
    assert everything(one, signed(one)) == everything(other, signed(other))
    assert everything(one, signed(one)) != everything(different, signed(different))


def test_the_anchor_is_kept_and_reset_takes_today(clock, tmp_path):
    file = tmp_path / "world.db"
    first = Simulator(file, scenario="small", clock=clock)
    first.world.close()
    clock.now = datetime(2026, 12, 20, 8, tzinfo=UTC)
    again = Simulator(file, scenario="contoso", clock=clock)
    assert again.world.scenario == "small"
    assert again.control.state()["anchor"] == "2026-11-18"
    assert again.control.reset()["anchor"] == "2026-12-20"


def test_what_a_client_changed_survives_a_restart_until_a_reset(clock, tmp_path, signed, weu):
    file = tmp_path / "world.db"
    first = Simulator(file, scenario="small", clock=clock)
    azure = signed(first)
    seed = everything(first, azure)
    azure.patch(f"{weu}/deployments/chat", {"sku": {"capacity": 50}, "tags": {"x": "y"}})
    azure.delete(f"{weu}/deployments/quiet")
    model = {"format": "OpenAI", "name": "gpt-4o", "version": "2024-11-20"}
    fresh = {"sku": {"name": "Standard", "capacity": 9}, "properties": {"model": model}}
    azure.put(f"{weu}/deployments/fresh", fresh)
    azure.patch(weu, {"tags": {"owner": "x"}})
    first.control.configure(page_size=3)
    first.control.clock(advance_seconds=7200)
    changed = everything(first, azure)
    usages = f"/subscriptions/{weu.split('/')[2]}/providers/Microsoft.CognitiveServices/locations/"
    rows = azure.get(f"{usages}westeurope/usages").get_json()
    series = requests_of(azure, weu)
    first.world.close()
    second = Simulator(file, clock=clock)
    azure = signed(second)
    assert everything(second, azure) == changed != seed
    assert azure.get(f"{usages}westeurope/usages").get_json() == rows
    assert requests_of(azure, weu) == series
    assert second.world.settings.page_size == 3
    assert second.control.state()["offset_seconds"] == 7200
    second.control.reset()
    second.control.configure(page_size=100)
    assert everything(second, azure) == seed


def requests_of(azure, weu):
    options = {"starttime": "2026-11-18T10:00:00Z", "endtime": "2026-11-18T15:30:00Z"}
    names = "AzureOpenAIRequests,TokenTransaction"
    return azure.batch(
        [weu], names, filter="ModelDeploymentName eq '*'", interval="PT1M", **options
    )


def test_a_running_write_survives_a_restart(clock, tmp_path, signed, chat):
    file = tmp_path / "world.db"
    first = Simulator(file, scenario="small", clock=clock)
    first.control.configure(async_writes=True, write_seconds=60)
    signed(first).patch(chat, {"sku": {"capacity": 50}})
    first.world.close()
    second = Simulator(file, clock=clock)
    azure = signed(second)
    assert azure.get(chat).get_json()["properties"]["provisioningState"] == "Accepted"
    assert azure.patch(chat, {"tags": {}}).status_code == 409
    clock.move(seconds=61)
    assert azure.get(chat).get_json()["properties"]["provisioningState"] == "Succeeded"


def test_thirty_two_threads_never_overdraw_a_pool(small, signed, weu):
    names = [f"{weu}/deployments/t{number}" for number in range(32)]
    model = {"format": "OpenAI", "name": "gpt-4o", "version": "2024-11-20"}
    body = {"sku": {"name": "Standard", "capacity": 5}, "properties": {"model": model}}
    with ThreadPoolExecutor(32) as threads:
        codes = list(threads.map(lambda it: signed(small).put(it, body).status_code, names))
    assert codes.count(201) == 14  # 70 were free, 5 each
    assert codes.count(400) == 18


def test_latency_is_not_paid_under_the_lock(small, signed, chat):
    small.control.configure(latency_ms=100)
    barrier = threading.Barrier(32)

    def read(_number):
        barrier.wait()
        return signed(small).get(chat).status_code

    began = perf_counter()
    with ThreadPoolExecutor(32) as threads:
        assert list(threads.map(read, range(32))) == [200] * 32
    assert perf_counter() - began < 1.5


def test_a_thousand_accounts_are_made_quickly():
    began = perf_counter()
    made = Simulator(scenario="scale-1000")
    assert perf_counter() - began < 5
    accounts = made.world.accounts
    assert len(accounts.accounts) == 1000
    assert sum(map(len, accounts.deployments.values())) == 10_000
    assert len(made.world.subscriptions.all()) == 40
    assert len({it.location for it in accounts.accounts.values()}) == 6

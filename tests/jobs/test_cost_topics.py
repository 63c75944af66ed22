"""Topics about money: history from the newest day back, whatever dies on the way; what fails keeps
what was known and is named."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from domain import estate, frames
from domain.readings import AZURE_BUDGETS, BOOKED, COSTS, LEDGER, RESERVATIONS, RETAIL, TENANT
from jobs import booked, reach
from jobs.keeping import Gathering
from store import booked_days, estate_days, retail_prices, rounds, snapshots, usage_days
from tests.world import CHAT, NOON, SMALL, WEU

DAY = timedelta(days=1)
TODAY = datetime(2026, 11, 18, tzinfo=UTC)
OLDEST = TODAY - 92 * DAY
QUERY = f"/subscriptions/{SMALL}/providers/microsoft.costmanagement/query"


def read(console, question, *args):
    with console.store.reading() as session:
        return question(session, *args)


def kept(console, topic, scope=SMALL):
    return read(console, snapshots.kept, topic, [scope])[scope]


def duty(console, topic):
    told = read(console, rounds.listed)
    return told[told["topic"] == topic.name].iloc[0]


def usage(console, first=OLDEST, end=TODAY + DAY):
    told = read(console, usage_days.between, first, end, [SMALL])
    return told[told["source"] == "metrics"]


def bookings(console):
    return read(console, booked_days.between, OLDEST, TODAY + DAY, [SMALL])


def test_history_comes_in_strides_from_the_newest_day_back(made):
    console = made().collected()
    assert usage(console)["day"].min() == TODAY - 30 * DAY
    assert (duty(console, LEDGER)["backlog"], duty(console, BOOKED)["backlog"]) == (62, 62)
    console.collected(2, seconds=2)
    assert (duty(console, LEDGER)["backlog"], duty(console, BOOKED)["backlog"]) == (0, 0)
    assert usage(console)["day"].min() == OLDEST
    assert set(usage(console)["day"]) == {OLDEST + n * DAY for n in range(93)}
    assert bookings(console)["day"].min() == OLDEST
    told = kept(console, LEDGER).frame
    assert set(told["region"]) == {"westeurope", "swedencentral"}
    assert (told["first_day"] == OLDEST).all()
    assert (told["last_day"] == TODAY).all()
    calls = len(console.wire.requests)
    console.clock.move(minutes=4)
    console.books.run_once()
    assert len(console.wire.requests) == calls


def test_every_topic_is_kept(seasoned):
    console = seasoned
    told = read(console, rounds.listed).set_index("topic")
    assert {it.name for it in COSTS} <= set(told.index)
    assert (told.loc[[it.name for it in COSTS], "troubles"] == 0).all()
    assert set(kept(console, RETAIL, TENANT).frame["currency"]) == {"EUR"}
    assert len(read(console, retail_prices.listed, ["EUR"])) > 100
    assert kept(console, RESERVATIONS, TENANT).at
    assert kept(console, AZURE_BUDGETS).at
    (row,) = frames.records(kept(console, BOOKED).frame)
    assert (row["currency"], row["first_day"]) == ("EUR", OLDEST)
    assert row["last_day"] == TODAY - DAY


def test_what_a_deployment_was(seasoned):
    console = seasoned
    told = read(console, estate_days.between, OLDEST, TODAY + DAY, [SMALL])
    chat = told[told["resource"] == CHAT].set_index("day")
    assert not chat.at[TODAY, "assumed"]
    assert chat.loc[: TODAY - DAY, "assumed"].all()
    assert chat["model"].nunique() == 1
    console.collected(days=1)
    again = read(console, estate_days.between, TODAY, TODAY + 2 * DAY, [SMALL])
    assert again.loc[again["resource"] == CHAT, "assumed"].tolist() == [False, False]


def test_what_an_account_was(seasoned):
    console = seasoned
    told = read(console, estate_days.between, OLDEST, TODAY + DAY, [SMALL])
    own = told[told["resource"] == WEU].set_index("day")
    assert len(own) == 93
    assert own.index[~own["assumed"]].tolist() == [pd.Timestamp(TODAY)]
    assert own["model"].isna().all()
    assert own["account_tags"].notna().all()


def test_the_next_day_asks_for_the_last_days_only(seasoned):
    console = seasoned
    before = len(console.wire.requests)
    console.clock.move(days=1)
    console.books.run_once()
    asked = console.wire.requests[before:]
    days = {it.query["starttime"][:10] for it in asked if it.path.endswith("getbatch")}
    assert days == {"2026-11-15"}
    froms = {it.body["timePeriod"]["from"][:10] for it in asked if it.path == QUERY}
    assert froms == {"2026-11-08"}
    assert usage(console, end=TODAY + 2 * DAY)["day"].max() == TODAY + DAY


def test_a_console_that_died_goes_on_where_it_was(made):
    console = made().collected()

    def dies(*_args, **_told):
        raise KeyboardInterrupt

    console.clock.move(seconds=2)
    alive, console.books.store.begin = console.books.store.begin, dies
    with pytest.raises(KeyboardInterrupt):
        console.books.run_once()
    console.books.store.begin = alive
    assert duty(console, LEDGER)["backlog"] == 62
    console.collected(3, seconds=2)
    assert duty(console, LEDGER)["backlog"] == 0
    assert set(usage(console)["day"]) == {OLDEST + n * DAY for n in range(93)}


def test_days_asked_twice_are_there_once(seasoned):
    console = seasoned
    before = usage(console, end=TODAY).drop(columns="seen_at").reset_index(drop=True)
    costs = bookings(console).drop(columns="seen_at")
    with console.store.begin() as session:
        rounds.hasten(session, console.clock(), [LEDGER.name, BOOKED.name])
    console.books.run_once()
    after = usage(console, end=TODAY).drop(columns="seen_at").reset_index(drop=True)
    pd.testing.assert_frame_equal(before, after)
    pd.testing.assert_frame_equal(costs, bookings(console).drop(columns="seen_at"))


@pytest.mark.parametrize("fault", ["forbid", "throttle"])
def test_what_fails_keeps_what_was_known_and_is_named(seasoned, fault):
    console = seasoned
    before = len(bookings(console))
    console.small.control.fault(fault, path="/query", times=-1)
    console.clock.move(hours=6, seconds=1)
    console.books.run_once()
    (trouble,) = kept(console, BOOKED).troubles
    assert trouble.kind == {"forbid": "Forbidden", "throttle": "Throttled"}[fault]
    assert len(bookings(console)) == before
    assert kept(console, BOOKED).frame["first_day"].tolist() == [OLDEST]
    assert not kept(console, LEDGER).troubles
    assert duty(console, BOOKED)["due_at"] >= console.clock() + timedelta(minutes=5)


def test_an_answer_of_nothing_keeps_the_days_that_were_booked(seasoned):
    console = seasoned
    before = len(bookings(console))
    days = (TODAY - 10 * DAY, TODAY + DAY)
    purchase = {"view": "actual", "day": TODAY - DAY, "subscription": SMALL, "resource": "",
                "meter_id": "m", "charge": "Purchase", "pricing": "", "reservation": "",
                "cost_e8": 5, "currency": "EUR"}  # fmt: skip
    for rows in ([], [purchase]):
        gathering = Gathering(BOOKED, SMALL, console.clock(), set(), days=days, rows=list(rows))
        with console.store.begin() as session:
            booked.keep(session, gathering)
        assert len(bookings(console)) == before
        (trouble,) = kept(console, BOOKED).troubles
        assert booked.NOTHING in trouble.words
        assert kept(console, BOOKED).frame["last_day"].tolist() == [TODAY - DAY]
    console.clock.move(hours=6, seconds=1)
    console.books.run_once()
    assert kept(console, BOOKED).troubles == ()


def test_an_answer_of_nothing_about_days_of_nothing_is_an_answer(made):
    console = made()
    days = (TODAY - 10 * DAY, TODAY + DAY)
    with console.store.begin() as session:
        told = booked.keep(session, Gathering(BOOKED, SMALL, NOON, set(), days=days))
    assert told.troubles == ()


def test_nobody_waits_for_what_azure_refuses_and_it_is_read_whole_later(made):
    console = made()
    refused = console.small.control.fault("forbid", path="/query", times=-1)
    console.collected(3, seconds=2)
    assert (duty(console, BOOKED)["troubles"], duty(console, BOOKED)["backlog"]) == (1, 0)
    console.small.control.clear(refused)
    console.clock.move(hours=6, seconds=1)
    console.books.run_once()
    assert duty(console, BOOKED)["backlog"] == 62
    console.collected(3, seconds=2)
    assert bookings(console)["day"].min() == OLDEST


def test_one_region_that_fails_keeps_its_days(seasoned):
    console = seasoned
    before = len(usage(console, end=TODAY))
    console.small.control.fault("forbid", path="metrics:getbatch", host="westeurope", times=-1)
    console.clock.move(hours=6, seconds=1)
    console.books.run_once()
    told = kept(console, LEDGER)
    assert len(usage(console, end=TODAY)) == before
    assert set(told.frame["region"]) == {"westeurope", "swedencentral"}


# --- how far it reaches ---------------------------------------------------------------------------


def known(first, seen, region="r"):
    columns = {**LEDGER.columns, "seen_at": frames.TIME}
    return frames.frame(columns, [{"region": region, "first_day": first, "seen_at": seen}])


def wanted(frame, silent=(), at=NOON):
    told = reach.wanted(frame, silent, "region", reach.midnight(at) - 3 * DAY, at)
    return (TODAY - told.first).days, (told.end - TODAY).days, told.backlog


def test_nothing_known_begins_with_the_newest_stride():
    assert wanted(known(None, None)[:0]) == (30, 1, 62)
    assert wanted(known(OLDEST, NOON), silent=["r"]) == (30, 1, 62)


def test_strides_follow_until_the_oldest_day():
    assert wanted(known(TODAY - 30 * DAY, NOON)) == (61, -30, 31)
    assert wanted(known(TODAY - 61 * DAY, NOON)) == (92, -61, 0)
    assert wanted(known(OLDEST, NOON)) == (3, 1, 0)


def test_a_new_day_is_asked_before_history_goes_on():
    assert wanted(known(TODAY - 30 * DAY, NOON - DAY)) == (4, 1, 62)


def test_days_without_the_console_are_made_up_for():
    assert wanted(known(OLDEST - 5 * DAY, NOON - 5 * DAY)) == (8, 1, 0)


def test_a_region_that_is_back_after_a_hole_begins_anew():
    gone = known(OLDEST, NOON - 20 * DAY)
    told = reach.joined(gone, "region", "r", (TODAY - 3 * DAY, TODAY + DAY))
    assert told == {"first_day": TODAY - 3 * DAY, "last_day": TODAY}
    near = known(OLDEST, NOON - 4 * DAY)
    told = reach.joined(near, "region", "r", (TODAY - 3 * DAY, TODAY + DAY))
    assert told["first_day"] == OLDEST


@pytest.mark.parametrize(("day", "first"), [(6, (10, 1)), (7, (10, 28)), (30, (11, 20))])
def test_the_month_before_is_asked_until_the_sixth(day, first):
    told = booked.recent(datetime(2026, 11, day, 12, tzinfo=UTC))
    assert (told.month, told.day) == first


# --- what the estate tells ------------------------------------------------------------------------


def ptu(at=NOON, capacity=100, made=OLDEST, edits=(), first=TODAY):
    from domain.readings import ACCOUNTS, DEPLOYMENTS

    account = {"account_id": "a", "subscription": "s", "region": "r", "group": "g", "tags": "{}"}
    own = {"resource": "a/deployments/d", "account_id": "a", "sku": "ProvisionedManaged"}
    own |= {"capacity": capacity, "created_at": made}
    return estate.looked(
        frames.frame(ACCOUNTS.columns, [account]),
        frames.frame(DEPLOYMENTS.columns, [own]),
        frames.frame(estate.ESTATE_DAYS, []),
        frames.frame(frames.EDITS, [{"resource": "a/deployments/d", **it} for it in edits]),
        first,
        at,
    )


def test_a_size_is_the_mean_of_the_day_so_far():
    at = TODAY + timedelta(hours=12)
    edit = {"at": TODAY + timedelta(hours=9), "what": "capacity", "before": "20", "after": "100"}
    assert ptu(at)["capacity"].tolist() == [100.0]
    assert ptu(at, edits=[edit])["capacity"].tolist() == [40.0]
    assert ptu(at, made=TODAY + timedelta(hours=6))["capacity"].tolist() == [50.0]


def test_no_day_is_assumed_before_a_deployment_was_made():
    told = ptu(made=TODAY - 2 * DAY, first=TODAY - 10 * DAY)
    assert told["assumed"].tolist() == [True, True, False]


def test_ptu_hours_are_deployed_and_used():
    at = TODAY + timedelta(hours=12)
    was = ptu(at, first=TODAY - DAY)
    rows = [
        {"day": day, "resource": "a/deployments/d", "subscription": "s", "source": "metrics",
         "product": "", "tier": "standard", "bucket": estate.UTILISED, "quantity": 25.0,
         "estimated": False, "seen_at": at}
        for day in (TODAY - DAY, TODAY)
    ]  # fmt: skip
    counted = frames.frame(estate.USAGE_DAYS, rows)
    told = estate.measured(counted, was, at, TODAY - DAY, TODAY + DAY)
    quantities = told.set_index(["bucket", "day"])["quantity"].to_dict()
    assert quantities == {
        ("ptu_hours", TODAY - DAY): 2_400.0,
        ("ptu_hours", TODAY): 1_200.0,
        ("ptu_used_hours", TODAY - DAY): 600.0,
        ("ptu_used_hours", TODAY): 300.0,
    }

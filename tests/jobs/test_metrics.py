"""Metrics: now and history in turn, within Azure's manners, and what becomes of gaps."""

import shutil
from datetime import timedelta
from itertools import pairwise

import pandas as pd
import pytest
from sqlalchemy import text

from domain import frames
from jobs import asks
from store import hours, rounds
from tests.jobs.looks import asked, backlog, estate, kept
from tests.world import (
    ASSIST,
    CHAT,
    DAY,
    HOUR,
    NOON,
    QUIET,
    SDC,
    SEASONED,
    SMALL,
    STRIDES,
    WEU,
    Clock,
)

EVERY = {"seconds": 2}
"""The pause between two metrics questions on the local cloud."""


def questions(console, since=0):
    """(region, interval, start, end) of every metrics question."""
    return [
        (
            it.host.split(".")[0],
            it.query["interval"],
            pd.Timestamp(it.query["starttime"]),
            pd.Timestamp(it.query["endtime"]),
        )
        for it in asked(console, "getbatch", since)
        if it.query["interval"] != "P1D"  # days are the ledger's
    ]


def told_hours(console, resource):
    """(grain, requests) by hour, as they are kept."""
    with console.store.reading() as session:
        rows = session.execute(
            text("SELECT hour, grain, requests FROM metric_hours WHERE resource = :it"),
            {"it": resource},
        )
        return {pd.Timestamp(row[0], tz="UTC"): (row[1], row[2]) for row in rows}


def test_the_first_question_is_about_now(made):
    console = made().collected()
    assert {it[0] for it in questions(console)} == {"westeurope", "swedencentral"}
    assert {it[2] for it in questions(console)} == {pd.Timestamp("2026-11-18T11:00Z")}
    assert backlog(console) == 30


def test_now_and_history_take_turns_and_history_ends_after_five_strides(console):
    kinds, left = [], []
    for _ in range(12):
        so_far = len(console.wire.requests)
        console.collected(**EVERY)
        asked_now = questions(console, so_far)
        kinds.append(
            "now"
            if any(it[1] == "PT1M" for it in asked_now)
            else "history"
            if asked_now
            else "nothing"
        )
        left.append(backlog(console))
    strides = ["history", "now"] * 5
    assert kinds == [*strides[:9], *["nothing"] * 3]
    assert left == [23, 23, 16, 16, 9, 9, 2, 2, 0, 0, 0, 0]


def test_history_reaches_back_for_thirty_days_without_a_hole(made):
    console = made().collected().collected(STRIDES, **EVERY)
    spans = sorted(it[2:] for it in questions(console) if it[0] == "westeurope")
    assert spans[0][0] <= pd.Timestamp(NOON - 30 * DAY)
    for (_, ends), (begins, _) in pairwise(spans):
        assert begins <= ends


def test_never_two_questions_within_a_pause(console):
    """A question is of several calls; what counts is when they are asked."""
    at = []
    for _ in range(24):
        so_far = len(console.wire.requests)
        console.collected(milliseconds=900)
        if questions(console, so_far):
            at.append(console.clock())
    pauses = [later - earlier for earlier, later in pairwise(at)]
    assert min(pauses) >= console.azure.cloud.metrics_pause


def test_on_a_real_cloud_the_pause_is_five_minutes(made):
    console = made(cloud="public")
    at = []
    for _ in range(24):
        so_far = len(console.wire.requests)
        console.collected(seconds=100)
        if questions(console, so_far):
            at.append(console.clock())
    assert {later - earlier for earlier, later in pairwise(at)} == {HOUR / 12}


def test_idle_is_known_once_history_is_complete(console):
    found = []
    for _ in range(10):
        console.collected(**EVERY)
        rows = estate(console, "30d").frame.set_index("deployment")
        found.append(bool(rows.at["quiet", "idle"]))
        assert not rows.drop("quiet")["idle"].any()
    assert found == [False] * 8 + [True] * 2
    assert rows.at["quiet", "quiet_days"] == 30
    assert pd.notna(rows.at["quiet", "measured_at"])
    assert pd.isna(rows.at["quiet", "requests"]), "what was not counted is not zero"


def test_sums_of_a_day_are_those_of_its_hours(seasoned):
    row = estate(seasoned, "24h").frame.set_index("resource").loc[CHAT]
    told = told_hours(seasoned, CHAT)
    last_day = [it for at, it in told.items() if at > seasoned.clock() - DAY]
    assert len(last_day) == 24
    assert row["requests"] == sum(requests for _, requests in last_day)
    assert row["peaks_are"] == "partly hourly means"


def test_asking_again_changes_no_sum(seasoned):
    before = told_hours(seasoned, CHAT)
    with seasoned.store.begin() as session:
        rounds.hasten(session, seasoned.clock(), ["metrics"])
    seasoned.collector.run_once()
    assert told_hours(seasoned, CHAT) == before


def test_what_is_known_by_the_minute_yields_to_nothing_coarser(console):
    with console.store.begin() as session:
        hour = {"resource": CHAT, "hour": NOON.replace(minute=0, second=0), "grain": "hour"}
        hours.keep(session, SMALL, frames.frame(frames.HOURS, [{**hour, "requests": 1.0}]))
    grain, requests = told_hours(console, CHAT)[pd.Timestamp(hour["hour"])]
    assert grain == "minute"
    assert requests > 1


def test_the_hour_that_runs_grows_until_it_is_over(seasoned):
    hour = pd.Timestamp(NOON).floor("h")
    begun = told_hours(seasoned, CHAT)[hour][1]
    seasoned.collected(minutes=20)
    grown = told_hours(seasoned, CHAT)[hour][1]
    seasoned.collected(minutes=20)
    over = told_hours(seasoned, CHAT)[hour][1]
    seasoned.collected(minutes=20)
    assert begun < grown < over
    assert told_hours(seasoned, CHAT)[hour][1] == over


def whole_hours(console, resource, first, last):
    """Of the hours between, how many requests are kept."""
    told = told_hours(console, resource)
    return {at: it[1] for at, it in told.items() if first <= at <= last}


@pytest.mark.parametrize("silent", [80, 400])
def test_a_region_that_was_silent_loses_no_hour(seasoned, complete, made, tmp_path, silent):
    shutil.copy(complete, tmp_path / "same.db")
    console, same = seasoned, made(url=f"sqlite:///{tmp_path}/same.db", clock=Clock(SEASONED))
    console.small.control.fault("fail", host="swedencentral.metrics", status=503, times=-1)
    began = pd.Timestamp(console.clock()).floor("h")
    for it in (console, same):
        it.collected(silent // 40, minutes=40)
    console.small.control.clear()
    for it in (console, same):
        it.collected(minutes=40).collected(10, **EVERY)
    for resource in (ASSIST, CHAT):
        ours, theirs = (
            whole_hours(it, resource, began - DAY, pd.Timestamp(it.clock()).floor("h") - HOUR)
            for it in (console, same)
        )
        if silent > 180:
            # It stays as it was when the silence began: what is known by the minute yields to
            # nothing coarser, and so long ago is not asked by the minute.
            del ours[began], theirs[began]
        assert ours == theirs


def test_a_console_that_was_off_asks_for_history_again(seasoned):
    assert backlog(seasoned) == 0
    seasoned.collected(hours=5)
    assert backlog(seasoned) == 30
    seasoned.collected(10, **EVERY)
    assert backlog(seasoned) == 0
    told = told_hours(seasoned, CHAT)
    last_day = [at for at in told if at > pd.Timestamp(seasoned.clock() - DAY)]
    assert len(last_day) == 24


def test_a_stride_that_one_region_did_not_answer_is_asked_again(console):
    console.small.control.fault("fail", host="swedencentral.metrics", status=503, times=3)
    console.collected(**EVERY)
    assert backlog(console) == 30
    console.collected(11, **EVERY)
    assert backlog(console) == 0
    assert len(whole_hours(console, ASSIST, NOON - 30 * DAY, NOON)) > 690


def test_a_region_that_is_silent_for_long_holds_up_nobody(console):
    console.small.control.fault("forbid", host="swedencentral.metrics", times=-1)
    console.collected(10, minutes=20)
    console.collected(10, **EVERY)
    assert backlog(console) == 0
    assert len(whole_hours(console, CHAT, NOON - 20 * DAY, NOON)) > 400


def test_a_throttled_question_is_throttled_and_not_empty(console):
    console.small.control.fault("throttle", host="westeurope.metrics", times=-1)
    console.collected(minutes=5)
    assert [(it.part, it.kind) for it in kept(console, "metrics").troubles] == [
        ("westeurope", "Throttled")
    ]
    assert estate(console).frame.set_index("resource").at[CHAT, "requests"] > 0


def test_a_deployment_that_is_gone_leaves_its_hours_in_the_sums(console):
    console.small.world.accounts.accounts.pop(SDC)
    console.collected(minutes=5)
    assert set(kept(console, "metrics").frame["region"]) == {"westeurope"}
    assert told_hours(console, ASSIST)


def test_more_than_fifty_accounts_of_a_region_are_asked_in_groups(made):
    accounts = pd.DataFrame(
        {
            "subscription": SMALL,
            "region": ["westeurope"] * 120 + ["eastus"],
            "account_id": [f"{WEU}-{at:03}" for at in range(121)],
        }
    )
    question = asks.of_metrics(made().azure, accounts, None, 0, NOON)
    assert sorted(question.asks) == ["eastus#0", "westeurope#0", "westeurope#100", "westeurope#50"]
    assert {asks.region(it) for it in question.asks} == {"eastus", "westeurope"}


def test_two_silent_groups_of_a_region_are_one_trouble(console, monkeypatch):
    monkeypatch.setattr(asks, "MOST_ACCOUNTS", 1)
    twin = WEU.replace("aoai-small-weu", "aoai-twin-weu")
    accounts = console.small.world.accounts
    accounts.accounts[twin] = accounts.accounts[WEU]
    console.small.control.fault("forbid", host="westeurope.metrics", times=-1)
    console.collected(minutes=5)
    assert [it.part for it in kept(console, "metrics").troubles] == ["westeurope"]


def test_quiet_and_unknown_are_told_apart(console):
    console.collected(2, **EVERY)
    rows = estate(console, "30d").frame.set_index("resource")
    assert rows.at[QUIET, "quiet_days"] == 7
    assert rows.at[CHAT, "quiet_days"] < 1 / 24
    assert timedelta(0) < console.clock() - rows.at[CHAT, "last_traffic"] < HOUR

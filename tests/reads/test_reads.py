"""What pages are told: when it is new, how sure it is, and that sums are the sums of hours."""

from datetime import timedelta

import pandas as pd
import pytest
from sqlalchemy import text

from actions import assign
from domain import doctor as verdicts
from domain import periods, usage
from domain.faults import Forbidden
from domain.readings import (
    ACCOUNTS,
    BILLS,
    SERIES,
    SUBSCRIPTIONS,
    TENANT,
    TOPICS,
    Snapshot,
    Trouble,
    nothing,
)
from reads import audit, costs, edits, findings, inventory, minutes, people, sources, visits
from reads import plans as seen_plans
from store import snapshots
from store.estates import PARTS
from tests.world import CHAT, DAY, HOUR, NOON, QUIET, SMALL, WEU


def generation(console, scopes=(SMALL,)):
    return inventory.generation(console.store, scopes)


# --- generation -------------------------------------------------------------------------------


def test_the_generation_grows_exactly_when_something_new_is_kept(console):
    seen = [generation(console)]
    for move, grows in [
        ({"seconds": 1}, False),
        ({"seconds": 1}, True),  # metrics, while history is asked
        ({"minutes": 5}, True),
        ({"seconds": 0}, False),
    ]:
        console.collected(**move)
        seen.append(generation(console))
        assert (seen[-1] > seen[-2]) is grows, move
    assert seen == sorted(seen)


def test_no_write_of_a_person_moves_it_but_its_end_does(console):
    before = generation(console)
    assign.deployments(console.visit("ada"), [CHAT], owner="mira")
    console.worker.run_once()
    assert generation(console) == before
    console.worker.run_once()
    assert generation(console) > before


def test_every_topic_that_is_shown_moves_it(console):
    for topic in (*PARTS, SERIES, SUBSCRIPTIONS):
        scope = TENANT if topic is SUBSCRIPTIONS else SMALL
        before = generation(console)
        with console.store.begin() as session:
            kept = snapshots.kept(session, topic, [scope])[scope]
            snapshots.keep(session, topic, scope, kept)
        assert generation(console) > before, topic.name


def test_another_subscription_does_not_move_it(console):
    before = generation(console)
    with console.store.begin() as session:
        kept = snapshots.kept(session, ACCOUNTS, [SMALL])[SMALL]
        snapshots.keep(session, ACCOUNTS, "another", kept)
    assert generation(console) == before


def test_forgetting_moves_it_too(console):
    before = generation(console)
    with console.store.begin() as session:
        snapshots.drop(session, ACCOUNTS, [SMALL])
    assert generation(console) > before


def test_before_the_first_round_there_is_nothing_and_it_says_so(made):
    console = made()
    assert generation(console) == 0
    whole = inventory.deployments(console.store, [SMALL], "7d", console.tags, NOON)
    assert (len(whole.frame), whole.at, whole.generation) == (0, None, 0)
    assert len(whole.troubles) == 5
    assert all("not collected yet" in it.words for it in whole.troubles)
    assert "not collected yet" in inventory.subscriptions(console.store, NOON).troubles[0].words
    assert sources.doctor(console.store).empty
    assert sources.sources(console.store).empty
    assert sources.latest_round(console.store) is None
    assert findings.findings(console.store, [SMALL]).empty
    assert edits.since(console.store, None, [SMALL]).empty


# --- usage over time --------------------------------------------------------------------------


def hours_between(console, after, until):
    """Sums of the hours that are kept, by resource."""
    with console.store.reading() as session:
        rows = session.execute(
            text(
                "SELECT requests, tokens, throttled FROM metric_hours"
                " WHERE hour >= :after AND hour <= :until"
            ),
            {"after": f"{after:%Y-%m-%d %H:%M:%S.%f}", "until": f"{until:%Y-%m-%d %H:%M:%S.%f}"},
        ).all()
    return [sum(it or 0 for it in column) for column in zip(*rows, strict=True)]


@pytest.mark.parametrize("window", periods.PERIODS)
def test_usage_over_time_sums_up_to_its_hours(seasoned, window):
    now = seasoned.clock()
    whole = inventory.deployments(seasoned.store, [SMALL], window, seasoned.tags, now)
    points = inventory.usage_over_time(seasoned.store, [SMALL], window, whole.frame, now)
    first = points.frame["at"].min()
    last_day = pd.Timestamp(now).floor("D")
    expected = {
        "24h": pd.Timestamp(now).floor("h") - 23 * HOUR,
        "7d": last_day - 7 * DAY,
        "30d": last_day - 29 * DAY,
    }
    assert first == expected[window]
    requests, tokens, throttled = hours_between(seasoned, first, now)
    assert points.frame["requests"].sum() == requests
    assert points.frame["tokens"].sum() == tokens
    assert points.frame["throttled"].sum() == throttled
    assert now - points.at < timedelta(seconds=5)
    for by in ("unit", "model", "region"):
        assert usage.totals(points.frame, by)["tokens"].sum() == tokens


def test_the_last_day_is_what_the_inventory_says_of_it(seasoned):
    now = seasoned.clock()
    rows = inventory.deployments(seasoned.store, [SMALL], "24h", seasoned.tags, now).frame
    points = inventory.usage_over_time(seasoned.store, [SMALL], "24h", rows, now).frame
    assert points["requests"].sum() == rows["requests"].sum()
    assert points["tokens"].sum() == rows["tokens"].sum()


def test_the_sum_stays_when_a_deployment_goes(seasoned):
    now = seasoned.clock()
    rows = inventory.deployments(seasoned.store, [SMALL], "7d", seasoned.tags, now).frame
    some = rows[rows["resource"] != CHAT]
    every, without = (
        inventory.usage_over_time(seasoned.store, [SMALL], "7d", it, now).frame
        for it in (rows, some)
    )
    assert without["tokens"].sum() == every["tokens"].sum()
    assert without["model"].isna().any()


# --- doctor and sources -----------------------------------------------------------------------


def test_the_doctor_finds_a_console_well(console):
    told = sources.doctor(console.store)
    assert set(told["verdict"]) == {"ok"}
    assert set(told["topic"]) == {it.name for it in sources.EXAMINED}
    assert told["role"].isna().all()
    assert set(told["name"]) == {"Contoso AI Production"}


def test_the_doctor_names_the_role_that_is_missing(console):
    console.small.control.fault("forbid", path="/usages", times=-1)
    console.small.control.fault("forbid", path="swedencentral/models", times=-1)
    console.collected(hours=12)
    told = sources.doctor(console.store).set_index("topic")
    verdicts = told["verdict"].to_dict()
    assert (verdicts.pop("usages"), verdicts.pop("models")) == ("partial", "partial")
    assert verdicts.keys() >= {"accounts", "deployments", "metrics", "activity", "deleted"}
    assert set(verdicts.values()) == {"ok"}
    assert told.at["usages", "role"] == "Cognitive Services Usages Reader"
    assert told.at["models", "role"] == "Reader"
    assert told.at["usages", "scope_words"] == "the subscription Contoso AI Production"
    assert told.at["usages", "since"] == console.clock()
    assert told.at["usages", "words"].endswith("And 1 more.")


def test_the_doctor_tells_of_a_bill_that_could_not_be_made(console):
    ill = Trouble("2026-09 EUR", "Fault", "The bill of 2026-09 in EUR could not be made.", NOON)
    with console.store.begin() as session:
        snapshots.keep(session, BILLS, TENANT, Snapshot(nothing(BILLS).frame, NOON, (ill,)))
    first = sources.doctor(console.store).iloc[0]
    told = first[["topic", "title", "name", "verdict", "words"]].tolist()
    assert told == ["bills", "Bills", "2026-09 EUR", "failing", ill.words]
    assert costs.unbilled(console.store) == {("2026-09", "EUR"): ill.words}


def test_the_doctor_puts_what_fails_first_and_names_a_sealed_subscription(made):
    console = made("contoso").collected()
    told = sources.doctor(console.store)
    ranks = told["verdict"].map(verdicts.VERDICTS.index).tolist()
    assert ranks == sorted(ranks)
    sealed = told[told["name"] == "Contoso Treasury Vault"].set_index("topic")["verdict"]
    assert sealed["accounts"] == "failing"
    assert set(sealed.drop("accounts")) == {"not collected"}
    assert len(told) == 6 * len(sources.EXAMINED)


def test_the_doctor_names_what_is_configured_and_invisible(made):
    strange = "00000000-0000-0000-0000-00000000dead"
    console = made(subscriptions=(SMALL, strange)).collected()
    told = sources.doctor(console.store)
    row = told[told["topic"] == "subscriptions"].iloc[0]
    assert (row["subscription"], row["verdict"], row["role"]) == (strange, "failing", "Reader")


def test_sources_tell_how_fresh_everything_is(console):
    told = sources.sources(console.store).set_index("topic")
    assert set(told.index) == set(TOPICS) - {"series"}
    assert (told["last_at"] == NOON).all()
    assert (told["data_at"] == NOON).all()
    assert (told["troubles"] == 0).all()
    assert told["running_since"].isna().all()
    assert told["rows"].drop("models")[["accounts", "deployments"]].tolist() == [2, 5]
    assert told.at["deployments", "due_at"] == NOON + timedelta(minutes=5)
    assert told.at["models", "due_at"] == NOON + timedelta(hours=12)
    assert told.at["metrics", "backlog"] == 30


# --- plans, audit, minutes, people, visits ----------------------------------------------------


def test_plans_in_words_the_newest_first(console):
    ada = console.visit("ada")
    assign.deployments(ada, [QUIET], unit="finance", standby=True, reason="moved")
    assign.deployments(ada, [CHAT], unit="")
    told = seen_plans.plans(console.store)
    assert told["plan"].tolist() == [2, 1]
    assert told["change"].tolist() == [
        "business-unit: retail-online → none",
        "business-unit: none → finance; standby: none → true",
    ]
    assert told["unit"].tolist() == ["retail-online", "finance"]
    assert told["proposer"].tolist() == ["contoso/ada"] * 2
    assert told["reason"].tolist() == ["", "moved"]


def test_the_trail_is_whole_until_somebody_touches_it(console):
    for _ in range(3):
        with pytest.raises(Exception, match="may not"):
            assign.deployments(console.visit("vera"), [CHAT], owner="x")
    told = audit.trail(console.store)
    assert told["number"].tolist() == [3, 2, 1]
    assert audit.broken(console.store) is None


def test_the_last_hour_by_the_minute(console):
    told = minutes.last_hour(console.azure, CHAT, "westeurope", NOON)
    assert 50 < len(told) <= 60
    assert told["minute"].is_monotonic_increasing
    assert told["minute"].min() >= NOON - HOUR - timedelta(minutes=1)
    assert told["requests"].sum() > 0


def test_the_last_hour_of_what_azure_refuses_is_a_fault(console):
    console.small.control.fault("forbid", path="getbatch", times=-1)
    with pytest.raises(Forbidden):
        minutes.last_hour(console.azure, CHAT, "westeurope", NOON)


def test_people_and_units(console):
    assert people.person(console.store, "contoso", "ada").role == "admin"
    assert people.person(console.store, "contoso", "eve").role == "stranger"
    assert "retail-online" in people.tree(console.store).units


def test_a_visit_knows_when_the_one_before_ended(console):
    at = [NOON, NOON + timedelta(minutes=10), NOON + DAY]
    told = [visits.last(console.store, "contoso/ada", it) for it in at]
    assert told == [None, None, NOON + timedelta(minutes=10)]


def test_edits_since_somebody_was_here(console):
    for name, capacity in (("chat", 40), ("quiet", 11)):
        path = f"{WEU}/deployments/{name}?api-version=2025-09-01"
        sku = {"name": {"chat": "Standard", "quiet": "GlobalStandard"}[name], "capacity": capacity}
        assert console.small.control.portal("PATCH", path, {"sku": sku})["status"] == 200
        console.collected(minutes=5)
    every = edits.since(console.store, None, [SMALL])
    assert every["deployment"].tolist() == ["quiet", "chat"]
    late = edits.since(console.store, NOON + timedelta(minutes=5), [SMALL])
    assert late["deployment"].tolist() == ["quiet"]
    assert edits.since(console.store, None, []).empty

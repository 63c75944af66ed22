"""What is collected beside the inventory: deleted accounts, tiers, free capacity, the log."""

from datetime import timedelta

import pytest

from jobs import asks
from store import findings
from tests.jobs.looks import asked, duties, estate, kept, names_of
from tests.world import CHAT, NOON, SDC, SMALL, WEU

PORTAL = "?api-version=2025-09-01"
CADENCES = {"deleted": 15, "tiers": 6 * 60, "capacities": 60, "activity": 5, "alerts": 60}
PATHS = {
    "deleted": "/deletedaccounts",
    "tiers": "/quotatiers",
    "capacities": "/modelcapacities",
    "activity": "/eventtypes/management/values",
    "alerts": "/metricalerts",
}


def by_the_portal(console, method, path, who="rob@contoso.example", **body):
    told = console.small.control.portal(method, path + PORTAL, body or None, who)
    assert told["status"] < 300, told


def log(console):
    return kept(console, "activity").frame


def test_the_first_round_knows_them_all(console):
    assert set(kept(console, "tiers").frame["subscription"]) == {SMALL}
    free = kept(console, "capacities").frame
    assert set(free["model"]) == set(estate(console).frame["model"])
    assert len(free) > len(set(free["model"]))
    assert len(log(console)) > 0
    for topic in CADENCES:
        whole = kept(console, topic)
        assert (whole.at, whole.troubles) == (NOON, ()), topic


@pytest.mark.parametrize(("topic", "minutes"), CADENCES.items())
def test_each_is_asked_as_often_as_it_changes_and_once(console, topic, minutes):
    (told,) = duties(console, topic).to_dict("records")
    assert told["due_at"] == NOON + timedelta(minutes=minutes)
    before = len(console.wire.requests)
    console.collected(minutes=minutes - 1)
    assert asked(console, PATHS[topic], before) == []
    console.collected(minutes=1)
    again = asked(console, PATHS[topic], before)
    assert len({(it.path, *it.query.values()) for it in again}) == len(again) > 0


def test_where_models_are_free_is_asked_once_for_each_version(made):
    console = made().collected()
    told = [it.query["modelName"] for it in asked(console, "/modelcapacities")]
    rows = estate(console).frame[["model", "version"]].drop_duplicates()
    assert sorted(told) == sorted(rows["model"])


def test_a_new_model_is_asked_for_and_one_that_went_is_forgotten(console):
    before = set(kept(console, "capacities").frame["model"])
    body = {
        "sku": {"name": "GlobalStandard", "capacity": 1},
        "properties": {"model": {"format": "OpenAI", "name": "gpt-4.1", "version": "2025-04-14"}},
    }
    gone = estate(console).frame.set_index("deployment").at["deep", "model"]
    by_the_portal(console, "PUT", f"{WEU}/deployments/new", **body)
    by_the_portal(console, "DELETE", f"{SDC}/deployments/deep")
    console.collected(hours=1)
    after = set(kept(console, "capacities").frame["model"])
    assert after >= {"gpt-4.1"}
    assert gone not in after
    assert before - after <= {gone}


def test_one_model_that_does_not_answer_keeps_its_rows(console):
    before = kept(console, "capacities").frame
    console.small.control.fault("fail", path="/modelcapacities", status=500, times=3)
    console.collected(hours=1)
    after = kept(console, "capacities")
    assert [it.kind for it in after.troubles] == ["Unreachable"]
    assert after.troubles[0].part in set(before["model"])
    assert len(after.frame) == len(before)
    assert after.at == NOON


# --- deleted accounts -------------------------------------------------------------------------


def test_an_account_that_is_deleted_is_still_known(console):
    by_the_portal(console, "DELETE", SDC)
    console.collected(minutes=15)
    (row,) = kept(console, "deleted").frame.to_dict("records")
    assert (row["account_id"], row["region"]) == (SDC, "swedencentral")
    assert row["purge_at"] - row["deleted_at"] == timedelta(hours=48)
    console.collected(hours=49)
    assert kept(console, "deleted").frame.empty


def test_a_subscription_without_a_living_account_is_asked_too(console):
    for account in (WEU, SDC):
        by_the_portal(console, "DELETE", account)
    console.collected(minutes=15)
    assert set(kept(console, "deleted").frame["account_id"]) == {WEU, SDC}
    assert kept(console, "capacities").at is not None


@pytest.mark.parametrize("topic", CADENCES)
@pytest.mark.parametrize(
    ("kind", "told", "fault"),
    [
        ("forbid", {}, "Forbidden"),
        ("fail", {"status": 404, "code": "ResourceNotFound"}, "NotFound"),
        ("fail", {"status": 400, "code": "InvalidResourceType"}, "Rejected"),
        ("html", {}, "Unintelligible"),
        ("null_value", {}, "Unintelligible"),
    ],
)
def test_a_cloud_that_does_not_know_it_is_a_named_trouble(console, topic, kind, told, fault):
    before = kept(console, topic).frame
    console.small.control.fault(kind, path=PATHS[topic], times=-1, **told)
    console.collected(hours=6)
    after = kept(console, topic)
    assert {it.kind for it in after.troubles} == {fault}
    assert len(after.frame) == len(before)
    assert after.at == NOON
    assert names_of(estate(console).frame) == ["assist", "busy", "chat", "deep", "quiet"]
    console.finder.run_once()
    with console.store.reading() as session:
        kinds = set(findings.current(session, [SMALL])["kind"])
    assert "unreadable" not in kinds, "what is beside the inventory is no alarm"


# --- the activity log -------------------------------------------------------------------------


def test_a_write_of_others_is_known_minutes_later_once(console):
    by_the_portal(console, "PATCH", CHAT, tags={"owner": "rob"})
    console.collected(3, minutes=5)
    rows = log(console)
    (row,) = rows[rows["began_at"] == NOON].to_dict("records")
    assert (row["resource"], row["who"]) == (CHAT, "rob@contoso.example")
    assert (row["operation"], row["status"]) == ("deployment written", "Succeeded")
    assert not rows.duplicated(["correlation", "act", "resource", "operation"]).any()


def test_only_what_is_new_is_asked_with_what_may_be_late(console):
    so_far = len(console.wire.requests)
    console.collected(minutes=5)
    (it,) = asked(console, PATHS["activity"], so_far)
    assert (
        "ge '2026-11-18T12:04:56Z' and eventTimestamp le '2026-11-18T12:39:56Z'"
        in (it.query["$filter"])
    )
    so_far = len(console.wire.requests)
    console.collected(hours=14)
    (it,) = asked(console, PATHS["activity"], so_far)
    assert "ge '2026-11-18T00:39:56Z'" in it.query["$filter"], "the whole day once a night"
    so_far = len(console.wire.requests)
    console.collected(days=200)
    (it,) = asked(console, PATHS["activity"], so_far)
    assert "ge '2027-03-" in it.query["$filter"], "no further back than Azure remembers"


def test_what_is_known_stays_while_the_log_is_silent_and_nothing_is_missed(console):
    before = len(log(console))
    by_the_portal(console, "PATCH", CHAT, tags={"owner": "rob"})
    console.small.control.fault("fail", path=PATHS["activity"], status=503, times=-1)
    console.collected(4, minutes=15)
    assert (len(log(console)), kept(console, "activity").at) == (before, NOON)
    console.small.control.clear()
    console.collected(minutes=5)
    assert len(log(console)) == before + 1
    assert kept(console, "activity").at == console.clock()


def test_what_is_too_old_goes(console):
    assert len(log(console)) > 0
    console.collected(10, days=10)
    old = console.clock() - timedelta(days=90)
    assert (log(console)["at"] >= old).all()


def test_a_mistake_in_one_of_them_costs_that_one_only(console, monkeypatch):
    monkeypatch.setattr(asks.deleted, "of_subscription", lambda *_: [{"deleted_at": "many"}])
    console.collected(minutes=15)
    assert [it.kind for it in kept(console, "deleted").troubles] == ["Unintelligible"]
    assert kept(console, "activity").at == console.clock()

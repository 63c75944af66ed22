"""The gateway's log in the ledger: every hour anew, three months back, and nothing on bad days."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from domain import gateways
from domain.readings import TENANT
from jobs.gateway import HISTORY_DAYS, STRIDE_DAYS
from reads import sources
from settings import LOCAL_WORKSPACE, CostSettings, Settings
from store import usage_days
from store.tables import DutyRow
from tests.jobs.looks import asked, duties, kept
from tests.world import CHAT, DAY, NOON, SMALL, console_at
from wiring import wired

PATH = f"/v1/workspaces/{LOCAL_WORKSPACE}/query"
OTHER = "00000000-0000-0000-0000-000000000001"
TODAY = NOON.replace(hour=0, minute=0, second=0, microsecond=0)
STRIDES = -(-(HISTORY_DAYS - 2) // STRIDE_DAYS)


def ledger(console, first=TODAY - 2 * HISTORY_DAYS * DAY, end=TODAY + DAY):
    with console.store.reading() as session:
        found = usage_days.between(session, first, end, [SMALL])
    return found[found["source"] == "gateway"]


def reach(console):
    """What frame GATEWAYS says, by workspace."""
    return kept(console, "gateway", TENANT).frame.set_index("workspace")


def backlog(console):
    return int(duties(console, "gateway")["backlog"].iloc[0])


def days(console):
    return sorted(set(ledger(console)["day"]))


@pytest.fixture(autouse=True)
def undisturbed(request):
    """Nothing but the gateway's log is due in what was collected before."""
    for name in {"console", "seasoned"} & set(request.fixturenames):
        with request.getfixturevalue(name).store.begin() as session:
            others = update(DutyRow).where(DutyRow.topic != "gateway")
            session.execute(others.values(due_at=NOON + 365 * DAY))


@pytest.fixture
def two(console):
    """The same console with a second workspace, which is not there."""
    told = Settings(
        _env_file=None,
        database_url=str(console.settings.database_url.get_secret_value()),
        cost=CostSettings(workspaces=(LOCAL_WORKSPACE, OTHER)),
    )
    made = wired(told, console.azure, console.clock, console.small.control)
    yield made.collector
    made.store.close()


# --- what is asked when -----------------------------------------------------------------------


def test_the_first_round_knows_yesterday_and_today(console):
    assert days(console) == [TODAY - DAY, TODAY]
    assert backlog(console) == HISTORY_DAYS - 2
    row = reach(console).loc[LOCAL_WORKSPACE]
    assert (row["first_day"], row["last_day"]) == (TODAY - DAY, TODAY)
    assert row["rows"] == len(ledger(console))


def test_history_comes_from_the_newest_day_back_in_strides(console):
    left = [backlog(console)]
    for _ in range(STRIDES):
        console.collected(seconds=2)
        left.append(backlog(console))
        assert reach(console).loc[LOCAL_WORKSPACE, "first_day"] == days(console)[0]
    assert left == [max(0, HISTORY_DAYS - 2 - it * STRIDE_DAYS) for it in range(STRIDES + 1)]
    assert days(console) == [TODAY - it * DAY for it in reversed(range(HISTORY_DAYS))]
    assert len(asked(console, PATH)) == HISTORY_DAYS - 2


def test_then_yesterday_and_today_every_hour_and_twice_is_the_same(seasoned):
    before, since = ledger(seasoned), len(seasoned.wire.requests)
    (told,) = duties(seasoned, "gateway").to_dict("records")
    assert told["due_at"] == told["last_at"] + timedelta(hours=1)
    seasoned.collected(minutes=58)
    assert asked(seasoned, PATH, since) == []
    seasoned.collected(minutes=2)
    assert len(asked(seasoned, PATH, since)) == 2
    after = ledger(seasoned)
    keys = ["day", "resource", "product", "bucket"]
    assert not after.duplicated(keys).any()
    past = [it[it["day"] < TODAY].drop(columns="seen_at") for it in (before, after)]
    assert past[0].equals(past[1])
    today = [it[it["day"] == TODAY].set_index(keys)["quantity"] for it in (before, after)]
    assert (today[1] > today[0]).all()


def test_the_next_day_joins(seasoned):
    seasoned.collected(days=1)
    row = reach(seasoned).loc[LOCAL_WORKSPACE]
    assert (row["first_day"], row["last_day"]) == (TODAY - (HISTORY_DAYS - 1) * DAY, TODAY + DAY)
    assert backlog(seasoned) == 0


def test_a_console_that_was_away_reads_what_it_missed(seasoned):
    seasoned.collected(days=20)
    assert backlog(seasoned) == HISTORY_DAYS - 2
    seasoned.collected(2, seconds=2)
    known = ledger(seasoned, end=TODAY + 30 * DAY)["day"]
    assert set(known) >= {TODAY + it * DAY for it in range(21)}


# --- what is kept -----------------------------------------------------------------------------


def test_the_ledger_has_callers_by_deployment(console):
    rows = ledger(console)
    chat = rows[(rows["resource"] == CHAT) & (rows["day"] == TODAY - DAY)]
    assert set(chat["product"]) == {"shop-chat", "desk-assist", "partner-portal", "(none)"}
    assert set(chat["bucket"]) == {"prompt", "output", "requests"}
    assert set(rows["subscription"]) == {SMALL}
    assert not rows["estimated"].any()
    assert set(rows["seen_at"]) == {NOON}


def test_what_cannot_be_placed_is_named_and_not_in_the_ledger(made):
    console = made("contoso").collected()
    row = reach(console).loc[LOCAL_WORKSPACE]
    assert 0 < row["unknown_rows"] < row["rows"]
    found = gateways.found(kept(console, "gateway", TENANT).frame)
    assert found["what"].str.contains("gpt-4.1 behind foundry-pool").any()
    assert found["quantity"].gt(0).all()
    assert set(found["kind"]) == {"unknown deployment"}
    with console.store.reading() as session:
        scopes = {it.split("/")[2] for it in console.small.world.accounts.accounts}
        known = usage_days.between(session, TODAY - DAY, TODAY + DAY, sorted(scopes))
    known = known[known["source"] == "gateway"]
    assert not known["resource"].str.contains("foundry-sdc/deployments/gpt-4.1").any()
    # The only deployment of its name is found without an address.
    assert known["resource"].str.contains("foundry-sdc/deployments/llama-4-maverick").any()


# --- what fails -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "partial"}, "Partial"),
        ({"kind": "forbid"}, "Forbidden"),
        ({"kind": "fail", "status": 504}, "Unreachable"),
        ({"kind": "throttle", "seconds": 600}, "Throttled"),
    ],
)
def test_a_bad_day_is_a_trouble_and_takes_nothing_away(seasoned, fault, kind):
    before, known = ledger(seasoned), reach(seasoned)
    seasoned.small.control.fault(path=PATH, times=-1, **fault)
    seasoned.collected(hours=1)
    (trouble,) = kept(seasoned, "gateway", TENANT).troubles
    assert (trouble.part, trouble.kind, trouble.since) == (LOCAL_WORKSPACE, kind, seasoned.clock())
    assert ledger(seasoned).equals(before)
    assert reach(seasoned).equals(known)
    seasoned.small.control.clear()
    seasoned.collected(minutes=11)
    assert kept(seasoned, "gateway", TENANT).troubles == ()
    assert len(ledger(seasoned)) >= len(before)


def test_a_stride_that_fails_is_asked_again(console):
    left = backlog(console)
    console.small.control.fault("fail", path=PATH, times=-1, status=500)
    console.collected(seconds=2)
    assert backlog(console) == left
    console.small.control.clear()
    console.collected(STRIDES, seconds=2)
    assert (backlog(console), len(days(console))) == (0, HISTORY_DAYS)


def test_the_doctor_names_the_role_and_the_workspace(console):
    assert "gateway" not in set(sources.doctor(console.store)["topic"])
    console.small.control.fault("forbid", path=PATH, times=-1)
    console.collected(seconds=2)
    told = sources.doctor(console.store).set_index("topic").loc["gateway"]
    assert (told["verdict"], told["role"]) == ("failing", "Log Analytics Reader")
    assert told["scope_words"] == f"the workspace {LOCAL_WORKSPACE}"


def test_a_workspace_that_is_not_there_keeps_no_other_from_being_read(console, two):
    for _ in range(STRIDES + 1):
        console.clock.move(seconds=2)
        two.run_once()
    (trouble,) = kept(console, "gateway", TENANT).troubles
    assert (trouble.part, trouble.kind) == (OTHER, "NotFound")
    assert list(reach(console).index) == [LOCAL_WORKSPACE]
    assert (backlog(console), len(days(console))) == (0, HISTORY_DAYS)


def test_without_a_workspace_nothing_is_asked(url):
    console = console_at(url, cloud="public")
    console.collector.workspaces = ()
    console.collected()
    assert asked(console, PATH) == []
    assert duties(console, "gateway").empty
    console.close()


def test_settings_tell_the_workspaces():
    public = {"azure": {"cloud": "public"}}
    assert Settings(_env_file=None).workspaces == (LOCAL_WORKSPACE,)
    assert Settings(_env_file=None, **public).workspaces == ()
    told = Settings(_env_file=None, cost={"workspaces": [OTHER.upper()]}, **public)
    assert told.workspaces == (OTHER,)

"""What is collected by account: policies, blocklists, diagnostic settings, what was blocked;
what changed between two looks, by whom, and nothing that was only not seen."""

import json
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from domain.readings import HARMS
from store import filter_edits, harm_days, rounds
from tests.jobs.looks import asked, duties, kept
from tests.world import CHAT, DAY, NOON, SDC, SMALL, WEU

VERSION = "?api-version=2025-09-01"
MINUTES = {"policies": 5, "blocklists": 15, "catalogue": 24 * 60, "diagnostics": 60}
PATHS = {
    "policies": "/raipolicies",
    "blocklists": "/raiblocklists",
    "catalogue": "/raicontentfilters",
    "diagnostics": "/diagnosticsettings",
}
STRICT, RIVALS = f"{WEU}/raiPolicies/Strict", f"{WEU}/raiBlocklists/rivals"
TODAY = datetime(2026, 11, 18, tzinfo=UTC)
OLDEST = TODAY - 92 * DAY
KEY = ["day", "resource", "what", "category", "direction", "severity"]


def portal(console, method, path, who="rob@contoso.example", **properties):
    body = {"properties": properties} if method == "PUT" else None
    told = console.small.control.portal(method, path + VERSION, body, who)
    assert told["status"] < 300, told


def policy(console, level="Low", path=STRICT):
    hate = {"name": "Hate", "source": "Prompt", "enabled": True, "blocking": True}
    filters = [hate | {"severityThreshold": level}]
    base = "Microsoft.DefaultV2"
    portal(console, "PUT", path, mode="Default", basePolicyName=base, contentFilters=filters)


def edits(console):
    """(name, what, way, who) of all edits, the oldest first."""
    with console.store.reading() as session:
        found = filter_edits.since(session, None, [SMALL])
    told = found[["policy", "what", "way", "who"]].astype(object).to_numpy()
    return [tuple(None if pd.isna(it) else it for it in row) for row in told][::-1]


def names_of(console):
    return set(kept(console, "policies").frame["policy"])


# --- what is asked --------------------------------------------------------------------------------


def test_the_first_round_knows_them_and_nothing_changed(console):
    told = kept(console, "policies").frame
    assert set(told["account_id"]) == {WEU, SDC}
    for account in (WEU, SDC):
        own = told[told["account_id"] == account]
        assert {"Microsoft.Default", "Microsoft.DefaultV2"} <= set(own["policy"])
    assert set(kept(console, "catalogue").frame["region"]) == {"westeurope", "swedencentral"}
    for topic in MINUTES:
        assert (kept(console, topic).at, kept(console, topic).troubles) == (NOON, ()), topic
    assert edits(console) == []


@pytest.mark.parametrize(("topic", "minutes"), MINUTES.items())
def test_each_is_asked_as_often_as_it_changes_and_by_its_parts(console, topic, minutes):
    (told,) = duties(console, topic).to_dict("records")
    assert told["due_at"] == NOON + timedelta(minutes=minutes)
    before = len(console.wire.requests)
    console.collected(minutes=minutes)
    again = [it for it in asked(console, PATHS[topic], before) if it.method == "GET"]
    assert len({it.path for it in again}) == len(again) == 2


@pytest.mark.parametrize("topic", ["policies", "blocklists"])
@pytest.mark.parametrize(("status", "fault"), [(403, "Forbidden"), (404, "NotFound")])
def test_an_account_that_refuses_is_a_trouble_beside_the_rest(console, topic, status, fault):
    portal(console, "PUT", RIVALS, description="ours")
    console.collected(minutes=15)
    before = kept(console, topic).frame
    path = f"aoai-small-weu{PATHS[topic]}"
    console.small.control.fault("fail", path=path, status=status, code="x", times=-1)
    console.collected(minutes=15)
    after = kept(console, topic)
    assert [(it.part, it.kind) for it in after.troubles] == [(WEU, fault)]
    assert sorted(after.frame["resource"]) == sorted(before["resource"])
    console.small.control.clear()
    so_far = edits(console)
    console.collected(minutes=15)
    assert kept(console, topic).troubles == ()
    assert edits(console) == so_far


def test_terms_that_do_not_answer_leave_the_list_as_it_was(console):
    portal(console, "PUT", RIVALS, description="ours")
    portal(console, "PUT", f"{RIVALS}/raiBlocklistItems/one", pattern="acme", isRegex=False)
    console.collected(minutes=15)
    console.small.control.fault("fail", path="/raiblocklistitems", status=500, times=-1)
    console.collected(minutes=15)
    (row,) = kept(console, "blocklists").frame.to_dict("records")
    assert [it["pattern"] for it in json.loads(row["terms"])] == ["acme"]
    assert [it.part for it in kept(console, "blocklists").troubles] == [WEU]
    assert edits(console) == [("rivals", "blocklist", "different", "rob@contoso.example")]


# --- what changed ---------------------------------------------------------------------------------


def test_what_somebody_wrote_in_the_portal_is_known_with_its_way(console):
    policy(console)
    console.collected(minutes=5)
    assert "Strict" in names_of(console)
    policy(console, "High")
    console.collected(minutes=5)
    console.collected(minutes=5)
    assert edits(console) == [
        ("Strict", "policy", "different", "rob@contoso.example"),
        ("Strict", "Hate on prompts", "looser", "rob@contoso.example"),
    ]
    portal(console, "DELETE", STRICT)
    console.collected(minutes=5)
    assert edits(console)[2:] == [("Strict", "policy", "different", None)]
    assert "Strict" not in names_of(console)


def test_microsoft_changes_a_default_and_what_rests_on_it(console):
    policy(console)
    console.collected(minutes=5)
    change = {"name": "Jailbreak", "source": "Prompt", "word": "annotate"}
    console.small.control.default("Microsoft.DefaultV2", **change)
    console.collected(minutes=5)
    told = {(name, what, way) for name, what, way, _ in edits(console)}
    attack = ("Prompt attack on prompts", "looser")
    assert told >= {("Microsoft.DefaultV2", *attack), ("Strict", *attack)}


def test_a_term_that_goes_is_looser(console):
    portal(console, "PUT", RIVALS, description="ours")
    term = f"{RIVALS}/raiBlocklistItems/one"
    console.collected(minutes=15)
    portal(console, "PUT", term, pattern="acme", isRegex=False)
    console.collected(minutes=15)
    portal(console, "DELETE", term)
    console.collected(minutes=15)
    assert [it[1:3] for it in edits(console)] == [
        ("blocklist", "different"),
        ('term "acme"', "stricter"),
        ('term "acme"', "looser"),
    ]


def test_an_account_that_is_deleted_takes_its_policies_with_it_and_that_is_no_edit(console):
    console.small.control.portal("DELETE", SDC + VERSION, None, "rob@contoso.example")
    console.collected(2, minutes=5)
    assert set(kept(console, "policies").frame["account_id"]) == {WEU}
    assert edits(console) == []


def test_what_could_not_be_seen_at_first_did_not_come_since(made):
    console = made()
    policy(console)
    silent = f"aoai-small-weu{PATHS['policies']}"
    console.small.control.fault("fail", path=silent, status=500, times=-1)
    console.collected()
    assert [it.part for it in kept(console, "policies").troubles] == [WEU]
    console.small.control.clear()
    console.collected(minutes=5)
    assert "Strict" in names_of(console)
    assert edits(console) == []


def test_a_look_out_of_turn_sees_the_policies_of_that_account_alone(console):
    policy(console)
    policy(console, path=STRICT.replace(WEU, SDC))
    before = len(console.wire.requests)
    console.collector.look_again(CHAT, filters=True)
    paths = {it.path for it in asked(console, PATHS["policies"], before)}
    assert paths == {f"{WEU}/raipolicies"}
    seen = kept(console, "policies").frame.set_index("account_id")["policy"]
    assert "Strict" in set(seen[WEU])
    assert "Strict" not in set(seen[SDC])
    assert [it[1:3] for it in edits(console)] == [("policy", "different")]


# --- what was blocked -----------------------------------------------------------------------------


def harms(console, first=OLDEST, end=TODAY + 9 * DAY):
    with console.store.reading() as session:
        return harm_days.between(session, first, end, [SMALL])


def backlog(console):
    return int(duties(console, "harms")["backlog"].iloc[0])


def test_history_comes_in_strides_and_is_the_same_when_it_is_asked_again(made):
    console = made().collected()
    assert (harms(console)["day"].min(), backlog(console)) == (TODAY - 30 * DAY, 62)
    console.collected(2, seconds=2)
    assert (harms(console)["day"].min(), backlog(console)) == (OLDEST, 0)
    told = harms(console)
    assert set(told["day"]) == {OLDEST + n * DAY for n in range(93)}
    assert not told.duplicated(KEY).any()
    calls = len(console.wire.requests)
    with console.store.begin() as session:
        rounds.hasten(session, console.clock(), [HARMS.name])
    console.books.run_once()
    days = {it.query["starttime"][:10] for it in console.wire.requests[calls:]}
    assert days == {"2026-11-15"}
    again = harms(console)
    old = [it[it["day"] < TODAY].drop(columns="seen_at") for it in (told, again)]
    pd.testing.assert_frame_equal(*old)


def test_what_is_harmful_was_asked_for_and_what_is_blocked_was_harmful(seasoned):
    told = harms(seasoned)
    of = told.groupby(["day", "resource", "what"])["requests"].sum().unstack()
    assert of["total"].notna().all()
    keys = ["day", "resource", "category", "direction"]
    found = told[told["what"] == "harmful"].groupby(keys)["requests"].sum()
    stopped = told[told["what"] == "blocked"].groupby(keys)["requests"].sum()
    assert len(stopped) > 100
    assert (stopped <= found.reindex(stopped.index)).all()


def test_a_console_that_died_goes_on_where_it_was(made):
    console = made().collected()

    def dies(*_args, **_told):
        raise KeyboardInterrupt

    console.clock.move(seconds=2)
    alive, console.books.store.begin = console.books.store.begin, dies
    with pytest.raises(KeyboardInterrupt):
        console.books.run_once()
    console.books.store.begin = alive
    assert backlog(console) == 62
    console.collected(3, seconds=2)
    assert backlog(console) == 0
    assert set(harms(console)["day"]) == {OLDEST + n * DAY for n in range(93)}


@pytest.mark.parametrize(("kind", "fault"), [("forbid", "Forbidden"), ("throttle", "Throttled")])
def test_a_region_that_fails_keeps_its_days_and_the_other_goes_on(seasoned, kind, fault):
    console = seasoned
    before = harms(console)
    console.small.control.fault(kind, path="metrics:getbatch", host="westeurope", times=-1)
    console.clock.move(hours=13)
    console.books.run_once()
    after = harms(console)
    assert [(it.part, it.kind) for it in kept(console, "harms").troubles] == [("westeurope", fault)]
    mine = [it[it["resource"].str.startswith(WEU)].reset_index(drop=True) for it in (before, after)]
    pd.testing.assert_frame_equal(*mine)
    assert after["day"].max() == TODAY + DAY
    new = after.loc[after["day"] > TODAY, "resource"]
    assert set(new.str.split("/deployments/").str[0]) == {SDC}


def test_it_says_how_far_it_reaches(console):
    told = kept(console, "harms").frame
    assert set(told["region"]) == {"westeurope", "swedencentral"}
    assert (told["first_day"] == TODAY - 30 * DAY).all()
    assert told["rows"].sum() == len(harms(console))

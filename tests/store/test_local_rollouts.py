"""What the local cloud starts with went through gates that were open, whatever day it starts on."""

import json
from datetime import timedelta

import pytest

import wiring
from domain.roles import CAST
from domain.rollouts import Stage, State
from domain.units import CONTOSO
from simulator.scenarios import load
from store import gatehouse, local_rollouts, people, rollback_plans, rollouts, templates, units
from store.engine import opened
from tests.world import NOON

TOLD = json.loads(wiring.ROLLOUTS.read_text())


@pytest.fixture
def begun(url):
    """begun(now): the rollouts as a console finds them that starts then, and its store."""
    store = opened(url)

    def begin(now=NOON):
        with store.begin() as session:
            units.keep(session, CONTOSO)
            for it in CAST:
                people.enrol(session, it)
            templates.enrol(session, json.loads(wiring.TEMPLATES.read_text()), now, "console")
            local_rollouts.keep(session, TOLD, now)
            return rollouts.known(session), store

    yield begin
    store.close()


@pytest.mark.parametrize("days", range(7))
@pytest.mark.parametrize("hour", [0, 8, 12, 23])
def test_one_waits_one_fails_one_is_a_draft_on_every_day_of_the_week(begun, days, hour):
    now = NOON.replace(hour=hour) + timedelta(days=days)
    (asks, fails, draft), store = begun(now)
    with store.reading() as session:
        gate = {it.id: gatehouse.found(session, it, now) for it in (asks, fails)}
    assert (asks.state, asks.phase.key, asks.phase.stage) == (
        "in progress",
        "expansion",
        "awaiting approval",
    )
    assert gate[asks.id].missing == ("the business approval is missing",)
    assert (fails.state, fails.phase.key, fails.phase.stage) == (
        State.RUNNING,
        "pilot",
        Stage.ACTIVE,
    )
    failing = {it.criterion.key for it in gate[fails.id].judged if it.verdict == "fail"}
    assert failing == {"severe", "groundedness", "questions"}
    assert draft.state is State.DRAFT
    assert asks.started_at < now


def test_every_move_has_its_gate_and_lies_before_the_start(begun):
    (asks, fails, draft), store = begun()
    with store.reading() as session:
        moves = rollouts.moves(session, asks.id)
        assert rollouts.moves(session, draft.id) == []
    assert [it.move for it in moves] == ["make ready", "start", "advance", "advance"]
    assert all(it.at < NOON for it in moves)
    for it in moves[2:]:
        gate = json.loads(it.gate)
        assert gate["missing"] == []
        assert gate["verdict"] == "pass"
        assert it.before.endswith("awaiting approval")
    assert fails.version == 2


def test_the_draft_lacks_ways_back_and_the_others_have_all(begun):
    found, store = begun()
    with store.reading() as session:
        ways = {it.id: len(rollback_plans.of(session, it.id)) for it in found}
    assert list(ways.values()) == [4, 4, 1]


def test_a_second_start_changes_nothing(begun):
    first, _ = begun()
    again, _ = begun(NOON + timedelta(days=3))
    assert again == first


def test_they_are_of_deployments_that_the_scenario_has():
    there = set()
    scenario = load("contoso")
    subscriptions = {it["key"]: it["id"] for it in scenario["subscriptions"]}
    for it in scenario["accounts"]:
        home = f"/subscriptions/{subscriptions[it['subscription']]}/resourcegroups/{it['group']}"
        home += f"/providers/microsoft.cognitiveservices/accounts/{it['name']}/deployments"
        there |= {f"{home}/{one['name']}".lower() for one in it.get("deployments", ())}
    for it in TOLD:
        assert (
            set(it["deployments"]) | {one for pair in it.get("paired", ()) for one in pair} <= there
        )

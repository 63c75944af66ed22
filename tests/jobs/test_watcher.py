"""The watcher: gates are read from what was collected, days are counted by being seen, and a gate
that was never seen to block proves nothing."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from actions import rollout
from actions.rollout import Change
from domain.braking import Action, Safeguard
from domain.criteria import Criterion, Kind, Verdict
from domain.evaluations import Evaluation
from domain.faults import OutOfRange
from domain.feedback import Feedback, Severity, Status
from domain.readiness import Answer
from domain.rollouts import Move, Stage, State
from domain.today import waiting
from domain.units import CONTOSO
from reads import audit, readiness, today
from store import answers, evaluations, falls, feedback, flips, gates, tasks
from tests.rolled import GRANTED, Here, phase
from tests.world import CHAT

LONG = timedelta(days=30)


def criterion(kind, reads, compares, threshold, **told):
    return Criterion("it", "It", kind, reads, compares, threshold, oldest=LONG, **told)


def begun(console, *criteria, **told):
    """A desk, and the number of a rollout whose first phase has these criteria."""
    desk = Here(console)
    first = replace(phase("pilot", "product"), criteria=criteria)
    return desk, desk.running(
        **{"phases": (first, phase("growth")), "deployments": (CHAT,), **told}
    )


def verdict(desk, id):
    """What a sweep says of the only criterion."""
    desk.clock.move(minutes=5)
    desk.console.watcher.run_once()
    (it,) = desk.gate(id).judged
    return it.verdict


GOOD = criterion(Kind.MANUAL, "support_route", "at least", 1)
NUMBERS = [
    (Kind.METRIC, "throttled_share", "at most", 100.0, -1.0),
    (Kind.METRIC, "failed_share", "at most", 100.0, -1.0),
    (Kind.METRIC, "availability", "at least", 0.0, 100.1),
    (Kind.METRIC, "requests", "at least", 1.0, 1e12),
    (Kind.METRIC, "latency_ms", "at most", 1e9, 0.0),
    (Kind.METRIC, "blocked_share", "at most", 100.0, -1.0),
    (Kind.FILTER, "looser", "at most", 1e3, -1.0),
    (Kind.RETIREMENT, "days_left", "at least", -1e5, 1e5),
]


@pytest.mark.parametrize(("kind", "reads", "compares", "wide", "narrow"), NUMBERS)
def test_a_figure_of_azure_lets_through_and_blocks(seasoned, kind, reads, compares, wide, narrow):
    desk, id = begun(seasoned, criterion(kind, reads, compares, wide))
    so_far = len(seasoned.wire.requests)
    assert verdict(desk, id) is Verdict.PASS
    assert len(seasoned.wire.requests) == so_far, "Azure was asked"
    assert desk.gate(id).judged[0].reading.value is not None
    desk, id = begun(seasoned, criterion(kind, reads, compares, narrow))
    assert verdict(desk, id) is Verdict.FAIL


def test_too_few_requests_are_no_pass(seasoned):
    desk, id = begun(
        seasoned, criterion(Kind.METRIC, "availability", "at least", 0, least_sample=10**12)
    )
    assert verdict(desk, id) is Verdict.INCONCLUSIVE


def test_a_deployment_that_nobody_collected_is_an_error(seasoned):
    desk, id = begun(
        seasoned, criterion(Kind.METRIC, "availability", "at least", 0), deployments=(f"{CHAT}-x",)
    )
    assert verdict(desk, id) is Verdict.ERROR


def test_stale_figures_hold_the_gate_and_its_bake(seasoned):
    fresh = replace(
        criterion(Kind.METRIC, "availability", "at least", 0), oldest=timedelta(hours=3)
    )
    desk, id = begun(seasoned, fresh)
    assert verdict(desk, id) is Verdict.PASS
    with seasoned.store.reading() as session:
        before = gates.days(session, id, 0)
    desk.clock.move(days=3)
    assert verdict(desk, id) is Verdict.INCONCLUSIVE
    with seasoned.store.reading() as session:
        assert gates.days(session, id, 0) == before


def test_the_next_cohort_has_to_fit_the_quota(seasoned):
    desk, id = begun(seasoned, criterion(Kind.CAPACITY, "headroom_after_next", "at least", -1e9))
    assert verdict(desk, id) is Verdict.ERROR  # nobody has said how many are reached
    rollout.adjust(desk.visit("cora"), id, 0, Change(reached=10), desk.shown(id))
    assert verdict(desk, id) is Verdict.PASS
    left = desk.gate(id).judged[0].reading.value
    rollout.adjust(desk.visit("cora"), id, 0, Change(reached=1), desk.shown(id))
    assert verdict(desk, id) is Verdict.PASS
    assert desk.gate(id).judged[0].reading.value < left
    narrow = criterion(Kind.CAPACITY, "headroom_after_next", "at least", 100.1)
    desk, id = begun(seasoned, narrow)
    rollout.adjust(desk.visit("cora"), id, 0, Change(reached=10), desk.shown(id))
    assert verdict(desk, id) is Verdict.FAIL


def test_before_the_first_collection_nothing_is_missing(made):
    console = made()
    metric = replace(criterion(Kind.METRIC, "availability", "at least", 0), key="other")
    desk, id = begun(console, GOOD, metric)
    console.watcher.run_once()
    assert [it.reading is None for it in desk.gate(id).judged] == [False, True]


def test_a_forecast_blocks_and_lets_through_and_needs_a_budget(seasoned):
    seasoned.biller.run_once()
    desk, id = begun(seasoned, criterion(Kind.BUDGET, "forecast_share", "at most", 1e9))
    assert verdict(desk, id) is Verdict.PASS
    desk, id = begun(seasoned, criterion(Kind.BUDGET, "forecast_share", "at most", 0))
    assert verdict(desk, id) is Verdict.FAIL
    desk, id = begun(
        seasoned, criterion(Kind.BUDGET, "forecast_share", "at most", 1e9), units=("finance",)
    )
    assert verdict(desk, id) is Verdict.ERROR


def test_what_was_never_billed_is_no_cost_of_zero(seasoned):
    costs = criterion(Kind.BUDGET, "cost_per_conversation", "at most", 1e9)
    desk, id = begun(seasoned, costs)
    assert verdict(desk, id) is Verdict.INCONCLUSIVE
    seasoned.biller.run_once()
    assert verdict(desk, id) is Verdict.PASS
    assert desk.gate(id).judged[0].reading.value > 0
    desk, id = begun(seasoned, replace(costs, threshold=0.0))
    assert verdict(desk, id) is Verdict.FAIL


def evaluated(desk, id, value, pairs=120, wanted=None):
    at = desk.clock()
    told = Evaluation(id, CHAT, "golden", "groundedness", value, wanted, pairs, "", at, "t/x", at)
    with desk.store.begin() as session:
        evaluations.add(session, told)


def test_an_evaluation_blocks_until_the_newest_is_good_and_large(seasoned):
    desk, id = begun(seasoned, criterion(Kind.EVALUATION, "groundedness", "at least", 4))
    assert verdict(desk, id) is Verdict.INCONCLUSIVE
    evaluated(desk, id, 3.9)
    assert verdict(desk, id) is Verdict.FAIL
    evaluated(desk, id, 4.5, pairs=99)
    assert verdict(desk, id) is Verdict.INCONCLUSIVE
    evaluated(desk, id, 4.5)
    assert verdict(desk, id) is Verdict.PASS


def said(desk, id, **told):
    at = desk.clock()
    named = {"theme": "Tone", "severity": Severity.SEVERE, "words": "Wrong", "status": Status.NEW}
    named |= {"phase": 0, **told}
    it = Feedback(rollout=id, said_on=at.date(), entered_by="t/x", at=at, **named)
    with desk.store.begin() as session:
        (number,) = feedback.add(session, [it])
        return feedback.find(session, number)


def test_feedback_blocks_and_lets_through(seasoned):
    desk, id = begun(seasoned, criterion(Kind.FEEDBACK, "open_severe", "at most", 0))
    assert verdict(desk, id) is Verdict.INCONCLUSIVE
    it = said(desk, id)
    assert verdict(desk, id) is Verdict.FAIL
    with desk.store.begin() as session:
        feedback.settle(session, it, replace(it, status=Status.CLOSED, closed_at=desk.clock()))
    assert verdict(desk, id) is Verdict.PASS


def test_too_few_answers_block(seasoned):
    desk, id = begun(seasoned, criterion(Kind.FEEDBACK, "response_rate", "at least", 30))
    with desk.store.begin() as session:
        feedback.count(session, id, 0, 20, 5, "t/x", desk.clock())
    assert verdict(desk, id) is Verdict.FAIL
    with desk.store.begin() as session:
        feedback.count(session, id, 0, 20, 6, "t/x", desk.clock())
    assert verdict(desk, id) is Verdict.PASS


def test_accepted_feedback_has_to_be_dealt_with(seasoned):
    desk, id = begun(seasoned, criterion(Kind.FEEDBACK, "closed_share", "at least", 80))
    for status in (Status.CLOSED, Status.CLOSED, Status.CLOSED, Status.ACCEPTED):
        said(desk, id, status=status)
    assert verdict(desk, id) is Verdict.FAIL
    said(desk, id, status=Status.CLOSED)
    assert verdict(desk, id) is Verdict.PASS


def vouched(desk, id, item, *, days=30, evidence="https://wiki/proof", status="met"):
    at = desk.clock()
    told = Answer(id, item, status, "t/x", evidence, "", at + timedelta(days=days), "t/x", at)
    with desk.store.begin() as session:
        answers.say(session, told)


def test_what_people_vouch_for_holds_until_its_evidence_ends(seasoned):
    desk, id = begun(seasoned, criterion(Kind.MANUAL, "support_route", "at least", 1))
    assert verdict(desk, id) is Verdict.INCONCLUSIVE
    vouched(desk, id, "support_route", evidence=" ")
    assert verdict(desk, id) is Verdict.FAIL
    vouched(desk, id, "support_route", days=1)
    assert verdict(desk, id) is Verdict.PASS
    desk.clock.move(days=2)
    assert verdict(desk, id) is Verdict.FAIL


def test_a_checklist_blocks_until_every_item_is_vouched_for(seasoned):
    desk, id = begun(seasoned, criterion(Kind.CHECKLIST, "open_items", "at most", 0))
    assert verdict(desk, id) is Verdict.FAIL
    critical = [it.key for it in readiness.items() if it.of == "critical"]
    for item in critical[1:]:
        vouched(desk, id, item)
    assert verdict(desk, id) is Verdict.FAIL
    vouched(desk, id, critical[0])
    assert verdict(desk, id) is Verdict.PASS


def test_an_evaluation_answers_for_the_models_as_long_as_it_is_valid(seasoned):
    week = timedelta(days=7)
    asked = replace(criterion(Kind.CHECKLIST, "open_items", "at most", 0), oldest=week)
    desk, id = begun(seasoned, asked)
    for it in readiness.items():
        if it.of == "critical" and it.check != "evaluated":
            vouched(desk, id, it.key, days=200)
    assert verdict(desk, id) is Verdict.FAIL
    evaluated(desk, id, 4.5, wanted=4)
    assert verdict(desk, id) is Verdict.PASS
    desk.clock.move(days=89)
    assert verdict(desk, id) is Verdict.PASS
    desk.clock.move(days=1)
    assert verdict(desk, id) is Verdict.FAIL


# --- time -------------------------------------------------------------------------------------


def baking(console):
    desk, id = begun(console, GOOD)
    vouched(desk, id, "support_route", days=100)
    assert verdict(desk, id) is Verdict.PASS
    return desk, id


def test_a_clock_that_jumps_counts_one_day(seasoned):
    desk, id = baking(seasoned)
    assert desk.gate(id).gate.baked == 1
    desk.clock.move(days=14)
    seasoned.watcher.run_once()
    assert desk.gate(id).gate.baked == 2


def test_a_paused_phase_is_read_and_counts_no_day(seasoned):
    desk, id = baking(seasoned)
    rollout.pause(desk.visit("cora"), id, desk.shown(id), reason="holidays")
    desk.clock.move(days=1)
    seasoned.watcher.run_once()
    assert desk.gate(id).gate.baked == 1
    assert desk.gate(id).judged[0].reading.at == desk.clock()


def asking(console):
    desk, id = baking(console)
    desk.clock.move(days=1)
    console.watcher.run_once()
    assert desk.now(id).phase.stage is Stage.ASKING
    desk.say(id, GRANTED["product"], "product")
    assert desk.gate(id).missing == ()
    return desk, id


def test_a_gate_that_flips_voids_what_was_approved(seasoned):
    desk, id = asking(seasoned)
    vouched(desk, id, "support_route", evidence="")
    assert verdict(desk, id) is Verdict.FAIL
    assert desk.now(id).phase.stage is Stage.ACTIVE
    (it,) = desk.said(id)
    assert it.void_at == desk.clock()
    assert "a criterion fails" in it.void_why
    with seasoned.store.reading() as session:
        turned = [(it.before, it.after) for it in flips.since(session, desk.clock() - LONG)]
    assert turned == [
        ("active", "baking"),
        ("baking", "awaiting approval"),
        ("awaiting approval", "active"),
    ]
    vouched(desk, id, "support_route")
    assert verdict(desk, id) is Verdict.PASS
    assert "the product approval is missing" in desk.gate(id).missing


def test_capacity_that_changes_in_the_middle_begins_the_bake_anew(seasoned):
    desk, id = asking(seasoned)
    seasoned.small.world.accounts.deployments[CHAT.split("/deployments")[0]]["chat"].sku[
        "capacity"
    ] += 10
    seasoned.small.world.accounts.deployments[CHAT.split("/deployments")[0]]["chat"].etag = "other"
    seasoned.collected(minutes=5)
    seasoned.watcher.run_once()
    move = desk.moves(id)[-1]
    assert (move.person, move.move) == ("watcher", "adjust")
    assert "capacity of" in move.reason
    assert desk.gate(id).gate.baked == 1
    assert all(it.void_at for it in desk.said(id))


def test_the_same_hour_keeps_one_reading_and_older_days_one_each(seasoned):
    desk, id = baking(seasoned)
    for _ in range(3):
        desk.clock.move(minutes=5)
        seasoned.watcher.run_once()
    with seasoned.store.reading() as session:
        assert len(gates.readings(session, id, 0)["it"]) == 1
    for _ in range(12):
        desk.clock.move(hours=1)
        seasoned.watcher.run_once()
    desk.clock.move(days=2)
    seasoned.watcher.run_once()
    with seasoned.store.reading() as session:
        kept = [it.at for it in gates.readings(session, id, 0)["it"]]
    assert len({it.date() for it in kept}) == len(kept)


def test_what_nobody_said_anew_is_read_again_after_five_minutes_only(seasoned):
    desk, id = baking(seasoned)
    at = desk.gate(id).judged[0].reading.at
    desk.clock.move(minutes=4)
    seasoned.watcher.run_once()
    assert desk.gate(id).judged[0].reading.at == at
    vouched(desk, id, "support_route", days=90)
    seasoned.watcher.run_once()
    assert desk.gate(id).judged[0].reading.at == desk.clock()


# --- safeguards -------------------------------------------------------------------------------

COMPLAINTS = criterion(Kind.FEEDBACK, "open_severe", "at most", 0)
"""Fails with the first severe issue; unknown before anybody has said anything."""


def guarded(console, *guards):
    """A desk, and the number of a rollout that these hold in every phase."""
    desk = Here(console)
    first, second = (replace(phase(it), criteria=(), bake_days=0) for it in ("pilot", "growth"))
    told = {"phases": (first, second), "deployments": (CHAT,), "safeguards": guards}
    return desk, desk.running(**told)


def swept(desk, id):
    """An hour later, after a sweep: where it stands, and the last move."""
    desk.clock.move(hours=1)
    desk.console.watcher.run_once()
    return desk.now(id).state, desk.moves(id)[-1]


def dealt_with(desk, it):
    with desk.store.begin() as session:
        feedback.settle(session, it, replace(it, status=Status.CLOSED, closed_at=desk.clock()))


def matters(desk, who):
    visit = desk.visit(who)
    found = today.waiting(desk.store, None, desk.clock())
    return {it.kind: it for it in waiting(found, visit.person, CONTOSO, desk.clock())}


def test_a_safeguard_that_falls_pauses_once_for_the_same_fall(seasoned):
    desk, id = guarded(seasoned, Safeguard(replace(COMPLAINTS, passes=2)))
    assert swept(desk, id)[0] is State.RUNNING  # nobody has said anything: not told, no fall
    it = said(desk, id)
    assert swept(desk, id)[0] is State.RUNNING  # once is not twice in a row
    state, move = swept(desk, id)
    assert (state, move.move, move.person) == (State.PAUSED, Move.PAUSE, "watcher")
    assert "It: 1, wanted at most 0, in 2 readings in a row." in move.reason
    (kept,) = json.loads(move.gate)["safeguards"]
    assert (kept["verdict"], kept["value"], kept["failed"]) == ("fail", 1.0, 2)
    assert "paused" in matters(desk, "cora")["safeguard"].title
    assert "safeguard" not in matters(desk, "vera")
    assert "watcher" in set(audit.trail(desk.store)["who"])
    with pytest.raises(OutOfRange, match="Say why"):
        rollout.resume(desk.visit("cora"), id, desk.shown(id))
    rollout.resume(desk.visit("cora"), id, desk.shown(id), reason="known and harmless")
    assert swept(desk, id)[0] is State.RUNNING  # the same fall
    dealt_with(desk, it)
    assert swept(desk, id)[0] is State.RUNNING
    said(desk, id)
    assert swept(desk, id)[0] is State.RUNNING
    assert swept(desk, id)[0] is State.PAUSED  # another one
    with desk.store.reading() as session:
        assert [bool(one.over_at) for one in falls.of(session, id)] == [False, True]


def test_a_safeguard_holds_in_the_next_phase_too_and_can_ask_for_the_way_back(seasoned):
    guard = Safeguard(COMPLAINTS, Action.PREPARE)
    desk, id = guarded(seasoned, guard)
    swept(desk, id)
    rollout.advance(desk.visit("cora"), id, desk.shown(id))
    said(desk, id)
    assert swept(desk, id)[0] is State.RUNNING  # what was said of the pilot is behind it
    said(desk, id, phase=1)
    state, move = swept(desk, id)
    assert (state, move.move, move.phase) == (State.RUNNING, Move.ADJUST, 1)
    assert "asks for the way back" in move.reason
    with desk.store.reading() as session:
        (task,) = tasks.of(session, [id])
    assert json.loads(move.effects) == {"tasks": [task.id]}
    assert (task.owner, task.phase) == ("contoso/cora", 1)
    assert task.due_at - task.asked_at == timedelta(minutes=60)
    assert task.title.startswith("Rollback prepared")
    assert "Rollback prepared" in matters(desk, "cora")["task"].title
    assert swept(desk, id)[1] == move


def test_what_a_safeguard_cannot_be_told_of_never_acts(seasoned):
    few = criterion(Kind.METRIC, "requests", "at most", 0, least_sample=10**12)
    gone = replace(criterion(Kind.FEEDBACK, "no such thing", "at most", 0), key="gone")
    desk, id = guarded(seasoned, Safeguard(few), Safeguard(gone))
    assert swept(desk, id)[0] is State.RUNNING
    verdicts = [it.judged.verdict for it in desk.gate(id).guards]
    assert verdicts == [Verdict.INCONCLUSIVE, Verdict.ERROR]

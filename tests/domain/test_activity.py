"""Writes out of events, whatever their order; names by which ours are found again."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain import activity, frames
from domain.activity import ACTIVITY
from domain.plans import Leg, Plan, Standing
from tests.domain.rows import ACCOUNT, SUB

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
CHAT = f"{ACCOUNT}/deployments/chat"
NONE = frames.frame(ACTIVITY, [])


def event(minutes=0, status="Succeeded", act="o-1", **fields):
    at = NOW + timedelta(minutes=minutes)
    return {
        "at": at,
        "began_at": at,
        "resource": CHAT,
        "subscription": SUB,
        "operation": "deployment written",
        "who": "rob@contoso.example",
        "app": None,
        "method": None,
        "status": status,
        "correlation": "c-1",
        "act": act,
        "event": f"{act}-{minutes}-{status}",
        "request": None,
        "said": None,
        **fields,
    }


def frame(*events):
    return frames.frame(ACTIVITY, events)


def rows(of):
    return of.astype(object).where(of.notna(), None).to_dict("records")


EVENTS = [
    event(minute, status, f"o-{act}", who=who)
    for act in range(3)
    for minute, status, who in (
        (act, "Started", "rob@contoso.example"),
        (act + 1, "Accepted", None),
        (act + 5, "Succeeded", None),
    )
]


@settings(deadline=None, max_examples=60)
@given(order=st.permutations(EVENTS), cut=st.integers(0, len(EVENTS)), again=st.integers(0, 9))
def test_in_whatever_pieces_they_come_they_are_the_same_writes(order, cut, again):
    """Questions overlap, and what was kept is joined with what comes."""
    kept = activity.joined(NONE, frame(*order[:cut]), NOW)
    overlap = order[max(0, cut - again) :]
    came = activity.joined(kept, frame(*activity.grouped(overlap)), NOW)
    assert rows(came.sort_values("act", ignore_index=True)) == rows(
        frame(*activity.grouped(EVENTS))
    )
    assert len(came) == 3
    assert set(came["who"]) == {"rob@contoso.example"}
    assert set(came["status"]) == {"Succeeded"}
    assert (came["at"] - came["began_at"] == timedelta(minutes=5)).all()


def test_grouping_what_is_grouped_changes_nothing():
    once = activity.grouped(EVENTS)
    shuffled = random.Random(1).sample(once, len(once))
    assert activity.grouped(shuffled) == once


def test_what_is_older_than_azure_remembers_goes():
    old = frame(event(act="o-old", minutes=-91 * 24 * 60), event(act="o-young", minutes=-60))
    assert activity.joined(old, NONE, NOW)["act"].tolist() == ["o-young"]
    assert activity.joined(NONE, NONE, NOW).dtypes.astype(str).to_dict() == dict(ACTIVITY)


def test_what_is_kept_fits_the_frame():
    came = activity.joined(frame(event(act="a")), frame(event(act="b", who=None)), NOW)
    assert came.dtypes.astype(str).to_dict() == dict(ACTIVITY)
    assert came["act"].tolist() == ["a", "b"]


def test_operations_in_words():
    name = "MICROSOFT.CognitiveServices/accounts/deployments/delete"
    assert activity.worded(name) == "deployment deleted"
    assert activity.worded("microsoft.cognitiveservices/accounts/x/write") == "accounts/x/write"
    assert activity.changes("microsoft.cognitiveservices/accounts/x/write")
    assert not activity.changes("microsoft.cognitiveservices/accounts/listkeys/action")
    assert not activity.changes("microsoft.storage/accounts/write")


def leg(name="chat", **fields):
    return Leg("capacity", f"{ACCOUNT}/deployments/{name}", '"e1"', "a", "b", **fields)


def plan(*legs, id=7, asked_at=NOW, **fields):
    return Plan(legs, "contoso/ada", "busy", asked_at, id=id, **fields)


def test_each_write_of_each_plan_has_a_name_of_its_own():
    plans = [plan(leg(writes=3), leg("other", writes=2)), plan(leg(writes=1), id=8)]
    names = activity.requests(plans)
    assert sorted(names.values()) == [7] * 5 + [8]
    elsewhere = activity.requests([plan(leg(writes=3), asked_at=NOW + timedelta(seconds=1))])
    assert not names.keys() & elsewhere.keys(), "another console, another plan 7"


def test_a_name_stays_while_the_journal_moves():
    begun = plan(leg()).writing(0, NOW)
    later = begun.reached(0, Standing.THERE, '"e2"', NOW).turned("no", NOW).writing(0, NOW)
    assert activity.requests([begun]).keys() < activity.requests([later]).keys()
    assert activity.request_id(begun, 0, 1) == activity.request_id(later, 0, 1)


def test_a_plan_that_wrote_nothing_has_no_name():
    assert activity.requests([plan(leg())]) == {}

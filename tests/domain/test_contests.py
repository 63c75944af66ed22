"""Who else wrote while a plan was at work: told apart by name, by place and by time."""

from datetime import timedelta

import pytest

from domain import activity, contests, frames, names
from domain.plans import SETTLE, Leg, Plan
from tests.domain.rows import ACCOUNT, SUB, account, deployment, joined, model, usage
from tests.domain.test_activity import CHAT, NOW, event, frame, leg, plan

US = "console@contoso.example"
END = NOW + timedelta(minutes=5)
PLAN = plan(leg(writes=1), leg("other", writes=1))
OURS = activity.requests([PLAN])
MINE = event(1, who=US, request=next(iter(OURS)), act="mine")


def found(*events, began=NOW, us=US, ours=OURS, of=PLAN):
    told = contests.found(of, began, END, frame(*events), ours, us)
    assert told.dtypes.astype(str).to_dict() == dict(contests.CONTESTS)
    return told


def test_a_write_by_somebody_else_is_told_with_its_author():
    (row,) = found(MINE, event(2, act="a")).to_dict("records")
    assert row["words"] == (
        "rob@contoso.example wrote to aoai-shop/chat at 2026-11-18 12:02 UTC "
        "(deployment written) while plan 7 was at work."
    )
    assert (row["plan"], row["resource"], row["subscription"]) == (7, CHAT, SUB)


@pytest.mark.parametrize(
    ("event_", "meant"),
    [
        (event(2), True),
        (event(2, status="Started"), True),
        (event(2, status=None), True),
        (event(2, status="Failed"), False),
        (event(2, resource=f"{ACCOUNT}/deployments/other"), True),
        (event(2, resource=f"{ACCOUNT}/deployments/third"), False),
        (event(2, resource=ACCOUNT, operation="account deleted"), True),
        (event(2, resource=ACCOUNT, operation="account written"), False),
        (event(2, who=None), True),
        (event(2, who=US), False),
        (event(2, who=US.upper()), False),
        (event(2, who="c44b4083", app=US), False),
        (event(2, who=US, request="another"), True),
        (event(2, who="rob", request="another"), True),
        (event(2, who="rob", request=next(iter(OURS))), False),
    ],
)
def test_what_is_somebody_elses(event_, meant):
    assert bool(len(found(MINE, event_))) is meant


def test_names_are_believed_only_where_azure_tells_them():
    """A cloud whose log gives each request another name must not accuse us of every plan."""
    strange = event(2, who=US, request="another")
    assert len(found(strange)) == 0
    assert len(found(MINE, strange)) == 1


@pytest.mark.parametrize(
    ("began", "ended", "meant"),
    [
        (timedelta(seconds=-61), timedelta(seconds=-61), False),
        (timedelta(seconds=-60), timedelta(seconds=-60), True),
        (timedelta(seconds=-90), timedelta(seconds=30), True),
        (timedelta(minutes=5) + SETTLE, timedelta(minutes=9), True),
        (timedelta(minutes=5, seconds=1) + SETTLE, timedelta(minutes=9), False),
    ],
)
def test_meanwhile_is_from_a_minute_before_the_first_write_to_the_settling_of_the_last(
    began, ended, meant
):
    write = event(0) | {"began_at": NOW + began, "at": NOW + ended}
    assert bool(len(found(write))) is meant


def test_the_same_write_is_one_contest_however_much_of_it_is_known():
    (early,) = found(event(2, status="Accepted", act="a")).to_dict("records")
    (late,) = found(event(4, act="a") | {"began_at": NOW + timedelta(minutes=2)}).to_dict("records")
    assert (early["key"], early["at"]) == (late["key"], late["at"])


def test_a_purge_can_be_contested_too():
    gone = names.deleted(SUB, "westeurope", "rg-ai", "old")
    made = Plan((Leg("purge", gone, "", "a", "", writes=1),), "contoso/ada", "", NOW, id=9)
    other = event(2, resource=gone, operation="account purged")
    (row,) = found(other, of=made, ours={}).to_dict("records")
    assert row["words"].startswith("rob@contoso.example wrote to old (deleted) at ")


@pytest.mark.parametrize(
    ("ended", "night"),
    [
        ("2026-11-18T12:00", "2026-11-19T02:00"),
        ("2026-11-18T01:29", "2026-11-18T02:00"),
        ("2026-11-18T01:30", "2026-11-19T02:00"),
        ("2026-11-18T23:59", "2026-11-19T02:00"),
    ],
)
def test_the_night_after(ended, night):
    at = [NOW.fromisoformat(f"{it}+00:00") for it in (ended, night)]
    assert contests.second(at[0]) == at[1]


def test_a_contest_is_a_finding_of_its_deployment():
    rows = joined([deployment()], accounts=[account()], models=[model()], usages=[usage()])
    told = contests.findings(found(MINE, event(2, act="a")), rows)
    assert told.dtypes.astype(str).to_dict() == dict(frames.FINDINGS)
    (row,) = told.to_dict("records")
    assert (row["kind"], row["severity"], row["deployment"]) == ("contested", "warning", "chat")
    assert row["key"].startswith("contested:7:a ")
    assert row["since"] == NOW + timedelta(minutes=2)
    assert len(contests.findings(found(MINE), rows)) == 0
    (row,) = contests.findings(found(MINE, event(2)), rows[:0]).to_dict("records")
    assert row["resource"] == CHAT, "one that is gone is told too"

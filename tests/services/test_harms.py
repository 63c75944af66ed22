"""What was found and blocked by the day: by category, direction and severity; none is not known."""

from datetime import UTC, datetime

import pytest

from domain.faults import Forbidden, Throttled, Unintelligible
from services import harms
from services.azure import counted
from tests.services.recorded import ACCOUNT, BATCH, CHAT, SUB, batch, error

FIRST, END = datetime(2026, 11, 17, 5, tzinfo=UTC), datetime(2026, 11, 18, 12, tzinfo=UTC)
EMPTY = batch((ACCOUNT, {}))
ON = {"modeldeploymentname": "Chat"}


def days(one=None, two=None):
    told = {"2026-11-17T00:00:00Z": one, "2026-11-18T00:00:00Z": two}
    return {at: {} if it is None else {"total": float(it)} for at, it in told.items()}


def split(category, text="Prompt", severity=None):
    more = {} if severity is None else {"severity": severity}
    return {**ON, "texttype": text, "category": category, **more}


def said(**metrics):
    return batch((ACCOUNT.upper(), metrics))


def asked(azure, wire, total=EMPTY, blocked=EMPTY, harmful=EMPTY, accounts=(ACCOUNT,)):
    wire.says(BATCH, total, blocked, harmful)
    rows = harms.days(azure, SUB.upper(), "West Europe", accounts, FIRST, END)
    assert {(it["resource"], it["subscription"]) for it in rows} <= {(CHAT, SUB)}
    names = ("what", "category", "direction", "severity", "requests")
    return sorted((it["day"].day, *(it[name] for name in names)) for it in rows)


def test_a_day_of_a_deployment(azure, wire):
    told = asked(
        azure,
        wire,
        said(RAITotalRequests=[(ON, days(100, 50))]),
        said(RAIRejectedRequests=[(split("Hate"), days(3)), (split("Jailbreak"), days(1, 2))]),
        said(
            RAIHarmfulRequests=[
                (split("Hate", severity="Medium"), days(3)),
                (split("SelfHarm", "Completion", "Low"), days(None, 7)),
            ]
        ),
    )
    assert told == [
        (17, "blocked", "hate", "prompt", "", 3.0),
        (17, "blocked", "jailbreak", "prompt", "", 1.0),
        (17, "harmful", "hate", "prompt", "medium", 3.0),
        (17, "total", "", "", "", 100.0),
        (18, "blocked", "jailbreak", "prompt", "", 2.0),
        (18, "harmful", "selfharm", "completion", "low", 7.0),
        (18, "total", "", "", "", 50.0),
    ]


def test_what_is_asked(azure, wire):
    asked(azure, wire)
    told = [(it.query["metricnames"], it.query["filter"]) for it in wire.requests]
    each = "ModelDeploymentName eq '*'"
    by = f"{each} and TextType eq '*' and Category eq '*'"
    assert told == [
        ("RAITotalRequests", each),
        ("RAIRejectedRequests", by),
        ("RAIHarmfulRequests", f"{by} and Severity eq '*'"),
    ]
    one = wire.requests[0].query
    assert (one["interval"], one["starttime"]) == ("P1D", "2026-11-17T00:00:00Z")
    assert (one["aggregation"], one["top"]) == ("total", "100000")


def test_a_total_of_zero_is_known_and_a_missing_one_is_not(azure, wire):
    told = asked(
        azure,
        wire,
        said(RAITotalRequests=[(ON, days(0))]),
        said(RAIRejectedRequests=[(split("Hate"), days(0, None))]),
    )
    assert told == [(17, "total", "", "", "", 0.0)]


def test_days_that_were_not_asked_for_are_not_taken(azure, wire):
    around = {f"2026-11-{day}T00:00:00Z": {"total": 1.0} for day in (16, 17, 18, 19)}
    told = asked(azure, wire, said(RAITotalRequests=[(ON, around)]))
    assert [it[0] for it in told] == [17, 18]


def test_a_category_in_several_spellings_is_one(azure, wire):
    series = [(split("Protected Material Text", "Completion"), days(1))]
    series += [(split("protectedmaterialtext", "completion"), days(2))]
    told = asked(azure, wire, blocked=said(RAIRejectedRequests=series))
    assert told == [(17, "blocked", "protectedmaterialtext", "completion", "", 3.0)]


def test_what_azure_does_not_split_is_not_guessed(azure, wire):
    series = [({**ON, "texttype": "Prompt"}, days(4)), (split("Hate", severity=""), days(5))]
    told = asked(azure, wire, harmful=said(RAIHarmfulRequests=series))
    assert told == [
        (17, "harmful", "", "prompt", "", 4.0),
        (17, "harmful", "hate", "prompt", "", 5.0),
    ]


def test_a_metric_that_could_not_be_told_is_not_none_blocked(azure, wire):
    broken = said(RAIRejectedRequests=[])
    broken["values"][0]["value"][0]["errorCode"] = "InternalError"
    with pytest.raises(Unintelligible):
        asked(azure, wire, said(RAITotalRequests=[(ON, days(9))]), broken)


def test_as_few_calls_as_batches_allow(azure, wire):
    with counted() as tally:
        asked(azure, wire, accounts=[f"{ACCOUNT}-{at}" for at in range(51)])
    assert tally.calls == 6


@pytest.mark.parametrize(
    ("status", "fault"), [(529, Throttled), (401, Forbidden), (403, Forbidden)]
)
def test_faults(azure, wire, status, fault):
    wire.says(BATCH, (status, {"Retry-After": "60"}, error("x")))
    with pytest.raises(fault):
        harms.days(azure, SUB, "westeurope", [ACCOUNT], FIRST, END)

"""Usage by the day: one family, tiers by the requests' shares, nothing lost and nothing made up."""

from datetime import UTC, datetime

import pytest

from domain.faults import Forbidden, Throttled
from services import ledger
from services.azure import counted
from tests.services.recorded import ACCOUNT, BATCH, CHAT, SUB, batch, error

FIRST, END = datetime(2026, 11, 17, 5, tzinfo=UTC), datetime(2026, 11, 18, 12, tzinfo=UTC)
EMPTY = batch((ACCOUNT, {}))
ON = {"modeldeploymentname": "Chat"}


def days(one=None, two=None, what="total"):
    told = {"2026-11-17T00:00:00Z": one, "2026-11-18T00:00:00Z": two}
    return {at: {} if it is None else {what: float(it)} for at, it in told.items()}


def served(tier="", spilled="False"):
    return {**ON, "servicetierresponse": tier, "isspillover": spilled}


def said(**metrics):
    return batch((ACCOUNT.upper(), metrics))


def asked(azure, wire, tokens=EMPTY, requests=EMPTY, utilised=EMPTY, accounts=(ACCOUNT,)):
    wire.says(BATCH, tokens, requests, utilised)
    rows = ledger.days(azure, SUB, "West Europe", accounts, FIRST, END)
    assert {row["resource"] for row in rows} <= {CHAT}
    assert {(row["source"], row["product"], row["subscription"]) for row in rows} <= {
        ("metrics", "", SUB)
    }
    return sorted(
        (r["day"].day, r["bucket"], r["tier"], r["quantity"], r["estimated"]) for r in rows
    )


def test_a_day_of_tokens(azure, wire):
    tokens = said(ProcessedPromptTokens=[(ON, days(100, 50))], GeneratedTokens=[(ON, days(10))])
    assert asked(azure, wire, tokens) == [
        (17, "output", "standard", 10.0, False),
        (17, "prompt", "standard", 100.0, False),
        (18, "prompt", "standard", 50.0, False),
    ]
    one = wire.requests[0]
    assert one.query["interval"] == "P1D"
    assert one.query["starttime"] == "2026-11-17T00:00:00Z"
    assert one.query["top"] == "100000"


def test_tokens_are_split_over_tiers_and_none_is_lost(azure, wire):
    tokens = said(ProcessedPromptTokens=[(ON, days(100))])
    requests = said(
        AzureOpenAIRequests=[
            (served("default"), days(1)),
            (served("Priority"), days(2)),
            (served("", "True"), days(4)),
        ]
    )
    told = asked(azure, wire, tokens, requests)
    assert told == [
        (17, "prompt", "priority", 67.0, True),
        (17, "prompt", "standard", 33.0, True),
        (17, "requests", "priority", 2.0, False),
        (17, "requests", "standard", 5.0, False),
        (17, "spilled", "standard", 4.0, False),
    ]


def test_one_tier_alone_is_certain(azure, wire):
    tokens = said(GeneratedTokens=[(ON, days(9))])
    requests = said(AzureOpenAIRequests=[(served("flex"), days(3)), (served(""), days(1))])
    assert asked(azure, wire, tokens, requests) == [
        (17, "output", "flex", 9.0, False),
        (17, "requests", "flex", 4.0, False),
    ]


def test_of_two_families_the_one_that_counted_more_is_taken(azure, wire):
    tokens = said(
        ProcessedPromptTokens=[(ON, days(100))],
        InputTokens=[(ON, days(90))],
        OutputTokens=[(ON, days(20))],
        TotalPages=[(ON, days(3))],
    )
    assert [it[1:4] for it in asked(azure, wire, tokens)] == [
        ("output", "standard", 20.0),
        ("page", "standard", 3.0),
        ("prompt", "standard", 90.0),
    ]


def test_where_a_cache_is_counted_input_is_what_did_not_come_from_it(azure, wire):
    tokens = said(
        InputTokens=[(ON, days(90))],
        cacheReadInputTokens=[(ON, days(60))],
        ephemeral5mInputTokens=[(ON, days(5))],
        ephemeral1hInputTokens=[(ON, days(7))],
    )
    assert [it[1:4:2] for it in asked(azure, wire, tokens)] == [
        ("cache_write", 12.0),
        ("cached", 60.0),
        ("input", 90.0),
    ]


def test_utilisation_is_a_mean_over_the_day(azure, wire):
    metric = {"AzureOpenAIProvisionedManagedUtilizationV2": [(ON, days(42, 7, "average"))]}
    told = asked(azure, wire, utilised=said(**metric))
    assert [(it[0], it[1], it[3]) for it in told] == [
        (17, ledger.UTILISED, 42.0),
        (18, ledger.UTILISED, 7.0),
    ]


def test_what_is_zero_or_missing_has_no_row(azure, wire):
    assert asked(azure, wire, said(GeneratedTokens=[(ON, days(0, None))])) == []


def test_as_few_calls_as_batches_allow(azure, wire):
    many = [f"{ACCOUNT}-{at}" for at in range(51)]
    with counted() as tally:
        asked(azure, wire, accounts=many)
    assert tally.calls == 6
    assert len(wire.requests[0].body["resourceids"]) == 50


@pytest.mark.parametrize(
    ("status", "fault"), [(529, Throttled), (401, Forbidden), (403, Forbidden)]
)
def test_faults(azure, wire, status, fault):
    wire.says(BATCH, (status, {"Retry-After": "60"}, error("x")))
    with pytest.raises(fault):
        ledger.days(azure, SUB, "westeurope", [ACCOUNT], FIRST, END)

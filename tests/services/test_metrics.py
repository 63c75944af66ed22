"""Roll-ups by the hour against sums worked by hand, and the traps of Azure Monitor's batches."""

from datetime import UTC, datetime

import pytest

from domain import frames
from domain.faults import Forbidden, Throttled, Unintelligible, Unreachable
from services import metrics
from services.azure import counted
from tests.services.recorded import ACCOUNT, BATCH, CHAT, SUB, batch, error

START = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
END = datetime(2026, 11, 18, 12, 15, tzinfo=UTC)
EMPTY = batch((ACCOUNT, {}))


def on(name="chat", status=None):
    split = {"modeldeploymentname": name}
    return split if status is None else {**split, "statuscode": status}


def at(**values):
    """Points by hour or minute: h11=7 is eleven o'clock, m1103=7 three minutes past."""
    return {
        f"2026-11-18T{key[1:3]}:{key[3:] or '00'}:00Z": {} if it is None else it
        for key, it in values.items()
    }


def total(**values):
    return at(**{key: it if it is None else {"total": float(it)} for key, it in values.items()})


STATUSES = batch(
    (
        ACCOUNT.upper(),
        {
            "AzureOpenAIRequests": [
                (on("Chat", "200"), total(h10=90, h11=None, h12=30)),
                (on("Chat", "429"), total(h10=6, h11=None, h12=None)),
                (on("Chat", "500"), total(h10=1, h12=2)),
                (on("Chat", "503"), total(h10=3, h12=None)),
                (on("", "404"), total(h10=1000)),
            ],
            "ModelRequests": [],
        },
    )
)
OTHERS = batch(
    (
        ACCOUNT,
        {
            "TokenTransaction": [(on(), total(h10=6000, h11=None, h12=900))],
            "ProcessedPromptTokens": [(on(), total(h10=5000, h12=800))],
            "GeneratedTokens": [(on(), total(h10=1000, h12=100))],
            "AzureOpenAITimeToResponse": [
                (on(), at(h10={"average": 850.5, "total": 9, "maximum": 9999})),
            ],
            "AzureOpenAIProvisionedManagedUtilizationV2": [
                (on(), at(h10={"average": 20.0, "maximum": 97.5}, h12={"average": 1.0})),
            ],
            "TotalTokens": [],
        },
    )
)
PEAKS = batch(
    (
        ACCOUNT,
        {
            "AzureOpenAIRequests": [(on(), total(m1000=2, m1001=11, m1059=None, m1203=4))],
            "TokenTransaction": [(on(), total(m1000=900, m1058=1200, m1203=300, m1204=700))],
        },
    )
)


def hours(azure, wire, *answers, minutes=True, accounts=(ACCOUNT,)):
    wire.says(BATCH, *answers)
    rows = metrics.hours(azure, SUB, "West Europe", accounts, START, END, minutes=minutes)
    return {row["hour"].hour: row for row in rows}


def test_hours_with_the_peaks_of_their_minutes(azure, wire):
    with counted() as tally:
        rows = hours(azure, wire, STATUSES, OTHERS, PEAKS)
    assert tally.calls == 3
    assert list(rows) == [10, 12], "a missing bucket is missing, not zero"
    assert rows[10] == {
        "resource": CHAT,
        "hour": datetime(2026, 11, 18, 10, tzinfo=UTC),
        "grain": "minute",
        "requests": 100,
        "throttled": 6,
        "failed": 4,
        "prompt_tokens": 5000,
        "generated_tokens": 1000,
        "tokens": 6000,
        "peak_tpm": 1200,
        "peak_rpm": 11,
        "latency_ms": 850.5,
        "utilization": 97.5,
    }
    assert set(rows[10]) == set(frames.HOURS)
    assert (rows[12]["requests"], rows[12]["throttled"], rows[12]["failed"]) == (32, 0, 2)
    assert (rows[12]["peak_tpm"], rows[12]["peak_rpm"]) == (700, 4)
    assert rows[12]["latency_ms"] is None
    assert rows[12]["utilization"] is None


def test_without_minutes_peaks_are_means_of_the_hour_so_far(azure, wire):
    with counted() as tally:
        rows = hours(azure, wire, STATUSES, OTHERS, minutes=False)
    assert tally.calls == 2
    assert {row["grain"] for row in rows.values()} == {"hour"}
    assert (rows[10]["peak_tpm"], rows[10]["peak_rpm"]) == (100, 100 / 60)
    assert (rows[12]["peak_tpm"], rows[12]["peak_rpm"]) == (60, 32 / 15), "12:00 to 12:15"


def test_what_is_asked(azure, wire):
    hours(azure, wire, EMPTY)
    status, others, peaks = (it.query for it in wire.requests)
    assert {it.host for it in wire.requests} == {"westeurope.metrics.monitor.azure.com"}
    assert all(it.body == {"resourceids": [ACCOUNT]} for it in wire.requests)
    assert status["filter"] == "ModelDeploymentName eq '*' and StatusCode eq '*'"
    assert status["metricnames"] == "AzureOpenAIRequests,ModelRequests"
    assert (status["interval"], others["interval"], peaks["interval"]) == ("PT1H", "PT1H", "PT1M")
    for asked in (status, others, peaks):
        assert asked["starttime"] == "2026-11-18T10:00:00Z", "the first hour is asked whole"
        assert asked["endtime"] == "2026-11-18T12:15:00Z"
        assert int(asked["top"]) > 1000
        assert asked["api-version"] == "2024-02-01"


def test_one_family_is_taken_whole_and_none_are_added(azure, wire):
    def counts(openai, foundry):
        return batch(
            (
                ACCOUNT,
                {
                    "AzureOpenAIRequests": [(on(status="200"), total(h10=openai))],
                    "ModelRequests": [(on(status="429"), total(h10=foundry))],
                },
            )
        )

    def tokens(openai, foundry):
        return batch(
            (
                ACCOUNT,
                {
                    "TokenTransaction": [(on(), total(h10=openai))],
                    "TotalTokens": [(on(), total(h10=foundry))],
                    "TimeToResponse": [(on(), at(h10={"average": 5.0}))],
                },
            )
        )

    rows = hours(azure, wire, counts(10, 10), tokens(500, 500), minutes=False)
    assert (rows[10]["requests"], rows[10]["tokens"]) == (10, 500)
    assert (rows[10]["throttled"], rows[10]["latency_ms"]) == (0, None)
    wire.answers.clear()
    rows = hours(azure, wire, counts(0, 12), tokens(None, 500), minutes=False)
    assert (rows[10]["requests"], rows[10]["throttled"], rows[10]["tokens"]) == (12, 12, 500)
    assert rows[10]["latency_ms"] == 5


def test_a_deployment_of_the_other_family_alone(azure, wire):
    gauge = batch((ACCOUNT, {"ProvisionedUtilization": [(on(), at(h11={"maximum": 40.0}))]}))
    rows = hours(azure, wire, EMPTY, gauge, EMPTY)
    assert (rows[11]["utilization"], rows[11]["requests"], rows[11]["throttled"]) == (
        40,
        None,
        None,
    )


def test_spellings_of_one_deployment_are_one(azure, wire):
    both = {
        "AzureOpenAIRequests": [
            (on("CHAT", "200"), total(h10=1)),
            (on("chat", "200"), total(h10=2)),
        ]
    }
    rows = hours(azure, wire, batch((ACCOUNT, both)), EMPTY, EMPTY)
    assert rows[10]["requests"] == 3


def test_buckets_outside_the_window_do_not_count(azure, wire):
    out = {"AzureOpenAIRequests": [(on(status="200"), total(h09=1, h10=1, h12=1, h13=1))]}
    assert list(hours(azure, wire, batch((ACCOUNT, out)), EMPTY, EMPTY)) == [10, 12]


def test_fifty_accounts_go_in_one_call(azure, wire):
    many = [f"{ACCOUNT}{number}" for number in range(51)]
    hours(azure, wire, EMPTY, accounts=[*many, many[0].upper()])
    sizes = [len(it.body["resourceids"]) for it in wire.requests]
    assert sizes == [50, 50, 50, 1, 1, 1]


def test_no_accounts_cost_nothing(azure, wire):
    assert hours(azure, wire, EMPTY, accounts=()) == {}
    assert wire.requests == []


def test_a_metric_in_error_is_missing_and_logged(azure, wire, caplog):
    answer = batch((ACCOUNT, {"TokenTransaction": [(on(), total(h10=5))]}))
    answer["values"][0]["value"][0]["errorCode"] = "InternalServerError"
    rows = hours(azure, wire, STATUSES, answer, EMPTY)
    assert rows[10]["tokens"] is None
    assert "InternalServerError" in caplog.text


@pytest.mark.parametrize(
    ("said", "fault", "calls"),
    [
        ((529, error("TooManyRequests")), Throttled, 3),
        ((401, error("InvalidAuthenticationToken")), Forbidden, 1),
        ((403, error("AuthorizationFailed")), Forbidden, 1),
        ((500, error("Oops")), Unreachable, 3),
        ({"values": None}, Unintelligible, 1),
        ({"values": [{"value": []}]}, Unintelligible, 1),
        (batch((ACCOUNT, {"NeverAsked": [(on(), total(h10=1))]})), Unintelligible, 1),
        ((200, {}, b"<html>"), Unintelligible, 1),
    ],
)
def test_a_failing_batch_is_a_fault_and_not_silence(azure, wire, said, fault, calls):
    with pytest.raises(fault, match="Reading the metrics of westeurope"):
        hours(azure, wire, said)
    assert len(wire.requests) == calls


def test_a_failing_second_batch_fails_all(azure, wire):
    with pytest.raises(Throttled):
        hours(azure, wire, STATUSES, (529, error("TooManyRequests")))


def test_minutes_of_one_deployment(azure, wire):
    wire.says(
        BATCH,
        batch(
            (
                ACCOUNT,
                {
                    "AzureOpenAIRequests": [
                        (on("chat", "200"), total(m1130=5, m1131=None, m1132=2)),
                        (on("chat", "429"), total(m1132=3)),
                    ]
                },
            )
        ),
        batch(
            (
                ACCOUNT,
                {
                    "TokenTransaction": [(on(), total(m1130=50))],
                    "AzureOpenAITimeToResponse": [(on(), at(m1130={"average": 12.5}))],
                },
            )
        ),
    )
    with counted() as tally:
        one, two = metrics.minutes(azure, CHAT, "westeurope", START, END)
    assert tally.calls == 2
    assert one == {
        "minute": datetime(2026, 11, 18, 11, 30, tzinfo=UTC),
        "requests": 5,
        "throttled": 0,
        "tokens": 50,
        "latency_ms": 12.5,
    }
    assert set(one) == set(frames.MINUTES)
    assert (two["requests"], two["throttled"], two["tokens"]) == (5, 3, None)
    first = wire.requests[0].query
    assert first["filter"] == "ModelDeploymentName eq 'chat' and StatusCode eq '*'"
    assert (first["starttime"], first["interval"]) == ("2026-11-18T10:30:00Z", "PT1M")


def test_minutes_without_traffic_are_none(azure, wire):
    wire.says(BATCH, EMPTY)
    assert metrics.minutes(azure, CHAT, "westeurope", START, END) == []

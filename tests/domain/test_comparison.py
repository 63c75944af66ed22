"""Two deployments side by side: values, difference, and which is better, where that can be told."""

import pandas as pd

from domain.comparison import COMPARED, compared

NOW = {
    "model": "gpt-4o", "version": "2024-05-13", "capacity": 60, "requests": 1000, "tokens": 50_000,
    "throttled_share": 0.02, "failed": 4, "latency_ms": 800.0, "p95_tpm": 900, "peak_share": 0.5,
}  # fmt: skip
THEN = NOW | {"version": "2024-11-20", "requests": 2000, "throttled_share": 0.01, "failed": 10,
              "latency_ms": 900.0}  # fmt: skip


def told(now=NOW, then=THEN):
    return {it["what"]: it for it in compared(now, then)}


def test_every_figure_has_both_values_and_the_difference():
    rows = told()
    assert len(rows) == len(COMPARED)
    assert rows["Model"]["then"] == "gpt-4o 2024-11-20"
    assert [rows["Requests"][it] for it in ("now", "then", "difference")] == [
        "1,000", "2,000", "+1,000",
    ]  # fmt: skip
    assert rows["Refused with 429 (%)"]["difference"] == "-1.00"
    assert rows["Failed (5xx) (%)"]["now"] == "0.40"
    assert rows["Tokens per request"]["now"] == "50.0"


def test_better_is_said_where_one_is():
    rows = told()
    assert rows["Refused with 429 (%)"]["better"] == "to follow"
    assert rows["Failed (5xx) (%)"]["better"] == "in use"
    assert rows["Mean time to response (ms)"]["better"] == "in use"
    assert rows["Busiest minute of the limit (%)"]["better"] == "the same"
    assert rows["Requests"]["better"] == ""


def test_too_few_requests_prove_nothing():
    rows = told(then=THEN | {"requests": 99})
    assert rows["Refused with 429 (%)"]["better"] == "too few requests"


def test_what_was_not_measured_is_a_dash_and_no_zero():
    rows = told(then=THEN | {"latency_ms": pd.NA, "tokens": None, "requests": 0})
    assert rows["Mean time to response (ms)"]["then"] == "\u2013"
    assert rows["Mean time to response (ms)"]["better"] == "not measured"
    assert rows["Failed (5xx) (%)"]["then"] == "\u2013"  # of no request there is no share
    assert rows["Requests"]["then"] == "0"

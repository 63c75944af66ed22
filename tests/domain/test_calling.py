"""Who is behind a gap: the parts of a deployment's tokens, and none of them twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain import calling, frames
from domain.gateways import CALLERS

CALLED = {"resource": "/d", "deployment": "d", "backend": "b", "subscriber": "key", "network": "",
          "requests": 1, "messages": 1}  # fmt: skip


def callers(*told):
    rows = [{**CALLED, "product": product, "tokens": tokens} for product, tokens in told]
    return frames.frame(CALLERS, rows)


def parts(rows, units, platform):
    return calling.parts(rows, units, platform)[["kind", "product", "tokens", "share"]].to_dict(
        "split"
    )["data"]


def test_the_gap_stands_first_and_others_are_one_row_without_names():
    rows = callers(("shop", 50.0), ("theirs", 20.0), ("(none)", 10.0), ("secret", 5.0), ("", 5.0))
    found = calling.parts(rows, {"shop": "retail", "theirs": None}, 100.0)
    told = list(zip(found["kind"], found["product"].fillna("-"), found["tokens"], strict=True))
    assert told == [
        ("unnamed", "(none)", 10.0), ("unnamed", "", 5.0), ("unlogged", "-", 10.0),
        ("named", "shop", 50.0), ("others", "-", 25.0),
    ]  # fmt: skip
    assert found["share"].tolist() == [0.1, 0.05, 0.1, 0.5, 0.25]
    assert found["requests"].fillna(0).tolist() == [1, 1, 0, 1, 2]


@pytest.mark.parametrize("platform", [0.0, 40.0])
def test_a_log_that_tells_more_than_was_counted_leaves_no_rest(platform):
    found = calling.parts(callers(("shop", 50.0)), {"shop": "retail"}, platform)
    assert found["kind"].tolist() == ["named"]
    assert found["share"].isna().all() == (platform == 0)


@given(
    some.lists(some.tuples(some.sampled_from(["", "(none)", "a", "b"]), some.integers(0, 10**9))),
    some.integers(0, 10**10),
)
def test_no_token_is_lost_or_told_twice(told, platform):
    rows = callers(*((product, float(tokens)) for product, tokens in told))
    found = calling.parts(rows, {"a": "retail"}, float(platform))
    assert found["tokens"].sum() == max(platform, sum(tokens for _, tokens in told))
    assert "b" not in set(found["product"].dropna())

"""A finding keeps its age as long as it is so; edits are kept as they were seen."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain import frames
from store import edits, findings
from tests.store.conftest import MINUTE, NOW


def found(*keys, subscription="s", **fields):
    rows = [{"key": it, "kind": "idle", "subscription": subscription} | fields for it in keys]
    return frames.frame(frames.FINDINGS, rows)


def ages(frame):
    return dict(zip(frame["key"], frame["since"], strict=True))


def test_a_finding_that_stays_keeps_its_age_and_takes_the_new_words(begin, read):
    begin(findings.keep, found("a", what="one day idle"), ["s"], NOW)
    begin(findings.keep, found("a", what="two days idle", unit="retail"), ["s"], NOW + MINUTE)
    current = read(findings.current, ["s"])
    assert current.dtypes.astype(str).to_dict() == dict(frames.FINDINGS)
    assert ages(current) == {"a": NOW}
    assert current["what"].tolist() == ["two days idle"]
    assert current["unit"].tolist() == ["retail"]


def test_a_finding_that_comes_back_is_new(begin, read):
    begin(findings.keep, found("a", "b"), ["s"], NOW)
    begin(findings.keep, found("b"), ["s"], NOW + MINUTE)
    assert ages(read(findings.current, ["s"])) == {"b": NOW}
    begin(findings.keep, found("a", "b"), ["s"], NOW + 2 * MINUTE)
    assert ages(read(findings.current, ["s"])) == {"a": NOW + 2 * MINUTE, "b": NOW}


def test_a_finding_may_have_begun_before_it_was_found(begin, read):
    begin(findings.keep, found("a", since=NOW - timedelta(hours=2)), ["s"], NOW)
    begin(findings.keep, found("a", since=NOW), ["s"], NOW)
    assert ages(read(findings.current, ["s"])) == {"a": NOW - timedelta(hours=2)}


def test_subscriptions_that_were_not_looked_at_keep_theirs(begin, read):
    begin(findings.keep, found("a"), ["s", "t"], NOW)
    begin(findings.keep, found("b", subscription="t"), ["t"], NOW)
    assert ages(read(findings.current, ["s", "t"])) == {"a": NOW, "b": NOW}
    assert ages(read(findings.current, ["t"])) == {"b": NOW}
    begin(findings.keep, found(), ["s"], NOW)
    assert ages(read(findings.current, ["s", "t"])) == {"b": NOW}
    begin(findings.keep, found(), [], NOW)
    assert ages(read(findings.current, ["s", "t"])) == {"b": NOW}


@settings(max_examples=20, deadline=None, suppress_health_check=[*HealthCheck])
@given(st.lists(st.sets(st.sampled_from("abcd")), max_size=6))
def test_an_age_is_that_of_the_unbroken_run(store, looks):
    since = {}
    with store._writing() as session:  # never committed
        for step, keys in enumerate(looks):
            now = NOW + step * MINUTE
            findings.keep(session, found(*sorted(keys)), ["s"], now)
            since = {key: since.get(key, now) for key in keys}
            assert ages(findings.current(session, ["s"])) == since


def edit(minutes, subscription="s", **fields):
    return {"at": NOW + minutes * MINUTE, "subscription": subscription, "what": "SKU"} | fields


def test_edits_come_back_the_newest_first(begin, read):
    rows = [edit(0, before="a", after="b", who="portal"), edit(2), edit(1), edit(3, "t")]
    begin(edits.add, frames.frame(frames.EDITS, rows))
    every = read(edits.since, None, ["s"])
    assert every.dtypes.astype(str).to_dict() == dict(frames.EDITS)
    assert every["at"].tolist() == [NOW + it * MINUTE for it in (2, 1, 0)]
    assert every.iloc[2][["before", "after", "who"]].tolist() == ["a", "b", "portal"]
    assert read(edits.since, NOW, ["s", "t"])["at"].tolist() == [
        NOW + it * MINUTE for it in (3, 2, 1)
    ]
    assert len(read(edits.since, None, ["s", "t"], 2)) == 2
    assert read(edits.since, None, []).empty


def test_old_edits_are_pruned(begin, read):
    begin(edits.add, frames.frame(frames.EDITS, [edit(0), edit(1), edit(2)]))
    begin(edits.add, frames.frame(frames.EDITS, []))
    assert begin(edits.prune, NOW + MINUTE) == 1
    assert read(edits.since, None, ["s"])["at"].tolist() == [NOW + 2 * MINUTE, NOW + MINUTE]

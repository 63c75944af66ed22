"""A snapshot is kept with its age and troubles, under a generation that is a safe cache key."""

import threading
from datetime import timedelta
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from domain import frames
from domain.readings import ACCOUNTS, DEPLOYMENTS, MODELS, Snapshot, Trouble, kept_columns, nothing
from store import snapshots
from tests.store.conftest import MINUTE, NOW


def snapshot(*accounts, at=NOW, troubles=()):
    rows = [{"account_id": it, "account": it, "seen_at": at} for it in accounts]
    return Snapshot(frames.frame(kept_columns(ACCOUNTS), rows), at, troubles)


def test_what_is_kept_comes_back_as_it_was(begin, read):
    trouble = Trouble("s1", "Throttled", "Too often. Ünïcode", NOW - timedelta(hours=3))
    given = snapshot("a", "b", troubles=(trouble,))
    generation = begin(snapshots.keep, ACCOUNTS, "s1", given)
    back = read(snapshots.kept, ACCOUNTS, ["s1", "s2"])
    assert back["s2"] is None
    assert_frame_equal(back["s1"].frame, given.frame)
    assert back["s1"].at == NOW
    assert back["s1"].troubles == (trouble,)
    assert back["s1"].generation == generation == read(snapshots.generation, [ACCOUNTS], ["s1"])


def test_a_snapshot_without_data_has_no_time(begin, read):
    begin(snapshots.keep, ACCOUNTS, "s1", nothing(ACCOUNTS))
    back = read(snapshots.kept, ACCOUNTS, ["s1"])["s1"]
    assert back.at is None
    assert back.frame.empty
    assert back.frame.dtypes.astype(str).to_dict() == dict(kept_columns(ACCOUNTS))


def test_the_last_one_replaces_the_one_before(begin, read):
    begin(snapshots.keep, ACCOUNTS, "s1", snapshot("a"))
    begin(snapshots.keep, ACCOUNTS, "s1", snapshot("b", "c", at=NOW + MINUTE))
    back = read(snapshots.kept, ACCOUNTS, ["s1"])["s1"]
    assert back.frame["account"].tolist() == ["b", "c"]
    assert back.at == NOW + MINUTE


def test_topics_and_scopes_stay_apart(begin, read):
    begin(snapshots.keep, ACCOUNTS, "s1", snapshot("a"))
    begin(snapshots.keep, DEPLOYMENTS, "s2", nothing(DEPLOYMENTS))
    assert read(snapshots.scopes, ACCOUNTS) == ["s1"]
    assert read(snapshots.kept, ACCOUNTS, ["s2"]) == {"s2": None}
    assert read(snapshots.generation, [ACCOUNTS], ["s2"]) == 0
    assert read(snapshots.generation, [MODELS], ["s1", "s2"]) == 0
    assert read(snapshots.generation, [ACCOUNTS], []) == 0
    assert read(snapshots.generation, [ACCOUNTS, DEPLOYMENTS], ["s1", "s2"]) == 2


def test_what_is_dropped_is_gone_but_never_gives_an_old_generation_back(begin, read):
    begin(snapshots.keep, ACCOUNTS, "s2", snapshot("a"))
    begin(snapshots.keep, ACCOUNTS, "s1", snapshot("b"))
    before = read(snapshots.generation, [ACCOUNTS], ["s1", "s2"])
    begin(snapshots.drop, ACCOUNTS, ["s1", "never"])
    assert read(snapshots.scopes, ACCOUNTS) == ["s2"]
    assert read(snapshots.kept, ACCOUNTS, ["s1"]) == {"s1": None}
    after = read(snapshots.generation, [ACCOUNTS], ["s1", "s2"])
    assert after > before
    begin(snapshots.drop, ACCOUNTS, ["s1", "never"])  # nothing is there: nothing happens
    assert read(snapshots.generation, [ACCOUNTS], ["s1", "s2"]) == after


STEPS = st.lists(st.tuples(st.sampled_from(["keep", "drop"]), st.sampled_from("abc")), max_size=12)


@settings(max_examples=15, deadline=None, suppress_health_check=[*HealthCheck])
@given(STEPS)
def test_one_generation_never_stands_for_two_contents(store, steps):
    scopes, seen = ["a", "b", "c"], {}
    for number, (verb, scope) in enumerate(steps):
        with store.begin() as session:
            if verb == "keep":
                snapshots.keep(session, ACCOUNTS, scope, snapshot(f"{scope}{number}"))
            else:
                snapshots.drop(session, ACCOUNTS, [scope])
        with store.reading() as session:
            key = snapshots.generation(session, [ACCOUNTS], scopes)
            kept = snapshots.kept(session, ACCOUNTS, scopes)
            contents = {it: one and one.frame["account"].tolist() for it, one in kept.items()}
        assert seen.setdefault(key, contents) == contents


@pytest.mark.postgres
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_generations_become_visible_in_their_order(store, read):
    """The second keeper waits for the first, or a 2 could be seen before the 1 that it hides."""
    second = []

    def keep():
        with store.begin() as session:
            second.append(snapshots.keep(session, ACCOUNTS, "s2", snapshot("b")))

    with store.begin() as session:
        first = snapshots.keep(session, ACCOUNTS, "s1", snapshot("a"))
        thread = threading.Thread(target=keep)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
        assert read(snapshots.generation, [ACCOUNTS], ["s1", "s2"]) == 0
    thread.join(10)
    assert (first, second) == (1, [2])
    assert read(snapshots.generation, [ACCOUNTS], ["s1", "s2"]) == 2


def test_whoever_merges_into_a_snapshot_loses_nothing_of_others(store, read):
    def append():
        for _ in range(5):
            with store.begin() as session:
                snapshots.lock(session)
                before = snapshots.kept(session, ACCOUNTS, ["s1"])["s1"]
                accounts = before.frame["account"].tolist() if before else []
                snapshots.keep(session, ACCOUNTS, "s1", snapshot(*accounts, "one more"))

    threads = [threading.Thread(target=append) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(read(snapshots.kept, ACCOUNTS, ["s1"])["s1"].frame) == 15


def test_asking_for_the_generation_of_a_thousand_scopes_is_cheap(store, read):
    scopes = [f"subscription-{number}" for number in range(1_000)]
    with store.begin() as session:
        for scope in scopes[:200]:
            snapshots.keep(session, ACCOUNTS, scope, snapshot(*"abcdefgh"))
    read(snapshots.generation, [ACCOUNTS, DEPLOYMENTS], scopes)
    began = perf_counter()
    for _ in range(5):
        assert read(snapshots.generation, [ACCOUNTS, DEPLOYMENTS], scopes) == 200
    assert (perf_counter() - began) / 5 < 0.1

"""Two replicas collect once: a lease is held by one, given back, lost, or taken over."""

import threading
from collections import Counter
from datetime import timedelta

import pytest

from domain import records
from domain.readings import ACCOUNTS, DEPLOYMENTS
from store import rounds
from store.rounds import Due, Round
from tests.store.conftest import MINUTE, NOW

LEASE = 2 * MINUTE
NOTES = {"took_ms": 12.5, "calls": 3, "rows": 7, "troubles": 0, "data_at": NOW, "backlog": 0}


def due(*scopes, topic="accounts"):
    return [Due(topic, scope, 0) for scope in scopes]


def test_what_is_enrolled_is_due_at_once_and_enrolled_once(begin, read):
    begin(rounds.enrol, ACCOUNTS, ["a", "b"], NOW)
    begin(rounds.enrol, ACCOUNTS, {"b", "c"}, NOW + MINUTE)
    assert begin(rounds.claim, NOW, "one", LEASE) == due("a", "b")
    assert begin(rounds.claim, NOW + MINUTE, "one", LEASE) == due("c")
    assert read(rounds.listed)["scope"].tolist() == ["a", "b", "c"]


def test_a_new_cadence_is_taken_over(begin, read):
    begin(rounds.enrol, ACCOUNTS, ["a"], NOW)
    faster = type(ACCOUNTS)("accounts", "", {}, "", timedelta(seconds=7))
    begin(rounds.enrol, faster, ["a"], NOW)
    assert read(rounds.listed)["cadence_s"].tolist() == [7.0]


def test_what_is_claimed_is_nobody_elses_until_the_lease_is_over(begin):
    begin(rounds.enrol, ACCOUNTS, ["a"], NOW)
    assert begin(rounds.claim, NOW, "one", LEASE) == due("a")
    assert begin(rounds.claim, NOW + LEASE - MINUTE, "two", LEASE) == []
    assert begin(rounds.claim, NOW + LEASE - MINUTE, "one", LEASE) == []
    assert begin(rounds.claim, NOW + LEASE, "two", LEASE) == due("a")


def test_only_the_topics_that_are_asked_for_are_claimed(begin):
    begin(rounds.enrol, ACCOUNTS, ["a"], NOW)
    begin(rounds.enrol, DEPLOYMENTS, ["a"], NOW)
    assert begin(rounds.claim, NOW, "one", LEASE, []) == []
    taken = begin(rounds.claim, NOW, "one", LEASE, ["deployments"])
    assert taken == due("a", topic="deployments")


def test_what_is_finished_is_due_when_it_says(begin, read):
    begin(rounds.enrol, ACCOUNTS, ["a"], NOW)
    begin(rounds.claim, NOW, "one", LEASE)
    next_due = NOW + 5 * MINUTE
    notes = NOTES | {"backlog": 30, "troubles": 2, "data_at": NOW - MINUTE}
    assert begin(rounds.finish, "accounts", "a", "one", NOW + MINUTE, next_due, **notes)
    assert begin(rounds.claim, next_due - MINUTE, "two", LEASE) == []
    listed = read(rounds.listed)
    assert listed.dtypes.astype(str).to_dict() == dict(records.SOURCES)
    assert listed.astype(object).where(listed.notna(), None).to_dict("records") == [
        {
            "topic": "accounts",
            "scope": "a",
            "cadence_s": 300.0,
            "due_at": next_due,
            "running_since": None,
            "last_at": NOW + MINUTE,
            "data_at": NOW - MINUTE,
            "took_ms": 12.5,
            "calls": 3,
            "rows": 7,
            "troubles": 2,
            "backlog": 30,
        }
    ]
    assert begin(rounds.claim, next_due, "two", LEASE) == [Due("accounts", "a", 30)]
    assert read(rounds.listed)["running_since"].tolist() == [next_due]


def test_who_lost_the_lease_notes_nothing(begin, read):
    begin(rounds.enrol, ACCOUNTS, ["a"], NOW)
    begin(rounds.claim, NOW, "one", LEASE)
    begin(rounds.claim, NOW + LEASE, "two", LEASE)
    before = read(rounds.listed)
    late = NOW + LEASE + MINUTE
    assert not begin(rounds.finish, "accounts", "a", "one", late, late, **NOTES)
    assert not begin(rounds.finish, "accounts", "never", "one", late, late, **NOTES)
    assert read(rounds.listed).equals(before)
    assert begin(rounds.finish, "accounts", "a", "two", late, late + MINUTE, **NOTES)
    assert not begin(rounds.finish, "accounts", "a", "two", late, late, **NOTES)


def test_what_is_retired_while_it_runs_notes_nothing(begin, read):
    begin(rounds.enrol, ACCOUNTS, ["a", "b"], NOW)
    begin(rounds.claim, NOW, "one", LEASE)
    begin(rounds.retire, ACCOUNTS, ["a"])
    assert not begin(rounds.finish, "accounts", "a", "one", NOW, NOW, **NOTES)
    assert read(rounds.listed)["scope"].tolist() == ["b"]


def test_what_is_released_is_due_again(begin):
    begin(rounds.enrol, ACCOUNTS, ["a", "b"], NOW)
    begin(rounds.claim, NOW, "one", LEASE)
    begin(rounds.release, "two")
    assert begin(rounds.claim, NOW, "two", LEASE) == []
    begin(rounds.release, "one")
    assert begin(rounds.claim, NOW, "two", LEASE) == due("a", "b")


def finished(begin, owner, at, next_due):
    for it in begin(rounds.claim, at, owner, LEASE):
        begin(rounds.finish, it.topic, it.scope, owner, at, next_due, **NOTES)


def test_what_is_hastened_is_due_now(begin):
    for topic in (ACCOUNTS, DEPLOYMENTS):
        begin(rounds.enrol, topic, ["a", "b"], NOW)
    finished(begin, "one", NOW, NOW + timedelta(days=1))
    later = NOW + MINUTE
    assert begin(rounds.hasten, later, ["accounts"], ["b", "never"]) == 1
    assert begin(rounds.claim, later, "one", LEASE) == due("b")
    assert begin(rounds.hasten, later) == 4
    assert len(begin(rounds.claim, later, "two", LEASE)) == 3
    assert begin(rounds.hasten, later, []) == 0


def test_what_is_hastened_while_it_runs_is_collected_once_more(begin):
    """It may have been read before the change that somebody hastened it for."""
    begin(rounds.enrol, ACCOUNTS, ["a"], NOW)
    begin(rounds.claim, NOW, "one", LEASE)
    begin(rounds.hasten, NOW)
    begin(rounds.finish, "accounts", "a", "one", NOW, NOW + timedelta(days=1), **NOTES)
    finished(begin, "two", NOW, NOW + timedelta(days=1))
    assert begin(rounds.claim, NOW + MINUTE, "one", LEASE) == []


def test_hastening_never_puts_off(begin):
    begin(rounds.enrol, ACCOUNTS, ["a"], NOW)
    begin(rounds.hasten, NOW + MINUTE)
    assert begin(rounds.claim, NOW, "one", LEASE) == due("a")


def test_no_two_claimers_get_the_same(store, begin):
    scopes = [f"s{number}" for number in range(40)]
    begin(rounds.enrol, ACCOUNTS, scopes, NOW)
    taken, start = Counter(), threading.Barrier(6)

    def collect(owner):
        start.wait()
        for step in range(6):
            with store.begin() as session:
                mine = rounds.claim(session, NOW + step * MINUTE, owner, timedelta(days=1))
            taken.update(it.scope for it in mine)

    threads = [threading.Thread(target=collect, args=(f"owner {it}",)) for it in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert taken == Counter(scopes)


def test_a_round_is_told_from_its_begin_to_its_end(begin, read):
    assert read(rounds.latest) is None
    first = begin(rounds.begun, "one", NOW, 5)
    begin(rounds.answered, first, 3, 6)
    assert read(rounds.latest) == Round(first, "one", NOW, None, 6, 3)
    begin(rounds.ended, first, NOW + MINUTE)
    assert read(rounds.latest).ended_at == NOW + MINUTE
    second = begin(rounds.begun, "two", NOW, 1)
    assert second > first
    assert read(rounds.latest) == Round(second, "two", NOW, None, 1, 0)


@pytest.mark.postgres
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_what_another_is_claiming_at_this_moment_is_passed_over(store, begin):
    begin(rounds.enrol, ACCOUNTS, ["a"], NOW)
    with store.begin() as one, store.begin() as two:
        assert rounds.claim(one, NOW, "one", LEASE) == due("a")
        assert rounds.claim(two, NOW, "two", LEASE) == []

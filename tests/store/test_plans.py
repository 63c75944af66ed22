"""A plan's journal is kept as it is, and one worker at a time carries one plan of an account."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.faults import Outdated
from domain.protocol import ENDS, Plan, Step
from store import plans
from tests.store.conftest import MINUTE, NOW

LEASE = 2 * MINUTE
ACCOUNT = (
    "/subscriptions/s/resourcegroups/g/providers/microsoft.cognitiveservices/accounts/{}"
    "/deployments/{}"
)


def plan(deployment="chat", account="shop", **fields):
    resource = ACCOUNT.format(account, deployment)
    words = {"etag": "1", "before": "{}", "target": '{"a": 1}', "proposer": "t/ada", "reason": "x"}
    return Plan("tags", resource, asked_at=NOW, **words | fields)


def ids(plans):
    return [plan.id for plan in plans]


def test_a_plan_comes_back_with_its_journal(begin, read):
    id = begin(plans.add, plan(undoes=None))
    assert read(plans.find, id) == replace(plan(), id=id)
    written = replace(read(plans.find, id).writing(NOW + MINUTE), said="No.")
    begin(plans.save, written)
    assert read(plans.find, id) == written
    ended = written.ended(Step.DONE, NOW + 2 * MINUTE)
    begin(plans.save, ended)
    assert read(plans.find, id) == ended
    assert read(plans.find, id + 1) is None


@pytest.mark.parametrize("end", sorted(ENDS))
def test_what_has_ended_stays_ended(begin, read, end):
    id = begin(plans.add, plan())
    ended = read(plans.find, id).ended(end, NOW)
    begin(plans.save, ended)
    with pytest.raises(Outdated):
        begin(plans.save, replace(ended, state=Step.WAIT))
    assert read(plans.find, id) == ended
    assert read(plans.unfinished, ended.resource) == []
    assert begin(plans.claim, NOW, "one", LEASE) == []


def test_what_never_was_cannot_be_saved(begin):
    with pytest.raises(Outdated):
        begin(plans.save, replace(plan(), id=7))


def test_lists_are_of_one_resource_or_of_all(begin, read):
    first, second, third = (begin(plans.add, plan(it)) for it in ("chat", "embed", "chat"))
    assert ids(read(plans.unfinished, plan("chat").resource)) == [first, third]
    assert ids(read(plans.latest)) == [third, second, first]
    assert ids(read(plans.latest, 2)) == [third, second]


def test_an_account_gives_its_oldest_plan_and_only_that(begin, read):
    first, _, other = (
        begin(plans.add, it) for it in (plan("chat"), plan("embed"), plan(account="bank"))
    )
    assert ids(begin(plans.claim, NOW, "one", LEASE)) == [first, other]
    assert ids(begin(plans.claim, NOW, "one", LEASE)) == [first, other]  # still one's own
    assert begin(plans.claim, NOW, "two", LEASE) == []
    begin(plans.save, read(plans.find, first).ended(Step.FAILED, NOW))
    assert len(begin(plans.claim, NOW, "two", LEASE)) == 1


def test_an_account_that_another_holds_waits_whole(begin):
    begin(plans.add, plan("chat"))
    begin(plans.claim, NOW, "one", LEASE)
    begin(plans.add, plan("embed"))
    assert begin(plans.claim, NOW + MINUTE, "two", LEASE) == []


def test_a_lease_ends_by_time_or_by_release(begin):
    first = begin(plans.add, plan())
    begin(plans.claim, NOW, "one", LEASE)
    assert ids(begin(plans.claim, NOW + LEASE, "two", LEASE)) == [first]
    begin(plans.release, "one")
    assert begin(plans.claim, NOW + LEASE, "one", LEASE) == []
    begin(plans.release, "two")
    assert ids(begin(plans.claim, NOW + LEASE, "one", LEASE)) == [first]


def test_no_two_workers_get_one_plan_or_one_account(store, begin):
    for account in range(12):
        for deployment in range(2):
            begin(plans.add, plan(str(deployment), str(account)))
    taken, start = Counter(), threading.Barrier(5)

    def work(owner):
        start.wait()
        for _ in range(4):
            with store.begin() as session:
                mine = plans.claim(session, NOW, owner, timedelta(days=1))
            taken.update({(it.resource.split("/")[8], owner) for it in mine} - set(taken))

    threads = [threading.Thread(target=work, args=(f"owner {it}",)) for it in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(account for account, _ in taken) == sorted(str(it) for it in range(12))


@pytest.mark.postgres
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_what_another_is_claiming_at_this_moment_is_passed_over(store, begin):
    begin(plans.add, plan())
    with store.begin() as one, store.begin() as two:
        assert len(plans.claim(one, NOW, "one", LEASE)) == 1
        assert plans.claim(two, NOW, "two", LEASE) == []

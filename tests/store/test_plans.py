"""A plan's journal is kept as it is, and one worker at a time carries one plan of an account."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.faults import Outdated
from domain.plans import ENDS, Answer, Leg, Plan, Standing, State
from store import plans
from tests.store.conftest import MINUTE, NOW

LEASE = 2 * MINUTE
ACCOUNT = (
    "/subscriptions/s/resourcegroups/g/providers/microsoft.cognitiveservices/accounts/{}"
    "/deployments/{}"
)


def plan(deployment="chat", account="shop", **fields):
    resource = ACCOUNT.format(account, deployment)
    legs = (Leg("tags", resource, "1", "{}", '{"a": 1}', **fields),)
    return Plan(legs, "t/ada", "x", NOW)


def ids(found):
    return [getattr(it, "plan", it).id for it in found]


def claimed(begin, number=None, owner="one", at=NOW):
    """The plan of this number, or the only one, in the hands of this owner."""
    found = begin(plans.claim, at, owner, LEASE)
    return next(it for it in found if number in (None, it.plan.id))


def test_a_plan_comes_back_with_its_journal(begin, read):
    id = begin(plans.add, plan())
    assert read(plans.find, id) == replace(plan(), id=id)
    fence = claimed(begin).fence
    written = read(plans.find, id).taken_up(NOW).writing(0, NOW + MINUTE)
    heard = written.answered(0, Answer.LATER, "Busy.", NOW + 2 * MINUTE)
    for it in (written, heard, heard.reached(0, Standing.THERE, "2", NOW)):
        begin(plans.save, it, fence)
        assert read(plans.find, id) == it
    ended = heard.ended(State.DONE, NOW + 2 * MINUTE)
    begin(plans.save, ended, fence)
    assert read(plans.find, id) == ended
    assert read(plans.find, id + 1) is None


def test_legs_keep_their_order(begin, read):
    legs = [plan(it).legs[0] for it in ("z", "a", "m")]
    id = begin(plans.add, replace(plan(), legs=tuple(legs)))
    assert read(plans.find, id).legs == tuple(legs)


@pytest.mark.parametrize("end", sorted(ENDS))
def test_what_has_ended_stays_ended(begin, read, end):
    id = begin(plans.add, plan())
    fence = claimed(begin).fence
    ended = read(plans.find, id).ended(end, NOW)
    begin(plans.save, ended, fence)
    assert read(plans.holds) == []
    with pytest.raises(Outdated):
        begin(plans.save, replace(ended, state=State.CONFIRMED), fence)
    assert read(plans.find, id) == ended
    assert read(plans.unfinished, ended.resources[0]) == []
    assert begin(plans.claim, NOW, "one", LEASE) == []


def test_what_never_was_cannot_be_saved(begin):
    with pytest.raises(Outdated):
        begin(plans.save, replace(plan(), id=7), 0)


def test_an_old_number_saves_nothing(begin, read):
    id = begin(plans.add, plan())
    old = claimed(begin)
    new = claimed(begin, owner="two", at=NOW + LEASE)
    assert new.fence > old.fence
    with pytest.raises(Outdated):
        begin(plans.save, old.plan.writing(0, NOW), old.fence)
    begin(plans.save, new.plan.writing(0, NOW + LEASE), new.fence)
    assert read(plans.find, id).legs[0].written_at == NOW + LEASE


def test_what_waits_for_approval_or_for_its_hour_is_nobodys(begin):
    begin(plans.add, replace(plan(), state=State.PROPOSED))
    begin(plans.add, replace(plan("embed"), starts_at=NOW + MINUTE))
    assert begin(plans.claim, NOW, "one", LEASE) == []
    assert len(begin(plans.claim, NOW + MINUTE, "one", LEASE)) == 1


def test_a_pool_is_one_plans_until_its_end(begin, read):
    first, second, third = (
        begin(plans.add, plan(account=account, pool=pool))
        for account, pool in (("shop", "p"), ("bank", "p"), ("desk", "q"))
    )
    assert ids(begin(plans.claim, NOW, "one", LEASE)) == [first, third]
    begin(plans.release, "one")
    assert ids(begin(plans.claim, NOW, "two", LEASE)) == [first, third], "what it began with"
    assert {it.thing: it.plan for it in read(plans.holds)}["p"] == first
    fence = claimed(begin, first, "two").fence
    begin(plans.save, read(plans.find, first).ended(State.REVERTED, NOW), fence)
    assert second in ids(begin(plans.claim, NOW, "two", LEASE))


def test_what_is_approved_late_does_not_stop_what_has_begun(begin, read):
    older = begin(plans.add, replace(plan(), state=State.PROPOSED))
    younger = begin(plans.add, plan("embed"))
    assert ids(begin(plans.claim, NOW, "one", LEASE)) == [younger]
    begin(plans.release, "one")
    begin(plans.move, read(plans.find, older), State.CONFIRMED, NOW)
    assert ids(begin(plans.claim, NOW, "one", LEASE)) == [younger], "it holds the account"
    fence = claimed(begin, younger).fence
    begin(plans.save, read(plans.find, younger).ended(State.DONE, NOW), fence)
    assert ids(begin(plans.claim, NOW, "one", LEASE)) == [older]


def test_a_person_moves_only_what_no_worker_has_begun(begin, read):
    id = begin(plans.add, plan())
    fresh = read(plans.find, id)
    it = claimed(begin)
    begin(plans.save, it.plan.writing(0, NOW), it.fence)
    with pytest.raises(Outdated):
        begin(plans.move, fresh, State.WITHDRAWN, NOW)
    other = begin(plans.add, plan("embed", "bank"))
    withdrawn = begin(plans.move, read(plans.find, other), State.WITHDRAWN, NOW, "No.")
    assert (withdrawn.state, withdrawn.said, withdrawn.ended_at) == (State.WITHDRAWN, "No.", NOW)
    with pytest.raises(Outdated):
        begin(plans.move, read(plans.find, id), State.WITHDRAWN, NOW)


def test_what_was_to_last_until_now_comes_back_once(begin, read):
    id = begin(plans.add, replace(plan(), until=NOW + MINUTE))
    it = claimed(begin)
    begin(plans.save, it.plan.ended(State.DONE, NOW), it.fence)
    assert read(plans.returning, NOW) == []
    assert ids(read(plans.returning, NOW + MINUTE)) == [id]
    for state, by_hand, taken_back in (
        (State.ABORTED, NOW, False),
        (State.CONFIRMED, NOW, True),
        (State.ABORTED, NOW + MINUTE, True),
    ):
        begin(plans.add, replace(plan(), undoes=id, state=state, asked_at=by_hand))
        assert ids(read(plans.returning, NOW + MINUTE)) == ([] if taken_back else [id])


def test_what_a_person_said_last_counts(begin, read):
    id = begin(plans.add, plan())
    said = plans.Approval(id, "t/alan", True, "", NOW)
    begin(plans.approve, replace(said, approves=False, comment="Too much."))
    begin(plans.approve, said)
    assert read(plans.approvals, [id]) == [said]


def test_lists_are_of_one_resource_or_of_all(begin, read):
    first, second, third = (begin(plans.add, plan(it)) for it in ("chat", "embed", "chat"))
    assert ids(read(plans.unfinished, plan("chat").resources[0])) == [first, third]
    assert ids(read(plans.latest)) == [third, second, first]
    assert ids(read(plans.latest, 2)) == [third, second]


def test_what_a_person_has_proposed_lately(begin, read):
    lately = NOW - timedelta(hours=1)
    done = replace(plan("b"), state=State.DONE, ended_at=lately)
    old = replace(done, ended_at=lately - timedelta(seconds=1))
    first, second, _, other = (
        begin(plans.add, it) for it in (plan("a"), done, old, replace(plan("d"), proposer="t/alan"))
    )
    assert ids(read(plans.of_person, "t/ada", lately)) == [first, second]
    assert ids(read(plans.of_person, "t/alan", lately)) == [other]


def test_an_account_gives_its_oldest_plan_and_only_that(begin, read):
    first, _, other = (
        begin(plans.add, it) for it in (plan("chat"), plan("embed"), plan(account="bank"))
    )
    assert ids(begin(plans.claim, NOW, "one", LEASE)) == [first, other]
    assert ids(begin(plans.claim, NOW, "one", LEASE)) == [first, other]  # still one's own
    assert begin(plans.claim, NOW, "two", LEASE) == []
    fence = claimed(begin, first).fence
    begin(plans.save, read(plans.find, first).ended(State.REFUSED, NOW), fence)
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
            these = {(it.plan.resources[0].split("/")[8], owner) for it in mine}
            taken.update(these - set(taken))

    threads = [threading.Thread(target=work, args=(f"owner {it}",)) for it in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(account for account, _ in taken) == sorted(str(it) for it in range(12))


@pytest.mark.postgres
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_claimers_take_turns(store, begin):
    begin(plans.add, plan())
    found = []

    def second():
        with store.begin() as two:
            found.append(plans.claim(two, NOW, "two", LEASE))

    with store.begin() as one:
        assert len(plans.claim(one, NOW, "one", LEASE)) == 1
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive(), "it waits for the first one to be through"
    thread.join(30)
    assert found == [[]]


@pytest.mark.postgres
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_what_is_being_written_is_not_withdrawn(store, begin, read):
    id = begin(plans.add, plan())
    it, fresh, said = claimed(begin), read(plans.find, id), []

    def withdraw():
        try:
            begin(plans.move, fresh, State.WITHDRAWN, NOW)
        except Outdated:
            said.append("too late")

    with store.begin() as session:
        plans.save(session, it.plan.writing(0, NOW), it.fence)
        thread = threading.Thread(target=withdraw)
        thread.start()
        thread.join(0.3)
    thread.join(30)
    assert said == ["too late"]
    assert read(plans.find, id).state is State.CONFIRMED


@pytest.mark.postgres
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_what_is_being_withdrawn_holds_nothing(store, begin, read):
    fresh = read(plans.find, begin(plans.add, plan()))
    thread = threading.Thread(target=begin, args=(plans.claim, NOW, "one", LEASE))
    with store.begin() as session:
        plans.move(session, fresh, State.WITHDRAWN, NOW)
        thread.start()
        thread.join(0.3)
    thread.join(30)
    assert read(plans.holds) == []

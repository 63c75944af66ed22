"""The outbox on both databases: one row for each key, one sender at a time, nothing lost."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from domain.notices import NOBODY, PASSED
from domain.plans import Leg, Plan, State
from store import notices, plans
from store.notices import Outgoing
from tests.store.conftest import MINUTE, NOW

LEASE = 5 * MINUTE


def outgoing(key="plan:1:approval", minutes=0, **fields):
    at = NOW + minutes * MINUTE
    return replace(Outgoing(key, "approval", "Plan 1", "Words.", at, at), **fields)


def added(begin, *these):
    begin(notices.add, these)


def test_a_message_is_kept_once_and_as_it_was_first(begin, read):
    added(begin, outgoing(), outgoing("b"))
    added(begin, outgoing(title="Another"), outgoing("c"))
    added(begin)
    assert [it.key for it in read(notices.unsent)] == ["b", "c", "plan:1:approval"]
    assert read(notices.find, "plan:1:approval") == outgoing()
    assert read(notices.find, "nothing") is None
    assert read(notices.known, ["b", "x"]) == {"b"}
    assert read(notices.known, []) == set()


def test_the_oldest_that_is_due_is_claimed_once_until_its_lease_is_over(begin, read):
    added(begin, outgoing("b"), outgoing("a"), outgoing("later", 9))
    first, second = (begin(notices.claim, NOW, LEASE) for _ in range(2))
    assert (first.key, second.key) == ("a", "b")
    assert begin(notices.claim, NOW, LEASE) is None
    assert first == read(notices.find, "a")
    assert (first.tries, first.next_at) == (1, NOW + LEASE)
    again = begin(notices.claim, NOW + LEASE, LEASE)
    assert (again.key, again.tries) == ("a", 2)


def test_what_is_sent_is_not_told_again(begin, read):
    added(begin, outgoing())
    it = begin(notices.claim, NOW, LEASE)
    begin(notices.sent, it, NOW + MINUTE)
    assert read(notices.unsent) == []
    assert begin(notices.claim, NOW + 9 * LEASE, LEASE) is None
    assert read(notices.find, it.key).sent_at == NOW + MINUTE
    added(begin, outgoing())
    assert read(notices.unsent) == []


def test_what_failed_is_due_again_when_it_is_said(begin, read):
    added(begin, outgoing())
    it = begin(notices.claim, NOW, LEASE)
    begin(notices.failed, it, "Address 1 is down.", NOW + 2 * MINUTE)
    assert begin(notices.claim, NOW + MINUTE, LEASE) is None
    second = begin(notices.claim, NOW + 2 * MINUTE, LEASE)
    assert (second.tries, second.said) == (2, "Address 1 is down.")
    begin(notices.failed, second, "Down for good.", None)
    assert begin(notices.claim, NOW + 99 * LEASE, LEASE) is None
    assert read(notices.known, [it.key]) == {it.key}


def test_a_late_failure_does_not_undo_what_another_try_has_done(begin, read):
    added(begin, outgoing())
    slow = begin(notices.claim, NOW, LEASE)
    quick = begin(notices.claim, NOW + LEASE, LEASE)
    begin(notices.failed, slow, "Late.", None)
    assert read(notices.find, slow.key) == quick
    begin(notices.sent, quick, NOW + LEASE)
    begin(notices.failed, quick, "Late.", None)
    assert read(notices.find, slow.key).sent_at == NOW + LEASE


def test_what_was_dropped_untold_is_told_when_it_is_so_again(begin, read):
    for said in (PASSED, NOBODY):
        added(begin, outgoing(), outgoing("sent"))
        begin(notices.sent, outgoing("sent"), NOW)
        begin(notices.drop, ["plan:1:approval", "sent", "unknown"], said)
        assert read(notices.unsent) == []
        assert read(notices.find, "sent").said == ""
        assert read(notices.known, ["plan:1:approval", "sent"]) == {"sent"}
        added(begin, outgoing(words="Anew."), outgoing("sent"))
        assert [(it.key, it.words) for it in read(notices.unsent)] == [("plan:1:approval", "Anew.")]


def test_a_test_takes_the_place_of_the_one_before(begin, read):
    begin(notices.put, outgoing("test:ada", kind="test"))
    begin(notices.sent, outgoing("test:ada"), NOW)
    begin(notices.put, outgoing("test:ada", 5))
    assert read(notices.unsent) == [outgoing("test:ada", 5)]


def test_the_newest_is_listed_first_and_old_ones_are_forgotten(begin, read):
    added(begin, *(outgoing(str(it), it) for it in range(4)))
    assert [it.key for it in read(notices.latest, 3)] == ["3", "2", "1"]
    begin(notices.sent, outgoing("0"), NOW)
    assert begin(notices.prune, NOW + 2 * MINUTE) == 1
    assert [it.key for it in read(notices.latest, 9)] == ["3", "2", "1"]


def test_many_claim_at_once_and_nobody_gets_what_another_has(store, begin):
    many = 40
    added(begin, *(outgoing(f"{it:03}") for it in range(many)))

    def work(_):
        mine = []
        while True:
            with store.begin() as session:
                it = notices.claim(session, NOW, LEASE)
            if it is None:
                return mine
            mine.append(it.key)

    with ThreadPoolExecutor(4) as threads:
        taken = [key for mine in threads.map(work, range(4)) for key in mine]
    assert sorted(taken) == [f"{it:03}" for it in range(many)]


def test_many_add_the_same_at_once_and_each_is_kept_once(store):
    def work(_):
        with store.begin() as session:
            notices.add(session, [outgoing(f"{it:03}") for it in range(20)])

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    with store.reading() as session:
        assert len(notices.latest(session, 99)) == 20


RESOURCE = "/subscriptions/s/resourcegroups/g/providers/microsoft.cognitiveservices/accounts/a"


def planned(begin, **fields):
    leg = Leg("capacity", f"{RESOURCE}/deployments/d", "1", "{}", "{}")
    return begin(plans.add, Plan((leg,), "t/ada", "x", NOW, **fields))


def test_a_taking_back_that_came_to_nothing_is_found(begin, read):
    until = NOW + MINUTE
    done = {"state": State.DONE, "until": until, "title": "More for the sale"}
    first, open_, never = (planned(begin, **fields) for fields in (done, done, {}))
    back = planned(begin, undoes=first, state=State.ABORTED, ended_at=NOW, said="Changed.")
    planned(begin, undoes=open_, state=State.CONFIRMED)
    planned(begin, undoes=never, state=State.REFUSED, ended_at=NOW)
    (found,) = read(notices.unreturned, NOW - MINUTE)
    assert (found.plan, found.back, found.until) == (first, back, until)
    assert (found.title, found.state, found.said) == ("More for the sale", "aborted", "Changed.")
    assert read(notices.unreturned, NOW) == []
    planned(begin, undoes=first, state=State.DONE, ended_at=NOW)
    assert read(notices.unreturned, NOW - MINUTE) == []

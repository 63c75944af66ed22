"""A purge is for good: its name is typed, a second person approves, and its quota is free after."""

import pytest

from actions import approve, purge, undo
from actions.proposing import Terms
from domain.faults import NotAllowed, OutOfRange
from domain.plans import State
from domain.readings import DELETED
from store import plans, snapshots
from tests.world import BUSY, CHAT, SMALL

WHY = Terms("its quota is needed")


@pytest.fixture
def crowd(made):
    return made("crowded").collected()


@pytest.fixture
def gone(crowd):
    """(id, name) of the account that is deleted and holds 15 units."""
    with crowd.store.reading() as session:
        rows = snapshots.kept(session, DELETED, [SMALL])[SMALL].frame
    return rows["deleted_resource"].iloc[0], rows["account"].iloc[0]


def carried_out(console, number, rounds=4):
    for _ in range(rounds):
        console.worker.run_once()
    with console.store.reading() as session:
        return plans.find(session, number)


def test_it_is_purged_by_two_and_not_undone(crowd, gone):
    resource, name = gone
    number = purge.account(crowd.visit("ada"), resource, named=name, terms=WHY)
    waiting = carried_out(crowd, number)
    assert (waiting.state, waiting.policy) == (State.PROPOSED, "a purge cannot be undone")
    assert crowd.wire.writes == []
    approve.plan(crowd.visit("alan"), number, fingerprint=waiting.fingerprint)
    assert carried_out(crowd, number).state is State.DONE
    assert [(method, path) for method, path, _ in crowd.wire.writes] == [("DELETE", resource)]
    with crowd.store.reading() as session:
        assert snapshots.kept(session, DELETED, [SMALL])[SMALL].frame.empty
    with pytest.raises(OutOfRange, match="cannot be undone"):
        undo.change(crowd.visit("ada"), number)


@pytest.mark.parametrize(("named", "why"), [("", WHY), ("other", WHY), (None, Terms())])
def test_name_and_reason_are_asked_for(crowd, gone, named, why):
    resource, name = gone
    with pytest.raises(OutOfRange):
        purge.account(
            crowd.visit("ada"), resource, named=name if named is None else named, terms=why
        )


@pytest.mark.parametrize("resource", ["", BUSY, CHAT, "x"])
def test_what_is_not_deleted(crowd, resource):
    with pytest.raises(NotAllowed):
        purge.account(crowd.visit("ada"), resource, named="x", terms=WHY)


@pytest.mark.parametrize("person", ["maria", "vera", "tess", "otto"])
def test_only_admins_purge(crowd, gone, person):
    with pytest.raises(NotAllowed, match="may not"):
        purge.account(crowd.visit(person), gone[0], named=gone[1], terms=WHY)

"""Trying whether messages arrive: for admins, one test of each at a time, in the outbox."""

import pytest

from actions import told
from domain.faults import NotAllowed, OutOfRange
from domain.roles import CAST
from reads import audit
from reads.notices import outbox


@pytest.mark.parametrize("person", CAST, ids=lambda it: it.id)
def test_admins_try_whether_messages_arrive(console, person):
    visit = console.visit(person.id)
    if person.role == "admin":
        key = told.test(visit)
        with pytest.raises(OutOfRange, match="still on its way"):
            told.test(visit)
        (row,) = outbox(console.store).to_dict("records")
        assert (row["key"], row["kind"], row["standing"]) == (key, "test", "on its way")
        assert audit.trail(console.store)["came"].tolist() == ["refused", "asked"]
    else:
        with pytest.raises(NotAllowed, match="may not have a test notice sent"):
            told.test(visit)
        assert outbox(console.store).empty
        assert audit.trail(console.store)["came"].tolist() == ["refused"]


def test_two_admins_test_each_for_themselves(console):
    assert told.test(console.visit("ada")) != told.test(console.visit("alan"))
    assert len(outbox(console.store)) == 2

"""What begins or goes back by itself, by tables of plans."""

from datetime import timedelta

import pytest

from domain import agenda, frames, records
from domain.plans import State
from tests.world import NOON

HOUR = timedelta(hours=1)


def plans(*rows):
    told = [{"plan": at, "title": f"plan {at}", **row} for at, row in enumerate(rows, start=1)]
    return frames.frame(records.PLANS, told)


def told(*rows):
    found = agenda.agenda(plans(*rows), NOON)
    return list(zip(found["at"], found["what"], found["plan"], strict=True))


def test_what_waits_begins_and_what_lasts_goes_back():
    assert told(
        {"state": str(State.CONFIRMED), "starts_at": NOON + 2 * HOUR, "until": NOON + 4 * HOUR},
        {"state": str(State.DONE), "starts_at": NOON - HOUR, "until": NOON + HOUR},
        {"state": str(State.PROPOSED), "starts_at": NOON + 3 * HOUR},
    ) == [
        (NOON + HOUR, "goes back", 2),
        (NOON + 2 * HOUR, "begins", 1),
        (NOON + 3 * HOUR, "begins", 3),
        (NOON + 4 * HOUR, "goes back", 1),
    ]


@pytest.mark.parametrize(
    "row",
    [
        {"state": str(State.DONE), "until": NOON},
        {"state": str(State.DONE), "until": NOON + HOUR, "undone_by": 9},
        {"state": str(State.DONE), "starts_at": NOON + HOUR},
        {"state": str(State.WITHDRAWN), "starts_at": NOON + HOUR, "until": NOON + 2 * HOUR},
        {"state": str(State.NEEDS_PERSON), "until": NOON + HOUR},
        {"state": str(State.CONFIRMED)},
    ],
)
def test_what_is_over_taken_back_or_has_no_hour_is_not_in_it(row):
    assert told(row) == []


def test_no_plans_no_agenda():
    found = agenda.agenda(plans(), NOON)
    assert list(found) == list(agenda.AGENDA)
    assert found.empty

"""A thousand hostile schedules over the real worker, store and services; what they have taught."""

import pytest

from domain.plans import Leg, Plan, State
from jobs.worker import LEASE
from store import plans
from tests.jobs.site import START, Site
from tests.world import NOON

SEEDS = range(1_000)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = Site(f"sqlite:///{tmp_path_factory.mktemp('schedules')}/console.db")
    yield made
    made.close()


# --- counter-examples -------------------------------------------------------------------------


def test_a_plan_that_goes_on_does_not_wait_for_an_older_one_that_was_approved_since(console):
    """Each would wait for the other for ever: the older one for what the younger one holds."""
    resource = next(iter(START))
    with console.store.begin() as session:
        older = plans.add(session, _plan(resource, State.PROPOSED))
        younger = plans.add(session, _plan(resource, State.CONFIRMED))
        assert _claimed(session) == [younger]
        plans.move(session, plans.find(session, older), State.CONFIRMED, NOON)
        assert _claimed(session) == [younger]
        plans.move(session, plans.find(session, younger), State.WITHDRAWN, NOON)
        assert _claimed(session) == [older]


def _plan(resource, state):
    leg = Leg("tags", resource, '"1"', "{}", '{"a": "b"}')
    return Plan((leg,), "contoso/ada", "", NOON, state=state)


def _claimed(session):
    return [it.plan.id for it in plans.claim(session, NOON, "one", LEASE)]

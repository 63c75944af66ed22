"""A thousand hostile schedules over the real worker, store and services; what they have taught."""

from collections import Counter

import pytest

from domain.plans import Leg, Plan, State
from jobs.worker import LEASE
from store import plans
from tests.jobs.schedules import played
from tests.jobs.site import START, Site
from tests.world import NOON

PARTS, EACH = 4, 250
ENDINGS = {
    "done",
    "refused",
    "aborted",
    "put back",
    "needs a person",
    "withdrawn",
}
FAULTS = {
    "lost",
    "drop",
    "fail 500",
    "fail 503",
    "fail 400 InsufficientQuota",
    "fail 404 ResourceNotFound",
    "forbid",
    "html",
    "truncated",
    "conflict",
    "throttle 7",
    "throttle 86400",
    "late",
    "stuck",
    "fails Failed",
    "fails Canceled",
    "fail of a look",
    "drop of a look",
    "html of a look",
    "truncated of a look",
    "throttle of a look",
    "store down",
    "two at once",
    "slow",
    "overtaken",
    "leave",
    "approved",
    "withdrawn",
}


@pytest.mark.timeout(400)
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_lost_or_doubled_in_silence(part, tmp_path):
    """Against I1 to I13 of docs of reliability, 5.9, each schedule with kills and faults."""
    site = Site(f"sqlite:///{tmp_path}/console.db")
    tales = [played(site, seed) for seed in range(part * EACH, (part + 1) * EACH)]
    site.close()
    assert {it.seed: it.wrong for it in tales if it.wrong} == {}
    assert [it.seed for it in tales if it.needless] == []
    happened = sum((it.happened for it in tales), Counter())
    assert {end for it in tales for end in it.ends} == ENDINGS
    assert happened.keys() >= FAULTS
    assert {it.split()[1] for it in happened if it.startswith("others")} == {
        "PATCH",
        "PUT",
        "DELETE",
    }
    killed = {it.partition(" at ")[2] for it in happened if it.startswith("killed")}
    assert len(killed) >= 10, killed


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

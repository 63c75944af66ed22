"""Mistakes in the protocol and in plans, each noticed by living a few hostile histories."""

import pytest

import tests.domain.protocol_histories  # so that the room is there to plant into
from tests.mutants import Mutant, imported

PLANS, ORDERING, PROTOCOL = "domain.plans", "domain.ordering", "domain.protocol"
LIVED = ("tests.domain.protocol_world", "tests.domain.protocol_histories")
CHAIN = [PLANS, ORDERING, PROTOCOL, *LIVED]
ENOUGH, SOME = 30_000, 3_000
"""Histories in which a mistake has to show, and in which none shows where there is none."""
CALLED = 0.002
"""Far more plans need a person, where nobody but the console writes, than without a mistake."""

MUTANTS = [
    Mutant(
        "no settle period",
        PLANS,
        "and now < self.written_at + SETTLE",
        "and now < self.written_at",
    ),
    Mutant(
        "a write is dated at its look",
        PLANS,
        "replace(leg, written_at=at, first_at=first)",
        "replace(leg, first_at=first)",
    ),
    Mutant(
        "increase before decrease",
        ORDERING,
        "leg.amount > 0, leg.resource)",
        "leg.amount < 0, leg.resource)",
    ),
    Mutant("attempts are not counted", PLANS, "writes=leg.writes + 1", "writes=leg.writes or 1"),
    Mutant(
        "a third value on the way back",
        PLANS,
        "return leg.target, leg.before, -leg.amount",
        'return leg.target, leg.before.replace("0", "5"), -leg.amount',
    ),
    Mutant(
        "what is parked is what never moved",
        PLANS,
        "if leg.standing is Standing.THERE and leg.pool:",
        "if leg.standing is Standing.OPEN and leg.pool:",
    ),
    Mutant(
        "a plan that is put back is over at once",
        PLANS,
        "state=State.COMPENSATING, said=said, since=at)",
        "state=State.REVERTED, said=said, since=at)",
    ),
    Mutant(
        "blind compensation when unsure",
        PROTOCOL,
        "if verdict is _Verdict.UNSURE or plan.back:",
        "if plan.back:",
    ),
    Mutant(
        "only the value is compared",
        PROTOCOL,
        "return seen.etag == leg.etag and seen.value == origin",
        "return seen.value == origin",
    ),
    Mutant(
        "whoever did it, it is ours",
        PROTOCOL,
        "and (seen.by_us or aim == GONE)",
        "",
    ),
    Mutant(
        "a failed operation has done it",
        PROTOCOL,
        "return seen.value == aim and not seen.failed and",
        "return seen.value == aim and",
    ),
    Mutant(
        "an answer is trusted",
        PROTOCOL,
        "    if not leg.tries:\n        return _Verdict.MOVED\n",
        "    if leg.answer is Answer.TAKEN:\n        return _Verdict.THERE\n",
    ),
    Mutant(
        "a no is believed against the look",
        PROTOCOL,
        "    if not leg.tries:\n        return _Verdict.MOVED\n",
        "    if not leg.doubt:\n        return _Verdict.MOVED\n",
    ),
    Mutant(
        "a no is believed of every copy of a write",
        PROTOCOL,
        "if not (leg.doubt or seen.by_us or seen.value == aim):",
        "if not (leg.doubt or seen.by_us):",
    ),
    Mutant(
        "what nobody answered comes only once",
        PROTOCOL,
        "if leg.answer is Answer.NONE and leg.may_land(now):",
        "if False:",
    ),
    Mutant(
        "another try without settling",
        PROTOCOL,
        "return _Verdict.WAIT if leg.may_land(now) else _again(leg, back, now)",
        "return _again(leg, back, now)",
    ),
    Mutant(
        "room is not looked at",
        PROTOCOL,
        "if room is not None and room >= amount:",
        "if True:",
    ),
    Mutant(
        "room that cannot be read is enough",
        PROTOCOL,
        "if room is not None and room >= amount:",
        "if room is None or room >= amount:",
    ),
    Mutant(
        "room is waited for without end",
        PROTOCOL,
        "waited = plan.since is not None and",
        "waited = False and plan.since is not None and",
    ),
    Mutant(
        "azure is at work, and nobody minds",
        PROTOCOL,
        "if seen is None or not seen.settled:\n        return _Verdict.WAIT",
        "if seen is None:\n        return _Verdict.WAIT",
    ),
    Mutant(
        "the end is said without a last look",
        PROTOCOL,
        "    if len(plan.legs) == 1:\n        return plan.ended(State.DONE, at)",
        "    if current(plan) is None:\n        return plan.ended(State.DONE, at)",
    ),
    Mutant(
        "put back in the order of going",
        PROTOCOL,
        "return there[-1] if there else None",
        "return there[0] if there else None",
    ),
    Mutant(
        "one no on the way back is the end",
        PROTOCOL,
        "if leg.answer is Answer.NO and not back:",
        "if leg.answer is Answer.NO:",
    ),
    Mutant(
        "something in force is called nothing",
        PROTOCOL,
        "if any(leg.standing is Standing.THERE for leg in plan.legs):",
        "if False:",
    ),
]


def noticed(histories, most):
    """Which rule was seen broken within so many histories; "" for none."""
    tally = histories.Tally()
    for seed in range(most):
        kind = histories.kind_of(seed)
        try:
            tally(kind, histories.lived(histories.Chance(seed), kind))
        except histories.Broken as broken:
            return str(broken)
        if seed % SOME == SOME - 1 and tally.called > CALLED * tally.alone:
            return "a person is called too often"
    return ""


def planted(monkeypatch, mutant):
    assert tests.domain.protocol_histories
    return [imported(monkeypatch, it, mutant) for it in CHAIN][-1]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda it: it.name)
def test_a_mistake_is_noticed(monkeypatch, mutant):
    assert noticed(planted(monkeypatch, mutant), ENOUGH)


def test_without_a_mistake_there_is_nothing_to_notice(monkeypatch):
    assert not noticed(planted(monkeypatch, None), SOME)

"""The report of separation of duties, out of what verbs have kept."""

from datetime import timedelta

from actions import baseline
from domain.filters import Strength
from domain.separation import APART, MUTUAL, SPAN
from reads import separation
from tests.actions.test_baselines import HATE, whole
from tests.world import person


def weakened(console, proposer, approver, strength):
    """A baseline that demands less, and somebody else's yes."""
    new = baseline.set_(
        console.visit(proposer), "external", **whole(console, least={HATE: strength})
    )
    baseline.approve(console.visit(approver), "external", new.version)


def told(console):
    rows = separation.report(console.store, console.clock()).pairs
    return {(it.asked, it.decided): (it.verdict, it.kinds, it.many) for it in rows.itertuples()}


def key(id):
    return person(id).key


def test_nobody_has_decided_anything_at_the_start(console):
    report = separation.report(console.store, console.clock())
    assert report.pairs.empty
    assert set(report.holders["finding"]) == {"no decision in the span: is the grant still needed?"}


def test_a_second_persons_yes_is_in_it_for_ninety_days(console):
    weakened(console, "ada", "sam", Strength.MEDIUM)
    assert told(console) == {(key("ada"), key("sam")): (APART, "baseline", 1)}
    rows = separation.report(console.store, console.clock()).holders.set_index("person")
    assert rows["many"][key("sam")] == 1
    assert rows["finding"].isna()[key("sam")]
    console.clock.move(days=SPAN / timedelta(days=1), minutes=1)
    assert told(console) == {}


def test_two_who_decide_for_one_another_stand_out(console):
    weakened(console, "ada", "alan", Strength.MEDIUM)
    console.clock.move(minutes=1)
    weakened(console, "alan", "ada", Strength.HIGH)
    assert {it[0] for it in told(console).values()} == {MUTUAL}

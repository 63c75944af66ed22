"""Blocklists are made, changed and deleted by plan, term by term, and never left half written."""

import pytest

from actions import approve, blocklist, undo
from actions import filter as filtering
from actions.proposing import Terms
from domain.faults import NotAllowed, OutOfRange
from domain.filter_legs import list_id, term_id
from domain.filters import Strength
from domain.plans import State
from tests.filtered import (
    after,
    by_the_portal,
    in_azure,
    look_again,
    made,
    pending,
    plan,
    sent,
)
from tests.world import CHAT, WEU

WORDS = list_id(WEU, "words")
WHY = Terms("asked for by legal")
TWO = ({"name": "a", "pattern": "badword"}, {"name": "b", "pattern": "b.d+", "isRegex": True})


@pytest.fixture
def listed(console):
    """A console with a blocklist of two terms."""
    number = blocklist.create(console.visit("ada"), WEU, "Words", description="x", patterns=TWO)
    assert after(console, number, 20).state is State.DONE
    return console


def agreed(console, number):
    """The plan after Sam has approved it and the worker has done it."""
    waiting = plan(console, number)
    assert waiting.state is State.PROPOSED
    approve.plan(console.visit("sam"), number, fingerprint=waiting.fingerprint)
    return after(console, number, 20)


def test_a_list_comes_before_its_terms_and_goes_after_them(listed):
    assert sent(listed) == [("PUT", "words"), ("PUT", "a"), ("PUT", "b")]
    assert in_azure(listed, WORDS)["description"] == "x"
    told = in_azure(listed, term_id(WORDS, "b"))
    assert (told["pattern"], told["isRegex"]) == ("b.d+", True)
    number = blocklist.delete(listed.visit("ada"), WORDS, named="words", terms=WHY)
    policy = plan(listed, number).policy
    assert "blocklist words is removed" in policy
    assert 'term "badword" becomes looser' in policy
    assert agreed(listed, number).state is State.DONE
    assert sent(listed)[3:] == [("DELETE", "a"), ("DELETE", "b"), ("DELETE", "words")]
    back = undo.change(listed.visit("ada"), number)
    assert plan(listed, back).policy == ""
    assert after(listed, back, 20).state is State.DONE
    assert in_azure(listed, term_id(WORDS, "a"))["pattern"] == "badword"


def test_terms_come_alone_and_go_by_two(listed):
    new = {"pattern": "worse"}
    number = blocklist.change(listed.visit("ada"), WORDS, add=[new])
    assert plan(listed, number).policy == ""
    done = after(listed, number)
    assert done.state is State.DONE
    assert in_azure(listed, done.legs[0].resource)["pattern"] == "worse"
    back = undo.change(listed.visit("ada"), number)
    assert plan(listed, back).policy == 'term "worse" becomes looser ("worse" → gone)'
    assert agreed(listed, back).state is State.DONE
    assert in_azure(listed, done.legs[0].resource) is None
    number = blocklist.change(listed.visit("ada"), WORDS, remove=["B"])
    assert plan(listed, number).policy == 'term regex "b.d+" becomes looser (regex "b.d+" → gone)'


def test_a_term_that_only_gets_another_name_weakens_nothing(listed):
    again = {"name": "c", "pattern": "badword"}
    number = blocklist.change(listed.visit("ada"), WORDS, add=[again], remove=["a"])
    assert plan(listed, number).policy == ""
    assert after(listed, number).state is State.DONE


def test_a_policy_puts_it_in_force_and_taking_it_out_is_weaker(listed):
    lists = {("words", "prompt"): Strength.BLOCKS}
    body = made(listed, {}, lists=lists)
    number = filtering.policy(listed.visit("ada"), WEU, "strict", body, repoint=[CHAT])
    assert after(listed, number).state is State.DONE
    with pytest.raises(OutOfRange, match="Filter policy strict names it"):
        blocklist.delete(listed.visit("ada"), WORDS, named="words", terms=WHY)
    without = made(listed, {}, base="strict", lists={("words", "prompt"): Strength.OFF})
    without["basePolicyName"] = "Microsoft.DefaultV2"
    number = filtering.edit(listed.visit("ada"), f"{WEU}/raipolicies/strict", without)
    assert "blocklist words on prompts becomes looser" in plan(listed, number).policy


def test_terms_that_nobody_has_reviewed_keep_their_list(listed):
    number = blocklist.delete(listed.visit("ada"), WORDS, named="words", terms=WHY)
    by_the_portal(listed, "PUT", term_id(WORDS, "new"), {"pattern": "theirs"})
    found = agreed(listed, number)
    assert found.state is State.REVERTED
    assert "has terms that nobody has reviewed" in found.said
    names = [in_azure(listed, term_id(WORDS, it)) is not None for it in ("a", "b", "new")]
    assert names == [True] * 3


def test_a_term_that_is_refused_takes_the_others_back(console):
    told = {"status": 400, "code": "BadRequest", "path": "/raiblocklistitems/b"}
    console.small.control.fault("fail", method="PUT", **told)
    number = blocklist.create(console.visit("ada"), WEU, "words", patterns=TWO)
    assert after(console, number, 20).state is State.REVERTED
    assert in_azure(console, WORDS) is None


def test_what_cannot_be_is_refused_and_nothing_is_planned(console):
    many = [{"pattern": f"word {at}"} for at in range(10_000)]
    hundred = many[:100]
    for name, told, words in (
        ("my words", TWO, "no blanks"),
        ("", TWO, "missing"),
        ("words", [{"name": "x", "pattern": "(", "isRegex": True}], "no valid regular expression"),
        ("words", [{"pattern": ""}], "is empty"),
        ("words", [{"pattern": "a\nb"}], "printable"),
        ("words", [{"pattern": "x" * 129}], "128"),
        ("words", [{"pattern": "x", "isRegex": "no"}], "yes or no"),
        ("words", [{"name": "a b", "pattern": "x"}], "no blanks"),
        ("words", [*TWO, {"name": "A", "pattern": "x"}], "there twice"),
        ("words", [*TWO, {"name": "c", "pattern": "badword"}], "there twice"),
        ("words", many, "10,000 terms at once"),
        ("words", hundred, "at most 100 changes"),
    ):
        with pytest.raises(OutOfRange, match=words):
            blocklist.create(console.visit("ada"), WEU, name, patterns=told)
    with pytest.raises(OutOfRange, match="printable"):
        blocklist.create(console.visit("ada"), WEU, "words", description="a\0")
    assert pending(console) == []


def test_what_cannot_be_changed(listed):
    for told, words in (
        ({}, "Nothing would change"),
        ({"remove": ["nobody"]}, "no term nobody"),
        ({"add": [{"name": "A", "pattern": "x"}]}, "already"),
        ({"add": [{"pattern": "badword"}]}, "already"),
    ):
        with pytest.raises(OutOfRange, match=words):
            blocklist.change(listed.visit("ada"), WORDS, **told)
    for named, why, words in (("Words", WHY, "does not match"), ("words", Terms(), "Say why")):
        with pytest.raises(OutOfRange, match=words):
            blocklist.delete(listed.visit("ada"), WORDS, named=named, terms=why)
    with pytest.raises(OutOfRange, match="There is a blocklist words"):
        blocklist.create(listed.visit("ada"), WEU, "WORDS")
    for resource in (list_id(WEU, "nobody"), "", CHAT):
        with pytest.raises(NotAllowed):
            blocklist.change(listed.visit("ada"), resource, remove=["a"])
    for person in ("maria", "sam", "vera"):
        with pytest.raises(NotAllowed, match="may not change content filters"):
            blocklist.change(listed.visit(person), WORDS, remove=["a"])


def test_a_list_of_more_terms_than_a_plan_changes_is_not_deleted_at_once(listed):
    for at in range(98):
        by_the_portal(listed, "PUT", term_id(WORDS, f"t{at}"), {"pattern": f"word {at}"})
    look_again(listed)
    with pytest.raises(OutOfRange, match="It has 100 terms, and a plan makes 100 changes"):
        blocklist.delete(listed.visit("ada"), WORDS, named="words", terms=WHY)

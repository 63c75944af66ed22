"""A trail that its owner wrote anew, seals and all, is found by what was kept elsewhere."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as some

from domain.chain import Anchor, Entry, first_break, first_lost
from tests.domain.test_chain import START, sealed

LINES = 8
WORDS = [("t/ada", f"line {it}", "done", "") for it in range(LINES)]
FORGED = ("t/eve", "nothing happened", "done", "")


def cut(words, at):
    return words[:at]


def bend(words, at):
    return [*words[:at], FORGED, *words[at + 1 :]]


def drop(words, at):
    return [*words[:at], *words[at + 1 :]]


def slip(words, at):
    return [*words[:at], FORGED, *words[at:]]


def swap(words, at):
    other = (at + 1) % len(words)
    said = list(words)
    said[at], said[other] = said[other], said[at]
    return said


def regrow(words, at):
    """Cut off, and as many other lines written since."""
    return [*words[:at], *[FORGED] * (len(words) - at + 2)]


TAMPERED = (cut, bend, drop, slip, swap, regrow)


def anchored(chain, numbers):
    seals = {entry.number: seal for entry, seal in chain}
    return [Anchor(START, it, seals[it]) for it in numbers]


def seals(chain):
    return {entry.number: seal for entry, seal in chain}


@settings(max_examples=200)
@given(some.sets(some.integers(1, LINES)))
def test_a_trail_that_only_grew_holds_all_its_anchors(numbers):
    kept = anchored(sealed(WORDS), sorted(numbers))
    assert first_lost(kept, seals(sealed([*WORDS, FORGED]))) is None


@settings(max_examples=600)
@given(
    some.sampled_from(TAMPERED), some.integers(0, LINES - 1), some.sets(some.integers(1, LINES - 1))
)
def test_no_chain_that_was_computed_anew_passes(how, at, numbers):
    """The chain itself fits; the last line's anchor, at least, does not."""
    kept = anchored(sealed(WORDS), [*sorted(numbers), LINES])
    anew = sealed(how(WORDS, at))
    assert first_break(anew) is None
    lost = first_lost(kept, seals(anew))
    assert lost is not None
    from_here = 0 if how is swap and at == LINES - 1 else at
    assert lost.number > from_here


def test_the_lowest_anchor_that_is_lost_is_named():
    kept = anchored(sealed(WORDS), [2, 5, 8])
    assert first_lost(kept, seals(sealed(WORDS[:4]))) == kept[1]
    assert first_lost([kept[2], kept[1]], {}) == kept[1]


def test_an_anchor_of_another_seal_is_lost():
    entry, written = sealed(WORDS)[0]
    assert isinstance(entry, Entry)
    told = Anchor(START, 1, written)
    assert first_lost([replace(told, seal="0" * 64)], {1: written})
    assert first_lost([told], {1: written}) is None

"""Whatever is done to the inside of the audit trail is found."""

import hashlib
import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as some

from domain.chain import GENESIS, Entry, first_break, seal

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
WORDS = some.text(max_size=6)
SAID = some.tuples(WORDS, WORDS, WORDS, WORDS)
ENTRIES = some.lists(SAID, min_size=1, max_size=8)
SEVERAL = some.lists(SAID, min_size=2, max_size=8)


def sealed(words):
    """A chain of entries with these words."""
    found, before = [], GENESIS
    for number, said in enumerate(words, 1):
        entry = Entry(number, START + timedelta(microseconds=number), *said)
        before = seal(before, entry)
        found.append((entry, before))
    return found


def shift(entry, field):
    """The entry with one field changed a little."""
    value = getattr(entry, field)
    if isinstance(value, datetime):
        return replace(entry, at=value + timedelta(microseconds=1))
    return replace(entry, **{field: value + (1 if isinstance(value, int) else "x")})


@settings(max_examples=200)
@given(ENTRIES)
def test_an_untouched_chain_holds(words):
    assert first_break(sealed(words)) is None


@settings(max_examples=300)
@given(words=ENTRIES, where=some.integers(0, 7), field=some.sampled_from(fields(Entry)))
def test_any_change_is_found_where_it_is(words, where, field):
    chain = sealed(words)
    where %= len(chain)
    entry, written = chain[where]
    changed = shift(entry, field.name)
    chain[where] = (changed, written)
    assert first_break(chain) == changed.number


@given(words=ENTRIES, where=some.integers(0, 7), nibble=some.integers(0, 63))
def test_any_other_seal_is_found(words, where, nibble):
    chain = sealed(words)
    where %= len(chain)
    entry, written = chain[where]
    other = "0" if written[nibble] != "0" else "1"
    chain[where] = (entry, written[:nibble] + other + written[nibble + 1 :])
    assert first_break(chain) == entry.number


@given(words=SEVERAL, where=some.integers(0, 6))
def test_any_removal_before_the_end_is_found(words, where):
    where %= len(words) - 1
    chain = sealed(words)
    del chain[where]
    assert first_break(chain) == where + 2


@given(words=SEVERAL, where=some.integers(0, 6), further=some.integers(0, 6))
def test_any_swap_is_found(words, where, further):
    where %= len(words) - 1
    further = 1 + further % (len(words) - 1 - where)
    chain = sealed(words)
    chain[where], chain[where + further] = chain[where + further], chain[where]
    assert first_break(chain) == where + further + 1


@given(words=ENTRIES, where=some.integers(0, 7))
def test_an_entry_told_twice_is_found(words, where):
    chain = sealed(words)
    where %= len(chain)
    chain.insert(where, chain[where])
    assert first_break(chain) == where + 1


@given(words=SEVERAL, said=SAID)
def test_a_rewritten_entry_with_a_seal_of_its_own_breaks_the_next(words, said):
    chain = sealed(words)
    assume(said != words[0])
    chain[0] = sealed([said])[0]
    assert first_break(chain) == 2


@given(ENTRIES)
def test_words_do_not_run_into_each_other(words):
    """Who "ab" doing "c" is sealed otherwise than who "a" doing "bc"."""
    who, what, came, detail = words[0]
    assume(who)
    moved = (who[:-1], who[-1] + what, came, detail)
    assume(moved != words[0])
    assert sealed([moved])[0][1] != sealed([words[0]])[0][1]


def test_a_cut_tail_is_not_found_here():
    """That is what the head outside the database is for."""
    assert first_break(sealed([("a", "b", "c", "d")] * 3)[:2]) is None


@given(words=SAID, text=some.text())
def test_a_seal_is_that_of_the_fields_as_plain_json(words, text):
    """So it was from the first line on; anything else would break every trail there is."""
    entry = Entry(7, START, *words[:3], text)
    told = {**vars(entry), "at": START.isoformat(timespec="microseconds")}
    plain = GENESIS + json.dumps(told, sort_keys=True, ensure_ascii=False)
    assert seal(GENESIS, entry) == hashlib.sha256(plain.encode()).hexdigest()

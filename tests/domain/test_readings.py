"""What is remembered after an asking, whatever answered and whatever did not.

A story is a list of askings about three accounts. Beside it runs a plain account of what should be
so: for each account, the rows of its last answer.
"""

from dataclasses import dataclass
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from domain import frames, readings
from domain.faults import Fault, Forbidden
from domain.readings import ACCOUNTS, DEPLOYMENTS, Reading, Snapshot, Trouble, merged, together
from tests.domain.rows import NOW

PARTS = ("a", "b", "c")


@dataclass(frozen=True)
class Asking:
    began: int
    """Minutes after the start; a later asking may have begun earlier, since it took longer."""
    answers: dict
    """By account, how many rows it has, or None for one that did not answer."""
    whole: bool
    """Whether all accounts were asked, and not only those of answers."""
    dead: bool = False
    """Whether the scope did not answer at all."""


def reading(asking, number):
    at = NOW + timedelta(minutes=asking.began)
    if asking.dead:
        return Reading(frames.frame(frames.DEPLOYMENTS, []), at, (trouble("", at),))
    rows = [
        {"resource": f"{part}/{row}", "account_id": part, "etag": str(number)}
        for part, many in asking.answers.items()
        for row in range(many or 0)
    ]
    troubles = tuple(trouble(part, at) for part, many in asking.answers.items() if many is None)
    asked = None if asking.whole else frozenset(asking.answers)
    return Reading(frames.frame(frames.DEPLOYMENTS, rows), at, troubles, asked)


def trouble(part, at):
    return Trouble(part, "Forbidden", f"{part} says no.", at)


MANY = some.none() | some.integers(1, 2)
IN_PART = some.dictionaries(some.sampled_from(PARTS), MANY, min_size=1)
IN_FULL = some.fixed_dictionaries({part: some.none() | some.integers(0, 2) for part in PARTS})


def askings(began):
    return some.one_of(
        some.builds(Asking, began, IN_FULL, some.just(True)),
        some.builds(Asking, began, IN_PART, some.just(False)),
        some.builds(Asking, began, some.just({}), some.just(True), some.just(True)),
    )


@some.composite
def stories(draw):
    """Askings in the order in which they end; each began some minutes after the one before."""
    minutes = draw(some.lists(some.integers(1, 9), max_size=5))
    return [draw(askings(some.just(sum(minutes[: at + 1])))) for at in range(len(minutes))]


def told(story):
    snapshot = None
    for number, asking in enumerate(story):
        snapshot = merged(DEPLOYMENTS, snapshot, reading(asking, number))
    return snapshot or readings.nothing(DEPLOYMENTS)


def expected(story):
    """By account, the number of the asking that it answered last, and how many rows it had."""
    last = {}
    for number, asking in enumerate(story):
        if asking.dead:
            continue
        for part in PARTS:
            many = asking.answers.get(part, 0 if asking.whole else None)
            if many is not None:
                last[part] = (number, many)
    return last


@settings(max_examples=30, deadline=None)
@given(stories())
def test_every_account_has_the_rows_of_its_last_answer_once(story):
    kept = told(story)
    rows = kept.frame[["account_id", "etag"]].to_records(index=False).tolist()
    wanted = [
        (part, str(number)) for part, (number, many) in expected(story).items() for _ in range(many)
    ]
    assert sorted(rows) == sorted(wanted)
    assert kept.frame["resource"].is_unique


@settings(max_examples=30, deadline=None)
@given(stories())
def test_every_row_is_as_old_as_its_answer_and_the_snapshot_as_its_oldest(story):
    kept = told(story)
    for _, row in kept.frame.iterrows():
        assert row["seen_at"] == NOW + timedelta(minutes=story[int(row["etag"])].began)
    if len(kept.frame):
        assert kept.at <= kept.frame["seen_at"].min()


@settings(max_examples=30, deadline=None)
@given(stories())
def test_a_trouble_lasts_until_its_account_answers_and_keeps_its_age(story):
    since = {}
    for asking in story:
        at = NOW + timedelta(minutes=asking.began)
        if asking.dead:
            since = {"": since.get("", at)}
            continue
        before, since = since, dict(since) if not asking.whole else {}
        for part, many in asking.answers.items():
            since.pop(part, None)
            if many is None:
                since[part] = before.get(part, at)
    found = told(story).troubles
    assert {it.part: it.since for it in found} == since
    assert len(found) == len(since)


@settings(max_examples=30, deadline=None)
@given(story=stories(), early=askings(some.just(-5)))
def test_an_answer_that_was_asked_earlier_overwrites_no_later_one(story, early):
    """The full round that was under way while the worker looked at one account again."""
    before = told(story)
    after = merged(DEPLOYMENTS, before, reading(early, 99))
    there = set(before.frame["account_id"])
    kept = after.frame[after.frame["account_id"].isin(there)]
    assert set(kept["resource"]) == set(before.frame["resource"])
    assert "99" not in set(kept["etag"])
    assert after.frame["resource"].is_unique


@settings(max_examples=25, deadline=None)
@given(story=stories(), again=askings(some.just(-5)))
def test_an_old_refusal_is_no_trouble_where_somebody_has_answered_since(story, again):
    before = told(story)
    answered = set(before.frame["account_id"]) - {it.part for it in before.troubles}
    after = merged(DEPLOYMENTS, before, reading(again, 99))
    assert not answered & {it.part for it in after.troubles}


def test_a_scope_that_does_not_answer_keeps_its_age():
    first = merged(DEPLOYMENTS, None, reading(Asking(0, {"a": 1}, True), 0))
    later = merged(DEPLOYMENTS, first, reading(Asking(60, {}, True, True), 1))
    assert later.at == NOW
    assert [it.part for it in later.troubles] == [""]


def test_a_scope_that_never_answered_has_no_age():
    assert merged(DEPLOYMENTS, None, reading(Asking(0, {}, True, True), 0)).at is None


def test_an_empty_answer_is_an_answer():
    kept = merged(DEPLOYMENTS, None, reading(Asking(0, dict.fromkeys(PARTS, 0), True), 0))
    assert (kept.at, kept.troubles, len(kept.frame)) == (NOW, (), 0)


# --- together ---------------------------------------------------------------------------------

SCOPES = some.dictionaries(some.sampled_from(["x", "y", "z"]), some.none() | stories())


@settings(max_examples=30, deadline=None)
@given(SCOPES)
def test_together_loses_no_row_no_trouble_and_no_age(scopes):
    kept = {scope: None if it is None else told(it) for scope, it in scopes.items()}
    whole = together(DEPLOYMENTS, kept, NOW)
    parts = [it for it in kept.values() if it]
    assert len(whole.frame) == sum(len(it.frame) for it in parts)
    assert list(whole.frame.columns) == list(readings.kept_columns(DEPLOYMENTS))
    missing = [scope for scope, it in kept.items() if it is None]
    assert [it.part for it in whole.troubles if it.kind == "Fault"] == missing
    assert len(whole.troubles) == len(missing) + sum(len(it.troubles) for it in parts)
    ages = [it.at for it in parts]
    assert whole.at == (None if not ages or None in ages else min(ages))


def test_together_has_the_highest_generation():
    parts = {name: Snapshot(told([]).frame, NOW, (), many) for name, many in (("x", 3), ("y", 7))}
    assert together(DEPLOYMENTS, parts, NOW).generation == 7
    assert together(DEPLOYMENTS, {}, NOW).generation == 0


def test_a_scope_never_collected_is_named_in_words():
    (told_of,) = together(ACCOUNTS, {"x": None}, NOW).troubles
    assert told_of.words == "Accounts of subscription x: not collected yet."
    assert told_of.fault is Fault


# --- troubles as text -------------------------------------------------------------------------


@given(some.lists(some.tuples(some.text(max_size=5), some.text(max_size=5))))
def test_troubles_survive_the_store(words):
    troubles = tuple(Trouble(part, "Forbidden", said, NOW) for part, said in words)
    again = readings.troubles_of(readings.troubles_text(troubles))
    assert again == troubles
    assert all(it.fault is Forbidden for it in again)


def test_a_fault_of_another_version_is_a_fault():
    assert Trouble("", "NoLongerThere", "", NOW).fault is Fault

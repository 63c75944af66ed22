"""Who decided for whom: what stands out is said, by hand."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from domain.roles import Grant, Person
from domain.separation import ALONE, ALWAYS, APART, MUTUAL, OWN, Decided, holders, pairs

AT = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def said(asked, decided, kind="plan", approves=True, days=0):
    return Decided(kind, asked, decided, approves, AT + days * DAY)


def verdicts(*those):
    return {(it["asked"], it["decided"]): it["verdict"] for it in pairs(those)}


def test_one_pair_is_one_row_of_all_that_was_decided():
    (row,) = pairs([said("ada", "sam"), said("ada", "sam", "gate", approves=False, days=3)])
    assert row == {
        "verdict": APART,
        "asked": "ada",
        "decided": "sam",
        "kinds": "gate, plan",
        "many": 2,
        "declined": 1,
        "back": 0,
        "last_at": AT + 3 * DAY,
    }


def test_what_stands_out():
    assert verdicts(said("ada", "ada")) == {("ada", "ada"): OWN}
    both = verdicts(said("ada", "alan"), said("alan", "ada"))
    assert set(both.values()) == {MUTUAL}
    often = [said("ada", "sam")] * ALWAYS
    assert verdicts(*often) == {("ada", "sam"): ALONE}
    assert verdicts(*often[1:]) == {("ada", "sam"): APART}
    assert verdicts(*often, said("ada", "tess"))["ada", "sam"] == APART


def test_the_worst_comes_first():
    rows = pairs([said("a", "b"), said("c", "d"), said("d", "c"), said("e", "e")])
    assert [it["verdict"] for it in rows] == [OWN, MUTUAL, MUTUAL, APART]


PEOPLE = some.sampled_from("abcd")


@given(some.lists(some.builds(said, PEOPLE, PEOPLE, approves=some.booleans()), max_size=20))
def test_nothing_that_was_decided_is_lost_or_counted_twice(those):
    rows = pairs(those)
    assert sum(it["many"] for it in rows) == len(those)
    assert sum(it["declined"] for it in rows) == sum(not it.approves for it in those)
    assert sum(it["back"] for it in rows if it["asked"] != it["decided"]) == sum(
        it["many"] for it in rows if it["verdict"] == MUTUAL
    )


def test_holders_are_those_who_may_decide():
    sam = Person("t", "sam", "Sam", "approver", grants=frozenset({Grant.SECURITY}))
    bea = Person("t", "bea", "Bea", "approver", grants=frozenset({Grant.BUSINESS, Grant.COSTS}))
    two = frozenset({Grant.PRODUCT, Grant.TECHNICAL})
    pat = Person("t", "pat", "Pat", "approver", grants=two)
    vera = Person("t", "vera", "Vera", "viewer", grants=frozenset({Grant.COSTS}))
    rows = holders([sam, bea, pat, vera], [said("ada", "t/sam"), said("ada", "t/pat")])
    assert [it["person"] for it in rows] == ["t/bea", "t/pat", "t/sam"]
    assert "still needed" in rows[0]["finding"]
    assert "2 grants" in rows[1]["finding"]
    assert rows[2] == {
        "person": "t/sam", "role": "approver", "grants": "security approver", "many": 1,
        "finding": None,
    }  # fmt: skip

"""Readiness as rows: what is chosen, how it adds up, what a file of it says."""

import pytest

from domain import standing_rows
from domain.frames import frame
from tests.domain.test_readiness import ITEM, NOW, answer, replace, stands

OTHER = replace(ITEM, key="a.c", section="Other", of="deployment")
THOSE = (
    stands(said=answer()),
    stands(said=answer("waived", approver="t/y")),
    stands(OTHER),
)


@pytest.mark.parametrize(
    ("sections", "statuses", "keys", "found"),
    [
        ((), (), None, THOSE),
        (["Other"], (), None, THOSE[2:]),
        ((), ["waived", "unknown"], None, THOSE[1:]),
        (["Section"], ["unknown"], None, ()),
        ((), (), frozenset({"a.c"}), THOSE[2:]),
        ((), (), frozenset(), ()),
    ],
)
def test_items_are_chosen(sections, statuses, keys, found):
    assert standing_rows.chosen(THOSE, sections, statuses, keys) == found


def test_what_is_waived_or_unknown_is_never_added_to_what_is_met():
    assert standing_rows.summed(THOSE) == "1 of 3 met (33 percent), 1 unknown, 1 waived"
    assert standing_rows.summed(THOSE[1:2]) == "0 of 1 met (0 percent), 1 waived"
    assert standing_rows.summed([*THOSE[:1] * 299, THOSE[2]]).startswith("299 of 300 met (99 ")
    assert standing_rows.summed(()) == "There is nothing."


def test_a_row_tells_who_said_it_and_who_agreed():
    due = standing_rows.due(THOSE, ["deployment"])
    told = frame(
        standing_rows.STANDINGS,
        standing_rows.rows(THOSE, due, {"t/x": "Xena", "t/y": "Yuri"}),
    )
    assert list(told["now"]) == [False, False, True]
    assert list(told["said_by"].fillna("")) == ["Xena", "Xena", ""]
    assert list(told["approver"].fillna("")) == ["", "Yuri", ""]
    assert told["words"][1].startswith("Waived until 19 Nov 2026, since why. Without that it is ")
    assert told["said_at"].min() < NOW

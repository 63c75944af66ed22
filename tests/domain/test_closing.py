"""What stands in the way of closing a month, where only its time matters."""

import pytest

from domain import closing
from tests.conftest import moment


@pytest.mark.parametrize(("begins", "partial"), [
    (None, False), (moment(2026, 7, 24), False), (moment(2026, 8, 1), False),
    (moment(2026, 8, 2), True), (moment(2026, 8, 24), True),
])  # fmt: skip
def test_a_month_whose_first_days_are_not_known_says_so(begins, partial):
    said = closing.partial("2026-08", begins)
    words = "2026-08 is known in part only: history begins on"
    assert [it.startswith(words) for it in said] == [True] * partial

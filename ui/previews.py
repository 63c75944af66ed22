"""What a rule would have changed, of the last month that is over, for who may set rules."""

from collections.abc import Mapping

import pandas as pd

from domain.billing import Inputs
from domain.faults import OutOfRange
from reads import previews
from ui import prices

Shown = tuple[tuple[str, str], pd.DataFrame]
"""Month and currency, and the frame of a preview."""


def sharing(body: Mapping[str, object]) -> Shown:
    """By a rule that shares out a cost; raises Refused."""
    told = _told()
    return (told.month, told.currency), previews.sharing(told, body)


def idle(pool: str, rule: str, held: Mapping[str, int]) -> Shown:
    """By a rule of idle capacity; raises Refused."""
    told = _told()
    return (told.month, told.currency), previews.idle(told, pool, rule, held)


def _told() -> Inputs:
    if (told := prices.inputs(prices.chosen())) is None:
        raise OutOfRange("No month is over yet, so there is nothing to try a rule on.")
    return told

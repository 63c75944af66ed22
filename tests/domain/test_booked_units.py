"""Cost Management counts in the unit of the price; one model may have meters of different ones."""

import pytest

from domain import bill, costs
from domain.frames import frame
from tests.domain.bills import PRICES, booked, inputs, price, stood, used

M = 1_000_000


@pytest.mark.parametrize(("per", "quantity"), [(M, 0.6), (1_000, 600.0)])
def test_a_prompt_is_split_whatever_unit_each_meter_is_booked_in(per, quantity):
    """0.4 million fresh and 0.6 million cached tokens, these booked in millions or thousands."""
    told = price("cached", "0.5", per=per, unit="1M" if per == M else "1K")
    prices = frame(costs.PRICED, [told, *(it for it in PRICES if it["meter_id"] != "cached")])
    rows = [booked(0.8, "in", quantity=0.4), booked(0.3, "cached", quantity=quantity)]
    made = bill.made(inputs([used(M, "prompt")], [stood()], rows, prices=prices))
    sums = made.charges.groupby("bucket")["quantity"].sum().to_dict()
    assert sums == {"input": 400_000, "cached": 600_000}
    assert made.charges["amount_e8"].sum() == 110_000_000

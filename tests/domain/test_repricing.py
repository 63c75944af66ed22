"""Prices that changed, by hand: listed, agreed, new, and what is no change."""

import pandas as pd
import pytest

from domain.frames import records
from domain.repricing import AGREED, ANEW, LISTED, changes
from tests.domain.prices import agreed, agreement, meter, meters, priced, prices
from tests.domain.rows import day

FIRST, END = day("2026-06-01"), day("2026-07-01")
MODELS = {"gpt-4o@2024-11-20"}
CUT = day("2026-06-10")
CHANGED = (priced(ends=CUT), priced(price="2.0", starts=CUT))


def told(listed=None, deals=(), known=None, models=MODELS):
    listed, known = listed or [priced()], known or [meter()]
    rows = changes(meters(*known), prices(*listed), agreed(*deals), models, FIRST, END)
    names = ["day", "model", "what", "before", "after"]
    return [
        tuple(None if pd.isna(it[name]) else it[name] for name in names) for it in records(rows)
    ]


def test_a_list_price_that_changed():
    assert told(CHANGED) == [(CUT, "gpt-4o", LISTED, 2.5, 2.0)]


def test_the_same_in_many_regions_is_told_once():
    rows = [{**it, "region": where} for it in CHANGED for where in ("westeurope", "eastus")]
    assert told(rows) == [(CUT, "gpt-4o", LISTED, 2.5, 2.0)]


def test_a_price_that_azure_dates_and_nobody_saw_before_is_new():
    assert told([priced(starts=CUT)]) == [(CUT, "gpt-4o", ANEW, None, 2.5)]


@pytest.mark.parametrize("of", ["m-in", ""])
def test_a_discount_begins_and_ends(of):
    deal = agreement(meter_id=of, percent="10", starts=CUT, ends=day("2026-06-20"))
    assert told(deals=[deal]) == [
        (CUT, "gpt-4o", AGREED, 2.5, 2.25), (day("2026-06-20"), "gpt-4o", AGREED, 2.25, 2.5),
    ]  # fmt: skip


def test_a_list_price_of_a_contract_is_told_as_listed_once():
    fixed = agreement(price="1", per=1_000_000)
    assert told(CHANGED, [fixed]) == [(CUT, "gpt-4o", LISTED, 2.5, 2.0)]


@pytest.mark.parametrize(
    "no",
    [
        {"deals": [agreement(percent="10", starts=CUT, approver=None)]},
        {"deals": [agreement(percent="10", starts=CUT, meter_id="another")]},
        {"listed": (priced(ends=CUT), priced(starts=CUT))},
        {"listed": CHANGED, "known": [meter(source="suggested")]},
        {"listed": CHANGED, "known": [meter(model="o3")]},
        {"listed": CHANGED, "models": set()},
        {"listed": [{**it, "kind": "Reservation"} for it in CHANGED]},
        {"listed": (priced(ends=END), priced(price="2", starts=END))},
        {"listed": (priced(ends=CUT),)},
        {},
    ],
)
def test_what_is_no_change_of_these_models_in_this_month(no):
    assert told(**no) == []

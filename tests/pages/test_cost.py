"""Cost on the screen: the bill's own cents, nobody else's, and the same in the file."""

import dataclasses
from io import BytesIO

import openpyxl
import pandas as pd
import pytest

from domain import frames, spending
from domain.readings import BILLS, TENANT, Snapshot, Trouble, kept_columns
from store import snapshots
from store.tables import BillRow
from tests import bills_by_hand
from tests.bills_by_hand import HOSTILE, NOVEMBER, OCTOBER, bill, line
from tests.conftest import table, words
from tests.world import NOON, SMALL
from ui import exports
from ui.components import cost_columns, tables

WHOLE = sum(it["cents"] for it in NOVEMBER) / 100
RETAIL = (12_345 + 655 + 2_000) / 100
COST = "Cost (EUR)"


@pytest.fixture
def console(console):
    return bills_by_hand.keep(console)


def said(at):
    return words(at).replace("\\", "")


def told_of_bills(console, rows=(), troubles=()):
    frame = frames.frame(kept_columns(BILLS), [{**it, "seen_at": NOON} for it in rows])
    with console.store.begin() as session:
        snapshots.keep(session, BILLS, TENANT, Snapshot(frame, NOON, tuple(troubles)))


def test_figures_of_an_earlier_bill_say_so(opened, console):
    why = "The bill of 2026-11 in EUR could not be made: no unit gone. It stays as it was."
    told_of_bills(console, troubles=[Trouble("2026-11 EUR", "Fault", why, NOON)])
    at = opened("cost", month="2026-11")
    assert f"{why} The figures are those of" in said(at)
    at = opened("cost", "maria", month="2026-11")
    assert "This bill could not be made anew. The figures are those of" in said(at)
    assert "no unit gone" not in said(at)
    assert "Earlier bill" not in said(opened("cost", month="2026-10"))


@pytest.mark.parametrize(("person", "sees"), [("ada", True), ("maria", False), ("vera", False)])
def test_who_closes_months_sees_on_the_overview_which_could_be(opened, console, person, sees):
    row = {"bill": "2026-10 EUR", "month": "2026-10", "currency": "EUR", "ready": True}
    told_of_bills(console, [row])
    labels = [it.proto.label for it in opened("overview", person).get("page_link")]
    assert any("October 2026 in EUR can be closed" in it for it in labels) is sees


def metrics(at):
    return {it.label: it.value for it in at.metric}


def total(at, heading):
    shown = table(at, COST)
    assert shown[heading].iloc[-1] == "Total"
    return shown[COST].iloc[-1]


@pytest.mark.parametrize("person", ["vera", "cora", "paul", "otto"])
@pytest.mark.parametrize("page", ["cost", "explain"])
def test_who_may_not_look_at_cost_is_refused_in_words(opened, person, page):
    at = opened(page, person)
    assert "may not look at cost" in said(at)
    assert not at.dataframe
    assert not at.metric


@pytest.mark.parametrize("person", ["ada", "maria", "mark", "bea"])
def test_who_may_sees_figures_that_add_up(opened, person):
    at = opened("cost", person)
    assert not at.exception
    shown = table(at, COST)
    assert shown[COST].iloc[:-1].sum().round(2) == shown[COST].iloc[-1]


def test_the_estate_to_the_cent(opened):
    at = opened("cost")
    assert metrics(at)["Spent to date (EUR)"] == f"{WHOLE:,.2f}"
    assert total(at, "Business unit") == WHOLE
    assert "Adds up" in said(at)
    assert "booked **499.15** + est. not yet booked **10.00** + provisional today **0.85**" in said(
        at
    )
    assert metrics(at)["Unassigned"] == "4.9%"
    assert metrics(at)["Known callers"] == "90.0%"


def test_the_month_before_is_compared_as_far_as_this_one_has_come(opened):
    shown = table(opened("cost"), COST).set_index("Business unit")
    before = shown["Before (EUR)"]
    # On the 18th at 12:34: of what October booked on its 18th, 754 of 1,440 minutes.
    assert (before["Online shop"], before["Stores"], before["Risk"]) == (120.0, 5.24, 0.0)
    assert shown.loc["Online shop", "Difference (EUR)"] == 10.0


@pytest.mark.parametrize("by", spending.BY)
def test_each_way_to_sum_up_has_the_same_total(opened, by):
    at = opened("cost", by=by)
    assert not at.exception
    assert total(at, spending.BY[by]) == WHOLE


def test_a_manager_sees_own_units_and_no_figure_of_the_estate(opened):
    at = opened("cost", "maria")
    shown = table(at, COST)
    assert set(shown["Business unit"]) == {"Online shop", "Stores", "Total"}
    assert metrics(at)["Spent to date (EUR)"] == f"{RETAIL:,.2f}"
    assert "Unassigned" not in metrics(at)
    everything = said(at) + "".join(str(it.value) for it in at.dataframe)
    assert "Adds up" in everything
    for foreign in ("Risk", f"{WHOLE:,.2f}", "315.00", "1,000 tokens have no price"):
        assert foreign not in everything


@pytest.mark.parametrize("unit", ["finance-risk", "platform", "no-such-unit", "unassigned"])
def test_a_unit_in_the_url_that_is_not_theirs_is_unknown(opened, unit):
    at = opened("cost", "maria", unit=unit)
    assert f"Not known here, left out: {unit}" in said(at)
    assert total(at, "Business unit") == RETAIL


def test_a_filter_changes_no_units_figure(opened):
    whole = table(opened("cost"), COST).set_index("Business unit")
    alone = table(opened("cost", unit="retail-online"), COST).set_index("Business unit")
    assert alone.loc["Online shop", COST] == whole.loc["Online shop", COST]
    assert alone.loc["Total", COST] == alone.loc["Online shop", COST]


def test_month_and_sums_are_kept_in_the_url(opened):
    at = opened("cost")
    at = at.selectbox(key="month").select("2026-10").run()
    assert at.query_params["month"] == "2026-10"
    assert total(at, "Business unit") == sum(it["cents"] for it in OCTOBER) / 100
    at.segmented_control[0].select("model").run()
    assert at.query_params["by"] == "model"


def test_a_month_without_a_bill_is_said(opened, console):
    console.clock.move(days=30)
    at = opened("cost", month="2026-12")
    assert "Nothing is billed for December 2026" in said(at)
    assert "The first month that is known is October 2026" in said(at)
    assert not at.metric


def test_several_currencies_are_never_summed(opened, console):
    bills_by_hand.keep(console, bill("2026-11", [line("2026-11", 1, "retail", 777)], "USD"))
    at = opened("cost")
    assert total(at, "Business unit") == WHOLE
    at = opened("cost", currency="USD")
    assert metrics(at)["Spent to date (USD)"] == "7.77"
    assert metrics(at)["Change (USD)"] == "\u2013"
    at = opened("cost", currency="GBP")
    assert "Not known here, left out: GBP" in said(at)


def test_a_formula_in_a_name_stays_text_in_every_file(opened):
    at = opened("cost", by="model")
    shown = table(at, COST)
    assert HOSTILE in set(shown["Model"])
    rows = spending.with_total(
        spending.compared(bill().sums, bill("2026-10", OCTOBER).sums, "model")
    )
    columns = cost_columns.compared("EUR", "Model", "")
    worded = tables.worded(rows.assign(name=rows["key"]), columns)
    sheet = openpyxl.load_workbook(
        BytesIO(exports.excel(worded, "cost", {"Month": "x"}))
    ).worksheets
    cells = {cell.value: cell for row in sheet[0].iter_rows() for cell in row}
    assert cells[HOSTILE].data_type == "s"
    assert f"'{HOSTILE}".replace('"', '""').encode() in exports.csv(worded)
    assert cells["Total"].row == sheet[0].max_row
    assert sheet[0].cell(sheet[0].max_row, 2).value == WHOLE
    assert sheet[1].title == "About"


def test_before_the_first_bill(framed, console):
    with console.store.begin() as session:
        session.query(BillRow).delete()
    at = framed()
    at = at.switch_page("../pages/cost/cost.py").run()
    assert "No bill has been made yet" in said(at)
    assert not at.exception


def test_a_file_names_no_subscription_that_pays_for_nothing_of_it(opened, console):
    other = "00000000-0000-0000-0000-00000000000f"
    told = dataclasses.replace(bill(), cutoff={SMALL: "2026-11-16", other: "2026-11-01"})
    bills_by_hand.keep(console, told)
    assert "booked until 2026-11-01" in said(opened("cost"))
    for page in ("cost", "statement", "statements"):
        assert "ooked until 2026-11-16" in said(opened(page, "maria"))
    assert "booked until 2026-11-16" in said(opened("cost", unit="retail"))


def test_why_it_changed_adds_up_to_the_difference(opened):
    at = opened("cost")
    rows = table(at, "Volume (EUR)")
    causes = [f"{name} (EUR)" for name in cost_columns.CAUSES.values()]
    parts = rows[causes].fillna(0).sum(axis=1)
    assert (rows["After (EUR)"] - rows["Before (EUR)"] - parts).abs().max() < 0.005
    assert "Cost rose by" in said(at)
    last = rows.iloc[-1]
    change = last["After (EUR)"] - last["Before (EUR)"]
    assert metrics(at)["Change (EUR)"] == f"{change:+,.2f}"
    compared = table(at, COST)[["Before (EUR)", "Difference (EUR)"]].iloc[-1].tolist()
    assert compared == pytest.approx([last["Before (EUR)"], change])
    assert set(table(opened("cost", "maria"), "Volume (EUR)")["Business unit"]) == {
        "Online shop", "Stores", "Total",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "written"),
    [("-176.15", "-176.15"), ("-1", "-1"), ("-1+1", "'-1+1"), ("-2-cmd", "'-2-cmd"),
     ("=1", "'=1"), ("-1.5\n=1", "'-1.5\n=1"), ("--1", "'--1"), ("-1e5", "'-1e5")],
)  # fmt: skip
def test_a_number_below_zero_is_no_formula(text, written):
    rows = pd.read_csv(BytesIO(exports.csv(pd.DataFrame({"x": [text]}))), dtype=str)
    assert rows["x"].tolist() == [written]

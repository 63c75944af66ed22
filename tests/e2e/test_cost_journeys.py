"""A manager and the month of own units in a real browser: what, why, of what, and on paper."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey

PATIENCE_S = 300
"""Until three months are read and billed, on a machine that is busy with other things."""
MONEY = re.compile(r"-?[\d,]+\.\d\d")
OTHERS = ("Banking", "Risk", "Lab", "Supply chain", "Customer service", "Finance", "Unassigned")


@pytest.fixture
def month(console, history):  # noqa: ARG001
    """The last month that is over, once its bill is made from all that was read."""
    last = f"{datetime.now(UTC).replace(day=1) - timedelta(days=1):%Y-%m}"
    made = f"SELECT count(*) FROM bills WHERE month = '{last}' AND currency = 'EUR'"
    read = "SELECT count(*) FROM duties WHERE topic IN ('ledger', 'booked') AND backlog > 0"
    console.wait(lambda: console.known(made) and not console.known(read), PATIENCE_S)
    quiet = "SELECT generation FROM bills WHERE currency = 'EUR' AND month = '" + last + "'"
    seen = []

    def settled():
        seen.append(console.known(quiet))
        return len(seen) > 80 and len(set(seen[-80:])) == 1

    console.wait(settled, PATIENCE_S)
    return last


def amount(text):
    return MONEY.search(text)[0]


def test_a_manager_sees_why_explains_a_number_and_takes_the_statement_along(tab, month):
    maria = tab("maria", accept_downloads=True)
    maria.open("cost", month=month, currency="EUR", unit="retail")
    page = maria.page
    spent = amount(page.get_by_test_id("stMetric").first.inner_text())
    expect(page.get_by_text(re.compile("Cost (rose|fell) by|Cost stayed")).first).to_be_visible()
    expect(page.get_by_text("Adds up").first).to_be_visible()
    for name in OTHERS:
        expect(page.get_by_test_id("stMain").get_by_text(name, exact=True)).to_have_count(0)

    page.get_by_role("button", name="Explain the total").click()
    expect(page.get_by_role("heading", level=1, name="Explain cost")).to_be_visible()
    maria.settled()
    expect(page.get_by_role("heading", level=3).filter(has_text=spent)).to_be_visible()
    expect(page.get_by_text("which is the figure that was clicked")).to_be_visible()

    maria.open("statement", month=month, currency="EUR", of="retail-online")
    title = page.get_by_role("heading", level=3).first
    expect(title).to_contain_text("Online shop")
    paid = amount(title.inner_text())
    with page.expect_download() as coming:
        page.get_by_role("button", name="Excel").first.click()
    book = openpyxl.load_workbook(BytesIO(Path(coming.value.path()).read_bytes()))
    sheet, about = book.worksheets[0], book["About"]
    rows = list(sheet.values)
    at = next(it for it, name in enumerate(rows[0]) if str(name).startswith("Cost"))
    lines = [row[at] for row in rows[1:-1]]
    assert f"{rows[-1][at]:,.2f}" == paid
    assert f"{sum(round(it * 100) for it in lines) / 100:,.2f}" == paid
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert any("Online shop" in str(row[1]) for row in about.values)
    maria.clean()


def test_a_viewer_is_shown_no_money(tab, month):
    vera = tab("vera")
    vera.page.goto(f"{vera.console.url}/cost?persona=vera&month={month}")
    expect(vera.page.get_by_text(re.compile("may not look at cost")).first).to_be_visible()
    expect(vera.page.get_by_text("EUR")).to_have_count(0)

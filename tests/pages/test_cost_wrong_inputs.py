"""What goes wrong outside, carried through to the words on the pages of cost: what did not answer,
and what holds nevertheless."""

import dataclasses
import json

import pytest

from domain import frames
from domain.costs import GAPS
from domain.readings import TENANT, TOPICS, Snapshot, Trouble, nothing
from store import budgets, snapshots
from store.tables import BillRow
from tests import bills_by_hand
from tests.bills_by_hand import NOVEMBER, bill
from tests.conftest import table, words
from tests.world import NOON, SMALL
from ui import exports

COST = "Cost (EUR)"
WHOLE = sum(it["cents"] for it in NOVEMBER) / 100
OTHER = "00000000-0000-0000-0000-00000000000f"
QUERY, LISTS, LOGS = "/query", "/api/retail/prices", "/v1/workspaces"


def said(at):
    kinds = [*at.warning, *at.error, *at.info]
    return "\n".join([words(at), *(it.value for it in kinds)]).replace("\\", "")


def asked(console, kind, path):
    """The console after its books were refused in this way, with the bills of before."""
    console.small.control.fault(kind, path=path, times=-1)
    console.clock.move(days=1, minutes=1)
    console.books.run_once()
    console.collector.run_once()
    return bills_by_hand.keep(console)


def trouble(console, topic, scope, sentence):
    """What a topic of a scope says it did not get."""
    told = Trouble("", "Forbidden", sentence, NOON)
    kept = Snapshot(nothing(TOPICS[topic]).frame, NOON, (told,))
    with console.store.begin() as session:
        snapshots.keep(session, TOPICS[topic], scope, kept)


@pytest.mark.parametrize(
    ("kind", "why"), [("forbid", "lacks a role on this scope"), ("throttle", "wants a pause")]
)
@pytest.mark.parametrize(
    ("path", "holds"),
    [(QUERY, "Booked days stand; later ones are estimated"),
     (LISTS, "Prices stay those that were read last"),
     (LOGS, "Callers that were read stand")],
)  # fmt: skip
def test_a_refusal_is_shown_with_what_still_holds(opened, console, path, holds, kind, why):
    asked(console, kind, path)
    at = opened("cost")
    assert not at.exception
    assert "Partial" in said(at)
    assert why in said(at)
    assert holds in said(at)
    assert table(at, COST)[COST].iloc[-1] == WHOLE
    manager = said(opened("cost", "maria"))
    assert holds in manager
    assert "workspace" not in manager


@pytest.mark.parametrize("page", ["cost", "statements", "statement"])
def test_before_the_first_bill_a_refusal_says_why_there_is_none(opened, console, page):
    with console.store.begin() as session:
        session.query(BillRow).delete()
    trouble(console, "booked", SMALL, f"Asking for the costs of subscription {SMALL}.")
    at = opened(page)
    assert "No bill has been made yet" in said(at)
    assert "8 to 48 hours" in said(at)
    assert "Asking for the costs of subscription" in said(at)
    at = opened(page, "maria")
    assert "Cost Management did not answer about some subscriptions" in said(at)
    assert not at.dataframe
    assert not at.metric


def test_what_never_answered_is_in_no_figure(opened, console):
    bills_by_hand.keep(console)
    trouble(console, "booked", OTHER, "Asking for the costs of a vault.")
    assert "Asking for the costs of a vault. Nothing of it is in these figures." in said(
        opened("cost")
    )
    assert "vault" not in said(opened("cost", "maria"))
    assert "vault" not in said(opened("cost", unit="retail"))


def test_a_refusal_of_another_currency_is_told_there_alone(opened, console):
    lines = [bills_by_hand.line("2026-11", 1, "retail", 777)]
    dollars = dataclasses.replace(bill("2026-11", lines, "USD"), cutoff={OTHER: "2026-11-02"})
    bills_by_hand.keep(console, bill(), dollars)
    trouble(console, "booked", OTHER, "Asking for the costs of America.")
    assert "America" not in said(opened("cost"))
    assert "America. Booked days stand" in said(opened("cost", currency="USD"))


def test_a_list_of_prices_that_is_refused_names_no_scope_to_a_manager(opened, console):
    bills_by_hand.keep(console)
    trouble(console, "gateway", TENANT, "Asking workspace 1234 for usage.")
    assert "Asking workspace 1234" in said(opened("cost"))
    manager = said(opened("cost", "maria"))
    assert "A gateway's log did not answer. Callers that were read stand" in manager
    assert "1234" not in manager


@pytest.mark.parametrize("person", ["ada", "bea", "maria", "mark"])
def test_a_month_that_runs_is_to_date_and_says_how_sure_it_is(opened, console, person):
    bills_by_hand.keep(console)
    at = opened("cost", person)
    assert "Spent to date (EUR)" in {it.label for it in at.metric}
    assert "November 2026, to date" in at.selectbox(key="month").options
    assert "hatched days are est., not booked yet" in said(at)
    assert "est. not yet booked" in said(at)
    october = opened("cost", person, month="2026-10")
    assert "Spent (EUR)" in {it.label for it in october.metric}


def test_no_gateway_is_no_zero(opened, console):
    bills_by_hand.keep(console, dataclasses.replace(bill(), gaps=frames.frame(GAPS, [])))
    at = opened("cost")
    assert {it.label: it.value for it in at.metric}["Known callers"] == "\u2013"
    assert "no deployment in this scope is behind a gateway" in said(at)


def test_a_budget_with_too_little_history_says_so_and_expects_nothing(opened, console):
    lines = [bills_by_hand.line("2026-11", it, "retail-online", 6_500) for it in (12, 13)]
    bills_by_hand.keep(console, bill("2026-11", lines))
    row = {"unit": "retail-online", "grain": "month", "currency": "EUR", "thresholds": "80",
           "amount_e8": 20_000 * 10**8, "starts": "2026-11", "said_by": "contoso/ada",
           "at": NOON}  # fmt: skip
    with console.store.begin() as session:
        budgets.add(session, row)
    at = opened("budgets", "maria")
    assert not at.exception
    shown = table(at, "Budget (EUR)").set_index(["Business unit", "Budget (EUR)"])
    own = shown.loc[("Online shop", 20_000.0)]
    assert own["State"] == ["insufficient history"]
    assert own["Used up"] == "Nobody can say yet"
    assert own[["Expected (EUR)", "At least (EUR)", "At most (EUR)"]].isna().all()
    assert own["Spent (EUR)"] == 130.0
    told = said(at)
    assert "Insufficient history" in told
    assert "A forecast needs 14 whole days" in told
    figures = {it.label: (it.value, it.delta) for it in opened("cost", "maria").metric}
    assert figures["Month's end, est. (EUR)"][0] == "\u2013"
    assert figures["Month's end, est. (EUR)"][1].startswith("Insufficient history")


SHARED = {"line": "shared", "method": "even", "rule": 1, "resource": "/apim", "model": "",
          "price": None, "list_price": None, "quantity": None, "bucket": ""}  # fmt: skip


@pytest.mark.parametrize(("person", "ratios"), [("ada", {0.25, 0.75}), ("maria", set())])
def test_a_focus_file_tells_a_manager_no_ratio_of_what_others_pay(
    opened, console, monkeypatch, person, ratios
):
    parts = {"retail-online": 2_500, "finance-risk": 7_500}
    lines = [bills_by_hand.line("2026-11", 2, unit, it, **SHARED) for unit, it in parts.items()]
    bills_by_hand.keep(console, bill("2026-11", [*NOVEMBER, *lines]))
    files = {}
    monkeypatch.setattr(exports, "deferred", lambda label, make, *_: files.update({label: make}))
    opened("statements", person)
    rows = files["FOCUS 1.3"]()
    told = rows["AllocatedMethodDetails"].dropna()
    found = {json.loads(it)["Elements"][0]["AllocatedRatio"] for it in told}
    assert ratios <= found
    assert bool(found) == bool(ratios)
    assert rows["AllocatedMethodId"].eq("even").sum() == (2 if ratios else 1)
    units = set(files["Journal"]()["unit"]) - {"platform"}
    assert ("finance-risk" in units) == ("finance-risk" in set(rows["x_Unit"])) == bool(ratios)

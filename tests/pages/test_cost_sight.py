"""Attacks on the pages of cost: whatever the address, the dialog or the draft says, nobody sees the
money or the names of units that are not theirs."""

import dataclasses

import pytest

from domain import frames
from domain.costs import FOUND, GAPS, RECONCILED
from store import budgets
from tests import bills_by_hand
from tests.bills_by_hand import DIFFERENCE, FINDING, bill, day, line
from tests.world import SDC, SMALL
from ui.components import budget_dialogs, calling, closing

OTHER = "00000000-0000-0000-0000-00000000000f"
OF = {"retail": "retail-online", "finance": "finance-risk"}
NAMES = {"retail": ("Retail", "Online shop", "Stores"), "finance": ("Finance", "Risk", "Banking")}
CENTS = {"retail": 7_654_321, "finance": 8_765_432}
"""Of each line; a line of the first day, one of a day of its own."""
DAYS = {"retail": 5, "finance": 6}
PAGES = ("cost", "explain", "statements", "statement", "budgets", "prices")
REFUSED = ("vera", "cora", "paul", "tess", "sam", "otto")
NOT = {"maria": "finance", "mark": "retail"}
"""Whose money a manager must not see."""


def named(side, what):
    return f"{side}-secret-{what}"


def resource(side):
    return f"{SDC}/deployments/{named(side, 'deployment')}"


def lines(month, currency="EUR"):
    told = []
    for side, unit in OF.items():
        own = {name: named(side, name) for name in ("model", "product", "meter", "meter_id")}
        own |= {"resource": resource(side), "bucket": "output"}
        both = [line(month, 1, unit, CENTS[side], **own)]
        both += [line(month, DAYS[side], unit, CENTS[side], cause=named(side, "cause"), **own)]
        told += both if currency == "EUR" else both[:1] if side == "finance" else []
    return told


def secrets(month, currency="EUR"):
    """A bill that has something of its own of two managers everywhere."""
    gaps = [{"day": day(month, 1), "resource": resource(side), "unit": unit,
             "platform": float(CENTS[side]), "attributed": 0.0, "gap": float(CENTS[side])}
            for side, unit in OF.items()]  # fmt: skip
    found = [FINDING | {"resource": resource(side), "what": f"{named(side, 'finding')} here",
                        "product": named(side, "product")} for side in OF]  # fmt: skip
    off = [DIFFERENCE | {"day": day(month, 2), "resource": resource(side),
                         "meter": named(side, "meter"), "booked_e8": CENTS[side] * 10**6,
                         "cause": "price"} for side in OF]  # fmt: skip
    return dataclasses.replace(
        bill(month, lines(month, currency), currency),
        gaps=frames.frame(GAPS, gaps),
        found=frames.frame(FOUND, found),
        reconciled=frames.frame(RECONCILED, off),
        cutoff={SMALL: f"{month}-16"} if currency == "EUR" else {OTHER: f"{month}-16"},
    )


@pytest.fixture
def console(console):
    bills_by_hand.keep(console, secrets("2026-10"), secrets("2026-11"), secrets("2026-11", "USD"))
    with console.store.begin() as session:
        for side, unit in OF.items():
            budgets.add(session, {
                "unit": unit, "grain": "month", "currency": "EUR", "amount_e8": CENTS[side] * 10**6,
                "thresholds": "80", "starts": "2026-11", "said_by": "contoso/ada",
                "at": console.clock(),
            })  # fmt: skip
    return console


def everything(at):
    """All that reaches the browser, but the notice that repeats what the address asked for."""
    parts = [str(it.proto) for it in at._tree if hasattr(it, "proto")]
    parts = [it for it in parts if "Not known here, left out" not in it]
    tables = [it.value.to_string() for it in [*at.dataframe, *at.table]]
    return "\n".join([*parts, *tables])


def foreign(side):
    """What must be nowhere: names, and figures as they are written anywhere."""
    cents = CENTS[side]
    figures = {cents, 2 * cents, 2 * sum(CENTS.values()), sum(CENTS.values())}
    money = {f"{it / 100:,.2f}" for it in figures} | {f"{it / 100:.2f}" for it in figures}
    return {f"{side}-secret", *NAMES[side], *money, f"{cents:,}", f"{float(cents)}"}


def attacks(page, side):
    """Addresses that ask for what is another's."""
    unit, place = OF[side], resource(side)
    common = [{"unit": unit}, {"unit": side, "month": "2026-10"}, {"currency": "USD"},
              {"unit": "platform", "subscriptions": OTHER, "cell": "0,0"}]  # fmt: skip
    own = {
        "cost": [{"by": it} for it in ("resource", "model", "day")] + [{"by": "unit", "of": unit}],
        "explain": [
            {"payer": unit}, {"resource": place}, {"model": named(side, "model")},
            {"meter": named(side, "meter_id")}, {"day": f"2026-11-{DAYS[side]:02d}"},
            {"split": "resource"}, {"split": "payer", "unit": unit},
        ],
        "statement": [{"of": unit}, {"of": side, "month": "2026-10"}, {"of": "unassigned"}],
        "prices": [{"tab": "Agreed prices"}],
    }  # fmt: skip
    return common + own.get(page, [{}])


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("person", NOT)
def test_nothing_of_another_unit_is_shown_whatever_the_address_says(opened, person, page):
    side = NOT[person]
    at = opened(page, person)
    for query in attacks(page, side):
        at.query_params.clear()
        at.query_params.update({"persona": person, **query})
        at = at.run()
        assert not at.exception, query
        shown = everything(at)
        assert [it for it in foreign(side) if it in shown] == [], query
        own = f"{2 * CENTS['retail' if side == 'finance' else 'finance'] / 100:,.2f}"
        assert page != "cost" or "month" in query or "currency" in query or own in shown, query


@pytest.mark.parametrize("person", REFUSED)
def test_who_may_not_look_at_cost_sees_no_money_by_any_address(opened, person):
    at = opened("cost", person)
    for page in PAGES:
        at.query_params.update({"unit": OF["retail"], "of": OF["retail"], "payer": OF["finance"]})
        shown = everything(at.switch_page(f"../pages/cost/{page}.py").run())
        secret = {it for side in OF for it in foreign(side) - set(NAMES[side])}
        assert [it for it in secret if it in shown] == [], page
        assert "may not" in shown
        assert "EUR" not in shown


@pytest.mark.parametrize("person", NOT)
@pytest.mark.parametrize(
    ("page", "draft"),
    [("cost", calling.ASK), ("budgets", budget_dialogs.CHANGE), ("budgets", budget_dialogs.END),
     ("statements", closing.WAIVE), ("statements", closing.REMOVE)],
)  # fmt: skip
def test_a_dialog_that_another_left_open_shows_nothing(opened, person, page, draft):
    side = NOT[person]
    row = {"unit": OF[side], "name": NAMES[side][1], "grain": "month", "budget": 1,
           "budget_cents": CENTS[side], "thresholds": "80"}  # fmt: skip
    about = {"cost": ("2026-11", "EUR", resource(side)), "budgets": row}
    at = opened(page, person)
    at.session_state["draft:" + draft] = about.get(page, ("2026-11", "EUR", 1))
    at = at.run()
    shown = everything(at)
    title = {calling.ASK: f"{side}-secret"}.get(draft)
    assert [it for it in foreign(side) if it in shown and it != title] == []
    assert not [it for it in at.button if str(it.key).endswith("-confirm")]


@pytest.mark.parametrize("person", ["ada", "bea"])
def test_who_sees_every_unit_sees_both(opened, person):
    shown = everything(opened("cost", person, by="resource"))
    assert all(f"{side}-secret-deployment" in shown for side in OF)
    assert f"{2 * sum(CENTS.values()) / 100:,.2f}" in shown

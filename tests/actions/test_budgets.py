"""A budget is set by whoever answers for the unit, and forged ones are refused in words."""

import pytest
from sqlalchemy import delete

from actions import budget
from domain.faults import NotAllowed, OutOfRange
from domain.frames import records
from domain.roles import CAST
from reads import audit
from store import budgets
from store.tables import BudgetRow


@pytest.fixture(autouse=True)
def _bare(console):
    """Without the budgets that the local cloud starts with."""
    with console.store.begin() as session:
        session.execute(delete(BudgetRow))


def kept(console):
    with console.store.reading() as session:
        return records(budgets.known(session))


def put(console, person="maria", unit="retail", amount="1000.50", starts="2026-10", **told):
    return budget.set_(console.visit(person), unit, amount, "EUR", starts, **told)


MAY = {"ada", "alan", "maria"}


@pytest.mark.parametrize("person", CAST, ids=lambda it: it.id)
def test_managers_of_the_unit_and_admins(console, person):
    if person.id in MAY:
        put(console, person.id, "retail-online")
        (only,) = kept(console)
        assert (only["amount_e8"], only["thresholds"]) == (100_050_000_000, "80,100")
        assert (only["unit"], only["said_by"]) == ("retail-online", person.key)
        budget.end(console.visit(person.id), 1, "2026-12")
        assert kept(console)[0]["ends"] == "2026-12"
    else:
        with pytest.raises(NotAllowed):
            put(console, person.id, "retail-online")
        assert kept(console) == []
        assert audit.trail(console.store).iloc[0]["came"] == "refused"
        put(console)
        with pytest.raises(NotAllowed):
            budget.end(console.visit(person.id), 1, "2026-12")
        assert isinstance(kept(console)[0]["said_by"], str)


@pytest.mark.parametrize("told", [
    {"amount": "-1"}, {"amount": "0"}, {"amount": "NaN"}, {"amount": "inf"}, {"amount": 1.5},
    {"amount": "1e9"}, {"amount": "99999999999"}, {"amount": ""}, {"amount": "=2+3"},
    {"starts": "2026-13"}, {"starts": "now"}, {"starts": ""}, {"unit": "nobody"},
    {"unit": "unassigned"}, {"unit": "platform"}, {"grain": "day"}, {"thresholds": []},
    {"grain": "quarter", "starts": "2026-11"}, {"grain": "year", "starts": "2026-10"},
    {"thresholds": [0]}, {"thresholds": [201]}, {"thresholds": [80, 80]}, {"thresholds": [1.5]},
    {"thresholds": [True]}, {"thresholds": [1, 2, 3, 4, 5, 6]}, {"thresholds": ["80"]},
])  # fmt: skip
def test_forged_values(console, told):
    with pytest.raises(OutOfRange):
        put(console, "ada", **told)
    assert kept(console) == []


@pytest.mark.parametrize("currency", ["eur", "", "EURO", None])
def test_forged_currencies(console, currency):
    with pytest.raises(OutOfRange):
        budget.set_(console.visit("ada"), "retail", "5", currency, "2026-10")


def test_a_new_one_takes_the_place_of_the_one_before(console):
    put(console)
    put(console, amount="2", starts="2026-12")
    put(console, amount="9", grain="year", starts="2026-01")
    put(console, "mark", "finance")
    assert [it["ends"] if isinstance(it["ends"], str) else None for it in kept(console)] == [
        "2026-12", None, None, None,
    ]  # fmt: skip
    for starts in ("2026-11", "2026-09"):
        with pytest.raises(OutOfRange, match="for some of these months"):
            put(console, starts=starts)
    put(console, amount="3", starts="2026-12")
    assert kept(console)[1]["ends"] == "2026-12"
    put(console, amount="4", starts="2026-12")


def test_an_end_that_cannot_be(console):
    put(console)
    maria = console.visit("maria")
    with pytest.raises(OutOfRange, match="starts in 2026-10"):
        budget.end(maria, 1, "2026-09")
    with pytest.raises(OutOfRange):
        budget.end(maria, 1, "soon")
    for id in (9, "1", None):
        with pytest.raises(NotAllowed, match="not among those"):
            budget.end(maria, id, "2026-12")
    with pytest.raises(NotAllowed, match="not among those"):
        budget.end(console.visit("mark"), 1, "2026-12")

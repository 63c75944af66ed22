"""What a company has agreed on before its console starts: rules and budgets, kept once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from domain import money, months, ruling
from domain.billing import Body, Rule
from domain.units import Tree
from store import budgets, cost_rules
from store.cost_rules import IDLE, MAPPING, SHARING
from store.engine import Session

Agreements = Mapping[str, Sequence[Mapping[str, Any]]]
_CURRENCY, _THRESHOLDS = "EUR", "80,100"


def keep(session: Session, told: Agreements, tree: Tree, starts: datetime, by: str) -> None:
    """Keep these from that day on, unless there are rules already: they are people's from then
    on. told: lists by mapping, sharing, idle and budgets, shaped as the verbs take them."""
    if cost_rules.known(session):
        return
    for kind, body in _bodies(told, tree):
        cost_rules.add(session, Rule(0, kind, body, starts, said_by=by, at=starts))
    for it in told.get("budgets", ()):
        row = {"unit": it["unit"], "grain": it["grain"], "currency": _CURRENCY}
        row |= {"amount_e8": money.e8(it["amount"]), "thresholds": _THRESHOLDS}
        budgets.add(session, {**row, "starts": months.of(starts), "said_by": by, "at": starts})


def _bodies(told: Agreements, tree: Tree) -> list[tuple[str, Body]]:
    mapped = [
        ruling.mapping(it["by"], it.get("key", ""), it["value"], it["unit"], tree)
        for it in told.get(MAPPING, ())
    ]
    shared = [ruling.sharing(it, tree) for it in told.get(SHARING, ())]
    idle = [
        ruling.idle(it["pool"], it["rule"], it["entitlements"], tree) for it in told.get(IDLE, ())
    ]
    return [
        *((MAPPING, it) for it in mapped),
        *((SHARING, it) for it in shared),
        *((IDLE, it) for it in idle),
    ]

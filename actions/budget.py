"""Budget: say what a business unit may spend in each month, quarter or year."""

from collections.abc import Sequence

from actions.visit import Visit
from domain import frames, money, months
from domain.decisions import GRAINS
from domain.faults import NotAllowed, OutOfRange
from domain.roles import Permission, require_sight
from store import budgets, units
from store.engine import Session

THRESHOLDS = (80, 100)
MOST_THRESHOLDS, HIGHEST = 5, 200
_LONGEST = {"month": 1, "quarter": 3, "year": 12}


def set_(
    visit: Visit,
    unit: str,
    amount: str,
    currency: str,
    starts: str,
    *,
    grain: str = "month",
    thresholds: Sequence[int] = THRESHOLDS,
) -> int:
    """From this month on the unit may spend so much in each period; what was set before ends
    there. Returns the budget's number; raises Refused."""
    what = f"set a budget of {amount} {currency} each {grain} for {unit} from {starts}"
    with visit.attempt(Permission.BUDGET, what[:500]) as session:
        tree = units.tree(session)
        require_sight(visit.person, unit, tree)
        if unit not in tree.units:
            raise OutOfRange("Choose a business unit of the list.")
        told = _checked(amount, currency, starts, grain, thresholds)
        _give_way(session, unit, told)
        said = {"unit": unit, "said_by": visit.person.key, "at": visit.clock(), "ends": None}
        return budgets.add(session, {**told, **said})


def end(visit: Visit, id: int, ends: str) -> None:
    """Let a budget be for the months before this one; raises Refused."""
    with visit.attempt(Permission.BUDGET, f"end budget {id} before {ends}"[:300]) as session:
        found = budgets.find(session, id) if isinstance(id, int) else None
        if found is None or not visit.person.sees(str(found["unit"]), units.tree(session)):
            raise NotAllowed("This budget is not among those you may change.")
        if months.read(ends) < str(found["starts"]):
            raise OutOfRange(f"Budget {id} starts in {found['starts']}.")
        budgets.end(session, id, ends)


def _checked(
    amount: str, currency: str, starts: str, grain: str, thresholds: Sequence[int]
) -> dict[str, object]:
    if grain not in GRAINS:
        raise OutOfRange(f"A budget is for a {', a '.join(GRAINS)}.")
    e8 = money.e8(amount, "A budget")
    if e8 <= 0:
        raise OutOfRange("A budget is more than 0.")
    month = months.read(starts)
    if (int(month[5:]) - 1) % _LONGEST[grain]:
        raise OutOfRange(f"A budget for a {grain} starts with its first month.")
    return {
        "grain": grain,
        "currency": money.currency(currency),
        "amount_e8": e8,
        "thresholds": _thresholds(thresholds),
        "starts": month,
    }


def _thresholds(percents: Sequence[int]) -> str:
    whole = [it for it in percents if isinstance(it, int) and not isinstance(it, bool)]
    fit = [it for it in whole if 0 < it <= HIGHEST]
    if not fit or len(fit) != len(percents) or len(set(fit)) != len(fit):
        raise OutOfRange(f"Thresholds are different whole percents from 1 to {HIGHEST}.")
    if len(fit) > MOST_THRESHOLDS:
        raise OutOfRange(f"A budget has {MOST_THRESHOLDS} thresholds at the most.")
    return ",".join(str(it) for it in sorted(fit))


def _give_way(session: Session, unit: str, told: dict[str, object]) -> None:
    known = budgets.known(session, [unit])
    same = known["grain"].eq(str(told["grain"])) & known["currency"].eq(str(told["currency"]))
    starts = str(told["starts"])
    for it in frames.records(known[same]):
        ended = isinstance(it["ends"], str)
        if it["ends"] > max(starts, it["starts"]) if ended else it["starts"] > starts:
            raise OutOfRange(f"Budget {it['id']} is for some of these months.")
        if not ended:
            budgets.end(session, it["id"], starts)

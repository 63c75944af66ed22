"""What is nobody's own, shared over the units by ordered rules (cost rules, 3.3).

A rule takes what its source names of the lines that no unit has by itself, never what a unit used.
Every day is shared by that day's own weights, so that what comes later, usage or a rule, moves
no day before it.
"""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domain import circles, consumption
from domain.apportion import dealt
from domain.billing import Inputs, Rule
from domain.consumption import Consumption
from domain.costs import PLATFORM, TOKENS, Bucket, Line, Method
from domain.units import UNASSIGNED, Tree

ORDER = tuple(Method)
_POTS = (UNASSIGNED, PLATFORM)
_OWN = (Line.USAGE, Line.SPILLOVER, Line.PTU_RESERVED, Line.PTU_HOURLY, Line.PTU_IDLE)
_WEIGHTS = ["day", "unit", "weight"]


def shared(lines: pd.DataFrame, use: Consumption, inputs: Inputs) -> pd.DataFrame:
    """Draft charges after all sharing rules; each row is shared at most once, by the first rule
    whose source it is, in the order of methods and then of ids."""
    rules = [it for it in inputs.rules if it.kind == "sharing"]
    if not rules or lines.empty:
        return lines
    weights = _Weights(lines, use, inputs.tree)
    done: list[pd.DataFrame] = []
    for rule in sorted(rules, key=lambda it: (ORDER.index(Method(it.body["method"])), it.id)):
        taken = _taken(lines, rule)
        if taken.any():
            done.append(_over(lines[taken], rule, weights))
            lines = lines[~taken]
    return pd.concat([lines, *done], ignore_index=True)


def _taken(lines: pd.DataFrame, rule: Rule) -> NDArray[np.bool_]:
    """Which lines are this rule's to share."""
    ((kind, text),) = rule.body["source"].items()
    wanted = text.strip().lower()
    found = lines[kind].fillna("").str.lower().eq(wanted)
    if kind != "unit":
        found &= lines["unit"].isin(_POTS)
    found &= lines["line"].ne(Line.ADJUSTMENT) & lines["day"].ge(rule.starts)
    if rule.ends is not None:
        found &= lines["day"].lt(rule.ends)
    return np.asarray(found, bool)


def _over(rows: pd.DataFrame, rule: Rule, weights: "_Weights") -> pd.DataFrame:
    """These lines, each over the units by the weights of its day."""
    rows = rows.sort_values(["day", "origin", "resource", "meter_id"], ignore_index=True)
    rows["_row"] = np.arange(len(rows))
    method = rule.body["method"]
    told = rows.drop(columns=["unit", "method", "rule"]).merge(
        weights.of(rule, rows["day"].drop_duplicates()), on="day", how="left"
    )
    told = told.sort_values(["_row", "unit"], ignore_index=True)
    whose = told["_row"].to_numpy(np.intp)
    part = told["weight"].to_numpy(float)
    sums = np.bincount(whose, part, minlength=len(rows))
    told["amount_e8"] = dealt(rows["amount_e8"].to_numpy(np.int64), whose, part)
    told["quantity"] = told["quantity"] * (part / sums[whose])
    told["method"] = np.where(told["unit"].eq(UNASSIGNED), Method.NONE, method)
    told["rule"] = pd.array([rule.id] * len(told), "Int64")
    if method == Method.SUBSIDY:
        told = _subsidised(told, rule)
    return told.drop(columns=["_row", "weight"])


def _subsidised(rows: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """Up to the cap each unit pays in a month; what is above it is the sponsor's."""
    cap, sponsor = rule.body["cap_e8"], rule.body["sponsor"]
    rows = rows.sort_values(["unit", "day", "_row"], ignore_index=True)
    amounts = rows["amount_e8"].to_numpy(np.int64)
    run = rows.groupby("unit")["amount_e8"].cumsum().to_numpy(np.int64)
    paid = np.minimum(run, cap) - np.minimum(run - amounts, cap)
    own = rows["unit"].isin([sponsor, *_POTS]).to_numpy(bool)
    paid = np.where(own, amounts, paid)
    more = rows.assign(amount_e8=amounts - paid, unit=sponsor)
    more["quantity"] = pd.array([None] * len(more), "Float64")
    return pd.concat([rows.assign(amount_e8=paid), more[more["amount_e8"] != 0]])


class _Weights:
    """By rule and day who takes part and with what weight; sums are made once, when asked."""

    def __init__(self, lines: pd.DataFrame, use: Consumption, tree: Tree) -> None:
        own = lines["method"].eq(Method.DIRECT) & lines["line"].isin([*_OWN])
        own &= lines["unit"].isin(list(tree.units))
        sums = lines[own].groupby(["day", "unit"])["amount_e8"].sum().reset_index()
        self.direct = sums.rename(columns={"amount_e8": "weight"})
        self._use = use
        self._used: pd.DataFrame | None = None
        self._tree = tree

    def of(self, rule: Rule, days: "pd.Series[pd.Timestamp]") -> pd.DataFrame:
        """day, unit, weight; a day on which nobody takes part is unallocated."""
        found = self._by_method(rule, days)
        source = rule.body["source"].get("unit", "")
        found = found[found["weight"].gt(0) & found["unit"].ne(source)]
        if rule.body.get("fallback") == "even" and rule.body["method"] != Method.DRIVER:
            lacking = days[~days.isin(found["day"])]
            even = self._even()
            found = pd.concat([found, even[even["day"].isin(lacking) & even["unit"].ne(source)]])
        known = found["unit"].isin([*self._tree.units, *_POTS])
        found = found.assign(unit=found["unit"].where(known, UNASSIGNED))
        nobody = days[~days.isin(found["day"])]
        held = pd.DataFrame({"day": nobody, "unit": UNASSIGNED, "weight": 1.0})
        every = pd.concat([found[_WEIGHTS], held]).astype({"unit": "string", "weight": float})
        return every.groupby(["day", "unit"])["weight"].sum().reset_index()

    def _by_method(self, rule: Rule, days: "pd.Series[pd.Timestamp]") -> pd.DataFrame:
        method, shares = rule.body["method"], _shares(rule)
        if method in (Method.FIXED, Method.ENTITLEMENT, Method.DIRECT):
            return _every_day(shares, days)
        if method == Method.SUBSIDY and shares:
            return _every_day(shares, days)
        if method == Method.EVEN:
            return self._even()
        if method in (Method.DRIVER, Method.WEIGHTED):
            used = self._driven(rule.body.get("driver", "tokens"))
            by = used["unit"].map(shares).fillna(1.0) if method == Method.WEIGHTED else 1.0
            return used.assign(weight=used["weight"] * by)
        return self.direct.assign(weight=self.direct["weight"].astype(float))

    def _even(self) -> pd.DataFrame:
        return self.direct[self.direct["weight"] != 0].assign(weight=1.0)

    def _driven(self, driver: str) -> pd.DataFrame:
        if self._used is None:
            self._used = consumption.by_unit(self._use)
        used, bucket = self._used, self._used["bucket"]
        if driver == "tokens":
            used = used[bucket.isin(TOKENS)]
        elif driver == "normalised":
            used = used[bucket.isin(TOKENS) & bucket.ne(Bucket.CACHED)]
            by = np.where(used["bucket"].eq(Bucket.OUTPUT), consumption.OUTPUT_WEIGHT, 1.0)
            used = used.assign(quantity=used["quantity"] * by)
        else:
            used = used[bucket.eq(driver)]
        return used.rename(columns={"quantity": "weight"})[_WEIGHTS]


def _shares(rule: Rule) -> dict[str, float]:
    given = dict(rule.body.get("shares", {}))
    if rule.body["method"] == Method.DIRECT and (unit := rule.body.get("unit")):
        given = {unit: "1"}
    return {str(unit): float(Decimal(str(it))) for unit, it in sorted(given.items())}


def _every_day(shares: dict[str, float], days: "pd.Series[pd.Timestamp]") -> pd.DataFrame:
    units = pd.DataFrame({"unit": list(shares), "weight": list(shares.values())})
    return pd.DataFrame({"day": days}).merge(units, how="cross")


def checked(rules: Sequence[Rule], tree: Tree) -> None:
    """Raises OutOfRange, in words, where a sharing rule cannot be, contradicts another, or sends
    cost round in a circle."""
    circles.check(rules, tree)

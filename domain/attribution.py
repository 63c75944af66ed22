"""Whose a deployment's usage is on a day: by what the gateway, its tags or its place say.

The first of product, deployment tag, account tag, resource group and subscription that a rule
knows decides. A product that no rule knows is nobody's: its caller is somebody, but not the owner
of the deployment.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np
import pandas as pd

from domain import tags
from domain.billing import Rule
from domain.costs import PLATFORM
from domain.faults import OutOfRange
from domain.frames import TEXT, WHOLE, Columns, frame, records
from domain.units import UNASSIGNED, Tree, folded_id

PRECEDENCE = ("product", "deployment_tag", "account_tag", "group", "subscription")
BY_PLACE = ("group", "subscription")
UNTOLD = ("", "(none)")
"""Products of the requests whose caller the gateway does not name."""
OWNED: Columns = {"unit": TEXT, "rule": WHOLE}
EVER = datetime(1, 1, 1, tzinfo=UTC)
BUILT_IN = tuple(
    Rule(0, "mapping", {"by": by, "key": "", "value": "*", "unit": ""}, EVER)
    for by in ("deployment_tag", "account_tag")
)
"""What holds besides, after the rules that people made: the tag that names the unit. A first rule
about one product must not take the tags' word from all others."""


@dataclass(frozen=True)
class Mapped:
    """The rules that hold on a day, in the order in which they are asked."""

    rules: tuple[Rule, ...]
    tree: Tree
    tag: str

    @property
    def key(self) -> tuple[tuple[int, str], ...]:
        """Equal on days on which the same rules hold."""
        return tuple((it.id, it.body["by"]) for it in self.rules)

    def unit(self, values: Mapping[str, str], over: Sequence[str]) -> tuple[str, int | None]:
        """The unit and the rule that says so; UNASSIGNED and no rule where none does."""
        for rule in self.rules:
            if rule.body["by"] in over and (unit := self._said(rule, values)):
                return unit, rule.id or None
        return UNASSIGNED, None

    def _said(self, rule: Rule, values: Mapping[str, str]) -> str:
        value = self._value(rule.body["by"], rule.body.get("key") or self.tag, values)
        if rule.body["value"] == "*":
            unit = self.tree.of_tag(value)
            return "" if unit == UNASSIGNED else unit
        unit = rule.body["unit"]
        wanted = folded_id(rule.body["value"]) == value
        return unit if wanted and value and _known(unit, self.tree) else ""

    @staticmethod
    def _value(by: str, key: str, values: Mapping[str, str]) -> str:
        if by.endswith("_tag"):
            return folded_id(tags.found(_parsed(values.get(by, "")), key))
        return folded_id(values.get(by))


def in_force(rules: Iterable[Rule], tree: Tree, tag: str, day: datetime) -> Mapped:
    """The mapping rules of one day."""
    every = (*(it for it in rules if it.kind == "mapping"), *BUILT_IN)
    held = (it for it in every if it.holds(day))
    return Mapped(tuple(sorted(held, key=_order)), tree, tag)


def owned(estate: pd.DataFrame, rules: Iterable[Rule], tree: Tree, tag: str) -> pd.DataFrame:
    """OWNED, row by row of ESTATE_DAYS: whose each deployment is by its tags and its place."""
    named = {"deployment_tag": "tags", "account_tag": "account_tags"}
    columns = {it: estate[named.get(it, it)] for it in PRECEDENCE[1:]}
    return attributed(estate["day"], columns, rules, tree, tag)


def attributed(
    days: "pd.Series[datetime]",
    columns: "Mapping[str, pd.Series[str]]",
    rules: Iterable[Rule],
    tree: Tree,
    tag: str,
) -> pd.DataFrame:
    """OWNED by row, from the day and what is known to map by (names of PRECEDENCE)."""
    rules = tuple(rules)
    held = {it: in_force(rules, tree, tag, it) for it in days.drop_duplicates()}
    epochs = {it: number for number, it in enumerate({it.key for it in held.values()})}
    asked = pd.DataFrame({name: it.array for name, it in columns.items()}).fillna("")
    asked["_epoch"] = days.map({day: epochs[it.key] for day, it in held.items()}).to_numpy()
    codes = asked.groupby(list(asked), sort=False).ngroup().to_numpy()
    _, first = np.unique(codes, return_index=True)
    by_epoch = {epochs[it.key]: it for it in held.values()}
    found = [by_epoch[it["_epoch"]].unit(it, list(columns)) for it in records(asked.iloc[first])]
    rows = frame(OWNED, [{"unit": unit, "rule": rule} for unit, rule in found])
    return rows.take(codes).reset_index(drop=True)


def checked(rules: Sequence[Rule], tree: Tree) -> None:
    """Raises OutOfRange where a mapping rule cannot be, or contradicts another."""
    mapping = [it for it in rules if it.kind == "mapping"]
    for rule in mapping:
        _check(rule, tree)
    overlapping(mapping, lambda it: tuple(folded_id(str(it.body.get(k))) for k in _SAME))


_SAME = ("by", "key", "value")


def overlapping(rules: Sequence[Rule], same: Callable[[Rule], object]) -> None:
    """Raises OutOfRange where two rules about the same thing hold on one day, or one never."""
    for at, rule in enumerate(rules):
        if rule.ends is not None and rule.ends <= rule.starts:
            raise OutOfRange("A rule has to end after it starts.")
        for other in rules[at + 1 :]:
            if same(rule) == same(other) and _meet(rule, other):
                raise OutOfRange(
                    f"Another rule says the same from {max(rule.starts, other.starts):%Y-%m-%d}: "
                    "end it first."
                )


def _meet(one: Rule, other: Rule) -> bool:
    return (other.ends is None or one.starts < other.ends) and (
        one.ends is None or other.starts < one.ends
    )


def _check(rule: Rule, tree: Tree) -> None:
    by, value, unit = (str(rule.body.get(it) or "") for it in ("by", "value", "unit"))
    if by not in PRECEDENCE:
        raise OutOfRange(f"Usage is not mapped by {by or 'nothing'}.")
    if not value.strip():
        raise OutOfRange("A mapping rule needs a value.")
    if value == "*" and unit:
        raise OutOfRange("Where the value itself names the unit, no unit is given.")
    if value != "*" and not _known(unit, tree):
        raise OutOfRange(f"There is no unit {unit or 'without a name'}.")


def _known(unit: str, tree: Tree) -> bool:
    return unit in tree.units or unit == PLATFORM


def _order(rule: Rule) -> tuple[int, bool, bool, int]:
    """What is said of one value goes before what is said of all."""
    of_all = rule.body["value"] == "*"
    return PRECEDENCE.index(rule.body["by"]), of_all, rule in BUILT_IN, rule.id


@lru_cache(maxsize=10_000)
def _parsed(text: str) -> dict[str, str]:
    return tags.parsed(text)

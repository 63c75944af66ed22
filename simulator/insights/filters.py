"""The filter grammar of metrics: A eq '*', A eq 'x' or A eq 'y', and `and` between dimensions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.insights import faults
from simulator.insights.definitions import Metric

TERM = re.compile(r"^\s*\(?\s*([A-Za-z]+)\s+(eq|ne|sw)\s+'([^']*)'\s*\)?\s*$", re.IGNORECASE)


@dataclass(slots=True)
class Conditions:
    """Dimensions to split by, in order, and the values that are let through."""

    split: list[str] = field(default_factory=list)
    only: dict[str, set[str]] = field(default_factory=dict)
    without: dict[str, set[str]] = field(default_factory=dict)
    starts: dict[str, str] = field(default_factory=dict)

    def lets(self, dimensions: Mapping[str, str]) -> bool:
        """Whether a leaf with these dimensions (lower-case names) is counted."""
        for name, values in self.only.items():
            if dimensions.get(name, "").lower() not in values:
                return False
        for name, values in self.without.items():
            if dimensions.get(name, "").lower() in values:
                return False
        return all(
            dimensions.get(name, "").lower().startswith(start)
            for name, start in self.starts.items()
        )

    def of(self, metric: Metric, *, flat: bool) -> "Conditions":
        """Checked against what the metric can be split by. Raises 400."""
        known = {name.lower() for name in metric.dimensions}
        if not known.issuperset(self.split):
            asked, all_ = ",".join(self.split), ",".join(metric.dimensions)
            raise faults.unsupported_dimensions(metric.name, asked, all_, flat=flat)
        return self


def parsed(text: str, roll_up: str = "", *, flat: bool = False) -> Conditions:
    """The conditions of a filter. Raises 400 where the grammar has no such sentence."""
    found = Conditions()
    for group in _split(text, "and"):
        terms = [_term(part, flat) for part in _split(group, "or")]
        name = terms[0][0]
        if any(other != name for other, _, _ in terms):
            raise faults.bad("'or' is only supported within one dimension.", flat=flat)
        for _, operator, value in terms:
            _add(found, name, operator, value)
    rolled = {it.strip().lower() for it in roll_up.split(",") if it.strip()}
    found.split = [it for it in found.split if it not in rolled]
    return found


def _split(text: str, word: str) -> list[str]:
    parts = re.split(
        rf"\s+{word}\s+(?=\(?\s*[A-Za-z]+\s+(?:eq|ne|sw)\s)", text, flags=re.IGNORECASE
    )
    return [part for part in parts if part.strip()]


def _term(text: str, flat: bool) -> tuple[str, str, str]:
    found = TERM.match(text)
    if found is None:
        raise faults.bad(f"Invalid filter: '{text.strip()}'.", flat=flat)
    return found[1].lower(), found[2].lower(), found[3]


def _add(found: Conditions, name: str, operator: str, value: str) -> None:
    if name not in found.split:
        found.split.append(name)
    if value == "*" and operator == "eq":
        return
    if operator == "sw":
        found.starts[name] = value.lower()
        return
    chosen = found.only if operator == "eq" else found.without
    chosen.setdefault(name, set()).add(value.lower())

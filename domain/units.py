"""Business units as a tree: who stands below whom, and what a tag's value means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

UNASSIGNED = "unassigned"
"""The bucket of everything that no unit has claimed; it is shown, never hidden."""


@dataclass(frozen=True)
class Unit:
    id: str
    """What a tag says, folded: lower case, without outer blanks."""
    name: str
    parent: str | None = None


@dataclass(frozen=True)
class Tree:
    """All units by id; a parent that does not exist counts as none."""

    units: Mapping[str, Unit]

    def below(self, ids: Iterable[str]) -> frozenset[str]:
        """These units and everything under them."""
        found = set(ids)
        while more := {it.id for it in self.units.values() if it.parent in found} - found:
            found |= more
        return frozenset(found)

    def name(self, id: str) -> str:
        """The unit's name; an id that is no unit is its own name."""
        return self.units[id].name if id in self.units else id.capitalize()

    def of_tag(self, value: str | None) -> str:
        """The unit that a tag's value names; unassigned where it names none of ours."""
        folded = folded_id(value)
        return folded if folded in self.units else UNASSIGNED


def folded_id(value: str | None) -> str:
    """A tag's value as an id."""
    return (value or "").strip().lower()


def tree(units: Iterable[Unit]) -> Tree:
    return Tree({unit.id: unit for unit in units})


CONTOSO = tree(
    [
        Unit("retail", "Retail"),
        Unit("retail-stores", "Stores", "retail"),
        Unit("retail-online", "Online shop", "retail"),
        Unit("finance", "Finance"),
        Unit("finance-banking", "Banking", "finance"),
        Unit("finance-risk", "Risk", "finance"),
        Unit("operations", "Operations"),
        Unit("operations-supply", "Supply chain", "operations"),
        Unit("operations-service", "Customer service", "operations"),
        Unit("research", "Research"),
        Unit("research-lab", "Lab", "research"),
    ]
)
"""The units of the local cloud's company."""

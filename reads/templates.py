"""Templates of rollouts: every version, who made it, and which rollouts were made from it."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.templates import Template
from store import people, templates
from store.engine import Store
from store.templates import Run

__all__ = ["Run"]


@dataclass(frozen=True)
class Kept:
    """All that is kept of them."""

    templates: tuple[Template, ...]
    """Every version, the newest of each first."""
    runs: tuple[Run, ...]
    """Of everybody; narrowed to what the visitor may see elsewhere."""
    names: Mapping[str, str]
    """Of everybody who is enrolled, by key."""


def kept(store: Store) -> Kept:
    """As it is now."""
    with store.reading() as session:
        names = {it.key: it.name for it in people.everyone(session)}
        return Kept(tuple(templates.known(session)), tuple(templates.runs(session)), names)

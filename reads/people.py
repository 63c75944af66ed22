"""Who somebody is here, and how the business units stand."""

from domain.roles import Person
from domain.units import Tree
from store import people, units
from store.engine import Store


def person(store: Store, tenant: str, id: str) -> Person:
    """A stranger without a role for somebody who was never enrolled."""
    with store.reading() as session:
        return people.find(session, tenant, id)


def tree(store: Store) -> Tree:
    with store.reading() as session:
        return units.tree(session)

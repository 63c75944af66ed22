"""People and their roles; a role is read at every visit and again by the worker."""

import json

from sqlalchemy import select

from domain.roles import Grant, Person, stranger
from store import rows
from store.engine import Session
from store.tables import PersonRow


def enrol(session: Session, person: Person) -> None:
    """Keep this person, in place of what was known of them."""
    row = {
        "tenant": person.tenant,
        "id": person.id,
        "name": person.name,
        "role": person.role,
        "units": None if person.units is None else json.dumps(sorted(person.units)),
        "grants": json.dumps(sorted(person.grants)),
    }
    rows.upsert(session, PersonRow, ("tenant", "id"), [row])


def find(session: Session, tenant: str, id: str) -> Person:
    """The person with this id; somebody unknown is a stranger, who has no role."""
    row = session.get(PersonRow, (tenant, id), populate_existing=True)
    return _person(row) if row else stranger(tenant, id)


def everyone(session: Session) -> list[Person]:
    """All who are enrolled, by name."""
    found = [_person(row) for row in session.scalars(select(PersonRow))]
    return sorted(found, key=lambda it: (it.name, it.key))


def _person(row: PersonRow) -> Person:
    units = None if row.units is None else frozenset(json.loads(row.units))
    grants = frozenset(Grant(it) for it in json.loads(row.grants))
    return Person(row.tenant, row.id, row.name, row.role, units, grants)

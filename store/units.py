"""Business units, as the administrators drew them."""

from dataclasses import asdict

from sqlalchemy import delete, select

from domain import units
from domain.units import Tree, Unit
from store import rows
from store.engine import Session
from store.tables import UnitRow


def keep(session: Session, tree: Tree) -> None:
    """Make this the tree, in place of the one before."""
    session.execute(delete(UnitRow).where(UnitRow.id.not_in(list(tree.units))))
    rows.upsert(session, UnitRow, ("id",), [asdict(unit) for unit in tree.units.values()])


def tree(session: Session) -> Tree:
    """All units, in the order of their ids."""
    found = session.scalars(select(UnitRow))
    return units.tree(
        Unit(row.id, row.name, row.parent) for row in sorted(found, key=lambda row: row.id)
    )

"""What business units are guaranteed of a pool, what they use and borrow, and who enforces that."""

import pandas as pd
import streamlit as st

from actions import entitle
from actions.visit import Visit
from domain.entitlements import BY_NOBODY
from domain.units import UNASSIGNED
from ui import door, drafts, faults, quota, scope, session
from ui.components import allocating, numbers, tables
from ui.components.columns import DEPLOYMENTS, Column, Columns
from ui.faults import escaped
from ui.quota import View

DRAFT = "entitle"
COLUMNS: Columns = {
    "unit_name": DEPLOYMENTS["unit_name"],
    "guaranteed": Column("Guaranteed", "number", "Units of the pool, by agreement.", 100),
    "used": Column("Used", "number", "Units that its deployments hold.", 80),
    "borrowed": Column("Borrowed", "number", "Used beyond what is guaranteed.", 90),
    "unused": Column("Guaranteed, not used", "number", width=150),
    "share": Column("Of the limit (%)", "share", "Used, of the pool's limit.", 120),
    "enforced_by": Column("Enforced by", width=430),
}


def show(visit: Visit, whole: View, view: View) -> None:
    """The shares of one pool, and for admins a way to say what is guaranteed."""
    rows = quota.shares(view)
    st.caption(
        f":material/info: Who enforces a share? {BY_NOBODY} A guarantee is an agreement between "
        "units that this console holds use against."
    )
    if rows.empty:
        st.caption("No business unit that you may see draws on it or is guaranteed any of it.")
    else:
        tables.show(rows, COLUMNS, "shares", most=10, alt="Business units with their shares")
        _over(rows)
    if not allocating.closed(visit, whole):
        st.button("Guarantee a unit", key="entitle", icon=":material/handshake:",
                  on_click=drafts.begin, args=(DRAFT, str(view.pools["pool"].iloc[0])))  # fmt: skip


def dialog(page: str) -> None:
    """Draw the dialog when it is open."""
    if pool := drafts.begun(DRAFT):
        shown = st.dialog("How much is a unit guaranteed?", on_dismiss=drafts.dropper(DRAFT))
        shown(_body)(page, pool)


def _over(rows: pd.DataFrame) -> None:
    if bool(rows["over_promised"].fillna(False).any()):
        st.warning(
            "More is guaranteed than the pool's limit: not everybody can have their share at once.",
            icon=":material/warning:",
        )


def _body(page: str, pool: str) -> None:
    with faults.shown():
        visit = door.admit(page)
        tree = session.tree()
        units = scope.units(tree, visit.person.scope(tree))
        units = {key: name for key, name in units.items() if key not in {"", UNASSIGNED}}
        unit = st.selectbox("Business unit", list(units), key="entitle-unit", index=None,
                            format_func=lambda it: units.get(it, it))  # fmt: skip
        amount = st.number_input(
            "Units guaranteed", min_value=0, value=None, step=1, key="entitle-units",
            help="0 takes the guarantee away. What a lower unit is guaranteed is out of what the "
            "unit above it is.",
        )  # fmt: skip
        ready = bool(unit) and amount is not None
        if st.button("Guarantee it", type="primary", key="entitle-confirm", disabled=not ready):
            assert unit
            assert amount is not None
            entitle.unit(visit, pool, str(unit), int(amount))
            drafts.drop(DRAFT)
            said = f"{escaped(tree.name(str(unit)))} is guaranteed {numbers.exact(amount)} units."
            drafts.say(said)
            st.rerun()

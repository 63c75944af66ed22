"""Cost that nobody pays for, and the one click with which somebody does."""

import streamlit as st

from actions.visit import Visit
from domain.frames import records
from domain.roles import Permission
from ui import drafts
from ui.components import cost_mapping, tables
from ui.components.columns import Column, Columns
from ui.costs import View
from ui.data import bills

FREE: Columns = {"what": Column("Could be mapped by", width=430)}
"""What a manager sees: no money, which is not theirs."""


def show(visit: Visit, view: View) -> None:
    """What could be mapped; a manager is shown what nobody else pays for either."""
    if view.head is None or not view.head.is_open or not visit.may(Permission.MAP):
        return
    things = bills.things(view.head)
    if not view.estate:
        things = things[things["others"].eq(0)].reset_index(drop=True)
    st.subheader("What nobody pays for", anchor=False)
    if things.empty:
        st.caption("Everything belongs to a unit or to the platform.")
        return
    rows = cost_mapping.worded(things)
    columns = cost_mapping.THINGS if view.estate else FREE
    event = tables.show(rows, columns, tables.keyed("free", rows), pick=("single-row",), most=6,
                        alt="Cost of no unit by what it could be mapped by")  # fmt: skip
    picked = records(tables.rows_picked(event, rows))
    st.button("Give it to a unit", key="take", icon=":material/assignment_ind:",
              disabled=not picked, on_click=drafts.begin,
              args=(cost_mapping.TAKE, picked[0] if picked else None))  # fmt: skip
    st.caption("Tick a row to say whose it is; the rule holds from a day that you choose.")

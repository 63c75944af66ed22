"""What to do about quota, the most worthwhile first: each with a way to look at it before doing."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from actions.visit import Visit
from domain import advice, allocation
from ui import faults, quota, scope, whatif
from ui.components import allocating, numbers, tables
from ui.components.columns import Column, Columns
from ui.faults import escaped
from ui.quota import View

MOST = 3
BADGES = {
    advice.GIVE: ":red-badge[:material/speed: throttled]",
    advice.ELSEWHERE: ":orange-badge[:material/speed: throttled, no room]",
    advice.RECLAIM: ":blue-badge[:material/hotel: idle]",
    advice.CEILING: ":orange-badge[:material/vertical_align_top: near its ceiling]",
    advice.PURGE: ":orange-badge[:material/delete: deleted]",
}
TABLE: Columns = {
    "what": Column("What to do", help="Click it to open the pool.", width=330),
    "why": Column("Why", width=520),
    "gain": Column("What it gains", width=330),
    "kind": Column("Kind", width=110),
}


def show(visit: Visit, view: View, rows: pd.DataFrame) -> None:
    """The first few, each with its button, and all of them as a table when asked for."""
    st.subheader("What would help most", anchor=False)
    if rows.empty:
        st.caption("Nothing: nobody is throttled who could be helped, and nothing lies idle.")
        return
    with st.container(border=True, gap="small"):
        for row in rows.head(MOST).to_dict("records"):
            _line(visit, view, {str(key): it for key, it in row.items()})
    if len(rows) <= MOST:
        return
    rest = {"": "The first ones", "all": f"All {len(rows)}"}
    if scope.either("Advice", "advice", rest) == "all":
        told = rows.assign(what=[what(it) for _, it in rows.iterrows()])
        event = tables.show(told, TABLE, tables.keyed("advice", told), pick=("single-cell",),
                            most=8, alt="All advice, the most worthwhile first")  # fmt: skip
        quota.open_pool(tables.cell_picked(event, told, "What to do", "pool"))


def what(row: "Mapping[str, Any] | pd.Series[Any]") -> str:
    """The advice in one line."""
    name, units = row["deployment"], numbers.exact(row["units"])
    match row["kind"]:
        case advice.GIVE if not pd.isna(row["donor"]):
            return f"Move {units} units from {_short(row['donor'])} to {name}"
        case advice.GIVE:
            return f"Raise {name} by {units} units"
        case advice.ELSEWHERE:
            return f"Find capacity for {name} elsewhere"
        case advice.RECLAIM:
            return f"Take {units} units back from {name}"
        case advice.PURGE:
            return f"Purge the deleted account {row['account']}"
    return f"Plan ahead for {row['account'] if pd.isna(name) else name}"


def targets(view: View, row: Mapping[str, Any]) -> dict[str, int]:
    """The what-if that does it; nothing where it is not done by moving units."""
    rows, units = view.kept.holders, row["units"]
    if row["kind"] not in (advice.GIVE, advice.RECLAIM) or pd.isna(units):
        return {}
    if not pd.isna(row["donor"]):
        return allocation.moved(rows, str(row["donor"]), str(row["resource"]), int(units))
    has = rows.loc[rows["resource"].eq(row["resource"]), "capacity"].iloc[0]
    way = 1 if row["kind"] == advice.GIVE else -1
    return {str(row["resource"]): int(has) + way * int(units)}


def _line(visit: Visit, view: View, row: Mapping[str, Any]) -> None:
    said, way = st.columns([5, 1], gap="small", vertical_alignment="center")
    said.markdown(
        f"{BADGES[row['kind']]} **{escaped(what(row))}** :gray[:small[{escaped(row['why'])} "
        f"{escaped(row['gain'])}]]"
    )
    with way:
        _button(visit, view, row)


def _button(visit: Visit, view: View, row: Mapping[str, Any]) -> None:
    key = f"advice-{row['kind']}-{row['resource']}"
    wanted = {} if allocating.closed(visit, view) else targets(view, row)
    if wanted:
        if st.button("What if?", key=key, width="stretch", help="Look at it before it is done"):
            with faults.shown():
                whatif.drop()
                whatif.aim(view.kept.holders, wanted)
                quota.open_pool(str(row["pool"]), quota.WHAT_IF)
    elif row["kind"] == advice.PURGE:
        st.caption("See Deleted accounts")
    elif not pd.isna(row["pool"]) and st.button("Open", key=key, width="stretch", help="The pool"):
        quota.open_pool(str(row["pool"]))


def _short(resource: object) -> str:
    return str(resource).rpartition("/")[2]

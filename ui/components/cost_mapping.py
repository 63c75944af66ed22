"""Which unit usage belongs to: rules in order of precedence, and what no rule gives to anybody."""

import pandas as pd
import streamlit as st

from actions import assign_usage, rule
from actions.visit import Visit
from domain.frames import records
from domain.ruling import ANY
from domain.units import UNASSIGNED
from ui import drafts, scope, session
from ui.components import cost_rules, dialogs, tables
from ui.components.columns import Column, Columns
from ui.faults import escaped

ADD, TAKE = "add-mapping", "take-usage"
THINGS: Columns = {
    "what": Column("Could be mapped by", width=330),
    "cents": Column("Unallocated", "money", "One cost can stand in several rows.", 120),
    "others": Column("Paid by units already", "money", width=150),
}  # fmt: skip
TAGS = ("deployment_tag", "account_tag")


def show(rules: pd.DataFrame, things: pd.DataFrame, month: str) -> None:
    st.caption(
        ":material/info: The first of these that says something wins: gateway product, tag of the "
        "deployment, tag of the account, resource group, subscription. Tags count as they were on "
        "the day."
    )
    cost_rules.opener(ADD, "Add a rule")
    cost_rules.table(rules, "mapping", "Rules that say which unit usage belongs to")
    st.subheader(f"What nobody pays for in {month}", anchor=False)
    if things.empty:
        st.caption("Everything belongs to a unit or to the platform.")
        return
    rows = worded(things)
    event = tables.show(
        rows, THINGS, tables.keyed("things", rows), pick=("single-row",), most=8,
        alt="Unallocated cost by what it could be mapped by, the dearest first",
    )  # fmt: skip
    picked = records(tables.rows_picked(event, rows))
    st.button("Give it to a unit", key=TAKE, icon=":material/assignment_ind:", disabled=not picked,
              on_click=drafts.begin, args=(TAKE, picked[0] if picked else None))  # fmt: skip


def worded(things: pd.DataFrame) -> pd.DataFrame:
    """Frame domain.unallocated.THINGS with what it is in words, and a key as resource."""
    names = session.subscriptions()
    told = [
        f"{cost_rules.BY[it['by']]}: {names.get(it['value'], it['value'])}"
        for it in records(things)
    ]
    what = pd.Series(told, index=things.index, dtype="string")
    return things.assign(what=what, resource=things["by"] + ":" + things["value"])


def dialog(page: str) -> None:
    """Draw the dialog that is open."""
    if drafts.begun(ADD):
        dialogs.show(page, ADD, "Whose is this usage?", _add)
    elif row := drafts.begun(TAKE):
        dialogs.show(page, TAKE, "Which unit pays for it?", _take, row)


def own_units(visit: Visit) -> dict[str, str]:
    """Names by id of the units that the visitor may give to."""
    tree = session.tree()
    units = scope.units(tree, visit.person.scope(tree))
    return {key: name for key, name in units.items() if key not in ("", UNASSIGNED)}


def unit_box(visit: Visit, key: str) -> str:
    units = own_units(visit)
    return str(
        st.selectbox("Business unit", list(units), None, key=key, placeholder="Choose a unit",
                     format_func=lambda it: units.get(it, it)) or ""
    )  # fmt: skip


def _add(visit: Visit) -> None:
    by = str(
        st.selectbox("By", list(cost_rules.BY), key="map-by",
                     format_func=lambda it: cost_rules.BY[it])
    )  # fmt: skip
    tag = st.text_input("Name of the tag", visit.tags.unit, key="map-key") if by in TAGS else ""
    named = by in TAGS and st.checkbox("The tag's own value names the unit", key="map-any")
    value = ANY if named else st.text_input("Value", key="map-value", max_chars=500)
    unit = "" if named else unit_box(visit, "map-unit")
    day, note = cost_rules.starts(visit, "map-from"), st.text_input("Note", key="map-note")

    def act() -> str:
        assert day
        key = "" if tag == visit.tags.unit else tag
        number = rule.map_(visit, by, value, unit, day, key=key, note=note)
        return f"Rule {number} holds from {day:%Y-%m-%d}."

    ready = bool(value.strip() and day and (unit or named))
    cost_rules.confirmed("Add the rule", "map-confirm", ready, act, ADD)


def _take(visit: Visit, row: dict[str, str]) -> None:
    st.markdown(f"**{escaped(row['what'])}**")
    unit, day = unit_box(visit, "take-unit"), cost_rules.starts(visit, "take-from")

    def act() -> str:
        assert day
        assign_usage.to_unit(visit, row["by"], row["value"], unit, day)
        return f"{escaped(session.tree().name(unit))} pays for it from {day:%Y-%m-%d}."

    cost_rules.confirmed("Give it to this unit", "take-confirm", bool(unit and day), act, TAKE)

"""What an admin does to one deployment: its quota, its upgrade policy, its end."""

from typing import Any

import pandas as pd
import streamlit as st

from actions import deploy
from actions.visit import Visit
from domain import capacity, periods, tags
from domain.faults import NotAllowed
from domain.plans import GONE, Leg
from domain.roles import Permission
from ui import data, door, drafts, faults, menu, scope
from ui.components import columns, numbers, proposing, tables, undoing
from ui.faults import escaped

UPGRADE, DELETE = "upgrade", "delete"
OPTIONS = dict(
    zip(
        capacity.UPGRADES,
        (
            "When there is a new default version",
            "When its version retires",
            "Never by itself: it stops when its version retires",
        ),
        strict=True,
    )
)
"""versionUpgradeOption, in words."""
READ_ONLY = "This console is read-only towards Azure."


def buttons(visit: Visit, resource: str) -> None:
    """What an admin may do to it, each in a dialog or on a page of its own."""
    if not visit.may(Permission.ALLOCATE):
        return
    quota(visit, resource)
    told: dict[str, Any] = {"disabled": not visit.writes, "help": "" if visit.writes else READ_ONLY}
    if st.button("Upgrade policy", key="upgrade", icon=":material/upgrade:", **told):
        drafts.begin(UPGRADE, resource)
    if st.button("Delete", key="delete", icon=":material/delete:", **told):
        drafts.begin(DELETE, resource)


def quota(visit: Visit, resource: str) -> None:
    """Go where quota is moved, with this deployment chosen."""
    if menu.known("quota") and st.button(
        "Change quota", key="quota", icon=":material/swap_vert:", disabled=not visit.writes
    ):
        scope.open_quota(resource)


def dialog(page: str) -> None:
    """Draw the dialog that is open."""
    for draft, title, body in (
        (UPGRADE, "How may Azure upgrade this deployment?", _upgrade),
        (DELETE, "Delete this deployment?", _delete),
    ):
        if resource := drafts.begun(draft):
            shown = st.dialog(title, width="large", on_dismiss=drafts.dropper(draft))
            shown(body)(page, resource)


def _upgrade(page: str, resource: str) -> None:
    with faults.shown():
        visit = door.admit(page)
        rows = data.everywhere(periods.USUAL)
        row = _row(rows, resource)
        now = _known(row["upgrade"]) or capacity.UPGRADES[1]
        st.markdown(f"**{escaped(row['deployment'])}** in {escaped(row['account'])}")
        option = str(
            st.radio(
                "Azure moves it to another version", list(OPTIONS), key="upgrade-option",
                index=list(OPTIONS).index(now) if now in OPTIONS else 0,
                format_func=lambda it: OPTIONS[it] + (" (as it is now)" if it == now else ""),
            )
        )  # fmt: skip
        legs = [Leg("upgrade", resource, "", capacity.upgraded(now), capacity.upgraded(option))]
        terms = proposing.terms(visit, "upgrade", needed=_needed(row))
        if option != now:
            proposing.second_person(legs)
            st.caption("It can be undone under Changes, as long as no version has moved.")
        if st.button(
            "Change the upgrade policy", type="primary", key="upgrade-confirm",
            disabled=option == now or (bool(_needed(row)) and not terms.reason.strip()),
        ):  # fmt: skip
            _done(UPGRADE, deploy.upgrade(visit, resource, option, terms=terms))


def _delete(page: str, resource: str) -> None:
    with faults.shown():
        visit = door.admit(page)
        rows = data.everywhere("24h")
        row = _row(rows, resource)
        st.markdown(f"**{escaped(row['deployment'])}** in {escaped(row['account'])}")
        spilled = _spilled(rows, row)
        lines = consequences(row, spilled)
        tables.show(pd.DataFrame(lines), columns.PROPERTIES, "delete-review", most=8, row=28)
        st.caption(
            f":material/undo: It can be undone: {undoing.REMADE[0].lower()}{undoing.REMADE[1:]}"
        )
        for name in spilled:
            st.error(f"{escaped(name)} spills over into it: give that another target first.")
        leg = Leg("deployment", resource, "", capacity.made({"sku": _known(row["sku"])}), GONE)
        proposing.second_person([leg])
        name = str(row["deployment"])
        typed = str(st.text_input(f"Type its name, {escaped(name)}", key="delete-name"))
        terms = proposing.terms(visit, "delete", needed="Say why it is deleted.", lasting=False)
        if st.button(
            f"Delete {name}", type="primary", key="delete-confirm",
            disabled=typed.strip() != name or not terms.reason.strip() or bool(spilled),
        ):  # fmt: skip
            _done(DELETE, deploy.delete(visit, resource, named=typed, terms=terms))


def consequences(row: "pd.Series[Any]", spilled: list[str]) -> list[dict[str, str]]:
    """What a deletion means, line by line: name, value. row: INVENTORY over 24 hours."""
    asked = row["requests"]
    calls = (
        "not measured"
        if pd.isna(asked)
        else f"{numbers.counted(int(asked), 'request')}"
        + (": whoever calls it gets errors from then on" if asked else "")
    )
    units = "units" if pd.isna(row["capacity"]) else f"{int(row['capacity']):,} units"
    pool = _known(row["usage_name"])
    return [
        {"name": "Last 24 hours", "value": calls},
        {"name": "Last request", "value": numbers.moment(row["last_traffic"])},
        {"name": "Spillover into it", "value": ", ".join(spilled) or "none"},
        {"name": "Quota", "value": f"{units} go back to {pool}, where others may take them"
         if pool else "its pool is not known"},
    ]  # fmt: skip


def _spilled(rows: pd.DataFrame, row: "pd.Series[Any]") -> list[str]:
    """Deployments of the same account that spill over into this one."""
    there = rows[rows["account_id"].eq(row["account_id"])]
    return list(there.loc[there["spillover"].eq(row["deployment"]).fillna(False), "deployment"])


def _row(rows: pd.DataFrame, resource: str) -> "pd.Series[Any]":
    found = rows[rows["resource"] == resource]
    if found.empty:
        raise NotAllowed("This deployment is not among those you may change.")
    return found.iloc[0]


def _needed(row: "pd.Series[Any]") -> str:
    production = _known(row["environment"]) in tags.PRODUCTION
    return "It is production, so a reason is needed." if production else ""


def _known(value: object) -> str:
    return "" if pd.isna(value) else str(value)  # type: ignore[call-overload]


def _done(draft: str, number: int) -> None:
    drafts.drop(draft)
    drafts.say(f"Plan {number} recorded.")
    scope.open_plan(number)

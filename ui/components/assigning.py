"""Say whose deployments are: choose, see before and after, and have the tags changed."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from actions import assign
from actions.visit import Visit
from domain.tags import PRODUCTION
from domain.units import UNASSIGNED
from ui import data, door, drafts, faults, scope, session
from ui.components import columns, numbers, tables

DRAFT = "assign"
KEEP, NOBODY = "\u2013 leave as it is \u2013", "\u2013 none \u2013"


@dataclass(frozen=True)
class Wanted:
    """What to set; None leaves a tag as it is, a blank takes it away."""

    unit: str | None
    owner: str | None
    environment: str | None
    standby: bool | None


def button(visit: Visit, rows: pd.DataFrame, label: str = "") -> None:
    """Open the dialog about these rows."""
    writes = "" if visit.writes else "This console is read-only towards Azure."
    what = numbers.counted(len(rows), "deployment") if len(rows) else "deployments"
    if st.button(
        label or f"Assign {what}",
        key="assign",
        type="primary" if len(rows) else "secondary",
        icon=":material/person_edit:",
        disabled=rows.empty or not visit.writes,
        help=writes or "Tick rows to say whose they are: unit, owner, environment, standby.",
    ):
        drafts.begin(DRAFT, tuple(rows["resource"]))


def dialog(page: str) -> None:
    """Draw the dialog when it is open."""
    if resources := drafts.begun(DRAFT):
        title = f"Whose {'is' if len(resources) == 1 else 'are'} "
        title += "this deployment?" if len(resources) == 1 else f"these {len(resources)}?"
        st.dialog(title, width="large", on_dismiss=drafts.dropper(DRAFT))(_body)(page, resources)


def _body(page: str, resources: tuple[str, ...]) -> None:
    with faults.shown():
        visit = door.admit(page)
        rows = data.everywhere("7d")
        rows = rows[rows["resource"].isin(resources)]
        wanted = _choose(visit, rows)
        lines = differences(rows, wanted)
        moving = rows[rows["resource"].isin(lines["resource"])]
        _review(lines, moving, rows)
        reason = str(st.text_input("Reason", key="assign-reason", max_chars=300))
        needs = bool(moving["environment"].isin(list(PRODUCTION)).any()) and not reason.strip()
        if needs and len(lines):
            st.caption("Production is among them, so a reason is needed.")
        many = numbers.counted(len(moving), "deployment")
        if st.button(
            f"Change the tags of {many}", type="primary", disabled=lines.empty or needs,
            key="assign-confirm",
        ):  # fmt: skip
            _assign(visit, tuple(moving["resource"]), wanted, reason)


def _assign(visit: Visit, resources: tuple[str, ...], wanted: Wanted, reason: str) -> None:
    plans = assign.deployments(
        visit, resources, unit=wanted.unit, owner=wanted.owner,
        environment=wanted.environment, standby=wanted.standby, reason=reason,
    )  # fmt: skip
    drafts.drop(DRAFT)
    named = f"Plan {plans[0]}" if len(plans) == 1 else f"Plans {plans[0]} to {plans[-1]}"
    drafts.say(f"{named} recorded. The worker carries it out and looks whether it holds.")
    st.rerun()


def _choose(visit: Visit, rows: pd.DataFrame) -> Wanted:
    left, right = st.columns(2)
    tree = session.tree()
    units = scope.units(tree, visit.person.scope(tree))
    units = {key: name for key, name in units.items() if key not in {"", UNASSIGNED}}
    with left:
        unit = _picked("Business unit", {**units, "": NOBODY}, "assign-unit")
        owner = _picked("Owner", {**_known(rows, "owner"), "": NOBODY}, "assign-owner", True)
    with right:
        environment = _picked(
            "Environment", {**_known(rows, "environment"), "": NOBODY}, "assign-env", True
        )
        standby = _picked("Standby", {"yes": "Expected to be quiet", "no": "In use"}, "assign-by")
    return Wanted(unit, owner, environment, None if standby is None else standby == "yes")


def _picked(label: str, options: dict[str, str], key: str, new: bool = False) -> str | None:
    """What is chosen; None leaves it as it is."""
    picked = st.selectbox(
        label, list(options), index=None, format_func=lambda it: options.get(it, it), key=key,
        placeholder=KEEP, accept_new_options=new,
    )  # fmt: skip
    return None if picked is None else str(picked)


def _known(rows: pd.DataFrame, name: str) -> dict[str, str]:
    everywhere = data.everywhere("7d")[name].dropna().unique()
    return {it: it for it in sorted({*everywhere, *rows[name].dropna()})}


def differences(rows: pd.DataFrame, wanted: Wanted) -> pd.DataFrame:
    """One line for each tag that would change: resource, deployment, tag, before, after."""
    standby = None if wanted.standby is None else "yes" if wanted.standby else ""
    asked = {"unit": wanted.unit, "owner": wanted.owner, "environment": wanted.environment}
    asked["standby"] = standby
    lines = [
        {"resource": row["resource"], "deployment": row["deployment"], "tag": name,
         "before": was or "none", "after": value or "none"}
        for _, row in rows.iterrows()
        for name, value in asked.items()
        if value is not None and (was := _now(row, name)) != value
    ]  # fmt: skip
    return pd.DataFrame(lines, columns=["resource", *columns.TAGS])


def _now(row: "pd.Series[str]", name: str) -> str:
    if name == "standby":
        return "yes" if bool(row["standby"]) else ""
    value = row["unit_tag"] if name == "unit" else row[name]
    return "" if pd.isna(value) else str(value)


def _review(lines: pd.DataFrame, moving: pd.DataFrame, rows: pd.DataFrame) -> None:
    if lines.empty:
        st.caption("Choose what to change; before and after are shown here.")
        return
    same = len(rows) - len(moving)
    st.caption(
        f"{numbers.counted(len(lines), 'tag')} of {numbers.counted(len(moving), 'deployment')}"
        + (f"; {same} are so already and stay as they are" if same else "")
        + ". The change can be undone under Changes."
    )
    tables.show(lines, columns.TAGS, "assign-review", most=8, alt="Tags before and after")

"""What was done to a rollout, by whom, and all that its gate knew then; what changed under it."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from domain.rollouts import Move
from reads.rollouts import Moved, Whole
from ui import rollouts, scope
from ui.components import columns, history, numbers, phase_words, tables
from ui.components.columns import Column, Columns
from ui.faults import escaped

ICONS = {
    Move.PREPARE: "flag",
    Move.START: "play_arrow",
    Move.ADVANCE: "skip_next",
    Move.OVERRIDE: "warning",
    Move.PAUSE: "pause_circle",
    Move.RESUME: "play_circle",
    Move.ROLL_BACK: "undo",
    Move.ABORT: "cancel",
    Move.ADJUST: "edit",
}
INPUTS: Columns = {
    "verdict": Column("Verdict", "chip", colours=phase_words.VERDICTS, width=105),
    "title": Column("Criterion", width=215),
    "severity": Column("May stop it", "chip", colours=phase_words.SEVERITIES, width=110),
    "words": Column("Value against threshold", width=330),
    "sample": Column("Sample", "number", width=80),
    "data_at": Column("Data of (UTC)", "time", width=130),
}


def show(view: Whole) -> None:
    """Every move, the newest first, each with the gate that it was based on."""
    if not view.moves:
        st.caption("Nothing was done yet: it is as it was planned.")
    for it in view.moves[::-1]:
        _move(view, it)


def _move(view: Whole, it: Moved) -> None:
    who = escaped(rollouts.called(view, it.person))
    reason = f" · {escaped(it.reason)}" if it.reason else ""
    over = " :orange-badge[:material/warning: gate overridden]" if it.move is Move.OVERRIDE else ""
    st.markdown(
        f":material/{ICONS[it.move]}: **{str(it.move).capitalize()}**{over} by {who} "
        f":gray[{numbers.moment(it.at)}]{reason}  \n:small[{escaped(it.before)} → "
        f"{escaped(it.after)}{_effects(json.loads(it.effects))}]"
    )
    if plan := json.loads(it.effects).get("plan"):
        scope.plan_link(int(plan))
    gate: dict[str, Any] = json.loads(it.gate)
    if gate.get("criteria"):
        with st.expander(
            "The gate as it was then", icon=":material/rule:", key=f"gate-{it.version}"
        ):
            _gate(gate, it.version)


def _gate(gate: Mapping[str, Any], version: int) -> None:
    approved = ", ".join(gate["approved"]) or "nobody"
    drilled = "drilled in time" if gate["drilled"] else "not drilled in time"
    missing = "; ".join(gate["missing"]) or "nothing"
    st.caption(
        f"Verdict {gate['verdict']} · {gate['baked']} days of bake · approved by {approved} · way "
        f"back {drilled} · missing: {escaped(missing)}"
    )
    rows = pd.DataFrame(gate["criteria"])
    rows["data_at"] = pd.to_datetime(rows["data_at"], utc=True, format="ISO8601")
    tables.show(rows, INPUTS, f"gate-of-{version}", most=20, alt="The gate as it was at this move")


def _effects(told: Mapping[str, Any]) -> str:
    """What a move set in motion, or changed."""
    words = []
    if told.get("refused"):
        words.append(f"no plan: {told['refused']}")
    if told.get("tasks"):
        words.append(numbers.counted(len(told["tasks"]), "task"))
    words += [
        f"{told.get('phase', '')}, {name}: {_plain(told[name][0])} to {_plain(told[name][1])}"
        for name in ("reached", "features", "dates")
        if name in told
    ]
    return f" · {escaped('; '.join(words))}" if words else ""


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(it) for it in value) or "none"
    return numbers.NONE if value is None else str(value)


def changes(view: Whole) -> None:
    """Plans about its deployments, and what changed of them in Azure, since it began."""
    st.subheader("Changes by this console", anchor=False)
    plans = rollouts.plans(view)
    if plans.empty:
        st.caption("None since it began.")
    else:
        event = tables.show(plans, columns.PLANS, "rollout-plans", pick=("single-cell",), most=8,
                            alt="Changes by this console of what is rolled out")  # fmt: skip
        cells = event["selection"]["cells"]
        if cells and cells[0][0] < len(plans):
            scope.open_plan(int(plans["plan"].iloc[cells[0][0]]))
    st.subheader("Changed in Azure, by whomever", anchor=False)
    history.outside(rollouts.changed(view))
    st.caption("Another model, filter, prompt or capacity in the middle of a phase begins its bake "
               "anew.")  # fmt: skip

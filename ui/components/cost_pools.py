"""Provisioned throughput: who pays for what a pool does not use, by each of the four rules."""

from typing import Any

import pandas as pd
import streamlit as st

from actions import rule
from actions.visit import Visit
from domain import frames
from domain.frames import TEXT, WHOLE, records
from ui import drafts, previews
from ui.components import cost_mapping, cost_rules, cost_sharing, dialogs, tables
from ui.components.columns import Column, Columns
from ui.data import bills

SET = "set-idle"
UNITS, PTU = "Business unit", "PTU"
POOLS: Columns = {
    "pool_name": Column("Pool", width=290),
    "deployed": Column("Deployed (PTU h)", "number", width=130),
    "used": Column("Used (PTU h)", "number", "Measured utilisation of what is deployed.", 120),
    "idle_share": Column("Idle (%)", "share", "Of what is deployed.", 110),
    "rule_words": Column("Idle is paid", width=300),
}


def show(pools: pd.DataFrame, rules: pd.DataFrame) -> None:
    """pools: frame of ui.previews.pools()."""
    st.caption(
        ":material/info: Used PTU-hours cost the unit that used them. What is deployed and not "
        "used is paid by the pool's idle rule; what is reserved and not deployed is a line of its "
        "own that the platform carries."
    )
    if pools.empty:
        st.caption("No provisioned throughput was deployed.")
    else:
        rows = pools.assign(
            pool_name=pools["pool"].map(cost_rules.pool).astype("string"),
            used=pools["used"].round(),
            rule_words=pools["rule"].map(cost_rules.IDLE).astype("string"),
            resource=pools["pool"],
        )
        event = tables.show(
            rows, POOLS, tables.keyed("pools-of-ptu", rows), pick=("single-row",),
            alt="Pools of provisioned throughput with what they use",
        )  # fmt: skip
        picked = records(tables.rows_picked(event, rows))
        st.button("Choose who pays for idle", key=SET, icon=":material/balance:",
                  disabled=not picked, on_click=drafts.begin,
                  args=(SET, picked[0]["pool"] if picked else None))  # fmt: skip
    cost_rules.table(rules, "idle", "Rules of idle capacity")


def dialog(page: str) -> None:
    """Draw the dialog when it is open."""
    if pool := drafts.begun(SET):
        dialogs.show(page, SET, f"Who pays for what {cost_rules.pool(pool)} does not use?", _set,
                     pool)  # fmt: skip


def _set(visit: Visit, pool: str) -> None:
    rule_now, held_now = _now(visit, pool)
    rules = list(cost_rules.IDLE)
    chosen = str(
        st.radio("Idle capacity", rules, key="idle-rule", index=rules.index(rule_now),
                 format_func=lambda it: cost_rules.IDLE[it])
    )  # fmt: skip
    held = _entitlements(visit, held_now) if chosen == "entitlement" else {}
    if chosen != "entitlement" or held:
        months, rows = previews.idle(pool, chosen, held)
        cost_sharing.preview(rows, *months, key="idle-preview")
    day, note = cost_rules.starts(visit, "idle-from"), st.text_input("Note", key="idle-note")

    def act() -> str:
        assert day
        number = rule.idle(visit, pool, chosen, day, entitlements=held, note=note)
        return f"Rule {number} holds from {day:%Y-%m-%d}."

    ready = bool(day and (chosen != "entitlement" or held))
    cost_rules.confirmed("Let it be paid so", "idle-confirm", ready, act, SET)


def _now(visit: Visit, pool: str) -> tuple[str, dict[str, int]]:
    """The rule in force, from which a change starts, and what is reserved by it."""
    now = visit.clock()
    for it in bills.rules().values():
        mine = it.kind == "idle" and it.body["pool"] == pool
        if mine and it.starts <= now and (it.ends is None or it.ends > now):
            body = it.body
            return str(body["rule"]), {
                unit: int(many) for unit, many in body["entitlements"].items()
            }
    return next(iter(cost_rules.IDLE)), {}


def _entitlements(visit: Visit, now: dict[str, int]) -> dict[str, int]:
    units = cost_mapping.own_units(visit)
    rows: list[dict[str, Any]] = [{"unit": it, UNITS: units[it], PTU: now.get(it)} for it in units]
    grid = frames.frame({"unit": TEXT, UNITS: TEXT, PTU: WHOLE}, rows)
    st.data_editor(
        grid, key="idle-grid", hide_index=True, disabled=["unit", UNITS], height=220,
        column_config={"unit": None, PTU: st.column_config.NumberColumn("PTU reserved", min_value=0,
                                                                        step=1)},
    )  # fmt: skip
    typed = {
        str(grid["unit"].iloc[at]): int(cells[PTU] or 0)
        for at, cells in drafts.cells("idle-grid").items()
        if 0 <= at < len(grid) and PTU in cells
    }
    known = {it: now.get(it, 0) for it in units}
    return {unit: many for unit, many in {**known, **typed}.items() if many}

"""Callers that are not known: tokens by deployment, and who is behind a gap, asked now."""

import pandas as pd
import streamlit as st

from actions.visit import Visit
from domain import spending
from domain.calling import GAP, Kind
from domain.frames import records
from domain.gateways import NOBODY
from ui import callers, costs, drafts, faults, scope, session
from ui.callers import Answer
from ui.components import cost_columns, dialogs, numbers, states, tables
from ui.components.columns import Column, Columns
from ui.costs import View
from ui.faults import escaped

ASK = "who-calls"
BACK = {"1": "Last day", "7": "Last 7 days", "month": "The month"}
CALLERS: Columns = {
    "who": Column("Who", width=250),
    "unit_name": Column("Pays for it", width=125),
    "subscriber": Column("Key of", "text", "The gateway's subscription whose key was used.", 120),
    "network": Column("Network", "text", "The first three parts of the address.", 115),
    "tokens": Column("Tokens", "number", width=110),
    "share": Column("Of all (%)", "percent", "Of the tokens that Azure counted.", 80),
    "requests": Column("Requests", "number", width=85),
}


def gaps(view: View) -> None:
    """Tokens without a known caller, by deployment; a tick asks who is behind them."""
    rows = spending.gaps_by_resource(view.gaps)
    if rows.empty:
        states.not_measured("Coverage", "no deployment in this scope is behind a gateway whose "
                            "log the console can read.")  # fmt: skip
        return
    tree = session.tree()
    names = [costs.resource_name(it) for it in rows["resource"]]
    rows = rows.assign(name=pd.array(names, "string"), unit_name=rows["unit"].map(tree.name))
    event = tables.show(rows, cost_columns.gaps(), tables.keyed("cost-gaps", rows),
                        pick=("single-row",), most=8,
                        alt="Tokens that Azure counted and the gateway did not see")  # fmt: skip
    picked = records(tables.rows_picked(event, rows))
    about = (view.month, view.currency, picked[0]["resource"]) if picked else None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Who is behind the gap", key=ASK, icon=":material/person_search:",
                  disabled=about is None, help=None if about else "Tick a deployment first.",
                  on_click=drafts.begin, args=(ASK, about))  # fmt: skip
        st.caption("Calls that go round the gateway, or that it did not log, are paid by the "
                   "deployment's own unit.")  # fmt: skip


def dialog(page: str) -> None:
    """Draw the dialog when it is open."""
    if about := drafts.begun(ASK):
        name = escaped(callers.named(about[2]))
        dialogs.show(page, ASK, f"Who is behind the gap of {name}?", _asked, *about, width="large")


def _asked(_visit: Visit, month: str, currency: str, resource: str) -> None:
    back = st.segmented_control("Days", list(BACK), default="7", key="who-back", required=True,
                                format_func=lambda it: BACK[it],
                                label_visibility="collapsed")  # fmt: skip
    with faults.shown(), st.spinner("Asking the gateway's log who called ..."):
        view = costs.viewed(month, currency, scope.held())
        _answered(callers.asked(view, resource, str(back)))


def _answered(told: Answer) -> None:
    rows = told.parts
    days = f"{told.first:%Y-%m-%d}"
    last = f"{told.until - callers.DAY:%Y-%m-%d}"
    days += "" if last == days else f" to {last}"
    st.markdown(_sentence(told))
    shown = rows.assign(
        who=pd.array([_who(it) for it in records(rows)], "string"),
        unit_name=rows["unit"].map(session.tree().name, na_action="ignore").astype("string"),
        **{it: rows[it].where(rows[it].ne("")) for it in ("subscriber", "network")},
    )
    tables.show(shown, CALLERS, "callers", most=10,
                alt="Callers of the deployment, those of the gap first")  # fmt: skip
    st.caption(f":material/schedule: {days} (UTC), asked of the gateway's log just now; messages "
               "are never read.")  # fmt: skip
    if told.unplaced:
        st.caption(f":material/info: Besides, the log has {numbers.short(told.unplaced)} tokens of "
                   "a deployment of this name whose account it does not tell.")  # fmt: skip


def _sentence(told: Answer) -> str:
    rows = told.parts
    sums = {it: float(rows.loc[rows["kind"].eq(str(it)), "tokens"].sum()) for it in Kind}
    gap, known = sum(sums[it] for it in GAP), sums[Kind.NAMED] + sums[Kind.OTHERS]
    share = numbers.percent(known / told.platform if told.platform else None)
    said = (f"Of **{numbers.short(told.platform)}** tokens that Azure counted, the gateway names "
            f"the caller of {numbers.short(known)} ({share}).")  # fmt: skip
    if not gap:
        return f"{said} There is no gap on these days."
    if not known and not sums[Kind.UNNAMED]:
        return (f"Azure counted **{numbers.short(told.platform)}** tokens, and the gateway's log "
                "has no call of this deployment on these days: none comes through it, or all go "
                "round it.")  # fmt: skip
    return (f"{said} Of the gap of **{numbers.short(gap)}**, {numbers.short(sums[Kind.UNNAMED])} "
            "came through it without a product, and "
            f"{numbers.short(sums[Kind.UNLOGGED])} are not in its log.")  # fmt: skip


def _who(it: dict[str, object]) -> str:
    match it["kind"]:
        case Kind.UNLOGGED:
            return "Not in the log: round the gateway, or lost"
        case Kind.OTHERS:
            return "Callers of other units"
        case Kind.UNNAMED:
            named = it["product"] == NOBODY
            return "Without a product" if named else "Logged without its request"
    return f"Product {it['product']}"

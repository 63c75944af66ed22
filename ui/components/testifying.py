"""What people vouch for of a rollout: readiness, item by item."""

import streamlit as st

from actions.visit import Visit
from domain import excuses, standing_rows
from domain.frames import frame
from domain.readiness import EXCUSES, Standing
from domain.readiness import Status as Stands
from domain.roles import Permission
from domain.rollouts import ENDS
from reads.rollouts import Whole
from ui import drafts, exports, rollouts
from ui.components import numbers, states
from ui.components.columns import Column, Columns
from ui.components.testifying_dialogs import ANSWER, DECIDE, EXCUSE
from ui.faults import escaped

COLOURS = {
    Stands.MET: "green",
    Stands.NOT_MET: "red",
    Stands.EXPIRED: "orange",
    Stands.UNKNOWN: "gray",
    Stands.NOT_REQUIRED: "gray",
    Stands.WAIVED: "violet",
}
EXPORTED: Columns = {
    "section": Column("Section"),
    "item": Column("Item"),
    "status": Column("Status"),
    "now": Column("Mandatory now", "flag"),
    "mandatory": Column("Mandatory for its audience", "flag"),
    "severity": Column("Severity"),
    "words": Column("Why"),
    "evidence": Column("Evidence"),
    "reason": Column("Reason"),
    "owner": Column("Owner"),
    "said_by": Column("Said by"),
    "said_at": Column("Said (UTC)", "time"),
    "approver": Column("Agreed to by"),
    "until": Column("Until (UTC)", "time"),
    "data_at": Column("Data of (UTC)", "time"),
    "source": Column("Source"),
}


def readiness(visit: Visit, view: Whole) -> None:
    """Every item by section; what nobody can tell is told apart from what is not met."""
    those = rollouts.readiness(view)
    due = standing_rows.due(those, view.rollout.phase.checklist if view.rollout.phase else ())
    st.markdown(f"All: {standing_rows.summed(those)}.")
    if due:
        now = standing_rows.chosen(those, (), (), due)
        st.markdown(f"Mandatory now: {standing_rows.summed(now)}.")
    shown = _filtered(those, due)
    rows = frame(standing_rows.STANDINGS, standing_rows.rows(shown, due, view.names))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{len(shown):,} of {len(those):,} items", width="content")
        facts = {"Rollout": f"{view.rollout.title} ({view.rollout.id})"}
        exports.offer(rows, EXPORTED, "readiness", facts)
    if not shown:
        states.nothing("No item is like that.", "Choose other sections or statuses.")
    for section in dict.fromkeys(it.item.section for it in shown):
        st.subheader(section)
        for it in (one for one in shown if one.item.section == section):
            _standing(visit, view, it)


def _filtered(those: tuple[Standing, ...], due: frozenset[str]) -> tuple[Standing, ...]:
    sections = list(dict.fromkeys(it.item.section for it in those))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picked = st.multiselect("Sections", sections, key="ready-sections", placeholder="All",
                                width=300)  # fmt: skip
        stands = st.multiselect("Status", [str(it) for it in Stands], key="ready-statuses",
                                placeholder="All", width=300)  # fmt: skip
        only = bool(due) and st.checkbox("Mandatory now", key="ready-due")
    return standing_rows.chosen(those, picked, stands, due if only else None)


def _standing(visit: Visit, view: Whole, it: Standing) -> None:
    with st.container(border=True):
        left, right = st.columns([5, 1], vertical_alignment="center")
        badge = f":{COLOURS[it.status]}-badge[{it.status}]"
        waits = " :orange-badge[waits for a yes]" if it.answer and it.answer.waits else ""
        left.markdown(f"**{escaped(it.item.title)}** {badge}{waits}  \n{escaped(it.words)}")
        if it.answer is not None:
            left.caption(_said(view, it))
        with right:
            _buttons(visit, view, it)


def _said(view: Whole, it: Standing) -> str:
    """Who said what, and who agreed."""
    answer = it.answer
    assert answer is not None
    who, on = escaped(rollouts.called(view, answer.said_by)), numbers.day(answer.at)
    if answer.status in EXCUSES:
        yes = escaped(rollouts.called(view, answer.approver)) if answer.approver else "nobody yet"
        return f"Asked by {who} on {on} · agreed to by {yes}"
    if answer.note:
        return f"{escaped(answer.note)} · {who}, {on}"
    owner = escaped(rollouts.called(view, answer.owner))
    return f"Evidence: {escaped(answer.evidence) or 'none'} · owner {owner} · {on}"


def _buttons(visit: Visit, view: Whole, it: Standing) -> None:
    key, about = it.item.key, (view.rollout.id, it.item.key)
    waits = it.answer is not None and it.answer.waits
    if waits and _decides(visit, view, it) and st.button("Decide", key=f"decide-{key}"):
        drafts.begin(DECIDE, about)
    if not rollouts.open_to(visit, view):
        return
    if not it.item.by_check_only and st.button("Answer", key=f"answer-{key}"):
        drafts.begin(ANSWER, about)
    if not (it.holds or waits) and st.button("Waive", key=f"excuse-{key}"):
        drafts.begin(EXCUSE, about)


def _decides(visit: Visit, view: Whole, it: Standing) -> bool:
    """Whether the visitor is to be offered to agree or decline."""
    may = visit.may(Permission.APPROVE) and view.rollout.state not in ENDS
    return may and it.answer is not None and not excuses.barred(
        visit.person, it.answer, view.rollout
    )  # fmt: skip

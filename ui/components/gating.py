"""The gate of the phase under way: what was read and what it means, days of bake, who said yes."""

import pandas as pd
import streamlit as st

from actions.visit import Visit
from domain import bake_days
from domain.criteria import Severity, Verdict
from domain.rollouts import Phase, Stage, State
from reads.rollouts import Approval, Whole
from ui import live, rollouts
from ui.components import numbers, phase_words, tables
from ui.components.columns import Column, Columns
from ui.faults import escaped

EVERY = "10s"
COLUMNS: Columns = {
    "verdict": Column("Verdict", "chip", colours=phase_words.VERDICTS, width=105),
    "title": Column("Criterion", width=215),
    "words": Column("Value against threshold", width=290),
    "severity": Column("May stop it", "chip", "Blocking criteria hold the gate; advisory and "
                       "observed ones only tell.", 110, phase_words.SEVERITIES),
    "course": Column("Last 7 days", "trend", width=110),
    "sample": Column("Sample", "number", width=75),
    "age": Column("Data age", width=90),
    "data_at": Column("Data of (UTC)", "time", width=130),
    "run": Column("Passed in a row", "number", width=105),
    "kind": Column("Read from", width=110),
}  # fmt: skip
DAYS: Columns = {
    "day": Column("Day (UTC)", width=130),
    "counts": Column("Counts", width=75),
    "why": Column("Why not", width=330),
}


def follow(page: str, view: Whole) -> None:
    """The gate, live while the rollout goes on; the whole page is drawn anew as soon as the gate
    is another one than the page was drawn by."""
    if view.rollout.state is not State.RUNNING:
        show(view)
        return
    shown = _stands(view)

    def body(_visit: Visit) -> None:
        found = rollouts.one(view.rollout.id)
        if found is None or _stands(found) != shown:
            st.rerun()
        show(found)

    live.panel(page, body, every=EVERY)


def show(view: Whole) -> None:
    """Criteria, bake, approvals of the phase under way."""
    phase = view.rollout.phase
    if phase is None:
        st.caption("No phase is under way, so no gate is read.")
        return
    st.subheader(f"Gate of {phase.title}", anchor=False)
    _criteria(view)
    left, right = st.columns(2, gap="medium")
    with left:
        _bake(view, phase)
    with right:
        _approvals(view, phase)


def _criteria(view: Whole) -> None:
    rows = rollouts.gate(view)
    if rows.empty:
        st.caption("This phase has no criteria.")
        return
    blocks = rows[rows["severity"].eq(Severity.BLOCKING)]
    counts = [f"{int(blocks['verdict'].eq(it).sum())} {it}" for it in Verdict]
    read = max((it.reading.at for it in view.found.judged if it.reading), default=None)
    when = f"read {numbers.moment(read)}, {numbers.age(read, view.at)} ago" if read else "not read"
    st.caption(f"Blocking: {', '.join(counts)} · {when}")
    tables.show(rows, COLUMNS, "gate", most=20, alt="Criteria of the gate, the worst first")


def _bake(view: Whole, phase: Phase) -> None:
    st.markdown("**Bake**")
    done = view.found.gate.baked
    share = 1.0 if not phase.bake_days else min(1.0, done / phase.bake_days)
    st.progress(share, f"{done} of {phase.bake_days} working days")
    days = rollouts.days(view)
    lost = [it for it in days if not it.counts]
    st.caption(
        f"{len(days) - len(lost)} of {numbers.counted(len(days), 'day')} of this phase count. "
        "A day counts when the console saw the phase active and all that blocks was fresh."
    )
    with st.expander("Day by day", icon=":material/calendar_month:"):
        tables.show(_days(days), DAYS, "bake-days", most=10, row=28, alt="Days of the bake")


def _days(days: tuple[bake_days.Day, ...]) -> pd.DataFrame:
    told = [(f"{it.day:%a %Y-%m-%d}", "yes" if it.counts else "no", it.why) for it in days[::-1]]
    return pd.DataFrame(told, columns=list(DAYS), dtype="string")


def _approvals(view: Whole, phase: Phase) -> None:
    st.markdown("**Approvals**")
    number = view.rollout.number
    said = [it for it in view.approvals if it.phase == number]
    if not phase.approvals:
        st.caption("None is needed.")
    for grant in phase.approvals:
        st.markdown(_approval(view, phase, grant, said))
    if void := [it for it in said if it.void_at is not None]:
        st.caption("No longer counts:")
        for it in void:
            st.markdown(f":small[:gray[{_words(view, it)} · void {numbers.moment(it.void_at)}: "
                        f"{escaped(it.void_why)}]]")  # fmt: skip


def _approval(view: Whole, phase: Phase, grant: str, said: list[Approval]) -> str:
    own = [it for it in said if it.grant == grant and it.void_at is None]
    for it in sorted(own, key=lambda it: it.approves):
        if not it.approves:
            return f":red-badge[:material/thumb_down: declined] {_words(view, it)}"
        if grant in view.found.gate.approved:
            return f":green-badge[:material/thumb_up: approved] {_words(view, it)}"
        return f":orange-badge[:material/help: does not count] {_words(view, it)}"
    if phase.stage is Stage.ASKING:
        return (
            f":violet-badge[:material/how_to_reg: asked for] **{grant}**, of any {grant} approver"
        )
    return f":gray-badge[:material/hourglass_top: not yet asked for] **{grant}**"


def _words(view: Whole, it: Approval) -> str:
    comment = f" · {escaped(it.comment)}" if it.comment else ""
    word = "yes" if it.approves else "no"
    who = escaped(rollouts.called(view, it.person))
    return f"**{it.grant}**: {word} of {who} :gray[{numbers.moment(it.at)}]{comment}"


def _stands(view: Whole) -> tuple[int, str, tuple[tuple[int, bool], ...]]:
    """What is another as soon as the page has to be drawn anew."""
    said = tuple((it.id, it.void_at is None) for it in view.approvals)
    return view.rollout.version, view.found.mark, said

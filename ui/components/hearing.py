"""What people said of a rollout: how many have answered, which themes are open, what was said."""

import streamlit as st

from actions.visit import Visit
from domain import themes
from domain.criteria import figure
from domain.feedback import OPEN, Feedback, Severity, Status, Sums
from domain.frames import frame
from domain.rollouts import ENDS, Phase
from reads.rollouts import Whole
from ui import drafts, exports, rollouts
from ui.components import kpis, numbers, states, tables
from ui.components.columns import Column, Columns
from ui.components.hearing_dialogs import COUNT, FEEDBACK, SETTLE
from ui.components.kpis import Kpi
from ui.components.surveying import SURVEY
from ui.faults import escaped

LISTED = 30
"""Things said of a phase that are drawn."""
LEAST = 190
"""Pixels of a figure."""
STATES = {
    Status.NEW: "orange",
    Status.ACCEPTED: "blue",
    Status.CLOSED: "green",
    Status.DECLINED: "gray",
}
GRAVITY = {
    Severity.SEVERE: "red",
    Severity.MAJOR: "orange",
    Severity.MINOR: "gray",
    Severity.PRAISE: "green",
}
THEMES: Columns = {
    "theme": Column("Theme", width=150, pinned=True),
    "gravest": Column("Gravest open", "chip", width=105,
                      colours={str(it): colour for it, colour in GRAVITY.items()}),
    "open": Column("Open", "number", "Nobody has closed or declined it.", 60),
    "told": Column("Said", "number", width=60),
    "acts": Column("Who has to act", width=245),
    "changes": Column("Answered by", width=185),
    **{str(it): Column(str(it).capitalize(), "number", width=70) for it in reversed(Severity)},
    "last_on": Column("Last said", "day", width=95),
}  # fmt: skip
EXPORTED: Columns = {
    "phase": Column("Phase"),
    "theme": Column("Theme"),
    "severity": Column("Severity"),
    "status": Column("Status"),
    "words": Column("What was said"),
    "change": Column("Answered by"),
    "said_on": Column("Said on", "day"),
    "at": Column("Entered (UTC)", "time"),
    "closed_at": Column("Closed (UTC)", "time"),
}


def show(visit: Visit, view: Whole) -> None:
    """The phase under way in figures, all themes, and by phase what was said, the last first."""
    if not view.feedback and all(it.started_at is None for it in view.rollout.phases):
        states.nothing("Nobody has said anything yet.",
                       "Feedback is entered as soon as the first phase has begun.")  # fmt: skip
        return
    number = view.rollout.number
    if number is not None:
        _figures(view.rollout.phases[number], view.sums.get(number, Sums()))
    if view.feedback:
        _themes(view)
    for number, phase in reversed(list(enumerate(view.rollout.phases))):
        if number in view.sums or phase.started_at is not None:
            _phase(visit, view, number, phase)


def _figures(phase: Phase, sums: Sums) -> None:
    """What the gate of a phase reads of feedback, with what it wants."""
    title = phase.title
    rate, closed = sums.response_rate, sums.closed_share
    kpis.show([
        Kpi("Response rate", numbers.percent(None if rate is None else rate / 100),
            f"people who have answered, of those who were asked in {title}, as last counted.",
            f"{sums.answered:,} of {sums.asked:,}{_wanted(phase, 'response_rate')}"
            if sums.asked is not None and sums.answered is not None
            else f"not counted yet{_wanted(phase, 'response_rate')}"),
        Kpi("Severe and open", numbers.exact(sums.open_severe if sums.told else None),
            f"severe things said of {title} that nobody has closed or declined.",
            f"of {sums.told:,} said{_wanted(phase, 'open_severe')}"),
        Kpi("Dealt with", numbers.percent(None if closed is None else closed / 100),
            f"of what was accepted in {title}, what a change has answered.",
            f"{sums.accepted:,} to be answered{_wanted(phase, 'closed_share')}"),
        Kpi("Praise", numbers.percent(sums.praised / sums.told if sums.told else None),
            f"of everything that was said of {title}.",
            f"{sums.praised:,} of {sums.told:,}{_wanted(phase, 'satisfaction')}"),
    ], LEAST)  # fmt: skip


def _wanted(phase: Phase, name: str) -> str:
    it = themes.reads(phase, name)
    return f" \u00b7 gate: {it.compares} {figure(it.threshold)}" if it else ""


def _themes(view: Whole) -> None:
    st.subheader("Themes", anchor=False)
    over = view.rollout.state in ENDS
    owner = "" if over else rollouts.called(view, view.rollout.owner)
    rows = frame(themes.THEMES, themes.themes(view.feedback, owner))
    tables.show(rows, THEMES, "themes", most=8, alt="Themes, the gravest that is open first")
    said = frame(themes.FEEDBACK, themes.rows(view.feedback, view.rollout.phases))
    with st.container(horizontal=True, vertical_alignment="center"):
        many = sum(it.status in OPEN for it in view.feedback)
        st.caption(f"{numbers.counted(len(rows), 'theme')}, {many:,} of {len(said):,} things said "
                   "are open", width="content")  # fmt: skip
        facts = {"Rollout": f"{view.rollout.title} ({view.rollout.id})"}
        exports.offer(said, EXPORTED, "feedback", facts)


def _phase(visit: Visit, view: Whole, number: int, phase: Phase) -> None:
    st.subheader(escaped(phase.title), anchor=False)
    sums = view.sums.get(number)
    if sums is not None and sums.asked is not None:
        rate = figure(round(sums.response_rate or 0, 1))
        st.markdown(f"{sums.answered:,} of {sums.asked:,} people have answered: {rate} percent.")
    else:
        st.caption("Nobody has counted yet how many people were asked and have answered.")
    if rollouts.open_to(visit, view) and phase.started_at is not None:
        _entries(view, number)
    those = themes.ordered(it for it in view.feedback if it.phase == number)
    for it in those[:LISTED]:
        _said(visit, view, it)
    if len(those) > LISTED:
        st.caption(f"{LISTED} of {len(those):,}: what is open first, the gravest of it first. "
                   "The file has them all.")  # fmt: skip


def _entries(view: Whole, number: int) -> None:
    """The ways to enter something about a phase."""
    ways = (
        (FEEDBACK, "Enter feedback", f"feedback-{number}"),
        (SURVEY, "Import a survey", f"survey-{number}"),
        (COUNT, "Count answers", f"count-{number}"),
    )
    with st.container(horizontal=True):
        for draft, label, key in ways:
            if st.button(label, key=key):
                drafts.begin(draft, (view.rollout.id, number))


def _said(visit: Visit, view: Whole, it: Feedback) -> None:
    with st.container(border=True):
        left, right = st.columns([5, 1], vertical_alignment="center")
        severity = f":{GRAVITY[it.severity]}-badge[{it.severity}]"
        badges = f"{severity} :{STATES[it.status]}-badge[{it.status}]"
        left.markdown(f"**{escaped(it.theme)}** {badges}  \n{escaped(it.words)}")
        change = f" · answered by {escaped(it.change)}" if it.change else ""
        left.caption(f"Said {it.said_on}{change}")
        deal = it.status in OPEN and rollouts.open_to(visit, view)
        if deal and right.button("Settle", key=f"settle-{it.id}"):
            drafts.begin(SETTLE, (view.rollout.id, it.id))

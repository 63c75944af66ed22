"""Maturity: where a part of the organisation stands, what speaks against it, what comes next."""

from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from actions.visit import Visit
from domain.maturity import LEVELS, MOST, QUESTIONNAIRE, Sign
from domain.roles import Permission
from ui import drafts, exports, scope
from ui.components import (
    charts,
    kpis,
    maturing_chart,
    maturing_dialogs,
    numbers,
    states,
    tables,
)
from ui.components.columns import Column, Columns
from ui.components.kpis import Kpi
from ui.faults import escaped
from ui.maturity import Taken, View

OLD = timedelta(days=183)
"""After which an assessment says little of today."""
PAGES = {"owned": "deployments", "safe": "filters"}
"""Where more is to be seen of a claim."""
COLUMNS: Columns = {
    "assessed_on": Column("Assessed on", "day", width=100),
    "score": Column(f"Score (of {MOST})", "number", width=95),
    "level": Column("Level", width=150),
    "target": Column("Target", "number", width=75),
    "missing": Column("Points to next level", "number", width=130),
    "assessor": Column("Assessor", width=150),
    "who": Column("Entered by", width=130),
    "at": Column("Entered (UTC)", "time", width=130),
    "note": Column("Note", width=260),
}
PARTS: Columns = {"part": Column("Part", width=170), **COLUMNS}


def doors(visit: Visit) -> None:
    """The questionnaire, which is Microsoft's, and the way to enter what it came to."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if visit.may(Permission.ASSESS) and st.button(
            "Enter a score", key="enter", type="primary", icon=":material/add:"
        ):
            drafts.begin(maturing_dialogs.ENTER, True)
        st.link_button("Microsoft's questionnaire", QUESTIONNAIRE, icon=":material/open_in_new:")
        st.caption(f"It is filled in there and comes to 0 to {MOST} points; its result is kept "
                   "here. Answers are self-declared: they are held against what is seen.",
                   width="content")  # fmt: skip


def figures(view: View, now: datetime) -> None:
    """Level, score, target, what is missing, what speaks against it."""
    last, level = view.last, view.level
    if last is None or level is None:
        return
    before = view.course[-2] if len(view.course) > 1 else None
    moved = f"{last.score - before.score:+d} on {before.assessed_on}" if before else "the first"
    missing = view.rows["missing"].iloc[0]
    up = "the highest level" if pd.isna(missing) else f"to {LEVELS[level.number].words.lower()}"
    way = None if last.target is None else last.target - last.score
    old = " · over half a year" if now.date() - last.assessed_on > OLD else ""
    kpis.show([
        Kpi("Level", level.words.removeprefix("Level ").replace(", ", " "),
            "the band that the score lies in: 0 to 9 initial, 10 to 14 defined, 15 to 19 managed, "
            f"20 to {MOST} optimised.", f"{level.first} to {level.last} points"),
        Kpi("Score", numbers.exact(last.score), f"points of {MOST} in the last assessment.", moved,
            "normal" if before else "off", tuple(float(it.score) for it in view.course[-20:])
            if len(view.course) > 2 else ()),
        Kpi("Points to the next level", numbers.exact(missing), "first point of the next band, "
            "less the score.", up),
        Kpi("Target", numbers.exact(last.target), "as set with the last assessment.",
            "none set" if way is None else "reached" if way == 0 else f"{way} points away"),
        Kpi("Contradictions", numbers.exact(len(view.against)),
            "claims of this level or a lower one that the console sees to be otherwise.",
            f"assessed {last.assessed_on}{old}"),
    ])  # fmt: skip


def course(view: View) -> None:
    """Scores over time."""
    last = view.last
    if last is None:
        states.nothing(
            f"{escaped(view.name)} was not assessed yet.",
            "Fill in the questionnaire, then enter its result: level, gap, target and next steps "
            "are shown here, held against what the console sees.",
        )
        return
    st.subheader("Scores over time", anchor=False)
    many = numbers.counted(len(view.course), "assessment")
    charts.show(maturing_chart.figure(view.course), "maturity-course",
                f"Maturity scores of {view.name} over time on the four levels",
                f"{many}, the last of {last.assessed_on} by {escaped(last.assessor)}")  # fmt: skip


def claims(view: View) -> None:
    """Claim by claim: what the console sees, and what is left to be believed."""
    st.subheader("Claims against what is seen", anchor=False)
    reached = view.level.number if view.level else 0
    with st.container(gap="small"):
        for it in sorted(view.signs, key=lambda it: (it not in view.against, it.holds is None)):
            _claim(it, reached)


def steps(visit: Visit, view: View) -> None:
    """What the level is advised to do next, and who sees to it."""
    if view.level is None:
        return
    st.subheader(f"Next steps of {view.level.words.lower()}", anchor=False)
    for it in view.steps:
        _step(visit, it)


def history(view: View) -> None:
    """Every assessment of this part, and the last of every other."""
    if len(view.rows):
        st.subheader("Assessments", anchor=False)
        tables.show(view.rows, COLUMNS, "assessments", most=8,
                    alt=f"Assessments of {view.name}, the newest first")  # fmt: skip
        exports.offer(view.rows, PARTS, "maturity", {"Part": view.name})
    if len(view.latest) > 1:
        st.subheader("Every part, as last assessed", anchor=False)
        tables.show(view.latest, PARTS, "maturity-parts", most=8,
                    alt="The last assessment of each part")  # fmt: skip


def _claim(it: Sign, reached: int) -> None:
    badge = ":green-badge[:material/check_circle: seen]"
    if it.holds is None:
        badge = ":gray-badge[:material/record_voice_over: self-declared]"
    elif it.holds is False:
        claimed = it.level <= reached
        badge = (":red-badge[:material/error: contradicts]" if claimed
                 else ":blue-badge[:material/info: not yet]")  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{badge} **{it.claim}** :small[{escaped(it.seen)} Claimed from level "
                    f"{it.level} on.]", width="content")  # fmt: skip
        page = PAGES.get(it.key)
        if (
            page
            and it.holds is False
            and st.button(
                "Look at it",
                key=f"claim-{it.key}",
                type="tertiary",
                icon=":material/arrow_forward:",
            )
        ):
            scope.go(page)


def _step(visit: Visit, it: Taken) -> None:
    sources = " · ".join(f"[{escaped(title)}]({url})" for title, url in it.action.sources)
    owner = f"seen to by {escaped(it.who)}" if it.who else "nobody sees to it yet"
    badge = ":blue-badge[:material/radio_button_unchecked: open]"
    if it.done_at is not None:
        badge = ":green-badge[:material/check_circle: done]"
        owner += f", done on {it.done_at:%Y-%m-%d}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{badge} {escaped(it.action.title)} :small[({owner}; {sources})]",
                    width="content")  # fmt: skip
        if visit.may(Permission.ASSESS) and st.button(
            "Change", key=f"step-{it.action.key}", type="tertiary", icon=":material/edit:"
        ):
            drafts.begin(maturing_dialogs.STEP, it.action.key)

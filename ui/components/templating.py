"""Templates of rollouts to be read: which there are, in which versions, and one of them whole."""

from datetime import timedelta

import pandas as pd
import streamlit as st

from domain import reading_words, template_edits
from domain.criteria import Criterion, figure
from domain.frames import TEXT, WHOLE, frame
from domain.reading_words import WINDOWED
from domain.rollouts import Phase
from domain.templates import Template
from ui import scope
from ui.components import numbers, phase_words, states, tables
from ui.components.columns import Column, Columns
from ui.faults import escaped
from ui.templates import View

VERSIONS: Columns = {
    "title": Column("Template", width=195),
    "version": Column("Version", "number", width=65),
    "who": Column("Kept by", width=105),
    "at": Column("Kept (UTC)", "time", width=130),
    "note": Column("Why", width=330),
    "running": Column("Under way", "number", "Rollouts that you may see, go by this version and "
                      "have not ended.", 80),
    "all": Column("In all", "number", "With those that have ended.", 60),
}  # fmt: skip
CRITERIA: Columns = {
    "title": Column("Criterion", width=205),
    "wanted": Column("Passes when", width=310),
    "severity": Column("May stop it", "chip", "Blocking criteria hold the gate; advisory and "
                       "observed ones only tell.", 100, phase_words.SEVERITIES),
    "window": Column("Over (days)", "number", "Window of what is measured.", 80),
    "sample": Column("Least sample", "number", "Fewer can't be told.", 90),
    "oldest": Column("Data no older than", width=120),
    "passes": Column("Passes in a row", "number", width=100),
    "kind": Column("Read from", width=100),
}  # fmt: skip
FRAME = {
    **dict.fromkeys(("title", "severity", "wanted", "oldest", "kind"), TEXT),
    **dict.fromkeys(("window", "sample", "passes"), WHOLE),
}
LISTED = 12
"""Differences that are in sight; more are a click away."""


def nothing() -> None:
    states.nothing(
        "There is no template here yet.",
        "A template is the phases of a rollout with a gate at the end of each; the console brings "
        "one when it starts.",
    )


def versions(view: View) -> None:
    """All of them, one row each."""
    tables.show(view.rows, VERSIONS, "template-versions", most=6,
                alt="Versions of the templates, the newest of each first")  # fmt: skip
    st.caption(
        "A rollout keeps the version that it was planned with: a new version is for rollouts that "
        "are planned from then on. A new rollout begins with the newest."
    )


def chosen(view: View) -> str:
    """Which template to look at."""
    named = {key: those[0].title for key, those in view.versions.items()}
    for key, it in view.edited.items():
        named[key] = f"{it.title} ({'being edited' if key in view.versions else 'not kept yet'})"
    return scope.one("Template", "template", named, next(iter(named)))


def version(view: View, key: str) -> tuple[Template, Template | None]:
    """Which version of it, and which other one it is compared with."""
    those = view.versions[key]
    named = {str(it.version): _version(view, it) for it in those}
    left, right = st.columns(2)
    with left:
        picked = scope.one("Version", "version", named, str(those[0].version))
    it = next(one for one in those if str(one.version) == picked)
    others = {number: told for number, told in named.items() if number != picked}
    with right:
        against = scope.one("Compare with version", "against", {"": "None", **others})
    return it, next((one for one in those if str(one.version) == against), None)


def compared(it: Template, before: Template | None) -> None:
    """What it has that another version of it has not, and the other way round."""
    if before is not None:
        st.markdown(f"**Version {it.version} against version {before.version}**")
        differences(template_edits.differences(before, it))


def differences(told: tuple[str, ...]) -> None:
    """One line each."""
    if not told:
        st.caption("Nothing differs.")
        return
    st.markdown("\n".join(f"- {escaped(line)}" for line in told[:LISTED]))
    if more := told[LISTED:]:
        with st.expander(f"{numbers.counted(len(more), 'more difference')}"):
            st.markdown("\n".join(f"- {escaped(line)}" for line in more))


def show(it: Template) -> None:
    """Phase by phase, each with its gate."""
    for number, phase in enumerate(it.phases):
        with st.container(border=True, key=f"template-phase-{number}"):
            head(number, phase)
            if phase.criteria:
                rows = frame(FRAME, [_row(one) for one in phase.criteria])
                tables.show(rows, CRITERIA, f"template-criteria-{number}", row=30, most=20,
                            alt=f"Criteria of the gate of phase {number + 1}")  # fmt: skip
            else:
                no_criteria()
    st.markdown("**Safeguards**")
    guards(it)


def guards(it: Template) -> None:
    """What holds in every phase."""
    if not it.safeguards:
        st.caption("None: only gates and people stop a rollout.")
        return
    st.markdown("\n".join(
        f"- **{escaped(one.criterion.title)}** :orange-badge[{one.action}]  \n"
        f":small[{escaped(facts(one.criterion, 'failures'))}]"
        for one in it.safeguards
    ))  # fmt: skip
    st.caption("They hold in every phase, apart from its gate. What can't be told is never acted "
               "on.")  # fmt: skip


def facts(it: Criterion, rows: str = "passes") -> str:
    """All of a criterion in a line; rows: what is counted in a row."""
    told = [wanted(it)]
    if it.reads in WINDOWED:
        told.append(f"over {numbers.counted(it.window_days, 'day')}")
    if it.least_sample:
        told.append(f"of {it.least_sample:,} samples or more")
    told.append(f"data no older than {lasting(it.oldest)}")
    if it.passes > 1:
        told.append(f"{it.passes} {rows} in a row")
    return ", ".join(told)


def head(number: int, it: Phase) -> None:
    """What a phase is, in two lines."""
    door = " :orange-badge[:material/door_front: one-way door]" if it.one_way else ""
    st.markdown(f"**{number + 1}. {escaped(it.title)}**{door}  \n:small[{' · '.join(_told(it))}]")


def no_criteria() -> None:
    st.caption(":material/warning: No criteria: only days and approvals hold this gate.")


def wanted(it: Criterion) -> str:
    """What has to be so, in words."""
    threshold = f"{it.compares} {figure(it.threshold)} {it.unit}".rstrip()
    return f"{reading_words.said(it.reads)}: {threshold}"


def _told(it: Phase) -> list[str]:
    cohort, days = it.cohort, numbers.counted(it.bake_days, "working day")
    told = [f"{escaped(str(cohort.kind).capitalize())}, {cohort.planned:,} planned", f"bake {days}"]
    told.append(f"yes of {' and '.join(it.approvals)}" if it.approvals else "no approval")
    if it.checklist:
        told.append(f"readiness: {escaped(', '.join(it.checklist))}")
    if it.features:
        told.append(f"switched on: {escaped(', '.join(it.features))}")
    if cohort.reference:
        told.append(f"cohort kept in {escaped(cohort.reference)}")
    if cohort.channel:
        told.append(f"feedback by {escaped(cohort.channel)}")
    return told


def _row(it: Criterion) -> dict[str, object]:
    return {
        "title": it.title,
        "severity": str(it.severity),
        "wanted": wanted(it),
        "window": it.window_days if it.reads in WINDOWED else None,
        "sample": it.least_sample or None,
        "oldest": lasting(it.oldest),
        "passes": it.passes,
        "kind": str(it.kind),
    }


def lasting(it: timedelta) -> str:
    """48 hours and more in days."""
    hours = it / timedelta(hours=1)
    return f"{figure(hours / 24)} days" if hours >= 48 else f"{figure(hours)} hours"


def _version(view: View, it: Template) -> str:
    rows = view.rows
    row = rows[rows["key"].eq(it.key) & rows["version"].eq(it.version)].iloc[0]
    when = "" if pd.isna(row["at"]) else f", {row['at']:%Y-%m-%d}"
    return f"{it.version}{when}, {row['who']}"

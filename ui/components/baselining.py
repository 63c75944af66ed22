"""Baselines: what is demanded of whom, since when, by whom; set anew as another version, and
approved by somebody else where less is demanded."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from actions import baseline as baselines_of
from actions.visit import Visit
from domain import baselines, filters
from domain.baselines import AUDIENCES, Baseline
from domain.faults import OutOfRange
from domain.filters import BUFFERED, GRADED, Key, Strength
from domain.roles import FILTERS, Permission, may_approve
from ui import data, demanded, drafts, safety, session
from ui.components import dialogs, filter_columns, numbers, tables
from ui.faults import escaped
from ui.safety import View

SET, APPROVE, END = "set-baseline", "approve-baseline", "end-baseline"
LONGEST = 300
EVERY = ""


def show(visit: Visit, view: View) -> None:
    """All versions; the one that is ticked with what it demands."""
    rows = demanded.rows(view)
    if rows.empty:
        st.caption("Nothing is demanded yet: without a baseline no deployment is below one.")
    else:
        for row in rows[rows["state"].eq(demanded.WAITING)].to_dict("records"):
            _waiting(visit, row)
        _versions(visit, rows)
    if visit.may(Permission.BASELINE) and st.button(
        "New baseline", key="new-baseline", icon=":material/add_moderator:"
    ):
        drafts.begin(SET, EVERY)
    st.caption(
        "The most specific one wins: audience and environment, then audience, then environment. A "
        "deployment that says no audience counts as external."
    )


def _versions(visit: Visit, rows: pd.DataFrame) -> None:
    event = tables.show(
        rows, filter_columns.BASELINES, tables.keyed("baselines", rows, "named"),
        pick=("single-row",), most=8, alt="Versions of the baselines, those in force first",
    )  # fmt: skip
    picked = tables.rows_picked(event, rows)
    row = picked.iloc[0] if len(picked) else rows.iloc[0]
    st.subheader(f"{escaped(str(row['title']))}, version {row['version']}", anchor=False)
    it = safety.baseline(str(row["named"]))
    if it is None:
        return
    least = demanded.least(it)
    tables.show(least, filter_columns.LEAST, "least", most=len(least), row=30, width=580,
                alt="What the baseline demands at the least")  # fmt: skip
    if it.note:
        st.caption(escaped(it.note))
    if visit.may(Permission.BASELINE):
        with st.container(horizontal=True):
            if st.button("Make a new version", key="change-baseline", icon=":material/edit:"):
                drafts.begin(SET, it.key)
            if row["state"] == demanded.IN_FORCE and st.button(
                "End it", key="end-baseline", icon=":material/event_busy:"
            ):
                drafts.begin(END, (it.key, it.version))


def _waiting(visit: Visit, row: Mapping[Any, Any]) -> None:
    """A version that demands less, in two lines, with the way to a yes."""
    it = safety.baseline(str(row["named"]))
    if it is None:
        return
    with st.container(border=True):
        left, right = st.columns([5, 1], vertical_alignment="center")
        left.markdown(
            f":violet-badge[:material/how_to_reg: waiting for approval] **{escaped(it.title)}, "
            f"version {it.version}**  \n{escaped(str(row['who']))} asks for it: "
            f"{escaped(it.note or 'no note')}. It demands less, so a second person has to agree."
        )
        with right:
            if _may_approve(visit, it):
                if st.button("Look and decide", key=f"decide-{it.named}"):
                    drafts.begin(APPROVE, (it.key, it.version))
            else:
                st.caption("Somebody else decides.")


def _may_approve(visit: Visit, it: Baseline) -> bool:
    return may_approve(visit.person, FILTERS) and it.proposer != visit.person.key


def dialog(page: str) -> None:
    """Draw the dialog that is open."""
    if (key := drafts.begun(SET)) is not None:
        dialogs.show(page, SET, "What is demanded?", _set, key, width="large")
    elif told := drafts.begun(APPROVE):
        dialogs.show(page, APPROVE, "Demand less?", _approve, *told, width="large")
    elif told := drafts.begun(END):
        dialogs.show(page, END, "Until when is it demanded?", _end, *told)


def _set(visit: Visit, key: str) -> None:
    view = safety.everywhere()
    old = demanded.newest(key) if key else None
    new = _entered(visit, view, old)
    try:
        told = baselines.checked(new, safety.demands().baselines)
    except OutOfRange as fault:
        st.caption(f":red[{escaped(fault.words)}]")
        told = None
    changed = demanded.changes(old, new)
    if len(changed):
        tables.show(changed, filter_columns.DIFFERENCES, "baseline-changes", most=8,
                    alt="What is demanded more or less")  # fmt: skip
    if told:
        held, below, before = demanded.tried(view, told)
        st.caption(
            f":material/rule: It would be for {numbers.counted(held, 'deployment')}, of which "
            f"{below:,} would be below it; {before:,} of them are below theirs now."
        )
        if baselines.loosens(old, told):
            st.caption(":material/how_to_reg: It demands less: a second person has to approve it, "
                       "and until then the version before stays.")  # fmt: skip
    same = old is not None and changed.empty and new.starts == old.starts
    if st.button("Set the baseline", type="primary", key="baseline-confirm",
                 disabled=told is None or same):  # fmt: skip
        kept = baselines_of.set_(
            visit, new.key, title=new.title, audience=new.audience, environment=new.environment,
            least=dict(new.least), mode=new.mode, starts=_from(new, visit), note=new.note,
        )  # fmt: skip
        dialogs.done(SET, _recorded(kept))


def _entered(visit: Visit, view: View, old: Baseline | None) -> Baseline:
    """What a person says in the dialog."""
    left, middle, right = st.columns(3)
    title = str(left.text_input("Name", old.title if old else "", key="baseline-title",
                                max_chars=LONGEST)).strip()  # fmt: skip
    audiences = ["", *AUDIENCES]
    if old:
        audience, environment = old.audience, old.environment
        middle.text_input("Audience", audience or "every", disabled=True, key="baseline-for")
        right.text_input("Environment", environment or "every", disabled=True, key="baseline-at")
    else:
        audience = str(middle.selectbox("Audience", audiences, key="baseline-for",
                                        format_func=lambda it: it or "every"))  # fmt: skip
        environment = str(right.selectbox("Environment", ["", *data.environments()],
                                          key="baseline-at", format_func=lambda it: it or "every",
                                          accept_new_options=True) or "")  # fmt: skip
    least = _least(view, dict(old.least) if old else {})
    mode = BUFFERED if st.checkbox(
        "Buffered: nothing may appear before it was checked", bool(old and old.mode),
        key="baseline-mode",
    ) else ""  # fmt: skip
    starts = _starts(visit.clock())
    note = str(st.text_input("Why", key="baseline-note", max_chars=LONGEST)).strip()
    key = old.key if old else _key(audience, environment)
    version = old.version + 1 if old else 1
    return Baseline(key, version, title, audience, environment, least, mode, starts, note=note,
                    proposer=visit.person.key, at=visit.clock())  # fmt: skip


def _least(view: View, now: Mapping[Key, Strength]) -> dict[Key, Strength]:
    found: dict[Key, Strength] = {}
    with st.grid(2, min_column_width=250, gap="small"):
        for key in safety.in_order({*demanded.keys(view), *now}):
            graded = key[0] in GRADED
            steps = sorted({it for it in Strength if graded or it in (0, 1, 4)}, reverse=True)
            options: list[Strength | None] = [None, *steps]
            picked = st.selectbox(
                filters.called(*key), options, index=options.index(now.get(key)),
                key=f"least-{key[0]}-{key[1]}", format_func=partial(_worded, graded),
            )  # fmt: skip
            if picked is not None:
                found[key] = picked
    return found


def _worded(graded: bool, strength: Strength | None) -> str:
    if strength is None:
        return "nothing demanded"
    return f"at the least: {filters.words(strength, graded)}"


def _starts(now: datetime) -> datetime:
    """From when; at once where no later day is chosen."""
    picked = st.date_input("From (UTC)", value=None, min_value=(now + timedelta(days=1)).date(),
                           key="baseline-starts", format="YYYY-MM-DD",
                           help="Empty: from now on.")  # fmt: skip
    return datetime.combine(picked, datetime.min.time(), UTC) if picked else now


def _key(audience: str, environment: str) -> str:
    return "-".join(it for it in (audience, environment.lower()) if it) or "every"


def _approve(visit: Visit, key: str, version: int) -> None:
    view = safety.everywhere()
    it = safety.baseline(f"{key} v{version}")
    if it is None:
        return
    told = [other for other in safety.demands().baselines if other.key == key]
    before = next(iter(baselines.in_force(told, session.at())), None)
    changed = demanded.changes(before, it)
    tables.show(changed, filter_columns.DIFFERENCES, "approve-changes", most=10,
                alt="What is demanded more or less")  # fmt: skip
    held, below, now = demanded.tried(view, it)
    st.caption(f"It would be for {numbers.counted(held, 'deployment')}; {below:,} would be below "
               f"it, {now:,} are below theirs now.")  # fmt: skip
    if st.button("Approve it", type="primary", key="approve-baseline-confirm"):
        baselines_of.approve(visit, key, version)
        dialogs.done(APPROVE, f"Version {version} of {it.title} is approved.")
    if st.button("Decline it", key="decline-baseline-confirm"):
        baselines_of.decline(visit, key, version)
        dialogs.done(APPROVE, f"Version {version} of {it.title} is declined.")


def _end(visit: Visit, key: str, version: int) -> None:
    it = safety.baseline(f"{key} v{version}")
    if it is None:
        return
    st.markdown(f"**{escaped(it.title)}**, version {version}")
    now = visit.clock()
    picked = st.date_input("First day that it is not demanded (UTC)", value=None, key="end-day",
                           min_value=(now + timedelta(days=1)).date(), format="YYYY-MM-DD",
                           )  # fmt: skip
    ends = datetime.combine(picked, datetime.min.time(), UTC) if picked else None
    note = str(st.text_input("Why", key="end-note", max_chars=LONGEST))
    st.caption("From then on a less specific baseline is for its deployments, or none. A second "
               "person has to approve it.")  # fmt: skip
    ready = bool(note.strip()) and ends is not None
    pressed = st.button("End the baseline", type="primary", key="end-baseline-confirm",
                        disabled=not ready)  # fmt: skip
    if pressed and ends:
        dialogs.done(END, _recorded(baselines_of.end(visit, key, ends, note=note)))


def _from(it: Baseline, visit: Visit) -> datetime | None:
    """When it begins; None for the moment at which it is kept."""
    return it.starts if it.starts > visit.clock() else None


def _recorded(it: Baseline) -> str:
    said = f"Version {it.version} of {it.title} is recorded"
    return f"{said}." if it.approved_at else f"{said}; it waits for a second person."

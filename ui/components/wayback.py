"""The way back from each phase, how its last drill went, and what a rollback asks of people."""

import streamlit as st

from actions.visit import Visit
from domain import ways_back
from domain.moving import DRILLED
from domain.roles import Permission
from domain.rollouts import BEHIND, ENDS
from reads.rollouts import RollbackPlan, Task, Whole
from ui import drafts, rollouts
from ui.components import numbers, phase_words, wayback_dialogs
from ui.faults import escaped


def show(visit: Visit, view: Whole) -> None:
    """Phase by phase."""
    for number, it in enumerate(view.rollout.phases):
        with st.container(border=True):
            st.markdown(f"**{number + 1}. {escaped(it.title)}**")
            if way := view.ways.get(number):
                _way(view, way)
            else:
                st.caption("No way back is written yet; without one this can't be made ready.")
            over = view.rollout.state in ENDS or it.stage in BEHIND
            if visit.may(Permission.ROLL) and not over:
                _buttons(view, number)


def _way(view: Whole, way: RollbackPlan) -> None:
    who = escaped(rollouts.called(view, way.owner))
    st.markdown(f"Taken when: {escaped(way.trigger)}  \nWithin {way.most_minutes} minutes, seen to "
                f"by {who}. People are told: {escaped(way.words)}")  # fmt: skip
    for at, step in enumerate(way.steps, start=1):
        st.markdown(f"{at}. {escaped(ways_back.words(step))} :small[:gray[{_by(view, step)}]]")
    st.markdown(_drill(view, way))


def _by(view: Whole, step: ways_back.Step) -> str:
    if "lever" in step:
        return "done by this console, as a plan"
    return escaped(f"{rollouts.called(view, str(step['owner']))}, {step['minutes']} minutes")


def _drill(view: Whole, way: RollbackPlan) -> str:
    if way.drilled_at is None:
        return ":gray-badge[:material/help: never drilled]"
    badge = phase_words.badge(way.drill_result, phase_words.DRILLS)
    old = view.at - way.drilled_at > DRILLED
    late = f" :orange[More than {DRILLED.days} days ago: it no longer counts.]" if old else ""
    note = f" · {escaped(way.drill_note)}" if way.drill_note else ""
    who = escaped(rollouts.called(view, way.drilled_by))
    return (
        f"{badge} Drilled {numbers.day(way.drilled_at)} by {who} in {way.drill_minutes} minutes"
        f"{note}.{late}"
    )


def _buttons(view: Whole, number: int) -> None:
    there = number in view.ways
    with st.container(horizontal=True):
        if st.button("Change the way back" if there else "Write the way back",
                     key=f"way-{number}", icon=":material/edit:"):  # fmt: skip
            drafts.begin(wayback_dialogs.WAY, (view.rollout.id, number))
        if there and st.button("Record a drill", key=f"drill-{number}", icon=":material/timer:"):
            drafts.begin(wayback_dialogs.DRILL, (view.rollout.id, number))


def tasks(visit: Visit, view: Whole) -> None:
    """What was asked of people, until when, and who did it."""
    if not view.tasks:
        st.caption("Nothing is asked of anybody. A rollback asks for what the console can't do "
                   "itself.")  # fmt: skip
    for it in view.tasks:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(_task(view, it), width="content")
            own = it.owner == visit.person.key
            if it.done_at is None and (own or visit.may(Permission.ROLL)) and st.button(
                "Done", key=f"task-{it.id}", icon=":material/check:"
            ):  # fmt: skip
                drafts.begin(wayback_dialogs.TASK, (view.rollout.id, it.id))


def _task(view: Whole, it: Task) -> str:
    who = escaped(rollouts.called(view, it.owner))
    if it.done_at is not None:
        by = escaped(rollouts.called(view, it.done_by))
        return (
            f":green-badge[:material/check_circle: done] **{escaped(it.title)}** · by {by} "
            f"{numbers.moment(it.done_at)} · {escaped(it.note)}"
        )
    if it.due_at <= view.at:
        late = numbers.age(it.due_at, view.at)
        return (
            f":red-badge[:material/timer_off: late by {late}] **{escaped(it.title)}** · {who}, was "
            f"due {numbers.moment(it.due_at)}"
        )
    left = numbers.age(view.at, it.due_at)
    return (
        f":orange-badge[:material/timer: {left} left] **{escaped(it.title)}** · {who}, due "
        f"{numbers.moment(it.due_at)}"
    )

"""Write the way back of a phase, say how a drill of it went, say that a task is done."""

from typing import Any

import streamlit as st

from actions import task, way_back
from actions.rollout import LONGEST
from actions.visit import Visit
from actions.way_back import Way
from domain import ways_back
from domain.faults import OutOfRange
from domain.ways_back import CAPACITY, FILTER, MOST_MINUTES, Step
from reads.rollouts import RollbackPlan, Whole
from ui import drafts, rollouts
from ui.components import dialogs
from ui.components.cost_rules import confirmed
from ui.faults import escaped

WAY, DRILL, TASK = "way-back", "drill", "rollout-task"
KINDS = {"task": "A person does it", CAPACITY: "Set capacity", FILTER: "Set filter policy"}
USUAL_MINUTES = 60
MOST = 6
"""Steps that the dialog has room for; a way back with more is kept as it is."""


def show(page: str, view: Whole) -> None:
    """Draw the dialog that is open, if it is about this rollout."""
    number = view.rollout.id
    if (told := drafts.begun(WAY)) and told[0] == number:
        title = view.rollout.phases[told[1]].title
        question = f"How is {title} taken back?"
        dialogs.show(page, WAY, question, _way, view, told[1], width="large")
    elif (told := drafts.begun(DRILL)) and told[0] == number:
        title = view.rollout.phases[told[1]].title
        dialogs.show(page, DRILL, f"How did the drill of {title} go?", _drill, view, told[1])
    elif (told := drafts.begun(TASK)) and told[0] == number:
        dialogs.show(page, TASK, "Is this task done?", _task, view, told[1])


def _way(visit: Visit, view: Whole, number: int) -> None:
    old = view.ways.get(number)
    names, tail = view.names, f"{view.rollout.id}-{number}"
    trigger = _text("Taken when", "way-trigger", old.trigger if old else "")
    left, right = st.columns(2)
    owner = str(left.selectbox("Seen to by", list(names), key=f"way-owner-{tail}",
                               index=_at(list(names), old.owner if old else view.rollout.owner),
                               format_func=lambda it: names.get(it, it)))  # fmt: skip
    minutes = int(right.number_input("Within (minutes)", 1, MOST_MINUTES,
                                     old.most_minutes if old else USUAL_MINUTES, 1,
                                     key="way-minutes"))  # fmt: skip
    words = _text("What people are told", "way-words", old.words if old else "")
    steps = _steps(view, old, minutes)
    fits = _fits(view, steps, minutes) and bool(trigger.strip() and words.strip())
    if old is not None and old.drilled_at is not None:
        st.caption(":material/info: Another way back was not drilled yet: the drill of this one no "
                   "longer counts.")  # fmt: skip

    def act() -> str:
        way_back.keep(visit, view.rollout.id, number, Way(trigger, steps, owner, minutes, words))
        return f"The way back from {view.rollout.phases[number].title} is kept."

    confirmed("Keep the way back", "way-confirm", fits, act, WAY)


def _steps(view: Whole, old: RollbackPlan | None, minutes: int) -> list[Step]:
    before = list(old.steps) if old else []
    many = int(st.number_input("Steps", 1, MOST, min(MOST, max(1, len(before))), 1,
                               key="way-steps"))  # fmt: skip
    found = [_step(view, at, before[at] if at < len(before) else {}, minutes) for at in range(many)]
    return found + before[MOST:]


def _step(view: Whole, at: int, before: Step, minutes: int) -> Step:
    kinds = list(KINDS)
    was = str(before.get("lever", "task"))
    a, b, c = st.columns([1.2, 2.4, 1.4], vertical_alignment="bottom")
    kind = a.selectbox(f"Step {at + 1}", kinds, kinds.index(was), key=f"way-kind-{at}",
                       format_func=KINDS.__getitem__)  # fmt: skip
    if kind == "task":
        task_ = b.text_input("What is to be done", str(before.get("task", "")),
                             key=f"way-task-{at}", max_chars=ways_back.LONGEST)  # fmt: skip
        with c:
            names = view.names
            was_ = str(before.get("owner", view.rollout.owner))
            owner = st.selectbox("Who", list(names), _at(list(names), was_), key=f"way-who-{at}",
                                 format_func=lambda it: names.get(it, it))  # fmt: skip
        told = min(int(before.get("minutes", minutes)), minutes)
        return {"task": str(task_), "owner": str(owner), "minutes": told}
    ours = list(dict.fromkeys([*view.rollout.deployments, *(one for pair in view.rollout.paired
                                                            for one in pair)]))  # fmt: skip
    resource = b.selectbox("Deployment", ours, _at(ours, str(before.get("resource", ""))),
                           key=f"way-resource-{at}", format_func=rollouts.short)  # fmt: skip
    with c:
        return {"lever": kind, "resource": str(resource), "target": _target(str(kind), at, before)}


def _target(kind: str, at: int, before: Step) -> Any:
    was = before.get("target") if before.get("lever") == kind else None
    if kind == CAPACITY:
        units = st.number_input("To units", 1, None, was if isinstance(was, int) else None, 1,
                                key=f"way-units-{at}")  # fmt: skip
        return None if units is None else int(units)
    policy = str(
        st.text_input("To policy (empty: default)", str(was or ""), key=f"way-policy-{at}")
    )
    return policy.strip() or None


def _fits(view: Whole, steps: list[Step], minutes: int) -> bool:
    """Say why these steps can't be kept."""
    it = view.rollout
    ours = {*it.deployments, *(one for pair in it.paired for one in pair)}
    try:
        ways_back.checked(steps, ours, minutes)
    except OutOfRange as fault:
        st.caption(escaped(fault.words))
        return False
    return True


def _drill(visit: Visit, view: Whole, number: int) -> None:
    way = view.ways[number]
    for at, step in enumerate(way.steps, start=1):
        st.markdown(f"{at}. {escaped(ways_back.words(step))}")
    minutes = st.number_input("Minutes that it took", 1, MOST_MINUTES, None, 1, key="drill-minutes")
    worked = st.checkbox("It worked", value=True, key="drill-worked")
    note = _text("Note" if worked else "What did not work", "drill-note", "")
    if worked and minutes is not None and minutes > way.most_minutes:
        st.warning(f"It may take {way.most_minutes} minutes: a slower drill counts for nothing.",
                   icon=":material/timer_off:")  # fmt: skip

    def act() -> str:
        assert minutes is not None
        way_back.drill(visit, view.rollout.id, number, minutes=int(minutes), worked=worked,
                       note=note)  # fmt: skip
        return f"The drill of {view.rollout.phases[number].title} is kept."

    ready = minutes is not None and (worked or bool(note.strip()))
    confirmed("Keep the drill", "drill-confirm", ready, act, DRILL)


def _task(visit: Visit, view: Whole, number: int) -> None:
    found = next((it for it in view.tasks if it.id == number), None)
    if found is None:
        st.caption("There is no such task.")
        return
    st.markdown(f"**{escaped(found.title)}**")
    note = _text("How it was done", "task-note", "")

    def act() -> str:
        task.done(visit, number, note=note)
        return f"{found.title}: done."

    confirmed("It is done", "task-confirm", bool(note.strip()), act, TASK)


def _text(label: str, key: str, value: str) -> str:
    return str(st.text_input(label, value, key=key, max_chars=LONGEST))


def _at(those: list[str], wanted: str) -> int:
    return those.index(wanted) if wanted in those else 0

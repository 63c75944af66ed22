"""Where does this rollout stand, what is missing for the next step, and what is the way back?"""

import streamlit as st

from domain import periods
from ui import door, drafts, rollouts, scope
from ui.components import (
    braking,
    comparing,
    evaluating,
    evaluating_dialogs,
    gating,
    hearing,
    hearing_dialogs,
    moves,
    moving,
    moving_dialogs,
    phasing,
    states,
    testifying,
    testifying_dialogs,
    wayback,
    wayback_dialogs,
)

visit = door.enter(__file__)
held = scope.held()
number = scope.number("rollout")
scope.link("rollouts", "All rollouts", ":material/arrow_back:")
states.outcome(drafts.said())

view = rollouts.one(number)
if view is None:
    phasing.missing()
    st.stop()

phasing.head(view)
phasing.overrides(view)
braking.falls(view)
moving.buttons(visit, view)
phasing.phases(visit, view)
phasing.deployments(view)
braking.show(view)

gate, ready, said, measured, way, tasks, changes, pair, history = scope.tabs(
    *("Gate", "Readiness", "Feedback", "Evaluations", "Way back", "Tasks", "Changes"),
    *("Comparison", "History"),
)
if gate.open:
    with gate:
        gating.follow(__file__, view)
if ready.open:
    with ready:
        testifying.readiness(visit, view)
if said.open:
    with said:
        hearing.show(visit, view)
if measured.open:
    with measured:
        evaluating.show(visit, view)
if way.open:
    with way:
        wayback.show(visit, view)
if tasks.open:
    with tasks:
        wayback.tasks(visit, view)
if changes.open:
    with changes:
        moves.changes(view)
if pair.open:
    with pair:
        comparing.show(view, held, periods.words(held.period))
if history.open:
    with history:
        moves.show(view)

moving_dialogs.show(__file__, view)
wayback_dialogs.show(__file__, view)
testifying_dialogs.show(__file__, view)
hearing_dialogs.show(__file__, view)
evaluating_dialogs.show(__file__, view)

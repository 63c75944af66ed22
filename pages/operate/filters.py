"""What is blocked on every deployment, who weakened it, and what is demanded instead?"""

import streamlit as st

from domain import periods
from domain.readings import POLICIES
from ui import door, drafts, exports, safety, scope
from ui.components import (
    baselining,
    exempting,
    filter_drift,
    filter_editing,
    filter_effect,
    filter_lists,
    filter_matrix,
    filter_policies,
    kpis,
    states,
    tables,
)

visit = door.enter(__file__)
held = scope.held()
view = safety.scoped(held)
states.notes(view.estate, POLICIES)
states.outcome(drafts.said())

kpis.show(filter_matrix.kpis(view, periods.words(held.period)))

matrix, demanded, policies, exemptions, effect, drift = scope.tabs(
    "Matrix", "Baselines", "Policies and blocklists", "Exemptions", "Effect", "Drift"
)
if matrix.open:
    with matrix:
        choice = filter_matrix.bar(view.rows)
        shown = filter_matrix.narrowed(view.rows, choice)
        if shown.empty:
            filter_matrix.nothing(view, choice)
        else:
            columns = filter_matrix.columns(view, choice)
            filter_matrix.legend()
            filter_matrix.table(shown, columns)
            with st.container(horizontal=True, vertical_alignment="center"):
                tables.count(shown, view.rows, "deployment", choice.words(), filter_matrix.clear)
                exports.offer(
                    shown,
                    columns,
                    "content-filters",
                    {
                        **scope.words_of(held),
                        **choice.words(),
                        **filter_matrix.facts(choice),
                        **states.facts(view.estate),
                    },
                )
if demanded.open:
    with demanded:
        baselining.show(visit, view)
if policies.open:
    with policies:
        filter_policies.show(visit, view)
if exemptions.open:
    with exemptions:
        exempting.show(visit, view)
if effect.open:
    with effect:
        filter_effect.show(view)
if drift.open:
    with drift:
        filter_drift.show(view)

baselining.dialog(__file__)
filter_lists.dialog(__file__)
filter_editing.dialog(__file__)
exempting.dialog(__file__)

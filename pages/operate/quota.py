"""Where is quota, who needs more, who could give some, and what is in the way?"""

import streamlit as st

from domain import periods
from domain.readings import USAGES
from ui import door, drafts, exports, quota, scope
from ui.components import (
    advising,
    allocating,
    allocating_review,
    kpis,
    pools,
    pools_limits,
    states,
    tables,
)
from ui.components.pools_columns import POOLS

visit = door.enter(__file__)
held = scope.held()
view = quota.scoped(held)
whole = quota.everywhere(held.period)
states.notes(view.estate, USAGES)
states.outcome(drafts.said())

kpis.show(pools.kpis(view, periods.words(held.period)))

overview, whatif, deleted, limits = scope.tabs(
    "Pools", "What-if", "Deleted accounts", "Limits and tiers"
)
if overview.open:
    with overview:
        advising.show(visit, whole, quota.advised(view))
        st.subheader("Pools", anchor=False)
        choice = pools.bar(view.pools)
        shown = pools.narrowed(view.pools, choice)
        if shown.empty:
            pools.nothing(view, choice)
        else:
            pools.table(shown)
            pools.differing(shown)
            with st.container(horizontal=True, vertical_alignment="center"):
                tables.count(shown, view.pools, "pool", choice.words(), pools.clear)
                exports.offer(
                    shown,
                    POOLS,
                    "pools",
                    {**scope.words_of(held), **choice.words(), **states.facts(view.estate)},
                )
if whatif.open:
    with whatif:
        allocating.chosen(visit, whole, view)
if deleted.open:
    with deleted:
        pools_limits.deleted(visit, whole, quota.beside(view.kept.deleted, held))
if limits.open:
    with limits:
        st.subheader("Quota tiers", anchor=False)
        pools_limits.tiers(quota.beside(view.kept.tiers, held), view)
        st.subheader("Ceilings", anchor=False)
        pools_limits.ceilings(quota.ceilings(view))
        st.subheader("Deployments without a known pool", anchor=False)
        pools.unmatched(quota.unmatched(view))

allocating_review.dialog(__file__, whole)
pools_limits.dialog(__file__)

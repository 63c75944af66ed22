"""Who holds this pool of quota, what of it lies idle, and what if others had it?"""

import streamlit as st

from domain.readings import USAGES
from ui import door, drafts, exports, quota, scope
from ui.components import (
    advising,
    allocating,
    allocating_review,
    kpis,
    pools_chart,
    pools_detail,
    shares,
    states,
)
from ui.components.pools_columns import HOLDERS

visit = door.enter(__file__)
held = scope.held()
whole = quota.everywhere(held.period)
view = quota.one(quota.key(whole), whole)
scope.link("quota", "All pools", ":material/arrow_back:")
states.outcome(drafts.said())

if view.pools.empty:
    pools_detail.missing()
    st.stop()

pool = view.pools.iloc[0]
states.notes(view.estate, USAGES)
pools_detail.head(pool)
kpis.show(pools_detail.kpis(pool))

holders, whatif, units, elsewhere = scope.tabs(
    "Holders", quota.WHAT_IF, "Business units", "Elsewhere", first=quota.first_tab()
)
if holders.open:
    with holders:
        pools_chart.show(pool, view.holders)
        pools_detail.holders(view)
        exports.offer(view.holders, HOLDERS, "holders", {"Pool": pool["name"]})
        advising.show(visit, whole, quota.advised(whole, pool["pool"]))
if whatif.open:
    with whatif:
        allocating.forms(visit, whole, view.holders)
        allocating.body(visit, whole, view.holders, "pool")
if units.open:
    with units:
        shares.show(visit, whole, view)
if elsewhere.open:
    with elsewhere:
        pools_detail.elsewhere(view)

allocating_review.dialog(__file__, whole)
shares.dialog(__file__)

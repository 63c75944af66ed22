"""What is this deployment, what becomes of it, how is it used, and who changed it?"""

import streamlit as st

from domain import periods
from domain.roles import Permission
from ui import data, door, drafts, journal, live, safety, scope, session, summaries, words
from ui.components import (
    assigning,
    charts,
    columns,
    deploying,
    detail,
    exempting,
    filter_assigning,
    filter_detail,
    filter_editing,
    history,
    kpis,
    states,
    undoing,
)

visit = door.enter(__file__)
held = scope.held()
resource = scope.resource()
scope.link("deployments", "All deployments", ":material/arrow_back:")
states.outcome(drafts.said())

found = data.deployment(held, resource)
if found.empty:
    states.nothing(
        "There is no such deployment here.",
        "It may have been deleted, belong to a unit that is not yours, or not be collected yet. "
        "Choose one in the list of all deployments.",
    )
    st.stop()

row = found.iloc[0]
findings = data.about(resource, row["subscription"])
findings = words.of_findings(findings, session.subscriptions(), session.at())
with detail.head(row, findings, data.portal(resource, row["subscription"])):
    if visit.may(Permission.TAG):
        assigning.button(visit, found, "Assign")
    deploying.buttons(visit, resource)
kpis.show(detail.kpis(row, periods.words(held.period)))

summary, filters, usage, hour, pool, changes = scope.tabs(
    "Summary",
    safety.OWN_TAB,
    "Usage",
    "Last hour",
    "Quota pool",
    "Changes",
    first=safety.first_tab(),
)
if summary.open:
    with summary:
        left, right = st.columns(2, gap="medium")
        with left:
            st.subheader("Findings", anchor=False)
            detail.about(findings)
            st.subheader("Lifecycle", anchor=False)
            detail.future(row)
            st.subheader("Limits beside what was observed", anchor=False)
            detail.limits(row)
        with right:
            st.subheader("Properties", anchor=False)
            detail.properties(row)
if filters.open:
    with filters:
        filter_detail.show(visit, resource)
if usage.open:
    with usage:
        points = data.course(held, resource)
        whole = summaries.whole_until(session.at(), periods.grain(held.period))
        charts.show(
            charts.usage(points, "deployment", {}, {}, whole),
            key="course",
            alt="Tokens of this deployment over time, with refused requests below",
            said=summaries.total(points, found),
            rows=points,
        )
if hour.open:
    with hour:
        history.last_hour(resource, row)
if pool.open:
    with pool:
        detail.pool(row, columns.POOL)
if changes.open:
    with changes:
        live.until_done(__file__, history.under_way(resource), history.plans(resource))
        st.subheader("Changed in Azure, by whomever", anchor=False)
        begins = scope.beginning(held, session.at())
        history.outside(journal.outside_of(found, begins))

assigning.dialog(__file__)
deploying.dialog(__file__)
undoing.dialog(__file__)
filter_editing.dialog(__file__)
filter_assigning.dialog(__file__)
exempting.dialog(__file__)

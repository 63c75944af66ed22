"""How is the estate, what needs me, and what has changed since I was here?"""

import streamlit as st

from domain import periods
from ui import data, door, scope, session, summaries, words
from ui.components import charts, inbox, kpis, palette, states, tables

visit = door.enter(__file__)
held = scope.held()
estate = data.estate(held)
points = data.usage(held, held.period)
findings = data.found(held, estate.frame)
since = session.last_visit()
edits = data.edited(held, estate.frame, since)
states.notes(estate)

period, now = periods.words(held.period), visit.clock()
course = summaries.course(points)
change = summaries.change(summaries.course(data.usage(held, "30d")), now)
kpis.show(
    [
        kpis.deployments(estate.frame, estate.partial),
        kpis.attention(findings),
        kpis.tokens(estate.frame, course, change, period, estate.partial),
        kpis.refused(estate.frame, period, course),
        kpis.retiring(estate.frame),
    ]
)

left, right = st.columns([1.15, 1], gap="medium")
with left:
    st.subheader("What needs attention", anchor=False)
    inbox.show(words.of_findings(findings, now))
with right:
    st.subheader("Usage over time", anchor=False)
    names = inbox.unit_names(session.tree())
    by = scope.either("Split usage by", "by", {"unit": "Business unit", "model": "Model"})
    split = summaries.over_time(points, by)
    colours = {**palette.ranked(split[by].unique()), **palette.units(session.tree())}
    charts.show(
        charts.usage(split, by, colours, names),
        key="usage",
        alt=f"Tokens over time, {period}, stacked by {by}, with refused requests below",
        said=summaries.lead(points, by, names, period),
    )

left, right = st.columns([1.15, 1], gap="medium")
with left:
    st.subheader("What changed since your last visit", anchor=False)
    inbox.changes(edits, since, now)
with right:
    st.subheader("Where it runs", anchor=False)
    places, families = st.tabs(["By region", "Capacity by family"])
    with places:
        where = summaries.places(estate.frame)
        charts.show(
            charts.bars_across(
                where,
                "region",
                "deployments",
                "scope",
                "Deployments",
                palette.ranked(where["scope"].unique()),
            ),
            key="places",
            alt="Deployments by region and by where their requests may be processed",
        )
    with families:
        tables.show(summaries.families(estate.frame), tables.FAMILIES, "families")

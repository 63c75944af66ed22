"""How is the estate, what needs me, and what has changed since I was here?"""

import streamlit as st

from domain import periods
from ui import data, door, scope, session, summaries, today, words
from ui.components import charts, columns, inbox, kpis, palette, states, tables
from ui.components import today as waiting

door.enter(__file__)
held = scope.held()
estate = data.estate(held)
points = data.usage(held, held.period)
findings = data.found(held, estate.frame)
since = session.last_visit()
edits = data.edited(held, estate.frame, since)
states.notes(estate)

period, now = periods.words(held.period), session.at()
until = summaries.whole_until(now, periods.grain(held.period))
course = summaries.whole(points, until)
change = summaries.change(summaries.course(data.usage(held, "30d")), now)
kpis.show(
    [
        kpis.deployments(estate.frame, estate.partial),
        kpis.attention(findings, data.judged()),
        kpis.tokens(estate.frame, course, change, period, estate.partial),
        kpis.refused(estate.frame, period, course),
        kpis.retiring(estate.frame),
    ]
)
waiting.show(today.matters())
inbox.show(words.of_findings(findings, session.subscriptions(), now), data.judged())

left, right = st.columns([1.3, 1], gap="medium")
with left:
    st.subheader("Usage over time", anchor=False)
    names = inbox.unit_names(session.tree())
    by = scope.either("Split usage by", "by", {"unit": "Business unit", "model": "Model"})
    split = summaries.over_time(points, by)
    colours = {**palette.ranked(split[by].unique()), **palette.units(session.tree())}
    charts.show(
        charts.usage(split, by, colours, names, until),
        key="usage",
        alt=f"Tokens over time, {period}, stacked by {by}, with refused requests below",
        said=summaries.lead(points, by, names, estate.frame),
        rows=split,
    )
    st.subheader("What changed since your last visit", anchor=False)
    inbox.changes(edits, since, now)
with right:
    st.subheader("Where it runs", anchor=False)
    where = summaries.places(estate.frame)
    scopes = palette.ranked(where["scope"].unique())
    charts.show(
        charts.bars_across(where, "region", "deployments", "scope", "Deployments", scopes),
        key="places",
        alt="Deployments by region and by where their requests may be processed",
        rows=where,
    )
    st.subheader("Capacity by kind", anchor=False)
    tables.show(summaries.families(estate.frame), columns.FAMILIES, "families", most=8)

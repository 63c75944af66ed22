"""How fresh is what I see, what is being asked now, and what does not answer?"""

import streamlit as st

from domain.roles import Permission
from ui import data, door, drafts, live, session, summaries, words
from ui.components import columns, connection, progress, states, tables, telling

visit = door.enter(__file__)
states.outcome(drafts.said())
if visit.may(Permission.COLLECT):
    connection.refresh(__file__)
live.until_done(__file__, progress.collecting, progress.round_)

topics = data.topics()
tables.show(
    summaries.sources(topics, session.at()),
    columns.SOURCES,
    "sources",
    alt="What is collected, how old it is, and how asking went",
)
connection.backlog(summaries.done_by(topics, session.at()))

st.subheader("Connection doctor", anchor=False)
doctor = words.of_doctor(data.doctor(), session.subscriptions())
connection.matrix(summaries.matrix(doctor))
connection.ills(doctor)

telling.section(__file__, visit)

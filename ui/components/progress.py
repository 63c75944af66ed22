"""Changes on their way: what the worker is at, for those who wait for it."""

import pandas as pd
import streamlit as st

from actions.visit import Visit
from ui import data, journal, scope, session
from ui.components import badges, numbers
from ui.faults import escaped

MOST = 5


def under_way(_visit: Visit) -> bool:
    """Whether the worker is at a change that the visitor may see, or comes to one next."""
    return not journal.under_way(journal.plans(open_only=True)).empty


def plans(visit: Visit) -> None:
    """A line for each change that is under way; a click opens it."""
    going = journal.under_way(journal.plans(open_only=True))
    if going.empty:
        return
    with st.container(border=True):
        st.markdown(f"**{numbers.counted(len(going), 'change')} under way**")
        for plan in going.head(MOST).to_dict("records"):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(
                    f"{badges.worded(plan['state'], badges.PLAN)} {escaped(plan['deployment'])} · "
                    f"{escaped(plan['change'])} · "
                    f"asked {numbers.age(plan['asked_at'], visit.clock())} ago",
                    width="content",
                )
                scope.plan_link(plan["plan"])
        if len(going) > MOST:
            st.caption(f"and {len(going) - MOST} more, see Changes")


def calls() -> None:
    """On every page: what waits for the visitor's yes or no, and what stands parked until somebody
    decides."""
    waiting = journal.calls()
    if waiting.empty:
        return
    stopped, mine = journal.stopped(waiting), journal.to_approve(waiting)
    with st.container(horizontal=True, gap="medium"):
        if len(stopped):
            needs = numbers.counted(len(stopped), "change")
            parked = escaped("; ".join(dict.fromkeys(stopped["parked_words"].dropna())))
            verb = "needs" if len(stopped) == 1 else "need"
            said = f"{needs} {verb} a person" + (f": {parked}" if parked else "")
            _call(stopped, said, ":material/person_alert:", "red")
        if len(mine):
            waits = "waits" if len(mine) == 1 else "wait"
            said = f"{numbers.counted(len(mine), 'change')} {waits} for your approval"
            _call(mine, said, ":material/how_to_reg:", "violet")


def _call(rows: pd.DataFrame, said: str, icon: str, colour: str) -> None:
    said = f":{colour}[**{said}**]"
    if len(rows) == 1:
        scope.plan_link(int(rows["plan"].iloc[0]), said, icon)
    else:
        scope.link("changes", said, icon)


def collecting(_visit: Visit) -> bool:
    """Whether a round of asking goes on or is due."""
    topics, now = data.topics(), pd.Timestamp(session.wiring().clock())
    hastened = topics["due_at"].le(now) & topics["running_since"].isna()
    return bool(topics["running_since"].notna().any() or hastened.any())


def round_(visit: Visit) -> None:
    """How far the collector has come, and how long it may still take."""
    latest = data.latest_round()
    if latest is None or (latest.ended_at and collecting(visit)):
        st.caption(":material/hourglass_top: Waiting for the collector to begin.")
        return
    now = visit.clock()
    if latest.ended_at:
        took = numbers.age(latest.began_at, latest.ended_at)
        ended = numbers.age(latest.ended_at, now)
        st.caption(
            f":material/check_circle: The last round asked {numbers.counted(latest.asked, 'part')} "
            f"in {took} and ended {ended} ago"
        )
        return
    share = latest.answered / latest.asked if latest.asked else 0.0
    gone = max(0.0, (now - latest.began_at).total_seconds())
    left = f", about {gone / share - gone:.0f} s left" if share else ""
    st.progress(min(1.0, share), f"{latest.answered:,} of {latest.asked:,} answered{left}")

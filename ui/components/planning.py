"""One plan: what it changes, how far it is, who decided what, and what is in force now."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from actions.visit import Visit
from domain import journal as told
from domain import protocol
from domain.plans import ENDS, Plan, State
from reads.plans import Journal
from ui import data, journal, live, scope
from ui.components import badges, columns, numbers, states, tables
from ui.faults import escaped

NAMED = 3
"""Deployments of which it is told who changed them last."""
MOST = 8
"""Legs that are told as lines; more are a table."""


def head(found: Journal, now: datetime) -> None:
    """What it does, where it stands, who proposed it and when."""
    plan, who = found.plan, _names(found.plan.proposer)
    badge = badges.worded(str(plan.state), badges.PLAN)
    late = " :orange-badge[:material/visibility: watched]" if protocol.watched(plan, now) else ""
    st.markdown(f"### {escaped(plan.title or 'Change')} &nbsp; {badge}{late}")
    asked = f"{numbers.moment(plan.asked_at)}, {numbers.age(plan.asked_at, now)} ago"
    st.caption(f"Plan {plan.id} · proposed by {escaped(who)} {asked}")


def card(plan: Mapping[Any, Any], said: str) -> None:
    """One plan that waits for somebody, in two lines, and the way to it. said: Markdown."""
    with st.container(border=True):
        left, right = st.columns([5, 1], vertical_alignment="center")
        badge = badges.worded(plan["state"], badges.PLAN)
        left.markdown(f"{badge} **{escaped(plan['title'])}**  \n{said}")
        with right:
            scope.plan_link(plan["plan"], "Look and decide")


def follow(page: str, visit: Visit, shown: Journal) -> None:
    """How far the plan is, live until its end; the whole page is drawn anew whenever it has moved
    on, also when it did so since the page began to be drawn."""
    body = _journey(shown.plan.id)
    if shown.plan.state in ENDS:
        body(visit)
    else:
        live.while_so(page, _stands(shown.plan), body)


def _stands(shown: Plan) -> Callable[[Visit], bool]:
    """Whether the plan still stands where the page shows it."""

    def question(_visit: Visit) -> bool:
        found = journal.one(shown.id)
        if found is None:
            return False
        return (found.plan.state, found.plan.begun) == (shown.state, shown.begun)

    return question


def _journey(number: int) -> Callable[[Visit], None]:
    """Draws where the plan stands, leg by leg, and what it asks for beside what is in force."""

    def body(visit: Visit) -> None:
        found = journal.one(number)
        if found is None:
            return
        _stage(found, visit.clock())
        for words in journal.contested(number):
            st.warning(escaped(words), icon=":material/group:")
        st.subheader("Step by step", anchor=False)
        _legs(found)
        effects = journal.effects(found)
        st.subheader("Requested and in force", anchor=False)
        tables.show(effects, columns.EFFECTS, "effects", most=12,
                    alt="What was, what is asked for, and what is there now")  # fmt: skip
        if said := _read(effects):
            st.caption(f":material/visibility: {escaped(said)}")

    return body


def _read(effects: pd.DataFrame) -> str:
    """Of when "there now" is, and who was the last to change it."""
    known = effects.dropna(subset=["seen_at"]).drop_duplicates("resource")
    if known.empty:
        return ""
    by = known.dropna(subset=["modified_by", "modified_at"])
    told = [
        f"{it['deployment']} was last changed by {it['modified_by']} "
        f"{numbers.moment(it['modified_at'])}"
        for it in by.head(NAMED).to_dict("records")
    ]
    return "; ".join([f"There now: as read {numbers.moment(known['seen_at'].min())}", *told])


def terms(found: Journal) -> None:
    """Under what terms it was proposed, as lines."""
    plan = found.plan
    lines = {
        "Reason": plan.reason,
        "Ticket": plan.ticket,
        "Second person": plan.policy and f"because {plan.policy}",
        "Not before": plan.starts_at and numbers.moment(plan.starts_at),
        "Goes back": plan.until and numbers.moment(plan.until),
        "Takes back": plan.undoes and f"plan {plan.undoes}",
        "Taken back by": _known(found.row["undone_by"].iloc[0]),
        "Ended": plan.ended_at and numbers.moment(plan.ended_at),
        "Fingerprint": "" if plan.begun else plan.fingerprint,
    }
    rows = [{"name": name, "value": value} for name, value in lines.items() if value]
    tables.show(pd.DataFrame(rows), columns.TERMS, "terms", most=len(rows), row=28)


def approvals(found: Journal) -> None:
    """Who said yes or no, when, and with what words."""
    if found.approvals.empty:
        st.caption("Nobody has said anything yet." if found.plan.policy else "None is needed.")
    for said in found.approvals.to_dict("records"):
        word = ":green-badge[:material/thumb_up: approved]" if said["approves"] else (
            ":red-badge[:material/thumb_down: declined]"
        )  # fmt: skip
        comment = f" · {escaped(said['comment'])}" if said["comment"] else ""
        who = escaped(_names(said["person"]))
        st.markdown(f"{word} {who} :gray[{numbers.moment(said['at'])}]{comment}")


def related(found: Journal) -> None:
    """The plan that it takes back, and the one that takes it back."""
    for other in (found.plan.undoes, found.row["undone_by"].iloc[0]):
        if other is not None and not pd.isna(other):
            scope.plan_link(int(other))


def _stage(found: Journal, now: datetime) -> None:
    plan = found.plan
    said = escaped(plan.said or "")
    match plan.state:
        case State.PROPOSED:
            icon, words = ":material/how_to_reg:", (
                f"**Waits for a second person,** because {escaped(plan.policy)}."
            )  # fmt: skip
            st.info(words, icon=icon)
        case State.DONE:
            back = f" It goes back {numbers.moment(plan.until)}." if _lasts(found, now) else ""
            st.success(f"**Done,** and verified {numbers.moment(plan.ended_at)}.{back}",
                       icon=":material/check_circle:")  # fmt: skip
        case State.NEEDS_PERSON:
            parked = escaped(told.parked_words(plan.parked))
            st.error(f"**Needs a person.** {said} {parked and f'**{parked}.**'}",
                     icon=":material/person_alert:")  # fmt: skip
        case State.REFUSED | State.ABORTED:
            st.warning(f"**Nothing was changed.** {said}", icon=":material/block:")
        case State.REVERTED:
            st.warning(f"**Put back as it was before.** {said}", icon=":material/undo:")
        case State.WITHDRAWN | State.RESOLVED:
            st.info(said or f"It is {plan.state}.", icon=":material/task_alt:")
        case _:
            st.info(_waiting(found, now), icon=":material/progress_activity:")


def _lasts(found: Journal, now: datetime) -> bool:
    undone = found.row["undone_by"].iloc[0]
    return found.plan.until is not None and found.plan.until > now and pd.isna(undone)


def _waiting(found: Journal, now: datetime) -> str:
    """What a plan that is confirmed waits for."""
    plan = found.plan
    if plan.state is State.COMPENSATING:
        return f"**Being put back.** {escaped(plan.said)}"
    if plan.starts_at and plan.starts_at > now:
        return f"**Begins {numbers.moment(plan.starts_at)}.** The console does it by itself."
    others = found.holds[found.holds["plan"].ne(plan.id)]
    if len(others):
        hold = others.iloc[0]
        return (
            f"**Waits for plan {int(hold['plan'])},** which has {escaped(_thing(hold['thing']))} "
            f"in use since {numbers.moment(hold['since'])}."
        )
    if protocol.watched(plan, now):
        return "**Azure has been at it for long.** The console goes on looking."
    if plan.begun:
        return "**Under way.** This page may be closed: it goes on."
    if plan.since:
        return (
            "**Waits until Azure is at rest.** Another operation runs on it, or it could not be "
            "read; the console goes on looking."
        )
    return "**The worker takes it up next.** This page may be closed: it goes on."


def _legs(found: Journal) -> None:
    if len(found.legs) > MOST:
        tables.show(found.legs, columns.LEGS, "legs", most=12, alt="How far each part is")
    else:
        for leg in found.legs.to_dict("records"):
            st.markdown(
                f"{badges.worded(leg['standing'], badges.LEG)} "
                f"**{escaped(numbers.text(leg['deployment']))}** in {escaped(leg['account'])} · "
                f"{escaped(leg['change'])} :gray[{escaped(_sent(leg))}]"
            )
    own = found.holds[found.holds["plan"].eq(found.plan.id)]
    if len(own):
        things = "; ".join(_thing(it) for it in own["thing"])
        since = numbers.moment(own["since"].min())
        st.caption(f":material/lock: In use by this plan since {since}: {escaped(things)}")
    if found.hidden:
        st.caption(f"And {numbers.counted(found.hidden, 'part')} of units that are not yours.")


def _sent(leg: Mapping[Any, Any]) -> str:
    """How often it was sent, when last, and what Azure said."""
    writes, at = int(leg["writes"]), leg["written_at"]
    if not writes or pd.isna(at):
        return ""
    return f"sent {numbers.counted(writes, 'time')}, last {at:%H:%M:%S} UTC. {leg['answer']}"


def _thing(thing: str) -> str:
    """An account or a pool, for people."""
    if "|" in thing:
        return f"pool {told.pool_words(thing)}"
    return f"account {thing.rpartition('/')[2]}"


def _known(value: object) -> str:
    return "" if value is None or pd.isna(value) else f"plan {value}"  # type: ignore[call-overload]


def _names(key: str) -> str:
    return data.people().get(key, key)


def missing() -> None:
    states.nothing(
        "There is no such plan here.",
        "It may be about units that are not yours. Choose one under Changes.",
    )

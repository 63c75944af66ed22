"""Say yes or no to what somebody else proposes, or take one's own proposal back."""

import streamlit as st

from actions import approve, withdraw
from actions.visit import Visit
from domain.plans import State
from domain.roles import Permission, approvers, may_approve
from reads.plans import Journal
from ui import data, door, drafts, faults, journal
from ui.components import columns, numbers, planning, tables
from ui.faults import escaped

APPROVE, DECLINE, WITHDRAW = "approve", "decline", "withdraw"
MOST = 5


def buttons(visit: Visit, found: Journal) -> None:
    """Approve and decline for who may, withdraw for the proposer and admins."""
    plan = found.plan
    if plan.state is State.PROPOSED and not why_not(visit, found):
        if st.button("Approve", key="approve", type="primary", icon=":material/thumb_up:"):
            drafts.begin(APPROVE, (plan.id, plan.fingerprint))
        if st.button("Decline", key="decline", icon=":material/thumb_down:"):
            drafts.begin(DECLINE, (plan.id, plan.fingerprint))
    waits = plan.state is State.PROPOSED or (plan.state is State.CONFIRMED and not plan.begun)
    own = plan.proposer == visit.person.key
    may = visit.may(Permission.UNDO) and (own or visit.may(Permission.ALLOCATE))
    if waits and may and st.button("Withdraw", key="withdraw", icon=":material/cancel:"):
        drafts.begin(WITHDRAW, (plan.id, plan.fingerprint))


def why_not(visit: Visit, found: Journal) -> str:
    """Why this visitor may not approve the plan; "" when they may."""
    levers = {leg.lever for leg in found.plan.legs}
    who = approvers(levers)
    if found.plan.proposer == visit.person.key:
        return f"Nobody approves what they propose themselves: {who} has to."
    if not may_approve(visit.person, levers):
        return f"{who[0].upper()}{who[1:]} has to approve it."
    return "It is also about units that are not yours." if found.hidden else ""


def explained(visit: Visit, found: Journal) -> None:
    """Why there is no button to approve."""
    if found.plan.state is State.PROPOSED and (why := why_not(visit, found)):
        st.caption(f":material/lock: {why}")


def waiting() -> None:
    """What waits for the visitor's yes or no."""
    mine = journal.to_approve(journal.calls())
    if mine.empty:
        return
    st.subheader("Waiting for you", anchor=False)
    for plan in mine.head(MOST).to_dict("records"):
        said = f"{escaped(plan['who'])} proposes: {escaped(plan['change'])}"
        why = f"It needs a second person because {escaped(numbers.text(plan['policy']))}."
        planning.card(plan, f"{said}. {why}")
    if len(mine) > MOST:
        st.caption(f"and {len(mine) - MOST} more, below")


def dialog(page: str) -> None:
    """Draw the dialog that is open."""
    for draft, title, body in (
        (APPROVE, "Approve plan {}?", _approve),
        (DECLINE, "Decline plan {}?", _decline),
        (WITHDRAW, "Withdraw plan {}?", _withdraw),
    ):
        if told := drafts.begun(draft):
            shown = st.dialog(
                title.format(told[0]), width="large", on_dismiss=drafts.dropper(draft)
            )
            shown(body)(page, *told)


def _approve(page: str, number: int, fingerprint: str) -> None:
    with faults.shown():
        visit = door.admit(page)
        _review(number)
        comment = _comment("Comment", "approve")
        if st.button(f"Approve plan {number}", type="primary", key="approve-confirm"):
            approve.plan(visit, number, fingerprint=fingerprint, comment=comment)
            _over(APPROVE, f"Plan {number} is approved. The worker carries it out.")


def _decline(page: str, number: int, fingerprint: str) -> None:  # noqa: ARG001 - a no is for all of it
    with faults.shown():
        visit = door.admit(page)
        _review(number)
        comment = _comment("Why not", "decline")
        st.caption("The plan ends; nothing is changed in Azure. The proposer reads why.")
        if st.button(
            f"Decline plan {number}", type="primary", key="decline-confirm",
            disabled=not comment.strip(),
        ):  # fmt: skip
            approve.decline(visit, number, comment=comment)
            _over(DECLINE, f"Plan {number} is declined; nothing was changed.")


def _withdraw(page: str, number: int, fingerprint: str) -> None:  # noqa: ARG001 - of whatever stands
    with faults.shown():
        visit = door.admit(page)
        _review(number)
        reason = _comment("Reason", "withdraw")
        st.caption("The plan ends; nothing is changed in Azure.")
        if st.button(f"Withdraw plan {number}", type="primary", key="withdraw-confirm"):
            withdraw.plan(visit, number, reason=reason)
            _over(WITHDRAW, f"Plan {number} is withdrawn; nothing was changed.")


def _review(number: int) -> None:
    """What the person says yes or no to."""
    found = journal.one(number)
    if found is None:
        return
    plan, people = found.plan, data.people()
    who = escaped(people.get(plan.proposer, plan.proposer))
    reason = f": {escaped(plan.reason)}" if plan.reason else ", without a reason"
    st.markdown(f"**{escaped(plan.title)}** · {who}{reason}")
    effects = journal.effects(found)
    tables.show(effects, columns.EFFECTS, "review", most=8, alt="From what to what")
    hours = [
        f"not before {numbers.moment(plan.starts_at)}" if plan.starts_at else "",
        f"until {numbers.moment(plan.until)}, then back" if plan.until else "",
    ]
    if told := ", ".join(it for it in hours if it):
        st.caption(f":material/schedule: {told[0].upper()}{told[1:]}")


def _comment(label: str, key: str) -> str:
    return str(st.text_input(label, key=f"{key}-comment", max_chars=300))


def _over(draft: str, words: str) -> None:
    drafts.drop(draft)
    drafts.say(words)
    st.rerun()

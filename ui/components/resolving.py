"""Decide about a plan that stopped halfway: what is there stays, or what was before comes back."""

import streamlit as st

from actions import resolve
from actions.visit import Visit
from domain import periods, reversal
from domain.plans import State
from domain.roles import Permission
from reads.plans import Journal
from ui import data, door, drafts, faults, journal, scope
from ui.components import columns, numbers, planning, tables, undoing
from ui.faults import escaped

ADOPT, RESTORE = "adopt", "restore"
MOST = 5


def buttons(visit: Visit, found: Journal) -> None:
    """Adopt and restore, for who may decide."""
    if found.plan.state is not State.NEEDS_PERSON or not visit.may(Permission.ALLOCATE):
        return
    number = found.plan.id
    if st.button("Adopt what is there", key="adopt", icon=":material/check:"):
        drafts.begin(ADOPT, number)
    if st.button(
        "Restore what was before", key="restore", icon=":material/undo:",
        disabled=not visit.writes,
    ):  # fmt: skip
        drafts.begin(RESTORE, number)


def needed() -> None:
    """What needs a person, and the units that stand parked meanwhile."""
    stopped = journal.stopped(journal.calls())
    if stopped.empty:
        return
    st.subheader("Needs a person", anchor=False)
    for plan in stopped.head(MOST).to_dict("records"):
        parked = numbers.text(plan["parked_words"])
        said = f"**{escaped(parked)}.** " if parked != numbers.NONE else ""
        planning.card(plan, f"{said}{escaped(numbers.text(plan['said']))}")
    if len(stopped) > MOST:
        st.caption(f"and {len(stopped) - MOST} more, below")


def dialog(page: str) -> None:
    """Draw the dialog that is open."""
    for draft, title, body in (
        (ADOPT, "Adopt what plan {} left?", _adopt),
        (RESTORE, "Restore what was before plan {}?", _restore),
    ):
        if number := drafts.begun(draft):
            shown = st.dialog(title.format(number), width="large", on_dismiss=drafts.dropper(draft))
            shown(body)(page, number)


def _adopt(page: str, number: int) -> None:
    with faults.shown():
        visit = door.admit(page)
        if found := journal.one(number):
            tables.show(journal.effects(found), columns.EFFECTS, "adopt-review", most=8,
                        alt="Planned from, planned to, there now")  # fmt: skip
        st.caption("What is there now stays. Nothing is changed in Azure; the plan is closed.")
        reason = _reason("adopt")
        if st.button(
            "Adopt what is there", type="primary", key="adopt-confirm",
            disabled=not reason.strip(),
        ):  # fmt: skip
            resolve.adopt(visit, number, reason=reason)
            drafts.drop(ADOPT)
            drafts.say(f"Plan {number} is closed; what is there stays.")
            st.rerun()


def _restore(page: str, number: int) -> None:
    with faults.shown():
        visit = door.admit(page)
        if found := journal.one(number):
            undoing.review(reversal.restoring(found.plan, data.everywhere(periods.USUAL),
                                             journal.safeguards(found.plan.legs)))  # fmt: skip
        reason = _reason("restore")
        if st.button(
            "Restore what was before", type="primary", key="restore-confirm",
            disabled=not reason.strip(),
        ):  # fmt: skip
            new = resolve.restore(visit, number, reason=reason)
            drafts.drop(RESTORE)
            drafts.say(f"Plan {new} recorded, which restores what was before plan {number}.")
            scope.open_plan(new)


def _reason(key: str) -> str:
    return str(st.text_input("Reason", key=f"{key}-reason", max_chars=300))

"""Confirm a what-if: what will be done, under what terms, and then one plan."""

from dataclasses import replace

import streamlit as st

from actions import allocate
from actions.proposing import Terms
from actions.visit import Visit
from domain.allocation import Draft
from domain.faults import Outdated
from ui import door, drafts, faults, quota, scope, session, whatif
from ui.components import allocating_verdict, numbers, proposing
from ui.faults import escaped
from ui.quota import View

DRAFT = "allocate"


def dialog(page: str, view: View) -> None:
    """Draw the dialog when it is open."""
    if shown := drafts.begun(DRAFT):
        title = whatif.judged(view).title or "Change the capacity"
        st.dialog(f"{title}?", width="large", on_dismiss=drafts.dropper(DRAFT))(_body)(page, shown)


def _body(page: str, shown: str) -> None:
    with faults.shown():
        visit = door.admit(page)
        view = quota.everywhere(scope.held().period)
        draft = whatif.judged(view)
        if draft.fingerprint != shown:
            _changed(view, draft)
            return
        allocating_verdict.show(draft, whatif.names(whatif.about(view)), "review")
        name = whatif.to_type(view, draft)
        production = bool(draft.lines["production"].fillna(False).any())
        needed = "Production is among it, so a reason is needed." if production else ""
        terms = proposing.terms(visit, "allocate", needed=needed)
        typed = ""
        if name:
            said = f"{name} is production and goes to its least: type its name"
            typed = str(st.text_input(escaped(said), key="allocate-name", max_chars=100))
        missing = bool(needed and not terms.reason.strip()) or typed.strip() != name
        wrong = bool(draft.broken) or not draft.legs or missing or not visit.writes
        if st.button(_verb(draft), type="primary", disabled=wrong, key="allocate-confirm"):
            _allocate(visit, draft, typed, replace(terms, confirmed=shown))


def _allocate(visit: Visit, draft: Draft, named: str, terms: Terms) -> None:
    lines = draft.lines[draft.lines["change"].ne(0).fillna(False).astype(bool)]
    targets = dict(zip(lines["resource"], lines["after"].astype(int), strict=True))
    try:
        number = allocate.capacity(visit, targets, named=named, terms=terms)
    except Outdated as fault:
        session.look()
        view = quota.everywhere(scope.held().period)
        st.error(escaped(fault.words), icon=":material/sync_problem:")
        _changed(view, whatif.judged(view))
        return
    drafts.drop(DRAFT)
    whatif.drop()
    drafts.say(f"Plan {number} recorded. {_next(draft)}")
    scope.open_plan(number)


def _changed(view: View, draft: Draft) -> None:
    """What others did meanwhile, and the way on."""
    others = whatif.moved_on(whatif.about(view))
    told = [
        f"{escaped(it['deployment'])} had {numbers.exact(it['was'])} units and has "
        f"{numbers.exact(it['capacity'])} now, last changed by "
        f"{escaped(numbers.text(it['modified_by']))}."
        for it in others.to_dict("records")
    ]
    said = " ".join(told) or "What is deployed was read anew, with another version."
    st.warning(f"It has changed since this was opened. {said}", icon=":material/sync_problem:")
    allocating_verdict.show(draft, whatif.names(whatif.about(view)), "changed")
    if st.button("Go on from what is there now", key="allocate-again", type="primary"):
        whatif.caught_up(view)
        drafts.begin(DRAFT, whatif.judged(view).fingerprint)
        st.rerun()


def _verb(draft: Draft) -> str:
    """What the button does, with its count."""
    given, taken = ([it for it in draft.legs if (it.amount > 0) is way] for way in (False, True))
    units = sum(abs(it.amount) for it in taken or given)
    if len(given) == len(taken) == 1 and given[0].amount == -taken[0].amount:
        said = f"Move {units:,} units"
    elif len(draft.legs) == 1:
        said = f"{'Raise' if taken else 'Lower'} it by {units:,} units"
    else:
        said = f"Change {len(draft.legs)} deployments"
    return f"Propose to {said[0].lower()}{said[1:]}" if draft.policy else said


def _next(draft: Draft) -> str:
    if draft.policy:
        return "It waits for a second person, who is told under Changes."
    return "The worker carries it out and looks whether it holds."

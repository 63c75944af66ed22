"""Take back a change of this console: say what it does, then have it done."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from actions import undo
from actions.visit import Visit
from domain import capacity, frames, periods, reversal, skus
from domain import journal as told
from domain.frames import TEXT
from domain.plans import GONE, Leg
from domain.roles import FILTERS, Permission, needs
from reads import plans
from ui import data, door, drafts, faults, journal, scope
from ui.components import columns, proposing, tables
from ui.faults import escaped

DRAFT = "undo"
REMADE = (
    "It is made again with what the console knows: model, version, SKU, capacity, upgrade policy, "
    "filter policy, spillover, service tier and tags. Whatever else it had is gone."
)
SCARCE = "Provisioned capacity that was given back may be gone: Azure may refuse to give it again."


def may(visit: Visit, lever: str) -> bool:
    """For courtesy: whether this visitor could undo a change of this kind."""
    return visit.may(Permission.UNDO) and visit.may(needs(lever))


def button(visit: Visit, plan: "pd.Series[str]") -> None:
    """Open the dialog about this plan; only what was done can be undone."""
    number = int(plan["plan"])
    if not may(visit, plan["lever"]):
        return
    if st.button(
        f"Undo plan {number}", key=f"undo-{number}", icon=":material/undo:",
        disabled=plan["state"] != "done" or not pd.isna(plan["undone_by"]) or not visit.writes,
    ):  # fmt: skip
        drafts.begin(DRAFT, number)
        st.rerun()


def offer(visit: Visit, plan: "pd.Series[str]") -> None:
    """The button, where there is something to undo."""
    if plan["state"] == "done" and pd.isna(plan["undone_by"]):
        button(visit, plan)


def dialog(page: str) -> None:
    """Draw the dialog when it is open."""
    if number := drafts.begun(DRAFT):
        title = f"Undo plan {number}?"
        st.dialog(title, width="large", on_dismiss=drafts.dropper(DRAFT))(_body)(page, number)


def review(legs: Sequence[Leg]) -> None:
    """What taking back will do, what may be lost, and whether somebody has to approve it."""
    lines = [{"deployment": _short(it), "change": plans.words(it)} for it in legs]
    shown = {"deployment": TEXT, "change": TEXT}
    tables.show(frames.frame(shown, lines), columns.REVERSAL, "undo-review", most=8,
                alt="What is done to take it back")  # fmt: skip
    for words in dict.fromkeys(warned for leg in legs for warned in _warnings(leg)):
        st.caption(f":material/warning: {words}")
    proposing.second_person(legs)


def _body(page: str, number: int) -> None:
    with faults.shown():
        visit = door.admit(page)
        if (found := journal.one(number)) is None:
            return
        st.markdown(f"**{escaped(found.plan.title)}** was: {escaped(plans.change(found.plan))}")
        review(reversal.legs(found.plan, data.everywhere(periods.USUAL),
                             journal.safeguards(found.plan.legs)))  # fmt: skip
        st.caption("It is a plan of its own, which can be undone again.")
        reason = str(st.text_input("Reason", key="undo-reason", max_chars=300))
        if st.button(f"Undo plan {number}", type="primary", key="undo-confirm"):
            new = undo.change(visit, number, reason=reason)
            drafts.drop(DRAFT)
            drafts.say(f"Plan {new} recorded, which takes plan {number} back.")
            scope.open_plan(new)


def _warnings(leg: Leg) -> list[str]:
    plain = leg.lever in FILTERS or leg.lever == "tags"
    spec = {} if plain else capacity.parsed(leg.target)
    before = {} if plain else capacity.parsed(leg.before)
    found = []
    if leg.lever == "deployment":
        found.append(REMADE if leg.before == GONE else "It is deleted; who calls it gets errors.")
    grows = int(spec.get("capacity") or 0) > int(before.get("capacity") or 0)
    if grows and skus.family(str(spec.get("sku") or "")).provisioned:
        found.append(SCARCE)
    elif grows:
        found.append("Quota that was given back may be in use by others: then Azure refuses it.")
    return found


def _short(leg: Leg) -> str:
    _, _, account, deployment = told.parts(leg.resource)
    return deployment or account

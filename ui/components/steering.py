"""The simulator's wheel: its clock, its scenarios, its faults."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from actions import simulate
from ui import door, drafts, faults
from ui.components import columns, numbers, tables
from ui.components.kpis import Kpi, show

DRAFT = "reset"
KINDS: Mapping[str, str] = {
    "fail": "Answer with an error of the server (500)",
    "forbid": "Refuse for lack of a role (403)",
    "throttle": "Refuse because it was asked too often (429)",
    "delay": "Answer late by some seconds",
    "hang": "Keep the line open and say nothing",
    "drop": "Cut the line",
    "late": "Accept a write and do it later",
    "lost": "Do a write and lose the answer",
    "conflict": "Say that another change of the account is running (409)",
    "html": "Answer with a web page instead of data",
    "page_fails": "Fail on the second page of a list",
    "partial": "Answer with a part of the rows and an error",
    "null_value": "Answer a list with nothing where the list should be",
    "loop": "Let a list point back at its first page",
    "truncated": "Cut the answer in the middle",
    "gone": "Know nothing of an operation that is under way (404)",
    "stuck": "Accept a write that never ends, until the faults are taken back",
    "fails": "Accept a write that ends as failed some seconds later",
    "busy": "Keep an account busy for so many seconds, or for ever",
}
MOMENTS: Mapping[str, str] = {
    "now": "Now",
    "later": "After so many seconds of the simulator's time",
    "before": "Right before its next change arrives",
    "after": "Right after its next change",
    "read": "Right after it is next read, between a look and a change",
}
DEEDS: Mapping[str, str] = {"set": "Set its capacity", "delete": "Delete it"}
PATHS: Mapping[str, str] = {
    "": "Anything",
    "/accounts": "Accounts and deployments",
    "/deployments": "Deployments",
    "/models": "Model list",
    "/usages": "Quota usages",
    "metrics": "Metrics",
}
DEFAULTS: Mapping[str, str] = {
    "stricter": "Block indirect attacks",
    "looser": "Only annotate jailbreak attempts",
}
STEPS: Mapping[str, float] = {"Five minutes": 1 / 12, "An hour": 1, "A day": 24, "A week": 168}


def standing(state: Mapping[str, Any]) -> None:
    """Scenario, clock, faults, traffic."""
    offset = float(state["offset_seconds"]) / 3_600
    shown_at = datetime.fromisoformat(str(state["now"]).replace("Z", "+00:00"))
    titles = {it["name"]: it["title"] for it in state["scenarios"]}
    show(
        [
            Kpi("Scenario", str(state["scenario"]), "the world that was made at the last reset.",
                str(titles.get(state["scenario"], ""))),
            Kpi("Its clock", f"{shown_at:%Y-%m-%d %H:%M}", "the simulator's time, in UTC.",
                f"{offset:,.0f} h ahead" if offset else "in step with this machine"),
            Kpi("Faults on order", numbers.exact(len(state["faults"])),
                "faults that have not been used up or taken back.", "see the list below"),
            Kpi("Requests", numbers.exact(state["requests"]),
                "requests that it answered since it started.", "since it started"),
        ]
    )  # fmt: skip


def passing(page: str) -> None:
    """Let time pass; it never goes back."""
    st.subheader("Let time pass", anchor=False)
    st.caption("Metrics, retirements and everything with a date move with it; it never goes back.")
    with st.container(horizontal=True):
        for label, hours in STEPS.items():
            if st.button(label, key=f"clock-{hours:g}", icon=":material/fast_forward:"):
                with faults.shown():
                    simulate.move_clock(door.admit(page), hours)
                    drafts.say(f"The simulator's clock moved on by {label.lower()}.")
                    st.rerun()


def scenario(state: Mapping[str, Any]) -> None:
    """Choose a world and have it made anew."""
    st.subheader("Start again", anchor=False)
    titles = {it["name"]: it["title"] for it in state["scenarios"]}
    names = list(titles)
    chosen = st.selectbox(
        "Scenario", names, index=names.index(state["scenario"]), key="scenario",
        format_func=lambda it: titles[it],
    )  # fmt: skip
    if st.button("Reset the simulator", key="reset", icon=":material/restart_alt:"):
        drafts.begin(DRAFT, chosen)


def dialog(page: str) -> None:
    """Draw the confirmation when it is open."""
    if chosen := drafts.begun(DRAFT):
        title = f"Reset the simulator to {chosen}?"
        st.dialog(title, on_dismiss=drafts.dropper(DRAFT))(_confirm)(page, chosen)


def _confirm(page: str, chosen: str) -> None:
    st.markdown(
        "Everything that was changed in it is gone, its clock is set back and its faults are "
        "taken back. The audit trail and the plans of this console stay."
    )
    if st.button(f"Reset to {chosen}", type="primary", key="reset-confirm"):
        with faults.shown():
            simulate.reset(door.admit(page), chosen)
            drafts.drop(DRAFT)
            drafts.say(f"The simulator was reset to {chosen}; everything is collected again.")
            st.rerun()


def faults_(page: str, state: Mapping[str, Any]) -> None:
    """Order a fault, and see which are on order."""
    st.subheader("Let something go wrong", anchor=False)
    with st.form("fault", border=True):
        kind = st.selectbox("What", list(KINDS), key="kind", format_func=lambda it: KINDS[it])
        path = st.selectbox("Where", list(PATHS), key="path", format_func=lambda it: PATHS[it])
        a, b = st.columns(2)
        times = a.number_input("How often", 1, 1_000, 1, key="times")
        seconds = b.number_input(
            "Seconds, for what is late, fails or is busy", 0, 86_400, 0, key="seconds"
        )
        asked = st.form_submit_button("Order the fault", icon=":material/bolt:")
    if asked:
        with faults.shown():
            simulate.fault(
                door.admit(page), kind, path=path, times=int(times), seconds=float(seconds) or None
            )
            drafts.say(f"Ordered: {KINDS[kind]}, {int(times)} times.")
            st.rerun()
    _ordered(page, state)


def meddling(page: str, deployments: pd.DataFrame) -> None:
    """Let somebody else write to a deployment, at a moment that hurts."""
    st.subheader("Let somebody else change something", anchor=False)
    st.caption("A portal user writes behind this console's back; it does not know before it looks.")
    names = dict(zip(deployments["resource"], deployments["deployment"], strict=True))
    with st.form("meddling", border=True):
        resource = st.selectbox(
            "Deployment", list(names), key="meddle-resource",
            format_func=lambda it: f"{names[it]} ({_account(it)})",
        )  # fmt: skip
        a, b = st.columns(2)
        deed = a.selectbox("What", list(DEEDS), key="meddle-deed", format_func=DEEDS.__getitem__)
        capacity = b.number_input("Capacity, in units", 1, 1_000_000, 10, key="meddle-capacity")
        c, d = st.columns([2, 1])
        moment = c.selectbox(
            "When", list(MOMENTS), key="meddle-moment", format_func=MOMENTS.__getitem__
        )
        seconds = d.number_input("Seconds", 0, 86_400, 60, key="meddle-seconds")
        asked = st.form_submit_button("Let it happen", icon=":material/person_alert:")
    if asked and resource:
        with faults.shown():
            units = int(capacity) if deed == "set" else None
            simulate.interfere(door.admit(page), resource, units, moment, float(seconds))
            drafts.say(f"A portal user: {DEEDS[deed].lower()}. {MOMENTS[moment]}.")
            st.rerun()


def filters(page: str) -> None:
    """Let content filters change without this console."""
    st.subheader("Let somebody else change filters", anchor=False)
    st.caption(
        "Both happen at once, and are seen at the next look. A portal user is in the activity log, "
        "Microsoft is not."
    )
    if st.button("Let a portal user weaken a policy", key="weaken", icon=":material/person_alert:"):
        with faults.shown():
            simulate.weaken(door.admit(page))
            drafts.say("A portal user weakened the strictest policy in use.")
            st.rerun()
    change = st.selectbox(
        "What Microsoft's default does", list(DEFAULTS), key="default-change",
        format_func=DEFAULTS.__getitem__,
    )  # fmt: skip
    if st.button("Let Microsoft change its default", key="default", icon=":material/policy:"):
        with faults.shown():
            simulate.change_default(door.admit(page), change)
            drafts.say(f"Microsoft's default: {DEFAULTS[change].lower()}.")
            st.rerun()


def _account(resource: str) -> str:
    return resource.split("/accounts/")[-1].split("/")[0]


def _ordered(page: str, state: Mapping[str, Any]) -> None:
    if not state["faults"]:
        st.caption("No fault is on order.")
        return
    tables.show(pd.DataFrame(state["faults"]), columns.FAULTS, "faults", most=6,
                alt="Faults on order")  # fmt: skip
    if st.button("Take all faults back", key="clear-faults"):
        with faults.shown():
            simulate.clear(door.admit(page))
            drafts.say("All faults were taken back.")
            st.rerun()

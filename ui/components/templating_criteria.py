"""The dialog about one criterion of a gate: what is read, and what it has to be."""

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from actions.template import LONGEST
from actions.visit import Visit
from domain import reading_words, template_edits
from domain.braking import GUARDED, Action, Safeguard
from domain.criteria import COMPARED, Criterion, Kind, Severity
from domain.reading_words import WINDOWED
from domain.template_edits import MOST_DAYS, READS
from domain.templates import Template
from ui import templates
from ui.components import dialogs
from ui.components.cost_rules import confirmed
from ui.templates import View

DRAFT, GUARD = "edit-criterion", "edit-safeguard"
HOUR = timedelta(hours=1)
FRESH = Criterion("", "", Kind.METRIC, READS[Kind.METRIC][0], severity=Severity.OBSERVE)
"""A new one: observed only, until somebody trusts it."""


def body(_: Visit, __: View, it: Template, number: int, key: str) -> None:
    """number: of the phase; key: of the criterion in it, "" for a new one."""
    phase = it.phases[number]
    old = next((one for one in phase.criteria if one.key == key), FRESH)
    st.caption(phase.title)
    made = entered(old, list(Kind))
    severity = str(st.selectbox("May stop it", list(Severity), list(Severity).index(old.severity),
                                key="criterion-severity",
                                help="Blocking holds the gate, advisory only tells; observed only "
                                "is for what nobody trusts yet."))  # fmt: skip

    def act() -> str:
        name = key or template_edits.key_of(made.title, {one.key for one in phase.criteria})
        one = Criterion(**{**vars(made), "key": name, "severity": Severity(severity)})
        templates.edit(template_edits.with_criterion(it, number, one))
        return f"{made.title} is in {phase.title} as you say."

    ready = bool(made.title.strip() and made.reads.strip())
    confirmed("Put it in the gate", "criterion-confirm", ready, act, DRAFT)
    if key and st.button("Remove the criterion", key="criterion-remove",
                         icon=":material/delete:"):  # fmt: skip
        templates.edit(template_edits.without_criterion(it, number, key))
        dialogs.done(DRAFT, f"{old.title} is gone from {phase.title}.")


def guard(_: Visit, __: View, it: Template, key: str) -> None:
    """key: of the safeguard, "" for a new one."""
    old = next((one for one in it.safeguards if one.key == key), Safeguard(FRESH))
    made = entered(old.criterion, GUARDED, "Failures in a row")
    actions = list(Action)
    action = str(st.selectbox("When it falls", actions, actions.index(old.action),
                              key="safeguard-action",
                              help="Pause: the rollout is paused. Prepare rollback: who sees to "
                              "the way back is asked to take it."))  # fmt: skip

    def act() -> str:
        taken = {one.key for one in it.safeguards}
        name = key or template_edits.key_of(made.title, taken)
        one = Criterion(**{**vars(made), "key": name, "severity": Severity.BLOCKING})
        templates.edit(template_edits.with_safeguard(it, Safeguard(one, Action(action))))
        return f"{made.title} is a safeguard as you say."

    ready = bool(made.title.strip() and made.reads.strip())
    confirmed("Keep the safeguard", "safeguard-confirm", ready, act, GUARD)
    if key and st.button("Remove the safeguard", key="safeguard-remove",
                         icon=":material/delete:"):  # fmt: skip
        templates.edit(template_edits.without_safeguard(it, key))
        dialogs.done(GUARD, f"{old.criterion.title} is no safeguard any more.")


def entered(old: Criterion, kinds: Sequence[Kind], rows: str = "Passes in a row") -> Criterion:
    """What a person says of it; key and severity are as they were."""
    title = str(st.text_input("Title", old.title, key="criterion-title", max_chars=LONGEST))
    left, right = st.columns(2)
    with left:
        kind = Kind(st.selectbox("Read from", kinds, list(kinds).index(old.kind),
                                 key="criterion-kind"))  # fmt: skip
    with right:
        reads = _reads(old, kind)
    a, b, c = st.columns(3)
    names = list(COMPARED)
    compares = a.selectbox("It has to be", names, names.index(old.compares), key="criterion-by")
    threshold = b.number_input("Threshold", value=old.threshold, step=None, format="%.6g",
                               key="criterion-threshold")  # fmt: skip
    unit = old.unit if old.title and reads == old.reads else reading_words.unit(reads)
    unit = str(c.text_input("Unit", unit, key=f"criterion-unit-{reads}", max_chars=60))
    a, b, c, d = st.columns(4)
    window = a.number_input("Over (days)", 1, MOST_DAYS, old.window_days, 1,
                            key="criterion-window", disabled=reads not in WINDOWED)  # fmt: skip
    sample = b.number_input("Least sample", 0, None, old.least_sample, 1, key="criterion-sample")
    oldest = c.number_input("Data no older than (hours)", 1.0, MOST_DAYS * 24.0, old.oldest / HOUR,
                            1.0, format="%.6g", key="criterion-oldest")  # fmt: skip
    passes = d.number_input(rows, 1, MOST_DAYS, old.passes, 1, key="criterion-passes",
                            help="Readings of one hour count once.")  # fmt: skip
    return Criterion(
        old.key, title.strip(), kind, reads, str(compares), float(threshold), unit.strip(),
        int(window), int(sample), timedelta(hours=float(oldest)), int(passes), old.severity,
    )  # fmt: skip


def _reads(old: Criterion, kind: Kind) -> str:
    """One of what its reader knows, or a name of one's own."""
    if kind not in READS:
        label = "Metric of the evaluation" if kind is Kind.EVALUATION else "Name of the answer"
        was = old.reads if old.kind is kind else ""
        return str(st.text_input(label, was, key=f"criterion-reads-{kind.name}",
                                 max_chars=LONGEST)).strip()  # fmt: skip
    names = list(READS[kind])
    at = names.index(old.reads) if old.reads in names else 0
    return str(st.selectbox("What is read", names, at, key=f"criterion-reads-{kind.name}",
                            format_func=reading_words.said))  # fmt: skip

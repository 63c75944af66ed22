"""The dialogs in which a template is edited: a phase, a criterion, its name; and in which what was
made of it is kept as a version, or let go."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from actions import template
from actions.template import LONGEST
from actions.visit import Visit
from domain import template_edits
from domain.rollouts import Cohort, Cohorts, Phase, Stage
from domain.template_edits import LISTS, MOST_DAYS, MOST_PEOPLE
from domain.templates import GRANTS, Template
from ui import drafts, scope, templates
from ui.components import dialogs, templating, templating_criteria
from ui.components.cost_rules import confirmed
from ui.faults import escaped
from ui.templates import View

NEW, RENAME, PHASE, CRITERION = "new-template", "rename-template", "edit-phase", "edit-criterion"
GUARD, KEEP, DISCARD = templating_criteria.GUARD, "keep-template", "discard-template"
FEW = 25
"""People of a new phase, until somebody says another number."""


def show(page: str, view: View) -> None:
    """Draw the dialog that is open."""
    if told := drafts.begun(NEW):
        it = view.find(*told)
        if it is not None:
            dialogs.show(page, NEW, "What is the new template called?", _new, view, it)
        return
    drawn: dict[str, tuple[str, Callable[..., None]]] = {
        RENAME: ("What is the template called?", _rename),
        PHASE: ("What is the phase?", _phase),
        CRITERION: ("What has the gate to show?", templating_criteria.body),
        GUARD: ("What has to hold in every phase?", templating_criteria.guard),
        KEEP: ("Keep this as a version?", _keep),
        DISCARD: ("Let go what you have made?", _discard),
    }
    for draft, (question, body) in drawn.items():
        if (told := drafts.begun(draft)) and told[0] in view.edited:
            about = view.edited[told[0]]
            dialogs.show(page, draft, question, body, view, about, *told[1:], width="large")
            return


def beginning(it: Template, base: Template) -> Template:
    """This as what is made of that version."""
    return replace(it, version=base.version, note="", said_by="", at=None)


def _new(_: Visit, view: View, it: Template) -> None:
    title = str(st.text_input("Title", key="template-title", max_chars=LONGEST))
    st.caption(f"It begins as a copy of {escaped(it.title)}, version {it.version}, and is not kept "
               "before you say so.")  # fmt: skip
    taken = {*view.versions, *view.edited}

    def act() -> str:
        key = template_edits.key_of(title, taken)
        made = beginning(it, replace(it, version=0))
        templates.edit(template_edits.named(replace(made, key=key), title))
        scope.set_aside(template=(key,), version=())
        return f"{title.strip()} is begun."

    confirmed("Begin it", "new-template-confirm", bool(title.strip()), act, NEW)


def _rename(_: Visit, __: View, it: Template) -> None:
    title = str(st.text_input("Title", it.title, key="template-title", max_chars=LONGEST))

    def act() -> str:
        templates.edit(template_edits.named(it, title))
        return f"It is called {title.strip()} now."

    confirmed("Rename it", "rename-template-confirm", bool(title.strip()), act, RENAME)


def _discard(_: Visit, __: View, it: Template) -> None:
    st.markdown(f"What you have made of **{escaped(it.title)}** in this tab is gone then; versions "
                "that are kept stay.")  # fmt: skip

    def act() -> str:
        templates.drop(it.key)
        return f"What was made of {it.title} is gone."

    confirmed("Discard it", "discard-template-confirm", True, act, DISCARD)


def _keep(visit: Visit, view: View, it: Template) -> None:
    if it.version:
        templating.differences(view.differences(it))
    note = str(st.text_input("Why", key="template-note", max_chars=LONGEST))
    st.caption("Rollouts that were planned already keep their own version.")

    def act() -> str:
        number = template.keep(visit, it, note=note)
        templates.drop(it.key)
        scope.set_aside(template=(it.key,), version=(), against=())
        return f"Version {number} of {it.title} is kept."

    label = f"Keep version {it.version + 1}"
    confirmed(label, "keep-template-confirm", bool(note.strip()), act, KEEP)


def _phase(_: Visit, __: View, it: Template, at: int | None) -> None:
    old = None if at is None else it.phases[at]
    made = _entered(old)
    if old is None:
        made = replace(made, key="new")
    ready = bool(made.title.strip())

    def act() -> str:
        key = old.key if old else template_edits.key_of(made.title, {p.key for p in it.phases})
        templates.edit(template_edits.with_phase(it, at, replace(made, key=key)))
        return f"{made.title} is in the template as you say."

    confirmed("Put it in the template", "phase-confirm", ready, act, PHASE)
    if at is not None and st.button("Remove the phase", key="phase-remove",
                                    icon=":material/delete:"):  # fmt: skip
        templates.edit(template_edits.without_phase(it, at))
        dialogs.done(PHASE, f"{it.phases[at].title} is gone from the template.")


def _entered(old: Phase | None) -> Phase:
    """What a person says of it."""
    cohort = old.cohort if old else Cohort(Cohorts.NAMED, FEW)
    title = _text("Title", "phase-title", old.title if old else "")
    a, b, c = st.columns(3)
    kinds = list(Cohorts)
    kind = a.selectbox("Who", kinds, kinds.index(cohort.kind), key="phase-kind")
    planned = b.number_input("People planned", 1, MOST_PEOPLE, cohort.planned, 1, key="phase-many")
    days = c.number_input("Bake (working days)", 0, MOST_DAYS, old.bake_days if old else 5, 1,
                          key="phase-days")  # fmt: skip
    left, right = st.columns(2)
    asked = left.multiselect("Asks for the yes of", list(GRANTS), old.approvals if old else (),
                             key="phase-approvals")  # fmt: skip
    lists = right.multiselect("Readiness lists that are mandatory", LISTS,
                              old.checklist if old else (), key="phase-lists")  # fmt: skip
    features = _text("Switched on in it, separated by commas", "phase-features",
                     ", ".join(old.features) if old else "")  # fmt: skip
    reference = _text("Where the cohort is kept (id of a group, name of a unit, address of a list)",
                      "phase-reference", cohort.reference)  # fmt: skip
    channel = _text("Where they say what they think", "phase-channel", cohort.channel)
    one_way = st.checkbox("One-way door: its way back has to be drilled first",
                          old is not None and old.one_way, key="phase-one-way")  # fmt: skip
    return Phase(
        old.key if old else "", title.strip(), Stage.WAITING,
        Cohort(kind, int(planned), reference=reference.strip(), channel=channel.strip()),
        old.criteria if old else (), int(days), tuple(asked),
        tuple(it.strip() for it in features.split(",") if it.strip()), tuple(lists), one_way,
    )  # fmt: skip


def _text(label: str, key: str, value: str) -> str:
    return str(st.text_input(label, value, key=key, max_chars=LONGEST))

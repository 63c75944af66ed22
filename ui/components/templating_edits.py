"""A template while somebody edits it: phases and criteria with their buttons, what differs from the
version before, and the way to keep it or to let it go."""

import streamlit as st

from actions.visit import Visit
from domain import template_edits
from domain.criteria import Criterion
from domain.roles import Permission
from domain.rollouts import Phase
from domain.templates import Template
from ui import drafts, templates
from ui.components import numbers, phase_words, templating, templating_dialogs
from ui.faults import escaped
from ui.templates import View


def buttons(visit: Visit, view: View, it: Template) -> None:
    """What may be made of a version."""
    newest = view.newest(it.key)
    if not visit.may(Permission.ROLL) or newest is None:
        return
    old = it.version != newest.version
    with st.container(horizontal=True):
        label = f"Go back to version {it.version}" if old else "Edit"
        if st.button(label, key="edit-template", type="primary", icon=":material/edit:"):
            templates.edit(templating_dialogs.beginning(it, newest))
            st.rerun()
        if st.button("New template from this", key="new-template", icon=":material/add:"):
            drafts.begin(templating_dialogs.NEW, (it.key, it.version))


def show(visit: Visit, view: View, it: Template) -> None:
    """The template as it is by now; who may not keep it does not come here."""
    _head(visit, view, it)
    _differences(view, it)
    for number, phase in enumerate(it.phases):
        with st.container(border=True, key=f"template-phase-{number}"):
            _phase(it, number, phase)
    if st.button("Add a phase", key="add-phase", icon=":material/add:"):
        drafts.begin(templating_dialogs.PHASE, (it.key, None))
    with st.container(border=True, key="template-safeguards"):
        _guards(it)


def _guards(it: Template) -> None:
    st.markdown("**Safeguards**  \n:small[They hold in every phase, apart from its gate.]")
    for one in it.safeguards:
        told = f"**{escaped(one.criterion.title)}** :orange-badge[{one.action}]"
        facts = escaped(templating.facts(one.criterion, "failures"))
        left, right = st.columns([5, 1], vertical_alignment="center")
        left.markdown(f"{told}  \n:small[:gray[{facts}]]")
        with right, st.container(horizontal=True, horizontal_alignment="right"):
            if st.button("Change", key=f"safeguard-{one.key}", icon=":material/edit:",
                         type="tertiary",
                         help=f"Change or remove {escaped(one.criterion.title)}"):  # fmt: skip
                drafts.begin(templating_dialogs.GUARD, (it.key, one.key))
    if st.button("Add a safeguard", key="add-safeguard", icon=":material/add:", type="tertiary"):
        drafts.begin(templating_dialogs.GUARD, (it.key, ""))


def _head(visit: Visit, view: View, it: Template) -> None:
    st.subheader(escaped(it.title), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        ready = it.version == 0 or bool(view.differences(it))
        if st.button("Keep as a version", key="keep-template", type="primary", disabled=not ready,
                     icon=":material/save:"):  # fmt: skip
            drafts.begin(templating_dialogs.KEEP, (it.key,))
        if st.button("Rename", key="rename-template", icon=":material/edit:"):
            drafts.begin(templating_dialogs.RENAME, (it.key,))
        if st.button("Discard", key="discard-template", icon=":material/delete:"):
            drafts.begin(templating_dialogs.DISCARD, (it.key,))
    if not visit.may(Permission.ROLL):
        st.caption("You may not keep versions of templates.")
    st.caption(
        "What you make here stays in this tab until you keep it. What runs keeps its own version."
    )


def _differences(view: View, it: Template) -> None:
    newest = view.newest(it.key)
    if it.version == 0 or newest is None:
        st.markdown("**A new template**: nothing of it is kept yet.")
        return
    told = view.differences(it)
    many = numbers.counted(len(told), "difference") if told else "Nothing differs"
    st.markdown(f"**{many}** {'to' if told else 'yet from'} version {it.version}")
    if told:
        templating.differences(told)
    if newest.version != it.version:
        st.warning(f"Version {newest.version} was kept meanwhile. What you make is of version "
                   f"{it.version}.", icon=":material/difference:")  # fmt: skip
        if st.button(f"Make it follow version {newest.version}", key="follow-template",
                     help="Nothing of yours is lost; what differs is told against that "
                     "version."):  # fmt: skip
            templates.edit(templating_dialogs.beginning(it, newest))
            st.rerun()


def _phase(it: Template, number: int, phase: Phase) -> None:
    left, right = st.columns([3, 2], vertical_alignment="center")
    with left:
        templating.head(number, phase)
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Change", key=f"phase-{number}", icon=":material/edit:", type="tertiary"):
            drafts.begin(templating_dialogs.PHASE, (it.key, number))
        _mover(it, number, -1, "Earlier", "arrow_upward", number == 0)
        _mover(it, number, 1, "Later", "arrow_downward", number == len(it.phases) - 1)
    if not phase.criteria:
        templating.no_criteria()
    for one in phase.criteria:
        _criterion(it, number, one)
    if st.button("Add a criterion", key=f"add-{number}", icon=":material/add:", type="tertiary"):
        drafts.begin(templating_dialogs.CRITERION, (it.key, number, ""))


def _mover(it: Template, number: int, by: int, label: str, icon: str, end: bool) -> None:
    if st.button(label, key=f"move-{number}-{by}", icon=f":material/{icon}:", type="tertiary",
                 disabled=end):  # fmt: skip
        templates.edit(template_edits.moved(it, number, by))
        st.rerun()


def _criterion(it: Template, number: int, one: Criterion) -> None:
    severity = phase_words.SEVERITIES[one.severity]
    told = f"**{escaped(one.title)}** :{severity}-badge[{one.severity}]"
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.markdown(f"{told}  \n:small[:gray[{escaped(templating.facts(one))}]]")
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Change", key=f"criterion-{number}-{one.key}", icon=":material/edit:",
                     type="tertiary", help=f"Change or remove {escaped(one.title)}"):  # fmt: skip
            drafts.begin(templating_dialogs.CRITERION, (it.key, number, one.key))

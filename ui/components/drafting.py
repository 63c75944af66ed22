"""Plan a new rollout: what of which template for whom, with people and dates by phase."""

from datetime import date, datetime

import streamlit as st

from actions import rollout
from actions.rollout import LONGEST, Wanted
from actions.visit import Visit
from domain.roles import Permission
from domain.templates import Template
from domain.units import UNASSIGNED
from ui import drafts, rollouts, scope, session
from ui.components import dialogs
from ui.components.moving_dialogs import stretch
from ui.faults import escaped

DRAFT = "new-rollout"
Dates = dict[str, tuple[datetime, datetime]]


def button(visit: Visit) -> None:
    """Open the dialog, for who runs rollouts."""
    if visit.may(Permission.ROLL) and st.button(
        "New rollout", key="new-rollout", type="primary", icon=":material/add:"
    ):
        drafts.begin(DRAFT, True)


def dialog(page: str) -> None:
    """Draw it when it is open."""
    if drafts.begun(DRAFT):
        dialogs.show(page, DRAFT, "New rollout", _body, width="large")


def _body(visit: Visit) -> None:
    known = rollouts.templates()
    left, right = st.columns(2)
    title = str(left.text_input("Title", key="rollout-title", max_chars=LONGEST))
    workload = str(right.text_input("Workload (short name of the solution)",
                                    key="rollout-workload", max_chars=LONGEST))  # fmt: skip
    units, deployments = _what()
    owner, sponsor = _people(visit)
    named = [f"{it.title}, version {it.version}" for it in known]
    at = st.selectbox("Template", range(len(known)), key="rollout-template",
                      format_func=named.__getitem__)  # fmt: skip
    if at is None:
        st.caption("There is no template yet.")
        return
    planned, dates = _phases(known[int(at)])
    paired, closed = _paired(), _closed()
    ready = all([title.strip(), workload.strip(), units, deployments, closed is not None])
    st.caption("It is kept as a draft; nothing begins. Next come a way back from each phase, then "
               "making it ready.")  # fmt: skip
    if st.button("Plan the rollout", type="primary", key="rollout-confirm", disabled=not ready):
        wanted = Wanted(
            title, workload, owner, sponsor, units, deployments, known[int(at)].key,
            known[int(at)].version, planned, dates, None, paired, closed or frozenset(),
        )  # fmt: skip
        number = rollout.plan(visit, wanted)
        drafts.drop(DRAFT)
        drafts.say(f"{title.strip()} is planned.")
        scope.go("rollout", rollout=str(number))


def _what() -> tuple[tuple[str, ...], tuple[str, ...]]:
    tree = session.tree()
    named = scope.units(tree, session.person().scope(tree))
    mine = {it: name for it, name in named.items() if it not in ("", UNASSIGNED)}
    known = rollouts.deployments()
    left, right = st.columns(2)
    units = left.multiselect("Business units", list(mine), key="rollout-units",
                             format_func=lambda it: mine[it].strip())  # fmt: skip
    resources = right.multiselect("Deployments", list(known), key="rollout-deployments",
                                  format_func=known.__getitem__)  # fmt: skip
    return tuple(units), tuple(resources)


def _people(visit: Visit) -> tuple[str, str]:
    names = dict(rollouts.people())
    keys = list(names)
    left, right = st.columns(2)
    first = keys.index(visit.person.key) if visit.person.key in names else 0
    owner = left.selectbox("Owner", keys, first, key="rollout-owner",
                           format_func=names.__getitem__,
                           help="Neither owner nor planner can approve its gates.")  # fmt: skip
    sponsor = right.selectbox("Sponsor", keys, key="rollout-sponsor",
                              format_func=names.__getitem__)  # fmt: skip
    return str(owner), str(sponsor)


def _phases(template: Template) -> tuple[dict[str, int], Dates]:
    """People and days of each phase; what is left empty is not planned yet."""
    planned: dict[str, int] = {}
    dates: Dates = {}
    for it in template.phases:
        tail = f"{template.key}-{template.version}-{it.key}"
        a, b, c = st.columns([2, 1.5, 1.5])
        many = a.number_input(f"{it.title}: people", 1, None, it.cohort.planned, 1,
                              key=f"people-{tail}")  # fmt: skip
        first = b.date_input("First day", None, key=f"first-{tail}", format="YYYY-MM-DD")
        last = c.date_input("Last day", None, key=f"last-{tail}", format="YYYY-MM-DD")
        planned[it.key] = int(many)
        if told := stretch(first, last):
            dates[it.key] = told
    return planned, dates


def _paired() -> tuple[tuple[str, str], ...]:
    """The two deployments that are compared, where there are two."""
    known = {"": "None", **rollouts.deployments()}
    left, right = st.columns(2)
    now, then = (
        str(side.selectbox(label, list(known), key=key, format_func=known.__getitem__))
        for side, label, key in (
            (left, "Compare: in use", "pair-now"),
            (right, "Compare: to follow", "pair-then"),
        )
    )
    return ((now, then),) if now and then and now != then else ()


def _closed() -> frozenset[date] | None:
    """Days that are no working days; None for a text that names none."""
    told = str(st.text_input("Closed days, which do not count towards a bake",
                             key="rollout-closed", max_chars=LONGEST,
                             placeholder="2026-12-24, 2026-12-25"))  # fmt: skip
    try:
        return frozenset(date.fromisoformat(it.strip()) for it in told.split(",") if it.strip())
    except ValueError:
        st.caption(f":red[{escaped(told)} names no days: write 2026-12-24, 2026-12-25.]")
        return None

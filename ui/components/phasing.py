"""One rollout at the top of its page: where it stands, what comes next, its phases in order."""

import streamlit as st

from actions.visit import Visit
from domain import boarding
from domain.baking import baked
from domain.roles import Permission
from domain.rollouts import ENDS, MAY, UNDER_WAY, Move, Phase, Stage
from reads.rollouts import Whole
from ui import rollouts, scope, session
from ui.components import moving_dialogs, numbers, phase_words, states
from ui.faults import escaped

NARROWEST = 220
"""Pixels of a phase."""


def missing() -> None:
    states.nothing(
        "There is no such rollout here.",
        "It may be about units that are not yours. Choose one under Rollouts.",
    )


def head(view: Whole) -> None:
    """Title, state, and in one sentence what is next."""
    it = view.rollout
    badge = phase_words.badge(str(it.state), phase_words.STATES)
    st.markdown(f"### {escaped(it.title)} &nbsp; {badge}")
    on = boarding.gate_on(it, view.found, view.days.get(it.number or 0, ()), view.at)
    st.markdown(f"**{escaped(boarding.next_step(it, view.found, view.ways, on))}**")
    tree = session.tree()
    units = ", ".join(tree.name(one) for one in it.units)
    told = [
        f"Rollout {it.id}",
        f"workload {escaped(it.workload)}",
        f"owner {escaped(rollouts.called(view, it.owner))}",
        f"sponsor {escaped(rollouts.called(view, it.sponsor))}",
        f"for {escaped(units)}",
        f"by {escaped(it.template)} version {it.template_version}",
        f"planned by {escaped(rollouts.called(view, it.proposer))} {numbers.day(it.at)}",
    ]
    st.caption(" · ".join(told))


def overrides(view: Whole) -> None:
    """Gates that were passed shut; this never goes away."""
    for it in view.moves:
        if it.move is Move.OVERRIDE and it.phase is not None:
            phase = view.rollout.phases[it.phase].title
            who = escaped(rollouts.called(view, it.person))
            st.warning(
                f"**The gate of {escaped(phase)} was overridden** by {who} "
                f"{numbers.moment(it.at)}: {escaped(it.reason)}",
                icon=":material/warning:",
            )


def deployments(view: Whole) -> None:
    """What is rolled out, each leading to its page."""
    known = rollouts.deployments()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(":small[Deployments:]", width="content")
        for at, it in enumerate(view.rollout.deployments):
            if it not in known:
                st.markdown(f"`{rollouts.short(it)}` :small[not in sight]", width="content")
            elif st.button(escaped(known[it]), key=f"deployment-{at}", type="tertiary",
                           icon=":material/deployed_code:"):  # fmt: skip
                scope.open_deployment(it)


def phases(visit: Visit, view: Whole) -> None:
    """The phases as a timeline."""
    st.subheader("Phases", anchor=False)
    cells = st.grid(len(view.rollout.phases), min_column_width=NARROWEST, gap="small")
    for number, it in enumerate(view.rollout.phases):
        with cells.container(border=True, height="stretch", gap="small", key=f"phase-{number}"):
            _phase(visit, view, number, it)


def _phase(visit: Visit, view: Whole, number: int, it: Phase) -> None:
    badge = phase_words.badge(str(it.stage), phase_words.STAGES)
    st.markdown(f"**{number + 1}. {escaped(it.title)}**  \n{badge}")
    with st.container(gap=None):
        for line in _told(view, number, it):
            st.markdown(f":small[{line}]")
    may = visit.may(Permission.ROLL) and Move.ADJUST in MAY.get(view.rollout.state, ())
    if may and it.stage not in (Stage.PASSED, Stage.SKIPPED) and st.button(
        "Adjust", key=f"adjust-{number}", type="tertiary", icon=":material/edit:",
        help="People reached, features, dates",
    ):  # fmt: skip
        moving_dialogs.adjusting(view, number)


def _told(view: Whole, number: int, it: Phase) -> list[str]:
    since = it.baked_since.date() if it.baked_since else None
    days = baked(view.days.get(number, ()), since, view.rollout.closed_days)
    reached = numbers.exact(it.cohort.reached)
    lines = [
        f"{escaped(str(it.cohort.kind).capitalize())}: {reached} of {it.cohort.planned:,} reached",
        f"Bake: {days if it.started_at else numbers.NONE} of {it.bake_days} working days",
        _dates(it),
    ]
    if it.features:
        lines.append(f"Switched on: {escaped(', '.join(it.features))}")
    asked = " and ".join(it.approvals) or "nobody"
    lines.append(f"Asks for the yes of {asked}" + (" · one-way door" if it.one_way else ""))
    if view.rollout.state not in ENDS:
        lines.append(_way(view, number))
    return lines


def _dates(it: Phase) -> str:
    if it.ended_at is not None:
        return f"{numbers.day(it.started_at)} to {numbers.day(it.ended_at)}"
    if it.stage in UNDER_WAY:
        until = f", planned until {numbers.day(it.planned_end)}" if it.planned_end else ""
        return f"Since {numbers.day(it.started_at)}{until}"
    if it.planned_start and it.planned_end:
        return f"Planned {numbers.day(it.planned_start)} to {numbers.day(it.planned_end)}"
    return "No dates planned"


def _way(view: Whole, number: int) -> str:
    way = view.ways.get(number)
    if way is None:
        return ":orange[No way back yet]"
    if way.drilled_at is None:
        return "Way back written, not drilled"
    return f"Way back drilled {numbers.day(way.drilled_at)}: {way.drill_result}"

"""The buttons of a rollout: the moves that may be made where it stands, and the yes or no that the
visitor may give."""

import uuid

import streamlit as st

from actions.rollout import Shown
from actions.visit import Visit
from domain import moving
from domain.move_words import SPOKEN, offered
from domain.roles import Permission
from domain.rollouts import Move, Stage, State
from domain.templates import GRANTS
from reads.rollouts import Whole
from ui import drafts
from ui.components import moving_dialogs
from ui.faults import escaped


def shown(view: Whole) -> Shown:
    """What the visitor sees, with a click of its own."""
    return Shown(view.rollout.version, view.found.mark, uuid.uuid4().hex)


def buttons(visit: Visit, view: Whole) -> None:
    """One for each move; what is the usual next step comes first."""
    with st.container(horizontal=True, vertical_alignment="center"):
        _says(visit, view)
        if visit.may(Permission.ROLL):
            for move in offered(view.rollout):
                if move is not Move.OVERRIDE or _overrides(visit, view):
                    _button(view, move)
    _explained(visit, view)


def _button(view: Whole, move: Move) -> None:
    told = SPOKEN[move]
    first = move in (Move.PREPARE, Move.START, Move.ADVANCE, Move.RESUME)
    ready = move is not Move.ADVANCE or not view.found.missing
    if st.button(
        told.label, key=f"move-{told.key}", icon=f":material/{told.icon}:",
        type="primary" if first and ready else "secondary",
    ):  # fmt: skip
        drafts.begin(moving_dialogs.MOVE, (view.rollout.id, move, shown(view)))


def _overrides(visit: Visit, view: Whole) -> bool:
    """Whether to offer it: to an admin who neither planned nor owns this, while it is shut."""
    it = view.rollout
    own = visit.person.key in (it.proposer, it.owner)
    return visit.person.role == "admin" and not own and bool(view.found.missing)


def _says(visit: Visit, view: Whole) -> None:
    for grant in mine(visit, view):
        for approves, label, icon in (
            (True, f"Approve ({grant})", "thumb_up"),
            (False, f"Decline ({grant})", "thumb_down"),
        ):
            if not _stands(visit, view, grant, approves) and st.button(
                label, key=f"say-{grant}-{'yes' if approves else 'no'}",
                icon=f":material/{icon}:", type="primary" if approves else "secondary",
            ):  # fmt: skip
                about = (view.rollout.id, grant, approves, view.found.mark)
                drafts.begin(moving_dialogs.SAY, about)


def _stands(visit: Visit, view: Whole, grant: str, approves: bool) -> bool:
    """Whether the visitor has said just that already, and it counts."""
    own = (view.rollout.number, grant, visit.person.key, approves, None)
    return any(
        (it.phase, it.grant, it.person, it.approves, it.void_at) == own for it in view.approvals
    )


def asks(view: Whole) -> bool:
    """Whether the phase under way asks for approvals now."""
    it = view.rollout
    now = moving.assessed(it, view.found.gate).phase
    return it.state is State.RUNNING and now is not None and now.stage is Stage.ASKING


def mine(visit: Visit, view: Whole) -> list[str]:
    """The approvals that are asked for and that the visitor may give."""
    it = view.rollout
    own = visit.person.key in (it.proposer, it.owner)
    if own or it.phase is None or not visit.may(Permission.APPROVE) or not asks(view):
        return []
    return [grant for grant in it.phase.approvals if GRANTS[grant] in visit.person.grants]


def _explained(visit: Visit, view: Whole) -> None:
    """Why there is nothing to approve for who could, or no gate to override."""
    it, person = view.rollout, visit.person
    if it.phase is None or not visit.may(Permission.APPROVE):
        return
    theirs = [grant for grant in it.phase.approvals if GRANTS[grant] in person.grants]
    if theirs and not asks(view):
        st.caption(":material/lock: Approvals are asked for once all criteria pass and the bake is "
                   "done.")  # fmt: skip
    elif person.role == "approver" and not theirs and asks(view):
        grants = " and the ".join(it.phase.approvals)
        st.caption(f":material/lock: {escaped(it.phase.title)} asks the {grants} approver.")
    if person.key in (it.proposer, it.owner) and asks(view):
        st.caption(":material/lock: Nobody approves what they plan or own themselves.")

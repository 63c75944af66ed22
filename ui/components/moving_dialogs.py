"""The dialogs by which a rollout is moved, approved and adjusted: each says what happens and what
is missing, and carries what the visitor saw and one click."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import streamlit as st

from actions import approve_gate, rollout
from actions.rollout import LEAST_REASON, LONGEST, Change, Shown
from actions.visit import Visit
from domain import move_words, ways_back
from domain.move_words import SPOKEN
from domain.rollouts import Move, Phase, Stage
from reads.rollouts import Whole
from ui import drafts, rollouts
from ui.components import dialogs
from ui.components.cost_rules import confirmed
from ui.faults import escaped

MOVE, SAY, ADJUST = "move-rollout", "say-gate", "adjust-phase"
SECOND = timedelta(seconds=1)
VERBS: dict[Move, Callable[..., None]] = {
    Move.PREPARE: rollout.prepare,
    Move.START: rollout.start,
    Move.ADVANCE: rollout.advance,
    Move.OVERRIDE: rollout.override,
    Move.PAUSE: rollout.pause,
    Move.RESUME: rollout.resume,
    Move.ROLL_BACK: rollout.roll_back,
    Move.ABORT: rollout.abort,
}


def show(page: str, view: Whole) -> None:
    """Draw the dialog that is open, if it is about this rollout."""
    number = view.rollout.id
    if (told := drafts.begun(MOVE)) and told[0] == number:
        question = move_words.question(view.rollout, told[1])
        dialogs.show(page, MOVE, question, _move, view, *told[1:])
    elif (told := drafts.begun(SAY)) and told[0] == number:
        verb = "Approve" if told[2] else "Decline"
        phase = view.rollout.phase.title if view.rollout.phase else view.rollout.title
        dialogs.show(page, SAY, f"{verb} the gate of {phase}?", _say, view, *told[1:])
    elif (told := drafts.begun(ADJUST)) and told[0] == number:
        title = view.rollout.phases[told[1]].title
        dialogs.show(page, ADJUST, f"What is to change in {title}?", _adjust, view, *told[1:])


def adjusting(view: Whole, number: int) -> None:
    """Open the dialog about a phase."""
    shown = Shown(view.rollout.version, view.found.mark, uuid.uuid4().hex)
    drafts.begin(ADJUST, (view.rollout.id, number, shown))


def _move(visit: Visit, view: Whole, move: Move, shown: Shown) -> None:
    it, told = view.rollout, SPOKEN[move]
    st.markdown(escaped(move_words.happens(it, move)))
    fits = _missing(view, move)
    if move is Move.ROLL_BACK:
        _way(view)
    reason = ""
    if told.reason:
        reason = str(st.text_input(told.reason, key="move-reason", max_chars=LONGEST))
    if move is Move.OVERRIDE:
        st.caption(f"In {LEAST_REASON} characters or more.")
        fits &= len(reason.strip()) >= LEAST_REASON
    asked = told.needs_reason or (
        move is Move.RESUME and any(f.over_at is None for f in view.falls)
    )
    ready = fits and (not asked or bool(reason.strip()))

    def act() -> str:
        says = {"reason": reason} if told.reason else {}
        VERBS[move](visit, it.id, shown, **says)
        return move_words.outcome(it, move)

    confirmed(move_words.act(it, move), "move-confirm", ready, act, MOVE)


def _missing(view: Whole, move: Move) -> bool:
    """Say what speaks against it; whether it may be tried at all."""
    if move in (Move.ADVANCE, Move.OVERRIDE) and view.found.missing:
        lines = "\n".join(f"- {escaped(it)}" for it in view.found.missing)
        st.warning(f"Missing:\n{lines}", icon=":material/rule:")
        return move is Move.OVERRIDE
    lacking = [p for at, p in enumerate(view.rollout.phases) if at not in view.ways]
    if move is Move.PREPARE and lacking:
        names = ", ".join(escaped(it.title) for it in lacking)
        st.warning(f"Missing: a way back from {names}.", icon=":material/rule:")
        return False
    return True


def _way(view: Whole) -> None:
    """What will be set in motion."""
    way = view.ways.get(view.rollout.number or 0)
    if way is None:
        st.warning("No way back was written for this phase: nothing is set in motion.",
                   icon=":material/warning:")  # fmt: skip
        return
    st.markdown(f"**Way back**, within {way.most_minutes} minutes:")
    for it in way.steps:
        done = "by a plan of this console" if "lever" in it else (
            f"a task for {rollouts.called(view, str(it['owner']))}, {it['minutes']} minutes"
        )  # fmt: skip
        st.markdown(f"- {escaped(ways_back.words(it))} :small[({escaped(done)})]")
    st.caption(f"People are told: {escaped(way.words)}")


def _say(visit: Visit, view: Whole, grant: str, approves: bool, mark: str) -> None:
    phase = view.rollout.phase
    assert phase is not None
    st.markdown(
        f"As {escaped(grant)} approver you say **{'yes' if approves else 'no'}** to the gate of "
        f"**{escaped(phase.title)}** as it is now. It no longer counts once the gate turns."
    )
    for it in view.found.judged:
        st.markdown(f"- {escaped(it.criterion.title)}: **{it.verdict}**. {escaped(it.words)}")
    st.caption(f"{view.found.gate.baked} of {phase.bake_days} working days of bake.")
    label = "Comment" if approves else "Why not"
    comment = str(st.text_input(label, key="say-comment", max_chars=LONGEST))

    def act() -> str:
        approve_gate.say(visit, view.rollout.id, grant, approves=approves, mark=mark,
                         comment=comment)  # fmt: skip
        return f"Your {grant} {'approval' if approves else 'no'} is kept."

    verb = "Approve" if approves else "Decline"
    confirmed(f"{verb} as {grant} approver", "say-confirm", approves or bool(comment.strip()), act,
              SAY)  # fmt: skip


def _adjust(visit: Visit, view: Whole, number: int, shown: Shown) -> None:
    it = view.rollout.phases[number]
    change = Change(
        None if it.stage is Stage.WAITING else _reached(it),
        _features(it),
        _dates(it) if it.stage is Stage.WAITING else None,
    )
    reason = str(st.text_input("Note", key="adjust-reason", max_chars=LONGEST))
    if change.features is not None and it.stage is not Stage.WAITING:
        st.warning("Other features begin the bake anew, and approvals are void.",
                   icon=":material/restart_alt:")  # fmt: skip

    def act() -> str:
        rollout.adjust(visit, view.rollout.id, number, change, shown, reason=reason)
        return f"{it.title} is adjusted."

    confirmed("Keep this", "adjust-confirm", change != Change(), act, ADJUST)


def _reached(it: Phase) -> int | None:
    told = st.number_input(
        f"People reached (of {it.cohort.planned:,} planned)", 0, None, it.cohort.reached, 1,
        key="adjust-reached",
    )  # fmt: skip
    return None if told is None or int(told) == it.cohort.reached else int(told)


def _features(it: Phase) -> tuple[str, ...] | None:
    told = str(st.text_input("Switched on in it, separated by commas", ", ".join(it.features),
                             key="adjust-features", max_chars=2000))  # fmt: skip
    features = tuple(word.strip() for word in told.split(",") if word.strip())
    return None if features == it.features else features


def _dates(it: Phase) -> tuple[datetime, datetime] | None:
    left, right = st.columns(2)
    planned = _day(it.planned_start), _day(it.planned_end and it.planned_end - SECOND)
    first = left.date_input("First day", planned[0], key="adjust-first", format="YYYY-MM-DD")
    last = right.date_input("Last day", planned[1], key="adjust-last", format="YYYY-MM-DD")
    return None if (first, last) == planned else stretch(first, last)


def stretch(first: object, last: object) -> tuple[datetime, datetime] | None:
    """From the morning of the first day to the end of the last, in UTC; None without both."""
    if not isinstance(first, date) or not isinstance(last, date):
        return None
    begin, end = (datetime.combine(it, time(), UTC) for it in (first, last))
    return begin, end + timedelta(days=1)


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None

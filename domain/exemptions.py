"""The register of what somebody is excused from: filters below their baseline, and accounts whose
content Microsoft does not watch for abuse. What is excused has an approver, a reviewer and an end.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import pandas as pd

from domain import frames, names, ruling
from domain.faults import OutOfRange
from domain.filters import (
    GRADED,
    MODE,
    UNTOLD,
    Key,
    Strength,
    called,
    folded,
    words,
)
from domain.frames import FLAG, TEXT, TIME, WHOLE, Columns, Row

DEVIATION, MONITORING = "deviation", "abuse monitoring"
LONGEST_TERM = timedelta(days=366)
"""How far off the day of its review may be."""
WATCHED, UNWATCHED = "abuse monitoring is on", "abuse monitoring is off"


class State(StrEnum):
    """Where an exemption stands, worded for people."""

    PROPOSED = "proposed"
    IN_FORCE = "in force"
    DECLINED = "declined"
    OVERDUE = "overdue"
    """Its review is due; it excuses nothing any more."""
    ENDED = "ended"


REGISTER: Columns = {
    "id": WHOLE,  # missing for what is off and has no entry
    "kind": TEXT,
    "resource": TEXT,
    "category": TEXT,
    "direction": TEXT,
    "filter": TEXT,  # what is excused, for people
    "accepts": WHOLE,
    "state": TEXT,  # missing for what has no entry
    "live": TEXT,  # what is so now, in words
    "agrees": FLAG,  # whether that is what the register says; missing where it can't be told
    "note": TEXT,  # why it does not agree; what the approver said
    "justification": TEXT,
    "reference": TEXT,
    "reviewer": TEXT,
    "review_by": TIME,
    "unit": TEXT,
    "proposer": TEXT,
    "at": TIME,
    "approver": TEXT,
    "decided_at": TIME,
    "ended_at": TIME,
}


@dataclass(frozen=True)
class Exemption:
    kind: str
    resource: str
    """A deployment; an account for abuse monitoring."""
    category: str
    """Folded; "mode" for asynchronous filtering, "" for abuse monitoring."""
    direction: str
    accepts: Strength
    """The least strength that is accepted."""
    justification: str
    reference: str
    """Microsoft's approval, where it needs one."""
    reviewer: str
    review_by: datetime
    unit: str
    proposer: str
    at: datetime
    id: int = 0
    decision: str = ""
    """approved or declined; "" while nobody has decided."""
    approver: str | None = None
    decided_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    note: str = ""

    @property
    def key(self) -> Key:
        return self.category, self.direction

    def state(self, at: datetime) -> State:
        if self.decision == "declined":
            return State.DECLINED
        if self.ended_at is not None and self.ended_at <= at:
            return State.ENDED
        if self.decision != "approved":
            return State.PROPOSED
        return State.OVERDUE if self.review_by <= at else State.IN_FORCE

    def covers(self, strength: Strength | int | None) -> bool:
        """Whether a filter that does this goes no further than was accepted; one of which nobody
        can tell may be off."""
        return (strength or Strength.OFF) >= self.accepts

    @property
    def what(self) -> str:
        """What is excused, for people."""
        if self.kind == MONITORING:
            return "Abuse monitoring"
        return "Mode" if self.category == MODE else called(*self.key)


def standing(
    exemptions: Iterable[Exemption], at: datetime
) -> dict[tuple[str, str, str], Exemption]:
    """The deviations that are excused now, by resource, category and direction; of several the one
    that accepts least is left out."""
    found: dict[tuple[str, str, str], Exemption] = {}
    for it in exemptions:
        if it.kind == DEVIATION and it.state(at) is State.IN_FORCE:
            place = (it.resource, *it.key)
            if place not in found or it.accepts < found[place].accepts:
                found[place] = it
    return found


def checked(asked: Exemption, now: datetime) -> Exemption:
    """The exemption as it is kept; raises OutOfRange for one that cannot be asked for."""
    if asked.kind not in (DEVIATION, MONITORING):
        raise OutOfRange(f"An exemption is of a {DEVIATION} or of {MONITORING}.")
    if not now < asked.review_by <= now + LONGEST_TERM:
        raise OutOfRange("It is reviewed on a day to come, within a year.")
    asked = replace(
        asked,
        resource=names.folded(asked.resource),
        category=folded(asked.category),
        direction=folded(asked.direction),
        justification=ruling.text(asked.justification, "The justification"),
        reviewer=ruling.text(asked.reviewer, "The reviewer"),
        reference=ruling.text(asked.reference, "The reference") if asked.reference else "",
    )
    _of_what(asked)
    if _by_microsoft(asked) and not asked.reference:
        raise OutOfRange("This needs Microsoft's approval: give the reference of it.")
    return asked


def _of_what(asked: Exemption) -> None:
    try:
        _, _, _, deployment = names.parts(asked.resource)
    except ValueError as error:
        raise OutOfRange("An exemption is of a deployment or an account.") from error
    if asked.kind == MONITORING:
        if deployment or asked.category or asked.direction:
            raise OutOfRange("Abuse monitoring is of an account as a whole.")
        return
    if not deployment or not asked.category:
        raise OutOfRange("A deviation is of one filter of one deployment.")
    if bool(asked.direction) == (asked.category == MODE):
        raise OutOfRange("A filter has a direction, the mode has none.")
    if asked.accepts is Strength.LOW:
        raise OutOfRange("What blocks everything needs no exemption.")
    if asked.category not in (*GRADED, MODE) and asked.accepts > Strength.ANNOTATES:
        raise OutOfRange("A filter without levels is accepted as annotating only, or as off.")


def _by_microsoft(asked: Exemption) -> bool:
    """Docs of configurable content filters: to switch off or only annotate completions needs their
    consent in every version; of prompts the versions differ."""
    graded = asked.category in GRADED and asked.direction == "completion"
    return asked.kind == MONITORING or (graded and asked.accepts <= Strength.ANNOTATES)


def against(
    exemptions: Iterable[Exemption], cells: pd.DataFrame, accounts: pd.DataFrame, at: datetime
) -> pd.DataFrame:
    """Frame REGISTER: every entry beside what is so now, and accounts that nobody watches without
    an entry. cells: frame CELLS; accounts: frame ACCOUNTS."""
    known = list(exemptions)
    wanted = {it.resource for it in known}
    mine = frames.records(cells, cells["resource"].isin(wanted))
    there = {(it["resource"], it["category"], it["direction"]): it for it in mine}
    seen = {it["resource"] for it in mine}
    watched = {
        it["account_id"]: it["content_logging"]
        for it in frames.records(accounts, columns=("account_id", "content_logging"))
    }
    rows = [_row(it, at, *_live(it, there, seen, watched)) for it in known]
    live = {
        it.resource
        for it in known
        if it.kind == MONITORING and it.state(at) in (State.IN_FORCE, State.OVERDUE)
    }
    rows += [_without(it) for it, told in watched.items() if unwatched(told) and it not in live]
    return frames.frame(REGISTER, rows)


def unwatched(content_logging: object) -> bool:
    """Whether Microsoft watches no content of an account, as its capability ContentLogging says."""
    return isinstance(content_logging, str) and content_logging.strip().lower() == "false"


def _live(
    it: Exemption,
    there: Mapping[tuple[str, str, str], Mapping[str, Any]],
    seen: set[str],
    watched: Mapping[str, object],
) -> tuple[str, bool | None, str]:
    """What is so in words, whether an entry in force agrees with it, and why it does not."""
    if it.kind == MONITORING:
        if it.resource not in watched:
            return UNTOLD, None, "The account is not there."
        off = unwatched(watched[it.resource])
        return UNWATCHED if off else WATCHED, off, "" if off else "The entry is not used."
    if it.category == MODE or it.resource not in seen:
        return UNTOLD, None, ""
    cell = there.get((it.resource, *it.key))
    if cell is None:
        return UNTOLD, False, "No baseline demands this filter."
    strength = None if pd.isna(cell["strength"]) else int(cell["strength"])
    if cell["way"] not in ("looser", "different"):
        return cell["words"], False, "It is not needed: the filter does what is demanded."
    if it.covers(strength):
        return cell["words"], True, ""
    return cell["words"], False, f"Accepted is {words(it.accepts, it.category in GRADED)}."


def _row(it: Exemption, at: datetime, live: str, agrees: bool | None, why: str) -> Row:
    state = it.state(at)
    lives = state in (State.IN_FORCE, State.OVERDUE)
    told = {name: getattr(it, name, None) for name in REGISTER}
    return {
        **told,
        "accepts": int(it.accepts),
        "filter": it.what,
        "state": str(state),
        "live": live,
        "agrees": agrees if lives else None,
        "note": " ".join(part for part in (why if lives else "", it.note) if part),
    }


def _without(account: str) -> Row:
    return {
        "kind": MONITORING,
        "resource": account,
        "category": "",
        "direction": "",
        "filter": "Abuse monitoring",
        "live": UNWATCHED,
        "agrees": False,
        "note": "Nobody has entered why.",
    }

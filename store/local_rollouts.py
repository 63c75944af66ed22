"""Rollouts that the local cloud's company has under way before its console starts: walked through
their phases by the rules by which people move them, so that no gate was passed that is shut."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from domain import gates as judging
from domain import moving
from domain.criteria import Reading
from domain.readiness import GATE_VALID_DAYS, Answer, Says
from domain.rollouts import Move, Phase, Rollout, Stage
from domain.templates import Template
from store import answers, gatehouse, gates, rollback_plans, rollouts, templates
from store.engine import Session
from store.gates import Approval
from store.rollback_plans import WORKED, Drill, RollbackPlan
from store.rollouts import Moved
from store.tables import EvaluationRow, FeedbackRow, ResponseRow

Told = Mapping[str, Any]
DAY = timedelta(days=1)
MORNING = time(9)
WAIVED = timedelta(days=60)
"""That what is waived holds from the start on."""
GRANTED = {"product": "paul", "technical": "tess", "business": "bea", "security": "sam"}
"""Who of the cast says yes to what lies behind."""


@dataclass
class _Walk:
    """One rollout on its way to where it is found."""

    session: Session
    it: Rollout
    told: Told
    now: datetime

    def move(self, move: Move, after: Rollout, at: datetime) -> None:
        found = gatehouse.found(self.session, self.it, at)
        record = Moved(
            self.it.id, 0, move, self.it.number, _stands(self.it), _stands(after),
            judging.told(found), self.it.owner, "", f"start:{self.it.id}:{self.it.version}", at,
        )  # fmt: skip
        self.it = rollouts.moved(self.session, self.it, after, record)


def keep(session: Session, told: Sequence[Told], now: datetime) -> None:
    """Keep these, in this order, unless there are rollouts already: they are people's from then
    on."""
    if rollouts.known(session):
        return
    for it in told:
        template = next(one for one in templates.known(session) if one.key == "four-phases")
        _kept(session, it, template, now)


def _kept(session: Session, told: Told, template: Template, now: datetime) -> None:
    long = sum(it.get("days", 0) for it in told["phases"].values())
    began = now if not long else _morning(now, long)
    phases = _phases(template, told["phases"], began)
    draft = Rollout(
        told["title"], told["workload"], told["owner"], told["sponsor"], tuple(told["units"]),
        tuple(told["deployments"]), template.key, template.version, phases,
        proposer=told["owner"], at=began - DAY,
        paired=tuple((one, other) for one, other in told.get("paired", ())),
        safeguards=template.safeguards,
    )  # fmt: skip
    draft = replace(draft, id=rollouts.add(session, draft))
    for number, it in enumerate(phases):
        if way := told["ways"].get(it.key):
            _way(session, draft, number, way, now)
    walk = _Walk(session, draft, told, now)
    if long:
        _walked(walk, began)
        _said(session, walk.it, told, now)


def _walked(walk: _Walk, began: datetime) -> None:
    walk.move(Move.PREPARE, moving.prepared(walk.it), began - DAY)
    walk.move(Move.START, moving.started(walk.it, began), began)
    at = began
    for it in walk.it.phases:
        told = walk.told["phases"][it.key]
        end = at + DAY * told.get("days", 0)
        if not told.get("days"):
            return
        _watched(walk, told, at, end)
        last = end.date() >= walk.now.date()
        _assessed(walk, walk.now if last else end)
        if last:
            _yes_so_far(walk)
            return
        for grant in it.approvals:
            _yes(walk, grant, f"contoso/{GRANTED[grant]}", end)
        found = gatehouse.found(walk.session, walk.it, end)
        walk.move(Move.ADVANCE, moving.advanced(walk.it, found.gate, end), end)
        at = end


def _watched(walk: _Walk, told: Told, at: datetime, end: datetime) -> None:
    """Readings once a day, on a straight line from the first value to the last."""
    number, many = walk.it.number or 0, told["days"]
    for step in range(many + 1):
        then = min(at + DAY * step, walk.now)
        values = {
            key: Reading(then, round(first + (last - first) * step / many, 3), sample, then)
            for key, (first, last, sample) in told["read"].items()
        }
        gates.read(walk.session, walk.it.id, number, values)
        if then < end:
            gates.watched(walk.session, walk.it.id, number, then.date(), then)


def _assessed(walk: _Walk, at: datetime) -> None:
    """The stage as a sweep would have it."""
    walk.it = moving.assessed(walk.it, gatehouse.found(walk.session, walk.it, at).gate)
    rollouts.assessed(walk.session, walk.it)


def _yes_so_far(walk: _Walk) -> None:
    if walk.it.phase is not None and walk.it.phase.stage is Stage.ASKING:
        for grant, person in walk.told.get("said", {}).items():
            _yes(walk, grant, person, walk.now)


def _yes(walk: _Walk, grant: str, person: str, at: datetime) -> None:
    number = walk.it.number or 0
    gates.say(walk.session, Approval(walk.it.id, number, grant, person, True, "", at))


def _phases(template: Template, told: Told, began: datetime) -> tuple[Phase, ...]:
    found, at = [], began
    for it in template.phases:
        mine = told[it.key]
        days = mine.get("days") or it.bake_days * 7 // 5 + 2
        cohort = replace(it.cohort, planned=mine["planned"], reached=mine.get("reached"))
        end, features = at + DAY * days, tuple(mine.get("features", ()))
        found.append(
            replace(it, cohort=cohort, features=features, planned_start=at, planned_end=end)
        )
        at = end
    return tuple(found)


def _way(session: Session, it: Rollout, number: int, told: Told, now: datetime) -> None:
    way = RollbackPlan(
        it.id, number, told["trigger"], it.owner, told["minutes"], told["words"], it.owner,
        it.at or now, tuple(told["steps"]),
    )  # fmt: skip
    rollback_plans.keep(session, way)
    if days := told.get("drilled"):
        minutes = told["minutes"] * 2 // 3
        drill = Drill(
            _morning(now, days), it.owner, minutes, WORKED, "With everyone who has a part"
        )
        rollback_plans.drilled(session, it.id, number, drill)


def _said(session: Session, it: Rollout, told: Told, now: datetime) -> None:
    """What people have said, counted, measured and vouched for, of the phase under way."""
    number, by = it.number or 0, it.owner
    if counted := told.get("answered"):
        asked, answered = counted
        session.add(ResponseRow(rollout=it.id, phase=number, at=now, asked=asked,
                                answered=answered, said_by=by))  # fmt: skip
    for each in told.get("feedback", ()):
        at = _morning(now, each["days"])
        kept = {name: each[name] for name in ("theme", "severity", "status", "words")}
        closed = at + DAY if each["status"] == "closed" else None
        session.add(FeedbackRow(rollout=it.id, phase=number, **kept, said_on=at.date(),
                                change=each.get("change", ""), entered_by=by, at=at,
                                closed_at=closed))  # fmt: skip
    for each in told.get("evaluations", ()):
        at = _morning(now, each["days"])
        kept = {name: each[name] for name in ("dataset", "metric", "value", "pairs")}
        session.add(EvaluationRow(rollout=it.id, deployment=it.deployments[0], **kept, link="",
                                  threshold=4.0, ran_at=at, said_by=by, at=at))  # fmt: skip
    until = now + timedelta(days=GATE_VALID_DAYS)
    for key, evidence in told.get("answers", {}).items():
        answers.say(session, Answer(it.id, key, Says.MET, by, evidence, "", until, by, now))
    for key, waived in told.get("waived", {}).items():
        answers.say(session, Answer(it.id, key, Says.WAIVED, by, "", waived["reason"],
                                    now + WAIVED, it.sponsor, now, waived["by"], now))  # fmt: skip


def _morning(now: datetime, days: int) -> datetime:
    return datetime.combine((now - days * DAY).date(), MORNING, now.tzinfo)


def _stands(it: Rollout) -> str:
    return f"{it.state}, {it.phase.title}: {it.phase.stage}" if it.phase else str(it.state)

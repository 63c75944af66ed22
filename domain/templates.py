"""Templates of rollouts: phases with their gates, versioned; a running rollout keeps its version.

A template is JSON that people may edit, so everything in it is checked before it is kept.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from domain import braking, criteria, rollouts
from domain.braking import Action, Safeguard
from domain.criteria import Criterion, Kind, Severity
from domain.faults import OutOfRange
from domain.roles import Grant
from domain.rollouts import Cohort, Cohorts, Phase, Stage

Json = Mapping[str, Any]
GRANTS = {it.value.removesuffix(" approver"): it for it in Grant if it.value.endswith(" approver")}
"""The approvals that a phase can ask for, by the word in the template."""
MOST_PHASES, MOST_CRITERIA = 12, 60
"""Of a template, and of each of its phases."""
C = TypeVar("C", Kind, Severity, Cohorts, Action)


@dataclass(frozen=True)
class Template:
    key: str
    version: int
    title: str
    phases: tuple[Phase, ...]
    said_by: str = ""
    at: datetime | None = None
    note: str = ""
    safeguards: tuple[Safeguard, ...] = ()


def parsed(told: Json, version: int = 1) -> Template:
    """The template of such JSON; raises OutOfRange with the place where it can't be one."""
    key, title = _word(told, "key"), _word(told, "title")
    phases = tuple(_phase(it) for it in _list(told, "phases"))
    note, guards = str(told.get("note") or ""), safeguards_of(_list(told, "safeguards"))
    template = Template(key, version, title, phases, note=note, safeguards=guards)
    checked(template)
    return template


def checked(template: Template) -> None:
    """Raises OutOfRange where a template cannot be."""
    if not template.phases:
        raise OutOfRange("A template needs at least one phase.")
    if len(template.phases) > MOST_PHASES:
        raise OutOfRange(f"A template has {MOST_PHASES} phases at the most.")
    rollouts.checked(template.phases)
    braking.checked(template.safeguards)
    for it in template.phases:
        criteria.checked(it.criteria)
        if len(it.criteria) > MOST_CRITERIA:
            raise OutOfRange(f"{it.title}: {MOST_CRITERIA} criteria at the most.")
        if strange := [name for name in it.approvals if name not in GRANTS]:
            raise OutOfRange(f"{it.title}: nobody can give the approval {strange[0]!r}.")


def told(template: Template) -> dict[str, Any]:
    """The JSON that parsed() reads back into the same template."""
    return {
        "key": template.key,
        "title": template.title,
        "note": template.note,
        "phases": [_phase_told(it) for it in template.phases],
        "safeguards": safeguards_told(template.safeguards),
    }


def safeguards_told(those: Sequence[Safeguard]) -> list[dict[str, Any]]:
    """The JSON that safeguards_of() reads."""
    return [{**_criterion_told(it.criterion), "action": it.action.value} for it in those]


def safeguards_of(told: Sequence[Json]) -> tuple[Safeguard, ...]:
    """The safeguards of such JSON; raises OutOfRange with the place where they can't be."""
    return tuple(
        Safeguard(
            _criterion(it, "Safeguards"),
            _choice(Action, it.get("action", Action.PAUSE.value), "Safeguards"),
        )
        for it in told
    )


def phase_text(phase: Phase) -> str:
    """What the template says of a phase, as text for the store."""
    return json.dumps(_phase_told(phase), sort_keys=True, ensure_ascii=False)


@lru_cache(maxsize=512)
def phase_of(text: str) -> Phase:
    """The phase that phase_text() wrote; rollouts of one template share its texts."""
    return _phase(json.loads(text))


def _phase(it: Json) -> Phase:
    title = _word(it, "title")
    cohort = it.get("cohort") or {}
    return Phase(
        key=_word(it, "key"),
        title=title,
        stage=Stage.WAITING,
        cohort=Cohort(
            _choice(Cohorts, cohort.get("kind", Cohorts.NAMED.value), title),
            _whole(cohort.get("planned", 0), title),
            reference=str(cohort.get("reference") or ""),
            channel=str(cohort.get("channel") or ""),
        ),
        criteria=tuple(_criterion(each, title) for each in _list(it, "criteria")),
        bake_days=_whole(it.get("bake_days", 0), title),
        approvals=tuple(map(str, _list(it, "approvals"))),
        features=tuple(map(str, _list(it, "features"))),
        checklist=tuple(map(str, _list(it, "checklist"))),
        one_way=it.get("one_way") is True,
    )


def _criterion(it: Json, phase: str) -> Criterion:
    title = _word(it, "title")
    where = f"{phase}, {title}"
    return Criterion(
        key=_word(it, "key"),
        title=title,
        kind=_choice(Kind, it.get("kind"), where),
        reads=_word(it, "reads"),
        compares=str(it.get("compares", "at least")),
        threshold=_number(it.get("threshold", 0), where),
        unit=str(it.get("unit") or ""),
        window_days=_whole(it.get("window_days", 7), where),
        least_sample=_whole(it.get("least_sample", 0), where),
        oldest=timedelta(hours=_number(it.get("oldest_hours", 24), where)),
        passes=_whole(it.get("passes", 1), where),
        severity=_choice(Severity, it.get("severity", Severity.BLOCKING.value), where),
    )


def _phase_told(it: Phase) -> dict[str, Any]:
    return {
        "key": it.key,
        "title": it.title,
        "cohort": {
            "kind": it.cohort.kind.value,
            "planned": it.cohort.planned,
            "reference": it.cohort.reference,
            "channel": it.cohort.channel,
        },
        "criteria": [_criterion_told(each) for each in it.criteria],
        "bake_days": it.bake_days,
        "approvals": list(it.approvals),
        "features": list(it.features),
        "checklist": list(it.checklist),
        "one_way": it.one_way,
    }


def _criterion_told(it: Criterion) -> dict[str, Any]:
    same = ("key", "title", "reads", "compares", "threshold", "unit", "window_days")
    return {
        **{name: getattr(it, name) for name in (*same, "least_sample", "passes")},
        "kind": it.kind.value,
        "severity": it.severity.value,
        "oldest_hours": it.oldest / timedelta(hours=1),
    }


def _word(it: Any, name: str) -> str:
    value = it.get(name) if isinstance(it, Mapping) else None
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise OutOfRange(f"Something in the template has no {name}.")
    return value.strip()


def _list(it: Json, name: str) -> Sequence[Any]:
    found = it.get(name) or []
    if not isinstance(found, list):
        raise OutOfRange(f"{name} of the template is no list.")
    return found


def _whole(value: object, where: str) -> int:
    number = _number(value, where)
    if not number.is_integer():
        raise OutOfRange(f"{where}: {number} is no whole number.")
    return int(number)


def _number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise OutOfRange(f"{where}: {value!r} is no number.")
    return float(value)


def _choice(kinds: type[C], value: object, where: str) -> C:
    for it in kinds:
        if it.value == value:
            return it
    raise OutOfRange(f"{where}: {value!r} is none of {', '.join(kinds)}.")

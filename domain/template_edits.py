"""A template under a person's hands: one step after another, and what differs from the version
before. Each step gives a template that can be kept, or is refused in words."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from domain import templates
from domain.braking import Safeguard
from domain.criteria import Criterion, Kind, figure
from domain.faults import OutOfRange
from domain.rollouts import Phase
from domain.templates import Template

READS: Mapping[Kind, tuple[str, ...]] = {
    Kind.METRIC: (
        *("availability", "throttled_share", "failed_share", "latency_ms"),
        *("utilization", "blocked_share", "requests"),
    ),
    Kind.FEEDBACK: ("response_rate", "open_severe", "closed_share", "satisfaction"),
    Kind.CHECKLIST: ("open_items",),
    Kind.BUDGET: ("cost_per_conversation", "forecast_share"),
    Kind.CAPACITY: ("headroom_after_next",),
    Kind.FILTER: ("looser",),
    Kind.RETIREMENT: ("days_left",),
}
"""What can be read for each kind; an evaluation has metrics of its own, a manual one any key."""
LISTS = ("critical", "deployment")
"""The readiness items that a phase can ask for, by list."""
SAFEGUARDS = "Safeguards"
LONGEST, MOST_PEOPLE, MOST_DAYS, MOST = 300, 10_000_000, 366, 1e12
_CRITERION = {
    "title": "title", "kind": "kind", "reads": "what is read", "compares": "comparison",
    "threshold": "threshold", "unit": "unit", "window_days": "window in days",
    "least_sample": "least sample", "oldest": "greatest age of data", "passes": "passes in a row",
    "severity": "what it stops",
}  # fmt: skip
_GUARD = {**_CRITERION, "passes": "failures in a row"}
_PHASE = {
    "title": "title", "bake_days": "bake days", "approvals": "approvals", "features": "features",
    "checklist": "readiness lists", "one_way": "no way back without a drill",
}  # fmt: skip
_COHORT = {
    "kind": "cohort", "planned": "planned people", "reference": "where the cohort is kept",
    "channel": "where they say what they think",
}  # fmt: skip


def named(it: Template, title: str) -> Template:
    """The same under another title."""
    if not title.strip():
        raise OutOfRange("A template has a title.")
    return _checked(replace(it, title=title.strip()))


def with_phase(it: Template, at: int | None, phase: Phase) -> Template:
    """This phase in place of the one at this number, or as the last; its criteria stay."""
    phases = list(it.phases)
    if at is None:
        phases.append(phase)
    else:
        phases[at] = replace(phase, key=phases[at].key, criteria=phases[at].criteria)
    return _checked(replace(it, phases=tuple(phases)))


def without_phase(it: Template, at: int) -> Template:
    return _checked(replace(it, phases=it.phases[:at] + it.phases[at + 1 :]))


def moved(it: Template, at: int, by: int) -> Template:
    """The phase so many places later, or before that; at the ends it stays."""
    phases = list(it.phases)
    phases.insert(max(0, at + by), phases.pop(at))
    return _checked(replace(it, phases=tuple(phases)))


def with_criterion(it: Template, at: int, criterion: Criterion) -> Template:
    """This criterion in the phase at this number, in place of the one of its key, or as the
    last."""
    old = it.phases[at].criteria
    there = any(one.key == criterion.key for one in old)
    put = tuple(criterion if one.key == criterion.key else one for one in old)
    return _with(it, at, put if there else (*old, criterion))


def without_criterion(it: Template, at: int, key: str) -> Template:
    return _with(it, at, tuple(one for one in it.phases[at].criteria if one.key != key))


def with_safeguard(it: Template, guard: Safeguard) -> Template:
    """This safeguard in place of the one of its key, or as the last."""
    old = it.safeguards
    there = any(one.key == guard.key for one in old)
    put = tuple(guard if one.key == guard.key else one for one in old)
    return _checked(replace(it, safeguards=put if there else (*old, guard)))


def without_safeguard(it: Template, key: str) -> Template:
    return _checked(replace(it, safeguards=tuple(one for one in it.safeguards if one.key != key)))


def key_of(title: str, taken: Collection[str]) -> str:
    """A key that is not taken, in the letters of the title; raises OutOfRange where it has none."""
    key = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40]
    if not key:
        raise OutOfRange("A title has letters or digits.")
    return next(one for one in (key, *(f"{key}-{n}" for n in range(2, 99))) if one not in taken)


def require_kept(it: Template) -> None:
    """Raise OutOfRange where it cannot be kept: a text too long, a number past all measure, or a
    criterion that nothing reads."""
    _require_texts(templates.told(it))
    for phase in it.phases:
        if phase.cohort.planned > MOST_PEOPLE or phase.bake_days > MOST_DAYS:
            raise OutOfRange(f"{phase.title}: {MOST_PEOPLE:,} people and {MOST_DAYS} days of bake "
                             "at the most.")  # fmt: skip
        for one in phase.criteria:
            _require_read(phase.title, one)
        if strange := set(phase.checklist) - set(LISTS):
            raise OutOfRange(f"{phase.title}: there is no readiness list {min(strange)!r}.")
    for guard in it.safeguards:
        _require_read(SAFEGUARDS, guard.criterion)


def _require_read(where: str, it: Criterion) -> None:
    where = f"{where}, {it.title}"
    if it.kind in READS and it.reads not in READS[it.kind]:
        raise OutOfRange(f"{where}: a {it.kind} reads {' or '.join(READS[it.kind])}.")
    if it.oldest > timedelta(days=MOST_DAYS) or it.window_days > MOST_DAYS:
        raise OutOfRange(f"{where}: {MOST_DAYS} days at the most.")
    if it.passes > MOST_DAYS or max(it.least_sample, abs(it.threshold)) > MOST:
        raise OutOfRange(f"{where}: this number is past all measure.")


def differences(before: Template | None, after: Template) -> tuple[str, ...]:
    """What the later one has that the earlier one has not, and the other way round, in words."""
    if before is None:
        return ("It is the first version.",)
    return tuple(_differences(before, after))


def _differences(before: Template, after: Template) -> Iterator[str]:
    if before.title != after.title:
        yield f"It is called {after.title}, was {before.title}."
    was, now = ({it.key: it for it in one.phases} for one in (before, after))
    yield from (f"{it.title} is gone." for key, it in was.items() if key not in now)
    for key, it in now.items():
        if key not in was:
            yield f"{it.title} is new, with {len(it.criteria)} criteria."
        else:
            yield from _of_phase(was[key], it)
    if [it for it in was if it in now] != [it for it in now if it in was]:
        yield f"The order is now {', '.join(it.title for it in after.phases)}."
    yield from _of_safeguards(before, after)


def _of_safeguards(before: Template, after: Template) -> Iterator[str]:
    was, now = ({it.key: it for it in one.safeguards} for one in (before, after))
    for key, it in was.items():
        if key not in now:
            yield f"{SAFEGUARDS}: {it.criterion.title} is gone."
    for key, it in now.items():
        where = f"{SAFEGUARDS}, {it.criterion.title}"
        if key not in was:
            yield f"{SAFEGUARDS}: {it.criterion.title} is new, {it.action}."
        else:
            yield from _fields(where, _GUARD, was[key].criterion, it.criterion)
            yield from _fields(where, {"action": "what is done"}, was[key], it)


def _of_phase(before: Phase, after: Phase) -> Iterator[str]:
    yield from _fields(after.title, _PHASE, before, after)
    yield from _fields(after.title, _COHORT, before.cohort, after.cohort)
    was, now = ({it.key: it for it in one.criteria} for one in (before, after))
    for key, it in was.items():
        if key not in now:
            yield f"{after.title}: {it.title} is gone."
    for key, it in now.items():
        if key not in was:
            yield f"{after.title}: {it.title} is new, {it.severity}."
        else:
            yield from _fields(f"{after.title}, {it.title}", _CRITERION, was[key], it)


def _fields(where: str, names: Mapping[str, str], before: object, after: object) -> Iterator[str]:
    for name, called in names.items():
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield f"{where}: {called} {_said(now)}, was {_said(was)}."


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, timedelta):
        return f"{figure(value / timedelta(hours=1))} hours"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return figure(value) if isinstance(value, int | float) else str(value) or "none"


def _with(it: Template, at: int, criteria: tuple[Criterion, ...]) -> Template:
    phases = list(it.phases)
    phases[at] = replace(phases[at], criteria=criteria)
    return _checked(replace(it, phases=tuple(phases)))


def _checked(it: Template) -> Template:
    templates.checked(it)
    require_kept(it)
    return it


def _require_texts(told: object) -> None:
    match told:
        case str():
            if len(told) > LONGEST or not told.isprintable():
                raise OutOfRange(f"A text takes {LONGEST} printable characters.")
        case list():
            for it in told:
                _require_texts(it)
        case dict():
            for it in told.values():
                _require_texts(it)

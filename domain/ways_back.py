"""The steps of a way back: what the console puts back by a lever of its own, and what it has to ask
of a person, with a timer. Source: docs of the rollout model, 4.3, rule 7."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from domain import names
from domain.faults import OutOfRange

Step = Mapping[str, Any]
CAPACITY, FILTER = "capacity", "filter"
LEVERS = (CAPACITY, FILTER)
"""What the console can put back: a number of units; a filter policy, None for the default."""
MOST_STEPS, MOST_MINUTES, LONGEST = 20, 7 * 24 * 60, 200
UNTOLD = "A step is a lever with a deployment and a target, or a task with an owner and minutes."


def checked(
    steps: Sequence[Step], deployments: Collection[str], most_minutes: int
) -> tuple[dict[str, Any], ...]:
    """The steps as they are kept; raises OutOfRange where one cannot be. deployments: what the
    rollout is of, and so what may be put back; most_minutes: how long it may take in all."""
    if not _whole(most_minutes) or not 0 < most_minutes <= MOST_MINUTES:
        raise OutOfRange(f"A way back takes 1 to {MOST_MINUTES:,} minutes.")
    if not 0 < len(steps) <= MOST_STEPS:
        raise OutOfRange(f"A way back has 1 to {MOST_STEPS} steps.")
    kept = tuple(_checked(it, most_minutes) for it in steps)
    moved = [it["resource"] for it in kept if "lever" in it]
    for resource in moved:
        if resource not in deployments:
            raise OutOfRange("A lever puts back a deployment of this rollout.")
        if moved.count(resource) > 1:
            raise OutOfRange(
                f"{called(resource)} is put back by one lever; write the other step as a task."
            )
    return kept


def targets(steps: Iterable[Step]) -> dict[str, int]:
    """Units by deployment, of the steps that put capacity back."""
    return {it["resource"]: it["target"] for it in steps if it.get("lever") == CAPACITY}


def policies(steps: Iterable[Step]) -> dict[str, str | None]:
    """Name of the filter policy by deployment; None for the default."""
    return {it["resource"]: it["target"] for it in steps if it.get("lever") == FILTER}


def words(step: Step) -> str:
    """A step for people."""
    if "task" in step:
        return str(step["task"])
    if step["lever"] == CAPACITY:
        return f"Set {called(step['resource'])} to {step['target']:,} units"
    policy = f"filter policy {step['target']}" if step["target"] else "the default filter policy"
    return f"Point {called(step['resource'])} to {policy}"


def called(resource: str) -> str:
    """What people call a deployment; an id that is none by itself."""
    try:
        return names.short(resource)
    except ValueError:
        return resource


def _checked(step: Step, most_minutes: int) -> dict[str, Any]:
    match step:
        case {"lever": str(lever), "resource": str(resource), "target": target}:
            return {"lever": lever, "resource": resource, "target": _target(lever, target)}
        case {"task": str(task), "owner": str(owner), "minutes": minutes}:
            if not _whole(minutes) or not 0 < minutes <= most_minutes:
                raise OutOfRange(f"A task takes 1 minute to the {most_minutes:,} of the whole.")
            return {"task": _text(task), "owner": _text(owner), "minutes": minutes}
    raise OutOfRange(UNTOLD)


def _target(lever: str, target: object) -> object:
    if lever not in LEVERS:
        raise OutOfRange(f"The console puts back {' or '.join(LEVERS)}; anything else is a task.")
    if lever == CAPACITY:
        if not isinstance(target, int) or isinstance(target, bool) or target < 1:
            raise OutOfRange("Capacity is put back to a whole number of units.")
        return target
    if target is None:
        return None
    if not isinstance(target, str):
        raise OutOfRange("A filter policy is put back by its name.")
    return _text(target)


def _text(value: str) -> str:
    if not value.strip() or len(value) > LONGEST or not value.isprintable():
        raise OutOfRange(f"A step takes 1 to {LONGEST} printable characters.")
    return value.strip()


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)

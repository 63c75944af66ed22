"""Results of evaluations as pasted JSON, read one by one: what is good, and what is wrong.

An object or a list of objects whose names are those of the form, or what evaluate() of the Azure AI
Evaluation SDK writes: {"metrics": {"groundedness.groundedness": 4.3}, "rows": [...],
"studio_url": ...}. Source of that shape: learn.microsoft.com, Evaluate your generative AI
application with the Azure AI Evaluation SDK.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from domain import evaluations, ways_back
from domain.evaluations import Evaluation
from domain.faults import OutOfRange
from domain.rollouts import Rollout
from domain.sheets import MOST_BYTES, MOST_ROWS, Wrong

NAMES = ("deployment", "metric", "data set", "pairs", "result", "threshold", "ran at", "link")
"""As people may write them, with blanks, underscores or neither."""
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Usual:
    """What counts for every result that does not say it itself."""

    by: str
    """Key of the person who records it."""
    at: datetime
    dataset: str = ""
    ran_at: datetime | None = None


@dataclass(frozen=True)
class Entries:
    good: tuple[Evaluation, ...] = ()
    wrong: tuple[Wrong, ...] = ()


def read(text: str, rollout: Rollout, before: Iterable[Evaluation], usual: Usual) -> Entries:
    """What a text holds about a rollout; before: what is kept of it already."""
    try:
        told = _entries(text)
    except OutOfRange as refused:
        return Entries(wrong=(Wrong(0, refused.words),))
    good: list[Evaluation] = []
    wrong: list[Wrong] = []
    kept = set(map(evaluations.key, before))
    for at, it in enumerate(told, start=1):
        try:
            good.append(evaluations.checked(_evaluation(it, rollout, usual), rollout, kept))
            kept.add(evaluations.key(good[-1]))
        except OutOfRange as refused:
            wrong.append(Wrong(at, refused.words))
    if not told:
        wrong.append(Wrong(0, "There are no results in it."))
    return Entries(tuple(good), tuple(wrong))


def _entries(text: str) -> Sequence[Any]:
    if len(text) > MOST_BYTES:
        raise OutOfRange(f"The text is longer than {MOST_BYTES // 1000:,} kB.")
    try:
        told = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_once)
    except json.JSONDecodeError as wrong:
        raise OutOfRange(f"This is no JSON; it cannot be read in line {wrong.lineno}.") from None
    except (ValueError, RecursionError):
        raise OutOfRange("This JSON cannot be read.") from None
    if isinstance(told, dict) and isinstance(told.get("metrics"), dict):
        return _of_azure(told)
    if not isinstance(told, dict | list):
        raise OutOfRange("Paste one object, or a list of objects.")
    those = told if isinstance(told, list) else [told]
    if len(those) > MOST_ROWS:
        raise OutOfRange(f"There are more than {MOST_ROWS:,} results.")
    return those


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) < len(pairs):
        raise OutOfRange("An object names the same thing twice.")
    return told


def _of_azure(told: Json) -> list[dict[str, Any]]:
    """One entry for each metric. groundedness.groundedness is called groundedness; where evaluator
    and metric differ, both are named."""
    rows = told.get("rows")
    rows = [it for it in rows if isinstance(it, dict)] if isinstance(rows, list) else []
    link = told.get("studio_url") or ""
    return [
        {
            "metric": name.partition(".")[0] if _twice(name) else name,
            "result": value,
            "pairs": _pairs(rows, name),
            "link": link,
        }
        for name, value in told["metrics"].items()
    ]


def _twice(name: str) -> bool:
    evaluator, _, own = name.partition(".")
    return evaluator == own


def _pairs(rows: Sequence[Json], name: str) -> int:
    """Rows that have a value; all of them where none has a column of that name."""
    own = [it[f"outputs.{name}"] for it in rows if f"outputs.{name}" in it]
    return sum(it is not None and it == it for it in own) if own else len(rows)


def _evaluation(told: Any, rollout: Rollout, usual: Usual) -> Evaluation:
    if not isinstance(told, dict):
        raise OutOfRange("This is no object.")
    row = _named(told)
    return Evaluation(
        rollout.id,
        _deployment(_text(row, "deployment"), rollout),
        _text(row, "dataset") or usual.dataset,
        _text(row, "metric"),
        _number(row.get("result"), "result"),
        None if row.get("threshold") is None else _number(row["threshold"], "threshold"),
        _whole(row.get("pairs")),
        _text(row, "link"),
        _time(row.get("ranat"), usual),
        usual.by,
        usual.at,
    )


def _folded(name: str) -> str:
    return name.casefold().replace("_", "").replace(" ", "")


def _named(told: Json) -> Json:
    row = {_folded(name): it for name, it in told.items()}
    if strange := [it for it in told if _folded(it) not in map(_folded, NAMES)]:
        shown = ", ".join(it[:30] or "one without a name" for it in strange[:5])
        raise OutOfRange(f"Not known: {shown}. Known are {', '.join(NAMES)}.")
    if len(row) < len(told):
        raise OutOfRange("It names the same thing twice.")
    return row


def _text(row: Json, name: str) -> str:
    it = row.get(name)
    if it is None:
        return ""
    if not isinstance(it, str):
        raise OutOfRange(f"The {name.replace('dataset', 'data set')} is a text in quotes.")
    return it.strip()


def _deployment(text: str, rollout: Rollout) -> str:
    """By id, as account/deployment, or by its name alone where only one has it."""
    wanted = text.casefold()
    for form in (str.casefold, lambda it: ways_back.called(it).casefold(), _last):
        those = [it for it in rollout.deployments if form(it) == wanted]
        if len(those) == 1:
            return those[0]
    if text:
        raise OutOfRange("The deployment is none of this rollout's.")
    return ""


def _last(resource: str) -> str:
    return resource.rpartition("/")[2].casefold()


def _number(it: Any, name: str) -> float:
    if isinstance(it, bool) or not isinstance(it, int | float) or not abs(it) <= evaluations.MOST:
        raise OutOfRange(f"The {name} is a number.")
    return float(it)


def _whole(it: Any) -> int:
    if isinstance(it, bool) or not isinstance(it, int):
        raise OutOfRange("Pairs is the number of questions that have an answer to compare with.")
    return it


def _time(it: Any, usual: Usual) -> datetime:
    """UTC where no zone is named; a day alone is its beginning."""
    if it is None and usual.ran_at is not None:
        return usual.ran_at
    try:
        found = datetime.fromisoformat(it) if isinstance(it, str) else None
    except ValueError:
        found = None
    if found is None:
        raise OutOfRange("Ran at is a time such as 2026-11-26T09:30Z.")
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        raise OutOfRange("Ran at is a time such as 2026-11-26T09:30Z.") from None

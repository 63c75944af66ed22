"""The small part of KQL that inventories ask: where, project, extend, order by, limit."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from simulator.faults import Json
from simulator.resourcegraph import faults

Rows = list[Json]
PATH = re.compile(r"^[A-Za-z_]\w*(?:\.\w+|\['[^']*'\]|\[\"[^\"]*\"\])*$")
CALL = re.compile(r"^(tostring|tolower|toupper|toint|tobool)\((.+)\)$", re.IGNORECASE | re.DOTALL)
NAMED = re.compile(r"^([A-Za-z_]\w*)\s*=(?![=~])\s*(.+)$", re.DOTALL)
TEST = re.compile(
    r"^(.+?)\s*(=~|==|!=|!~|!in~|\bin~|\bin\b|\bcontains\b|\bstartswith\b|\bhas\b)\s*(.+)$",
    re.DOTALL | re.IGNORECASE,
)
CASTS: dict[str, Callable[[Any], Any]] = {
    "tostring": lambda it: "" if it is None else str(it),
    "tolower": lambda it: str(it or "").lower(),
    "toupper": lambda it: str(it or "").upper(),
    "toint": lambda it: None if it is None else int(it),
    "tobool": lambda it: str(it).lower() == "true",
}


def split(text: str, mark: str) -> list[str]:
    """Parts of a text at a mark that stands outside quotes and brackets."""
    parts, depth, quote, start, at = list[str](), 0, "", 0, 0
    while at < len(text):
        letter = text[at]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        elif not depth and text[at : at + len(mark)].lower() == mark:
            parts.append(text[start:at])
            start = at + len(mark)
            at = start - 1
        at += 1
    return [part.strip() for part in [*parts, text[start:]]]


def run(query: str, tables: dict[str, Callable[[], Rows]]) -> Rows:
    """The rows of a query. Raises 400 for what is not understood."""
    table, *steps = split(re.sub(r"//[^\n]*", "", query).strip().rstrip(";"), "|")
    if table.lower() not in tables:
        raise faults.unknown_table(table)
    rows = tables[table.lower()]()
    for step in steps:
        rows = _step(step, rows)
    return rows


def _step(step: str, rows: Rows) -> Rows:
    word, _, rest = step.partition(" ")
    rest = rest.strip()
    match word.lower():
        case "where":
            return [row for row in rows if all(_true(it, row) for it in split(rest, " and "))]
        case "project":
            return _project(rest, rows)
        case "extend":
            extended = _project(rest, rows)
            return [row | more for row, more in zip(rows, extended, strict=True)]
        case "order" | "sort":
            return _ordered(rest.removeprefix("by ").strip(), rows)
        case "limit" | "take":
            if not rest.isdigit():
                raise faults.invalid(f"'{rest}' is no number of rows.")
            return rows[: int(rest)]
        case "count":
            return [{"Count": len(rows)}]
    raise faults.invalid(f"The operator '{word}' is not simulated.")


def _true(test: str, row: Json) -> bool:
    bare = test[1:-1].strip() if test.startswith("(") and test.endswith(")") else test
    if len(choices := split(bare, " or ")) > 1:
        return any(_true(it, row) for it in choices)
    found = TEST.match(bare)
    if found is None:
        raise faults.invalid(f"The condition '{test}' is not simulated.")
    left, operator, right = found[1].strip(), found[2].lower(), found[3].strip()
    value = _value(left, row)
    return _compared("" if value is None else str(value), operator, right)


def _compared(value: str, operator: str, right: str) -> bool:
    wanted = [_literal(it) for it in split(right.strip().removeprefix("(").removesuffix(")"), ",")]
    folded, choices = value.lower(), [it.lower() for it in wanted]
    match operator:
        case "==" | "in":
            return value in wanted
        case "!=":
            return value not in wanted
        case "=~" | "in~":
            return folded in choices
        case "!~" | "!in~":
            return folded not in choices
        case "startswith":
            return folded.startswith(choices[0])
    return choices[0] in folded


def _literal(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    if text.lower() in ("true", "false") or re.fullmatch(r"-?\d+", text):
        return text
    raise faults.invalid(f"'{text}' is not a literal.")


def _value(expression: str, row: Json) -> Any:
    expression = expression.strip()
    if cast := CALL.match(expression):
        return CASTS[cast[1].lower()](_value(cast[2], row))
    if expression[:1] in "'\"":
        return _literal(expression)
    if not PATH.match(expression):
        raise faults.invalid(f"The expression '{expression}' is not simulated.")
    found: Any = row
    for part in re.findall(
        r"\w+(?![^\[]*'\])|(?<=\[')[^']*(?='\])|(?<=\[\")[^\"]*(?=\"\])", expression
    ):
        found = _member(found, part)
    return found


def _member(found: Any, name: str) -> Any:
    if not isinstance(found, dict):
        return None
    if name in found:
        return found[name]
    return next((it for key, it in found.items() if key.lower() == name.lower()), None)


def _project(rest: str, rows: Rows) -> Rows:
    columns = list[tuple[str, str]]()
    for part in split(rest, ","):
        named = NAMED.match(part)
        name, expression = (named[1], named[2]) if named else (part, part)
        columns.append((name.replace(".", "_"), expression))
    return [{name: _value(expression, row) for name, expression in columns} for row in rows]


def _ordered(rest: str, rows: Rows) -> Rows:
    keys: Sequence[str] = split(rest, ",")
    for key in reversed(keys):
        words = key.split()
        falling = len(words) < 2 or words[1].lower() != "asc"
        rows = sorted(
            rows, key=lambda row: str(_value(words[0], row) or "").lower(), reverse=falling
        )
    return rows

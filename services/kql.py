"""Queries to Log Analytics: whole ones, each a file; values are put in front of them, as literals.

Nothing of a query is put together from parts, so that what is checked is what is sent, and a value
can be nothing but a value, whatever it says.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "queries"
Value = str | int | float | bool | datetime | timedelta
_TOLD = re.compile(r"^// Values: (.+)$", re.MULTILINE)
_KINDS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "long": (int,),
    "real": (float, int),
    "bool": (bool,),
    "datetime": (datetime,),
    "timespan": (timedelta,),
}
_PLAIN = frozenset(map(chr, range(0x20, 0x7F))) - set("\\\"'")


def query(name: str, values: Mapping[str, Value]) -> str:
    """The query of this name with its values; raises ValueError when the file tells of others."""
    told = wanted(name)
    wrong = {it for it, kind in told.items() if not _fits(values.get(it), kind)}
    wrong |= set(values) - set(told)
    if wrong:
        raise ValueError(f"{name}: not as its file tells: {sorted(wrong)}")
    lets = "".join(f"let {it} = {literal(values[it])};\n" for it in told)
    return lets + _text(name)


def wanted(name: str) -> dict[str, str]:
    """The values that a query takes, and their kinds."""
    found = _TOLD.search(_text(name))
    pairs = (it.split() for it in found[1].split(",")) if found else ()
    return {it[0]: it[1] for it in pairs}


def literal(value: Value) -> str:
    """A value as KQL writes it. Text is ASCII letters and escapes alone: no quote, no line end and
    no comment of its own is left in it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + "".join(it if it in _PLAIN else _escaped(it) for it in value) + '"'
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value}")
        told = value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
        return f"datetime({told}Z)"
    if isinstance(value, timedelta):
        seconds = value // timedelta(seconds=1)
        days, rest = divmod(abs(seconds), 86_400)
        clock = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
        return f"timespan({'-' if seconds < 0 else ''}{days}.{clock})"
    return f"long({value})" if isinstance(value, int) else f"real({json.dumps(value)})"


def _escaped(letter: str) -> str:
    """By UTF-16 unit, as JSON does; half a character becomes a question mark."""
    if 0xD800 <= ord(letter) <= 0xDFFF:
        return "?"
    units = letter.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _fits(value: Value | None, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "bool"
    return isinstance(value, _KINDS.get(kind, ()))


@cache
def _text(name: str) -> str:
    return (FOLDER / f"{name}.kql").read_text()

"""A query as tokens; literals have their values already."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from simulator.kusto.faults import Unreadable

NAME, LITERAL, MARK, END = "name", "literal", "mark", "end"
PIECE = re.compile(
    r"""(?P<space>(?:\s|//[^\n]*)+)
    |(?P<moment>(?:datetime|timespan)\s*\((?P<inner>[^)]*)\))
    |(?P<dynamic>dynamic\s*\()
    |(?P<cast>(?:long|int|real|bool|double)\s*\((?P<plain>[^()'"]*)\))
    |(?P<span>\d+(?:\.\d+)?(?:ms|d|h|m|s)\b)
    |(?P<number>\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)
    |(?P<hyphened>project-away|project-rename)\b
    |(?P<mark>==|!=|<=|>=|=~|!~|!?in~|\.\.|![a-z]+|[-|(),;.=<>+*/%\[\]])
    |(?P<name>\$?[A-Za-z_]\w*)
    |(?P<string>'(?:[^'\\\r\n]|\\.)*'|"(?:[^"\\\r\n]|\\.)*")""",
    re.VERBOSE,
)
SPANS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)


class Token(NamedTuple):
    kind: str
    text: str
    at: int
    value: Any = None
    type: str = ""


def tokens(query: str) -> list[Token]:
    """Raises Unreadable for what no token begins with."""
    found, at = list[Token](), 0
    while at < len(query):
        piece = PIECE.match(query, at)
        if piece is None:
            raise Unreadable(query[at : at + 10].split("\n")[0], query, at)
        kind = piece.lastgroup or ""
        if kind == "dynamic":
            token, at = _dynamic(query, at, piece.end())
            found.append(token)
            continue
        if piece["space"] is None:
            found.append(_token(piece, query, at))
        at = piece.end()
    return [*found, Token(END, "", len(query))]


def _token(piece: re.Match[str], query: str, at: int) -> Token:
    text = piece[0]
    try:
        if piece["moment"]:
            kind = "datetime" if text.startswith("d") else "timespan"
            return Token(LITERAL, text, at, _PARSED[kind](piece["inner"].strip()), kind)
        if piece["cast"]:
            kind = text.split("(")[0].strip().replace("double", "real")
            return Token(LITERAL, text, at, _PARSED[kind](piece["plain"].strip()), kind)
        if piece["string"]:
            return Token(LITERAL, text, at, unescaped(text[1:-1]), "string")
        if piece["span"]:
            return Token(LITERAL, text, at, span(text), "timespan")
        if piece["number"]:
            whole = text.isdigit()
            return Token(
                LITERAL, text, at, int(text) if whole else float(text), "long" if whole else "real"
            )
    except ValueError as error:
        raise Unreadable(text, query, at) from error
    if text in ("true", "false"):
        return Token(LITERAL, text, at, text == "true", "bool")
    return Token(NAME if piece["name"] or piece["hyphened"] else MARK, text, at)


def _dynamic(query: str, at: int, start: int) -> tuple[Token, int]:
    while start < len(query) and query[start].isspace():
        start += 1
    try:
        value, end = json.JSONDecoder().raw_decode(query, start)
    except ValueError as error:
        raise Unreadable("dynamic", query, at) from error
    close = query.find(")", end)
    if close < 0 or query[end:close].strip():
        raise Unreadable("dynamic", query, at)
    return Token(LITERAL, query[at : close + 1], at, value, "dynamic"), close + 1


def unescaped(text: str) -> str:
    """What a string literal says. Raises ValueError for an escape that there is none of."""

    def said(found: re.Match[str]) -> str:
        if code := found[1] or found[2] or found[3]:
            return chr(int(code, 16))
        if found[4] in "\\'\"":
            return found[4]
        if found[4] not in ESCAPES:
            raise ValueError(found[0])
        return ESCAPES[found[4]]

    plain = ESCAPE.sub(said, text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def span(text: str) -> timedelta:
    """1d, 10m, 0.5h, or 1.02:03:04. Raises ValueError."""
    if found := re.fullmatch(r"(-?\d+(?:\.\d+)?)(ms|d|h|m|s)", text):
        return timedelta(seconds=float(found[1]) * SPANS[found[2]])
    found = re.fullmatch(r"(-?)(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)", text)
    if found is None:
        raise ValueError(text)
    days, hours, minutes = (int(it or 0) for it in found.group(2, 3, 4))
    whole = timedelta(days=days, hours=hours, minutes=minutes, seconds=float(found[5]))
    return -whole if found[1] else whole


def moment(text: str) -> datetime:
    """A time in UTC. Raises ValueError."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _or_null(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: None if text == "null" else read(text)


_PARSED: dict[str, Callable[[str], Any]] = {
    "datetime": _or_null(moment),
    "timespan": _or_null(span),
    "long": _or_null(int),
    "int": _or_null(int),
    "real": _or_null(float),
    "bool": _or_null(lambda text: {"true": True, "false": False}[text]),
}

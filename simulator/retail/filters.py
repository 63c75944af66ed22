"""The $filter of the price list: eq, ne, contains and startswith, with and, or and brackets."""

import re
from collections.abc import Callable, Mapping

from simulator.retail.faults import invalid_filter

Row = Mapping[str, object]
Test = Callable[[Row], bool]
TOKEN = re.compile(
    r"\s*(?:(?P<call>contains|startswith)\s*\(\s*(?P<of>\w+)\s*,\s*'(?P<part>(?:[^']|'')*)'\s*\)"
    r"|(?P<name>\w+)\s+(?P<how>eq|ne)\s+(?:'(?P<text>(?:[^']|'')*)'|(?P<bare>[\w.]+))"
    r"|(?P<word>and|or)\b|(?P<bracket>[()]))",
    re.IGNORECASE,
)
FIELDS = {
    it.lower(): it
    for it in (
        "armRegionName",
        "armSkuName",
        "currencyCode",
        "isPrimaryMeterRegion",
        "location",
        "meterId",
        "meterName",
        "productId",
        "productName",
        "reservationTerm",
        "serviceFamily",
        "serviceId",
        "serviceName",
        "skuId",
        "skuName",
        "type",
        "unitOfMeasure",
    )
} | {"pricetype": "type"}


def parsed(text: str, *, exact: bool) -> Test:
    """Whether a row is let through; `exact` minds the case of values. Raises 400."""
    if not text.strip():
        return lambda _row: True
    left = _tokens(text)
    found = _either(left, exact)
    if left:
        raise invalid_filter(text)
    return found


def _tokens(text: str) -> list[re.Match[str]]:
    found, at = list[re.Match[str]](), 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if match is None:
            raise invalid_filter(text[at:].strip())
        found.append(match)
        at = match.end()
    return found


def _either(left: list[re.Match[str]], exact: bool) -> Test:
    tests = [_both(left, exact)]
    while left and (left[0]["word"] or "").lower() == "or":
        left.pop(0)
        tests.append(_both(left, exact))
    return lambda row: any(test(row) for test in tests)


def _both(left: list[re.Match[str]], exact: bool) -> Test:
    tests = [_term(left, exact)]
    while left and (left[0]["word"] or "").lower() == "and":
        left.pop(0)
        tests.append(_term(left, exact))
    return lambda row: all(test(row) for test in tests)


def _term(left: list[re.Match[str]], exact: bool) -> Test:
    if not left:
        raise invalid_filter("the expression ends too early")
    match = left.pop(0)
    if match["bracket"] == "(":
        inner = _either(left, exact)
        if not left or left.pop(0)["bracket"] != ")":
            raise invalid_filter("a bracket is not closed")
        return inner
    if match["call"]:
        return _call(match, exact)
    if not match["name"]:
        raise invalid_filter(match[0].strip())
    return _compared(match, exact)


def _call(match: re.Match[str], exact: bool) -> Test:
    name, part = _field(match["of"]), _value(match["part"], exact)
    if match["call"].lower() == "contains":
        return lambda row: part in _value(str(row.get(name, "")), exact)
    return lambda row: _value(str(row.get(name, "")), exact).startswith(part)


def _compared(match: re.Match[str], exact: bool) -> Test:
    name, same = _field(match["name"]), match["how"].lower() == "eq"
    if match["bare"]:
        wanted = match["bare"].lower() == "true"
        return lambda row: (row.get(name) is wanted) == same
    text = _value(match["text"], exact)
    return lambda row: (_value(str(row.get(name, "")), exact) == text) == same


def _field(name: str) -> str:
    if name.lower() not in FIELDS:
        raise invalid_filter(f"there is no property '{name}'")
    return FIELDS[name.lower()]


def _value(text: str, exact: bool) -> str:
    text = text.replace("''", "'")
    return text if exact else text.lower()

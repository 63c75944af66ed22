"""What single values become: as text, as a number, as a part of something."""

import ipaddress
import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from simulator.kusto.lexer import moment


def text(value: Any) -> str:
    """As tostring() says it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond * 10:07}Z"
    return json.dumps(value) if isinstance(value, list | dict) else str(value)


def number(value: Any, kind: type) -> Any:
    try:
        return None if value is None else kind(float(value))
    except (TypeError, ValueError):
        return None


def told_moment(value: Any) -> datetime | None:
    try:
        return value if isinstance(value, datetime) else moment(str(value))
    except ValueError:
        return None


def member(value: Any, key: Any) -> Any:
    if isinstance(value, list) and isinstance(key, int):
        return value[key] if -len(value) <= key < len(value) else None
    return value.get(key) if isinstance(value, dict) else None


def parsed_url(value: str) -> dict[str, Any]:
    parts = urlsplit(value or "")
    return {"Scheme": parts.scheme, "Host": parts.hostname or "", "Path": parts.path}


def mask(address: str, bits: int) -> str:
    try:
        return str(ipaddress.IPv4Network(f"{address}/{bits}", strict=False))
    except ValueError:
        return ""

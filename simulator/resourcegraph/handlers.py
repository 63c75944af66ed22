"""What Resource Graph answers: one page of rows, and a token for the next."""

import base64
import json
from typing import Any

from simulator.arm import Answer, Call
from simulator.faults import Json
from simulator.resourcegraph import faults, kql, state

LARGEST = 1000


def query(call: Call) -> Answer:
    """POST resources: rows as objects or as a table."""
    body = call.json()
    options, among = body.get("options") or {}, body.get("subscriptions") or []
    if not isinstance(options, dict) or not isinstance(among, list):
        raise faults.invalid("Options are an object, subscriptions a list.")
    among = [str(it) for it in among]
    tables = {
        "resources": lambda: state.resources(call.world, among),
        "resourcecontainers": lambda: state.containers(call.world, among),
    }
    rows = kql.run(str(body.get("query") or ""), tables)
    start, size = _start(options), _size(options)
    part = rows[start : start + size]
    answer: Json = {
        "totalRecords": len(rows),
        "count": len(part),
        "data": _table(part) if options.get("resultFormat") == "table" else part,
        "facets": [],
        "resultTruncated": "false",
    }
    if start + size < len(rows):
        answer["$skipToken"] = _token(start + size)
    return Answer(200, answer)


def _size(options: Json) -> int:
    asked = options.get("$top", LARGEST)
    if not isinstance(asked, int) or not 1 <= asked <= LARGEST:
        raise faults.QueryError("InvalidTop", f"$top must be from 1 to {LARGEST}.")
    return asked


def _start(options: Json) -> int:
    token = options.get("$skipToken")
    if not token:
        skip = options.get("$skip") or 0
        if not isinstance(skip, int) or skip < 0:
            raise faults.QueryError("InvalidSkip", "$skip must be a whole number.")
        return skip
    try:
        return int(json.loads(base64.urlsafe_b64decode(str(token)))["skip"])
    except (ValueError, KeyError, TypeError) as error:
        raise faults.QueryError("InvalidSkipToken", "The skip token is not valid.") from error


def _token(skip: int) -> str:
    return base64.urlsafe_b64encode(json.dumps({"skip": skip}).encode()).decode()


def _table(rows: list[Json]) -> Json:
    names = list(rows[0]) if rows else []
    kinds = [_kind(next((row[it] for row in rows if row[it] is not None), None)) for it in names]
    return {
        "columns": [{"name": it, "type": kind} for it, kind in zip(names, kinds, strict=True)],
        "rows": [[row[it] for it in names] for row in rows],
    }


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "object" if isinstance(value, dict | list) else "string"

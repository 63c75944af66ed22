"""What Log Analytics answers: tables, alone or several queries at once."""

import re
from datetime import datetime, timedelta
from typing import Any

from simulator.arm import Answer, Call
from simulator.faults import ArmError, Json
from simulator.kusto import tables
from simulator.kusto.faults import QueryFault
from simulator.kusto.tables import Table
from simulator.kusto.values import text
from simulator.loganalytics import faults, state
from simulator.loganalytics.gateway import Gateway

LONGEST_WAIT = 600
MOST_WORKSPACES = 100
MOST_QUERIES = 100


def query(call: Call) -> Answer:
    """POST workspaces/{id}/query."""
    prefer = call.headers.get("prefer", "")
    return Answer(200, _answered(call, call.names["workspace"], call.json(), prefer))


def batch(call: Call) -> Answer:
    """POST $batch: each answer has a status of its own."""
    asked = call.json().get("requests")
    if not isinstance(asked, list) or len(asked) > MOST_QUERIES:
        raise faults.bad(f"A batch holds up to {MOST_QUERIES} requests.")
    return Answer(200, {"responses": [_one(call, it) for it in asked]})


def _one(call: Call, asked: Json) -> Json:
    prefer = str((asked.get("headers") or {}).get("Prefer", ""))
    try:
        body = _answered(call, str(asked.get("workspace")), asked.get("body") or {}, prefer)
    except ArmError as error:
        return {"id": asked.get("id"), "status": error.status, "body": error.body, "headers": {}}
    return {"id": asked.get("id"), "status": 200, "body": body, "headers": {}}


def _answered(call: Call, workspace: str, body: Json, prefer: str) -> Json:
    gateway = _allowed(call, [workspace, *(body.get("workspaces") or ())])
    if (wait := re.search(r"wait=(\d+)", prefer)) and int(wait[1]) > LONGEST_WAIT:
        raise faults.bad(f"The wait must not exceed {LONGEST_WAIT} seconds.")
    if not isinstance(body.get("query"), str) or not body["query"].strip():
        raise faults.bad("The query is missing.")
    try:
        first, last = state.window(body.get("timespan"), call.world.now)
    except ValueError as error:
        raise faults.bad("The timespan is not valid.") from error
    try:
        sources = state.tables(call.world, gateway, first, last)
        return _body(tables.run(body["query"], sources, call.world.now), prefer)
    except QueryFault as fault:
        raise faults.refused(fault) from fault


def _allowed(call: Call, workspaces: list[str]) -> Gateway:
    """The gateway whose logs are asked for; all of several workspaces must be there, and there is
    one. Raises 403 and 404."""
    gateway = call.world.gateway
    if len(workspaces) > MOST_WORKSPACES:
        raise faults.bad(f"A query spans up to {MOST_WORKSPACES} workspaces.")
    if {str(it).lower() for it in workspaces} != {gateway.workspace}:
        raise faults.no_workspace()
    if not gateway.readable:
        raise faults.no_access()
    return gateway


def _body(found: Table, prefer: str) -> Json:
    columns = [{"name": name, "type": kind} for name, kind in found.columns.items()]
    rows = [[_wire(it) for it in row[:-1]] for row in found.rows[: faults.MOST_RECORDS]]
    body: Json = {"tables": [{"name": "PrimaryResult", "columns": columns, "rows": rows}]}
    if "include-statistics=true" in prefer:
        body["statistics"] = {"query": {"executionTime": 0.1, "datasetStatistics": []}}
    if len(found.rows) > faults.MOST_RECORDS:
        body["error"] = faults.too_many()
    return body


def _wire(value: Any) -> Any:
    if isinstance(value, datetime):
        whole = f"{value:%Y-%m-%dT%H:%M:%S}"
        return f"{whole}.{value.microsecond * 10:07}Z" if value.microsecond else f"{whole}Z"
    if isinstance(value, timedelta):
        hours, rest = divmod(value.seconds, 3600)
        return f"{value.days}.{hours:02}:{rest // 60:02}:{rest % 60:02}"
    return text(value) if isinstance(value, list | dict) else value

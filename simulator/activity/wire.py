"""Events as the activity log words them: two for a write, three where it was accepted first."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import NamedTuple

from simulator import chance, clock
from simulator.activity.state import Write, visible
from simulator.cognitiveservices.records import Operation
from simulator.faults import Json

AFTER = timedelta(milliseconds=640)
SUBMITTED = timedelta(milliseconds=50)
BEGIN, END = "BeginRequest", "EndRequest"


class Event(NamedTuple):
    """One event of a write, not yet in words."""

    write: Write
    number: int
    name: str
    status: str
    code: int
    moment: datetime
    refusal: Json | None = None

    @property
    def visible(self) -> datetime:
        return visible(self.write, self.number, self.moment)


def events(write: Write, operations: Mapping[str, Operation], now: datetime) -> Iterator[Event]:
    """The events that this write has had by now, oldest first."""
    began = write.moment
    yield Event(write, 0, BEGIN, "Started", 0, began)
    if write.status >= 400:
        refusal = {"code": write.code, "message": write.message}
        yield Event(write, 1, END, "Failed", write.status, began + AFTER, refusal)
        return
    if not write.operation:
        yield Event(write, 1, END, "Succeeded", write.status, began + AFTER)
        return
    yield Event(write, 1, END, "Accepted", write.status, began + AFTER)
    found = operations.get(write.operation)
    if found is not None and clock.parsed(found.ends) <= now:
        yield _ended(write, found)


def _ended(write: Write, operation: Operation) -> Event:
    moment = max(clock.parsed(operation.ends), write.moment + 2 * AFTER)
    if operation.outcome == "Succeeded":
        return Event(write, 2, END, "Succeeded", 200, moment)
    refusal = {"code": operation.code, "message": operation.message}
    return Event(write, 2, END, "Failed", 409, moment, refusal)


def worded(event: Event, tenant: str, host: str) -> Json:
    """An event in the shape of EventData."""
    write, parts = event.write, event.write.path.strip("/").split("/")
    mark = chance.guid(write.id, "event", event.number)
    path = write.path.replace("/resourceGroups/", "/resourcegroups/")
    kind = write.action.rpartition("/")[0]
    kind = kind if write.method != "POST" else kind.rpartition("/")[0]
    submitted = event.visible + SUBMITTED
    body: Json = {
        "authorization": {"action": write.action, "scope": path},
        "caller": write.who,
        "channels": "Operation",
        "claims": _claims(write.who),
        "correlationId": write.correlation,
        "description": "",
        "eventDataId": mark,
        "eventName": {"value": event.name, "localizedValue": f"{event.name[:-7]} request"},
        "category": {"value": "Administrative", "localizedValue": "Administrative"},
        "eventTimestamp": clock.stamp(event.moment),
        "submissionTimestamp": clock.stamp(submitted),
        "httpRequest": _request(write, host),
        "id": f"{path}/events/{mark}/ticks/{_ticks(event.moment)}",
        "level": "Error" if event.status == "Failed" else "Informational",
        "operationId": chance.guid(write.id, "operation"),
        "operationName": {"value": write.action, "localizedValue": write.action},
        "resourceProviderName": {"value": kind.split("/")[0], "localizedValue": kind.split("/")[0]},
        "resourceType": {"value": kind, "localizedValue": kind},
        "resourceId": path,
        "status": {"value": event.status, "localizedValue": event.status},
        "subStatus": _sub_status(event.code),
        "subscriptionId": parts[1],
        "tenantId": tenant,
        "properties": _properties(event, path),
    }
    lower = [it.lower() for it in parts]
    if "resourcegroups" in lower:
        body["resourceGroupName"] = parts[lower.index("resourcegroups") + 1]
    return body


def _request(write: Write, host: str) -> Json:
    found: Json = {
        "clientIpAddress": f"203.0.113.{chance.number('ip', write.who) % 250 + 1}",
        "method": write.method,
        "uri": f"https://{host}{write.path}",
    }
    return found | ({"clientRequestId": write.client_request} if write.client_request else {})


def _claims(who: str) -> dict[str, str]:
    """A person has a name; an application only its id."""
    schema = "http://schemas.{}/identity/claims/"
    identifier = schema.format("microsoft.com") + "objectidentifier"
    if "@" not in who:
        return {"appid": who, "idtyp": "app", identifier: chance.guid("object", who)}
    name = who.split("@")[0].replace(".", " ").title()
    upn = schema.format("xmlsoap.org/ws/2005/05") + "upn"
    return {
        "appid": chance.guid("portal"),
        "idtyp": "user",
        "name": name,
        upn: who,
        identifier: chance.guid("object", who),
    }


def _sub_status(code: int) -> Json:
    if not code:
        return {"value": "", "localizedValue": ""}
    words = f"{HTTPStatus(code).phrase} (HTTP Status Code: {code})"
    return {"value": _phrase(code), "localizedValue": words}


def _phrase(code: int) -> str:
    return HTTPStatus(code).phrase.replace(" ", "")


def _properties(event: Event, path: str) -> dict[str, str]:
    """Text by text; bodies are there now and then, as on the real log."""
    write = event.write
    found = {
        "eventCategory": "Administrative",
        "entity": path,
        "message": write.action,
        "hierarchy": write.path.split("/")[2],
    }
    if event.name == BEGIN:
        told = chance.share("body", write.id) < 0.3
        return found | {"requestbody": write.body if told else ""}
    found |= {"statusCode": _phrase(event.code), "responseBody": ""}
    found["serviceRequestId"] = chance.guid(write.id, "service")
    if event.refusal is not None:
        found["statusMessage"] = json.dumps({"error": event.refusal})
    return found


def _ticks(moment: datetime) -> int:
    """Hundreds of nanoseconds from the year 1."""
    return 621_355_968_000_000_000 + int(moment.timestamp() * 1e6) * 10 + 1

"""/_simulator over HTTP: JSON, without a token, for this machine only."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from simulator.costmanagement import invoices
from simulator.dispatch import loopback
from simulator.faults import ArmError, Json, bad_body, not_simulated

if TYPE_CHECKING:
    from simulator.control import Control


def answer_control(control: "Control", request: Request, data: bytes) -> Response:
    """Do what is ordered; refusals are in ARM's envelope too."""
    try:
        _local(request)
        body = _answered(control, request, data)
        status = 200
        if request.path.endswith("/invoices.csv"):
            return Response(invoices.as_csv(body), status, mimetype="text/csv")
    except ArmError as error:
        status, body = error.status, error.body
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        status, body = 400, {"error": {"code": "BadOrder", "message": str(error)}}
    return Response(json.dumps(body), status, mimetype="application/json")


def _local(request: Request) -> None:
    """Only pages and programs of this machine: a foreign site must not move this world."""
    origin = request.headers.get("Origin")
    foreign = origin is not None and not loopback(urlsplit(origin).netloc)
    if foreign or not loopback(request.host):
        raise ArmError(403, "NotLocal", "The simulator's control answers this machine only.")


def _answered(control: "Control", request: Request, data: bytes) -> Json:
    place = request.path.removeprefix("/_simulator").strip("/")
    body = _body(data)
    number, month = None, request.args.get("month", "")
    if request.method == "DELETE" and place.startswith("faults/"):
        place, number = "faults", int(place.removeprefix("faults/"))
    orders: dict[tuple[str, str], Callable[[], Json]] = {
        ("GET", ""): control.state,
        ("POST", "reset"): lambda: control.reset(**body),
        ("POST", "clock"): lambda: control.clock(**body),
        ("POST", "faults"): lambda: {"id": control.fault(**body)},
        ("DELETE", "faults"): lambda: control.clear(number),
        ("POST", "portal"): lambda: control.portal(**body),
        ("POST", "weaken"): lambda: control.weaken(**body),
        ("POST", "default"): lambda: control.default(**body),
        ("POST", "meddling"): lambda: {"id": control.meddle(**body)},
        ("POST", "settings"): lambda: control.configure(**body),
        ("GET", "invoices"): lambda: control.invoices(month),
        ("GET", "invoices.csv"): lambda: control.invoices(month),
        ("POST", "charges"): lambda: control.charge(**body),
        ("GET", "requests"): control.journal.as_json,
        ("DELETE", "requests"): control.forget_requests,
    }
    if (request.method, place) not in orders:
        raise not_simulated(f"{request.method} {request.path}")
    return orders[request.method, place]()


def _body(data: bytes) -> Json:
    found = json.loads(data) if data else {}
    if not isinstance(found, dict):
        raise bad_body("a JSON object is expected.")
    return found

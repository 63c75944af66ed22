"""The simulator as one WSGI object: in a test, or on loopback."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import orjson
from werkzeug.wrappers import Request, Response

from simulator import chance, clock, dispatch
from simulator.arm import Answer, Call, caller
from simulator.control import Control
from simulator.control_routes import answer_control
from simulator.faults import ArmError, Dropped, unsigned
from simulator.interference import Interference
from simulator.world import World


class Simulator:
    """A small Azure. `file` keeps its world; `clock` is for tests that move time themselves."""

    def __init__(
        self,
        file: Path | None = None,
        *,
        scenario: str = "contoso",
        seed: int = 7,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self.world = World(file, scenario, seed, clock)
        self.control = Control(self.world)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        data = request.get_data()
        if request.path.startswith("/_simulator"):
            response = answer_control(self.control, request, data)
        else:
            response = self._azure(request, data)
        return response(environ, start)

    def _azure(self, request: Request, data: bytes) -> Response:
        began, status = clock.stopwatch(), 0
        call = self._call(request, data, began)
        try:
            answer = self._answer(call, request.host)
            status = answer.status
            return _response(answer, call, began)
        finally:
            ms = (clock.stopwatch() - began) * 1000
            asked = request.full_path.rstrip("?")
            at = clock.stamp(self.world.clock())
            self.control.journal.note(at, request.method, request.host, asked, status, ms)

    def _answer(self, call: Call, host: str) -> Answer:
        """Latency and waiting happen outside the lock, so that one slow call delays no other."""
        meddling = Interference(self.control, call, host)
        clock.pause(self.world.settings.latency_ms / 1000)
        try:
            if not call.who and not dispatch.public(call):
                raise unsigned()
            early = meddling.before()
            if early is not None:
                return early
            return meddling.after(self._worked(call, host, meddling))
        except Dropped:
            raise
        except ArmError as error:
            return Answer(error.status, error.body, dict(error.headers))

    def _worked(self, call: Call, host: str, meddling: Interference) -> Answer:
        with self.world.lock:
            self.control.catch_up()
            headers = meddling.throttled()
            route = dispatch.admitted(call, host)
            answer = self.control.carried_out(call, host, route) if route.locked else None
        if answer is None:
            answer = route.handler(call)
        answer.headers = headers | answer.headers
        return answer

    def _call(self, request: Request, data: bytes, began: float) -> Call:
        scheme = request.scheme if dispatch.loopback(request.host) else "https"
        given = request.headers.get("x-ms-correlation-request-id")
        return Call(
            world=self.world,
            method=request.method,
            path=request.path.rstrip("/") or "/",
            who=caller(request.headers.get("Authorization", "")),
            args=request.args.to_dict(),
            headers={key.lower(): it for key, it in request.headers.items()},
            data=data,
            root=f"{scheme}://{request.host}",
            arrived=began,
            correlation=given or chance.guid(clock.stopwatch(), request.path),
        )


def _response(answer: Answer, call: Call, began: float) -> Response:
    text: str | bytes
    if answer.text is not None:
        text, kind = answer.text, answer.headers.pop("Content-Type", "application/json")
    elif answer.body is not None:
        text, kind = orjson.dumps(answer.body), "application/json; charset=utf-8"
    else:
        text, kind = "", "application/json"
    response = Response(text, answer.status, mimetype=None, content_type=kind)
    mark = chance.guid(began, call.path)
    response.headers.extend(
        {
            "x-ms-request-id": mark,
            "x-ms-correlation-request-id": call.correlation,
            "x-ms-routing-request-id": f"SIMULATOR:{mark}",
            "Cache-Control": "no-cache",
            "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
            **answer.headers,
        }
    )
    return response

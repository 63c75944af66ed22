"""Session adapters for tests: Azure without a socket, from the simulator or from canned answers."""

import json
from collections import deque
from dataclasses import dataclass, field
from io import BytesIO
from threading import Lock
from urllib.parse import parse_qs, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from urllib3.exceptions import ProtocolError
from werkzeug.test import Client


@dataclass(frozen=True)
class Asked:
    """One request as it went over the wire."""

    method: str
    host: str
    path: str
    """In lower case, without the query."""
    body: object
    """Parsed JSON, or None."""
    query: dict = field(default_factory=dict)
    headers: dict = field(default_factory=dict)


class Remembering(HTTPAdapter):
    """Keeps every request in order of arrival; subclasses answer."""

    def __init__(self):
        super().__init__()
        self.requests = []
        self._lock = Lock()

    def send(self, request, **_options):
        url = urlsplit(request.url)
        asked = Asked(
            request.method,
            url.netloc,
            url.path.lower(),
            json.loads(request.body) if request.body else None,
            {name: values[0] for name, values in parse_qs(url.query).items()},
            dict(request.headers),
        )
        with self._lock:
            self.requests.append(asked)
        status, headers, body = self.answer(request, asked)
        raw = HTTPResponse(BytesIO(body), headers, status, preload_content=False)
        return self.build_response(request, raw)

    @property
    def writes(self):
        """(method, path, body) of all that could change something."""
        return [
            (it.method, it.path, it.body)
            for it in self.requests
            if it.method in {"PATCH", "PUT", "DELETE"}
        ]

    def answer(self, request, asked):
        raise NotImplementedError


class InProcess(Remembering):
    """Carries each request to a WSGI object; a connection that it drops is one that is lost."""

    def __init__(self, app):
        super().__init__()
        self.app = app

    def answer(self, request, asked):  # noqa: ARG002  # one signature for all
        client, url = Client(self.app, use_cookies=False), urlsplit(request.url)
        try:
            answer = client.open(
                url.path,
                base_url=f"{url.scheme}://{url.netloc}",
                query_string=url.query,
                method=request.method,
                headers=dict(request.headers),
                data=request.body,
            )
        except ConnectionError as dropped:
            raise requests.ConnectionError(ProtocolError("Connection aborted.", dropped)) from None
        return answer.status_code, dict(answer.headers), answer.data


class Recorded(Remembering):
    """Answers what was recorded for a path (lower case) or for (method, path), in turn.

    An answer is a JSON value (then the status is 200), (status, value), (status, headers, body),
    or an exception to raise. The last one of a list stays for all later requests.
    """

    def __init__(self, answers=None):
        super().__init__()
        self.answers = {}
        for key, said in (answers or {}).items():
            self.says(key, *(said if isinstance(said, list) else [said]))

    def says(self, key, *said):
        """Record answers for a key, after those that are there."""
        self.answers.setdefault(key, deque()).extend(said)

    def answer(self, request, asked):  # noqa: ARG002  # one signature for all
        turns = self.answers.get((asked.method, asked.path)) or self.answers.get(asked.path)
        if turns is None:
            raise AssertionError(f"nothing recorded for {asked.method} {asked.path}")
        said = turns.popleft() if len(turns) > 1 else turns[0]
        if isinstance(said, Exception):
            raise said
        return _parts(said)


def _parts(said):
    if not isinstance(said, tuple):
        said = (200, {}, said)
    if len(said) == 2:
        said = (said[0], {}, said[1])
    status, headers, body = said
    if not isinstance(body, bytes):
        body = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return status, {"Content-Type": "application/json", **headers}, body
